"""Trailing quantiles and ranks of the finite values among the last `window`, kept in a sorted window."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled

__all__ = ["trailing_quantile", "trailing_rank"]


def trailing_quantile(values: F8, window: int, level: float, *, at_least: int) -> F8:
    """Quantile of the finite values among the last `window`, linear between neighbours.

    Parameters
    ----------
    values : (n,) array
        NaN where absent.
    window : int
    level : float
        Between 0 and 1.
    at_least : int
        Finite values the window must hold; NaN where it holds fewer.
    """
    quantile: F8 = _sorted_window(np.ascontiguousarray(values, dtype=np.float64), window, level, at_least)[0]
    return quantile


def trailing_rank(values: F8, window: int, *, at_least: int) -> F8:
    """Share of the finite values among the last `window`, the latest among them, that lie below the latest.

    Ties count half, so a constant has rank one half. NaN where the latest is missing or the window too empty.
    """
    rank: F8 = _sorted_window(np.ascontiguousarray(values, dtype=np.float64), window, 0.5, at_least)[1]
    return rank


@compiled
def _sorted_window(values: F8, window: int, level: float, at_least: int) -> tuple[F8, F8]:
    n = values.size
    quantile = np.full(n, np.nan)
    rank = np.full(n, np.nan)
    held = np.empty(min(window, n) + 1)
    count = 0
    for place in range(n):
        if place >= window and np.isfinite(values[place - window]):
            gone = np.searchsorted(held[:count], values[place - window])
            for i in range(gone, count - 1):
                held[i] = held[i + 1]
            count -= 1
        new = values[place]
        if np.isfinite(new):
            at = np.searchsorted(held[:count], new)
            for i in range(count, at, -1):
                held[i] = held[i - 1]
            held[at] = new
            count += 1
        if count < at_least or count == 0:
            continue
        position = level * (count - 1)
        low = int(np.floor(position))
        high = min(low + 1, count - 1)
        quantile[place] = held[low] + (position - low) * (held[high] - held[low])
        if np.isfinite(new):
            below = np.searchsorted(held[:count], new)
            through = np.searchsorted(held[:count], new, side="right")
            rank[place] = 0.5 * (below + through) / count
    return quantile, rank
