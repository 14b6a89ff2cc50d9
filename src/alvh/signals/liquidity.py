"""S-LIQ: how wide the quotes we hold are."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent
from alvh.signals.signal import Family, Signal, level


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidityParameters:
    """S-LIQ."""

    window: Threshold[int] = declare(int, "sessions", "sessions whose median is usual", low=5, high=504)
    least: Threshold[int] = declare(int, "sessions", "sessions with quotes that a median needs", low=1, high=504)


class Liquidity(Signal[LiquidityParameters]):
    """Compare the quotes we hold with what they usually are.

    `half_spread` is the median of half the bid-ask width over the mid, over the legs held; `ratio` is that over its
    median of the last `window` sessions. Both are computed where the positions are known, during a run; without a
    portfolio they are absent.
    """

    id = "S-LIQ"
    title = "Liquidity of the quotes held"
    family = Family.POSITION
    seeds = ("000",)
    inputs = ()
    parts = (
        level("half_spread", "fraction of mid", "median relative half-spread of the legs held"),
        level("ratio", "ratio", "half-spread over its usual one", vote=1),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return 1

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:  # noqa: ARG002
        """Say that a history alone has no portfolio."""
        return all_absent(self.part_ids(), snapshots, "only a run with positions has quotes that are held")
