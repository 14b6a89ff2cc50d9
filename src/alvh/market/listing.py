"""Which expiries were listed on a day, for markets whose chain is modelled.

Exchanges list an expiry some weeks or months before it, and by dated programmes: Friday weeklies, month ends,
Wednesdays, Mondays, then every day. A `Cycle` is one such programme: a pattern of dates and, by era, how many
calendar days ahead they were listed. The dates of the programmes are Cboe's; the depths were read off recorded
chains (January 2011, April to June 2019, 2022 and 2023 for SPX; June 2016 for VIX) and are approximate between.

A recorded chain lists what it lists; nothing here applies to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType

from alvh.core.errors import UsageError
from alvh.market.expiry_rules import (
    month_end_expiry,
    spx_monthly_expiry,
    vx_expiry_of_wednesday,
    vx_monthly_expiry,
    weekly_expiry,
)

__all__ = [
    "CYCLES",
    "Cycle",
    "is_listed",
    "listed_between",
    "listed_expiries",
    "listed_spx_expiries",
    "listed_vix_expiries",
    "listed_vx_expiries",
]

_MONTHS = tuple(range(1, 13))
_QUARTERLY = (3, 6, 9, 12)
_FEBRUARY_CYCLE = (2, 5, 8, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One listing programme of a root.

    Attributes
    ----------
    dates : callable
        Expiries of the programme that belong to a year; one may fall just outside it after a holiday.
    eras : tuple of (date, int)
        Ascending: from this date on, expiries up to so many calendar days ahead are listed.
    """

    dates: Callable[[int], Iterable[date]]
    eras: tuple[tuple[date, int], ...]

    def listed_from(self, expiry: date) -> date | None:
        """Return the first day an expiry of this programme is listed; None when it never is."""
        for place, (since, days) in enumerate(self.eras):
            first = max(since, expiry - timedelta(days=days))
            superseded = place + 1 < len(self.eras) and first >= self.eras[place + 1][0]
            if first < expiry and not superseded:
                return first
        return None


def _third_fridays(*months: int) -> Callable[[int], Iterable[date]]:
    return lambda year: [spx_monthly_expiry(year, month) for month in months]


def _month_ends(*months: int) -> Callable[[int], Iterable[date]]:
    return lambda year: [month_end_expiry(year, month) for month in months]


def _vx_months(*months: int) -> Callable[[int], Iterable[date]]:
    return lambda year: [vx_monthly_expiry(year, month) for month in months]


def _days_of(year: int, weekday: int) -> list[date]:
    first = date(year, 1, 1)
    first += timedelta(days=(weekday - first.weekday()) % 7)
    return [first + timedelta(days=7 * week) for week in range(53) if (first + timedelta(days=7 * week)).year == year]


def _weekly(weekday: int) -> Callable[[int], Iterable[date]]:
    return lambda year: [weekly_expiry(day) for day in _days_of(year, weekday)]


def _ordinary_fridays(year: int) -> Iterable[date]:
    # The third Friday is a programme of its own, under another root until 2017.
    return [weekly_expiry(day) for day in _days_of(year, 4) if not 15 <= day.day <= 21]


def _vx_weeks(year: int) -> Iterable[date]:
    found = {vx_expiry_of_wednesday(day) for day in _days_of(year, 2)}
    return found.difference(vx_monthly_expiry(year, month) for month in _MONTHS)


def _eras(*eras: tuple[date, int]) -> tuple[tuple[date, int], ...]:
    return eras


