"""Trailing quantiles and ranks of the finite values among the last `window`, kept in a sorted window."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled

__all__ = ["trailing_median", "trailing_quantile", "trailing_quantiles", "trailing_rank"]


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
    quantile: F8 = trailing_quantiles(values, window, (level,), at_least=at_least)[0]
    return quantile


def trailing_quantiles(values: F8, window: int, levels: tuple[float, ...], *, at_least: int, since: int = 0) -> F8:
    """Several quantiles of the same windows, one row of the result per level; NaN before the row `since`."""
    quantiles: F8 = _sorted_window(_column(values), window, np.array(levels), at_least, False, since)[0]
    return quantiles


def trailing_median(values: F8, window: int, *, at_least: int) -> F8:
    """Median of the finite values among the last `window`, NaN where fewer than `at_least` are finite."""
    return trailing_quantile(values, window, 0.5, at_least=at_least)


def trailing_rank(values: F8, window: int, *, at_least: int) -> F8:
    """Share of the finite values among the last `window`, the latest among them, that lie below the latest.

    Ties count half, so a constant has rank one half. NaN where the latest is missing or the window too empty.
    """
    rank: F8 = _sorted_window(_column(values), window, np.zeros(0), at_least, True, 0)[1]
    return rank


def _column(values: F8) -> F8:
    column: F8 = np.ascontiguousarray(values, dtype=np.float64)
    return column


def _sorted_window(values: F8, window: int, levels: F8, at_least: int, ranked: bool, since: int) -> tuple[F8, F8]:
    before = values[max(since - window, 0) : since]
    held = np.empty(min(window, values.size) + 1)
    first = np.sort(before[np.isfinite(before)])
    held[: first.size] = first
    found: tuple[F8, F8] = _walk(values, window, levels, at_least, ranked, since, held, first.size)
    return found


@compiled
def _walk(
    values: F8, window: int, levels: F8, at_least: int, ranked: bool, since: int, held: F8, count: int
) -> tuple[F8, F8]:
    """Move the sorted window, `count` values in `held`, over the rows from `since` on."""
    n = values.size
    quantiles = np.full((levels.size, n), np.nan)
    rank = np.full(n, np.nan)
    for place in range(since, n):
        new = values[place]
        # The hole that the oldest value leaves; the values between it and the new one's place move into it.
        hole = count
        if place >= window and np.isfinite(values[place - window]):
            hole = np.searchsorted(held[:count], values[place - window])
            count -= 1
        if np.isfinite(new):
            while hole < count and held[hole + 1] < new:
                held[hole] = held[hole + 1]
                hole += 1
            while hole > 0 and held[hole - 1] > new:
                held[hole] = held[hole - 1]
                hole -= 1
            held[hole] = new
            count += 1
        else:
            for i in range(hole, count):
                held[i] = held[i + 1]
        if count < at_least or count == 0:
            continue
        for row in range(levels.size):
            position = levels[row] * (count - 1)
            low = int(np.floor(position))
            high = min(low + 1, count - 1)
            quantiles[row, place] = held[low] + (position - low) * (held[high] - held[low])
        if ranked and np.isfinite(new):
            below = np.searchsorted(held[:count], new)
            through = np.searchsorted(held[:count], new, side="right")
            rank[place] = 0.5 * (below + through) / count
    return quantiles, rank
