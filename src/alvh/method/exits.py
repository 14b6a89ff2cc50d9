"""Exits of a day: every open condor is asked, tested ones by section 5, the others by C-MANAGE."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from alvh.book.condor_table import CondorTable
from alvh.book.marks import Marks
from alvh.book.positions import Book
from alvh.core.arrays import F8
from alvh.core.errors import InvariantError
from alvh.execution.fills import FillParameters
from alvh.execution.quotes import closing_debits
from alvh.market.contracts import Option
from alvh.market.view import View
from alvh.method.condor.closing import closing
from alvh.method.condor.manage import CManage, Exit
from alvh.method.tested.desk import TestedDesk
from alvh.method.tested.leftover import spread_ratio, spreads
from alvh.method.tested.mechanical import DMechanical
from alvh.method.tested.packages import shut
from alvh.strategy.decision import Memory, Outcome, Proposal, Verdict
from alvh.strategy.facts import Facts
from alvh.strategy.words import Said, said


class Exits(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Proposals and verdicts of one day, and the positions that are about to leave.

    Attributes
    ----------
    leaving : frozenset of str
        Condors that are closed and not replaced.
    rolled : frozenset of str
        Condors that section 5 replaces by others of the same size; L-BETA follows.
    shift, activated : bool
        D-SHIFT asks the hedge for L-SHIFT's exchange; D-ACTIVATE is among the proposals.
    """

    proposals: tuple[Proposal, ...]
    verdicts: tuple[Verdict, ...]
    leaving: frozenset[str]
    rolled: frozenset[str] = frozenset()
    shift: bool = False
    activated: bool = False


class ExitDesk:
    """Asks each condor whether it must be closed."""

    def __init__(self, manage: CManage, tested: TestedDesk, fills: FillParameters) -> None:
        self._manage = manage
        self._tested = tested
        self._fills = fills

    def decide(
        self,
        facts: Facts,
        view: View,
        book: Book,
        memory: Memory,
        condors: CondorTable,
        ratios: F8,
        next_id: Callable[[], str],
    ) -> Exits:
        """Ask the open condors, in order of opening.

        Parameters
        ----------
        book : Book
            Marked at `view`.
        ratios : (n,) array
            Larger test ratio of each condor; it is tested from zero on.

        Raises
        ------
        InvariantError
            The book carries no marks.
        """
        marks = book.marks
        if marks is None:
            raise InvariantError("exits were asked of a book without marks", where=str(view.session))
        untested = ratios < 0.0
        debits = closing_debits(marks, self._fills)[condors.rows]
        dte = condors.expiry - marks.session.toordinal()
        reached = self._manage.screen(condors.credit, dte, debits)
        proposals: list[Proposal] = []
        verdicts: list[Verdict] = []
        for row in np.flatnonzero(untested & (reached > 0)).tolist():
            reason = self._manage.reason(reached.item(row), condors.credit.item(row), int(dte[row]), debits.item(row))
            self._close(marks, condors.rows.item(row), self._manage, reason, next_id, proposals, verdicts)
        for place in spreads(book.positions):
            self._leftover(marks, place, next_id, proposals, verdicts)
        closing = frozenset([package.closes or "" for proposal in proposals for package in proposal.packages])
        if not verdicts:
            verdicts.append(self._quiet(len(condors), int(np.count_nonzero(untested))))
        tested = self._tested.decide(facts, view, book, memory, condors, ratios, next_id)
        return Exits(
            proposals=(*proposals, *tested.proposals),
            verdicts=(*verdicts, *tested.verdicts),
            leaving=closing | tested.leaving,
            rolled=tested.rolled,
            shift=tested.shift,
            activated=tested.activated,
        )

    def _close(
        self,
        marks: Marks,
        place: int,
        asker: CManage | DMechanical,
        reason: str,
        next_id: Callable[[], str],
        proposals: list[Proposal],
        verdicts: list[Verdict],
    ) -> None:
        identifier = marks.positions[place].id
        close = closing(place, marks, asker.id)
        if close.package is None:
            sentence = f"{identifier} should be closed ({reason}), but {close.obstacle}."
            verdicts.append(asker.verdict(Outcome.BLOCKED, sentence, {"position": identifier}))
            return
        kept = f"; {len(close.left)} long wing without a bid is kept" if close.left else ""
        words = said("{} is closed: {}{}.", identifier, reason, kept)
        verdicts.append(asker.verdict(Outcome.FIRED, words, {"position": identifier}))
        proposals.append(shut(close.package, asker.id, reason, next_id))

    def _leftover(
        self,
        marks: Marks,
        place: int,
        next_id: Callable[[], str],
        proposals: list[Proposal],
        verdicts: list[Verdict],
    ) -> None:
        """Ask the spread that D-CLOSE left of a condor; C-MANAGE's exits by price need a credit, and it has none."""
        position, spot = marks.positions[place], marks.view.spot
        ratio = spread_ratio(position, spot)
        mechanical = self._tested.mechanical
        if ratio is not None and ratio >= mechanical.ratio:
            self._close(marks, place, mechanical, mechanical.reason(spot, ratio), next_id, proposals, verdicts)
            return
        days = min(leg.instrument.expiry for leg in position.legs if isinstance(leg.instrument, Option))
        dte = (days - marks.session).days
        if self._manage.late(dte) and (ratio is None or ratio < 0.0):
            reason = self._manage.reason(Exit.TIME, 0.0, dte, 0.0)
            self._close(marks, place, self._manage, reason, next_id, proposals, verdicts)

    def _quiet(self, condors: int, untested: int) -> Verdict:
        words: str | Said = (
            said("None of {} untested condors reached an exit.", untested) if condors else "No condor is open."
        )
        return self._manage.verdict(Outcome.QUIET, words, {"untested": untested})
