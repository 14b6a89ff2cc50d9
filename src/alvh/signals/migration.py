"""S-MIGRATE: where along the VX curve the extrinsic value lies, and whether it moves out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.market.series import Series
from alvh.signals.column import SeriesLookup, SignalColumn, absent, combined, first_present, join
from alvh.signals.fresh import fresh_rows, needed
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change

TENORS = (30.0, 60.0, 90.0, 180.0)
_CURVE = tuple(f"VX{tenor:.0f}" for tenor in TENORS)
_STRADDLES = tuple(f"VIX.STRADDLE{tenor:.0f}" for tenor in TENORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationParameters:
    """S-MIGRATE."""

    span: Threshold[int] = declare(int, "sessions", "span of the change of the centroid", low=1, high=63)
    flat: Threshold[float] = declare(
        float, "vol points", "sum over the tenors below which the curve is flat (proxy)", low=0, high=10
    )


class Migration(Signal[MigrationParameters]):
    """Follow extrinsic value along the VX curve.

    With a recorded VIX chain the value at 30, 60, 90 and 180 days is the at-the-money straddle over its forward
    (series VIX.STRADDLE30 ...). Without one a labelled proxy stands in: VX at each tenor less its minimum over the
    tenors; a curve whose excesses add up to less than `flat` is flat and the signal absent. The centroid is the mean
    tenor in days, weighted by value; it moves out while its change over `span` sessions is positive.
    """

    id = "S-MIGRATE"
    title = "Migration of extrinsic value along the VX curve"
    family = Family.VOLATILITY
    seeds = ("000", "002")
    inputs = (*_STRADDLES, *_CURVE)
    parts = (
        level("centroid", "calendar days", "mean tenor of extrinsic value"),
        level("change", "calendar days", "change of the centroid", vote=-1),
        flag("moving_out", "the centroid moved to longer tenors", vote=-1),
        flag("proxy", "the VX curve stood in for a recorded VIX chain"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return self.parameters.span.value + 1

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        straddles, curve = needed(lookup, *_STRADDLES), needed(lookup, *_CURVE)
        proxy = _nothing(snapshots, curve) if isinstance(curve, str) else self._measured(curve, snapshots, excess=True)
        recorded = None if isinstance(straddles, str) else self._measured(straddles, snapshots, excess=False)
        centroid = proxy[0] if recorded is None else first_present("", recorded[0], proxy[0])
        moved = proxy[1] if recorded is None else first_present("", recorded[1], proxy[1])
        by_proxy = np.ones(snapshots.size, np.bool_) if recorded is None else ~recorded[0].present
        return (
            combined(self.part_id("centroid"), centroid.value, centroid),
            combined(self.part_id("change"), moved.value, moved),
            combined(self.part_id("moving_out"), moved.value > 0, moved),
            combined(self.part_id("proxy"), by_proxy, centroid),
        )

    def _measured(
        self, series: tuple[Series, ...], snapshots: D8, *, excess: bool
    ) -> tuple[SignalColumn, SignalColumn]:
        """Compute the centroid of straddles or, with `excess`, of the curve above its lowest tenor; and its change."""
        joined, span = join(*series), self.parameters.span.value
        value = np.stack(joined.values)
        if excess:
            value = value - value.min(axis=0)
        total = value.sum(axis=0)
        flat = total < self.parameters.flat.value if excess else total <= 0.0
        weighed = (value * np.array(TENORS)[:, None]).sum(axis=0)
        centroid = np.where(flat, np.nan, weighed / np.where(flat, 1.0, total))
        at = fresh_rows(snapshots, joined, *series)
        young = f"the curve was flat today or {span} sessions ago, or not that long known"
        return (
            at.column("", centroid, young="the curve is flat"),
            at.column("", change(centroid, span), young=young),
        )


def _nothing(snapshots: D8, reason: str) -> tuple[SignalColumn, SignalColumn]:
    gone = absent("", snapshots, f"no recorded VIX chain, and {reason}")
    return gone, gone
