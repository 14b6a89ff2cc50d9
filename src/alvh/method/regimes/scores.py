"""Scores against the past, and states that are entered high and left low."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import B1, F8

__all__ = ["hysteresis", "trailing_scores"]

_NO_SPREAD = 1e-12


def trailing_scores(values: F8, window: int, at_least: int) -> F8:
    """Z-score of each value among the finite ones of the last `window`, itself included.

    Parameters
    ----------
    values : (n,) array
        NaN where absent.
    window : int
    at_least : int
        Finite values a window must hold, two or more.

    Returns
    -------
    (n,) array
        NaN where the value is absent, its window too empty or without spread.

    Notes
    -----
    Running sums around the first finite value: row i is made of rows up to i alone, in one order, so that a longer
    history changes no bit of it.
    """
    here = np.isfinite(values)
    if not here.any():
        return np.full(values.size, np.nan)
    centre = values[here][0]
    moved = np.where(here, values - centre, 0.0)
    count = _windowed(here.astype(float), window)
    enough = here & (count >= max(at_least, 2))
    safe = np.where(enough, count, 2.0)
    mean, square = _windowed(moved, window) / safe, _windowed(moved * moved, window) / safe
    variance = square - mean * mean
    enough &= variance > _NO_SPREAD * (square + centre * centre)
    spread = np.sqrt(np.where(enough, variance * safe / (safe - 1.0), 1.0))
    scores: F8 = np.where(enough, (moved - mean) / spread, np.nan)
    return scores


def hysteresis(score: F8, present: B1, *, enter: float, leave: float) -> F8:
    """State 1, 0 or -1 of each row: entered at `enter` on either side of zero, left when the score comes to `leave`.

    Where the score is absent the state is 0, and it must be entered again.
    """
    states, state = [], 0
    for value, known in zip(score.tolist(), present.tolist(), strict=True):
        if not known:
            state = 0
        elif abs(value) >= enter:
            state = 1 if value > 0.0 else -1
        elif state * value <= leave:
            state = 0
        states.append(state)
    return np.array(states, dtype=np.float64)


def _windowed(values: F8, window: int) -> F8:
    total = np.cumsum(values)
    windowed: F8 = total.copy()
    windowed[window:] -= total[:-window]
    return windowed
