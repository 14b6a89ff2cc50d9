"""L-PROMOTER: near VIX put spreads while growth accelerates and nothing moves."""

from __future__ import annotations

from alvh.method.layers.parameters import PromoterLayerParameters
from alvh.method.layers.trigger import Trigger, missing
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Observed, Outcome
from alvh.strategy.facts import Facts

__all__ = ["LPromoter"]

_GROWTH, _POINTS = "R-GROWTH.accelerating", "R-MOTION.points"
_EVIDENCE = (_GROWTH, _POINTS)


class LPromoter(Rule):
    """Hold near VIX put spreads while GDP accelerates and R-MOTION counts fewer than `motion` points.

    `variant` "bought" buys the listed put nearest to the forward and sells the one `width` points below, at most
    `dte_max` days out, for at most `premium` of equity. "sold" sells the same spread, its largest loss inside L-CAP and
    at most `premium` of equity as well. It carries no coverage. It is closed when either condition ends.
    """

    id = "L-PROMOTER"
    title = "Near VIX put spreads"
    seeds = ("000",)
    section = "layers"

    def __init__(self, parameters: PromoterLayerParameters) -> None:
        self.sold = parameters.variant.value == "sold"
        self.width = parameters.width.value
        self.dte_max = parameters.dte_max.value
        self.premium = parameters.premium.value
        self._motion = parameters.motion.value
        self._thresholds: Observed = {
            "motion": self._motion,
            "premium": self.premium,
            "variant": parameters.variant.value,
        }

    def judge(self, facts: Facts) -> Trigger:
        """Say whether the spreads are held today; either condition failing settles it."""
        growth, points = facts.value(_GROWTH), facts.value(_POINTS)
        observed = {_GROWTH: growth, _POINTS: points}
        failed = growth == 0.0 or (points is not None and points >= self._motion)
        if failed:
            why = "GDP does not accelerate" if growth == 0.0 else "volatility expands"
            return Trigger(
                False, (), self.verdict(Outcome.QUIET, f"No put spreads: {why}.", observed, self._thresholds)
            )
        reasons = missing(facts, _EVIDENCE)
        if reasons:
            words = f"Not known: {'; '.join(dict.fromkeys(reasons))}."
            return Trigger(False, (), self.verdict(Outcome.ABSTAINED, words, observed, self._thresholds))
        words = "GDP accelerates and volatility does not expand: near VIX put spreads are held."
        verdict = self.verdict(Outcome.FIRED, words, observed, self._thresholds)
        return Trigger(True, (Family.MACRO.value, Family.VOLATILITY.value), verdict)
