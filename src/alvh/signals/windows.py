"""Trailing windows over arrays: NaN until the window is full, then causal.

Every window is taken afresh and in the same order, so that a row is the same to the last bit however long the history
before or after it is.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from alvh.core.arrays import F8


def trailing_sum(values: F8, window: int) -> F8:
    """Sum of the last `window` values; NaN before, and where one of them is NaN."""
    out = np.full(values.size, np.nan)
    if values.size >= window:
        out[window - 1 :] = sliding_window_view(values, window).sum(axis=1)
    return out


def trailing_mean(values: F8, window: int) -> F8:
    """Mean of the last `window` values; NaN before, and where one of them is NaN."""
    return trailing_sum(values, window) / window


def trailing_std(values: F8, window: int) -> F8:
    """Sample standard deviation (ddof 1) of the last `window` values; NaN before, and where one of them is NaN."""
    out = np.full(values.size, np.nan)
    rows = values.size - window + 1
    if rows > 0:
        mean = trailing_mean(values, window)[window - 1 :]
        total = np.zeros(rows)
        for oldest in range(window):
            deviation = values[oldest : oldest + rows] - mean
            total += deviation * deviation
        out[window - 1 :] = np.sqrt(total / (window - 1))
    return out


def trailing_max(values: F8, window: int) -> F8:
    """Greatest of the last `window` values; NaN before, and where one of them is NaN."""
    out = np.full(values.size, np.nan)
    rows = values.size - window + 1
    if rows > 0:
        greatest = values[:rows].copy()
        for place in range(1, window):
            np.maximum(greatest, values[place : place + rows], out=greatest)
        out[window - 1 :] = greatest
    return out


def trailing_min(values: F8, window: int) -> F8:
    """Smallest of the last `window` values; NaN before, and where one of them is NaN."""
    return -trailing_max(-values, window)


def trailing_rank(values: F8, window: int) -> F8:
    """Share of the last `window` values, the last one included, that are at most the last one."""
    out = np.full(values.size, np.nan)
    rows = values.size - window + 1
    if rows > 0:
        last = values[window - 1 :]
        count = np.zeros(rows)
        for place in range(window):
            count += values[place : place + rows] <= last
        full = np.isfinite(trailing_sum(values, window)[window - 1 :])
        out[window - 1 :] = np.where(full, count / window, np.nan)
    return out


def change(values: F8, lag: int) -> F8:
    """Difference to the value `lag` rows before, NaN for the first `lag`."""
    out = np.full(values.size, np.nan)
    out[lag:] = values[lag:] - values[:-lag] if lag < values.size else np.nan
    return out


def trailing_median(values: F8, window: int, *, at_least: int) -> F8:
    """Median of the finite values among the last `window`, NaN where fewer than `at_least` are finite."""
    return trailing_quantile(values, window, 0.5, at_least=at_least)


def trailing_quantile(values: F8, window: int, share: float, *, at_least: int) -> F8:
    """Quantile (linear between order statistics) of the finite values among the last `window`.

    NaN where fewer than `at_least` are finite.
    """
    out = np.full(values.size, np.nan)
    ordered: list[float] = []
    numbers = values.tolist()
    for place, value in enumerate(numbers):
        if math.isfinite(value):
            insort(ordered, value)
        gone = numbers[place - window] if place >= window else math.nan
        if math.isfinite(gone):
            del ordered[bisect_left(ordered, gone)]
        if ordered and len(ordered) >= at_least:
            out[place] = between(ordered, share)
    return out


def between(ordered: list[float], share: float) -> float:
    """Quantile of an ascending list, linear between order statistics."""
    position = share * (len(ordered) - 1)
    below = int(position)
    if below + 1 == len(ordered):
        return ordered[below]
    weight = position - below
    return (1.0 - weight) * ordered[below] + weight * ordered[below + 1]
