"""Facts from evidence: a column computed when a rule first asks for it, handed out one row at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from alvh.governance.hearing import Hearing, Stances, Voiced
from alvh.governance.parameters import VoteParameters
from alvh.market.view import MarketSource
from alvh.strategy.evidence import EvidenceMaker
from alvh.strategy.facts import Absent, Fact, Facts, Reading


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
        self._lists: dict[str, tuple[list[float], list[int], tuple[str, ...]]] = {}
        self._hearings: dict[VoteParameters, Hearing | None] = {}

    def row(self, session: date) -> Facts:
        """Return the evidence known at one session's snapshot."""
        return Facts(session=session, readings=_Row(self, self._place[session]))

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

    def fact(self, identifier: str, place: int) -> Fact:
        """Return one part of one row.

        Raises
        ------
        KeyError
            There is no such part.
        """
        found = self._lists.get(identifier)
        if found is None:
            if identifier not in self.evidence:
                raise KeyError(identifier)
            column = self.evidence[identifier]
            found = self._lists[identifier] = (column.value.tolist(), column.code.tolist(), column.reasons)
        values, codes, reasons = found
        if codes[place] == 0:
            return Reading(id=identifier, value=values[place])
        return Absent(id=identifier, reason=reasons[codes[place]])


class _Row(Mapping[str, Fact]):
    """One row of the table, read part by part."""

    __slots__ = ("_place", "_table")

    def __init__(self, table: FactTable, place: int) -> None:
        self._table = table
        self._place = place

    def __getitem__(self, identifier: str) -> Fact:
        return self._table.fact(identifier, self._place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.evidence.ids)

    def __len__(self) -> int:
        return len(self._table.evidence.ids)
