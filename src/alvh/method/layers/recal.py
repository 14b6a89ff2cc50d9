"""L-RECAL: an inflation surprise re-evaluates every layer at once."""

from __future__ import annotations

from alvh.method.layers.parameters import RecalParameters
from alvh.method.layers.trigger import Trigger, silent
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["LRecal"]

_SURPRISE, _SINCE = "S-INFL.surprise", "S-INFL.since"


class LRecal(Rule):
    """Set L-AMM's band aside at the first snapshot after a surprise of CPI or PPI.

    The hedge is then brought to h* itself. How large a surprise must be is S-INFL's number. Open decisions of section 5
    are judged at the same snapshot.
    """

    id = "L-RECAL"
    title = "Re-evaluate after an inflation surprise"
    seeds = ("003", "004")
    section = "layers"

    def __init__(self, parameters: RecalParameters) -> None:
        self._enabled = parameters.enabled.value
        self._thresholds = {"enabled": self._enabled}

    def judge(self, facts: Facts) -> Trigger:
        """Say whether today is the first snapshot after a surprise."""
        surprise, since = facts.value(_SURPRISE), facts.value(_SINCE)
        observed = {_SURPRISE: surprise, _SINCE: since}
        if not self._enabled or not surprise or since is None or since > 0.0:
            words = "No surprise of CPI or PPI is new"
            return silent(self, facts, (_SURPRISE, _SINCE), observed, self._thresholds, words)
        words = "The print of today was a surprise: the hedge is brought to its target itself."
        return Trigger(True, (Family.MACRO.value,), self.verdict(Outcome.FIRED, words, observed, self._thresholds))
