"""The one decision of ALVH, pure and in order.

1. Ask every open condor whether it must be closed (C-MANAGE, section 5).
2. Move C-ALLOC's target and C-ENTRY's budget by what happened since the last decision.
3. Look for one condor to sell (C-ENTRY, C-SHAPE, C-CENTER, C-CREDIT, C-SIZE); L-BASE's floor goes with it.
4. Keep the layers of the hedge (`hedging`), as if 1 and 3 had filled.

A day without a proposal says why.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from alvh.book.condor_table import CondorTable, condor_table
from alvh.book.positions import Book
from alvh.core.errors import InvariantError
from alvh.market.view import View
from alvh.method.condor.allocation import BREACHED, OPEN, TARGET, CAlloc
from alvh.method.condor.credit import CCredit
from alvh.method.condor.entry import CEntry, CSize, Room
from alvh.method.condor.manage import CManage
from alvh.method.condor.shape import CCenter, CShape
from alvh.method.entries import Entry, EntryDesk, propose
from alvh.method.exits import ExitDesk
from alvh.method.hedge_day import HedgeDay
from alvh.method.hedging import HedgeDesk
from alvh.method.parameters import AlvhParameters
from alvh.method.tested.desk import VIX, VIX_DAY, TestedDesk
from alvh.policy.compose import Policy
from alvh.strategy.decision import Decision, Memory, Verdict
from alvh.strategy.facts import Facts

BUDGET, SEEN = "C-ENTRY.budget", "C-ENTRY.seen"


class Alvh:
    """The Adaptive Layered VIX Hedge, with its policy bound.

    Parameters
    ----------
    policy : Policy of AlvhParameters
    layers : bool
        False sells the same condors without any layer (B-UNHEDGED); the same as every coverage target at zero.
    name : str
        Name used in reports.
    """

    def __init__(self, policy: Policy[AlvhParameters], *, layers: bool = True, name: str = "alvh") -> None:
        numbers = policy.parameters
        self.name = name
        self.policy_digest = policy.digest
        self._shape = CShape(numbers.condor.shape)
        self._entry = CEntry(numbers.condor.entry)
        self._size = CSize(numbers.condor.size)
        self._alloc = CAlloc(numbers.condor.allocation, dte_min=numbers.condor.shape.dte_min.value)
        center = CCenter(numbers.condor.center)
        tested = TestedDesk(numbers.tested, self._shape, center, numbers.fills, numbers.margin)
        self._exits = ExitDesk(CManage(numbers.condor.manage), tested, numbers.fills)
        self._entries = EntryDesk(
            self._entry,
            self._shape,
            center,
            CCredit(numbers.condor.credit),
            self._size,
            numbers.fills,
        )
        hedge = HedgeDesk(numbers.layers, numbers.margin)
        self._hedge = None if not layers or hedge.off else hedge

    def decide(self, facts: Facts, view: View, book: Book, memory: Memory) -> Decision:
        """Decide on one day.

        Parameters
        ----------
        book : Book
            Marked at `view`.

        Raises
        ------
        InvariantError
            The book carries no marks.
        """
        if book.marks is None:
            raise InvariantError("a decision was asked for on a book without marks", where=str(view.session))
        next_id = _counter(view)
        equity = float(book.cash) + book.marks.total
        condors = condor_table(book.positions)
        ratios = condors.ratios(view.spot)
        exits = self._exits.decide(facts, view, book, memory, condors, ratios, next_id)
        allocation, alloc_verdict = self._alloc.advance(
            memory, zip(condors.expiry.tolist(), ratios.tolist(), strict=True), view.session
        )
        seen = memory.sets.get(SEEN, ())
        spent = 0.0 if seen is condors.ids else condors.left(condors.margins, _not_entered(seen, condors))
        budget = self._entry.grow(memory.entries.get(BUDGET, 0.0), spent, allocation.target, equity)
        in_use = condors.left(condors.margins, exits.leaving)
        room = Room(budget=budget, free=allocation.target * equity - in_use)
        entry = self._entries.decide(facts, view, equity, room)
        verdicts: list[Verdict] = [*exits.verdicts, alloc_verdict, *entry.verdicts]
        day = HedgeDay(
            facts=facts,
            view=view,
            book=book,
            marks=book.marks,
            equity=equity,
            covered=condors.left(condors.losses, exits.leaving),
            entry=entry,
            condors=condors,
            ratios=ratios,
            leaving=exits.leaving,
            memory=memory.entries,
            next_id=next_id,
            verdicts=verdicts,
            proposals=list(exits.proposals),
        )
        self._open(day)
        proposals = day.proposals
        learnt = Memory(
            entries={TARGET: allocation.target, BUDGET: budget, **_vix(view), **day.learnt},
            sets={
                OPEN: allocation.open_cycles,
                BREACHED: allocation.breached_cycles,
                SEEN: condors.ids,
            },
        )
        return Decision(
            session=view.session,
            verdicts=tuple(verdicts),
            proposals=tuple(proposals),
            reasons=() if proposals else _reasons(entry, verdicts),
            memory=learnt,
            policy=self.policy_digest,
        )

    def _open(self, day: HedgeDay) -> None:
        if self._hedge is not None:
            self._hedge.decide(day)
            return
        opening = propose(day.entry, None, day.next_id)
        day.proposals += [] if opening is None else [opening]


def _not_entered(seen: tuple[str, ...], condors: CondorTable) -> frozenset[str]:
    """Name the condors that cost no entry budget: those known before, and those that section 5 put in their place."""
    replaced = (position.id for position in condors.positions if position.rule.startswith("D-"))
    return frozenset((*seen, *replaced))


def _vix(view: View) -> dict[str, float]:
    """Return what D-CPI compares tomorrow's VIX with."""
    return {} if view.vix is None else {VIX: view.vix, VIX_DAY: float(view.session.toordinal())}


def _counter(view: View) -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{view.session}-{next(numbers)}"


def _reasons(entry: Entry, verdicts: list[Verdict]) -> tuple[str, ...]:
    said = [entry.reason, *(verdict.sentence for verdict in verdicts if verdict.rule != "C-ENTRY")]
    return tuple(dict.fromkeys(said))
