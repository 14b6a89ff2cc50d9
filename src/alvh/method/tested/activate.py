"""D-ACTIVATE: in a dislocation, VIX call spreads beside the condor and the options rolled outward."""

from __future__ import annotations

from alvh.method.layers.trigger import Trigger
from alvh.method.rule import Rule
from alvh.method.tested.side import Side, reason
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["DActivate"]

_READS = {Side.CALL: "S-AD.constructive", Side.PUT: "S-AD.change"}

# A pressed strike is price's own trigger, as in L-CALLSPREAD; breadth is the other, and section 5 does not consult it.
_FAMILIES = (Family.PRICE.value, Family.BREADTH.value)


class DActivate(Rule):
    """Surface conversion: L-CALLSPREAD beside a pressed short call, and the equity options rolled outward.

    When the advance-decline line is constructive (S-AD) while the short call is tested. The roll is D-ROLL's search,
    without D-ROLL's conditions, and must move the break-even of the tested side outward. L-CALLSPREAD, with L-ENGINE
    where it needs it, is judged by the hedge on the same day and by the same evidence. For a tested put the mirror
    image: the advance-decline line falls; there is only the roll, for L-CALLSPREAD belongs to short calls.
    """

    id = "D-ACTIVATE"
    title = "Surface conversion"
    seeds = ("004",)
    section = "tested"

    def judge(self, facts: Facts, side: Side) -> Trigger:
        """Say whether the surface is converted."""
        name = _READS[side]
        value = facts.value(name)
        observed = {"side": side.value, name: value}
        if value is None:
            words = f"It cannot be judged: {reason(facts, name)}."
            return Trigger(False, (), self.verdict(Outcome.ABSTAINED, words, observed))
        if value != 0.0 if side is Side.CALL else value < 0.0:
            words = "Breadth is behind the move: surface conversion."
            return Trigger(True, _FAMILIES, self.verdict(Outcome.FIRED, words, observed))
        words = "Breadth is not behind the move."
        return Trigger(False, (), self.verdict(Outcome.QUIET, words, observed))
