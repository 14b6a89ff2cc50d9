"""Facts: the row of evidence known at one instant, each reading present with its value or absent with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import msgspec


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A signal that is present.

    Attributes
    ----------
    value : float
        In the signal's unit; a flag is 1.0 or 0.0.
    """

    id: str
    value: float

    @property
    def holds(self) -> bool:
        """Whether a flag is set."""
        return self.value != 0.0


class Absent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A signal without usable inputs: it abstains, it is never zero."""

    id: str
    reason: str


Fact: TypeAlias = Reading | Absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Evidence as known at one session's snapshot.

    Attributes
    ----------
    session : date
    readings : mapping of signal id to Fact
        Ids are a rulebook id, with a dot and a part where a signal has parts: ``S-REER.stable``.
    """

    session: date
    readings: Mapping[str, Fact] = field(default_factory=dict)

    def __getitem__(self, identifier: str) -> Fact:
        """Return a fact; one that nobody computed is absent and says so."""
        found = self.readings.get(identifier)
        return found if found is not None else Absent(id=identifier, reason=f"{identifier} is not among the facts")

    def value(self, identifier: str) -> float | None:
        """Return the value of a present reading, else None."""
        fact = self.readings.get(identifier)
        return fact.value if type(fact) is Reading else None
