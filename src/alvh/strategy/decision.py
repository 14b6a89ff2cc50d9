"""The words of a decision: what each rule saw, and what it proposes.

A decision explains itself. It carries one verdict per rule that was asked; a day without a proposal carries the
reasons. A proposal is a set of packages that fill together or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import TypeAlias

import msgspec

from alvh.book.positions import Leg, Sleeve
from alvh.strategy.words import Said

Observed: TypeAlias = Mapping[str, float | int | str | bool | None]


class Outcome(StrEnum):
    """What followed from a rule."""

    FIRED = "fired"
    """The condition held; something follows."""
    QUIET = "quiet"
    """The condition was evaluated and did not hold."""
    ABSTAINED = "abstained"
    """The evidence is absent."""
    BLOCKED = "blocked"
    """The condition held but nothing could follow; the sentence says why."""


class Verdict(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One rule on one day: what it observed, against which thresholds, what followed, in words.

    Attributes
    ----------
    words : str or Said
        The sentence, or what it is made of.
    """

    rule: str
    outcome: Outcome
    words: str | Said = msgspec.field(name="sentence")
    observed: Observed = msgspec.field(default_factory=dict)
    threshold: Observed = msgspec.field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What followed, in words."""
        return str(self.words)


class Direction(IntEnum):
    """Protect adds insurance or takes risk off; harvest adds short premium or takes insurance off."""

    PROTECT = 1
    HARVEST = -1


class Package(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One trade of several legs at one net price.

    Attributes
    ----------
    legs : tuple of Leg
        Signs are trade directions: positive buys, negative sells.
    quantity : int
        Whole packages, positive.
    closes : str or None
        Id of the position this package closes (wholly or in part), or None when it opens one.
    limit : Decimal or None, points per package
        Least acceptable net price, positive when received: a credit of at least 2.50 is ``2.50``, a debit of at most
        1.20 is ``-1.20``. None accepts what the fill model gives.
    """

    sleeve: Sleeve
    rule: str
    legs: tuple[Leg, ...]
    quantity: int
    closes: str | None = None
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Packages that fill together or not at all.

    Attributes
    ----------
    id : str
        Unique within a run: session and a counter.
    rule : str
        Rule that proposes.
    direction : Direction
        A closing condor protects; a closing hedge harvests.
    mandatory : bool
        Passes without votes and is recorded so: L-BASE's floor, C-MANAGE exits, D-MECHANICAL, expiry.
    reduces_risk : bool
        True when margin and worst loss can only fall.
    reason : str
        One sentence a person can read.
    triggers : tuple of str
        Families of evidence whose trigger of the rule holds; each votes for (G-VOTES).
    otherwise : Proposal or None
        What is tried in the same session when this one does not fill.
    refusal_stands : bool
        True tries the other one only where this was authorised and could not be filled, not where it was refused.
    """

    id: str
    rule: str
    direction: Direction
    packages: tuple[Package, ...]
    reason: str
    mandatory: bool = False
    reduces_risk: bool = False
    triggers: tuple[str, ...] = ()
    otherwise: Proposal | None = None
    refusal_stands: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a strategy wrote down yesterday; the only state besides the book.

    Attributes
    ----------
    entries : mapping of str to float
        Named numbers, e.g. ``C-ENTRY.budget``.
    marks : mapping of str to tuple of str
        Named sets of ids, e.g. the positions seen at the last decision.
    """

    entries: Mapping[str, float] = field(default_factory=dict)
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Everything one day's thinking produced.

    Attributes
    ----------
    verdicts : tuple of Verdict
        One per rule asked, in the order asked.
    proposals : tuple of Proposal
    reasons : tuple of str
        Why nothing was proposed; never empty when `proposals` is.
    memory : Memory
        To be given to the next decision.
    policy : str
        Digest of the policy in force; empty for a strategy that names none.
    """

    session: date
    verdicts: tuple[Verdict, ...]
    proposals: tuple[Proposal, ...]
    reasons: tuple[str, ...]
    memory: Memory
    policy: str = ""
