"""L-CALLSPREAD: front VIX call spreads while a short call is tested by a healthy rally."""

from __future__ import annotations

from alvh.method.layers.parameters import CallSpreadParameters
from alvh.method.layers.trigger import Trigger, missing
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["LCallSpread"]

_CONSTRUCTIVE = "S-AD.constructive"


class LCallSpread(Rule):
    """Add up to `points` of coverage while a short call is tested and the advance-decline line is constructive.

    Front-month VIX call spreads: the listed call nearest to the forward against the one `width` points above. They may
    cost at most `premium` of the tested condors' credit. They are sold when no short call is tested any more, or when
    the advance-decline line is no longer constructive.
    """

    id = "L-CALLSPREAD"
    title = "VIX call spreads beside a tested short call"
    seeds = ("004",)
    section = "layers"

    def __init__(self, parameters: CallSpreadParameters) -> None:
        self.points = parameters.points.value
        self.width = parameters.width.value
        self.premium = parameters.premium.value
        self._thresholds = {"points": self.points, "width": self.width, "premium": self.premium}

    def judge(self, facts: Facts, tested: int) -> Trigger:
        """Say whether the spreads are held today.

        Parameters
        ----------
        tested : int
            Condors whose short call is tested.
        """
        if not tested:
            words = "No short call is tested."
            return Trigger(False, (), self.verdict(Outcome.QUIET, words, {"tested": 0}, self._thresholds))
        constructive = facts.value(_CONSTRUCTIVE)
        observed = {"tested": tested, _CONSTRUCTIVE: constructive}
        if constructive is None:
            words = f"Whether the rally is healthy is not known: {missing(facts, (_CONSTRUCTIVE,))[0]}."
            return Trigger(False, (), self.verdict(Outcome.ABSTAINED, words, observed, self._thresholds))
        if not constructive:
            words = "A short call is tested and the advance-decline line is not constructive."
            return Trigger(False, (), self.verdict(Outcome.QUIET, words, observed, self._thresholds))
        words = f"{tested} short calls are tested in a healthy rally: VIX call spreads are added."
        verdict = self.verdict(Outcome.FIRED, words, observed, self._thresholds)
        return Trigger(True, (Family.PRICE.value, Family.BREADTH.value), verdict)

    def room(self, max_loss: float) -> float:
        """Return the most VX notional that may be added, USD."""
        return self.points * max_loss
