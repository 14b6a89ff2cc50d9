"""Returns of weeks, months and years, from the last session of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import D8, F8, I8
from alvh.money.curve import Curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Consecutive periods of a curve.

    Attributes
    ----------
    first, last : (m,) arrays of row numbers
        Row before the period (-1 for the initial wealth) and last row of the period.
    end : (m,) datetime64[D] array
        Last session of each period.
    """

    first: I8
    last: I8
    end: D8

    def returns(self, curve: Curve) -> F8:
        """Return (m,) simple returns of a curve with these very sessions."""
        return self.ending(curve) / self.starting(curve) - 1.0

    def starting(self, curve: Curve) -> F8:
        """Return (m,) wealth before each period."""
        return np.where(self.first < 0, curve.initial, curve.value[self.first])

    def ending(self, curve: Curve) -> F8:
        """Return (m,) wealth at the end of each period."""
        return curve.value[self.last]

    def changes(self, cumulative: F8) -> F8:
        """Return (m,) changes of a cumulative amount that starts at zero."""
        return cumulative[self.last] - np.where(self.first < 0, 0.0, cumulative[self.first])


def weeks(dates: D8) -> Spans:
    """Split sessions into ISO weeks, Monday to Sunday."""
    # 1970-01-01 was a Thursday, so day + 3 counts from a Monday.
    return _spans(dates, (dates.astype("datetime64[D]").astype(np.int64) + 3) // 7)


def months(dates: D8) -> Spans:
    """Split sessions into calendar months."""
    return _spans(dates, dates.astype("datetime64[M]").astype(np.int64))


def years(dates: D8) -> Spans:
    """Split sessions into calendar years."""
    return _spans(dates, dates.astype("datetime64[Y]").astype(np.int64))


def worst(returns: F8, end: D8) -> tuple[float, date] | None:
    """Return the lowest return and the date its period ends; None without any."""
    if returns.size == 0:
        return None
    place = int(np.argmin(returns))
    when = end[place].astype("datetime64[D]").item()
    assert isinstance(when, date)
    return float(returns[place]), when


def _spans(dates: D8, label: I8) -> Spans:
    last = np.flatnonzero(np.concatenate((np.diff(label) != 0, [True]))).astype(np.int64)
    first = np.concatenate(([-1], last[:-1])).astype(np.int64)
    return Spans(first=first, last=last, end=dates[last].astype("datetime64[D]"))
