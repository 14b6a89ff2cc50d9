"""Days the exchanges' own rules fix: expiries, index rebalancing, the earnings season. Known for ever in advance."""

from __future__ import annotations

from datetime import date

import numpy as np

from alvh.core.arrays import B1, D8, I8
from alvh.market.calendar.events import Events, events, sessions_since
from alvh.market.expirations import spx_monthly_expiry, vx_monthly_expiry
from alvh.market.wall_clock import close_instants, weekdays

__all__ = [
    "SEASON_SESSIONS",
    "earnings_season_starts",
    "in_earnings_season",
    "quarterly_rebalancing",
    "russell_reconstitution",
    "third_fridays",
    "vix_expiries",
]

SEASON_SESSIONS = 25
"""Length of an earnings season from the second Friday of its first month (rule R-EVENT)."""

_QUARTER_ENDS = (3, 6, 9, 12)
_SEASON_MONTHS = (1, 4, 7, 10)
_FRIDAY, _JUNE = 4, 6


def third_fridays(first: date, last: date) -> Events:
    """List the standard SPX expiries of some months: third Fridays, or the session before a holiday."""
    return _on_close([spx_monthly_expiry(year, month) for year, month in _months(first, last)])


def vix_expiries(first: date, last: date) -> Events:
    """List the final settlements of monthly VIX options and futures, settled on the morning of their day."""
    return _on_close([vx_monthly_expiry(year, month) for year, month in _months(first, last)])


def quarterly_rebalancing(first: date, last: date) -> Events:
    """List the quarterly rebalancings of the S&P indices, also quarterly expiries: third Fridays of March, June ....

    References
    ----------
    .. [1] S&P Dow Jones Indices, Equity Indices Policies: effective after the close of the third Friday.
    """
    months = (item for item in _months(first, last) if item[1] in _QUARTER_ENDS)
    return _on_close([spx_monthly_expiry(year, month) for year, month in months])


def russell_reconstitution(first: date, last: date) -> Events:
    """List the annual reconstitutions of the Russell indices: the last Friday of June."""
    years = np.arange(first.year, last.year + 1)
    ends = _month_starts(years, _JUNE + 1) - 1
    days: D8 = ends - ((weekdays(ends) - _FRIDAY) % 7).astype("timedelta64[D]")
    return events(days, close_instants(days))


def earnings_season_starts(first: date, last: date) -> Events:
    """List the starts of the earnings seasons: second Fridays of January, April, July and October."""
    years = np.arange(first.year, last.year + 1)
    starts = np.concatenate([_month_starts(years, month) for month in _SEASON_MONTHS])
    days: D8 = starts + ((_FRIDAY - weekdays(starts)) % 7 + 7).astype("timedelta64[D]")
    # Known by rule, and already in force at the open of its day.
    return events(days, days.astype("datetime64[s]"))


def in_earnings_season(sessions: D8, length: int = SEASON_SESSIONS) -> B1:
    """Tell the sessions inside an earnings season: `length` sessions from the second Friday of its first month."""
    if sessions.size == 0:
        return np.zeros(0, np.bool_)
    first, last = sessions.min().item(), sessions.max().item()
    since = sessions_since(earnings_season_starts(date(first.year - 1, 1, 1), last), sessions, close_instants(sessions))
    inside: B1 = since.present & (since.sessions < length)
    return inside


def _on_close(days: list[date]) -> Events:
    column = np.array(days, "datetime64[D]")
    return events(column, close_instants(column))


def _months(first: date, last: date) -> list[tuple[int, int]]:
    return [
        (year, month)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if (first.year, first.month) <= (year, month) <= (last.year, last.month)
    ]


def _month_starts(years: I8, month: int) -> D8:
    months = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    starts: D8 = months.astype("datetime64[D]")
    return starts
