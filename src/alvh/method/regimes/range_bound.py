"""R-RANGE: the index keeps inside what was implied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.threshold import Threshold, declare
from alvh.method.regimes.logic import every, renamed, tested
from alvh.method.regimes.regime import Known, Regime
from alvh.signals.column import SignalColumn, all_absent, join
from alvh.signals.fresh import fresh_rows, needed
from alvh.signals.signal import flag, level
from alvh.signals.windows import change
from alvh.strategy.decision import Verdict
from alvh.strategy.facts import Facts

_PREMIUM = "S-RV.premium"
_YEAR = 252.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeParameters:
    """R-RANGE."""

    span: Threshold[int] = declare(int, "sessions", "span of the move", low=5, high=126)
    sigmas: Threshold[float] = declare(
        float, "implied standard deviations", "move that is no longer a range", low=0.1, high=5
    )


class RRange(Regime[RangeParameters]):
    """Say whether SPX is bound to a range.

    Range-bound: the log move of SPX over `span` sessions stayed below `sigmas` of what VIX implied for it at its start
    (VIX / 100 x root of span / 252), and realised volatility is below VIX (S-RV.premium above zero). The VIX of the
    start is taken, as in S-CONE: after a crash the VIX of the end would call any fall a range.
    """

    id = "R-RANGE"
    title = "Range-bound"
    seeds = ("003",)
    inputs = ("SPX", "VIX", _PREMIUM)
    parts = (
        flag("bound", "the index keeps inside the implied range and realises less than implied"),
        level("move", "implied standard deviations", "move over the span, signed"),
        level("premium", "vol points", "VIX less realised volatility of 20 sessions"),
    )
    headline = "bound"

    def look_back(self) -> int:
        """Return how many sessions of series its row depends on."""
        return self.parameters.span.value + 1

    def compute(self, known: Known) -> tuple[SignalColumn, ...]:
        """Compute every part."""
        premium = renamed(self.part_id("premium"), known.column(_PREMIUM))
        found = needed(known.series, "SPX", "VIX")
        if isinstance(found, str):
            gone = all_absent((self.part_id("bound"), self.part_id("move")), known.snapshots, found)
            return (*gone, premium)
        joined, span = join(*found), self.parameters.span.value
        spx, vix = joined.values
        implied = np.full(spx.size, np.nan)
        implied[span:] = vix[:-span] / 100.0 * np.sqrt(span / _YEAR)
        moved = change(np.log(spx), span) / implied
        young = f"fewer than {span + 1} days of {joined.name} were known"
        move = fresh_rows(known.snapshots, joined, *found).column(self.part_id("move"), moved, young=young)
        inside = tested("inside", move, np.abs(move.value) < self.parameters.sigmas.value)
        calm = tested("calm", premium, premium.value > 0.0)
        return every(self.part_id("bound"), inside, calm), move, premium

    def judge(self, facts: Facts) -> Verdict:
        """Say which it is, with the move and the premium."""
        bound = self.holds(facts, "bound")
        shown = []
        if (move := self.value(facts, "move")) is not None:
            shown.append(f"it moved {move:+.2f} implied standard deviations in {self.parameters.span.value} sessions")
        if (premium := self.value(facts, "premium")) is not None:
            shown.append(f"VIX is {abs(premium):.1f} points {'above' if premium > 0 else 'below'} realised volatility")
        said = "SPX is range-bound" if bound else "SPX is not range-bound"
        return self.said(facts, f"{said}: {', and '.join(shown)}.", fired=bound)
