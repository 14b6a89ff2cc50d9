"""RSI and MACD as their inventors wrote them, with the seeds said.

The recursions start at the first value they are given, so the same history gives the same number however much of the
future is cut off.

References
----------
.. [1] Wilder, J. W. (1978). New Concepts in Technical Trading Systems.
.. [2] Appel, G. (1979). The Moving Average Convergence-Divergence Method.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from alvh.core.arrays import B1, F8
from alvh.core.compiled import compiled

__all__ = ["Macd", "Seed", "crossed_above", "crossed_below", "macd", "rsi"]


class Seed(StrEnum):
    """What an exponential mean starts from; after some 400 values the choice no longer shows."""

    FIRST = "first"
    """The first value (the usual recursion)."""
    SMA = "sma"
    """The simple mean of each mean's own first values."""
    TALIB = "talib"
    """As TA-Lib: both means start together on the slow one's last seeding value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Macd:
    """MACD line and its signal line, in the unit of the price; NaN before they start."""

    line: F8
    signal: F8


def rsi(values: F8, period: int) -> F8:
    """Relative strength index, Wilder's.

    The first averages of gains and losses are simple means of the first `period` changes; each later one moves a
    `period`-th of the way to the new change.

    Parameters
    ----------
    values : (n,) array
        Finite.
    period : int

    Returns
    -------
    (n,) array
        0 to 100; NaN for the first `period` values; 50 where neither a gain nor a loss is in memory.
    """
    strength: F8 = _rsi(np.ascontiguousarray(values, dtype=np.float64), period)
    return strength


def macd(values: F8, fast: int, slow: int, smooth: int, *, seed: Seed = Seed.FIRST) -> Macd:
    """Moving-average convergence-divergence: fast minus slow exponential mean, and that difference's own mean.

    Parameters
    ----------
    values : (n,) array
        Finite.
    fast, slow, smooth : int
        Spans; the weight of a new value is 2 / (span + 1).
    seed : Seed
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    nothing = np.full(values.size, np.nan)
    if seed is Seed.FIRST:
        if not values.size:
            return Macd(line=nothing, signal=nothing)
        line = _mean(values, fast, 0, values[0]) - _mean(values, slow, 0, values[0])
        return Macd(line=line, signal=_mean(line, smooth, 0, line[0]))
    if values.size < slow + smooth - 1:
        return Macd(line=nothing, signal=nothing)
    start = slow - 1
    if seed is Seed.TALIB:
        quick = _mean(values, fast, start, float(values[slow - fast : slow].mean()))
    else:
        quick = _mean(values, fast, fast - 1, float(values[:fast].mean()))
    line = quick - _mean(values, slow, start, float(values[:slow].mean()))
    begin = start + smooth - 1
    return Macd(line=line, signal=_mean(line, smooth, begin, float(line[start : begin + 1].mean())))


def crossed_above(line: F8, other: F8) -> B1:
    """Mark the rows on which `line` is above `other` and was not on the row before."""
    above = line > other
    crossed: B1 = np.zeros(line.size, np.bool_)
    crossed[1:] = above[1:] & (line[:-1] <= other[:-1])
    return crossed


def crossed_below(line: F8, other: F8) -> B1:
    """Mark the rows on which `line` is below `other` and was not on the row before."""
    return crossed_above(other, line)


@compiled
def _rsi(values: F8, period: int) -> F8:
    out = np.full(values.size, np.nan)
    if values.size <= period:
        return out
    gain = loss = 0.0
    for place in range(1, values.size):
        move = values[place] - values[place - 1]
        up, down = max(move, 0.0), max(-move, 0.0)
        if place <= period:
            gain += up / period
            loss += down / period
        else:
            gain = (gain * (period - 1) + up) / period
            loss = (loss * (period - 1) + down) / period
        if place >= period:
            total = gain + loss
            out[place] = 100.0 * gain / total if total > 0.0 else 50.0
    return out


@compiled
def _mean(values: F8, span: int, start: int, seed: float) -> F8:
    """Exponential mean with weight 2 / (span + 1), seeded at one place."""
    out = np.full(values.size, np.nan)
    weight = 2.0 / (span + 1.0)
    mean = seed
    out[start] = mean
    for place in range(start + 1, values.size):
        mean += weight * (values[place] - mean)
        out[place] = mean
    return out
