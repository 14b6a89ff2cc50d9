"""S-REER: real effective exchange rate of the dollar.

The daily proxy is the broad dollar index (DTWEXBGS); where a market has only the monthly real rate (RBUSBIS) the
monthly definition applies. Stable: the 63-day standard deviation of daily log changes is at most its five-year
median; monthly: the three-month change is at most 2 % in absolute value.
"""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import D8
from alvh.signals.column import SeriesLookup, SignalColumn, absent, aligned
from alvh.signals.windows import trailing_median, trailing_std

DAILY, MONTHLY = "DTWEXBGS", "RBUSBIS"
WINDOW, FIVE_YEARS = 63, 1260
MONTHLY_LIMIT = 0.02


def reer_stable(lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
    """Flag S-REER.stable: 1 while the dollar's real effective exchange rate is stable."""
    identifier = "S-REER.stable"
    daily, monthly = lookup(DAILY), lookup(MONTHLY)
    if daily is not None:
        change = np.diff(np.log(daily.value), prepend=np.nan)
        spread = trailing_std(change, WINDOW)
        usual = trailing_median(spread, FIVE_YEARS, at_least=FIVE_YEARS // 2)
        flag = np.where(np.isfinite(usual), (spread <= usual).astype(float), np.nan)
        young = f"fewer than {FIVE_YEARS // 2} spreads of {DAILY} were known"
        return aligned(identifier, daily, flag, snapshots, max_age_days=14, young=young)
    if monthly is not None:
        flag = np.full(monthly.value.size, np.nan)
        flag[3:] = np.abs(monthly.value[3:] / monthly.value[:-3] - 1.0) <= MONTHLY_LIMIT
        young = f"fewer than four months of {MONTHLY} were known"
        return aligned(identifier, monthly, flag, snapshots, max_age_days=75, young=young)
    return absent(identifier, snapshots, f"the market has neither {DAILY} nor {MONTHLY}")
