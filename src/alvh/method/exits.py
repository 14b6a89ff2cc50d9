"""Exits of a day: every open condor is asked, tested ones by section 5, the others by C-MANAGE."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from alvh.book.condor_table import CondorTable
from alvh.book.marks import Marks
from alvh.core.arrays import F8
from alvh.execution.fills import FillParameters
from alvh.execution.quotes import closing_prices
from alvh.method.condor.closing import closing
from alvh.method.condor.manage import CManage
from alvh.method.tested.mechanical import DMechanical
from alvh.strategy.decision import Direction, Outcome, Proposal, Verdict
from alvh.strategy.words import Said, said


class Exits(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Proposals and verdicts of one day, and the positions that are about to leave."""

    proposals: tuple[Proposal, ...]
    verdicts: tuple[Verdict, ...]
    leaving: frozenset[str]


class ExitDesk:
    """Asks each condor whether it must be closed."""

    def __init__(self, manage: CManage, mechanical: DMechanical, fills: FillParameters) -> None:
        self._manage = manage
        self._mechanical = mechanical
        self._fills = fills

    def decide(self, marks: Marks, condors: CondorTable, ratios: F8, next_id: Callable[[], str]) -> Exits:
        """Ask the open condors, in order of opening.

        Parameters
        ----------
        ratios : (n,) array
            Larger test ratio of each condor; it is tested from zero on.
        """
        tested = ratios >= 0.0
        debits = self._debits(marks, condors)
        dte = condors.expiry - marks.session.toordinal()
        reached = self._manage.screen(condors.credit, dte, debits)
        fires = np.where(tested, self._mechanical.screen(ratios), reached > 0)
        proposals: list[Proposal] = []
        verdicts: list[Verdict] = []
        for row in np.flatnonzero(fires).tolist():
            if tested[row]:
                asker: CManage | DMechanical = self._mechanical
                reason = self._mechanical.reason(marks.spot, ratios.item(row))
            else:
                asker = self._manage
                reason = self._manage.reason(
                    reached.item(row), condors.credit.item(row), int(dte[row]), debits.item(row)
                )
            self._close(marks, condors.rows.item(row), asker, reason, next_id, proposals, verdicts)
        leaving = frozenset([package.closes or "" for proposal in proposals for package in proposal.packages])
        verdicts.extend(self._quiet(len(condors), int(np.count_nonzero(tested)), verdicts))
        return Exits(proposals=tuple(proposals), verdicts=tuple(verdicts), leaving=leaving)

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
        proposals.append(
            Proposal(
                id=next_id(),
                rule=asker.id,
                direction=Direction.PROTECT,
                packages=(close.package,),
                reason=reason,
                mandatory=True,
                reduces_risk=True,
            )
        )

    def _debits(self, marks: Marks, condors: CondorTable) -> F8:
        """Price the closing of each condor: its executable debit, points; infinite where a leg has no quote today.

        A wing nobody bids for is counted at nothing, as if it were left behind.
        """
        prices = closing_prices(marks, self._fills)
        closed_at = np.where(prices.ok, prices.price, prices.natural)
        debits: F8 = np.where(marks.stale_of == 0.0, -closed_at, np.inf)[condors.rows]
        return debits

    def _quiet(self, condors: int, tested: int, spoken: list[Verdict]) -> list[Verdict]:
        heard = {verdict.rule for verdict in spoken}
        quiet: list[Verdict] = []
        if self._manage.id not in heard:
            words: str | Said = (
                said("None of {} untested condors reached an exit.", condors - tested)
                if condors
                else "No condor is open."
            )
            quiet.append(self._manage.verdict(Outcome.QUIET, words, {"untested": condors - tested}))
        if self._mechanical.id not in heard:
            ratio = self._mechanical.ratio
            words = (
                said("{} tested, none beyond {:.0%} of its wing.", tested, ratio) if tested else "No condor is tested."
            )
            quiet.append(self._mechanical.verdict(Outcome.QUIET, words, {"tested": tested}, {"ratio": ratio}))
        return quiet
