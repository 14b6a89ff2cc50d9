"""When quotes that carry only a date were taken, and whether a date is a session at all."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from alvh.market.sessions import Calendar, trading_calendar

_NEW_YORK = ZoneInfo("America/New_York")


class SessionClock:
    """Sessions of the exchange and the conventional instant of undated quotes.

    Parameters
    ----------
    any_day : bool
        Accept every date as a session: for synthetic data whose calendar is only Monday to Friday.
    """

    def __init__(self, *, any_day: bool = False) -> None:
        self._any_day = any_day
        self._calendars: dict[int, Calendar] = {}

    def is_session(self, day: date) -> bool:
        """Whether the exchange was open, or every day counts."""
        return self._any_day or self._open(day)

    def snapshot(self, day: date) -> int:
        """Seconds since 1970 UTC of 16:15 New York, 13:15 on early closes."""
        if self._open(day):
            return int(self._calendar(day).snapshot_instant(day).timestamp())
        return int(datetime.combine(day, time(16, 15), _NEW_YORK).timestamp())

    def session_on_or_before(self, day: date) -> date:
        """Return the day itself where the exchange was open, else the last session before it."""
        return day if self._open(day) else self._calendar(day).previous(day)

    def _open(self, day: date) -> bool:
        return self._calendar(day).is_session(day)

    def _calendar(self, day: date) -> Calendar:
        decade = day.year // 10
        if decade not in self._calendars:
            # A margin on both sides, because a neighbour of the first or last day may be asked for.
            self._calendars[decade] = trading_calendar(date(decade * 10 - 1, 1, 1), date(decade * 10 + 10, 12, 31))
        return self._calendars[decade]
