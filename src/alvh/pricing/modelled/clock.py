"""The variance clock: how much of the market's variance passes between a snapshot and an expiry.

1. A session counts 1, half of it for the night before and half for the day; a weekend day or holiday 0.05. An expiry
   settled at the open gets only the night of its last day. A snapshot stands after the close, so its own day is over.
2. The VIX nodes are chords between Friday expiries, so the clock is used relative to Fridays:
   ``W(e) = W_F(T_e) tau(e) / tau_F(T_e)``, where tau_F joins (0, 0) and the Friday closing expiries (Thursday's where
   the Friday is a holiday) by straight lines. Without it an expiry just after a weekend is priced too high.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from alvh.core.arrays import F8, I8
from alvh.market.expiry_rules import spx_monthly_expiry
from alvh.market.sessions import Calendar, trading_calendar
from alvh.pricing.modelled.calibration import OVERNIGHT_WEIGHT, WEEKEND_WEIGHT

__all__ = ["VarianceClock", "cboe_pair", "variance_clock"]

_FRIDAY = 4
_WEEK = timedelta(days=7)
_WEEKLY_VIX = date(2014, 10, 6)
_NEAR_DAYS = (23, 30)
_MONTHLY_LEAST = 7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VarianceClock:
    """Variance days of a trading calendar; made by `variance_clock`.

    Attributes
    ----------
    first : int
        Ordinal of the first day.
    elapsed : list of float
        Variance days from the first day through the day at this offset, inclusive.
    fridays : list of int
        Ordinals of the Friday-type expiries, ascending.
    friday_seconds : list of float
        Their closing instants, seconds since 1970 UTC.
    elapsed_days, friday_days, friday_closes : arrays
        The same three as columns.
    """

    first: int
    elapsed: list[float]
    fridays: list[int]
    friday_seconds: list[float]
    elapsed_days: F8
    friday_days: I8
    friday_closes: F8

    def variance_days(self, session: date, expiry: date, *, at_open: bool) -> float:
        """Return the variance days from a session's close to an expiry's settlement."""
        days = self.elapsed[expiry.toordinal() - self.first] - self.elapsed[session.toordinal() - self.first]
        return days - (1.0 - OVERNIGHT_WEIGHT) if at_open else days

    def ratio(self, session: date, now: float, expiry: date, settles: float, *, at_open: bool) -> float:
        """Return the variance days to an expiry relative to those of a Friday-type expiry at the same instant.

        Parameters
        ----------
        session : date
        now : float
            The snapshot, seconds since 1970 UTC.
        expiry : date
            Day of settlement, a session after `session`.
        settles : float
            Settlement instant, seconds since 1970 UTC, after `now`.
        at_open : bool
            Whether it settles on opening prints.
        """
        elapsed, first = self.elapsed, self.first
        start = elapsed[session.toordinal() - first]
        own = elapsed[expiry.toordinal() - first] - start - ((1.0 - OVERNIGHT_WEIGHT) if at_open else 0.0)
        place = bisect_left(self.friday_seconds, settles)
        after = self.friday_seconds[place]
        after_days = elapsed[self.fridays[place] - first] - start
        before, before_days = now, 0.0
        if place and self.friday_seconds[place - 1] > now:
            before = self.friday_seconds[place - 1]
            before_days = elapsed[self.fridays[place - 1] - first] - start
        usual = before_days + (after_days - before_days) * (settles - before) / (after - before)
        return own / usual


def variance_clock(start: date, end: date) -> VarianceClock:
    """Return the clock of a calendar that covers [start, end]; repeated calls share it."""
    return _clock_of(trading_calendar(start, end))


@lru_cache(maxsize=4)
def _clock_of(calendar: Calendar) -> VarianceClock:
    is_session = np.diff(calendar.count_before) > 0
    elapsed = np.cumsum(np.where(is_session, 1.0, WEEKEND_WEIGHT))
    first = calendar.first.toordinal()
    rows = []
    friday = calendar.first + timedelta(days=(_FRIDAY - calendar.first.weekday()) % 7)
    while friday <= calendar.last:
        row = int(calendar.count_before[friday.toordinal() - first + 1]) - 1
        if row >= 0:
            rows.append(row)
        friday += _WEEK
    days = calendar.sessions[rows].astype("datetime64[D]").astype(np.int64) + date(1970, 1, 1).toordinal()
    closes = calendar.closes[rows].astype(np.float64)
    return VarianceClock(
        elapsed_days=elapsed,
        friday_days=days,
        friday_closes=closes,
        first=first,
        elapsed=elapsed.tolist(),
        fridays=days.tolist(),
        friday_seconds=closes.tolist(),
    )


@lru_cache(maxsize=16)
def cboe_pair(session: date) -> tuple[tuple[str, date], tuple[str, date]]:
    """Return the two expiries (root, date) from whose quotes Cboe computes the VIX on a session.

    Since 2014-10-06 the Friday expiries with more than 23 and at most 37 days, the standard third Friday under its own
    root SPX; before, the two nearest standard monthlies with more than seven days.
    """
    return _weekly_pair(session) if session >= _WEEKLY_VIX else _monthly_pair(session)


def _weekly_pair(session: date) -> tuple[tuple[str, date], tuple[str, date]]:
    friday = session + timedelta(days=_NEAR_DAYS[1] - (session.weekday() + _NEAR_DAYS[1] - _FRIDAY) % 7)
    return _friday_expiry(friday), _friday_expiry(friday + _WEEK)


def _friday_expiry(friday: date) -> tuple[str, date]:
    day = trading_calendar(friday, friday).on_or_before(friday)
    return ("SPX" if spx_monthly_expiry(friday.year, friday.month) == day else "SPXW"), day


def _monthly_pair(session: date) -> tuple[tuple[str, date], tuple[str, date]]:
    found: list[date] = []
    year, month = session.year, session.month
    while len(found) < 2:
        expiry = spx_monthly_expiry(year, month)
        if (expiry - session).days > _MONTHLY_LEAST:
            found.append(expiry)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return ("SPX", found[0]), ("SPX", found[1])
