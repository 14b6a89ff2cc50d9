"""D-CLASSIFY: motion or dislocation, and what is asked of each."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from alvh.method.rule import Rule
from alvh.method.tested.side import Side, reason
from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.facts import Facts

__all__ = ["Classified", "DClassify", "Kind"]

_MOTION = {Side.CALL: "R-MOTION.motion", Side.PUT: "R-MOTION.put_motion"}


class Kind(StrEnum):
    """What the move that tests a condor is."""

    MOTION = "motion"
    DISLOCATION = "dislocation"
    UNKNOWN = "unknown"


class Classified(msgspec.Struct, frozen=True, gc=False):
    """Kind of the move, the rules that are asked in their order, and the verdict."""

    kind: Kind
    path: tuple[str, ...]
    verdict: Verdict


_PATHS = {Kind.MOTION: ("D-CPI", "D-ROLL"), Kind.DISLOCATION: ("D-ACTIVATE", "D-ROLL"), Kind.UNKNOWN: ("D-ROLL",)}


class DClassify(Rule):
    """Tell motion from dislocation before anything is done about a tested side.

    D-CLOSE is judged first. Then R-MOTION decides, for puts by its `put_` parts: in motion D-CPI is asked, then D-ROLL;
    in a dislocation D-ACTIVATE, then D-ROLL; where none of them holds the condor is held, down to D-MECHANICAL. When
    R-MOTION is absent this rule abstains, and only D-ROLL is asked, which both ways have in common.
    """

    id = "D-CLASSIFY"
    title = "Motion or dislocation"
    seeds = ("004",)
    section = "tested"

    def judge(self, facts: Facts, side: Side) -> Classified:
        """Classify the move that tests a side."""
        name = _MOTION[side]
        moving = facts.value(name)
        if moving is None:
            words = f"The move is not classified: {reason(facts, name)}."
            return Classified(
                Kind.UNKNOWN, _PATHS[Kind.UNKNOWN], self.verdict(Outcome.ABSTAINED, words, {"side": side.value})
            )
        kind = Kind.MOTION if moving else Kind.DISLOCATION
        path = _PATHS[kind]
        words = f"The {side} side is tested by a {kind}: {', '.join(path)}, hold."
        if kind is Kind.MOTION:
            words = f"The {side} side is tested by motion: {', '.join(path)}, hold."
        observed = {"side": side.value, name: moving}
        return Classified(kind, path, self.verdict(Outcome.FIRED, words, observed))
