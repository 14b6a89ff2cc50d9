"""What the hedge is told of one session, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from alvh.book.condor_table import CondorTable
from alvh.book.marks import Marks
from alvh.book.position_columns import CALL_SHORT, CREDIT, QUANTITY, SCALE
from alvh.book.positions import Book
from alvh.core.arrays import F8
from alvh.market.view import View
from alvh.method.entries import Entry
from alvh.strategy.decision import Direction, Package, Proposal, Verdict
from alvh.strategy.facts import Facts

__all__ = ["HedgeDay"]

_USD = 100.0


@dataclass(slots=True, kw_only=True)
class HedgeDay:
    """One session as the layers see it; rules add their verdicts and proposals to it.

    Attributes
    ----------
    covered : float, USD
        Maximum loss of the condors that stay.
    ratios : (n,) array
        Larger test ratio of each condor.
    leaving : frozenset of str
        Condors that are about to be closed.
    memory : mapping of str to float
        What was remembered yesterday.
    learnt : dict of str to float
        To be remembered.
    """

    facts: Facts
    view: View
    book: Book
    marks: Marks
    equity: float
    covered: float
    entry: Entry
    condors: CondorTable
    ratios: F8
    leaving: frozenset[str]
    memory: Mapping[str, float]
    next_id: Callable[[], str]
    verdicts: list[Verdict]
    proposals: list[Proposal] = field(default_factory=list)
    learnt: dict[str, float] = field(default_factory=dict)

    @property
    def max_loss(self) -> float:
        """Maximum loss of the condors that stay and the one being sold, USD."""
        return self.covered + self.entry.max_loss

    def credit(self) -> float:
        """Return the credit of the condors that stay and the least of the one being sold, USD."""
        facts = self.condors.facts
        kept = np.array([name not in self.leaving for name in self.condors.ids], np.bool_)
        held = float(np.sum((facts[:, CREDIT] * facts[:, QUANTITY])[kept])) if kept.size else 0.0
        package = self.entry.package
        new = float(package.limit) * package.quantity if package is not None and package.limit is not None else 0.0
        return _USD * (held + new)

    def tested_calls(self) -> tuple[int, float]:
        """Count the condors that stay with a tested short call, and add up their credit, USD."""
        if not (self.ratios >= 0.0).any():
            return 0, 0.0
        facts = self.condors.facts
        kept = np.array([name not in self.leaving for name in self.condors.ids], np.bool_)
        tested = (self.view.spot * facts[:, SCALE] >= facts[:, CALL_SHORT]) & kept
        return int(tested.sum()), _USD * float(np.sum((facts[:, CREDIT] * facts[:, QUANTITY])[tested]))

    def propose(
        self,
        rule: str,
        direction: Direction,
        packages: list[Package],
        reason: str,
        *,
        triggers: tuple[str, ...] = (),
        mandatory: bool = False,
    ) -> None:
        """Add a proposal, unless it is empty."""
        if packages:
            self.proposals.append(
                Proposal(
                    id=self.next_id(),
                    rule=rule,
                    direction=direction,
                    packages=tuple(packages),
                    reason=reason,
                    mandatory=mandatory,
                    triggers=triggers,
                )
            )
