"""The variance term structure of one day: from four volatility indices to total variance at any Friday tenor.

1. Nodes ``W_i = (V_i / 100)^2 T_i`` at 9, 30, 93 and 184 days. Forward variance between nodes is at least a tenth of
   the average before them; VIX is the anchor, so VIX9D gives way below it and VIX3M, VIX6M above it.
2. W(T) is the monotone cubic (Fritsch-Carlson, PCHIP) through the origin and the nodes; beyond 184 days the forward
   variance of the last interval continues.
3. The published VIX is not W at 30 days but Cboe's straight line between two expiries, which lies above a convex W.
   The 30-day node is therefore moved until that line, through the two expiries Cboe used, returns the VIX.
"""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled
from alvh.pricing.modelled.calibration import FORWARD_VARIANCE_FLOOR, NODE_DAYS

__all__ = ["TABLE_SIZE", "fit_term", "total_variance"]

_KNOTS = np.array((0.0, *NODE_DAYS))
_SIZE = len(_KNOTS)
_FLOORED = 2 * _SIZE
TABLE_SIZE = 2 * _SIZE + 1
_STEPS = 30
_TOLERANCE = 1e-10


@compiled
def _end_slope(first: float, second: float, width: float, next_width: float) -> float:
    """Slope at an end of the curve; at least a tenth of the chord, so that variance never stands still."""
    slope = ((2.0 * width + next_width) * first - width * second) / (width + next_width)
    return min(max(slope, 0.1 * first), 3.0 * first)


@compiled
def _set_slopes(table: F8) -> None:
    """Write the knots' slopes behind their values, variance per day."""
    for i in range(1, _SIZE - 1):
        left = _KNOTS[i] - _KNOTS[i - 1]
        right = _KNOTS[i + 1] - _KNOTS[i]
        chord_left = (table[i] - table[i - 1]) / left
        chord_right = (table[i + 1] - table[i]) / right
        weight_left = 2.0 * right + left
        weight_right = right + 2.0 * left
        table[_SIZE + i] = (weight_left + weight_right) / (weight_left / chord_left + weight_right / chord_right)
    first, second = _KNOTS[1] - _KNOTS[0], _KNOTS[2] - _KNOTS[1]
    table[_SIZE] = _end_slope((table[1] - table[0]) / first, (table[2] - table[1]) / second, first, second)
    last, before = _KNOTS[_SIZE - 1] - _KNOTS[_SIZE - 2], _KNOTS[_SIZE - 2] - _KNOTS[_SIZE - 3]
    chord_last = (table[_SIZE - 1] - table[_SIZE - 2]) / last
    chord_before = (table[_SIZE - 2] - table[_SIZE - 3]) / before
    table[2 * _SIZE - 1] = _end_slope(chord_last, chord_before, last, before)


@compiled
def total_variance(table: F8, days: float) -> float:
    """Return W at a Friday tenor in calendar days; see `fit_term` for the table."""
    last = _SIZE - 1
    if days >= _KNOTS[last]:
        forward = (table[last] - table[last - 1]) / (_KNOTS[last] - _KNOTS[last - 1])
        beyond: float = table[last] + forward * (days - _KNOTS[last])
        return beyond
    i = 0
    while days > _KNOTS[i + 1]:
        i += 1
    width = _KNOTS[i + 1] - _KNOTS[i]
    x = (days - _KNOTS[i]) / width
    y = 1.0 - x
    value: float = y * y * (1.0 + 2.0 * x) * table[i] + x * x * (1.0 + 2.0 * y) * table[i + 1]
    value += width * x * y * (y * table[_SIZE + i] - x * table[_SIZE + i + 1])
    return value


@compiled
def _set_nodes(table: F8, short: float, anchor: float, medium: float, long: float) -> None:
    """Write increasing node variances around the anchor."""
    wanted = (0.0, short, anchor, medium, long)
    table[0] = 0.0
    table[2] = anchor
    gap = _KNOTS[2] - _KNOTS[1]
    table[1] = min(short, anchor / (1.0 + FORWARD_VARIANCE_FLOOR * gap / _KNOTS[1]))
    table[_FLOORED] = 1.0 if table[1] < short else 0.0
    for i in range(3, _SIZE):
        least = table[i - 1] * (1.0 + FORWARD_VARIANCE_FLOOR * (_KNOTS[i] - _KNOTS[i - 1]) / _KNOTS[i - 1])
        table[i] = max(wanted[i], least)
        if wanted[i] < least:
            table[_FLOORED] = 1.0
    _set_slopes(table)


@compiled
def fit_term(
    vix9d: float,
    vix: float,
    vix3m: float,
    vix6m: float,
    near_days: float,
    near_ratio: float,
    next_days: float,
    next_ratio: float,
    near_weight: float,
) -> F8:
    """Fit the term structure of one day.

    Parameters
    ----------
    vix9d, vix, vix3m, vix6m : float, vol points
        Positive.
    near_days, next_days : float
        Calendar days, to the minute, to the two expiries of Cboe's VIX (`clock.cboe_pair`).
    near_ratio, next_ratio : float
        Variance clock of those expiries relative to a Friday's (`clock.VarianceClock.ratio`).
    near_weight : float
        Weight of the near expiry in the index, by wall-clock minutes as Cboe counts them; may lie outside 0..1.

    Returns
    -------
    (11,) array
        Total variance at 0, 9, 30, 93, 184 days, its slopes per day there, and 1.0 where a forward variance had to be
        floored.
    """
    table = np.empty(TABLE_SIZE)
    target = (0.01 * vix) ** 2 * _KNOTS[2] / 365.0
    short = (0.01 * vix9d) ** 2 * _KNOTS[1] / 365.0
    medium = (0.01 * vix3m) ** 2 * _KNOTS[3] / 365.0
    long = (0.01 * vix6m) ** 2 * _KNOTS[4] / 365.0
    anchor = target
    before, gap_before = 0.0, 0.0
    for step in range(_STEPS):
        _set_nodes(table, short, anchor, medium, long)
        near = total_variance(table, near_days) * near_ratio
        following = total_variance(table, next_days) * next_ratio
        gap = (near_weight * near + (1.0 - near_weight) * following) / target - 1.0
        if abs(gap) < _TOLERANCE:
            break
        move = -gap if step == 0 or gap == gap_before else -gap * (math.log(anchor) - before) / (gap - gap_before)
        before, gap_before = math.log(anchor), gap
        anchor *= math.exp(min(max(move, -0.2), 0.2))
    return table
