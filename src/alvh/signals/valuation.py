"""S-PE: price-earnings ratio of the index. Stable: abs(ln P/E change over 63 sessions) at most 5 %."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import D8
from alvh.signals.column import SeriesLookup, SignalColumn, absent, aligned

SOURCE = "SPX.FORWARD_PE"
WINDOW, LIMIT = 63, 0.05


def pe_stable(lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
    """Flag S-PE.stable: 1 while the index P/E is stable."""
    identifier = "S-PE.stable"
    series = lookup(SOURCE)
    if series is None:
        return absent(identifier, snapshots, f"the market has no series {SOURCE}")
    flag = np.full(series.value.size, np.nan)
    flag[WINDOW:] = np.abs(np.log(series.value[WINDOW:] / series.value[:-WINDOW])) <= LIMIT
    young = f"fewer than {WINDOW + 1} values of {SOURCE} were known"
    return aligned(identifier, series, flag, snapshots, max_age_days=10, young=young)
