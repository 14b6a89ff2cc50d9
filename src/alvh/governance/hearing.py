"""What the families say on each session of a run: stances made once, read one session at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from alvh.core.arrays import I8
from alvh.governance.parameters import VoteParameters
from alvh.governance.stances import VOTING, Stance, StanceTable
from alvh.signals.signal import Family

__all__ = ["Hearing", "Stances", "Voiced"]

Stances: TypeAlias = Mapping[Family, Stance]
"""Families that are present on one session."""

StancesOfTheDay: TypeAlias = Callable[[], Stances]
"""Asked only on a day with something to vote on."""


@runtime_checkable
class Voiced(Protocol):
    """Evidence that can vote."""

    @property
    def place(self) -> I8:
        """Row of each session asked about."""
        ...

    def stances(self, numbers: VoteParameters) -> StanceTable:
        """Return what every voice and family says over all rows."""
        ...


class Hearing:
    """Stances of every session of a run.

    Parameters
    ----------
    table : StanceTable
    place : sequence of int
        Row of each session in the table.
    """

    def __init__(self, table: StanceTable, place: Sequence[int]) -> None:
        stance, present = table.values()
        rows = list(place)
        self._table = table
        self._rows = rows
        self._stance: list[list[float]] = stance[:, rows].T.tolist()
        self._present: list[list[bool]] = present[:, rows].T.tolist()

    def at(self, session: int) -> Stances:
        """Return the stances of the i-th session; what each input said is told by `inputs`."""
        said = zip(VOTING, self._stance[session], self._present[session], strict=True)
        return {family: Stance(family=family, value=value, inputs=()) for family, value, here in said if here}

    def inputs(self, session: int) -> Stances:
        """Return the stances of the i-th session with what each of their inputs said."""
        return self._table.row(self._rows[session])


def silence() -> Stances:
    """Hear nobody: a market without evidence."""
    return {}
