"""A check of the books: its verdict, what it reads of a row, and the worst deviation it saw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Protocol, SupportsFloat

CENT = 0.005
"""Half a cent: marks are floating point, so sums of them agree to less than this."""
DUST = 1e-6
"""Points: quotes and prices are decimals of at most four places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One invariant with its verdict.

    Attributes
    ----------
    name : str
        Short, stable name, e.g. ``equity = cash + marks``.
    holds : bool
    sentence : str
        What was compared, over how many rows, and the worst case, for a person.
    worst : float
        Size of the worst deviation in the invariant's own unit; 0.0 when nothing deviated.
    """

    name: str
    holds: bool
    sentence: str
    worst: float


class Row(Protocol):
    """What the checks read of an equity row; amounts in USD."""

    @property
    def session(self) -> date:
        """Date of the row."""
        ...

    @property
    def cash(self) -> SupportsFloat:
        """Cash after the day's entries."""
        ...

    @property
    def equity(self) -> SupportsFloat:
        """Cash + marks."""
        ...

    @property
    def condor_mark(self) -> SupportsFloat:
        """Value of the condor sleeve at mid."""
        ...

    @property
    def hedge_mark(self) -> SupportsFloat:
        """Value of the hedge sleeve at mid."""
        ...

    @property
    def margin(self) -> SupportsFloat:
        """Margin of all condors."""
        ...


class Worst:
    """The largest deviation so far and its date."""

    __slots__ = ("size", "when")

    def __init__(self) -> None:
        self.size = 0.0
        self.when: date | None = None

    def take(self, size: float, when: date) -> None:
        """Remember a deviation when it is larger than every one before."""
        if size > self.size:
            self.size, self.when = size, when


def size_of(gap: float) -> float:
    """Size of a difference; one that is not a number is as wrong as can be."""
    return math.inf if math.isnan(gap) else abs(gap)


def excess(gap: float) -> float:
    """Return by how much something lies beyond its limit; what is not a number lies as far as can be."""
    return math.inf if math.isnan(gap) else gap


def verdict(name: str, holds: bool, compared: str, found: str, worst: float, when: date | None) -> Check:
    """Put a check into words."""
    on = f", on {when}" if when is not None and worst else ""
    return Check(name=name, holds=holds, sentence=f"{compared}; {found}{on}.", worst=worst)
