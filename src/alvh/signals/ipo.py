"""S-IPO: initial public offerings against their usual number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.signals.clock import OLDEST, first_prints
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent
from alvh.signals.fresh import fresh
from alvh.signals.signal import Family, Signal, level
from alvh.signals.windows import trailing_mean

SOURCE = "IPO.COUNT"
_SESSIONS_A_MONTH = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class IpoParameters:
    """S-IPO."""

    recent: Threshold[int] = declare(int, "months", "months whose mean is the activity of now", low=1, high=12)
    history: Threshold[int] = declare(int, "months", "months whose mean is usual", low=6, high=240)


class Ipo(Signal[IpoParameters]):
    """Compare IPO activity with its trailing mean.

    `activity` is the mean number of offerings in the last `recent` months over that of the last `history` months. The
    numbers are the user's (IPO.COUNT, one a month); no public source may be shipped.
    """

    id = "S-IPO"
    title = "IPO activity"
    family = Family.VALUATION
    seeds = ("000", "003")
    inputs = (SOURCE,)
    parts = (level("activity", "ratio", "offerings of late over their usual number", vote=1),)

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return _SESSIONS_A_MONTH * (self.parameters.history.value + 1) + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        series = lookup(SOURCE)
        if series is None:
            return all_absent(self.part_ids(), snapshots, f"the market has no series {SOURCE}; a user may import it")
        first, numbers = first_prints(series), self.parameters
        usual = trailing_mean(first.value, numbers.history.value)
        now = trailing_mean(first.value, numbers.recent.value)
        activity = np.divide(now, usual, out=np.full(usual.size, np.nan), where=usual > 0.0)
        young = f"fewer than {numbers.history.value} months of {SOURCE} were known, or none had an offering"
        return (fresh(snapshots, first).column(self.part_id("activity"), activity, young=young),)
