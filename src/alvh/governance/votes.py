"""Votes: the families say for, against or nothing to a proposal (G-VOTES, G-MULTISIG, G-COMPOSITE).

1. A family's stance times the direction of the proposal decides: at 0.2 and above it votes for, at -0.2 and below
   against, between it abstains. A family that holds a satisfied trigger of the rule votes for.
2. A proposal passes with m for-votes. There is no veto: votes against are recorded, and count in the composite.
3. The composite, 0.5 + 0.5 x the weighted stances, blocks protection below 0.4 and harvest above 0.6, unless leaving
   any one family out would lift the block: no single family decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

import msgspec

from alvh.governance.parameters import CompositeParameters, VoteParameters
from alvh.governance.stances import VOTING, Stance
from alvh.signals.signal import Family
from alvh.strategy.decision import Direction

_MOST_WEIGHT = 1.0 / 3.0


class Vote(StrEnum):
    """What a family says to a proposal."""

    FOR = "for"
    AGAINST = "against"
    ABSTAINS = "abstains"


class Quorum(msgspec.Struct, frozen=True, kw_only=True):
    """How many for-votes a proposal needs, and from whom.

    Attributes
    ----------
    needed : int
        m; zero needs no votes.
    consulted : frozenset of Family
        Families whose votes count.
    composite : bool
        Whether G-COMPOSITE may block it.
    """

    needed: int
    consulted: frozenset[Family] = frozenset(VOTING)
    composite: bool = True


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """The vote on one proposal."""

    votes: Mapping[Family, Vote]
    passed: bool
    sentence: str


class Composite(msgspec.Struct, frozen=True, kw_only=True):
    """The weighted stance of all families.

    Attributes
    ----------
    value : float
        In [0, 1]; one half is neutral, one asks for all protection.
    weight : float
        Of each family present.
    families : tuple of (Family, float)
        Stances that entered.
    """

    value: float
    weight: float
    families: tuple[tuple[Family, float], ...]


def cast(
    stances: Mapping[Family, Stance], direction: Direction, triggers: Collection[Family], numbers: VoteParameters
) -> dict[Family, Vote]:
    """Let every family that is present vote.

    Parameters
    ----------
    triggers : collection of Family
        Families that hold a satisfied trigger of the proposing rule.
    """
    votes: dict[Family, Vote] = {}
    for family in VOTING:
        if family in triggers:
            votes[family] = Vote.FOR
        elif (stance := stances.get(family)) is not None:
            votes[family] = _vote(stance.value * int(direction), numbers)
    return votes


def count(votes: Mapping[Family, Vote], quorum: Quorum) -> Tally:
    """Count the votes of the families consulted against the quorum."""
    heard = {family: vote for family, vote in votes.items() if family in quorum.consulted}
    agreeing = [family for family, vote in heard.items() if vote is Vote.FOR]
    passed = len(agreeing) >= quorum.needed
    return Tally(votes=heard, passed=passed, sentence=_told(heard, agreeing, quorum, passed=passed))


def composite(stances: Mapping[Family, Stance]) -> Composite:
    """Weigh the stances: min(1/3, 1/n) each, what is missing neutral."""
    return _weigh(tuple((family, stances[family].value) for family in VOTING if family in stances))


def blocked(weighed: Composite, direction: Direction, numbers: CompositeParameters) -> str | None:
    """Say why the composite stops a proposal of this direction, or None.

    A block that rests on one family is none.
    """
    if not _stops(weighed.value, direction, numbers):
        return None
    for left_out, _ in weighed.families:
        rest = _weigh(tuple(item for item in weighed.families if item[0] is not left_out))
        if not _stops(rest.value, direction, numbers):
            return None
    if direction is Direction.PROTECT:
        return f"the composite of {weighed.value:.2f} is below {numbers.low.value:g}: no family asks for protection"
    return f"the composite of {weighed.value:.2f} is above {numbers.high.value:g}: protection comes before premium"


def _weigh(families: tuple[tuple[Family, float], ...]) -> Composite:
    weight = min(_MOST_WEIGHT, 1.0 / len(families)) if families else 0.0
    value = 0.5 + 0.5 * weight * sum(stance for _, stance in families)
    return Composite(value=value, weight=weight, families=families)


def _stops(value: float, direction: Direction, numbers: CompositeParameters) -> bool:
    return value < numbers.low.value if direction is Direction.PROTECT else value > numbers.high.value


def _vote(leaning: float, numbers: VoteParameters) -> Vote:
    if leaning >= numbers.threshold.value:
        return Vote.FOR
    return Vote.AGAINST if leaning <= -numbers.threshold.value else Vote.ABSTAINS


def _told(votes: Mapping[Family, Vote], agreeing: Collection[Family], quorum: Quorum, *, passed: bool) -> str:
    said = ", ".join(f"{family} {vote}" for family, vote in votes.items()) or "no family is present"
    verdict = "passes" if passed else "does not pass"
    return f"{len(agreeing)} of {quorum.needed} for-votes needed: the proposal {verdict} ({said})."
