"""Trailing windows over arrays: NaN until the window is full, then causal."""

from __future__ import annotations

import math
from bisect import bisect_left, insort

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from alvh.core.arrays import F8


def trailing_mean(values: F8, window: int) -> F8:
    """Mean of the last `window` values, NaN before; each window summed afresh, so no error accumulates."""
    out = np.full(values.size, np.nan)
    if values.size >= window:
        out[window - 1 :] = sliding_window_view(values, window).mean(axis=1)
    return out


def trailing_std(values: F8, window: int) -> F8:
    """Sample standard deviation (ddof 1) of the last `window` values, NaN before."""
    out = np.full(values.size, np.nan)
    if values.size >= window:
        out[window - 1 :] = sliding_window_view(values, window).std(axis=1, ddof=1)
    return out


def trailing_median(values: F8, window: int, *, at_least: int) -> F8:
    """Median of the finite values among the last `window`, NaN where fewer than `at_least` are finite."""
    out = np.full(values.size, np.nan)
    ordered: list[float] = []
    numbers = values.tolist()
    for place, value in enumerate(numbers):
        if math.isfinite(value):
            insort(ordered, value)
        gone = numbers[place - window] if place >= window else math.nan
        if math.isfinite(gone):
            del ordered[bisect_left(ordered, gone)]
        if len(ordered) >= at_least:
            middle = len(ordered) // 2
            even = len(ordered) % 2 == 0
            out[place] = 0.5 * (ordered[middle - 1] + ordered[middle]) if even else ordered[middle]
    return out
