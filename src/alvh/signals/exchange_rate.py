"""S-REER: real effective exchange rate of the dollar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.signals.column import SeriesLookup, SignalColumn, absent, aligned
from alvh.signals.signal import Family, Signal, flag
from alvh.signals.windows import trailing_median, trailing_std

DAILY, MONTHLY = "DTWEXBGS", "RBUSBIS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRateParameters:
    """S-REER."""

    window: Threshold[int] = declare(int, "sessions", "window of the daily standard deviation", low=20, high=252)
    history: Threshold[int] = declare(int, "sessions", "history whose median counts as usual", low=252, high=2520)
    monthly_limit: Threshold[float] = declare(
        float, "fraction", "largest three-month change of the monthly rate that is stable", low=0, high=1
    )


class ExchangeRate(Signal[ExchangeRateParameters]):
    """Say whether the dollar's real effective exchange rate is stable.

    The daily proxy is the broad dollar index (DTWEXBGS); where a market has only the monthly real rate (RBUSBIS) the
    monthly definition applies. Stable: the `window`-session standard deviation of daily log changes is at most its
    median over `history`; monthly: the three-month change is at most `monthly_limit` in absolute value.
    """

    id = "S-REER"
    title = "Real effective exchange rate of the dollar"
    family = Family.MACRO
    seeds = ("000", "001", "002", "003", "004")
    inputs = (DAILY, MONTHLY)
    parts = (flag("stable", "the dollar's real effective exchange rate is stable", vote=-1),)

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        return (self._stable(lookup, snapshots),)

    def _stable(self, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        identifier = "S-REER.stable"
        daily, monthly = lookup(DAILY), lookup(MONTHLY)
        if daily is not None:
            history = self.parameters.history.value
            change = np.diff(np.log(daily.value), prepend=np.nan)
            spread = trailing_std(change, self.parameters.window.value)
            usual = trailing_median(spread, history, at_least=history // 2)
            stable = np.where(np.isfinite(usual), (spread <= usual).astype(float), np.nan)
            young = f"fewer than {history // 2} spreads of {DAILY} were known"
            return aligned(identifier, daily, stable, snapshots, max_age_days=14, young=young)
        if monthly is not None:
            stable = np.full(monthly.value.size, np.nan)
            limit = self.parameters.monthly_limit.value
            stable[3:] = np.abs(monthly.value[3:] / monthly.value[:-3] - 1.0) <= limit
            young = f"fewer than four months of {MONTHLY} were known"
            return aligned(identifier, monthly, stable, snapshots, max_age_days=75, young=young)
        return absent(identifier, snapshots, f"the market has neither {DAILY} nor {MONTHLY}")
