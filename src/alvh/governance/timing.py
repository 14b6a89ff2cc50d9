"""G-TIMING: no order in an auction or within minutes of an event.

A snapshot that carries only a date is taken at 16:15 New York (13:15 on early closes) by convention; whether an event
was near cannot be checked then, and the ground of the order says so. Events are FOMC statements and minutes and the
releases of CPI, PPI and GDP; auctions are the opening and the closing one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

import numpy as np

from alvh.core.arrays import I8
from alvh.governance.parameters import TimingParameters
from alvh.market.calendar import Release, fomc_meetings, fomc_minutes, release_days
from alvh.market.sessions import trading_calendar
from alvh.market.view import View

__all__ = ["NOT_CHECKABLE", "timing_objection"]

NOT_CHECKABLE = "G-TIMING: not checkable, the quotes carry only a date"
_MINUTE = 60


def timing_objection(view: View, numbers: TimingParameters) -> str | None:
    """Say which event or auction is too near to the snapshot, or None; a date-only snapshot is never too near."""
    if not view.timed:
        return None
    asof = int(view.asof.timestamp())
    name, instant = _nearest(asof, view.session.year)
    if abs(asof - instant) <= numbers.event_minutes.value * _MINUTE:
        return f"G-TIMING: {name} at {_told(instant)} is within {numbers.event_minutes.value} minutes"
    for word, at in _auctions(view.session):
        if abs(asof - at) <= numbers.auction_minutes.value * _MINUTE:
            return f"G-TIMING: the {word} auction at {_told(at)} is within {numbers.auction_minutes.value} minutes"
    return None


def _nearest(asof: int, year: int) -> tuple[str, int]:
    instants, names = _events(year)
    place = int(np.searchsorted(instants, asof))
    around = range(max(place - 1, 0), min(place + 1, instants.size))
    best = min(around, key=lambda row: abs(int(instants[row]) - asof))
    return names[best], int(instants[best])


@lru_cache(maxsize=64)
def _events(year: int) -> tuple[I8, tuple[str, ...]]:
    """Return instants of a year's events, seconds since 1970 UTC, ascending, and their names."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: list[tuple[int, str]] = []
    meetings = fomc_meetings(last)
    kinds = [("the FOMC statement", meetings), ("the FOMC minutes release", fomc_minutes(meetings))]
    kinds += [(f"the release of {release.value}", release_days(release, first, last)) for release in Release]
    for name, listed in kinds:
        kept = listed.instant[listed.withdrawn > listed.instant]
        found += [(int(instant), name) for instant in kept.astype("datetime64[s]").astype(np.int64)]
    found.sort()
    return np.array([instant for instant, _ in found], np.int64), tuple(name for _, name in found)


def _auctions(session: date) -> tuple[tuple[str, int], ...]:
    calendar = trading_calendar(session, session)
    row = int(np.searchsorted(calendar.sessions, np.datetime64(session)))
    if row >= calendar.sessions.size or calendar.sessions[row] != np.datetime64(session):
        return ()
    return ("opening", int(calendar.opens[row])), ("closing", int(calendar.closes[row]))


def _told(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant, tz=UTC):%H:%M} UTC"
