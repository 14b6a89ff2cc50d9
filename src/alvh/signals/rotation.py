"""S-ROT: rotation between growth and value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.signals.clock import OLDEST, first_prints
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent
from alvh.signals.fresh import fresh
from alvh.signals.signal import Family, Signal, level
from alvh.signals.windows import change, trailing_std

SOURCE = "ROTATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationParameters:
    """S-ROT."""

    span: Threshold[int] = declare(int, "sessions", "span of the momentum", low=5, high=252)
    window: Threshold[int] = declare(int, "sessions", "window of the usual daily move", low=20, high=1260)
    full: Threshold[float] = declare(
        float, "standard deviations", "move that counts as full momentum", low=0.1, high=10
    )


class Rotation(Signal[RotationParameters]):
    """Follow growth against value.

    `level` is the log of growth over value by market capitalisation (CAP.GROWTH, CAP.VALUE of a user; else the
    ratio of the Russell 1000 growth and value funds with dividends, so its level has no meaning, only its changes).
    `momentum` is its change over `span` sessions, over the standard deviation of its daily changes in `window` sessions
    scaled to the span, over `full`, kept inside [-1, 1]; positive: towards growth.
    """

    id = "S-ROT"
    title = "Rotation between growth and value"
    family = Family.BREADTH
    seeds = ("000",)
    inputs = (SOURCE,)
    parts = (
        level("level", "log points", "growth over value"),
        level("momentum", "fraction", "rotation towards growth", vote=1),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return max(self.parameters.window.value, self.parameters.span.value) + 1 + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        series = lookup(SOURCE)
        if series is None:
            return all_absent(self.part_ids(), snapshots, f"the market has no series {SOURCE} (growth and value)")
        first, numbers = first_prints(series), self.parameters
        log, span = np.log(first.value), numbers.span.value
        usual = trailing_std(change(log, 1), numbers.window.value) * np.sqrt(span)
        moved = np.divide(change(log, span), usual, out=np.full(log.size, np.nan), where=usual > 0.0)
        momentum = np.clip(moved / numbers.full.value, -1.0, 1.0)
        at = fresh(snapshots, first)
        young = f"fewer than {numbers.window.value + 1} days of {SOURCE} were known"
        return (
            at.column(self.part_id("level"), log, young=young),
            at.column(self.part_id("momentum"), momentum, young=young),
        )
