"""When quotes that carry only a date were taken, and whether a date is a session at all."""

from __future__ import annotations

from datetime import date, datetime, time

from alvh.market.sessions import NEW_YORK, trading_calendar


class SessionClock:
    """Sessions of the exchange and the conventional instant of undated quotes.

    Parameters
    ----------
    any_day : bool
        Accept every date as a session: for synthetic data whose calendar is only Monday to Friday.
    """

    def __init__(self, *, any_day: bool = False) -> None:
        self._any_day = any_day

    def is_session(self, day: date) -> bool:
        """Whether the exchange was open, or every day counts."""
        return self._any_day or trading_calendar(day, day).is_session(day)

    def snapshot(self, day: date) -> int:
        """Seconds since 1970 UTC of 16:15 New York, 13:15 on early closes."""
        calendar = trading_calendar(day, day)
        if calendar.is_session(day):
            return int(calendar.snapshot_instant(day).timestamp())
        return int(datetime.combine(day, time(16, 15), NEW_YORK).timestamp())

    def session_on_or_before(self, day: date) -> date:
        """Return the day itself where the exchange was open, else the last session before it."""
        return trading_calendar(day, day).on_or_before(day)
