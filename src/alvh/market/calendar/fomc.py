"""FOMC decisions and minutes: the Federal Reserve's dates of 1994-2026, and a rule that continues them.

1. Decisions were not announced before 1994; no meeting before is an event.
2. Scheduled meetings are on the calendar from 1 October of the year before. The Federal Reserve publishes them in
   summer, so this errs late.
3. Unscheduled decisions are known from their statement. The meeting of 2020-03-18 was on the calendar until the
   decision of Sunday 2020-03-15 replaced it.
4. After the last listed year eight meetings are placed on the Wednesdays nearest to their usual days, labelled. Over
   2013-2026 that meets 91 of 112 scheduled days, and 110 within a week.
5. The statement came at 14:15 New York until the end of 2012, at 14:00 since March 2013; on meeting days of 2011-2012
   with a press conference at 12:30, here taken as 14:15.
6. Minutes are released three weeks after a decision at 14:00, since the meeting of December 2004; before that on the
   Thursday after the next meeting.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from alvh.core.arrays import D8, I8
from alvh.market.calendar.events import NEVER, Events, events, merged
from alvh.market.series import Series
from alvh.market.wall_clock import eastern_instants, weekdays

__all__ = ["fomc_meetings", "fomc_minutes"]

# Month and day of the scheduled decisions of each year. Source: Federal Reserve, FOMC meeting calendars.
_SCHEDULED = {
    1994: "0204 0322 0517 0706 0816 0927 1115 1220",
    1995: "0201 0328 0523 0706 0822 0926 1115 1219",
    1996: "0131 0326 0521 0703 0820 0924 1113 1217",
    1997: "0205 0325 0520 0702 0819 0930 1112 1216",
    1998: "0204 0331 0519 0701 0818 0929 1117 1222",
    1999: "0203 0330 0518 0630 0824 1005 1116 1221",
    2000: "0202 0321 0516 0628 0822 1003 1115 1219",
    2001: "0131 0320 0515 0627 0821 1002 1106 1211",
    2002: "0130 0319 0507 0626 0813 0924 1106 1210",
    2003: "0129 0318 0506 0625 0812 0916 1028 1209",
    2004: "0128 0316 0504 0630 0810 0921 1110 1214",
    2005: "0202 0322 0503 0630 0809 0920 1101 1213",
    2006: "0131 0328 0510 0629 0808 0920 1025 1212",
    2007: "0131 0321 0509 0628 0807 0918 1031 1211",
    2008: "0130 0318 0430 0625 0805 0916 1029 1216",
    2009: "0128 0318 0429 0624 0812 0923 1104 1216",
    2010: "0127 0316 0428 0623 0810 0921 1103 1214",
    2011: "0126 0315 0427 0622 0809 0921 1102 1213",
    2012: "0125 0313 0425 0620 0801 0913 1024 1212",
    2013: "0130 0320 0501 0619 0731 0918 1030 1218",
    2014: "0129 0319 0430 0618 0730 0917 1029 1217",
    2015: "0128 0318 0429 0617 0729 0917 1028 1216",
    2016: "0127 0316 0427 0615 0727 0921 1102 1214",
    2017: "0201 0315 0503 0614 0726 0920 1101 1213",
    2018: "0131 0321 0502 0613 0801 0926 1108 1219",
    2019: "0130 0320 0501 0619 0731 0918 1030 1211",
    2020: "0129 0318 0429 0610 0729 0916 1105 1216",
    2021: "0127 0317 0428 0616 0728 0922 1103 1215",
    2022: "0126 0316 0504 0615 0727 0921 1102 1214",
    2023: "0201 0322 0503 0614 0726 0920 1101 1213",
    2024: "0131 0320 0501 0612 0731 0918 1107 1218",
    2025: "0129 0319 0507 0618 0730 0917 1029 1210",
    2026: "0128 0318 0506 0617 0729 0916 1028 1209",
}
# Day and New York minute of the statement.
_UNSCHEDULED = (
    ("1994-04-18", 10 * 60 + 6),
    ("1998-10-15", 15 * 60 + 15),
    ("2001-01-03", 13 * 60 + 13),
    ("2001-04-18", 10 * 60 + 54),
    ("2001-09-17", 8 * 60 + 20),
    ("2007-08-17", 8 * 60 + 15),
    ("2008-01-22", 8 * 60 + 30),
    ("2008-10-08", 7 * 60),
    ("2020-03-03", 10 * 60),
    ("2020-03-15", 17 * 60),
)
_CANCELLED = {"2020-03-18": "2020-03-15"}
_USUAL_DAYS = ((1, 29), (3, 18), (5, 2), (6, 15), (7, 29), (9, 18), (11, 1), (12, 13))
_WEDNESDAY, _THURSDAY = 2, 3
_AT_1400, _AT_1415, _AT_1700 = 14 * 60, 14 * 60 + 15, 17 * 60
_AT_1400_FROM = np.datetime64("2013-03-01")
_ON_CALENDAR = "10-01"
_THREE_WEEKS = 21
_PROMPT_MINUTES_FROM = np.datetime64("2004-12-01")


def fomc_meetings(last: date, imported: Series | None = None) -> Events:
    """List FOMC decisions from 1994 to the end of a year.

    Parameters
    ----------
    last : date
        The calendar reaches to the end of this date's year, by rule where the days are not listed.
    imported : Series, optional
        ``FOMC``, decision days of a user's store. Those after the listed years count from their statement on, in place
        of the rule's guess within three weeks.
    """
    days = _listed_days()
    final = int(max(_SCHEDULED))
    listed = _scheduled(days)
    parts = [listed, _unscheduled()]
    if last.year > final:
        parts += _continued(np.arange(final + 1, last.year + 1), imported)
    return merged(parts)


def fomc_minutes(meetings: Events) -> Events:
    """List the releases of the minutes of scheduled meetings, three weeks after each at 14:00; see the module."""
    # The minutes of 2020-03-15 came three weeks after the planned day; a guess that was wrong does not count.
    unscheduled = np.isin(meetings.day, np.array([day for day, _ in _UNSCHEDULED], "datetime64[D]"))
    kept = ~unscheduled & (~meetings.by_rule | (meetings.withdrawn == NEVER))
    day, by_rule = meetings.day[kept], meetings.by_rule[kept]
    prompt: D8 = day + _THREE_WEEKS
    following = np.append(day[1:], day[-1:] + 42)
    slow: D8 = following + ((_THURSDAY - weekdays(following)) % 7).astype("timedelta64[D]")
    released = np.where(day >= _PROMPT_MINUTES_FROM, prompt, slow)
    # They are on the calendar once the meeting (before 2005 the next one) has been held.
    held = np.where(day >= _PROMPT_MINUTES_FROM, day, following)
    announced = eastern_instants(held, _AT_1700)
    found = events(released, eastern_instants(released, _AT_1400), announced=announced)
    return Events(
        day=found.day,
        instant=found.instant,
        announced=found.announced,
        withdrawn=found.withdrawn,
        by_rule=by_rule,
    )


def _listed_days() -> D8:
    text = [f"{year}-{day[:2]}-{day[2:]}" for year, days in _SCHEDULED.items() for day in days.split()]
    return np.array(text, "datetime64[D]")


def _scheduled(days: D8) -> Events:
    withdrawn = np.full(days.size, NEVER)
    for day, called_off in _CANCELLED.items():
        withdrawn[days == np.datetime64(day)] = eastern_instants(np.array([called_off], "datetime64[D]"), _AT_1700)
    return events(days, _statements(days), announced=_on_calendar(days), withdrawn=withdrawn)


def _unscheduled() -> Events:
    days = np.array([day for day, _ in _UNSCHEDULED], "datetime64[D]")
    instants = np.concatenate([eastern_instants(days[row : row + 1], at) for row, (_, at) in enumerate(_UNSCHEDULED)])
    return events(days, instants, announced=instants)


def _statements(days: D8) -> D8:
    instants: D8 = np.where(days >= _AT_1400_FROM, eastern_instants(days, _AT_1400), eastern_instants(days, _AT_1415))
    return instants


def _on_calendar(days: D8) -> D8:
    """Return 1 October of the year before each day."""
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970 - 1
    before = np.array([f"{year}-{_ON_CALENDAR}" for year in years.tolist()], "datetime64[D]")
    instants: D8 = before.astype("datetime64[s]")
    return instants


def _continued(years: I8, imported: Series | None) -> list[Events]:
    """Place meetings by rule, and take those a user imported from their statement on."""
    usual = np.array([f"{year}-{month:02d}-{day:02d}" for year in years for month, day in _USUAL_DAYS], "datetime64[D]")
    guess: D8 = usual + ((_WEDNESDAY - weekdays(usual) + 3) % 7 - 3).astype("timedelta64[D]")
    first = np.datetime64(f"{int(years[0])}-01-01")
    actual = imported.period[imported.period >= first] if imported is not None else guess[:0]
    instants = _statements(actual)
    withdrawn = np.full(guess.size, NEVER)
    for day, instant in zip(actual, instants, strict=True):
        near = np.abs((guess - day).astype(np.int64)) <= _THREE_WEEKS
        withdrawn[near] = np.minimum(withdrawn[near], instant)
    by_rule = events(guess, _statements(guess), announced=_on_calendar(guess), withdrawn=withdrawn, by_rule=True)
    return [by_rule, events(actual, instants, announced=instants)]
