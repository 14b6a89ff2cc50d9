"""What every signal class has: an id of the rulebook, its family, inputs and parts, and a docstring that is its page.

A signal is computed for a whole history at once and is causal: row i of a column uses only what was known at
``snapshots[i]``. It reads its inputs by canonical name, aligns them itself (`alvh.signals.column.Alignment`) and
returns one `SignalColumn` per declared part, in the declared order. A session on which an input is missing, stale or
too short is absent with a reason; it is never zero.

Writing one:

1. declare its numbers as a frozen dataclass of `Threshold`s beside the class, and give it a line in
   `alvh.signals.parameters` and its values in the policy;
2. subclass `Signal`, fill the class attributes, write the docstring as the page;
3. add the class to `alvh.signals.registry.SIGNALS`. The laws over every signal then hold it to causality.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from alvh.core.arrays import D8
from alvh.signals.column import SeriesLookup, SignalColumn

P = TypeVar("P")


class Family(StrEnum):
    """Families of evidence (rulebook section 0); a family has one vote."""

    PRICE = "price"
    VOLATILITY = "volatility"
    BREADTH = "breadth"
    MACRO = "macro"
    VALUATION = "valuation"
    POSITION = "position"
    CONTEXT = "context"
    """For R-EVENT; does not vote alone."""


class Kind(StrEnum):
    """How a part is read."""

    FLAG = "flag"
    """1 or 0."""
    LEVEL = "level"
    """A number in its unit; it votes by its z-score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One column of a signal.

    Attributes
    ----------
    name : str
        What follows the dot of the id: ``stable`` of ``S-REER.stable``.
    kind : Kind
    unit : str
        "flag", "vol points", "ratio", "log points", "sessions" ...
    meaning : str
        One line for the signal's page.
    vote : {-1, 0, 1}
        Sign with which it enters G-VOTES: +1, a high value asks for protection; 0, it does not vote by itself.
    family : Family, optional
        Where a part belongs to another family than its signal.
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    vote: int = 0
    family: Family | None = None


def flag(name: str, meaning: str, *, vote: int = 0, family: Family | None = None) -> Part:
    """Declare a part that is 1 or 0."""
    return Part(name=name, kind=Kind.FLAG, unit="flag", meaning=meaning, vote=vote, family=family)


def level(name: str, unit: str, meaning: str, *, vote: int = 0, family: Family | None = None) -> Part:
    """Declare a part that is a number."""
    return Part(name=name, kind=Kind.LEVEL, unit=unit, meaning=meaning, vote=vote, family=family)


class Signal(ABC, Generic[P]):
    """One signal of the rulebook; the subclass's docstring is the page that ``alvh rules ID`` prints.

    Parameters
    ----------
    parameters : P
        The signal's section of the policy.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    family: ClassVar[Family]
    seeds: ClassVar[tuple[str, ...]]
    """Three-digit numbers of the documents that use the signal; empty where it is ours."""
    inputs: ClassVar[tuple[str, ...]]
    """Canonical names it reads, alternatives included."""
    parts: ClassVar[tuple[Part, ...]]
    section: ClassVar[str] = "signals"

    def __init__(self, parameters: P) -> None:
        self.parameters = parameters

    @classmethod
    def page(cls) -> str:
        """Return the signal's own words."""
        return inspect.cleandoc(cls.__doc__ or "")

    @classmethod
    def part_id(cls, name: str) -> str:
        """Return the full id of a part."""
        return f"{cls.id}.{name}"

    @classmethod
    def part_ids(cls) -> tuple[str, ...]:
        """Return the full ids of all parts, in declared order."""
        return tuple(cls.part_id(part.name) for part in cls.parts)

    @classmethod
    def family_of(cls, part: Part) -> Family:
        """Return the family in which a part votes."""
        return part.family or cls.family

    def look_back(self) -> int | None:
        """Return how many sessions of inputs before a snapshot its row depends on; None: all, from the first.

        A signal with a look-back gives the very same row when its inputs are cut to it, so that a new day costs only a
        window; a law checks it.
        """
        return None

    @abstractmethod
    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots.

        Parameters
        ----------
        lookup : callable
            Finds a series by canonical name with its whole history before the first snapshot.
        snapshots : (n,) datetime64[s] array, UTC, ascending

        Returns
        -------
        tuple of SignalColumn
            One per declared part, in the declared order.
        """
