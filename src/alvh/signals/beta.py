"""S-BETA: CAPM betas of defensive sectors and of REITs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.series import Series
from alvh.signals.clock import OLDEST, first_prints, first_row, said
from alvh.signals.column import Alignment, SeriesLookup, SignalColumn, absent, all_absent, join
from alvh.signals.fresh import fresh_rows, needed
from alvh.signals.regression import trailing_ols
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change

INDEX = "SPX.TR"
DEFENSIVE = {"utilities": "XLU.adjclose", "staples": "XLP.adjclose", "health_care": "XLV.adjclose"}
REITS = "REIT.TR"
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaParameters:
    """S-BETA."""

    window: Threshold[int] = declare(int, "sessions", "window of the regression", low=20, high=504)
    span: Threshold[int] = declare(int, "sessions", "span of the decline", low=5, high=252)
    decline: Threshold[float] = declare(float, "beta", "fall of the mean that is a decline", low=0, high=2)


class Beta(Signal[BetaParameters]):
    """Regress defensive sectors and REITs on the index.

    Each beta is the slope of daily returns on those of the index over `window` sessions, both with dividends; the bill
    rate is the same on both sides and changes a beta by less than a thousandth, so it is left out. `defensive` is the
    mean of utilities, staples and health care. `decline`: it is at least `decline` below its value `span` sessions
    earlier.
    """

    id = "S-BETA"
    title = "Betas of defensive sectors"
    family = Family.VALUATION
    seeds = ("000", "003", "004")
    inputs = (*DEFENSIVE.values(), REITS, INDEX)
    parts = (
        level("utilities", "beta", "of the utilities fund"),
        level("staples", "beta", "of the consumer staples fund"),
        level("health_care", "beta", "of the health care fund"),
        level("reits", "beta", "of REITs"),
        level("defensive", "beta", "mean of the three defensive sectors"),
        flag("decline", "the mean has fallen", vote=1),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return self.parameters.window.value + self.parameters.span.value + 1 + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        single = [self._single(part, name, lookup, snapshots) for part, name in (*DEFENSIVE.items(), ("reits", REITS))]
        return (*single, *self._mean(lookup, snapshots))

    def _single(self, part: str, name: str, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        found = needed(lookup, name, INDEX)
        if isinstance(found, str):
            return absent(self.part_id(part), snapshots, found)
        betas, at, young = self._betas(found, snapshots, 0)
        return at.column(self.part_id(part), betas[0], young=young)

    def _mean(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        names = (self.part_id("defensive"), self.part_id("decline"))
        found = needed(lookup, *DEFENSIVE.values(), INDEX)
        if isinstance(found, str):
            return all_absent(names, snapshots, found)
        betas, at, young = self._betas(found, snapshots, self.parameters.span.value)
        mean = np.mean(betas, axis=0)
        fall = -change(mean, self.parameters.span.value)
        decline = said(fall >= self.parameters.decline.value - _ROUNDING, fall)
        return at.column(names[0], mean, young=young), at.column(names[1], decline, young=young)

    def _betas(self, found: tuple[Series, ...], snapshots: D8, before: int) -> tuple[list[F8], Alignment, str]:
        """Regress all series but the last on the last, on their common days; `before`: rows wanted before the first."""
        daily = [first_prints(series) for series in found]
        joined, window = join(*daily), self.parameters.window.value
        *funds, market = (np.expm1(change(np.log(value), 1)) for value in joined.values)
        first = max(first_row(joined, snapshots) - before, 0)
        betas = [trailing_ols(fund, market, window, first=first).slopes[:, 0] for fund in funds]
        young = f"too few common days of {joined.name} were known"
        return betas, fresh_rows(snapshots, joined, *daily), young
