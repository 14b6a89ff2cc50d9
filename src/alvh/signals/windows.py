"""Trailing windows over arrays: NaN until the window is full, then causal.

Every window is taken afresh and in the same order, so that a row is the same to the last bit however long the history
before or after it is.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from alvh.core.arrays import F8

_FEW = 256
"""Rows up to which a matrix of windows is quicker than a walk over lags."""


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
        squares = _few_squares(values, window, mean) if rows <= _FEW else _squares(values, window, mean)
        out[window - 1 :] = np.sqrt(squares / (window - 1))
    return out


def _squares(values: F8, window: int, mean: F8) -> F8:
    """Sum of squared deviations, the oldest first, row by row at once: the way for many rows."""
    total = np.zeros(mean.size)
    for oldest in range(window):
        deviation = values[oldest : oldest + mean.size] - mean
        total += deviation * deviation
    return total


def _few_squares(values: F8, window: int, mean: F8) -> F8:
    """Add the same numbers in the same order, window by window: the way for few rows."""
    deviation = sliding_window_view(values, window) - mean[:, None]
    total: F8 = np.cumsum(deviation * deviation, axis=1)[:, -1]
    return total


def trailing_max(values: F8, window: int) -> F8:
    """Greatest of the last `window` values; NaN before, and where one of them is NaN."""
    out = np.full(values.size, np.nan)
    if values.size >= window:
        out[window - 1 :] = sliding_window_view(values, window).max(axis=1)
    return out


def trailing_min(values: F8, window: int) -> F8:
    """Smallest of the last `window` values; NaN before, and where one of them is NaN."""
    return -trailing_max(-values, window)


def share_below(values: F8, window: int) -> F8:
    """Share of the `window` values before the last one that are strictly below it; NaN where one of them is NaN."""
    out = np.full(values.size, np.nan)
    if values.size > window:
        views = sliding_window_view(values, window + 1)
        share = (views[:, :-1] < views[:, -1:]).sum(axis=1) / window
        out[window:] = np.where(np.isfinite(trailing_sum(values, window + 1)[window:]), share, np.nan)
    return out


def change(values: F8, lag: int) -> F8:
    """Difference to the value `lag` rows before, NaN for the first `lag`."""
    out = np.full(values.size, np.nan)
    out[lag:] = values[lag:] - values[:-lag] if lag < values.size else np.nan
    return out
