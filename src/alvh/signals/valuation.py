"""S-PE: price-earnings ratio of the index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.market.series import Series
from alvh.signals.clock import OLDEST, Clock, first_prints, said, stood_in, with_stand_in
from alvh.signals.column import SeriesLookup, SignalColumn, absent
from alvh.signals.fresh import fresh
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change

SOURCE, STAND_IN, DISPERSION = "SPX.FORWARD_PE", "SPX.TRAILING_PE", "PE.DISPERSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEarningsParameters:
    """S-PE."""

    window: Threshold[int] = declare(int, "sessions", "span of the change", low=5, high=252)
    limit: Threshold[float] = declare(float, "log points", "largest change that is stable", low=0, high=1)


class PriceEarnings(Signal[PriceEarningsParameters]):
    """Say how dear earnings are, whether that is stable, and how far sectors differ in it.

    `stable`: the log of the index P/E on forward earnings changed by at most `limit` over `window` sessions. Where the
    forward ratio is not known, the price over the last reported twelve months (Shiller) stands in, `trailing` says so,
    and both ends of a change are of one kind. `dispersion` is the standard deviation of ln P/E across sectors or
    constituents, `dispersion_change` its change over `window` sessions; both are absent without a user's ratios.
    """

    id = "S-PE"
    title = "Price over earnings of the index"
    family = Family.VALUATION
    seeds = ("000", "001", "003", "004")
    inputs = (SOURCE, STAND_IN, DISPERSION, "SPX")
    parts = (
        flag("stable", "the P/E moved little", vote=-1),
        level("ratio", "ratio", "price over earnings", vote=1),
        flag("trailing", "the P/E on reported earnings stands in for the forward one"),
        level("dispersion", "log points", "standard deviation of ln P/E across sectors or constituents"),
        level("dispersion_change", "log points", "its change over the window"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return self.parameters.window.value + 1 + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        forward = self._of(lookup(SOURCE), SOURCE, snapshots)
        trailing = self._of(lookup(STAND_IN), STAND_IN, snapshots)
        stable, ratio = (with_stand_in(mine, other) for mine, other in zip(forward, trailing, strict=True))
        proxy = stood_in(self.part_id("trailing"), ratio, forward[1])
        return (stable, ratio, proxy, *self._dispersion(lookup, snapshots))

    def _of(self, series: Series | None, name: str, snapshots: D8) -> tuple[SignalColumn, SignalColumn]:
        stable, ratio = self.part_id("stable"), self.part_id("ratio")
        if series is None:
            gone = f"the market has no series {name}"
            return absent(stable, snapshots, gone), absent(ratio, snapshots, gone)
        series, window = first_prints(series), self.parameters.window.value
        moved = np.abs(change(np.log(series.value), window))
        at = fresh(snapshots, series)
        young = f"fewer than {window + 1} values of {name} were known"
        return (
            at.column(stable, said(moved <= self.parameters.limit.value, moved), young=young),
            at.column(ratio, series.value, young=young),
        )

    def _dispersion(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, SignalColumn]:
        names = (self.part_id("dispersion"), self.part_id("dispersion_change"))
        series, spx, window = lookup(DISPERSION), lookup("SPX"), self.parameters.window.value
        if series is None or spx is None:
            gone = "the market has no P/E of sectors or constituents (PE.<GROUP>)" if series is None else "no SPX"
            return absent(names[0], snapshots, gone), absent(names[1], snapshots, gone)
        clock = Clock(spx, snapshots)
        spread = clock.held(series)
        return (
            clock.column(names[0], spread.value, spread, young=f"no fresh {DISPERSION} was known"),
            clock.column(
                names[1],
                change(spread.value, window),
                spread,
                young=f"no {DISPERSION} was known now or {window} sessions ago",
            ),
        )
