"""Trailing windows over arrays: NaN until the window is full, then causal."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8


def trailing_mean(values: F8, window: int) -> F8:
    """Mean of the last `window` values, NaN before; each window summed afresh, so no error accumulates."""
    return _reduced(values, window, np.mean)


def trailing_std(values: F8, window: int) -> F8:
    """Sample standard deviation (ddof 1) of the last `window` values, NaN before."""
    return _reduced(values, window, lambda block, axis: np.std(block, axis=axis, ddof=1))


def trailing_median(values: F8, window: int, *, at_least: int) -> F8:
    """Median of the finite values among the last `window`, NaN where fewer than `at_least` are finite."""
    n = values.size
    out = np.full(n, np.nan)
    if n == 0:
        return out
    padded = np.concatenate([np.full(window - 1, np.nan), values])
    blocks = np.lib.stride_tricks.sliding_window_view(padded, window)
    enough = np.isfinite(blocks).sum(axis=1) >= at_least
    if enough.any():
        out[enough] = np.nanmedian(blocks[enough], axis=1)
    return out


def _reduced(values: F8, window: int, reduce: object) -> F8:
    out = np.full(values.size, np.nan)
    if values.size >= window:
        blocks = np.lib.stride_tricks.sliding_window_view(values, window)
        out[window - 1 :] = reduce(blocks, axis=1)  # type: ignore[operator]  # one of the two reductions above
    return out
