"""One session's modelled market: the surface that makes slices of SPX, SPXW, XSP and VIX expiries."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import msgspec

from alvh.core.arrays import F8
from alvh.core.errors import UsageError
from alvh.market.expirations import settlement_instant, settlement_session
from alvh.market.products import TICK_CHANGES, tick_era, tick_rule
from alvh.market.strikes import FINE_DAYS, strike_step
from alvh.pricing.modelled.calibration import OVERNIGHT_WEIGHT, SHAPE
from alvh.pricing.modelled.clock import VarianceClock, cboe_pair
from alvh.pricing.modelled.rounding import ticks_per_point
from alvh.pricing.modelled.slices import ModelledSpxSlice, ModelledVixSlice
from alvh.pricing.modelled.spx_quotes import model_slice
from alvh.pricing.modelled.term import fit_term
from alvh.pricing.modelled.vix_quotes import model_vix_slice

__all__ = ["DIVIDEND_YIELD", "SPX_ROOTS", "VIX_ROOTS", "Levels", "SpxSurface", "fit_surface", "vix_slice"]

DIVIDEND_YIELD = 0.019
"""Default dividend yield of the S&P 500 in modelled forwards, continuous: about 1.9 % in 2005-2019, 1.3 % by 2024."""

SPX_ROOTS = ("SPX", "SPXW", "XSP")
VIX_ROOTS = ("VIX", "VIXW")
_SCALE = {"SPX": 1.0, "SPXW": 1.0, "XSP": 10.0}
_AT_OPEN = frozenset({"SPX"})
_DAY = 86_400.0
_YEAR = 365.0 * _DAY
_WALL_SNAPSHOT, _WALL_EARLY, _WALL_OPEN, _WALL_CLOSE = 975, 795, 570, 960
_THIRTY_DAYS = 43_200
_PROBE_LEVEL = 1000.0

Rate = Callable[[float], float]


class Levels(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Index levels of one snapshot.

    Attributes
    ----------
    spot : float, SPX points
    vix9d, vix, vix3m, vix6m : float, vol points
        Complete; see `nodes.complete_nodes`.
    """

    spot: float
    vix9d: float
    vix: float
    vix3m: float
    vix6m: float


