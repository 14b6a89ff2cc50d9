"""Exits of a day: every open condor is asked, tested ones by section 5, the others by C-MANAGE."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import numpy as np

from alvh.book.condor import Condor
from alvh.book.positions import Book, Position
from alvh.execution.fills import FillParameters
from alvh.execution.quotes import closing_prices
from alvh.market.view import View
from alvh.method.condor.closing import closing
from alvh.method.condor.manage import CManage
from alvh.method.tested.mechanical import DMechanical
from alvh.strategy.decision import Direction, Outcome, Proposal, Verdict


class Held(NamedTuple):
    """An open condor as the day sees it: the larger of its two test ratios, its margin and maximum loss in USD."""

    position: Position
    condor: Condor
    ratio: float
    margin: float
    max_loss: float

    @property
    def tested(self) -> bool:
        """Whether spot is at or beyond a short strike."""
        return self.ratio >= 0.0


class Exits(msgspec.Struct, frozen=True, kw_only=True):
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

    def decide(self, view: View, book: Book, condors: tuple[Held, ...], next_id: Callable[[], str]) -> Exits:
        """Walk the open condors in order of opening."""
        proposals: list[Proposal] = []
        verdicts: list[Verdict] = []
        debits = self._debits(book)
        for held in condors:
            position = held.position
            rule, reason = self._reason(view, debits.get(position.id), held)
            if reason is None:
                continue
            condor = held.condor
            close = closing(position, condor, view, rule)
            asker = self._manage if rule == self._manage.id else self._mechanical
            if close.package is None:
                sentence = f"{position.id} should be closed ({reason}), but {close.obstacle}."
                verdicts.append(asker.verdict(Outcome.BLOCKED, sentence, {"position": position.id}))
                continue
            kept = f"; {len(close.left)} long wing without a bid is kept" if close.left else ""
            sentence = f"{position.id} is closed: {reason}{kept}."
            verdicts.append(asker.verdict(Outcome.FIRED, sentence, {"position": position.id}))
            proposals.append(
                Proposal(
                    id=next_id(),
                    rule=rule,
                    direction=Direction.PROTECT,
                    packages=(close.package,),
                    reason=reason,
                    mandatory=True,
                    reduces_risk=True,
                )
            )
        leaving = frozenset(package.closes or "" for proposal in proposals for package in proposal.packages)
        verdicts.extend(self._quiet(len(condors), sum(held.tested for held in condors), verdicts))
        return Exits(proposals=tuple(proposals), verdicts=tuple(verdicts), leaving=leaving)

    def _reason(self, view: View, debit: float | None, held: Held) -> tuple[str, str | None]:
        if held.tested:
            if not self._mechanical.fires(held.ratio):
                return self._mechanical.id, None
            return self._mechanical.id, f"tested: spot {view.spot:,.2f} has gone {held.ratio:.0%} of the tested wing"
        condor = held.condor
        return self._manage.id, self._manage.reason(condor, (condor.expiry - view.session).days, debit)

    def _debits(self, book: Book) -> dict[str, float]:
        """Price the closing of every position whose legs all have a quote today: its executable debit, points.

        A wing nobody bids for is counted at nothing, as if it were left behind.
        """
        marks = book.marks
        if marks is None:
            return {}
        prices = closing_prices(marks, self._fills)
        closed_at = np.where(prices.ok, prices.price, prices.natural).tolist()
        return {
            position.id: -price
            for position, price, stale in zip(marks.positions, closed_at, marks.stale_of.tolist(), strict=True)
            if stale == 0
        }

    def _quiet(self, condors: int, tested: int, spoken: list[Verdict]) -> list[Verdict]:
        said = {verdict.rule for verdict in spoken}
        quiet: list[Verdict] = []
        if self._manage.id not in said:
            sentence = (
                f"None of {condors - tested} untested condors reached an exit." if condors else "No condor is open."
            )
            quiet.append(self._manage.verdict(Outcome.QUIET, sentence, {"untested": condors - tested}))
        if self._mechanical.id not in said:
            sentence = (
                f"{tested} tested, none beyond {self._mechanical.ratio:.0%} of its wing."
                if tested
                else "No condor is tested."
            )
            observed = {"tested": tested}
            quiet.append(self._mechanical.verdict(Outcome.QUIET, sentence, observed, {"ratio": self._mechanical.ratio}))
        return quiet
