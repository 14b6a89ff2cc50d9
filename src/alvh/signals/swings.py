"""Swing points and divergences, each dated at its confirmation.

1. A swing high is a value that no neighbour within `arm` rows exceeds and that none before it equals. It is confirmed
   `arm` rows later and known from then on, never before.
2. Two swings in a row diverge when the price makes a higher high by more than a margin of its own usual move, while
   the indicator at those two rows makes a lower high by more than a margin of its own spread.
3. Lows mirror: swap the signs of price and indicator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from alvh.core.arrays import B1, F8, I8
from alvh.signals.windows import trailing_mean, trailing_std

__all__ = ["Margins", "SwingPairs", "diverging_highs", "pairs_of_highs", "recently", "swing_highs"]

_USUAL_MOVE, _USUAL_SPREAD = 14, 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """What counts as a swing and as a divergence.

    Attributes
    ----------
    arm : int, rows
        Neighbours on each side; a swing is confirmed this much later.
    nearest, farthest : int, rows
        Legal distance between the two swings of a pair.
    price : float
        Least rise of price, in its mean absolute move over 14 rows.
    indicator : float
        Least fall of the indicator, in its standard deviation over 63 rows.
    """

    arm: int
    nearest: int
    farthest: int
    price: float
    indicator: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SwingPairs:
    """Pairs of consecutive confirmed swing highs.

    Attributes
    ----------
    first, second : (p,) arrays
        Rows of the two swings.
    confirmed : (p,) array
        Row from which the pair is known.
    """

    first: I8
    second: I8
    confirmed: I8

    def where(self, keep: B1) -> SwingPairs:
        """Keep some of the pairs."""
        return SwingPairs(first=self.first[keep], second=self.second[keep], confirmed=self.confirmed[keep])


def swing_highs(values: F8, arm: int) -> I8:
    """Find rows of swing highs; row r is known from row ``r + arm`` on."""
    rows = values.size - 2 * arm
    if rows <= 0:
        return np.zeros(0, np.int64)
    middle = values[arm : arm + rows]
    before = sliding_window_view(values, arm)[:rows].max(axis=1)
    after = sliding_window_view(values[arm + 1 :], arm)[:rows].max(axis=1)
    return np.flatnonzero((middle > before) & (middle >= after)) + arm


def pairs_of_highs(values: F8, margins: Margins) -> SwingPairs:
    """Pair consecutive swing highs whose distance is legal."""
    swings = swing_highs(values, margins.arm)
    pairs = SwingPairs(first=swings[:-1], second=swings[1:], confirmed=swings[1:] + margins.arm)
    apart = pairs.second - pairs.first
    return pairs.where((apart >= margins.nearest) & (apart <= margins.farthest))


def diverging_highs(price: F8, indicator: F8, margins: Margins) -> SwingPairs:
    """Find pairs in which price makes a higher high and the indicator a lower one.

    Parameters
    ----------
    price, indicator : (n,) arrays
        Of the same rows; the indicator may begin with NaN. Negate both to find lows that diverge upward.
    """
    pairs = pairs_of_highs(price, margins)
    move = np.abs(np.diff(price, prepend=np.nan))
    rise = margins.price * trailing_mean(move, _USUAL_MOVE)[pairs.second]
    fall = margins.indicator * trailing_std(indicator, _USUAL_SPREAD)[pairs.second]
    higher = price[pairs.second] > price[pairs.first] + rise
    lower = indicator[pairs.second] < indicator[pairs.first] - fall
    return pairs.where(higher & lower)


def recently(rows: I8, size: int, valid: int) -> B1:
    """Mark the rows at most ``valid - 1`` after one of `rows`."""
    last = np.full(size, -valid - 1, np.int64)
    last[rows] = rows
    marked: B1 = np.arange(size) - np.maximum.accumulate(last) < valid
    return marked
