"""D-SHIFT: the hedge exchanges calls against puts beside a tested condor."""

from __future__ import annotations

from alvh.method.layers.trigger import Trigger
from alvh.method.rule import Rule
from alvh.method.tested.side import reason
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["DShift"]

_PRESS = "R-THETA.press"


class DShift(Rule):
    """Let the hedge make L-SHIFT's exchange of calls against puts while a condor is tested and R-THETA holds.

    It is judged for the hedge on the same day, beside the condor's own action and whatever that is; the exchange and
    its guard are L-SHIFT's.
    """

    id = "D-SHIFT"
    title = "Exchange in the hedge"
    seeds = ("004",)
    section = "tested"

    def judge(self, facts: Facts, tested: int) -> Trigger:
        """Say whether the hedge exchanges.

        Parameters
        ----------
        tested : int
            Condors that are tested today.
        """
        press = facts.value(_PRESS)
        observed = {"tested": tested, _PRESS: press}
        if not tested:
            return Trigger(False, (), self.verdict(Outcome.QUIET, "No condor is tested.", observed))
        if press is None:
            words = f"It cannot be judged: {reason(facts, _PRESS)}."
            return Trigger(False, (), self.verdict(Outcome.ABSTAINED, words, observed))
        if not press:
            return Trigger(False, (), self.verdict(Outcome.QUIET, "R-THETA does not hold.", observed))
        words = "A condor is tested and R-THETA holds: L-SHIFT's exchange is made."
        return Trigger(True, (Family.VOLATILITY.value,), self.verdict(Outcome.FIRED, words, observed))
