"""One strategy's account inside a run: its book, memory, entries and rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from alvh.book.margin_parameters import MarginParameters
from alvh.book.marks import Marks, mark_book
from alvh.book.positions import Book, Leg, Position
from alvh.book.settlement import due, settlement_cash
from alvh.book.totals import book_totals
from alvh.core.errors import SettlementError
from alvh.engine.day import Day, DayOutcome
from alvh.engine.row import EquityRow, equity_row
from alvh.execution.fees import FeeParameters
from alvh.execution.fills import FillParameters
from alvh.execution.orders import Filled, Refused, Unfilled
from alvh.execution.quotes import PriceList
from alvh.execution.route import events_of, route
from alvh.governance.authorize import Account as Standing
from alvh.governance.authorize import authorize
from alvh.governance.hearing import Stances, silence
from alvh.governance.parameters import GovernanceParameters
from alvh.ledger.events import Accrued, Deposited, Event, Settled
from alvh.ledger.journal import apply
from alvh.ledger.symbols import instrument_symbol
from alvh.market.contracts import Future, Option
from alvh.market.expirations import settlement_instant
from alvh.market.view import MarketSource, View
from alvh.strategy.decision import Decision, Memory
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

    def __post_init__(self) -> None:
        """Start with an empty book; the deposit comes with the first session."""
        self.book = Book(cash=Decimal(0))

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
        self._accrue(view)
        self._mark(view)
        decision = self.strategy.decide(facts, view, self.book, self.memory)
        outcome = self._carry_out(decision, view, stances)
        if outcome.filled:
            self._mark(view)
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

    def _accrue(self, view: View) -> None:
        """Interest on yesterday's cash, act/365; a market without a bill rate pays none and its notes say so."""
        if self._seen is None or self._last is None:
            return
        days = (view.session - self._seen).days
        rate = view.rate(30.0)
        if rate is None:
            return
        cash = (self._last.cash * Decimal(repr(rate)) * days / 365).quantize(Decimal("0.01"))
        if cash:
            self._post(Accrued(session=view.session, days=days, rate=rate, cash=cash))

    def _carry_out(self, decision: Decision, view: View, stances: Callable[[], Stances]) -> DayOutcome:
        filled: list[str] = []
        refused: list[tuple[str, str]] = []
        unfilled: list[tuple[str, str]] = []
        grounds: list[tuple[str, str]] = []
        worth = self._marks.total if self._marks is not None else 0.0
        equity = self.book.cash + Decimal(repr(worth))
        prices = PriceList(view, self.terms.fills)
        waiting = list(reversed(decision.proposals))
        while waiting:
            proposal = waiting.pop()
            if self.book.marks is None and book_totals(self.book.positions).reserved_cents is None:
                # Margin that moves with the market is read from marks, and an earlier order has changed the book.
                self._mark(view)
            standing = Standing(
                book=self.book,
                equity=equity,
                view=view,
                fills=self.terms.fills,
                prices=prices,
                margin=self.terms.margin,
                stances=stances,
            )
            granted = authorize(proposal, standing, self.terms.governance)
            if isinstance(granted, Refused):
                refused.append((proposal.id, "; ".join(granted.reasons)))
                if proposal.otherwise is not None and not proposal.refusal_stands:
                    waiting.append(proposal.otherwise)
                continue
            grounds.append((proposal.id, "; ".join(granted.grounds)))
            routed = route(granted, view, self.book, self.terms.fills, self.terms.fees, prices)
            match routed:
                case Unfilled(reason=reason):
                    unfilled.append((proposal.id, reason))
                    if proposal.otherwise is not None:
                        waiting.append(proposal.otherwise)
                case Filled():
                    filled.append(proposal.id)
                    events = events_of(routed, view.session, self._name)
                    for event, package in zip(events, proposal.packages, strict=True):
                        self._post(event, package.legs)
        return DayOutcome(
            session=decision.session,
            filled=tuple(filled),
            refused=tuple(refused),
            unfilled=tuple(unfilled),
            grounds=tuple(grounds),
        )

    def _name(self, sleeve: str) -> str:
        """Name a new position: C for a condor, H for a hedge, numbered through the run."""
        return f"{sleeve[0].upper()}{self._next():05d}"


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
