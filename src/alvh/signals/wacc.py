"""S-WACC: what the index's capital costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare, section
from alvh.signals.capital import DEBT, RISKLESS, SPREAD, CapmParameters, debt_yield, riskless
from alvh.signals.clock import OLDEST, Clock
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent
from alvh.signals.discounting import capm_cost, wacc
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change

DEBT_RATIO = "DEBT_RATIO"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaccParameters:
    """S-WACC."""

    debt_ratio: Threshold[float] = declare(float, "fraction", "D/V where none is given", low=0, high=0.95)
    tax: Threshold[float] = declare(float, "fraction", "rate at which interest is deducted", low=0, high=0.6)
    window: Threshold[int] = declare(int, "sessions", "span of the change", low=5, high=252)
    capm: CapmParameters = section("capm", CapmParameters)


class CostOfCapital(Signal[WaccParameters]):
    """Weigh the cost of the index's equity and debt.

    WACC = E/V x (10-year yield + beta x premium) + D/V x Baa yield x (1 - tax). The Baa yield is the 10-year yield plus
    its daily spread, else the month's mean. D/V is the user's DEBT_RATIO where it is known, else `debt_ratio`, and
    `assumed` says so. `change` is over `window` sessions.
    """

    id = "S-WACC"
    title = "Weighted average cost of capital of the index"
    family = Family.VALUATION
    seeds = ("000", "001")
    inputs = ("SPX", RISKLESS, SPREAD, DEBT, DEBT_RATIO)
    parts = (
        level("level", "fraction a year", "weighted average cost of capital"),
        level("change", "fraction a year", "its change over the window", vote=1),
        flag("assumed", "the share of debt is the policy's, not known"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return self.parameters.window.value + 1 + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        spx = lookup("SPX")
        if spx is None:
            return all_absent(self.part_ids(), snapshots, "the market has no series SPX")
        clock, numbers = Clock(spx, snapshots), self.parameters
        rate, debt, given = riskless(clock, lookup), debt_yield(clock, lookup), clock.held(lookup(DEBT_RATIO))
        share = np.where(np.isfinite(given.value), given.value, numbers.debt_ratio.value)
        equity = capm_cost(rate.value, numbers.capm.beta.value, numbers.capm.premium.value)
        cost = wacc(equity, debt.value, share, numbers.tax.value)
        assumed = np.where(np.isfinite(cost), (~np.isfinite(given.value)).astype(float), np.nan)
        young = f"no fresh {RISKLESS} and {SPREAD} or {DEBT} were known"
        window = numbers.window.value
        return (
            clock.column(self.part_id("level"), cost, rate, debt, given, young=young),
            clock.column(
                self.part_id("change"), change(cost, window), rate, debt, given, young=f"{young}, now or {window} ago"
            ),
            clock.column(self.part_id("assumed"), assumed, rate, debt, given, young=young),
        )
