"""Where a signal stands in its own recent history: its percentile and how old its evidence is."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.signals.column import SignalColumn
from alvh.signals.quantiles import trailing_rank

__all__ = ["age_days", "percentile"]

YEAR, FIVE_YEARS = 252, 1260
"""Sessions."""


def percentile(column: SignalColumn, window: int = YEAR) -> F8:
    """Share of the present values of the last `window` sessions that lie below today's, ties counted half.

    Returns
    -------
    (n,) array
        0 to 1; NaN where today is absent or fewer than half of the sessions are present. It leaves this function as
        NaN because it is for tables and pictures only; a decision reads the signal itself.
    """
    values = np.where(column.present, column.value, np.nan)
    return trailing_rank(values, window, at_least=window // 2)


def age_days(column: SignalColumn, snapshots: D8) -> F8:
    """Calendar days since the newest input of each row became known; zero where nothing was known."""
    never = np.isnat(column.known_at)
    passed = (snapshots - np.where(never, snapshots, column.known_at)).astype("timedelta64[s]").astype(np.float64)
    days: F8 = passed / 86400.0
    return days
