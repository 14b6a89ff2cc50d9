"""Instants of quotes: the 15:45 mark, and the clock a web table prints above itself in the reader's language."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import polars as pl

from alvh.market.sessions import NEW_YORK, trading_calendar

_EARLY_MARK_SINCE = date(2020, 2, 1)
"""Until then the vendor's 15:45 column held no 12:45 quote on early closes."""

_MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fév", "fev", "fèb"),
    ("mar", "mär", "mrz"),
    ("apr", "abr", "avr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "ago", "aoû", "aou"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dic", "déc", "dez"),
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*([AP])?\.?M?\.?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+\-−–])\s*(\d{1,2})(?::(\d{2}))?")
_NAMED_ZONES = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "UTC": 0,
    "GMT": 0,
}


def afternoon_instants(sessions: pl.Series) -> pl.DataFrame:
    """Instant of the 15:45 mark for each distinct session: columns ``session`` and ``instant`` (seconds, UTC).

    12:45 on early closes since February 2020; null on earlier early closes, where the mark has no meaning.
    """
    days = [day for day in sessions.unique().sort().to_list() if day is not None]
    instants: list[int | None] = []
    for day in days:
        calendar = trading_calendar(day, day)
        early = calendar.is_session(day) and calendar.is_early_close(day)
        mark = time(12, 45) if early else time(15, 45)
        instants.append(None if early and day < _EARLY_MARK_SINCE else seconds(day, mark))
    return pl.DataFrame({"session": days, "instant": instants}, schema={"session": pl.Date, "instant": pl.Int64})


def seconds(day: date, clock: time) -> int:
    """Seconds since 1970 UTC of a New York wall-clock time."""
    return int(datetime.combine(day, clock, NEW_YORK).timestamp())


def read_clock(text: str) -> datetime | None:
    """Read a date with a clock such as ``23 de marzo de 2022, 10:11 GMT-4``; None where it cannot be read whole."""
    month, year, day, clock = _month(text), _year(text), _day_of_month(text), _CLOCK.search(text)
    if month is None or year is None or day is None or clock is None:
        return None
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].upper() == "P" else 0)
    try:
        return datetime(year, month, day, hour, int(clock[2]), tzinfo=_zone(text)).astimezone(UTC)
    except ValueError:
        return None


def _month(text: str) -> int | None:
    for word in re.findall(r"[^\W\d_]{3,}", text.lower()):
        for number, names in enumerate(_MONTHS, start=1):
            if word.startswith(names):
                return number
    return None


def _year(text: str) -> int | None:
    found = re.search(r"\b(20\d{2}|19\d{2})\b", text)
    return int(found[1]) if found else None


def _day_of_month(text: str) -> int | None:
    found = re.search(r"\b(\d{1,2})\b(?!:)", re.sub(r"\d{1,2}:\d{2}", "", text))
    return int(found[1]) if found else None


def _zone(text: str) -> timezone | ZoneInfo:
    offset = _OFFSET.search(text)
    if offset:
        sign = 1 if offset[1] == "+" else -1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0)))
    for word in re.findall(r"\b[A-Z]{3}\b", text):
        if word in _NAMED_ZONES:
            return timezone(timedelta(hours=_NAMED_ZONES[word]))
    return NEW_YORK
