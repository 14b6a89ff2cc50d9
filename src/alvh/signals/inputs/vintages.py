"""A revised series as each of its releases saw it: the last periods, with the values of that moment.

A vintaged series has several rows per period, one for each time its value was published. `last_periods` turns it into
a matrix with one row per release and one column per period before it, so that "year on year as known at t" is one
subtraction inside one row. A series that was never revised gives the same matrix, with one release per period.

The last known value of a period p at a release k is the last row of p with a known-at at or before k. Rows are sorted
once by (period, known-at); each question is then one binary search, and all of them are asked at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8, I8
from alvh.market.catalogue import Frequency, entry
from alvh.market.series import Series

__all__ = ["Releases", "growth", "last_periods"]

_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """What each release showed.

    Attributes
    ----------
    known_at : (k,) datetime64[s] array, UTC, strictly ascending
    period : (k,) datetime64[D] array
        Latest period known then.
    values : (k, n) array
        Column j is the value of j periods before `period`; NaN where none was known.
    """

    known_at: D8
    period: D8
    values: F8


def last_periods(series: Series, count: int, *, one_vintage: bool | None = None) -> Releases:
    """Return, for every release of a monthly or quarterly series, the last periods as they were known then.

    Parameters
    ----------
    series : Series
        Monthly or quarterly; several rows per period where it was revised.
    count : int
        Periods wanted, the latest first.
    one_vintage : bool, optional
        Use only values published in the release itself, since vintages of another base year do not compare. The
        catalogue says so where it is left out.
    """
    said = entry(series.name)
    step = _MONTHS.get(said.frequency, 1)
    alone = said.vintages if one_vintage is None else one_vintage
    instants, release = np.unique(series.known_at, return_inverse=True)
    number = series.period.astype("datetime64[M]").astype(np.int64) // step
    if instants.size == 0:
        return Releases(known_at=instants, period=series.period[:0], values=np.zeros((0, count)))
    latest = np.full(instants.size, np.iinfo(np.int64).min)
    np.maximum.at(latest, release, number)
    if not alone:
        latest = np.maximum.accumulate(latest)
    asked = latest[:, None] - np.arange(count)
    values = _values(series, number, release, asked, alone=alone)
    period: D8 = (latest * step).astype("datetime64[M]").astype("datetime64[D]")
    return Releases(known_at=instants, period=period, values=values)


def _values(series: Series, number: I8, release: I8, asked: I8, *, alone: bool) -> F8:
    """Find the value of each asked period at its release by one search over (period, release)."""
    releases = asked.shape[0]
    key = number * releases + release
    order = np.argsort(key, kind="stable")
    wanted = asked * releases + np.arange(releases)[:, None]
    place = np.searchsorted(key[order], wanted, side="right") - 1
    row = order[np.maximum(place, 0)]
    found = (place >= 0) & (number[row] == asked)
    if alone:
        found &= release[row] == np.arange(releases)[:, None]
    return np.where(found, series.value[row], np.nan)


def growth(releases: Releases, lag: int, back: int = 0) -> F8:
    """Return the growth over `lag` periods as each release showed it, a ratio minus one.

    Parameters
    ----------
    lag : int
        12 months or 4 quarters for year on year.
    back : int
        Periods before the latest; 1 is the growth of the period before, in the same release.

    Returns
    -------
    (k,) array
        NaN where a value is missing.
    """
    now, then = releases.values[:, back], releases.values[:, back + lag]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: F8 = now / then - 1.0
    return np.where(np.isfinite(ratio), ratio, np.nan)
