"""S-CONE: how far SPX has moved over a horizon, in units of what VIX promised at its start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import D8, F8, I8
from alvh.core.threshold import Threshold, declare
from alvh.market.calendar import Release, release_days
from alvh.signals.column import Joined, SeriesLookup, SignalColumn, all_absent, join
from alvh.signals.fresh import fresh_rows, needed, needed_row
from alvh.signals.quantiles import trailing_quantiles
from alvh.signals.realized import YEAR
from alvh.signals.signal import Family, Part, Signal, level

HORIZONS = (5, 10, 21, 42, 63)
"""Sessions; between them a reader interpolates."""
_RELEASES = {"cpi": Release.CPI, "ppi": Release.PPI}
_SIDES = ("low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConeParameters:
    """S-CONE."""

    coverage: Threshold[float] = declare(float, "fraction", "share of past moves inside the cone", low=0.5, high=0.999)
    window: Threshold[int] = declare(int, "sessions", "history of moves, by the session on which they end", low=252)
    at_least: Threshold[int] = declare(int, "moves", "fewest moves of a cone", low=20)
    at_least_releases: Threshold[int] = declare(int, "moves", "fewest moves of a release cone", low=10)


def _parts() -> tuple[Part, ...]:
    unit = "multiple of VIX x sqrt(h / 252)"
    kinds = {"": "all sessions", "cpi_": "closes before a CPI release", "ppi_": "closes before a PPI release"}
    return tuple(
        level(f"{kind}{side}_{horizon}", unit, f"{side} end of the cone over {horizon} sessions, from {which}")
        for kind, which in kinds.items()
        for horizon in HORIZONS
        for side in _SIDES
    )


class Cone(Signal[ConeParameters]):
    """Compare moves of SPX with the volatility that VIX promised for them.

    For each session the log move over the `h` sessions that end there is divided by VIX / 100 x sqrt(h / 252) at their
    start. The cone is the central `coverage` of these ratios over the last `window` sessions: `low_h` and `high_h` for
    h of 5, 10, 21, 42 and 63. Multiplied by today's VIX / 100 x sqrt(h / 252) they are today's cone, in log moves;
    between horizons interpolate. The CPI and PPI cones use only moves that start at the last close before a release;
    where the release days are not known the calendar's rule stands in. A cone needs `at_least` moves, a release cone
    `at_least_releases`.

    Overlapping moves are not independent: the quantiles are as good as some window / h of them.
    """

    id = "S-CONE"
    title = "Volatility cone relative to VIX"
    family = Family.PRICE
    seeds = ("002",)
    inputs = ("SPX", "VIX", "CPI.RELEASE", "PPI.RELEASE")
    parts = (
        *_parts(),
        level("width", "multiple of VIX x sqrt(h / 252)", "width of the cone over 21 sessions", vote=1),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return self.parameters.window.value + max(HORIZONS)

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        found = needed(lookup, "SPX", "VIX")
        if isinstance(found, str):
            return all_absent(self.part_ids(), snapshots, found)
        joined = join(*found)
        at = fresh_rows(snapshots, joined, *found)
        starts = {kind: _starts(joined, release, lookup) for kind, release in _RELEASES.items()}
        ends: dict[str, F8] = {}
        since = needed_row(joined, snapshots, 1)
        for horizon in HORIZONS:
            moves = scaled_moves(joined.values[0], joined.values[1], horizon)
            self._quantiles(ends, f"{{}}_{horizon}", moves, self.parameters.at_least.value, since)
            for kind, rows in starts.items():
                chosen = _ending(moves, rows + horizon)
                self._quantiles(ends, f"{kind}_{{}}_{horizon}", chosen, self.parameters.at_least_releases.value, since)
        ends["width"] = ends["high_21"] - ends["low_21"]
        return tuple(
            at.column(self.part_id(part.name), ends[part.name], young="too few moves over this horizon were known")
            for part in self.parts
        )

    def _quantiles(self, ends: dict[str, F8], name: str, moves: F8, at_least: int, since: int) -> None:
        tail = 0.5 * (1.0 - self.parameters.coverage.value)
        window = self.parameters.window.value
        both = trailing_quantiles(moves, window, (tail, 1.0 - tail), at_least=at_least, since=since)
        ends.update((name.format(side), values) for side, values in zip(_SIDES, both, strict=True))


def scaled_moves(price: F8, vix: F8, horizon: int) -> F8:
    """Log move over the `horizon` rows that end at each row, over VIX / 100 x sqrt(horizon / 252) at their start."""
    out = np.full(price.size, np.nan)
    if price.size > horizon:
        promised = vix[:-horizon] / 100.0 * np.sqrt(horizon / YEAR)
        out[horizon:] = np.log(price[horizon:] / price[:-horizon]) / promised
    return out


def _starts(joined: Joined, release: Release, lookup: SeriesLookup) -> I8:
    """Rows of the last close before each release."""
    if not joined.period.size:
        return np.zeros(0, np.int64)
    first: date = joined.period[0].item()
    last: date = joined.period[-1].item()
    events = release_days(release, first, last, lookup(release.series))
    happened = events.instant[(events.announced <= events.instant) & (events.withdrawn > events.instant)]
    rows = np.searchsorted(joined.known_at, happened, side="left") - 1
    return np.unique(rows[rows >= 0])


def _ending(moves: F8, rows: I8) -> F8:
    """Keep the moves that end on the given rows."""
    out = np.full(moves.size, np.nan)
    rows = rows[rows < moves.size]
    out[rows] = moves[rows]
    return out
