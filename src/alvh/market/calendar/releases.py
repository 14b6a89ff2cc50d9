"""Release days of CPI, PPI and GDP: the days that are known, and rules, labelled, where they are not.

* CPI 2015 to July 2026: the days of the Bureau of Labor Statistics. On the calendar from 1 December of the year before
  (the Bureau publishes in autumn); the days that shutdowns moved in 2025 and 2026 are known from the announcement.
* CPI otherwise: the Tuesday, Wednesday or Thursday nearest to the 12th; before 2017 the weekday nearest to the 16th.
  Within one day of 73 % of the releases of 2017-2026.
* PPI: the session before the CPI. GDP: the last Thursday of a month (before 24 December), advance in the month after
  the quarter, then second and third.

A day brought by a user (``CPI.RELEASE``, ``PPI.RELEASE``, ``GDP.RELEASE``) counts from its own moment on and replaces
the guess for its month.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import numpy as np

from alvh.core.arrays import D8, I8
from alvh.market.calendar.events import NEVER, Events, events, merged
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar
from alvh.market.wall_clock import eastern_instants, month_ends, weekdays

__all__ = ["Release", "release_days"]


class Release(StrEnum):
    """A statistical release at 08:30 New York."""

    CPI = "CPI"
    PPI = "PPI"
    GDP = "GDP"

    @property
    def series(self) -> str:
        """Series of true release days in a store."""
        return f"{self.value}.RELEASE"


_AT_0830, _AT_1200 = 510, 720
_FRIDAY, _THURSDAY, _TUESDAY = 4, 3, 1

# Month and day of the releases of each year. Source: U.S. Bureau of Labor Statistics, release calendars.
_CPI = {
    2015: "0116 0226 0324 0417 0522 0618 0717 0819 0916 1015 1117 1215",
    2016: "0120 0219 0316 0414 0517 0616 0715 0816 0916 1018 1117 1215",
    2017: "0118 0215 0315 0414 0512 0614 0714 0811 0914 1013 1115 1213",
    2018: "0112 0214 0313 0411 0510 0612 0712 0810 0913 1011 1114 1212",
    2019: "0111 0213 0312 0410 0510 0612 0711 0813 0912 1010 1113 1211",
    2020: "0114 0213 0311 0410 0512 0610 0714 0812 0911 1013 1112 1210",
    2021: "0113 0210 0310 0413 0512 0610 0713 0811 0914 1013 1110 1210",
    2022: "0112 0210 0310 0412 0511 0610 0713 0810 0913 1013 1110 1213",
    2023: "0112 0214 0314 0412 0510 0613 0712 0810 0913 1012 1114 1212",
    2024: "0111 0213 0312 0410 0515 0612 0711 0814 0911 1010 1113 1211",
    2025: "0115 0212 0312 0410 0513 0611 0715 0812 0911 1015 1113 1210",
    2026: "0113 0211 0311 0410 0512 0610 0714",
}
# Scheduled day, the day it was moved to (None: never released), and the day on which that was said.
_MOVED = (
    ("2025-10-15", "2025-10-24", "2025-10-10"),
    ("2025-11-13", None, "2025-11-13"),
    ("2025-12-10", "2025-12-18", "2025-11-21"),
    ("2026-02-11", "2026-02-13", "2026-02-04"),
)


def release_days(release: Release, first: date, last: date, imported: Series | None = None) -> Events:
    """List the releases of one statistic in the months from `first` to `last`.

    Parameters
    ----------
    imported : Series, optional
        True days: one row per release, known at the release.
    """
    months = np.arange(
        np.datetime64(first.isoformat(), "M"), np.datetime64(last.isoformat(), "M") + np.timedelta64(1, "M")
    )
    listed = []
    if release is Release.CPI:
        days = _cpi_days(months)
        listed = _cpi_listed(days)
        months = months[~np.isin(months, days.astype("datetime64[M]"))]
    guess = _guessed(release, months)
    actual = imported.known_at if imported is not None else np.zeros(0, "datetime64[s]")
    actual = actual[np.isin(actual.astype("datetime64[M]"), months)]
    withdrawn = np.full(guess.size, NEVER)
    _, theirs, ours = np.intersect1d(actual.astype("datetime64[M]"), months, return_indices=True)
    withdrawn[ours] = actual[theirs]
    by_rule = events(
        guess, eastern_instants(guess, _AT_0830), announced=_announced(guess), withdrawn=withdrawn, by_rule=True
    )
    return merged([*listed, by_rule, events(actual.astype("datetime64[D]"), actual, announced=actual)])


def _cpi_days(months: D8) -> D8:
    """Return the scheduled days of the listed months among some."""
    text = [f"{year}-{day[:2]}-{day[2:]}" for year, days in _CPI.items() for day in days.split()]
    days = np.array(text, "datetime64[D]")
    kept: D8 = days[np.isin(days.astype("datetime64[M]"), months)]
    return kept


def _cpi_listed(days: D8) -> list[Events]:
    withdrawn = np.full(days.size, NEVER)
    moved: list[Events] = []
    for scheduled, instead, said in _MOVED:
        instant = eastern_instants(np.array([said], "datetime64[D]"), _AT_0830)
        gone = days == np.datetime64(scheduled)
        withdrawn[gone] = instant
        if instead is not None and gone.any():
            day = np.array([instead], "datetime64[D]")
            moved.append(events(day, eastern_instants(day, _AT_0830), announced=instant))
    return [events(days, eastern_instants(days, _AT_0830), announced=_announced(days), withdrawn=withdrawn), *moved]


def _announced(days: D8) -> D8:
    """Return 1 December of the year before each day."""
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970 - 1
    text = [f"{year}-12-01" for year in years.tolist()]
    instants: D8 = np.array(text, "datetime64[D]").astype("datetime64[s]")
    return instants


def _guessed(release: Release, months: D8) -> D8:
    starts = months.astype("datetime64[D]")
    if starts.size == 0:
        return starts
    if release is Release.GDP:
        return _last_thursdays(starts)
    early = starts < np.datetime64("2017-01-01")
    usual = np.where(early, _nearest(starts + 15, 0, _FRIDAY), _nearest(starts + 11, _TUESDAY, _THURSDAY))
    days: D8 = _on_or_before(usual)
    return _on_or_before(days - 1) if release is Release.PPI else days


def _nearest(days: D8, low: int, high: int) -> D8:
    """Return the day between two weekdays that is nearest; the earlier of two."""
    moved = days.copy()
    for shift in (-1, 1, -2, 2, -3, 3):
        odd = (weekdays(moved) < low) | (weekdays(moved) > high)
        moved = np.where(odd, days + shift, moved)
    return moved


def _last_thursdays(starts: D8) -> D8:
    ends: D8 = month_ends(starts)
    december: I8 = starts.astype("datetime64[M]").astype(np.int64) % 12
    ends = np.where(december == 11, starts + 22, ends)
    return _on_or_before(ends - ((weekdays(ends) - _THURSDAY) % 7).astype("timedelta64[D]"))


def _on_or_before(days: D8) -> D8:
    calendar = trading_calendar(days.min().item(), days.max().item())
    found: D8 = calendar.sessions[np.searchsorted(calendar.sessions, days, side="right") - 1]
    return found
