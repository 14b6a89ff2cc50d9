"""Scores against the past, and states that are entered high and left low."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import B1, F8
from alvh.core.compiled import compiled

__all__ = ["hysteresis", "trailing_scores"]

_NO_SPREAD = 1e-12


def trailing_scores(values: F8, window: int, at_least: int, *, first: int = 0) -> F8:
    """Z-score of each value among the finite ones of the last `window`, itself included.

    Parameters
    ----------
    values : (n,) array
        NaN where absent.
    window : int
    at_least : int
        Finite values a window must hold, two or more.
    first : int
        Row to begin with.

    Returns
    -------
    (n,) array
        NaN where the value is absent, its window too empty or without spread, and before `first`.

    Notes
    -----
    Every window is taken afresh and in the same order, so that a row is the same to the last bit however much history
    lies before or after its window.
    """
    scores: F8 = _scores(np.ascontiguousarray(values, dtype=np.float64), window, max(at_least, 2), first)
    return scores


def hysteresis(score: F8, present: B1, *, enter: float, leave: float, state: int = 0) -> F8:
    """State 1, 0 or -1 of each row: entered at `enter` on either side of zero, left when the score comes to `leave`.

    Where the score is absent the state is 0, and it must be entered again. `state` is that of the row before the first.
    """
    states = []
    for value, known in zip(score.tolist(), present.tolist(), strict=True):
        if not known:
            state = 0
        elif abs(value) >= enter:
            state = 1 if value > 0.0 else -1
        elif state * value <= leave:
            state = 0
        states.append(state)
    return np.array(states, dtype=np.float64)


@compiled
def _scores(values: F8, window: int, at_least: int, first: int) -> F8:
    out = np.full(values.size, np.nan)
    for place in range(first, values.size):
        centre = values[place]
        if not np.isfinite(centre):
            continue
        count, total, square = 0, 0.0, 0.0
        for i in range(max(0, place - window + 1), place + 1):
            moved = values[i] - centre
            if np.isfinite(moved):
                count += 1
                total += moved
                square += moved * moved
        if count < at_least:
            continue
        mean = total / count
        variance = (square - total * mean) / (count - 1)
        if variance > _NO_SPREAD * (square / count + centre * centre):
            out[place] = -mean / np.sqrt(variance)
    return out
