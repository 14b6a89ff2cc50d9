"""R-VOL: volatility compressed, normal or stressed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from alvh.core.threshold import Threshold, declare
from alvh.method.regimes.logic import either, every, negated, tested
from alvh.method.regimes.regime import Known, Regime
from alvh.signals.column import SignalColumn, combined
from alvh.signals.signal import flag
from alvh.strategy.decision import Verdict
from alvh.strategy.facts import Facts

_PERCENTILE, _INVERTED = "S-VIXHIST.percentile", "S-TERM.inverted"


@dataclass(frozen=True, slots=True, kw_only=True)
class VolatilityParameters:
    """R-VOL."""

    low: Threshold[float] = declare(
        float, "fraction", "share of the year's lower VIX closes that is compressed", low=0, high=1
    )
    high: Threshold[float] = declare(
        float, "fraction", "share of the year's lower VIX closes that is stressed", low=0, high=1
    )


class RVol(Regime[VolatilityParameters]):
    """Say whether volatility is compressed, normal or stressed.

    By the share of the 252 sessions before on which VIX closed lower (S-VIXHIST): compressed below `low` (the lowest
    third), stressed from `high` on (the highest tenth). Stressed too, whatever the level, while VIX is above VIX3M
    (S-TERM); before VIX3M is known the level alone decides and `level_only` says so. Else normal.
    """

    id = "R-VOL"
    title = "Volatility regime"
    seeds = ("000", "001", "003")
    inputs = (_PERCENTILE, _INVERTED)
    numbers_of = ("signals.S-VIXHIST",)
    parts = (
        flag("compressed", "VIX is low for its year"),
        flag("stressed", "VIX is high for its year, or above VIX3M"),
        flag("level_only", "the level alone decided: VIX3M is not known"),
    )
    headline = "stressed"

    def compute(self, known: Known) -> tuple[SignalColumn, ...]:
        """Compute every part."""
        share, inverted = known.column(_PERCENTILE), known.column(_INVERTED)
        low = tested("low", share, share.value < self.parameters.low.value)
        high = tested("high", share, share.value >= self.parameters.high.value)
        judged = either(self.part_id("stressed"), high, inverted)
        stressed = replace(
            combined(judged.id, judged.value, share), known_at=np.fmax(share.known_at, inverted.known_at)
        )
        return (
            every(self.part_id("compressed"), negated(stressed), low),
            stressed,
            combined(self.part_id("level_only"), (~inverted.present).astype(float), share),
        )

    def judge(self, facts: Facts) -> Verdict:
        """Say which it is, with the percentile."""
        share = facts.value(_PERCENTILE) or 0.0
        stressed, compressed = self.holds(facts, "stressed"), self.holds(facts, "compressed")
        state = "stressed" if stressed else "compressed" if compressed else "normal"
        why = f"VIX closed lower on {100 * share:.0f} % of the 252 sessions before"
        if facts.value(_INVERTED):
            why += ", and it is above VIX3M"
        elif self.holds(facts, "level_only"):
            why += "; VIX3M is not known"
        return self.said(facts, f"Volatility is {state}: {why}.", fired=stressed or compressed)
