"""S-PCF: price over cash flow of the index against its own past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.series import Series
from alvh.signals.clock import OLDEST, Clock, Held, said, stood_in, trailing_mean_present
from alvh.signals.column import SeriesLookup, SignalColumn, absent, all_absent, first_present
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change, trailing_std

SOURCE, STAND_INS = "SPX.PCF", ("SPX.TRAILING_PE", "SPX.FORWARD_PE")
_NAMES = ("ratio", "below", "divergence", "sd")


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlowParameters:
    """S-PCF."""

    history: Threshold[int] = declare(int, "sessions", "history of the mean", low=252, high=5040)
    least: Threshold[float] = declare(float, "fraction", "share of the history that must be known", low=0.1, high=1)
    tolerance: Threshold[float] = declare(float, "ratio", "price over cash flow to its mean, at most", low=0.1, high=10)
    window: Threshold[int] = declare(int, "sessions", "span of a divergence", low=5, high=252)
    sd_window: Threshold[int] = declare(int, "sessions", "window of the standard deviation", low=20, high=1260)


class CashFlow(Signal[CashFlowParameters]):
    """Compare price over cash flow with its mean of ten years.

    `ratio` is P/CF over its mean of the last `history` sessions; `below` holds while that is under `tolerance`, the
    user's own. `divergence`: P/CF fell over `window` sessions while the index rose. `sd` is the standard deviation of
    ln P/CF over `sd_window` sessions. P/CF is the user's (SPX.PCF); where it is not known, the P/E on reported and
    then on forward earnings stands in, against its own mean, and `stand_in` says so.
    """

    id = "S-PCF"
    title = "Price over cash flow of the index"
    family = Family.VALUATION
    seeds = ("000", "001", "002", "003", "004")
    inputs = (SOURCE, *STAND_INS, "SPX")
    parts = (
        level("ratio", "ratio", "price over cash flow to its ten-year mean", vote=1),
        flag("below", "it is below the tolerated multiple of its mean"),
        flag("divergence", "price over cash flow falls while the index rises", vote=1),
        level("sd", "log points", "standard deviation of its log"),
        flag("stand_in", "price over earnings stands in for price over cash flow"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        numbers = self.parameters
        return max(numbers.history.value, numbers.sd_window.value, numbers.window.value) + 1 + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        spx = lookup("SPX")
        if spx is None:
            return all_absent(self.part_ids(), snapshots, "the market has no series SPX")
        clock = Clock(spx, snapshots)
        existing = [(name, series) for name in (SOURCE, *STAND_INS) if (series := lookup(name)) is not None]
        if not existing:
            gone = f"the market has none of the series {', '.join((SOURCE, *STAND_INS))}"
            return all_absent(self.part_ids(), snapshots, gone)
        sources = {name: self._of(clock, series, name) for name, series in existing}
        chosen = [first_present(columns[0].id, *columns) for columns in zip(*sources.values(), strict=True)]
        nothing = absent(self.part_id("ratio"), snapshots, "")
        own = sources[SOURCE][0] if SOURCE in sources else nothing
        return (*chosen, stood_in(self.part_id("stand_in"), chosen[0], own))

    def _of(self, clock: Clock, series: Series, name: str) -> list[SignalColumn]:
        held = clock.held(series)
        columns = zip(_NAMES, self._values(clock, held), strict=True)
        young = f"no fresh {name} was known, or too little of its history"
        return [clock.column(self.part_id(part), values, held, young=young) for part, values in columns]

    def _values(self, clock: Clock, held: Held) -> tuple[F8, F8, F8, F8]:
        numbers, span = self.parameters, self.parameters.window.value
        history, least = numbers.history.value, round(numbers.least.value * numbers.history.value)
        usual = clock.late(lambda values: trailing_mean_present(values, history, least), held.value, history)
        sd_window = numbers.sd_window.value
        ratio, log = held.value / usual, np.log(held.value)
        moved, rose = change(log, span), change(np.log(clock.spx.value), span)
        return (
            ratio,
            said(ratio < numbers.tolerance.value, ratio),
            said((moved < 0.0) & (rose > 0.0), moved, rose),
            clock.late(lambda values: trailing_std(values, sd_window), log, sd_window),
        )
