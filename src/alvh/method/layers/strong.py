"""L-STRONG: no over-hedging where cash flows are strong."""

from __future__ import annotations

from alvh.method.layers.parameters import StrongParameters
from alvh.method.layers.trigger import Trigger, missing
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts
from alvh.strategy.words import said

__all__ = ["LStrong"]

_RATIO, _QUICK = "S-DDM.ratio", "S-QUICK.percentile"
_ALONE = "Cash flows are {}: price is {:.2f} of dividend value, without a quick ratio."
_BOTH = "Cash flows are {}: price is {:.2f} of dividend value, with a quick ratio at its {:.0%} percentile."


class LStrong(Rule):
    """Multiply the rung by `factor`, never below L-BASE's floor, where cash flows are strong.

    They are where the index trades below its dividend value (S-DDM) and the quick ratio of its constituents stands at
    or above the percentile `quick`. Where no quick ratio is known, price must lie below `alone` x value.
    """

    id = "L-STRONG"
    title = "Hedge less where cash flows are strong"
    seeds = ("003",)
    section = "layers"

    def __init__(self, parameters: StrongParameters) -> None:
        self._factor = parameters.factor.value
        self._quick = parameters.quick.value
        self._alone = parameters.alone.value
        self._thresholds = {"factor": self._factor, "quick": self._quick, "alone": self._alone}

    def judge(self, facts: Facts) -> Trigger:
        """Say whether cash flows are strong today."""
        ratio, quick = facts.value(_RATIO), facts.value(_QUICK)
        observed = {_RATIO: ratio, _QUICK: quick}
        if ratio is None:
            why = said("Whether cash flows are strong is not known: {}.", missing(facts, (_RATIO,))[0])
            return Trigger(False, (), self.verdict(Outcome.ABSTAINED, why, observed, self._thresholds))
        limit = self._alone if quick is None else 1.0
        strong = ratio < limit and (quick is None or quick >= self._quick)
        state = "strong" if strong else "not strong"
        words = said(_ALONE if quick is None else _BOTH, state, ratio, quick)
        outcome = Outcome.FIRED if strong else Outcome.QUIET
        families = (Family.VALUATION.value,) if strong else ()
        return Trigger(strong, families, self.verdict(outcome, words, observed, self._thresholds))

    def applied(self, level: float, floor: float, *, strong: bool) -> float:
        """Return a rung after the rule, coverage."""
        return max(level * self._factor, floor) if strong else level
