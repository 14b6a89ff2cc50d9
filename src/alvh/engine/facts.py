"""Facts from signals: a column computed when a rule first asks for it, handed out one row at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from alvh.market.view import MarketSource
from alvh.signals.parameters import SignalParameters
from alvh.signals.table import SignalTable
from alvh.strategy.facts import Absent, Fact, Facts, Reading


class FactTable:
    """Every signal of a market, aligned to its sessions.

    Parameters
    ----------
    source : MarketSource
    sessions : sequence of date
        Sessions to be asked about, ascending.
    parameters : SignalParameters
        Section ``signals`` of the policy.
    """

    def __init__(self, source: MarketSource, sessions: Sequence[date], parameters: SignalParameters) -> None:
        instants = [source.instant(session).replace(tzinfo=None) for session in sessions]
        self.signals = SignalTable(source.series, np.array(instants, "datetime64[s]"), parameters)
        self._place = {session: place for place, session in enumerate(sessions)}
        self._lists: dict[str, tuple[list[float], list[int], tuple[str, ...]]] = {}

    def row(self, session: date) -> Facts:
        """Return the evidence known at one session's snapshot."""
        return Facts(session=session, readings=_Row(self, self._place[session]))

    def fact(self, identifier: str, place: int) -> Fact:
        """Return one part of one row.

        Raises
        ------
        KeyError
            No signal has this part.
        """
        found = self._lists.get(identifier)
        if found is None:
            if identifier not in self.signals:
                raise KeyError(identifier)
            column = self.signals[identifier]
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
        return iter(self._table.signals.ids)

    def __len__(self) -> int:
        return len(self._table.signals.ids)
