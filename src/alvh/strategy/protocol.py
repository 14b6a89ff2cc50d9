"""A strategy is anything with a pure `decide`."""

from __future__ import annotations

from typing import Protocol

from alvh.book.positions import Book
from alvh.market.view import View
from alvh.strategy.decision import Decision, Memory
from alvh.strategy.facts import Facts


class Strategy(Protocol):
    """A named decision maker, its policy bound at construction.

    `decide` is a function of its four arguments alone: no clock, no file, no state. Backtest, simulation, daily
    signal and paper trading call it through the same session loop.
    """

    @property
    def name(self) -> str:
        """Short name used in reports and folders, e.g. ``alvh`` or ``unhedged``."""
        ...

    @property
    def policy_digest(self) -> str:
        """Digest of the policy bound into this strategy."""
        ...

    def decide(self, facts: Facts, view: View, book: Book, memory: Memory) -> Decision:
        """Decide on one day; `book` is marked at `view`."""
        ...
