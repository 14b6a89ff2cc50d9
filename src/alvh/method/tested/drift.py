"""D-DDM: whether the implied move to expiry is rich against what the index may be expected to do."""

from __future__ import annotations

import math

import numpy as np

from alvh.method.layers.trigger import Trigger
from alvh.method.rule import Rule
from alvh.method.tested.parameters import DriftParameters
from alvh.method.tested.side import Side, reason
from alvh.signals.discounting import projected_drift
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["DDdm"]

_RATIO, _YIELD, _TREND = "S-DDM.ratio", "S-DDM.earnings_yield", "S-DDM.trend"
_REALISED, _GROWTH, _QUICK = "S-RV.long", "S-GDP.change", "S-QUICK.percentile"
_NEEDED = (_RATIO, _YIELD, _TREND, _REALISED, _GROWTH)


class DDdm(Rule):
    """Ask D-ROLL for one of its two conditions only, where the implied move to expiry is rich.

    Projected drift = tau x (earnings yield + trend GDP growth) + (1 - 2^-tau) x ln(DDM value / price), times `strength`
    plus the percentile of the constituents' quick ratio, or times one where that is absent. The implied move is
    VIX x sqrt(tau), the forecast of realised volatility is that of the last 20 sessions. Rich: the implied move is at
    least `margin` times (abs(drift) + forecast x sqrt(tau)). It counts while GDP is not decelerating, for a tested put
    while it is not accelerating.
    """

    id = "D-DDM"
    title = "Projected drift against the implied move"
    seeds = ("004",)
    section = "tested"

    def __init__(self, parameters: DriftParameters) -> None:
        self._margin = parameters.margin.value
        self._strength = parameters.strength.value

    def drift(self, facts: Facts, tau: float) -> float | None:
        """Project the log drift of the index over `tau` years; None where a part of it is absent."""
        ratio, income, trend = (facts.value(name) for name in (_RATIO, _YIELD, _TREND))
        if ratio is None or income is None or trend is None:
            return None
        percentile = facts.value(_QUICK)
        strength = 1.0 if percentile is None else self._strength + percentile
        gap = np.array([-math.log(ratio)])
        return projected_drift(tau, np.array([income]), np.array([trend]), gap, strength).item()

    def judge(self, facts: Facts, side: Side, tau: float, vix: float | None) -> Trigger:
        """Say whether one condition is enough for a roll.

        Parameters
        ----------
        tau : float, years
            To the expiry of the condor.
        vix : float or None, vol points
        """
        drift, realised, growth = self.drift(facts, tau), facts.value(_REALISED), facts.value(_GROWTH)
        threshold = {"margin": self._margin}
        if vix is None or drift is None or realised is None or growth is None:
            why = "VIX is not known" if vix is None else reason(facts, *_NEEDED)
            words = f"It cannot be judged: {why}."
            return Trigger(False, (), self.verdict(Outcome.ABSTAINED, words, {"vix": vix}, threshold))
        root = math.sqrt(tau)
        implied, expected = vix / 100.0 * root, abs(drift) + realised / 100.0 * root
        observed = {"side": side.value, "implied": implied, "drift": drift, "expected": expected, _GROWTH: growth}
        numbers = f"the implied move of {implied:.1%} against {expected:.1%} (drift {drift:+.2%})"
        if implied < self._margin * expected:
            return Trigger(False, (), self.verdict(Outcome.QUIET, f"Not rich: {numbers}.", observed, threshold))
        if growth < 0.0 if side is Side.CALL else growth > 0.0:
            which = "decelerates" if side is Side.CALL else "accelerates"
            words = f"Rich, {numbers}, but GDP {which}."
            return Trigger(False, (), self.verdict(Outcome.QUIET, words, observed, threshold))
        words = f"Rich, {numbers}: D-ROLL needs one condition only."
        families = (Family.VALUATION.value, Family.VOLATILITY.value, Family.MACRO.value)
        return Trigger(True, families, self.verdict(Outcome.FIRED, words, observed, threshold))
