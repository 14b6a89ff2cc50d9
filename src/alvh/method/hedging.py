"""Hedging of a day: the floor that goes on with a new condor, the roll of near calls, the way back into the band."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from alvh.book.positions import Book, Position
from alvh.market.chain import QuoteStatus
from alvh.market.contracts import Option
from alvh.market.view import View
from alvh.method.entries import Entry, propose
from alvh.method.layers.base import Call, LBase
from alvh.strategy.decision import Direction, Outcome, Package, Proposal, Verdict
from alvh.strategy.facts import Facts


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
        held = base.held(book)
        ending = tuple(position for position in held if self._ends(position, view))
        keeping = tuple(position for position in held if position not in ending)
        notional = base.notional(keeping, view)
        call = base.call(view)
        if isinstance(call, str):
            return self._without_call(entry, call, verdicts)
        max_loss = covered + entry.max_loss
        proposals: list[Proposal] = []
        companion = self._companion(call, notional, max_loss, entry)
        opening = propose(entry, companion, next_id)
        if opening is not None:
            proposals.append(opening)
            notional += call.notional * (companion.quantity if companion is not None else 0)
        change = base.wanted(target, notional, max_loss, call)
        proposals.extend(self._adjust(call, change, keeping, ending, next_id, verdicts, target, notional, max_loss))
        return proposals

    def _companion(self, call: Call, notional: float, max_loss: float, entry: Entry) -> Package | None:
        if entry.package is None:
            return None
        short = self._base.floor * max_loss - notional
        contracts = int(short / call.notional) if short > 0 else 0
        return self._base.purchase(call, contracts) if contracts > 0 else None

    def _adjust(
        self,
        call: Call,
        change: int,
        keeping: tuple[Position, ...],
        ending: tuple[Position, ...],
        next_id: Callable[[], str],
        verdicts: list[Verdict],
        target: float,
        notional: float,
        max_loss: float,
    ) -> list[Proposal]:
        base = self._base
        sold = tuple(base.sale(position, position.quantity) for position in ending)
        coverage = notional / max_loss if max_loss > 0 else None
        observed = {"coverage": coverage, "notional": notional, "max_loss": max_loss, "change": change}
        if change < 0:
            packages = (*sold, *base.sales(keeping, -change))
            sentence = f"Coverage is above its band around {target:.1%}; {-change} calls are sold."
            direction = Direction.HARVEST
        elif change > 0:
            packages = (*sold, base.purchase(call, change))
            sentence = (
                f"Coverage is below its band around {target:.1%}; {change} VIX {call.expiry} {call.strike:g} calls "
                f"({call.delta:.2f} delta on a forward of {call.forward:.2f}) are bought."
            )
            direction = Direction.PROTECT
        elif sold:
            packages, direction = sold, Direction.HARVEST
            sentence = f"Calls within {base.sell_dte} days of expiry are sold; coverage needs no more."
        else:
            verdicts.append(base.verdict(Outcome.QUIET, f"Coverage stays in its band around {target:.1%}.", observed))
            return []
        verdicts.append(base.verdict(Outcome.FIRED, sentence, observed, {"target": target}))
        return [
            Proposal(id=next_id(), rule=base.id, direction=direction, packages=packages, reason=sentence.rstrip("."))
        ]

    def _without_call(self, entry: Entry, why: str, verdicts: list[Verdict]) -> list[Proposal]:
        sentence = f"No hedge can be bought: {why}."
        if entry.package is not None:
            sentence = f"{sentence} The condor is not sold, since L-BASE's floor goes on with it."
        verdicts.append(self._base.verdict(Outcome.BLOCKED, sentence))
        return []

    def _ends(self, position: Position, view: View) -> bool:
        """Whether a call is near expiry and somebody bids for it."""
        expiry = position.expiry
        if expiry is None or (expiry - view.session).days > self._base.sell_dte:
            return False
        option = position.legs[0].instrument
        quotes = view.slice(option.root, expiry) if isinstance(option, Option) else None
        if quotes is None or not isinstance(option, Option):
            return False
        status = quotes.quote(np.array([option.strike]), np.array([option.is_put])).status[0]
        return bool(status == QuoteStatus.OK)
