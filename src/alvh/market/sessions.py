"""Trading sessions of the New York exchanges, their early closes, and the instants of a day.

`exchange_calendars` knows the holidays. It brings pandas with it, so it is imported only when the first calendar
is made; from then on a calendar is a few arrays, kept between processes under the package's version. The calendar
is XNYS, because that of the Cboe in the same package lacks early closes.

A calendar tells the whole truth as known now: a day of mourning declared a week before is already a holiday in
every earlier listing of expiries.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from alvh.core.arrays import B1, D8, I8, frozen
from alvh.core.cache import kept_arrays
from alvh.core.errors import UsageError

__all__ = ["NEW_YORK", "Calendar", "trading_calendar"]

NEW_YORK: Final = ZoneInfo("America/New_York")
"""Clock of all the exchanges concerned."""

_SHARED_FIRST: Final = 1990
_SHARED_LAST: Final = 2045
_EARLIEST: Final = 1928
_LATEST: Final = 2200
_AFTER_CLOSE: Final = 15 * 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """Sessions between two dates, ascending; made by `trading_calendar`.

    Attributes
    ----------
    first, last : date
        Whole range covered, sessions or not; questions outside it are refused.
    sessions : (n,) datetime64[D] array
    opens, closes : (n,) array, seconds since 1970 UTC
    early : (n,) array of bool
        Sessions that close before 16:00 New York time.
    count_before : (days + 1,) array
        Number of sessions strictly before the day at this offset from `first`.
    """

    first: date
    last: date
    sessions: D8
    opens: I8
    closes: I8
    early: B1
    count_before: I8

    def _offset(self, day: date) -> int:
        offset = day.toordinal() - self.first.toordinal()
        if not 0 <= offset < len(self.count_before) - 1:
            raise UsageError(
                f"{day} is outside the trading calendar {self.first}..{self.last}.",
                fix="Ask trading_calendar for a range that holds it.",
            )
        return offset

    def _row(self, session: date) -> int:
        offset = self._offset(session)
        row = int(self.count_before[offset])
        if int(self.count_before[offset + 1]) == row:
            raise UsageError(
                f"{session} ({session:%A}) is not a trading session.",
                fix=f"The session before it is {self.previous(session)}.",
            )
        return row

    def _at(self, row: int, day: date, steps: int) -> date:
        if not 0 <= row < len(self.sessions):
            raise UsageError(
                f"{steps:+d} sessions from {day} leaves the trading calendar {self.first}..{self.last}.",
                fix="Ask trading_calendar for a wider range.",
            )
        found: date = self.sessions[row].item()
        return found

    def is_session(self, day: date) -> bool:
        """Whether the exchange trades on a day."""
        offset = self._offset(day)
        return bool(self.count_before[offset + 1] > self.count_before[offset])

    def next(self, day: date, n: int = 1) -> date:
        """Return the n-th session after a day, which need not be a session itself."""
        _positive(n)
        return self._at(int(self.count_before[self._offset(day) + 1]) + n - 1, day, n)

    def previous(self, day: date, n: int = 1) -> date:
        """Return the n-th session before a day, which need not be a session itself."""
        _positive(n)
        return self._at(int(self.count_before[self._offset(day)]) - n, day, -n)

    def on_or_before(self, day: date) -> date:
        """Return the day itself when it is a session, else the session before it."""
        return self._at(int(self.count_before[self._offset(day) + 1]) - 1, day, -1)

    def on_or_after(self, day: date) -> date:
        """Return the day itself when it is a session, else the session after it."""
        return self._at(int(self.count_before[self._offset(day)]), day, 1)

    def count(self, after: date, until: date) -> int:
        """Count the sessions in (after, until]; negative when `until` lies before `after`."""
        return int(self.count_before[self._offset(until) + 1] - self.count_before[self._offset(after) + 1])

    def between(self, first: date, last: date) -> D8:
        """Return the sessions in [first, last] as a read-only datetime64[D] array."""
        return self.sessions[self.count_before[self._offset(first)] : self.count_before[self._offset(last) + 1]]

    def open_instant(self, session: date) -> datetime:
        """Return the opening of a session, aware UTC."""
        return _instant(int(self.opens[self._row(session)]))

    def close_instant(self, session: date) -> datetime:
        """Return the close of a session, aware UTC; 13:00 New York time on early closes."""
        return _instant(int(self.closes[self._row(session)]))

    def is_early_close(self, session: date) -> bool:
        """Whether a session closes before 16:00 New York time."""
        return bool(self.early[self._row(session)])

    def snapshot_instant(self, session: date) -> datetime:
        """Return the instant a snapshot is taken at when it carries only a date (rule G-TIMING), aware UTC.

        A quarter of an hour after the close of shares: 16:15 New York time, 13:15 on early closes.
        """
        return _instant(int(self.closes[self._row(session)]) + _AFTER_CLOSE)


def trading_calendar(start: date, end: date) -> Calendar:
    """Return a calendar that covers [start, end]; repeated calls share it.

    The range is widened to whole years and to at least 1990-2045, so that nearly every caller gets the same object.

    Raises
    ------
    UsageError
        When `end` lies before `start` or the range leaves 1928-2200.
    """
    if end < start:
        raise UsageError(f"A calendar from {start} to {end} runs backwards.", fix="Swap start and end.")
    if start.year < _EARLIEST or end.year > _LATEST:
        raise UsageError(
            f"A calendar from {start} to {end} leaves the years {_EARLIEST}-{_LATEST}.",
            fix="Check the dates; a two-digit year may have been misread.",
        )
    return _whole_years(min(start.year, _SHARED_FIRST), max(end.year, _SHARED_LAST))


@lru_cache(maxsize=8)
def _whole_years(first_year: int, last_year: int) -> Calendar:
    name = f"XNYS-{first_year}-{last_year}-{version('exchange_calendars')}"
    kept = kept_arrays(name, lambda: _columns(first_year, last_year))
    for column in kept.values():
        frozen(column)
    return Calendar(
        first=date(first_year, 1, 1),
        last=date(last_year, 12, 31),
        sessions=kept["sessions"],
        opens=kept["opens"],
        closes=kept["closes"],
        early=kept["early"],
        count_before=kept["count_before"],
    )


def _columns(first_year: int, last_year: int) -> dict[str, NDArray[Any]]:
    # Imported here: it loads pandas, which costs more than everything else at start-up.
    from exchange_calendars import get_calendar  # noqa: PLC0415

    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    with warnings.catch_warnings():
        # The package itself uses what pandas 3.1 announces to change; a caller can do nothing about it.
        warnings.simplefilter("ignore", DeprecationWarning)
        source = get_calendar("XNYS", start=first.isoformat(), end=last.isoformat())
    sessions = source.sessions.to_numpy().astype("datetime64[D]")
    days = np.zeros((last - first).days + 2, dtype=np.int64)
    days[(sessions - np.datetime64(first, "D")).astype(np.int64) + 1] = 1
    return {
        "sessions": sessions,
        "opens": _seconds(source.opens),
        "closes": _seconds(source.closes),
        "early": np.isin(sessions, source.early_closes.to_numpy().astype("datetime64[D]")),
        "count_before": np.cumsum(days),
    }


def _seconds(instants: Any) -> I8:
    # A pandas series of aware instants; its zone must be taken off by name before numpy sees it.
    return np.asarray(instants.dt.tz_convert(None).to_numpy().astype("datetime64[s]").astype(np.int64))


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _positive(n: int) -> None:
    if n < 1:
        raise UsageError(f"A step of {n} sessions was asked for, at least 1 is needed.")