_EVERY_DAY = 35
_SPX_CYCLES = (
    Cycle(
        dates=_third_fridays(*_MONTHS),
        eras=_eras((date(1990, 1, 1), 105), (date(2012, 1, 1), 180), (date(2021, 1, 1), 400)),
    ),
    Cycle(
        dates=_third_fridays(*_QUARTERLY),
        eras=_eras((date(1990, 1, 1), 350), (date(2012, 1, 1), 455), (date(2021, 1, 1), 410)),
    ),
    Cycle(
        dates=_third_fridays(6),
        eras=_eras((date(1990, 1, 1), 540), (date(2012, 1, 1), 728), (date(2021, 1, 1), 600)),
    ),
    Cycle(dates=_third_fridays(12), eras=_eras((date(1990, 1, 1), 1090), (date(2021, 1, 1), 1900))),
)
_SPXW_CYCLES = (
    Cycle(
        dates=_ordinary_fridays,
        eras=_eras(
            (date(2010, 12, 2), 12),
            (date(2012, 11, 1), 35),
            (date(2014, 1, 15), 42),
            (date(2017, 1, 1), 70),
            (date(2021, 1, 1), 54),
        ),
    ),
    # PM-settled third Fridays traded as SPXPM until they took the root SPXW.
    Cycle(dates=_third_fridays(*_MONTHS), eras=_eras((date(2017, 5, 1), 178), (date(2021, 1, 1), 135))),
    Cycle(dates=_month_ends(*_MONTHS), eras=_eras((date(2014, 7, 7), 180))),
    Cycle(dates=_month_ends(*_QUARTERLY), eras=_eras((date(2014, 7, 7), 375), (date(2021, 1, 1), 330))),
    Cycle(dates=_weekly(2), eras=_eras((date(2016, 2, 23), 28), (date(2018, 1, 1), _EVERY_DAY))),
    Cycle(dates=_weekly(0), eras=_eras((date(2016, 8, 15), 14), (date(2018, 1, 1), _EVERY_DAY))),
    Cycle(dates=_weekly(1), eras=_eras((date(2022, 4, 18), _EVERY_DAY))),
    Cycle(dates=_weekly(3), eras=_eras((date(2022, 5, 11), _EVERY_DAY))),
)
_XSP_CYCLES = (
    Cycle(dates=_third_fridays(*_MONTHS), eras=_eras((date(2005, 10, 25), 105), (date(2013, 11, 5), 185))),
    Cycle(dates=_month_ends(*_MONTHS), eras=_eras((date(2014, 7, 7), 180))),
    Cycle(dates=_ordinary_fridays, eras=_eras((date(2014, 1, 15), 42))),
    Cycle(dates=_weekly(2), eras=_eras((date(2018, 1, 1), 28))),
    Cycle(dates=_weekly(0), eras=_eras((date(2018, 1, 1), 28))),
    Cycle(dates=_weekly(1), eras=_eras((date(2023, 1, 1), _EVERY_DAY))),
    Cycle(dates=_weekly(3), eras=_eras((date(2023, 1, 1), _EVERY_DAY))),
)
_VIX_CYCLES = (
    Cycle(
        dates=_vx_months(*_MONTHS),
        eras=_eras((date(2006, 2, 24), 100), (date(2010, 1, 1), 185), (date(2020, 1, 1), 280)),
    ),
    Cycle(dates=_vx_months(*_FEBRUARY_CYCLE), eras=_eras((date(2006, 2, 24), 270))),
)
_VX_MONTHLIES = 280
_FIVE_QUARTERS = 460

CYCLES: Mapping[str, tuple[Cycle, ...]] = MappingProxyType(
    {
        "SPX": _SPX_CYCLES,
        "SPXW": _SPXW_CYCLES,
        "XSP": _XSP_CYCLES,
        "VIX": _VIX_CYCLES,
        "VIXW": (Cycle(dates=_vx_weeks, eras=_eras((date(2015, 10, 8), 30), (date(2017, 1, 1), 42))),),
        "VX": (Cycle(dates=_vx_months(*_MONTHS), eras=_eras((date(2004, 3, 26), _VX_MONTHLIES))),),
        "VXM": (Cycle(dates=_vx_months(*_MONTHS), eras=_eras((date(2020, 8, 10), _VX_MONTHLIES))),),
        "ES": (Cycle(dates=_third_fridays(*_QUARTERLY), eras=_eras((date(1997, 9, 9), _FIVE_QUARTERS))),),
        "MES": (Cycle(dates=_third_fridays(*_QUARTERLY), eras=_eras((date(2019, 5, 6), _FIVE_QUARTERS))),),
    }
)
"""Listing programmes by root. VX and VXM without their weeklies, which this program does not trade."""

_DEEPEST: Mapping[str, int] = MappingProxyType(
    {root: max(days for cycle in cycles for _, days in cycle.eras) for root, cycles in CYCLES.items()}
)


