"""S-CAPVOL: volatility of the constituents, weighted by market capitalisation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent, combined, first_present
from alvh.signals.fresh import daily, fresh
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import trailing_mean, trailing_std

_SOURCES = ("VIXEQ", "SECTOR.VOL", "MEMBERS.VOL")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedVolatilityParameters:
    """S-CAPVOL."""

    window: Threshold[int] = declare(int, "sessions", "history that today is compared with", low=20, high=2520)
    spike: Threshold[float] = declare(float, "standard deviations", "z-score from which it is a spike", low=0, high=10)


class WeightedVolatility(Signal[WeightedVolatilityParameters]):
    """Watch the volatility of single shares, weighted by their market capitalisation.

    Cboe's constituent volatility index (VIXEQ) where it is known; before it, and without it, the realised volatility of
    the sector funds weighted by capitalisation, else that of index members; `proxy` says that one of these stood in.
    The z-score is against the mean and standard deviation of the same series over `window` sessions, today included;
    never across two sources. A spike is a z-score of `spike` or more.
    """

    id = "S-CAPVOL"
    title = "Capitalisation-weighted volatility of constituents"
    family = Family.VOLATILITY
    seeds = ("001",)
    inputs = _SOURCES
    parts = (
        level("volatility", "vol points", "volatility of the constituents"),
        level("z", "standard deviations", "volatility against its own history", vote=1),
        flag("spike", "the z-score is a spike", vote=1),
        flag("proxy", "realised volatility of sectors or members stood in for VIXEQ"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return self.parameters.window.value

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        window = self.parameters.window.value
        found = [series for name in _SOURCES if (series := daily(lookup, name)) is not None]
        if not found:
            return all_absent(self.part_ids(), snapshots, f"the market has none of {', '.join(_SOURCES)}")
        scores: list[SignalColumn] = []
        levels: list[SignalColumn] = []
        for series in found:
            at = fresh(snapshots, series)
            score = at.column("", _z_score(series.value, window), young=f"fewer than {window} days of it were known")
            scores.append(score)
            levels.append(combined("", at.column("", series.value, young="").value, score))
        z = first_present(self.part_id("z"), *scores)
        own = scores[0].present if found[0].name == _SOURCES[0] else np.zeros(snapshots.size, np.bool_)
        return (
            first_present(self.part_id("volatility"), *levels),
            z,
            combined(self.part_id("spike"), z.value >= self.parameters.spike.value, z),
            combined(self.part_id("proxy"), ~own, z),
        )


def _z_score(values: F8, window: int) -> F8:
    """Distance from the trailing mean in trailing standard deviations; zero where nothing moved."""
    spread = trailing_std(values, window)
    moved = np.where(spread > 0.0, spread, 1.0)
    return np.where(spread == 0.0, 0.0, (values - trailing_mean(values, window)) / moved)
