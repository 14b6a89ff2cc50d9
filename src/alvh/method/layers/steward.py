"""L-STEWARD: a quarter of the rung in calls a fixed distance above VIX, when defensive betas decline."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8
from alvh.method.layers.parameters import StewardLayerParameters
from alvh.method.layers.trigger import Trigger, silent
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["LSteward"]

_DECLINE, _DEFENSIVE = "S-BETA.decline", "S-BETA.defensive"


class LSteward(Rule):
    """Hold `share` of the rung in VIX calls a fixed distance above VIX when defensive betas decline (S-BETA).

    Among listed strikes `low` to `high` points above spot VIX the one nearest to `near` points is bought, `dte_min` to
    `dte_max` days out; without one inside it there is none, and L-TENOR's instrument takes the share.
    """

    id = "L-STEWARD"
    title = "Calls a fixed distance above VIX"
    seeds = ("000",)
    section = "layers"

    def __init__(self, parameters: StewardLayerParameters) -> None:
        self.share = parameters.share.value
        self.days = (parameters.dte_min.value, parameters.dte_max.value)
        self._low, self._high, self._near = parameters.low.value, parameters.high.value, parameters.near.value
        self._thresholds = {"share": self.share, "low": self._low, "high": self._high}

    def judge(self, facts: Facts) -> Trigger:
        """Say whether the layer is held today."""
        decline, level = facts.value(_DECLINE), facts.value(_DEFENSIVE)
        observed = {_DECLINE: decline, _DEFENSIVE: level}
        if not decline:
            return silent(self, facts, (_DECLINE,), observed, self._thresholds, "Defensive betas do not decline")
        words = f"Defensive betas decline: {self.share:.0%} of the rung stands {self._near:g} points above VIX."
        return Trigger(True, (Family.VALUATION.value,), self.verdict(Outcome.FIRED, words, observed, self._thresholds))

    def strike(self, strikes: F8, vix: float) -> float | None:
        """Choose the strike, VIX points; None where none is listed inside the distance.

        Parameters
        ----------
        strikes : (n,) array, VIX points
            Listed, ascending; the lower one on a tie.
        """
        above = strikes - vix
        inside = strikes[(above >= self._low) & (above <= self._high)]
        if inside.size == 0:
            return None
        return float(inside[np.argmin(np.abs(inside - vix - self._near))])
