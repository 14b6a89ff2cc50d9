"""S-QUICK: quick ratio of the constituents, and of the portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.catalogue import entry
from alvh.market.series import Series
from alvh.signals.clock import OLDEST, Clock, first_prints
from alvh.signals.column import Alignment, SeriesLookup, SignalColumn, absent, all_absent
from alvh.signals.inputs.sectors import SECTORS
from alvh.signals.quantiles import trailing_rank
from alvh.signals.signal import Family, Signal, level
from alvh.signals.windows import trailing_std

INDEX, REIT = "QUICK.SPX", "QUICK.REIT"
_SECTORS = tuple(f"QUICK.{fund}" for fund in SECTORS)
HISTORY, _LEAST = 40, 8
_SESSIONS_A_QUARTER = 66


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickRatioParameters:
    """S-QUICK."""

    window: Threshold[int] = declare(int, "reports", "window of the standard deviation", low=3, high=40)
    history: Threshold[int] = declare(int, "reports", "history of the percentile", low=8, high=80)
    floor: Threshold[float] = declare(float, "ratio", "lowest quick ratio of the portfolio", low=0, high=10)


class QuickRatio(Signal[QuickRatioParameters]):
    """Say how liquid the index's companies are, and the portfolio itself.

    Quick ratios of the index, of REITs and of sectors are brought by the user (QUICK.SPX, QUICK.REIT, QUICK.<FUND>),
    one value per report, and are absent otherwise. Each has a level, the standard deviation of its last `window`
    reports, and its percentile in the last `history`. Of the sectors, the weakest in each is shown.

    `portfolio` is liquid assets over margin due plus the loss in the down-shock. It is computed where the positions
    are known, and G-CHECK keeps it above `floor`.
    """

    id = "S-QUICK"
    title = "Quick ratio"
    family = Family.VALUATION
    seeds = ("000", "001", "002", "003", "004")
    inputs = (INDEX, REIT, *_SECTORS)
    parts = (
        level("level", "ratio", "quick ratio of the index", vote=-1),
        level("sd", "ratio", "its standard deviation over the last reports"),
        level("percentile", "fraction", "its place in its own history"),
        level("reit", "ratio", "quick ratio of REITs"),
        level("reit_sd", "ratio", "its standard deviation over the last reports"),
        level("reit_percentile", "fraction", "its place in its own history"),
        level("sector", "ratio", "quick ratio of the weakest sector"),
        level("sector_sd", "ratio", "largest standard deviation of a sector's last reports"),
        level("sector_percentile", "fraction", "lowest place of a sector in its own history"),
        level("portfolio", "ratio", "liquid assets over what may fall due", vote=-1, family=Family.POSITION),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        numbers = self.parameters
        return _SESSIONS_A_QUARTER * (max(numbers.window.value, numbers.history.value) + 1) + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        parts = ("level", "sd", "percentile")
        sectors = [self._of(lookup(name), name, parts, snapshots) for name in _SECTORS if lookup(name) is not None]
        return (
            *self._of(lookup(INDEX), INDEX, parts, snapshots),
            *self._of(lookup(REIT), REIT, ("reit", "reit_sd", "reit_percentile"), snapshots),
            *self._weakest(sectors, snapshots),
            absent(self.part_id("portfolio"), snapshots, "only a run with positions has a portfolio"),
        )

    def _of(
        self, series: Series | None, name: str, parts: Sequence[str], snapshots: D8
    ) -> tuple[SignalColumn, SignalColumn, SignalColumn]:
        identifiers = [self.part_id(part) for part in parts]
        if series is None:
            gone = all_absent(identifiers, snapshots, f"the market has no series {name}; a user may import it")
            return gone[0], gone[1], gone[2]
        first, numbers = first_prints(series), self.parameters
        at = Alignment(first, snapshots, max_age_days=entry(name).max_age)
        values = (
            first.value,
            trailing_std(first.value, numbers.window.value),
            trailing_rank(first.value, numbers.history.value, at_least=min(_LEAST, numbers.history.value)),
        )
        few = f"too few reports of {name} were known"
        made = [at.column(identifier, value, young=few) for identifier, value in zip(identifiers, values, strict=True)]
        return made[0], made[1], made[2]

    def _weakest(self, sectors: Sequence[Sequence[SignalColumn]], snapshots: D8) -> tuple[SignalColumn, ...]:
        parts = {"sector": np.fmin, "sector_sd": np.fmax, "sector_percentile": np.fmin}
        if not sectors:
            gone = "the market has no quick ratio of a sector; a user may import QUICK.<FUND>"
            return all_absent([self.part_id(part) for part in parts], snapshots, gone)
        return tuple(
            _extreme(self.part_id(part), [sector[place] for sector in sectors], pick)
            for place, (part, pick) in enumerate(parts.items())
        )


def strength(clock: Clock, lookup: SeriesLookup) -> F8:
    """0.5 + the index's percentile over its last reports (D-DDM); 1 where it is absent."""
    series = lookup(INDEX)
    if series is None:
        return np.ones(clock.spx.value.size)
    first = first_prints(series)
    rank = trailing_rank(first.value, HISTORY, at_least=_LEAST)
    known = np.isfinite(rank)
    ranked = Series(
        name=INDEX,
        unit="fraction",
        period=first.period[known],
        known_at=first.known_at[known],
        value=rank[known],
        source=first.source,
    )
    held = clock.held(ranked).value
    return np.where(np.isfinite(held), 0.5 + held, 1.0)


def _extreme(identifier: str, columns: Sequence[SignalColumn], pick: np.ufunc) -> SignalColumn:
    """Lowest or highest of the columns present on each session; absent for the first one's reason where none is."""
    value = np.full(columns[0].value.size, np.nan)
    known_at = np.full(value.size, np.datetime64("NaT", "s"))
    for column in columns:
        value = pick(value, np.where(column.present, column.value, np.nan))
        known_at = np.fmax(known_at, column.known_at)
    here = np.isfinite(value)
    return SignalColumn(
        id=identifier,
        value=np.where(here, value, 0.0),
        code=np.where(here, np.int8(0), np.maximum(columns[0].code, np.int8(1))).astype(np.int8),
        reasons=columns[0].reasons,
        known_at=known_at,
    )
