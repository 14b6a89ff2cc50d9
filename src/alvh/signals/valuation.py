"""S-PE: price-earnings ratio of the index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.signals.column import SeriesLookup, SignalColumn, aligned, all_absent
from alvh.signals.signal import Family, Signal, flag

SOURCE = "SPX.FORWARD_PE"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEarningsParameters:
    """S-PE."""

    window: Threshold[int] = declare(int, "sessions", "span of the change", low=5, high=252)
    limit: Threshold[float] = declare(float, "log points", "largest change that is stable", low=0, high=1)


class PriceEarnings(Signal[PriceEarningsParameters]):
    """Say whether the index P/E is stable: its log changed by at most `limit` over `window` sessions."""

    id = "S-PE"
    title = "Price over earnings of the index"
    family = Family.VALUATION
    seeds = ("000", "001", "003", "004")
    inputs = (SOURCE,)
    parts = (flag("stable", "the P/E moved little", vote=-1),)

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        series = lookup(SOURCE)
        if series is None:
            return all_absent(self.part_ids(), snapshots, f"the market has no series {SOURCE}")
        window, limit = self.parameters.window.value, self.parameters.limit.value
        stable = np.full(series.value.size, np.nan)
        stable[window:] = np.abs(np.log(series.value[window:] / series.value[:-window])) <= limit
        young = f"fewer than {window + 1} values of {SOURCE} were known"
        return (aligned("S-PE.stable", series, stable, snapshots, max_age_days=10, young=young),)
