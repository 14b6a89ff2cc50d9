"""Hedging of a day: the floor that goes on with a new condor, the roll of near calls, the way back into the band."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alvh.book.positions import Book
from alvh.market.chain import QuoteStatus
from alvh.market.view import View
from alvh.method.entries import Entry, propose
from alvh.method.layers.base import Call, Held, LBase
from alvh.strategy.decision import Direction, Outcome, Package, Proposal, Verdict
from alvh.strategy.facts import Facts
from alvh.strategy.words import said


class HedgeDesk:
    """Keeps the rung of the hedge."""

    def __init__(self, base: LBase) -> None:
        self._base = base

    def decide(
        self,
        facts: Facts,
        view: View,
        book: Book,
        covered: float,
        entry: Entry,
        next_id: Callable[[], str],
        verdicts: list[Verdict],
    ) -> list[Proposal]:
        """Propose the entry with its floor, and what brings coverage back.

        Parameters
        ----------
        covered : float, USD
            Maximum loss of the condors that stay.
        """
        base = self._base
        target, verdict = base.target(facts)
        verdicts.append(verdict)
        held = base.held(book, view)
        ending = [each for each in held if self._ends(each, view, book)]
        keeping = [each for each in held if each not in ending] if ending else held
        notional = sum([each.notional for each in keeping])
        max_loss = covered + entry.max_loss
        needs_floor = entry.package is not None and notional < base.floor * max_loss
        needs_more = base.gap(target, notional, max_loss) > 0.0
        call = base.call(view) if needs_floor or needs_more else None
        if isinstance(call, str):
            return self._without_call(entry, call, next_id, verdicts, needs_floor=needs_floor)
        companion = self._companion(call, notional, max_loss) if needs_floor and call is not None else None
        opening = propose(entry, companion, next_id)
        if companion is not None and call is not None:
            notional += call.notional * companion.quantity
        adjusted = self._adjust(call, keeping, ending, next_id, verdicts, target, notional, max_loss)
        return [proposal for proposal in (opening, adjusted) if proposal is not None]

    def _companion(self, call: Call, notional: float, max_loss: float) -> Package | None:
        contracts = int((self._base.floor * max_loss - notional) / call.notional)
        return self._base.purchase(call, contracts) if contracts > 0 else None

    def _adjust(
        self,
        call: Call | None,
        keeping: Sequence[Held],
        ending: Sequence[Held],
        next_id: Callable[[], str],
        verdicts: list[Verdict],
        target: float,
        notional: float,
        max_loss: float,
    ) -> Proposal | None:
        base = self._base
        gap = base.gap(target, notional, max_loss)
        packages = [base.sale(each.position, each.position.quantity) for each in ending]
        bought = int(gap / call.notional) if gap > 0 and call is not None else 0
        words = [f"near expiry: {_count(packages)} within {base.sell_dte} days sold"] if packages else []
        direction = Direction.HARVEST
        if bought and call is not None:
            packages.append(base.purchase(call, bought))
            words.append(
                f"coverage below its band around {target:.1%}: {bought} VIX {call.expiry} {call.strike:g} "
                f"call{'' if bought == 1 else 's'} bought ({call.delta:.2f} delta on a forward of {call.forward:.2f})"
            )
            direction = Direction.PROTECT
        elif gap < 0:
            surplus = base.sales(keeping, -gap)
            packages.extend(surplus)
            words += [f"coverage above its band around {target:.1%}: {_count(surplus)} sold"] if surplus else []
        observed = {
            "coverage": notional / max_loss if max_loss > 0 else None,
            "notional": notional,
            "max_loss": max_loss,
            "unfilled": gap - bought * call.notional if gap > 0 and call is not None else 0.0,
        }
        threshold = {"target": target}
        if not packages:
            words_of = said("Coverage stays where it is, around its target of {:.1%}.", target)
            verdicts.append(base.verdict(Outcome.QUIET, words_of, observed, threshold))
            return None
        sentence = "; ".join(words)
        verdicts.append(base.verdict(Outcome.FIRED, f"{sentence[0].upper()}{sentence[1:]}.", observed, threshold))
        return Proposal(id=next_id(), rule=base.id, direction=direction, packages=tuple(packages), reason=sentence)

    def _without_call(
        self, entry: Entry, why: str, next_id: Callable[[], str], verdicts: list[Verdict], *, needs_floor: bool
    ) -> list[Proposal]:
        sentence = f"No hedge can be bought: {why}."
        if needs_floor:
            sentence = f"{sentence} The condor is not sold, since L-BASE's floor goes on with it."
        verdicts.append(self._base.verdict(Outcome.BLOCKED, sentence))
        opening = None if needs_floor else propose(entry, None, next_id)
        return [] if opening is None else [opening]

    def _ends(self, held: Held, view: View, book: Book) -> bool:
        """Whether a call is near expiry and somebody bids for it."""
        expiry, marks = held.position.expiry, book.marks
        if expiry is None or marks is None or (expiry - view.session).days > self._base.sell_dte:
            return False
        leg = marks.table.leg_contract[marks.table.leg_start[held.place]]
        return bool(marks.status[leg] == QuoteStatus.OK)


def _count(packages: Sequence[Package]) -> str:
    contracts = sum(package.quantity for package in packages)
    return f"{contracts} call{'' if contracts == 1 else 's'}"
