"""Facts from evidence: a column computed when a rule first asks for it, handed out one row at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np

from alvh.governance.hearing import Hearing, Stances, Voiced
from alvh.governance.parameters import VoteParameters
from alvh.market.view import MarketSource
from alvh.strategy.evidence import EvidenceMaker
from alvh.strategy.facts import Absent, Fact, Facts, Reading

_Column: TypeAlias = tuple[list[float], list[int], tuple[str, ...]]
"""Values, codes (zero where present) and the reasons that codes stand for."""


class FactTable:
    """The evidence of a market, aligned to its sessions.

    Parameters
    ----------
    source : MarketSource
    sessions : sequence of date
        Sessions to be asked about, ascending.
    make : callable
        Makes the columns: signals, and what a method makes of them.
    """

    def __init__(self, source: MarketSource, sessions: Sequence[date], make: EvidenceMaker) -> None:
        instants = [source.instant(session).replace(tzinfo=None) for session in sessions]
        self.evidence = make(source.series, np.array(instants, "datetime64[s]"))
        self._place = {session: place for place, session in enumerate(sessions)}
        self.columns: dict[str, _Column] = {}
        self._hearings: dict[VoteParameters, Hearing | None] = {}

    def row(self, session: date) -> Facts:
        """Return the evidence known at one session's snapshot."""
        return _RowFacts(session=session, readings=_Row(self, self._place[session]))

    def stances(self, session: date, numbers: VoteParameters) -> Stances:
        """Return what the families say on one session; nobody is present where the evidence cannot vote."""
        if numbers not in self._hearings:
            evidence = self.evidence
            heard = (
                Hearing(evidence.stances(numbers), evidence.place.tolist()) if isinstance(evidence, Voiced) else None
            )
            self._hearings[numbers] = heard
        hearing = self._hearings[numbers]
        return {} if hearing is None else hearing.at(self._place[session])

    def column(self, identifier: str) -> _Column | None:
        """Return one part on every session, made when a rule first asks; None where there is no such part."""
        found = self.columns.get(identifier)
        if found is None and identifier in self.evidence:
            column = self.evidence[identifier]
            found = self.columns[identifier] = (column.value.tolist(), column.code.tolist(), column.reasons)
        return found


class _Row(Mapping[str, Fact]):
    """One row of the table, read part by part."""

    __slots__ = ("columns", "place", "table")

    def __init__(self, table: FactTable, place: int) -> None:
        self.table = table
        self.columns = table.columns
        self.place = place

    def get(self, identifier: str, default: Any = None) -> Any:
        """Return a fact, or the default; rules ask some fifty a session, so this is one call."""
        column = self.columns.get(identifier) or self.table.column(identifier)
        if column is None:
            return default
        place = self.place
        code = column[1][place]
        if code == 0:
            return Reading(id=identifier, value=column[0][place])
        return Absent(id=identifier, reason=column[2][code])

    def __getitem__(self, identifier: str) -> Fact:
        found: Fact | None = self.get(identifier)
        if found is None:
            raise KeyError(identifier)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.evidence.ids)

    def __len__(self) -> int:
        return len(self.table.evidence.ids)


class _RowFacts(Facts):
    """Facts of a run: a value is read without making the reading it stands in."""

    __slots__ = ()

    def value(self, identifier: str) -> float | None:
        """Return the value of a present reading, else None."""
        row = self.readings
        if not isinstance(row, _Row):
            return Facts.value(self, identifier)
        column = row.columns.get(identifier) or row.table.column(identifier)
        if column is None or column[1][row.place]:
            return None
        return column[0][row.place]
