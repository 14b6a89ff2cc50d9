"""One strategy's account inside a run: its book, memory, entries and rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from alvh.book.cents import ZERO
from alvh.book.margin_parameters import MarginParameters
from alvh.book.marks import Marks, mark_book
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.book.settlement import due, settlement_cash
from alvh.book.totals import book_totals
from alvh.core.errors import InvariantError, SettlementError
from alvh.engine.day import Day, DayOutcome
from alvh.engine.row import EquityRow, equity_row
from alvh.execution.fees import FeeParameters
from alvh.execution.fills import FillParameters
from alvh.execution.orders import Refused, Unfilled
from alvh.execution.quotes import PriceList
from alvh.execution.route import events_of, route
from alvh.governance.authorize import Account as Standing
from alvh.governance.authorize import authorize
from alvh.governance.deviation import Deviation
from alvh.governance.hearing import Stances, silence
from alvh.governance.parameters import GovernanceParameters
from alvh.governance.signing.simulated import Desk, Pending
from alvh.ledger.events import Accrued, Deposited, Event, Settled
from alvh.ledger.journal import apply
from alvh.ledger.symbols import instrument_symbol
from alvh.market.contracts import Future, Option
from alvh.market.expirations import settlement_instant
from alvh.market.view import MarketSource, View
from alvh.method.governed import GIrr
from alvh.strategy.decision import Decision, Memory, Outcome, Proposal, Verdict
from alvh.strategy.evidence import EvidenceMaker
from alvh.strategy.facts import Facts
from alvh.strategy.protocol import Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the account trades and settles under."""

    fills: FillParameters
    fees: FeeParameters
    governance: GovernanceParameters
    margin: MarginParameters
    evidence: EvidenceMaker
    initial_equity: Decimal


@dataclass(slots=True)
class Carried:
    """What becomes of a day's proposals, while it does."""

    filled: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    unfilled: list[tuple[str, str]] = field(default_factory=list)
    grounds: list[tuple[str, str]] = field(default_factory=list)
    rebalanced: bool = False
    equity: Decimal = ZERO


