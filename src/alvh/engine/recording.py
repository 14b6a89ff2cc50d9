"""What is kept of a strategy's days while they go by.

Of every day its numbers are kept, in columns, and its sentences counted; a few hundred bytes. The day itself, with its
decision and its entries, goes to a journal: into memory, where the caller asks for objects, or into files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

from alvh.engine.day import Day
from alvh.engine.equity import EquityTable
from alvh.engine.tally import Counting
from alvh.ledger.entries import EntryColumns
from alvh.ledger.invariants import Audit


class Journal(Protocol):
    """Takes the days of one strategy, in order."""

    def write(self, day: Day) -> None:
        """Take the next day."""
        ...


Journals: TypeAlias = Callable[[str], Journal]
"""Gives the journal of a strategy, by its name."""


class InMemory:
    """A journal that keeps every day."""

    def __init__(self) -> None:
        self.days: list[Day] = []

    def write(self, day: Day) -> None:
        """Take the next day."""
        self.days.append(day)


class Nowhere:
    """A journal that keeps nothing, for runs of which only the numbers are wanted."""

    def write(self, day: Day) -> None:
        """Let the day go."""


class Recording:
    """The record of one strategy, growing by a day at a time.

    Attributes
    ----------
    equity : EquityTable
    entries : EntryColumns
    counting : Counting
    audit : Audit
    """

    __slots__ = ("audit", "counting", "entries", "equity", "journal")

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.equity = EquityTable()
        self.entries = EntryColumns()
        self.counting = Counting()
        self.audit = Audit()

    def take(self, day: Day) -> None:
        """Record the next day."""
        self.equity.append(day.row)
        for entry in day.entries:
            self.entries.append(entry)
        self.counting.take(day)
        self.audit.take(day.entries, day.row)
        self.journal.write(day)

    @property
    def days(self) -> tuple[Day, ...] | None:
        """Every day so far, where the journal keeps them."""
        return tuple(self.journal.days) if isinstance(self.journal, InMemory) else None


def record(days: Iterable[Day]) -> Recording:
    """Record days that lie there already, and keep them."""
    made = Recording(InMemory())
    for day in days:
        made.take(day)
    return made