class SpxSurface(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The SPX surface of one session; made by `fit_surface`.

    Attributes
    ----------
    session : date
    now : float
        The snapshot, seconds since 1970 UTC.
    levels : Levels
    rate : callable
        Continuously compounded bill rate, decimal per year, for a tenor in calendar days.
    dividend_yield : float, decimal per year
    spread_factor : float
        Scenario multiplier of half-spreads.
    table : (11,) array
        Term structure, see `term.fit_term`.
    shape : (4, 4) array
        Coefficients of the smile, see `calibration.SHAPE`.
    """

    session: date
    now: float
    levels: Levels
    rate: Rate
    dividend_yield: float
    spread_factor: float
    clock: VarianceClock
    table: F8
    shape: F8

    @property
    def floored(self) -> bool:
        """Whether a negative or vanishing forward variance had to be raised."""
        return bool(self.table[-1] > 0.0)

    def slice(self, root: str, expiry: date) -> ModelledSpxSlice | None:
        """Solve one expiry; None once it has settled.

        Raises
        ------
        UsageError
            The root is none of SPX, SPXW, XSP.
        """
        scale = _SCALE.get(root)
        if scale is None:
            raise UsageError(f"{root!r} is no SPX root.", where="modelled chain", fix=f"Ask one of {SPX_ROOTS}.")
        settles, day = _settlement(root, expiry)
        left = settles - self.now
        if left <= 0.0:
            return None
        days = left / _DAY
        tau = left / _YEAR
        rate = self.rate(days)
        levels = self.levels
        forward = levels.spot * math.exp((rate - self.dividend_yield) * tau)
        discount = math.exp(-rate * tau)
        dte = (expiry - self.session).days
        fine, boundary, coarse = _ticks(root, tick_era(self.session))
        vector = model_slice(
            self.table,
            forward,
            days,
            tau,
            self.clock.ratio(self.session, self.now, day, settles, at_open=root in _AT_OPEN),
            math.log(levels.vix3m / levels.vix),
            math.log(levels.vix6m / levels.vix3m),
            levels.vix,
            discount,
            scale,
            _step(root, dte > FINE_DAYS),
            fine,
            boundary,
            coarse,
            self.spread_factor,
            self.shape,
        )
        return ModelledSpxSlice(
            root=root, expiry=expiry, tau=tau, forward=forward / scale, discount=discount, dte=dte, vector=vector
        )


def fit_surface(
    session: date,
    now: float,
    levels: Levels,
    *,
    clock: VarianceClock,
    rate: Rate,
    dividend_yield: float = DIVIDEND_YIELD,
    spread_factor: float = 1.0,
    early_close: bool = False,
    table: F8 | None = None,
    shape: F8 = SHAPE,
) -> SpxSurface:
    """Fit the surface of one session.

    Parameters
    ----------
    session : date
    now : float
        The snapshot, seconds since 1970 UTC, after the session's close.
    levels : Levels
    clock : VarianceClock
    rate : callable
        See `SpxSurface`.
    dividend_yield : float, optional
        Continuous, decimal per year.
    spread_factor : float, optional
        Scenario multiplier of half-spreads, positive.
    early_close : bool, optional
        Whether the snapshot stands at 13:15 instead of 16:15 New York time.
    table : (11,) array, optional
        Row of `surface_tables`, where the term structure has been fitted with those of other sessions.
    shape : (4, 4) array, optional
        Other coefficients of the smile than the fitted ones: a refit, or a scenario.
    """
    if not min(levels.spot, levels.vix9d, levels.vix, levels.vix3m, levels.vix6m, spread_factor) > 0.0:
        raise UsageError(
            f"a surface needs positive levels and a positive spread factor, got {levels} and {spread_factor}.",
            where=f"modelled chain, {session}",
            fix="Leave the session out, or complete the nodes first.",
        )
    if table is None:
        table = _fit_table(session, now, levels, clock, early=early_close)
    return SpxSurface(
        session=session,
        now=now,
        levels=levels,
        rate=rate,
        dividend_yield=dividend_yield,
        spread_factor=spread_factor,
        clock=clock,
        table=table,
        shape=shape,
    )


def vix_slice(
    root: str,
    expiry: date,
    *,
    session: date,
    now: float,
    forward: float,
    vvix: float,
    rate: Rate,
    spread_factor: float = 1.0,
) -> ModelledVixSlice | None:
    """Model the VIX options of one expiry; None once it has settled.

    Parameters
    ----------
    root : str
        ``VIX`` or ``VIXW``.
    expiry : date
    session : date
    now : float
        The snapshot, seconds since 1970 UTC.
    forward : float, VIX points
        The VX future of the same settlement.
    vvix : float, vol points
    rate : callable
        Continuously compounded bill rate for a tenor in calendar days.
    spread_factor : float, optional
        Scenario multiplier of the half-spread, positive.
    """
    left = settlement_instant(root, expiry).timestamp() - now
    if left <= 0.0:
        return None
    tau = left / _YEAR
    discount = math.exp(-rate(left / _DAY) * tau)
    vector = model_vix_slice(forward, tau, vvix, discount, *_ticks(root, tick_era(session)), spread_factor)
    return ModelledVixSlice(root=root, expiry=expiry, tau=tau, forward=forward, discount=discount, vector=vector)


def _fit_table(session: date, now: float, levels: Levels, clock: VarianceClock, *, early: bool) -> F8:
    near, following = cboe_pair(session)
    near_minutes, next_minutes = (cboe_minutes(session, pair, early=early) for pair in (near, following))
    near_days, near_ratio = _placed(session, now, near, clock)
    next_days, next_ratio = _placed(session, now, following, clock)
    return fit_term(
        levels.vix9d,
        levels.vix,
        levels.vix3m,
        levels.vix6m,
        near_days,
        near_ratio,
        next_days,
        next_ratio,
        (next_minutes - _THIRTY_DAYS) / (next_minutes - near_minutes),
    )


def _placed(session: date, now: float, pair: tuple[str, date], clock: VarianceClock) -> tuple[float, float]:
    root, expiry = pair
    settles, day = _settlement(root, expiry)
    return (settles - now) / _DAY, clock.ratio(session, now, day, settles, at_open=root in _AT_OPEN)


def cboe_minutes(session: date, pair: tuple[str, date], *, early: bool) -> int:
    """Return the minutes from a snapshot to an expiry of Cboe's VIX, counted by the clock on the wall."""
    root, expiry = pair
    wall = _WALL_EARLY if early else _WALL_SNAPSHOT
    return (expiry - session).days * 1440 + (_WALL_OPEN if root in _AT_OPEN else _WALL_CLOSE) - wall


def placed_settlement(root: str, expiry: date) -> tuple[float, float, float]:
    """Return settlement instant (seconds since 1970), ordinal of its day, and variance days of it that never pass."""
    settles, day = _settlement(root, expiry)
    return settles, float(day.toordinal()), (1.0 - OVERNIGHT_WEIGHT) if root in _AT_OPEN else 0.0


@lru_cache(maxsize=1 << 14)
def _settlement(root: str, expiry: date) -> tuple[float, date]:
    return settlement_instant(root, expiry).timestamp(), settlement_session(expiry)


@lru_cache(maxsize=64)
def _ticks(root: str, era: int) -> tuple[float, float, float]:
    return ticks_per_point(tick_rule(root, TICK_CHANGES[era - 1] if era else date.min))


@lru_cache(maxsize=16)
def _step(root: str, far: bool) -> float:
    return strike_step(root, _PROBE_LEVEL, dte=FINE_DAYS + 1 if far else 0)
