"""One session of a simulated market as a decision sees it; slices and curve are made when asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import numpy as np

from alvh.market.chain import ExpirySlice
from alvh.market.curve import CurveOrigin, VxCurve
from alvh.market.expirations import settlement_instant
from alvh.market.listing import listed_expiries
from alvh.market.products import tick_rule
from alvh.market.series import Observation
from alvh.market.strikes import strike_step
from alvh.pricing.modelled import SPX_ROOTS, VIX_ROOTS
from alvh.pricing.modelled.rounding import ticks_per_point
from alvh.simulation.joint import JointModel
from alvh.simulation.quotes import spread_level
from alvh.simulation.slices import SimulatedSpxSlice, SimulatedVixSlice, levelled, vix_mixture

__all__ = ["Moment", "SimulatedView", "Terms"]

_YEAR = 365.0 * 86_400.0
_SCALE = {"SPX": 1.0, "SPXW": 1.0, "XSP": 10.0}
_PROBE_LEVEL = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What all sessions of a simulated market share.

    Attributes
    ----------
    dividend_yield : float, decimal per year, continuous
    spread_factor : float
        Multiplier of half-spreads.
    """

    model: JointModel
    dividend_yield: float
    spread_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Numbers of one session.

    Attributes
    ----------
    closed : float, seconds since 1970 UTC
        Close of the session: the instant of the state. The snapshot is a quarter of an hour later; nothing moves
        in between.
    state : (float, float)
    rate : float, decimal per year, continuous
    """

    session: date
    asof: datetime
    closed: float
    spot: float
    vix: float
    state: tuple[float, float]
    rate: float


class SimulatedView:
    """The market of one session; implements `market.view.View`."""

    __slots__ = ("_curve", "_expiries", "_latest", "_moment", "_slices", "_terms")

    def __init__(self, moment: Moment, terms: Terms, latest: Callable[[str, datetime], Observation | None]) -> None:
        self._moment = moment
        self._terms = terms
        self._latest = latest
        self._curve: VxCurve | None = None
        self._slices: dict[tuple[str, date], ExpirySlice | None] = {}
        self._expiries: dict[str, tuple[date, ...]] = {}

    @property
    def session(self) -> date:
        """The session."""
        return self._moment.session

    @property
    def asof(self) -> datetime:
        """Aware UTC instant of the snapshot."""
        return self._moment.asof

    @property
    def timed(self) -> bool:
        """True: a simulated snapshot has an instant of its own."""
        return True

    @property
    def spot(self) -> float:
        """SPX level, points."""
        return self._moment.spot

    @property
    def vix(self) -> float:
        """VIX level, vol points."""
        return self._moment.vix

    @property
    def curve(self) -> VxCurve:
        """Monthly VX futures: the expected VIX of their settlements."""
        if self._curve is None:
            expiries = listed_expiries("VX", self.session)
            tau = np.array([self._left("VX", expiry) for expiry in expiries]) / _YEAR
            states = np.tile(self._moment.state, (tau.size, 1))
            today = self.session.toordinal()
            self._curve = VxCurve(
                session=self.session,
                expiries=expiries,
                days=np.array([expiry.toordinal() - today for expiry in expiries], dtype=np.float64),
                price=self._terms.model.futures(states, tau),
                origin=(CurveOrigin.SIMULATED,) * tau.size,
            )
        return self._curve

    def rate(self, days: float) -> float:  # noqa: ARG002 - one bill tenor stands for all
        """Bill rate, continuously compounded, decimal per year; one tenor stands for all."""
        return self._moment.rate

    def latest(self, name: str) -> Observation | None:
        """Last value of a series known at the snapshot."""
        return self._latest(name, self._moment.asof)

    def expiries(self, root: str) -> tuple[date, ...]:
        """List expiries of a root, ascending; empty where there is no chain of that root."""
        found = self._expiries.get(root)
        if found is None:
            quoted = root in SPX_ROOTS or root in VIX_ROOTS
            found = self._expiries[root] = listed_expiries(root, self.session) if quoted else ()
        return found

    def slice(self, root: str, expiry: date) -> ExpirySlice | None:
        """Quotes of one expiry; None where it is not listed."""
        key = (root, expiry)
        if key not in self._slices:
            made = None
            if expiry in self.expiries(root):
                made = self._vix_slice(root, expiry) if root in VIX_ROOTS else self._spx_slice(root, expiry)
            self._slices[key] = made
        return self._slices[key]

    def _left(self, root: str, expiry: date) -> float:
        return _settles(root, expiry) - self._moment.closed

    def _spx_slice(self, root: str, expiry: date) -> SimulatedSpxSlice:
        moment, terms = self._moment, self._terms
        left = self._left(root, expiry)
        tau = (_settles(root, expiry) - moment.asof.timestamp()) / _YEAR
        forward = moment.spot * math.exp((moment.rate - terms.dividend_yield) * left / _YEAR)
        scale = _SCALE[root]
        dte = (expiry - moment.session).days
        return SimulatedSpxSlice(
            root=root,
            expiry=expiry,
            tau=tau,
            forward=forward / scale,
            discount=math.exp(-moment.rate * left / _YEAR),
            dte=dte,
            mixture=levelled(terms.model.smile(moment.state, left / _YEAR)),
            scale=scale,
            step=strike_step(root, _PROBE_LEVEL, dte=dte),
            level=spread_level(forward, left / 86_400.0, moment.vix, terms.spread_factor),
            ticks=_ticks(root, moment.session),
        )

    def _vix_slice(self, root: str, expiry: date) -> SimulatedVixSlice:
        moment, terms = self._moment, self._terms
        left = self._left(root, expiry)
        forward, mixture = vix_mixture(*terms.model.vix_cloud(moment.state, left / _YEAR))
        return SimulatedVixSlice(
            root=root,
            expiry=expiry,
            tau=(_settles(root, expiry) - moment.asof.timestamp()) / _YEAR,
            forward=forward,
            discount=math.exp(-moment.rate * left / _YEAR),
            mixture=mixture,
            factor=terms.spread_factor,
            ticks=_ticks(root, moment.session),
        )


@lru_cache(maxsize=1 << 14)
def _settles(root: str, expiry: date) -> float:
    return settlement_instant(root, expiry).timestamp()


@lru_cache(maxsize=4096)
def _ticks(root: str, session: date) -> tuple[float, float, float]:
    return ticks_per_point(tick_rule(root, session))