@dataclass(slots=True, kw_only=True)
class Account:
    """The moving state of one strategy; everything else in the program is immutable."""

    strategy: Strategy
    terms: Terms
    book: Book = field(init=False)
    memory: Memory = field(default_factory=Memory)
    _entries: list[Event] = field(default_factory=list)
    _last: EquityRow | None = None
    _marks: Marks | None = None
    _seen: date | None = None
    _next: Callable[[], int] = field(default_factory=lambda: count(1).__next__)
    _number: int = 0
    _paths: Deviation = field(default_factory=Deviation)
    _irr: GIrr = field(init=False)
    _desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        """Start with an empty book; the deposit comes with the first session."""
        self.book = Book(cash=Decimal(0))
        self._irr = GIrr(self.terms.governance.irr)
        self._desk = Desk(self.terms.governance.sign)

    def step(self, source: MarketSource, view: View, facts: Facts, stances: Callable[[], Stances] = silence) -> Day:
        """Live through one session: settle, accrue, mark, decide, route, mark again; nothing of it is kept here.

        Parameters
        ----------
        stances : callable
            What the families say today; asked where a proposal is put to the vote.
        """
        if self._seen is None:
            self._post(Deposited(session=view.session, cash=self.terms.initial_equity))
        self._settle(source, view.session, view.asof)
        interest = self._accrue(view)
        self._mark(view)
        deviation = self._deviation(view, float(interest))
        self._number += 1
        carried = Carried(equity=self._worth)
        if signed := self._desk.signed(self._number):
            self._leave(signed, view, stances, carried)
        decision = self.strategy.decide(facts, view, self.book, self.memory)
        decision = _with(decision, deviation)
        outcome = self._carry_out(decision, view, stances, carried)
        if outcome.filled:
            self._mark(view)
        rebalanced = carried.rebalanced or deviation.outcome is Outcome.FIRED
        self._paths.close(self._marked, self._equity, rebalanced=rebalanced)
        self.memory = decision.memory
        self._last = equity_row(view, self.book, self.terms.margin)
        self._seen = view.session
        entries, self._entries = tuple(self._entries), []
        return Day(decision=decision, outcome=outcome, row=self._last, entries=entries)

    def _post(self, event: Event, legs: tuple[Leg, ...] | None = None) -> None:
        self._entries.append(event)
        self.book = apply(self.book, event, legs)

    def _mark(self, view: View) -> None:
        self._marks = mark_book(self.book, view, self._marks)
        self.book = self.book.marked(self._marks)

    def _settle(self, source: MarketSource, session: date, asof: datetime) -> None:
        for position, leg in due(self.book, asof, settlement_instant):
            value = source.settlement(leg.instrument)
            symbol = instrument_symbol(leg.instrument)
            if value is None:
                raise SettlementError(
                    f"{symbol} of {position.id} has expired and no settlement value is known",
                    where=str(session),
                    fix="Import the series it settles on, or end the run before this date.",
                )
            expiry = leg.instrument.expiry if isinstance(leg.instrument, Option | Future) else session
            self._post(
                Settled(
                    session=min(expiry, session),
                    position=position.id,
                    sleeve=position.sleeve,
                    symbol=symbol,
                    contracts=leg.ratio * position.quantity,
                    value=value.value,
                    cash=settlement_cash(leg, position.quantity, value.value, entry=_entry(position, leg)),
                    proxy=value.proxy or "",
                )
            )

    def _accrue(self, view: View) -> Decimal:
        """Interest on yesterday's cash, act/365; a market without a bill rate pays none and its notes say so."""
        if self._seen is None or self._last is None:
            return ZERO
        days = (view.session - self._seen).days
        rate = view.rate(30.0)
        if rate is None:
            return ZERO
        cash = (self._last.cash * Decimal(repr(rate)) * days / 365).quantize(Decimal("0.01"))
        if cash:
            self._post(Accrued(session=view.session, days=days, rate=rate, cash=cash))
        return cash

    def _deviation(self, view: View, interest: float) -> Verdict:
        """Set the night's gain beside the model paths (G-IRR)."""
        self._paths.night(view.session, self._equity, interest)
        return self._irr.judge(self._paths)

    @property
    def _equity(self) -> float:
        return float(self.book.cash) + (self._marks.total if self._marks is not None else 0.0)

    @property
    def _worth(self) -> Decimal:
        """Cash and marks, as the day's limits are taken from."""
        return self.book.cash + Decimal(repr(self._marks.total if self._marks is not None else 0.0))

    @property
    def _marked(self) -> Marks:
        if self._marks is None:
            raise InvariantError("an account was asked for its marks before it was marked")
        return self._marks

    def _leave(self, signed: tuple[Pending, ...], view: View, stances: Callable[[], Stances], carried: Carried) -> None:
        """Route orders that have been signed, at their own limits; what does not fill is tried again or expires."""
        prices = PriceList(view, self.terms.fills)
        for pending in signed:
            before = len(carried.filled)
            self._try(pending.proposal, view, stances, prices, carried, signed=True)
            if len(carried.filled) == before and not self._desk.again(pending, self._number):
                carried.refused.append((pending.proposal.id, f"G-SIGN: it expired, proposed on {pending.proposed}"))
        if carried.filled:
            self._mark(view)
            carried.equity = self._worth

    def _carry_out(
        self, decision: Decision, view: View, stances: Callable[[], Stances], carried: Carried
    ) -> DayOutcome:
        prices = PriceList(view, self.terms.fills)
        waiting = list(reversed(decision.proposals))
        while waiting:
            proposal = waiting.pop()
            instead = self._try(proposal, view, stances, prices, carried)
            if instead is not None:
                waiting.append(instead)
        return DayOutcome(
            session=decision.session,
            filled=tuple(carried.filled),
            refused=tuple(carried.refused),
            unfilled=tuple(carried.unfilled),
            grounds=tuple(carried.grounds),
        )

    def _try(
        self,
        proposal: Proposal,
        view: View,
        stances: Callable[[], Stances],
        prices: PriceList,
        carried: Carried,
        *,
        signed: bool = False,
    ) -> Proposal | None:
        """Authorise, have signed and route one proposal; return what is to be tried in its place."""
        if self.book.marks is None and book_totals(self.book.positions).reserved_cents is None:
            # Margin that moves with the market is read from marks, and an earlier order has changed the book.
            self._mark(view)
        granted = authorize(proposal, self._standing(view, prices, stances, carried.equity), self.terms.governance)
        why = None if signed else self._desk.objection(proposal)
        if isinstance(granted, Refused) or why is not None:
            reasons = granted.reasons if isinstance(granted, Refused) else (str(why),)
            carried.refused.append((proposal.id, "; ".join(reasons)))
            return None if proposal.refusal_stands else proposal.otherwise
        carried.grounds.append((proposal.id, "; ".join((*granted.grounds, self._desk.ground(proposal)))))
        if not signed and self._desk.delay(proposal):
            self._desk.hold(proposal, prices, session=view.session, number=self._number)
            return None
        routed = route(granted, view, self.book, self.terms.fills, self.terms.fees, prices)
        if isinstance(routed, Unfilled):
            carried.unfilled.append((proposal.id, routed.reason))
            return proposal.otherwise
        carried.filled.append(proposal.id)
        for event, package in zip(events_of(routed, view.session, self._name), proposal.packages, strict=True):
            self._post(event, package.legs)
            carried.rebalanced |= package.sleeve is Sleeve.HEDGE
        return None

    def _standing(self, view: View, prices: PriceList, stances: Callable[[], Stances], equity: Decimal) -> Standing:
        return Standing(
            book=self.book,
            equity=equity,
            view=view,
            fills=self.terms.fills,
            prices=prices,
            margin=self.terms.margin,
            stances=stances,
        )

    def _name(self, sleeve: str) -> str:
        """Name a new position: C for a condor, H for a hedge, numbered through the run."""
        return f"{sleeve[0].upper()}{self._next():05d}"


def _with(decision: Decision, verdict: Verdict) -> Decision:
    """Add a verdict to what a strategy decided."""
    return Decision(
        session=decision.session,
        verdicts=(*decision.verdicts, verdict),
        proposals=decision.proposals,
        reasons=decision.reasons,
        memory=decision.memory,
        policy=decision.policy,
    )


def _entry(position: Position, leg: Leg) -> float | None:
    """Price at which a leg was opened, points; a future settles against it."""
    return position.entries[position.legs.index(leg)] if position.entries else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A strategy and the terms it trades under."""

    strategy: Strategy
    terms: Terms


def entrants(strategies: Sequence[Strategy], terms: Terms) -> list[Entrant]:
    """Enter strategies that all trade under the same terms."""
    return [Entrant(strategy=strategy, terms=terms) for strategy in strategies]
