"""Section 5 for one day: every tested condor walks the tree, and the path it took is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import msgspec
import numpy as np

from alvh.book.condor import Condor
from alvh.book.condor_table import CondorTable
from alvh.book.margin_parameters import MarginParameters
from alvh.book.positions import Book, Position
from alvh.book.stress import stress
from alvh.core.arrays import F8
from alvh.core.errors import InvariantError
from alvh.execution.fills import FillParameters
from alvh.execution.quotes import NoQuote, executable
from alvh.market.view import View
from alvh.method.condor.closing import Closing, closing
from alvh.method.condor.shape import CCenter, CShape
from alvh.method.layers.trigger import Trigger
from alvh.method.tested.activate import DActivate
from alvh.method.tested.classify import Classified, DClassify
from alvh.method.tested.close import DClose
from alvh.method.tested.cpi import DCpi
from alvh.method.tested.drift import DDdm
from alvh.method.tested.mechanical import DMechanical
from alvh.method.tested.moves import Mover
from alvh.method.tested.order import DOrder, Step
from alvh.method.tested.packages import only, replacement, shut
from alvh.method.tested.parameters import TestedParameters
from alvh.method.tested.puts import DPuts
from alvh.method.tested.roll import DRoll
from alvh.method.tested.search import Moved
from alvh.method.tested.shift import DShift
from alvh.method.tested.side import Side
from alvh.pricing.scenarios import DOWN, UP
from alvh.strategy.decision import Direction, Memory, Outcome, Proposal, Verdict
from alvh.strategy.facts import Facts
from alvh.strategy.words import said

__all__ = ["VIX", "VIX_DAY", "TestedDay", "TestedDesk"]

VIX, VIX_DAY = "D-CPI.vix", "D-CPI.day"
"""What is remembered for D-CPI: VIX of the last session, and the ordinal of its day."""


class TestedDay(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What section 5 came to on one day.

    Attributes
    ----------
    leaving : frozenset of str
        Condors that are closed whole and not replaced.
    rolled : frozenset of str
        Condors that are replaced; L-BETA follows.
    shift, activated : bool
        Whether the hedge makes L-SHIFT's exchange (D-SHIFT), and whether D-ACTIVATE is among the proposals.
    """

    proposals: tuple[Proposal, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    leaving: frozenset[str] = frozenset()
    rolled: frozenset[str] = frozenset()
    shift: bool = False
    activated: bool = False


class _Case(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One tested condor on one day."""

    position: Position
    condor: Condor
    side: Side
    ratio: float
    close: Closing


class _Action(msgspec.Struct, frozen=True, gc=False):
    """What the tree found: a proposal without a fallback yet, the new condor if there is one, and the words for it."""

    proposal: Proposal
    moved: Moved | None
    words: str


class _Today:
    """What the rules say today of each side, asked once however many condors are tested."""

    def __init__(self, facts: Facts, view: View, book: Book, memory: Memory, next_id: Callable[[], str]) -> None:
        self.facts, self.view, self.book, self.next_id = facts, view, book, next_id
        self.vix_before = memory.entries.get(VIX)
        day = memory.entries.get(VIX_DAY)
        self.age = None if day is None else view.session.toordinal() - day
        self.verdicts: list[Verdict] = []
        self.asked: dict[tuple[str, Side], Trigger] = {}
        self.classified: dict[Side, Classified] = {}

    def once(self, rule: str, side: Side, judge: Callable[[], Trigger]) -> Trigger:
        """Ask a rule about a side, the first time only."""
        found = self.asked.get((rule, side))
        if found is None:
            found = self.asked[rule, side] = judge()
            self.verdicts.append(found.verdict)
        return found

    def coverage(self, side: Side) -> float | None:
        """Stress coverage in the down-shock, for puts in the up-shock."""
        if self.book.marks is None:
            raise InvariantError("stress coverage was asked of a book without marks", where=str(self.view.session))
        return stress(self.book.marks, self.view, (DOWN if side is Side.CALL else UP,))[0].coverage


class TestedDesk:
    """Walks the tree of section 5 for each tested condor."""

    def __init__(
        self,
        numbers: TestedParameters,
        shape: CShape,
        center: CCenter,
        fills: FillParameters,
        margin: MarginParameters,
    ) -> None:
        self.mechanical = DMechanical(numbers.mechanical)
        self._order = DOrder(numbers.order, margin)
        self._classify, self._close, self._cpi = DClassify(), DClose(numbers.close), DCpi(numbers.cpi)
        self._roll, self._drift, self._activate = DRoll(numbers.roll), DDdm(numbers.drift), DActivate()
        self._shift, self._puts = DShift(), DPuts(numbers.puts)
        self._fills, self._moves = fills, Mover(self._roll, shape, center, fills)

    def decide(
        self,
        facts: Facts,
        view: View,
        book: Book,
        memory: Memory,
        condors: CondorTable,
        ratios: F8,
        next_id: Callable[[], str],
    ) -> TestedDay:
        """Ask the tested condors, in order of opening.

        Parameters
        ----------
        book : Book
            Marked at `view`.
        ratios : (n,) array
            Larger test ratio of each condor; it is tested from zero on.
        """
        rows = np.flatnonzero(ratios >= 0.0).tolist()
        if not rows or book.marks is None:
            words = "No condor is tested."
            quiet = self.mechanical.verdict(Outcome.QUIET, words, {"tested": 0}, {"ratio": self.mechanical.ratio})
            return TestedDay(verdicts=(quiet,))
        today = _Today(facts, view, book, memory, next_id)
        limit = self._order.broken(book, view, sum(condors.margins))
        cases = [self._case(book, view, condors, row, ratios.item(row)) for row in rows]
        if puts := sum(case.side is Side.PUT for case in cases):
            today.verdicts.append(self._puts.judge(puts))
        proposals: list[Proposal] = []
        moved: set[str] = set()
        leaving: set[str] = set()
        for case in cases:
            found, replaced = self._walk(case, today, limit)
            if found is None:
                continue
            proposals.append(found)
            if found.rule == self.mechanical.id:
                leaving.add(case.position.id)
            elif replaced:
                moved.add(case.position.id)
        shift = self._shift.judge(facts, len(rows))
        today.verdicts.append(shift.verdict)
        if not any(verdict.rule == self.mechanical.id for verdict in today.verdicts):
            words_quiet = said("{} tested, none is closed mechanically.", len(rows))
            today.verdicts.append(
                self.mechanical.verdict(
                    Outcome.QUIET, words_quiet, {"tested": len(rows)}, {"ratio": self.mechanical.ratio}
                )
            )
        return TestedDay(
            proposals=tuple(proposals),
            verdicts=tuple(today.verdicts),
            leaving=frozenset(leaving),
            rolled=frozenset(moved),
            shift=shift.holds,
            activated=any(proposal.rule == self._activate.id for proposal in proposals),
        )

    def _case(self, book: Book, view: View, condors: CondorTable, row: int, ratio: float) -> _Case:
        position = condors.positions[row]
        condor = Condor.of(position)
        if condor is None or book.marks is None:
            raise InvariantError(f"{position.id} is among the condors and is none", where=str(view.session))
        put, call = condor.test_ratio(view.spot)
        return _Case(
            position=position,
            condor=condor,
            side=Side.CALL if call >= put else Side.PUT,
            ratio=ratio,
            close=closing(condors.rows.item(row), book.marks, self.mechanical.id),
        )

    def _walk(self, case: _Case, today: _Today, limit: str) -> tuple[Proposal | None, bool]:
        """Walk the tree for one condor; return what is proposed and whether the condor is replaced."""
        steps: list[Step] = []
        spot = today.view.spot
        must = (
            self.mechanical.reason(spot, case.ratio)
            if case.ratio >= self.mechanical.ratio
            else self._order.beyond(case.ratio) or limit
        )
        out = case.close.package
        if out is None:
            words = said("{} should be acted on, but {}.", case.position.id, case.close.obstacle)
            today.verdicts.append(
                self.mechanical.verdict(Outcome.BLOCKED, words, {"position": case.position.id})
                if must
                else self._order.verdict(Outcome.BLOCKED, words, {"position": case.position.id})
            )
            return None, False
        action = self._action(case, today, steps) if self._puts.manages(case.side) else None
        rolls = action is not None and action.moved is not None
        if action is not None:
            proposal = action.proposal
            if must or rolls:
                reason = must or f"{proposal.rule} could not be filled"
                other = shut(out, self.mechanical.id, reason, today.next_id)
                proposal = replace(proposal, otherwise=other, refusal_stands=not must)
            self._record(case, today, steps, action.words, action.moved)
            return proposal, rolls
        if must:
            self._record(case, today, steps, f"it is closed ({must})", None)
            kept = f"; {len(case.close.left)} long wing without a bid is kept" if case.close.left else ""
            words = said("{} is closed: {}{}.", case.position.id, must, kept)
            today.verdicts.append(
                self.mechanical.verdict(
                    Outcome.FIRED, words, {"position": case.position.id}, {"ratio": self.mechanical.ratio}
                )
            )
            return shut(out, self.mechanical.id, must, today.next_id), False
        self._record(case, today, steps, "it is held", None)
        return None, False

    def _record(self, case: _Case, today: _Today, steps: list[Step], end: str, moved: Moved | None) -> None:
        low, high = case.condor.break_evens
        seen: dict[str, float | int | str | bool | None] = {"break_even_low": low, "break_even_high": high}
        if moved is not None:
            seen["break_even_low_after"], seen["break_even_high_after"] = moved.break_evens
        today.verdicts.append(self._order.path(case.position.id, case.side.value, case.ratio, steps, end, seen))

    def _action(self, case: _Case, today: _Today, steps: list[Step]) -> _Action | None:
        """Return the first rule's action that matches; write down every answer on the way."""
        facts, side = today.facts, case.side
        close = today.once(self._close.id, side, lambda: self._close.judge(facts, side))
        steps.append((self._close.id, close.verdict.words))
        if close.holds and case.close.package is not None:
            return self._close_side(case, close, today)
        kind = today.classified.get(side)
        if kind is None:
            kind = today.classified[side] = self._classify.judge(facts, side)
            today.verdicts.append(kind.verdict)
        steps.append((self._classify.id, kind.verdict.words))
        ways = {self._cpi.id: self._by_cpi, self._activate.id: self._by_activate, self._roll.id: self._by_roll}
        for rule in kind.path:
            found = ways[rule](case, today, steps)
            if found is not None:
                return found
        return None

    def _close_side(self, case: _Case, close: Trigger, today: _Today) -> _Action | None:
        if case.close.package is None:
            return None
        package = only(case.close.package, case.side, self._close.id)
        proposal = Proposal(
            id=today.next_id(),
            rule=self._close.id,
            direction=Direction.PROTECT,
            packages=(package,),
            reason=f"the {case.side} spread of {case.position.id} alone is closed",
            reduces_risk=True,
            triggers=close.families,
        )
        return _Action(proposal, None, f"its {case.side} spread alone is closed")

    def _by_cpi(self, case: _Case, today: _Today, steps: list[Step]) -> _Action | None:
        side, view, rule = case.side, today.view, self._cpi
        before = rule.day_before(today.vix_before, today.age)
        found = today.once(
            rule.id, side, lambda: rule.judge(today.facts, side, view.vix, before, lambda: today.coverage(side))
        )
        steps.append((rule.id, found.verdict.words))
        if not found.holds:
            return None
        return self._move(case, today, steps, rule.id, found.families, rule.debit, self._moves.inside)

    def _by_activate(self, case: _Case, today: _Today, steps: list[Step]) -> _Action | None:
        rule = self._activate
        found = today.once(rule.id, case.side, lambda: rule.judge(today.facts, case.side))
        steps.append((rule.id, found.verdict.words))
        if not found.holds:
            return None
        return self._move(case, today, steps, rule.id, found.families, self._roll.debit, self._moves.outward)

    def _by_roll(self, case: _Case, today: _Today, steps: list[Step]) -> _Action | None:
        facts, side, rule = today.facts, case.side, self._roll
        found = today.once(rule.id, side, lambda: rule.judge(facts, side))
        steps.append((rule.id, found.verdict.words))
        if not found.holds:
            relaxed = rule.judge(facts, side, relaxed=True)
            if relaxed.holds:
                tau = max((case.condor.expiry - today.view.session).days, 1) / 365.0
                rich = self._drift.judge(facts, side, tau, today.view.vix)
                today.verdicts.append(rich.verdict)
                steps.append((self._drift.id, rich.verdict.words))
                found = relaxed if rich.holds else found
        if not found.holds:
            return None
        return self._move(case, today, steps, rule.id, found.families, rule.debit, self._moves.out)

    def _move(
        self,
        case: _Case,
        today: _Today,
        steps: list[Step],
        rule: str,
        families: tuple[str, ...],
        share: float,
        find: Callable[[Condor, Side, View, Facts, float, float], Moved | str],
    ) -> _Action | None:
        """Look for the condor that takes the place of a tested one; a search without a find is one more step."""
        out = case.close.package
        if out is None:
            return None
        price = executable(today.view, out.legs, self._fills)
        if isinstance(price, NoQuote):
            steps.append((rule, f"Nothing follows: {price.reason}."))
            return None
        allowed = max(case.condor.credit, Decimal(0)) * Decimal(repr(share))
        paid = -float(price.price)
        moved = find(case.condor, case.side, today.view, today.facts, paid, paid - float(allowed))
        if isinstance(moved, str):
            steps.append((rule, f"Nothing follows: {moved}."))
            return None
        low, put, call, high = moved.strikes
        net = moved.credit - paid
        words = (
            f"it is rolled to {moved.root} {moved.expiry} {low:g}/{put:g} puts, {call:g}/{high:g} calls "
            f"for {'a credit' if net >= 0.0 else 'a debit'} of {abs(net):.2f}"
        )
        proposal = Proposal(
            id=today.next_id(),
            rule=rule,
            direction=Direction.PROTECT,
            packages=replacement(rule, case.position, out, price, moved, allowed),
            reason=f"{'surface conversion: ' if rule == self._activate.id else ''}{case.position.id}: {words}",
            triggers=families,
        )
        return _Action(proposal, moved, words)
