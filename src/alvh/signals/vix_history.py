"""S-VIXHIST: spot VIX against its own past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.signals.column import SeriesLookup, SignalColumn, absent, all_absent
from alvh.signals.fresh import daily, fresh
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import share_below, trailing_mean

_FIXED = (63, 252)
_SHORT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class VixHistoryParameters:
    """S-VIXHIST."""

    window: Threshold[int] = declare(int, "sessions", "history that VIX is compared with", low=20, high=2520)


class VixHistory(Signal[VixHistoryParameters]):
    """Compare spot VIX with its own trailing history.

    `below_mean` holds while the last VIX close is below its mean over the last `window` sessions, that close included.
    `percentile` is the share of the `window` sessions before it on which VIX closed strictly lower.
    `mean63` is the mean that C-CENTER multiplies, `mean252` the one-year mean, `mean20` the one that spikes are
    measured against. `call_iv` is the share of the `window` sessions before on which VVIX closed strictly lower: how
    dear VIX calls are against their own past.
    """

    id = "S-VIXHIST"
    title = "VIX against its past year"
    family = Family.VOLATILITY
    seeds = ("001", "003")
    inputs = ("VIX", "VVIX")
    parts = (
        level("mean63", "vol points", "mean of the last 63 VIX closes"),
        level("mean252", "vol points", "mean of the last 252 VIX closes"),
        flag("below_mean", "VIX closed below its trailing mean"),
        level("percentile", "fraction", "share of the sessions before with a lower VIX", vote=1),
        level("mean20", "vol points", "mean of the last 20 VIX closes"),
        level("call_iv", "fraction", "share of the sessions before with a lower VVIX"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return 1 + max(*_FIXED, self.parameters.window.value)

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        series = daily(lookup, "VIX")
        if series is None:
            return all_absent(self.part_ids(), snapshots, "the market has no series VIX")
        window = self.parameters.window.value
        at = fresh(snapshots, series)
        means = [
            at.column(f"S-VIXHIST.mean{days}", trailing_mean(series.value, days), young=_young(days)) for days in _FIXED
        ]
        usual = trailing_mean(series.value, window)
        below = np.where(np.isfinite(usual), (series.value < usual).astype(float), np.nan)
        return (
            *means,
            at.column("S-VIXHIST.below_mean", below, young=_young(window)),
            at.column("S-VIXHIST.percentile", share_below(series.value, window), young=_young(window + 1)),
            at.column("S-VIXHIST.mean20", trailing_mean(series.value, _SHORT), young=_young(_SHORT)),
            self._call_iv(lookup, snapshots),
        )

    def _call_iv(self, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        identifier, window = self.part_id("call_iv"), self.parameters.window.value
        series = daily(lookup, "VVIX")
        if series is None:
            return absent(identifier, snapshots, "the market has no series VVIX")
        young = f"fewer than {window + 1} closes of VVIX were known"
        return fresh(snapshots, series).column(identifier, share_below(series.value, window), young=young)


def _young(window: int) -> str:
    return f"fewer than {window} closes of VIX were known"
