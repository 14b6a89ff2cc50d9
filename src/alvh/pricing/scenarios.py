"""Named shocks of spot and the VX curve, and option books revalued under them.

A shock is instantaneous: time and discount stay as they are. SPX forwards move with spot. VX futures move by points
given at tenors, linear in between, flat outside. SPX volatilities shift by the VX shock at their own tenor, each
strike keeping its own volatility before the shift (sticky strike). VIX option volatilities stay attached to the
moneyness K / F: when the future moves, the option reads the smile at its new moneyness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import F8
from alvh.core.errors import UsageError
from alvh.pricing.black76 import price

__all__ = [
    "DOWN",
    "LEAST_VOL",
    "LEAST_VX",
    "UP",
    "MoneynessSmile",
    "Shock",
    "revalue_spx",
    "revalue_vix",
    "shocked_vol",
    "shocked_vx",
    "vx_shock",
]

LEAST_VOL = 0.01
"""A shifted SPX volatility is not let below one volatility point."""
LEAST_VX = 1.0
"""A shocked VX future is not let below one VIX point."""
_DAYS_PER_YEAR = 365.0

MoneynessSmile: TypeAlias = Callable[[F8, F8], F8]
"""Volatility of VIX options from (K / F, tau in years), arrays in and out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """One instantaneous move of the market.

    Attributes
    ----------
    name : str
    spot_return : float
        Relative move of SPX; -0.08 is eight per cent down.
    vx_days : tuple of float, calendar days, ascending
    vx_points : tuple of float, VIX points
        Move of the VX curve at those tenors.

    Raises
    ------
    UsageError
        The tenors do not ascend, differ in number from the moves, or the spot return is not above -1.
    """

    name: str
    spot_return: float
    vx_days: tuple[float, ...]
    vx_points: tuple[float, ...]

    @property
    def columns(self) -> tuple[F8, F8]:
        """Tenors in calendar days and moves in VIX points, as compiled code wants them."""
        return _columns(self.vx_days, self.vx_points)

    def __post_init__(self) -> None:
        ascending = all(a < b for a, b in zip(self.vx_days, self.vx_days[1:], strict=False))
        matched = len(self.vx_days) == len(self.vx_points) > 0
        if not (ascending and matched and self.spot_return > -1.0):
            raise UsageError(
                f"shock has tenors {self.vx_days}, moves {self.vx_points} and spot return {self.spot_return!r}; "
                "ascending tenors, one move for each and a return above -1 are needed.",
                where=self.name,
                fix="Give the moves of the VX curve by rising number of days.",
            )


@lru_cache(maxsize=64)
def _columns(days: tuple[float, ...], points: tuple[float, ...]) -> tuple[F8, F8]:
    return np.array(days, dtype=np.float64), np.array(points, dtype=np.float64)


DOWN = Shock(name="down", spot_return=-0.08, vx_days=(30.0, 60.0, 90.0, 180.0), vx_points=(20.0, 14.0, 10.0, 7.0))
"""SPX -8 %, VX +20/+14/+10/+7 at one, two, three and six months."""
UP = Shock(name="up", spot_return=0.06, vx_days=(30.0, 60.0, 90.0, 180.0), vx_points=(-3.0, -2.0, -1.5, -1.0))
"""SPX +6 %, VX -3/-2/-1.5/-1."""


def vx_shock(days: ArrayLike, shock: Shock) -> F8:
    """Return the move of the VX curve at tenors in calendar days, VIX points."""
    moves = np.interp(np.asarray(days, dtype=np.float64), shock.vx_days, shock.vx_points)
    return np.asarray(moves, dtype=np.float64)


def shocked_vx(forward: ArrayLike, days: ArrayLike, shock: Shock) -> F8:
    """Return VX futures after a shock, VIX points, at least `LEAST_VX`."""
    moved = np.asarray(forward, dtype=np.float64) + vx_shock(days, shock)
    return np.asarray(np.maximum(moved, LEAST_VX), dtype=np.float64)


def shocked_vol(vol: ArrayLike, days: ArrayLike, shock: Shock) -> F8:
    """Return SPX volatilities after a shock, decimal, at least `LEAST_VOL`.

    A volatility already below `LEAST_VOL` is raised to it only if the shock lowers it further.
    """
    before = np.asarray(vol, dtype=np.float64)
    shifted = before + vx_shock(days, shock) / 100.0
    return np.asarray(np.maximum(shifted, np.minimum(before, LEAST_VOL)), dtype=np.float64)


def revalue_spx(
    shock: Shock,
    *,
    forward: ArrayLike,
    strike: ArrayLike,
    tau: ArrayLike,
    vol: ArrayLike,
    is_put: ArrayLike,
    discount: ArrayLike,
) -> F8:
    """Value SPX options after a shock.

    Parameters
    ----------
    shock : Shock
    forward, strike : float or (n,) array, points
        Before the shock.
    tau : float or (n,) array, years
    vol : float or (n,) array, decimal
        Each option's own volatility before the shock.
    is_put : bool or (n,) array of bool
    discount : float or (n,) array

    Returns
    -------
    (n,) array, points, discounted

    Raises
    ------
    UsageError
        An input no formula can use; see `alvh.pricing.black76.price`.
    """
    days = _DAYS_PER_YEAR * np.asarray(tau, dtype=np.float64)
    moved = np.asarray(forward, dtype=np.float64) * (1.0 + shock.spot_return)
    return price(moved, strike, tau, shocked_vol(vol, days, shock), is_put, discount)


def revalue_vix(
    shock: Shock,
    *,
    forward: ArrayLike,
    strike: ArrayLike,
    tau: ArrayLike,
    vol: ArrayLike,
    is_put: ArrayLike,
    discount: ArrayLike,
    smile: MoneynessSmile | None = None,
) -> F8:
    """Value VIX options after a shock.

    Parameters
    ----------
    shock : Shock
    forward : float or (n,) array, VIX points
        VX future of each option's own expiry, before the shock.
    strike : float or (n,) array, VIX points
    tau : float or (n,) array, years
    vol : float or (n,) array, decimal
        Each option's own volatility before the shock; used where there is no `smile`.
    is_put : bool or (n,) array of bool
    discount : float or (n,) array
    smile : callable, optional
        Volatility from moneyness K / F and tau, before the shock; read at the moneyness after it.

    Returns
    -------
    (n,) array, VIX points, discounted

    Raises
    ------
    UsageError
        An input no formula can use; see `alvh.pricing.black76.price`.
    """
    years = np.asarray(tau, dtype=np.float64)
    moved = shocked_vx(forward, _DAYS_PER_YEAR * years, shock)
    if smile is None:
        return price(moved, strike, tau, vol, is_put, discount)
    moneyness = np.atleast_1d(np.asarray(strike, dtype=np.float64) / moved)
    return price(moved, strike, tau, smile(moneyness, np.broadcast_to(years, moneyness.shape)), is_put, discount)
