"""Facts from signals: the whole history computed once, handed out one row at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from alvh.market.view import MarketSource
from alvh.signals.table import compute
from alvh.strategy.facts import Absent, Fact, Facts, Reading


class FactTable:
    """Every signal of a market, aligned to its sessions.

    Parameters
    ----------
    source : MarketSource
    sessions : sequence of date
        Sessions to be asked about, ascending.
    """

    def __init__(self, source: MarketSource, sessions: Sequence[date]) -> None:
        instants = [source.instant(session).replace(tzinfo=None) for session in sessions]
        columns = compute(source.series, np.array(instants, "datetime64[s]"))
        self._place = {session: place for place, session in enumerate(sessions)}
        self._columns = [(column.id, column.value.tolist(), column.code.tolist(), column.reasons) for column in columns]

    def row(self, session: date) -> Facts:
        """Return the evidence known at one session's snapshot."""
        place = self._place[session]
        readings: dict[str, Fact] = {}
        for identifier, values, codes, reasons in self._columns:
            code = codes[place]
            if code == 0:
                readings[identifier] = Reading(id=identifier, value=values[place])
            else:
                readings[identifier] = Absent(id=identifier, reason=reasons[code])
        return Facts(session=session, readings=readings)
