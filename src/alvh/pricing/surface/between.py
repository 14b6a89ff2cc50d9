"""Total variance of a whole surface from its slices: monotone in time at every log-moneyness.

1. At an expiry the surface is the greatest of its slice and of all earlier ones. Prices in units of the forward rise
   with total variance and the greatest of convex functions is convex, so this adds no butterfly and removes every
   calendar; where the slices do not cross it changes nothing.
2. Between expiries total variance is linear in time at equal log-moneyness. Before the first expiry it goes to zero
   with time; after the last it rises everywhere by the last at-the-money forward variance.
"""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled, inlined
from alvh.pricing.surface.raw_svi import svi_parts, svi_variance

__all__ = ["GRID", "grid_variances", "surface_parts"]

_GRID_REACH = 4.0
_GRID_BEND = 5.0
_GRID_POINTS = 401


def _grid() -> F8:
    points: F8 = _GRID_REACH * np.sinh(_GRID_BEND * np.linspace(-1.0, 1.0, _GRID_POINTS)) / np.sinh(_GRID_BEND)
    points.flags.writeable = False
    return points


GRID = _grid()
"""Log-moneyness where expiries are compared: strikes from 2 % to 55 times the forward, dense around it."""


@compiled
def grid_variances(table: F8, grid: F8) -> F8:
    """Return total variance of n slices, rows of a, b, rho, m, sigma, at p places: an (n, p) array."""
    out = np.empty((table.shape[0], grid.size))
    for i in range(table.shape[0]):
        for j in range(grid.size):
            out[i, j] = svi_variance(grid[j], table[i, 0], table[i, 1], table[i, 2], table[i, 3], table[i, 4])
    return out


@inlined
def _greatest(table: F8, k: float, last: int) -> int:
    """Return which of the slices up to `last` has the most variance at k."""
    best, most = last, -1.0
    for i in range(last, -1, -1):
        w = svi_variance(k, table[i, 0], table[i, 1], table[i, 2], table[i, 3], table[i, 4])
        if w > most:
            best, most = i, w
    return best


@inlined
def _parts_of(table: F8, k: float, row: int) -> tuple[float, float, float]:
    return svi_parts(k, table[row, 0], table[row, 1], table[row, 2], table[row, 3], table[row, 4])


@compiled
def surface_parts(table: F8, taus: F8, beyond: float, k: F8, tau: F8, out: F8) -> None:
    """Write total variance and its two derivatives in log-moneyness.

    Parameters
    ----------
    table : (n, 5) array
        Slices ascending by time.
    taus : (n,) array, years
    beyond : float, variance per year
        Forward variance after the last expiry.
    k, tau : (p,) arrays
    out : (3, p) array
    """
    n = taus.size
    for i in range(k.size):
        right = np.searchsorted(taus, tau[i])
        if right < n:
            row = _greatest(table, k[i], right)
            w, first, second = _parts_of(table, k[i], row)
            share = tau[i] / taus[0]
            if right > 0:
                row = _greatest(table, k[i], right - 1)
                w_left, first_left, second_left = _parts_of(table, k[i], row)
                share = (tau[i] - taus[right - 1]) / (taus[right] - taus[right - 1])
                rest = 1.0 - share
                out[0, i] = share * w + rest * w_left
                out[1, i] = share * first + rest * first_left
                out[2, i] = share * second + rest * second_left
            else:
                out[0, i], out[1, i], out[2, i] = share * w, share * first, share * second
        else:
            row = _greatest(table, k[i], n - 1)
            w, first, second = _parts_of(table, k[i], row)
            out[0, i], out[1, i], out[2, i] = w + beyond * (tau[i] - taus[n - 1]), first, second
