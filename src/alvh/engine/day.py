"""One session of one strategy, as the loop hands it on: what was decided, what became of it, what was entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from alvh.engine.row import EquityRow
from alvh.ledger.events import Event
from alvh.strategy.decision import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOutcome:
    """What became of a day's proposals: ids of those filled, sentences for those refused and those unfilled.

    `grounds` says for each authorised proposal on which ground it was, filled or not.
    """

    session: date
    filled: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    unfilled: tuple[tuple[str, str], ...]
    grounds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one strategy leaves behind on one session; whoever takes it keeps what he needs and lets the rest go.

    Attributes
    ----------
    row : EquityRow
        The book at the end of the session.
    entries : tuple of Event
        What was entered into the ledger since the session before, in order.
    """

    decision: Decision
    outcome: DayOutcome
    row: EquityRow
    entries: tuple[Event, ...]
