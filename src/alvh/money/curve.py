"""A curve of wealth and the figures that need nothing else: returns, risk, tails.

Conventions: session returns are simple and run from one row to the next; the move from the initial equity to the first
row (the cost of the first day's trades) counts in total return and drawdown, not in volatility. A year has 252 sessions
for volatility and 365 days for growth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.errors import UsageError

SESSIONS_PER_YEAR = 252.0
DAYS_PER_YEAR = 365.0
LEAST_DAYS = 30
"""Calendar days under which nothing is annualised."""
LEAST_RETURNS = 60
"""Session returns under which no tail or regression is reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Wealth at the end of each session.

    Attributes
    ----------
    name : str
    dates : (n,) datetime64[D] array, ascending, n >= 1
    value : (n,) array, USD, positive for every annualised figure
    initial : float, USD
        Wealth before the first session.
    note : str
        What stands behind the curve, e.g. "price index, dividends not included".
    """

    name: str
    dates: D8
    value: F8
    initial: float
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be measured."""
        if self.dates.size == 0 or self.dates.size != self.value.size:
            raise UsageError(f"a curve needs as many dates as values, seen {self.dates.size} and {self.value.size}")
        if not np.isfinite(self.value).all():
            raise UsageError(f"the curve {self.name} holds a value that is not finite")

    @property
    def days(self) -> int:
        """Calendar days from the first to the last session."""
        return int((self.dates[-1] - self.dates[0]).astype(np.int64))

    @property
    def solvent(self) -> bool:
        """Whether wealth stays positive, so that returns mean something."""
        return bool(self.initial > 0.0 and (self.value > 0.0).all())

    @property
    def returns(self) -> F8:
        """(n - 1,) simple session-to-session returns."""
        return self.value[1:] / self.value[:-1] - 1.0

    def day(self, place: int) -> date:
        """Return the date of a row."""
        found = self.dates[place].astype("datetime64[D]").item()
        assert isinstance(found, date)
        return found


def total_return(curve: Curve) -> float:
    """Return last over initial wealth, less one."""
    return float(curve.value[-1] / curve.initial - 1.0)


def cagr(curve: Curve) -> float | None:
    """Return growth per year of 365 days; None under 30 days or when wealth was lost whole."""
    if curve.days < LEAST_DAYS or not curve.solvent:
        return None
    return float((curve.value[-1] / curve.initial) ** (DAYS_PER_YEAR / curve.days) - 1.0)


def volatility(returns: F8, periods: float = SESSIONS_PER_YEAR) -> float | None:
    """Return the annualised standard deviation (n - 1) of returns; None under two."""
    return None if returns.size < 2 else float(np.std(returns, ddof=1) * np.sqrt(periods))


def sharpe(excess: F8, periods: float = SESSIONS_PER_YEAR) -> float | None:
    """Return the annualised mean over standard deviation of excess returns; None where that is not defined."""
    spread = float(np.std(excess, ddof=1)) if excess.size >= 2 else 0.0
    # Equal returns leave rounding noise, not a risk to divide by.
    if spread <= 1e-14:
        return None
    return float(np.mean(excess) / spread * np.sqrt(periods))


def sortino(excess: F8, periods: float = SESSIONS_PER_YEAR) -> float | None:
    """Return the annualised mean over downside deviation of excess returns; None without a loss."""
    if excess.size < 2:
        return None
    downside = float(np.sqrt(np.mean(np.minimum(excess, 0.0) ** 2)))
    return None if downside <= 1e-14 else float(np.mean(excess) / downside * np.sqrt(periods))


def skew(returns: F8) -> float | None:
    """Return the third standardised moment (population); None without spread."""
    return _standardised_moment(returns, 3)


def excess_kurtosis(returns: F8) -> float | None:
    """Return the fourth standardised moment (population) less three; None without spread."""
    moment = _standardised_moment(returns, 4)
    return None if moment is None else moment - 3.0


def value_at_risk(returns: F8, share: float = 0.05) -> float | None:
    """Return minus the quantile of returns at `share`; None under 60 returns."""
    return None if returns.size < LEAST_RETURNS else -float(np.quantile(returns, share))


def expected_shortfall(returns: F8, share: float = 0.05) -> float | None:
    """Return minus the mean of returns at or below their quantile at `share`; None under 60 returns."""
    if returns.size < LEAST_RETURNS:
        return None
    return -float(np.mean(returns[returns <= np.quantile(returns, share)]))


def _standardised_moment(returns: F8, order: int) -> float | None:
    if returns.size < 3:
        return None
    centred = returns - np.mean(returns)
    spread = float(np.sqrt(np.mean(centred**2)))
    return None if spread <= 1e-14 else float(np.mean((centred / spread) ** order))
