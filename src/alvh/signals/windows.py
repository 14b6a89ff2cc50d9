"""Trailing windows over arrays: NaN until the window is full, then causal.

Every window is taken afresh and in the same order, so that a row is the same to the last bit however long the history
before or after it is.
"""

from __future__ import annotations

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


def share_below(values: F8, window: int) -> F8:
    """Share of the `window` values before the last one that are strictly below it; NaN where one of them is NaN."""
    out = np.full(values.size, np.nan)
    rows = values.size - window
    if rows > 0:
        last = values[window:]
        count = np.zeros(rows)
        for place in range(window):
            count += values[place : place + rows] < last
        full = np.isfinite(trailing_sum(values, window + 1)[window:])
        out[window:] = np.where(full, count / window, np.nan)
    return out


def change(values: F8, lag: int) -> F8:
    """Difference to the value `lag` rows before, NaN for the first `lag`."""
    out = np.full(values.size, np.nan)
    out[lag:] = values[lag:] - values[:-lag] if lag < values.size else np.nan
    return out
