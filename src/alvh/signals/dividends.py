"""Dividends of the index as an index or a fund that reinvests them implies."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8
from alvh.market.series import Series
from alvh.signals.clock import Clock, Held
from alvh.signals.windows import change, trailing_mean

__all__ = ["REPORTED", "SMOOTH", "TOTAL_RETURN", "YEAR", "implied_dividends", "reinvested"]

REPORTED, TOTAL_RETURN = "SHILLER.DIVIDEND", "SPX.TR"
YEAR = 252
SMOOTH = 63
"""Sessions: a quarter, so that years that hold three or five payments are averaged with years that hold five or three,
and so is the fund's tracking, a few basis points a day, which is much of a dividend."""
_FUND, _FEE = "SPY", 0.000945
"""A fund's return lacks its fee, a decimal a year (SPDR S&P 500 ETF Trust, prospectus); it is added back."""


def reinvested(clock: Clock, total: Series | None, sessions: int) -> Held:
    """Log total return less log price return over a span of sessions: what reinvested dividends added."""
    fee = _FEE * sessions / YEAR if total is not None and total.source.startswith(_FUND) else 0.0
    return Held(value=change(_ahead(clock, total), sessions) + fee, known_at=clock.held(total).known_at)


def implied_dividends(clock: Clock, total: Series | None) -> Held:
    """Return a year's dividends in index points, total over price return times the year's mean price.

    The mean of a quarter of closes is taken. Summing single days would let the noise of a fund's close, which goes
    with the day's move, add up.
    """
    added = reinvested(clock, total, YEAR)
    paid = trailing_mean(np.expm1(added.value) * trailing_mean(clock.spx.value, YEAR), SMOOTH)
    return Held(value=np.where(paid > 0.0, paid, np.nan), known_at=added.known_at)


def _ahead(clock: Clock, total: Series | None) -> F8:
    """Log of the index with dividends over that without, at the last common close while it is fresh."""
    held = clock.held(total)
    same = held.known_at.astype("datetime64[D]") == clock.spx.known_at.astype("datetime64[D]")
    ahead = np.where(same, np.log(held.value), np.nan) - np.log(clock.spx.value)
    last = np.maximum.accumulate(np.where(same, np.arange(same.size), 0))
    carried: F8 = np.where(np.isfinite(held.value), ahead[last], np.nan) if same.size else ahead
    return carried
