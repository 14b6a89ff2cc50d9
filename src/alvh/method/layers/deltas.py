"""L-DELTAS: half of the rung in a ladder of calls, in promoter regimes."""

from __future__ import annotations

from alvh.method.layers.parameters import DeltasParameters
from alvh.method.layers.trigger import Trigger, silent
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Observed, Outcome
from alvh.strategy.facts import Facts

__all__ = ["LDeltas"]

_PROMOTER, _SCORE = "R-STEWARD.promoter", "R-STEWARD.score"


class LDeltas(Rule):
    """Hold `share` of the rung in VIX calls at the `deltas`, equal weights, in promoter regimes (R-STEWARD).

    Deltas are on the VX forward of their own expiry, `dte_min` to `dte_max` days out.
    """

    id = "L-DELTAS"
    title = "A ladder of calls at incremental deltas"
    seeds = ("000",)
    section = "layers"

    def __init__(self, parameters: DeltasParameters) -> None:
        self.share = parameters.share.value
        self.deltas = parameters.deltas.value
        self.days = (parameters.dte_min.value, parameters.dte_max.value)
        self._thresholds: Observed = {"share": self.share, "deltas": "/".join(f"{delta:g}" for delta in self.deltas)}

    def judge(self, facts: Facts) -> Trigger:
        """Say whether the ladder is held today."""
        promoter, score = facts.value(_PROMOTER), facts.value(_SCORE)
        observed = {_PROMOTER: promoter, _SCORE: score}
        if not promoter:
            return silent(self, facts, (_PROMOTER,), observed, self._thresholds, "The market is not a promoter's")
        words = f"The market is a promoter's: {self.share:.0%} of the rung is laddered over {len(self.deltas)} deltas."
        return Trigger(True, (Family.VALUATION.value,), self.verdict(Outcome.FIRED, words, observed, self._thresholds))
