"""R-THETA: Big Top "Temporal Theta" Cash Press."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.threshold import Threshold, declare
from alvh.method.regimes.logic import every, renamed, tested
from alvh.method.regimes.regime import Known, Regime
from alvh.signals.column import SignalColumn, absent
from alvh.signals.fresh import fresh, needed
from alvh.signals.signal import Family, flag, level
from alvh.signals.windows import trailing_mean
from alvh.strategy.decision import Verdict
from alvh.strategy.facts import Absent, Facts

CARRY = "L-SHIFT.carry"
"""Expected carry of L-SHIFT's pair after costs under an unchanged curve, USD a pair; whoever prices it gives it."""

_COMPRESSED, _SLOPE = "R-VOL.compressed", "S-TERM.slope"
_NEAR, _FAR = 30.0 / 365.0, 90.0 / 365.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThetaParameters:
    """R-THETA."""

    mean: Threshold[int] = declare(int, "sessions", "window of the mean that VIX is below", low=5, high=252)
    contango: Threshold[float] = declare(float, "ratio", "least VX60 over VX30 less one", low=0, high=1)


class RTheta(Regime[ThetaParameters]):
    """Say when the Big Top "Temporal Theta" Cash Press may be played: time value is dear, near and far apart.

    All of: volatility is compressed (R-VOL), VIX is below its mean of `mean` sessions, VX60 / VX30 - 1 is at least
    `contango`, and the pair of L-SHIFT has a positive expected carry after costs under an unchanged curve. One that
    fails settles it. Where the first three hold and nobody has priced the pair, `press` is absent, and `conditions`
    says that the three hold.

    The seed's condition, a differential of theta per vega between near and far options, is a tautology: theta / vega is
    sigma / 2T, always larger for the nearer. `differential` reports it (VVIX at 30 and at 90 days, vol points of VIX a
    year) and nothing depends on it.
    """

    id = "R-THETA"
    title = "Temporal theta press"
    seeds = ("000", "001", "002", "003", "004")
    inputs = (_COMPRESSED, "VIX", _SLOPE, CARRY, "VVIX")
    parts = (
        flag("press", "the press may be played", vote=-1, family=Family.VOLATILITY),
        flag("conditions", "volatility is compressed, VIX below its mean and the curve in steep contango"),
        flag("below_mean", "VIX is below its short mean"),
        flag("contango", "the curve is in steep contango"),
        flag("carries", "L-SHIFT's pair has a positive expected carry"),
        level("differential", "per year", "theta per vega at 30 days less that at 90; reported, not tested"),
    )
    headline = "press"

    def look_back(self) -> int:
        """Return how many sessions of series its row depends on."""
        return self.parameters.mean.value

    def compute(self, known: Known) -> tuple[SignalColumn, ...]:
        """Compute every part."""
        slope, carry = known.column(_SLOPE), known.column(CARRY)
        below = self._below(known)
        contango = tested(self.part_id("contango"), slope, slope.value >= self.parameters.contango.value)
        carries = tested(self.part_id("carries"), carry, carry.value > 0.0)
        conditions = every(self.part_id("conditions"), known.column(_COMPRESSED), below, contango)
        return (
            every(self.part_id("press"), conditions, carries),
            conditions,
            below,
            contango,
            carries,
            self._differential(known),
        )

    def tell(self, facts: Facts) -> Verdict:
        """Say what it is; where only the carry is missing, say that the rest holds."""
        found = super().tell(facts)
        if isinstance(self.fact(facts, "press"), Absent) and self.holds(facts, "conditions"):
            text = f"{found.sentence} Its three other conditions hold."
            return self.verdict(found.outcome, text, found.observed)
        return found

    def judge(self, facts: Facts) -> Verdict:
        """Say which it is, and which condition fails."""
        if self.holds(facts, "press"):
            return self.said(facts, "The press may be played: all four conditions hold.", fired=True)
        words = {
            _COMPRESSED: "volatility is not compressed",
            self.part_id("below_mean"): f"VIX is not below its mean of {self.parameters.mean.value} sessions",
            self.part_id("contango"): f"contango is below {self.parameters.contango.value:.0%}",
            self.part_id("carries"): "L-SHIFT's pair has no positive carry",
        }
        failing = [text for identifier, text in words.items() if facts.value(identifier) == 0.0]
        return self.said(facts, f"No press: {', '.join(failing)}.", fired=False)

    def _below(self, known: Known) -> SignalColumn:
        identifier, found = self.part_id("below_mean"), needed(known.series, "VIX")
        if isinstance(found, str):
            return absent(identifier, known.snapshots, found)
        (vix,), window = found, self.parameters.mean.value
        usual = trailing_mean(vix.value, window)
        below = np.where(np.isfinite(usual), (vix.value < usual).astype(float), np.nan)
        young = f"fewer than {window} closes of VIX were known"
        return fresh(known.snapshots, vix).column(identifier, below, young=young)

    def _differential(self, known: Known) -> SignalColumn:
        identifier, found = self.part_id("differential"), needed(known.series, "VVIX")
        if isinstance(found, str):
            return absent(identifier, known.snapshots, found)
        vvix = found[0]
        values = vvix.value / 100.0 * (0.5 / _NEAR - 0.5 / _FAR)
        made = fresh(known.snapshots, vvix).column(identifier, values, young="VVIX has not begun")
        return renamed(identifier, made)
