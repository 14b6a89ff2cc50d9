"""Option legs revalued on a grid of spot moves, moves of the VX curve and time, in one call.

One point of the grid, after `scenarios`:

1. Time passes: every leg is `days` nearer its end, not beyond it; discount factors keep their rate, forwards stay.
2. The VX curve moves. An axis gives the move at 30 days; a reference shock gives its shape over tenors, the one of
   `scenarios.DOWN` unless told otherwise: a front month up 20 takes the sixth month up 7.
3. SPX forwards move with spot. SPX volatilities shift by the move of the VX curve at their own remaining tenor, each
   strike keeping its own volatility before that (sticky strike), not below `LEAST_VOL`.
4. VIX legs stand on the VX future of their own expiry, not below `LEAST_VX`. With a `smile` their volatility is read at
   the new moneyness K / F (sticky moneyness); without, each keeps its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import B1, F8
from alvh.core.compiled import compiled, inlined
from alvh.core.errors import UsageError
from alvh.pricing.black76 import LEAST_LEVEL, MOST_LEVEL, black_kernel
from alvh.pricing.columns import columns, refuse_broken_options
from alvh.pricing.scenarios import DOWN, LEAST_VOL, LEAST_VX, Shock

__all__ = ["Legs", "SmileTable", "revalue_grid"]

_DAYS_PER_YEAR = 365.0
_LEAST_VOL = LEAST_VOL
_LEAST_VX = LEAST_VX


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """Option legs before any move; scalars stand for a column of equal numbers.

    Attributes
    ----------
    forward, strike : float or (n,) array, points
        Forward of each leg's own expiry: parity forward for SPX, VX future for VIX.
    tau : float or (n,) array, years
    vol : float or (n,) array, decimal
        Each leg's own.
    is_put : bool or (n,) array of bool
    discount : float or (n,) array
    on_vix : bool or (n,) array of bool
        Whether the leg is a VIX option.
    """

    forward: ArrayLike
    strike: ArrayLike
    tau: ArrayLike
    vol: ArrayLike
    is_put: ArrayLike
    discount: ArrayLike
    on_vix: ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class SmileTable:
    """Volatility of VIX legs by moneyness, linear between nodes, flat outside.

    Attributes
    ----------
    moneyness : (m,) array
        K / F, ascending.
    vol : (n, m) array, decimal
        One row per leg, rows of SPX legs unused.
    """

    moneyness: F8
    vol: F8


@inlined
def _between(x: float, nodes: F8, values: F8) -> float:
    """Interpolate linearly between ascending nodes, flat outside."""
    last = nodes.shape[0] - 1
    if x <= nodes[0]:
        return float(values[0])
    for j in range(last):
        if x <= nodes[j + 1]:
            return float(values[j] + (x - nodes[j]) / (nodes[j + 1] - nodes[j]) * (values[j + 1] - values[j]))
    return float(values[last])


@compiled
def _grid(
    table: F8,
    is_put: B1,
    on_vix: B1,
    spot: F8,
    vx: F8,
    days: F8,
    tenor: F8,
    share: F8,
    moneyness: F8,
    smile: F8,
    out: F8,
) -> None:
    """Fill `out`, (spot moves, curve moves, days, legs); `table` holds forward, strike, tau, vol, rate as rows."""
    n = is_put.shape[0]
    forward, total, discount = np.empty(n), np.empty(n), np.empty(n)
    for c in range(days.shape[0]):
        for b in range(vx.shape[0]):
            for i in range(n):
                left = max(table[2, i] - days[c] / _DAYS_PER_YEAR, 0.0)
                move = vx[b] * _between(left * _DAYS_PER_YEAR, tenor, share)
                vol = table[3, i]
                forward[i] = table[0, i]
                if on_vix[i]:
                    forward[i] = max(forward[i] + move, min(_LEAST_VX, forward[i]))
                    if moneyness.shape[0]:
                        vol = _between(table[1, i] / forward[i], moneyness, smile[i])
                else:
                    vol = max(vol + move / 100.0, min(vol, _LEAST_VOL))
                total[i] = vol * math.sqrt(left)
                discount[i] = math.exp(-table[4, i] * left)
            for a in range(spot.shape[0]):
                for i in range(n):
                    level = forward[i] if on_vix[i] else forward[i] * (1.0 + spot[a])
                    out[a, b, c, i] = discount[i] * black_kernel(level, table[1, i], total[i], is_put[i])


def revalue_grid(
    legs: Legs,
    *,
    spot_returns: ArrayLike,
    vx_points: ArrayLike,
    days: ArrayLike = 0.0,
    shape: Shock = DOWN,
    smile: SmileTable | None = None,
) -> F8:
    """Value legs at every combination of spot move, curve move and time.

    Parameters
    ----------
    legs : Legs
    spot_returns : (a,) array
        Relative moves of SPX, above -1.
    vx_points : (b,) array, VIX points
        Moves of the VX curve at the first tenor of `shape` (30 days).
    days : (c,) array, calendar days
        Time passed, not negative.
    shape : Shock
        Its curve move, divided by that at its first tenor, spreads `vx_points` over tenors.
    smile : SmileTable, optional
        Sticky-moneyness volatilities of VIX legs.

    Returns
    -------
    (a, b, c, n) array, points, discounted to the day of valuation

    Raises
    ------
    UsageError
        An axis or leg no formula can use, a smile that does not fit the legs, or a shape without a first move.
    """
    (f, k, t, s, d), puts = columns(legs.forward, legs.strike, legs.tau, legs.vol, legs.discount, is_put=legs.is_put)
    on_vix = np.ascontiguousarray(np.broadcast_to(np.asarray(legs.on_vix, dtype=np.bool_), puts.shape))
    refuse_broken_options((f, k, t, s, d), LEAST_LEVEL, MOST_LEVEL)
    spot = _axis("spot_returns", spot_returns, above=-1.0)
    vx = _axis("vx_points", vx_points, above=-math.inf)
    passed = _axis("days", days, above=-math.ulp(0.0))
    tenor, share = _spread(shape)
    moneyness, vols = _smile(smile, puts.size)
    # At expiry there is no rate left to keep.
    rate = np.where(t > 0.0, -np.log(d) / np.where(t > 0.0, t, 1.0), 0.0)
    out = np.empty((spot.size, vx.size, passed.size, puts.size))
    table = np.stack([f, k, t, s, rate])
    _grid(table, puts, on_vix, spot, vx, passed, tenor, share, moneyness, vols, out)
    return out


def _axis(name: str, values: ArrayLike, *, above: float) -> F8:
    axis = np.atleast_1d(np.array(values, dtype=np.float64))
    if axis.ndim != 1 or not (np.isfinite(axis) & (axis > above)).all():
        raise UsageError(
            f"{name} is {axis.tolist()} where finite numbers above {above:g} are needed.",
            where="revalue_grid",
            fix="Give the axis as a list of moves.",
        )
    return axis


def _spread(shape: Shock) -> tuple[F8, F8]:
    first = shape.vx_points[0]
    if not (math.isfinite(first) and first != 0.0):
        raise UsageError(
            f"the shape {shape.name} moves its first tenor by {first!r} where a move other than zero is needed.",
            where="revalue_grid",
            fix="Use a shock whose curve moves, such as DOWN.",
        )
    return np.array(shape.vx_days, dtype=np.float64), np.array(shape.vx_points, dtype=np.float64) / first


def _smile(smile: SmileTable | None, legs: int) -> tuple[F8, F8]:
    if smile is None:
        return np.empty(0), np.empty((legs, 0))
    moneyness = np.array(smile.moneyness, dtype=np.float64)
    vols = np.array(smile.vol, dtype=np.float64)
    rising = moneyness.ndim == 1 and moneyness.size > 0 and bool((np.diff(moneyness) > 0.0).all())
    if not rising or vols.shape != (legs, moneyness.size) or not (np.isfinite(vols) & (vols >= 0.0)).all():
        raise UsageError(
            f"the smile has moneyness of shape {moneyness.shape} and vols of shape {vols.shape} where ascending "
            f"moneyness and a row of non-negative volatilities for each of {legs} legs are needed.",
            where="revalue_grid",
            fix="Tabulate the smile of every leg's expiry on the same moneyness.",
        )
    return moneyness, vols
