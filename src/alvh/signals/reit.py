"""S-REIT: real estate against the index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.signals.clock import OLDEST, first_prints, said
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent, join
from alvh.signals.fresh import fresh_rows, needed
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change, trailing_max

REITS, INDEX = "REIT.TR", "SPX.TR"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReitParameters:
    """S-REIT."""

    window: Threshold[int] = declare(int, "sessions", "span of the relative return", low=5, high=252)
    peak: Threshold[int] = declare(int, "sessions", "window of the high that a drawdown is from", low=20, high=2520)


class Reit(Signal[ReitParameters]):
    """Compare REITs with the index, both with dividends.

    `relative` is the log return of REITs less that of the index over `window` sessions; `resilient`: it is at least
    zero. `drawdown_gap` is the drawdown of REITs from their high of `peak` sessions less that of the index, positive
    where REITs have fallen less.
    """

    id = "S-REIT"
    title = "REITs against the index"
    family = Family.VALUATION
    seeds = ("000", "004")
    inputs = (REITS, INDEX)
    parts = (
        level("relative", "log points", "return of REITs less that of the index", vote=-1),
        level("drawdown_gap", "fraction", "drawdown of REITs less that of the index"),
        flag("resilient", "REITs did at least as well as the index", vote=-1),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return max(self.parameters.window.value, self.parameters.peak.value) + 1 + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        found = needed(lookup, REITS, INDEX)
        if isinstance(found, str):
            return all_absent(self.part_ids(), snapshots, found)
        daily = [first_prints(series) for series in found]
        joined, numbers = join(*daily), self.parameters
        reits, index = joined.values
        relative = change(np.log(reits / index), numbers.window.value)
        gap = _drawdown(reits, numbers.peak.value) - _drawdown(index, numbers.peak.value)
        at = fresh_rows(snapshots, joined, *daily)
        days = {"relative": numbers.window.value + 1, "drawdown_gap": numbers.peak.value}
        young = {part: f"fewer than {count} days of {joined.name} were known" for part, count in days.items()}
        return (
            at.column(self.part_id("relative"), relative, young=young["relative"]),
            at.column(self.part_id("drawdown_gap"), gap, young=young["drawdown_gap"]),
            at.column(self.part_id("resilient"), said(relative >= 0.0, relative), young=young["relative"]),
        )


def _drawdown(values: F8, window: int) -> F8:
    """Distance from the trailing high, a fraction at most zero."""
    return values / trailing_max(values, window) - 1.0
