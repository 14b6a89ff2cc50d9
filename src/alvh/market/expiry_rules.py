"""Expiry dates by rule: third Fridays for SPX, thirty days before them for VIX, holidays moving both.

1. SPX monthlies expire on the third Friday, or on the session before it when that Friday is a holiday.
2. VIX options and VX futures of a month expire on the Wednesday thirty days before the third Friday of the month
   after. When that Wednesday or that Friday is a holiday they expire on the session before that Wednesday.
3. VIX weeklies expire on the other Wednesdays, moved by the same two holidays.
4. SPX weeklies expire on their weekday; a holiday moves them to the session before, a Monday's to the one after.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from alvh.core.errors import UsageError
from alvh.market.sessions import Calendar, trading_calendar

__all__ = [
    "is_monthly_spx",
    "is_monthly_vx",
    "month_end_expiry",
    "spx_monthly_expiry",
    "third_friday",
    "vx_expiry_of_wednesday",
    "vx_monthly_expiry",
    "weekly_expiry",
]

_MONDAY, _WEDNESDAY, _FRIDAY = 0, 2, 4
_THIRTY_DAYS = timedelta(days=30)
_DECEMBER = 12


def _calendar(year: int) -> Calendar:
    return trading_calendar(date(year, 1, 1), date(year, 12, 31))


@lru_cache(maxsize=4096)
def third_friday(year: int, month: int) -> date:
    """Return the third Friday of a month, session or not."""
    if not 1 <= month <= _DECEMBER:
        raise UsageError(f"Month {month} of {year} does not exist; months run from 1 to 12.")
    fifteenth = date(year, month, 15)
    return fifteenth + timedelta(days=(_FRIDAY - fifteenth.weekday()) % 7)


@lru_cache(maxsize=4096)
def spx_monthly_expiry(year: int, month: int) -> date:
    """Return the standard expiry of SPX options in a month: the third Friday or the session before it."""
    return _calendar(year).on_or_before(third_friday(year, month))


@lru_cache(maxsize=4096)
def vx_monthly_expiry(year: int, month: int) -> date:
    """Return the final settlement date of VIX options and VX futures of a month.

    Notes
    -----
    The rule of today. In 2004 the exchange still used the Wednesday before the month's own third Friday, which
    differs for the contracts of July and October 2004: they settled on 2004-07-14 and 2004-10-13.

    References
    ----------
    .. [1] Cboe Futures Exchange, contract specifications of VX futures, "Final Settlement Date".
    """
    year_after, month_after = (year + 1, 1) if month == _DECEMBER else (year, month + 1)
    return vx_expiry_of_wednesday(third_friday(year_after, month_after) - _THIRTY_DAYS)


def vx_expiry_of_wednesday(wednesday: date) -> date:
    """Return the settlement date of the VIX contract that belongs to a Wednesday.

    The Wednesday itself, or the session before it when it or the Friday thirty days later is a holiday.
    """
    if wednesday.weekday() != _WEDNESDAY:
        raise UsageError(f"{wednesday} is a {wednesday:%A}; VIX contracts belong to a Wednesday.")
    friday = wednesday + _THIRTY_DAYS
    calendar = trading_calendar(wednesday, friday)
    if calendar.is_session(wednesday) and calendar.is_session(friday):
        return wednesday
    return calendar.previous(wednesday)


def weekly_expiry(day: date) -> date:
    """Return the expiry of the SPX weekly that belongs to a weekday: Monday holidays move on, others back."""
    calendar = _calendar(day.year)
    return calendar.on_or_after(day) if day.weekday() == _MONDAY else calendar.on_or_before(day)


@lru_cache(maxsize=4096)
def month_end_expiry(year: int, month: int) -> date:
    """Return the last session of a month, on which end-of-month options expire."""
    first_of_next = date(year + 1, 1, 1) if month == _DECEMBER else date(year, month + 1, 1)
    return _calendar(first_of_next.year).previous(first_of_next)


def is_monthly_vx(expiry: date) -> bool:
    """Whether a date is the settlement of a monthly VIX contract, not of a weekly."""
    return expiry == vx_monthly_expiry(expiry.year, expiry.month)


def is_monthly_spx(expiry: date) -> bool:
    """Whether a date is the standard SPX expiry of its month."""
    return expiry == spx_monthly_expiry(expiry.year, expiry.month)
