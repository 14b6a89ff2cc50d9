"""From checked columns to series: order, duplicates, sessions, zeros, release times; what is kept out is a finding.

A value is kept, or kept out with a finding that says why, or the whole file is refused. No value is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np

from alvh.adapters.formats.words import SeriesRead
from alvh.adapters.series_reading import Column, Table
from alvh.core.arrays import B1, D8, F8, I8, frozen
from alvh.core.errors import RefusedError
from alvh.market.catalogue import Frequency, SeriesEntry, entry, share_entry
from alvh.market.quality import Defect, Finding
from alvh.market.release import known_at
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar

SESSIONS_FROM = date(1990, 1, 1)
"""Before this day the calendar of sessions is not consulted."""
_CALENDAR_TO = 2040
_NOT_A_SESSION = "not a session of the exchange; its values were left out."


@dataclass(kw_only=True)
class Harvest:
    """Series and findings gathered from one table.

    Attributes
    ----------
    source : str
        Format and file, the name under which the store keeps them.
    """

    table: Table
    source: str
    series: list[Series] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    outside: dict[str, set[date]] = field(default_factory=dict)

    def add(
        self, name: str, days: D8, column: Column, *, label: str, rows: I8 | None = None, share: bool = False
    ) -> None:
        """Add one series.

        Parameters
        ----------
        name : str
            Canonical name.
        days : (n,) datetime64[D] array
            Periods, in the order of the file.
        column : Column, n values
        label : str
            Column of the file, for messages.
        rows : (n,) array, optional
            Rows of the table where the values stand; the first n rows if left out.
        share : bool
            Whether a name that the catalogue does not know is a share's.
        """
        places = np.arange(days.size) if rows is None else rows
        order = self._order(name, days, places)
        period, value, present = days[order], column.value[order], column.present[order]
        place = places[order]
        known = share_entry(name) if share else entry(name, frequency_of(period))
        present = self._without_impossible(known, period, value, present, place, label)
        present = self._without_duplicates(known, period, value, present, place, label)
        if known.on_sessions:
            present = self._on_sessions(known, period, present)
        if present.any():
            self.series.append(make_series(known, period[present], value[present], self.source))

    def finding(self, subject: str, defect: Defect, days: D8, detail: str) -> None:
        """Record one finding about some days of one series."""
        session = days[0].astype(date) if days.size == 1 else None
        span = "" if days.size <= 1 else f" ({days.min()} .. {days.max()})"
        self.findings.append(
            Finding(subject=subject, defect=defect, session=session, count=int(days.size), detail=f"{detail}{span}")
        )

    def result(self) -> SeriesRead:
        """Return what the table gave.

        Raises
        ------
        RefusedError
            No value of the table could be kept.
        """
        for subject, dates in self.outside.items():
            kept_out = np.array(sorted(dates), "datetime64[D]")
            self.finding(
                subject, Defect.NOT_A_SESSION, kept_out, "days that are not sessions of the exchange; left out"
            )
        if not self.series:
            raise RefusedError(
                f"none of the {self.table.frame.height} rows holds a value that can be used.",
                where=self.table.where,
                fix="Check that the file is the one you meant.",
            )
        return SeriesRead(
            series=tuple(self.series),
            findings=tuple(self.findings),
            rows=self.table.frame.height,
            days_refused=tuple((day, _NOT_A_SESSION) for day in sorted(set().union(*self.outside.values()))),
        )

    def _order(self, name: str, days: D8, places: I8) -> I8:
        """Return the ascending order of a column that ascends or, newest first, descends; refuse any other."""
        step = np.diff(days).astype(np.int64)
        if (step >= 0).all():
            return np.arange(days.size)
        if (step <= 0).all():
            return np.arange(days.size)[::-1]
        direction = 1 if (step > 0).sum() >= (step < 0).sum() else -1
        at = int(np.argmax(step * direction < 0)) + 1
        raise RefusedError(
            f"dates out of order: {days[at]} comes after {days[at - 1]} in {name}.",
            where=f"{self.table.where}, line {int(self.table.line[places[at]])}",
            fix="Sort the file by date and make sure that it was not joined from two; nothing of it was kept.",
        )

    def _without_impossible(self, known: SeriesEntry, period: D8, value: F8, present: B1, place: I8, label: str) -> B1:
        negative = present & (value < 0.0) & known.positive
        if negative.any():
            row = int(np.argmax(negative))
            raise RefusedError(
                f"{known.name} is {value[row]:g} on {period[row]}, and {known.unit} cannot be negative.",
                where=self.table.place(int(place[row]), label),
                fix="Correct the cell or fetch the file again; nothing of it was kept.",
            )
        zero = present & (value == 0.0) & known.positive
        if zero.any():
            self.finding(known.name, Defect.MISSING_VALUE, period[zero], "a zero that stands for no value; left out")
        low, high = known.plausible
        odd = present & ~zero & ((value < low) | (value > high))
        if odd.any():
            detail = f"outside {low:g} to {high:g} {known.unit}; left out"
            self.finding(known.name, Defect.IMPLAUSIBLE, period[odd], detail)
        kept: B1 = present & ~zero & ~odd
        return kept

    def _without_duplicates(self, known: SeriesEntry, period: D8, value: F8, present: B1, place: I8, label: str) -> B1:
        rows = np.flatnonzero(present)
        again = period[rows][1:] == period[rows][:-1]
        if not again.any():
            return present
        first, second = rows[:-1][again], rows[1:][again]
        differs = value[first] != value[second]
        if differs.any():
            at = int(np.argmax(differs))
            one, two = value[first[at]], value[second[at]]
            raise RefusedError(
                f"{known.name} has two values on {period[first[at]]}: {one:g} and {two:g}.",
                where=self.table.place(int(place[max(first[at], second[at])]), label),
                fix="Keep the right one; nothing of the file was kept.",
            )
        self.finding(known.name, Defect.DUPLICATE, period[second], "the same value twice; kept once")
        kept = present.copy()
        kept[second] = False
        return kept

    def _on_sessions(self, known: SeriesEntry, period: D8, present: B1) -> B1:
        outside = present & ~are_sessions(period)
        if outside.any():
            subject = known.name.split("/")[0].split(".")[0]
            self.outside.setdefault(subject, set()).update(period[outside].tolist())
        kept: B1 = present & ~outside
        return kept


def make_series(known: SeriesEntry, period: D8, value: F8, source: str) -> Series:
    """Give values their release times by the catalogue; the arrays become read-only."""
    return stamped(known, period, known_at(known.release, period), value, source)


def stamped(known: SeriesEntry, period: D8, instants: D8, value: F8, source: str) -> Series:
    """Make a series from values with their release times, ascending by release and then by period."""
    order = np.lexsort((period, instants))
    columns = (period[order].astype("datetime64[D]"), instants[order].astype("datetime64[s]"), value[order])
    for column in columns:
        frozen(column)
    return Series(
        name=known.name, unit=known.unit, period=columns[0], known_at=columns[1], value=columns[2], source=source
    )


def are_sessions(days: D8) -> B1:
    """Tell which days are sessions; days before 1990 pass."""
    offset = (days - np.datetime64(SESSIONS_FROM)).astype(np.int64)
    last_year = int(days.max().astype("datetime64[Y]").astype(np.int64)) + 1970 if days.size else 0
    table = _session_table(max(last_year, _CALENDAR_TO))
    passed: B1 = (offset < 0) | table[np.maximum(offset, 0)]
    return passed


@cache
def _session_table(last_year: int) -> B1:
    """Tell for each day from 1990 to the end of a year whether it is a session."""
    last = date(last_year, 12, 31)
    calendar = trading_calendar(SESSIONS_FROM, last)
    table = np.zeros((last - SESSIONS_FROM).days + 1, np.bool_)
    within = calendar.sessions[
        (calendar.sessions >= np.datetime64(SESSIONS_FROM)) & (calendar.sessions <= np.datetime64(last))
    ]
    table[(within - np.datetime64(SESSIONS_FROM)).astype(np.int64)] = True
    return table


def frequency_of(period: D8) -> Frequency:
    """Tell how often a stranger has a value, from the middle gap between its days."""
    if period.size < 2:
        return Frequency.IRREGULAR
    gap = float(np.median(np.abs(np.diff(period).astype(np.int64))))
    limits = ((4.0, Frequency.DAILY), (10.0, Frequency.WEEKLY), (45.0, Frequency.MONTHLY), (100.0, Frequency.QUARTERLY))
    return next((name for limit, name in limits if gap <= limit), Frequency.IRREGULAR)
