"""S-GDP: real growth as it was known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.market.catalogue import entry
from alvh.market.series import Series
from alvh.signals.clock import OLDEST
from alvh.signals.column import Alignment, SeriesLookup, SignalColumn, all_absent, first_present
from alvh.signals.inputs import growth, last_periods
from alvh.signals.signal import Family, Signal, flag, level

VINTAGES, REVISED = ("ROUTPUT", "GDP.VINTAGE.US"), "GDPC1"
_YEAR = 4
_SESSIONS_A_QUARTER = 66


@dataclass(frozen=True, slots=True, kw_only=True)
class GdpParameters:
    """S-GDP."""

    vintage_age: Threshold[int] = declare(
        int, "calendar days", "age at which a vintage no longer counts as the last release", low=30, high=200
    )
    trend: Threshold[int] = declare(int, "quarters", "span of trend growth", low=8, high=80)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Releases:
    """Moments at which something was released, under the name of the series."""

    name: str
    known_at: D8


class GdpGrowth(Signal[GdpParameters]):
    """Read real GDP year on year as it was known then, and whether it accelerates.

    `growth` compares the newest quarter with the one a year before inside one vintage: the Philadelphia Fed's (taken
    in the middle of each quarter), else another table of vintages. Where no vintage is younger than `vintage_age`,
    today's series (GDPC1) stands in with its later revisions, and `revised` says so. `accelerating`: growth is above
    that of the quarter before in the same vintage; it holds until the next release. `trend` is mean growth over the
    last `trend` quarters, in the same vintage.
    """

    id = "S-GDP"
    title = "Growth of real GDP"
    family = Family.MACRO
    seeds = ("000", "001", "004")
    inputs = (*VINTAGES, REVISED)
    parts = (
        level("growth", "fraction a year", "real GDP year on year", vote=-1),
        level("change", "fraction a year", "growth less that of the quarter before"),
        flag("accelerating", "growth is above that of the quarter before", vote=-1),
        level("trend", "fraction a year", "mean growth over the last years"),
        flag("revised", "today's revised series stands in for a vintage"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return _SESSIONS_A_QUARTER * (max(self.parameters.trend.value, 2 * _YEAR) + 2) + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        existing = [(name, series) for name in (*VINTAGES, REVISED) if (series := lookup(name)) is not None]
        if not existing:
            gone = f"the market has none of the series {', '.join(self.inputs)}"
            return all_absent(self.part_ids(), snapshots, gone)
        chosen = self._of(existing[0][1], existing[0][0], snapshots)
        vintage = chosen[0].present & (existing[0][0] in VINTAGES)
        for name, series in existing[1:]:
            if not all(column.present.all() for column in chosen):
                other = self._of(series, name, snapshots)
                chosen = [first_present(own.id, own, column) for own, column in zip(chosen, other, strict=True)]
                vintage = chosen[0].present if name in VINTAGES else vintage
        revised = replace(
            chosen[0],
            id=self.part_id("revised"),
            value=np.where(chosen[0].present & ~vintage, 1.0, 0.0),
        )
        return (*chosen, revised)

    def _of(self, series: Series, name: str, snapshots: D8) -> list[SignalColumn]:
        quarters = self.parameters.trend.value
        releases = last_periods(series, max(quarters + 1, 2 * _YEAR))
        now, before = growth(releases, _YEAR), growth(releases, _YEAR, back=1)
        values = {
            "growth": now,
            "change": now - before,
            "accelerating": np.where(np.isfinite(now - before), (now > before).astype(float), np.nan),
            "trend": (1.0 + growth(releases, quarters)) ** (_YEAR / quarters) - 1.0,
        }
        limit = self.parameters.vintage_age.value if name in VINTAGES else entry(name).max_age
        at = Alignment(_Releases(name=name, known_at=releases.known_at), snapshots, max_age_days=limit)
        few = f"too few quarters of {name} were known"
        return [at.column(self.part_id(part), value, young=few) for part, value in values.items()]