def listed_expiries(root: str, session: date, max_days: int | None = None) -> tuple[date, ...]:
    """List the expiries of a root that can still be traded after a session, ascending.

    Parameters
    ----------
    root : str
        A root of `CYCLES`.
    session : date
        Expiries on the day itself are gone by the snapshot and are left out.
    max_days : int, optional
        Latest expiry, in calendar days from the session; default: all listed.

    Raises
    ------
    UsageError
        When no listing programme is known for the root.
    """
    deepest = _DEEPEST.get(root)
    if deepest is None:
        raise UsageError(
            f"No listing programme is known for the root {root!r}.", fix=f"Roots with one: {', '.join(CYCLES)}."
        )
    today = session.toordinal()
    last = today + (deepest if max_days is None else min(deepest, max_days))
    ordinals, first_days, expiries, sure = _between(root, session.year, date.fromordinal(last).year)
    start, stop = bisect_right(ordinals, today), bisect_right(ordinals, last)
    # Up to here everything is listed by today; beyond, some may not be.
    known = max(start, min(bisect_right(sure, today), stop))
    found = expiries[start:known]
    found += [expiries[row] for row in range(known, stop) if first_days[row] <= today]
    return tuple(found)


def listed_between(root: str, session: date, first: date, last: date) -> tuple[date, ...]:
    """List the expiries of a root from `first` to `last` that are listed on a session and lie after it, ascending."""
    ordinals, first_days, expiries, _ = _between(root, session.year, last.year)
    today = session.toordinal()
    start = bisect_right(ordinals, max(today, first.toordinal() - 1))
    stop = bisect_right(ordinals, min(last.toordinal(), today + _DEEPEST[root]))
    return tuple([expiries[row] for row in range(start, stop) if first_days[row] <= today])


def is_listed(root: str, session: date, expiry: date) -> bool:
    """Whether an expiry of a root is listed on a session and lies after it."""
    first = _first_days(root, expiry.year).get(expiry)
    today = session.toordinal()
    return first is not None and first <= today < expiry.toordinal() <= today + _DEEPEST[root]


@lru_cache(maxsize=512)
def _first_days(root: str, year: int) -> dict[date, int]:
    """First day of listing of each expiry of a year, by ordinal."""
    _, firsts, expiries, _ = _between(root, year, year)
    return dict(zip(expiries, firsts, strict=True))


def listed_spx_expiries(session: date, max_days: int | None = None) -> tuple[tuple[str, date], ...]:
    """List (root, expiry) of SPX and SPXW options after a session, ascending by expiry, SPX before SPXW."""
    return _merged(("SPX", "SPXW"), session, max_days)


def listed_vix_expiries(session: date, max_days: int | None = None) -> tuple[tuple[str, date], ...]:
    """List (root, expiry) of monthly (VIX) and weekly (VIXW) VIX options after a session, ascending by expiry.

    Weeklies carried the root VIX until the end of 2018; here they are always VIXW.
    """
    return _merged(("VIX", "VIXW"), session, max_days)


def listed_vx_expiries(session: date, max_days: int | None = None) -> tuple[date, ...]:
    """List the monthly VX settlement dates after a session, ascending: VX(1), VX(2), and so on."""
    return listed_expiries("VX", session, max_days)


def _merged(roots: tuple[str, ...], session: date, max_days: int | None) -> tuple[tuple[str, date], ...]:
    found = [(expiry, root) for root in roots for expiry in listed_expiries(root, session, max_days)]
    found.sort()
    return tuple([(root, expiry) for expiry, root in found])


@lru_cache(maxsize=16)
def _between(root: str, first_year: int, last_year: int) -> tuple[list[int], list[int], list[date], list[int]]:
    # A holiday can move an expiry of the first of January into the year before, so one year more is looked at.
    first_days: dict[date, date] = {}
    for year in range(first_year, last_year + 2):
        for expiry, first in _year(root, year):
            first_days[expiry] = min(first, first_days.get(expiry, first))
    expiries = sorted(first_days)
    ordinals, firsts = [day.toordinal() for day in expiries], [first_days[day].toordinal() for day in expiries]
    return ordinals, firsts, expiries, list(accumulate(firsts, max))


@lru_cache(maxsize=512)
def _year(root: str, year: int) -> tuple[tuple[date, date], ...]:
    found = ((expiry, cycle.listed_from(expiry)) for cycle in CYCLES[root] for expiry in cycle.dates(year))
    return tuple((expiry, first) for expiry, first in found if first is not None)
