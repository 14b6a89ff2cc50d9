"""New York clock for whole columns of days: when a value dated by its day became public.

Pure numpy, so that opening a series costs no calendar: daylight-saving days and early closes of the New York Stock
Exchange follow rules that have held since 1967 and 1993. Before those years the standard time and the full session
are taken, which can only make a value known later than it was, never earlier.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from alvh.core.arrays import B1, D8, I8

CLOSE_MINUTE = 16 * 60 + 15
"""Minute of the day, New York, at which index closes count as known; VIX and its kin close at 16:15."""
EARLY_CLOSE_MINUTE = 13 * 60 + 15

_DAYLIGHT_RULES_FROM = 1967
_EARLY_CLOSE_RULES_FROM = 1993
_IRREGULAR_EARLY_CLOSES = ("1997-12-26", "1999-12-31", "2003-12-26")
_SUNDAY, _WEDNESDAY, _THURSDAY = 6, 2, 3


def weekdays(days: D8) -> I8:
    """Return the weekday of each day, Monday 0 to Sunday 6."""
    number: I8 = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    return number


def eastern_instants(days: D8, minute: int) -> D8:
    """Return the UTC instants of one New York wall-clock time on many days.

    Parameters
    ----------
    days : (n,) datetime64[D] array
    minute : int
        Minute of the day in New York; past the night of the change of clocks (02:00).

    Returns
    -------
    (n,) datetime64[s] array, UTC
    """
    wall = days.astype("datetime64[s]") + np.timedelta64(60 * minute, "s")
    hours_behind = np.where(_is_daylight(days), 4, 5)
    instants: D8 = wall + hours_behind.astype("timedelta64[h]")
    return instants


def close_instants(days: D8) -> D8:
    """Return the UTC instants at which the index closes of many days are known: 16:15, 13:15 on early closes."""
    early = np.isin(days.astype("datetime64[D]"), early_close_days())
    full = eastern_instants(days, CLOSE_MINUTE)
    instants: D8 = np.where(early, eastern_instants(days, EARLY_CLOSE_MINUTE), full)
    return instants


def month_ends(days: D8) -> D8:
    """Return the last calendar day of each day's month."""
    ends: D8 = (days.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    return ends


def quarter_ends(days: D8) -> D8:
    """Return the last calendar day of each day's quarter."""
    months = days.astype("datetime64[M]").astype(np.int64)
    ends: D8 = (months - months % 3 + 3).astype("datetime64[M]").astype("datetime64[D]") - 1
    return ends


@cache
def early_close_days() -> D8:
    """List the early closes of 1993 to 2060, ascending: the Friday after Thanksgiving, Christmas Eve, 3 (5) July."""
    years = np.arange(_EARLY_CLOSE_RULES_FROM, 2061)
    thanksgiving = _nth_weekday(years, 11, _THURSDAY, 4)
    christmas_eve = _date(years, 12, 24)
    third, fifth = _date(years, 7, 3), _date(years, 7, 5)
    # Independence Day on a Thursday made the Friday short until 2012, the Wednesday since.
    short_third = (weekdays(third) < _THURSDAY + 1) & ((weekdays(third) != _WEDNESDAY) | (years >= 2013))
    short_fifth = (weekdays(third) == _WEDNESDAY) & (years < 2013)
    parts = (
        thanksgiving + 1,
        christmas_eve[weekdays(christmas_eve) <= _THURSDAY],
        third[short_third],
        fifth[short_fifth],
        np.array(_IRREGULAR_EARLY_CLOSES, "datetime64[D]"),
    )
    days: D8 = np.unique(np.concatenate(parts))
    days.flags.writeable = False
    return days


def _is_daylight(days: D8) -> B1:
    """Tell the days on daylight-saving time at noon."""
    if days.size == 0:
        return np.zeros(0, np.bool_)
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    first = int(years.min())
    starts, ends = _daylight_bounds(first, int(years.max()))
    row = years - first
    daylight: B1 = (days >= starts[row]) & (days < ends[row]) & (years >= _DAYLIGHT_RULES_FROM)
    return daylight


@cache
def _daylight_bounds(first: int, last: int) -> tuple[D8, D8]:
    """Return the first day of daylight-saving time and the first day after it, by year."""
    years = np.arange(first, last + 1)
    last_april = _last_sunday(years, 4)
    first_april = _nth_weekday(years, 4, _SUNDAY, 1)
    second_march = _nth_weekday(years, 3, _SUNDAY, 2)
    starts = np.where(years >= 2007, second_march, np.where(years >= 1987, first_april, last_april))
    starts[years == 1974] = np.datetime64("1974-01-06")
    starts[years == 1975] = np.datetime64("1975-02-23")
    ends = np.where(years >= 2007, _nth_weekday(years, 11, _SUNDAY, 1), _last_sunday(years, 10))
    return starts, ends


def _date(years: I8, month: int, day: int) -> D8:
    months = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    days: D8 = months.astype("datetime64[D]") + (day - 1)
    return days


def _nth_weekday(years: I8, month: int, weekday: int, nth: int) -> D8:
    first = _date(years, month, 1)
    days: D8 = first + (weekday - weekdays(first)) % 7 + 7 * (nth - 1)
    return days


def _last_sunday(years: I8, month: int) -> D8:
    last = month_ends(_date(years, month, 1))
    days: D8 = last - (weekdays(last) - _SUNDAY) % 7
    return days
