"""Invariants: what every run must hold, as a list of small functions.

Each looks at the ledger's entries and the equity rows, works the claim out again by itself, and returns a `Check`.
None of them raises: a broken invariant is a result that every report shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, SupportsFloat

from alvh.book.cents import ZERO
from alvh.book.identity import Remembered
from alvh.book.margin import reserved
from alvh.book.payoff import worst_loss
from alvh.book.positions import Book, Position, Sleeve
from alvh.core.errors import InvariantError, UsageError
from alvh.ledger.events import Closed, Event, Opened, Settled
from alvh.ledger.journal import EMPTY, apply, cash_effect, fold
from alvh.market.contracts import Future, Option

__all__ = ["Check", "Row", "check_all"]

_CENT = 0.005
"""Half a cent: marks are floating point, so sums of them agree to less than this."""
_DUST = 1e-6
"""Points: quotes and prices are decimals of at most four places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One invariant with its verdict.

    Attributes
    ----------
    name : str
        Short, stable name, e.g. ``equity = cash + marks``.
    holds : bool
    sentence : str
        What was compared, over how many rows, and the worst case, for a person.
    worst : float
        Size of the worst deviation in the invariant's own unit; 0.0 when nothing deviated.
    """

    name: str
    holds: bool
    sentence: str
    worst: float


class Row(Protocol):
    """What the checks read of an equity row; amounts in USD."""

    @property
    def session(self) -> date:
        """Date of the row."""
        ...

    @property
    def cash(self) -> SupportsFloat:
        """Cash after the day's entries."""
        ...

    @property
    def equity(self) -> SupportsFloat:
        """Cash + marks."""
        ...

    @property
    def condor_mark(self) -> SupportsFloat:
        """Value of the condor sleeve at mid."""
        ...

    @property
    def hedge_mark(self) -> SupportsFloat:
        """Value of the hedge sleeve at mid."""
        ...

    @property
    def margin(self) -> SupportsFloat:
        """Margin of all condors."""
        ...


def check_all(events: Sequence[Event], rows: Sequence[Row], book: Book) -> tuple[Check, ...]:
    """Check every invariant of one run.

    Parameters
    ----------
    events : sequence of Event
        The whole ledger, in order.
    rows : sequence of Row
        One per session, ascending, taken after the session's entries.
    book : Book
        What the run held at the end.
    """
    return (
        cash_is_conserved(events, rows),
        equity_adds_up(rows),
        the_fold_is_the_book(events, book),
        nothing_outlives_its_expiry(events, rows),
        settled_once(events),
        fees_are_costs(events),
        fills_are_honest(events),
        margin_covers_the_worst(events, rows),
        buying_power_is_never_negative(events, rows),
    )


def cash_is_conserved(events: Sequence[Event], rows: Sequence[Row]) -> Check:
    """Cash on every date is the sum of all entries up to it, fees taken off."""
    total, place, worst, when = ZERO, 0, 0.0, None
    for row in rows:
        while place < len(events) and events[place].session <= row.session:
            total += cash_effect(events[place])
            place += 1
        gap = _size(float(total) - float(row.cash))
        if gap > worst:
            worst, when = gap, row.session
    return _verdict(
        "cash = sum of entries",
        worst < _CENT and place == len(events),
        f"On {len(rows):,} dates cash was compared with the sum of {len(events):,} entries before it",
        f"the largest difference is {worst:.2f} USD",
        worst,
        when,
    )


def equity_adds_up(rows: Sequence[Row]) -> Check:
    """Equity on every date is cash plus the marks of both sleeves."""
    worst, when = 0.0, None
    for row in rows:
        gap = _size(float(row.equity) - float(row.cash) - float(row.condor_mark) - float(row.hedge_mark))
        if gap > worst:
            worst, when = gap, row.session
    return _verdict(
        "equity = cash + marks",
        worst < _CENT,
        f"On {len(rows):,} dates equity was compared with cash plus marks",
        f"the largest difference is {worst:.4f} USD",
        worst,
        when,
    )


def the_fold_is_the_book(events: Sequence[Event], book: Book) -> Check:
    """Folding the ledger gives the holdings and cash the run ended with."""
    name, compared = (
        "ledger = book",
        f"{len(events):,} entries were folded and compared with what the run held at the end",
    )
    try:
        folded = fold(events)
    except InvariantError as error:
        return Check(name=name, holds=False, sentence=f"{compared}; they do not fold: {error.sentence}", worst=1.0)
    gap = abs(float(folded.cash - book.cash))
    same = folded.positions == book.positions
    positions = "the same positions" if same else "other positions"
    return _verdict(name, same and gap == 0.0, compared, f"{positions}, cash differs by {gap:.2f} USD", gap, None)


def nothing_outlives_its_expiry(events: Sequence[Event], rows: Sequence[Row]) -> Check:
    """No position holds a contract on a date after its expiry."""
    late, when = 0, None
    for row, book in _books(events, rows):
        count = sum(_expired(position, row.session) for position in book.positions)
        if count > late:
            late, when = count, row.session
    return _verdict(
        "nothing held after expiry",
        late == 0,
        f"On {len(rows):,} dates the expiries of all positions were looked at",
        f"{late} positions were held past their expiry" if late else "none was held past its expiry",
        float(late),
        when,
    )


def settled_once(events: Sequence[Event]) -> Check:
    """Each contract of each position settles at most once."""
    settled = [(event.position, event.symbol) for event in events if isinstance(event, Settled)]
    twice = len(settled) - len(set(settled))
    return _verdict(
        "settled once",
        twice == 0,
        f"{len(settled):,} settlements were counted",
        f"{twice} of them more than once" if twice else "none more than once",
        float(twice),
        None,
    )


def fees_are_costs(events: Sequence[Event]) -> Check:
    """Fees are never negative, and those of the legs add up to those of the package."""
    trades = [event for event in events if isinstance(event, Opened | Closed)]
    worst, total = ZERO, ZERO
    for event in trades:
        least = min((fill.fee for fill in event.fills), default=ZERO)
        worst = max(worst, -least, abs(sum((fill.fee for fill in event.fills), ZERO) - event.fees))
        total += event.fees
    return _verdict(
        "fees >= 0",
        worst <= 0,
        f"{len(trades):,} trades paid {total:,.2f} USD in fees",
        f"the largest fee below zero or missing from a total is {worst:.2f} USD",
        float(worst),
        None,
    )


def fills_are_honest(events: Sequence[Event]) -> Check:
    """Every package fills between natural and mid: never better than mid, never worse than the quotes."""
    trades = [event for event in events if isinstance(event, Opened | Closed)]
    worst, when = 0.0, None
    for event in trades:
        price = float(event.price)
        beyond = max(_excess(price - event.mid), _excess(event.natural - price))
        if beyond > max(worst, _DUST):
            worst, when = beyond, event.session
    return _verdict(
        "natural <= fill <= mid",
        worst == 0.0,
        f"{len(trades):,} package fills were compared with their quotes",
        f"the worst lies {worst:.4f} points outside" if worst else "each lies between natural and mid",
        worst,
        when,
    )


def margin_covers_the_worst(events: Sequence[Event], rows: Sequence[Row]) -> Check:
    """Condor margin is never below the worst the condors could owe at settlement."""
    worst, when, unbounded = 0.0, None, 0
    for row, book in _books(events, rows):
        owed = [_owed(position) for position in book.sleeve(Sleeve.CONDOR)]
        unbounded = max(unbounded, sum(amount is None for amount in owed))
        short = _excess(sum(float(amount) for amount in owed if amount is not None) - float(row.margin))
        if short > worst:
            worst, when = short, row.session
    found = f"it falls short by at most {worst:,.2f} USD"
    return _verdict(
        "margin >= worst loss",
        worst < _CENT and not unbounded,
        f"On {len(rows):,} dates condor margin was compared with the worst payoff at any settlement value",
        f"{unbounded} positions can lose without bound" if unbounded else found,
        worst,
        when,
    )


def buying_power_is_never_negative(events: Sequence[Event], rows: Sequence[Row]) -> Check:
    """Cash always covers what the positions reserve."""
    worst, when, skipped = 0.0, None, 0
    for row, book in _books(events, rows):
        held = [_reserve(position) for position in book.positions]
        skipped = max(skipped, sum(amount is None for amount in held))
        short = _excess(sum(float(amount) for amount in held if amount is not None) - float(row.cash))
        if short > worst:
            worst, when = short, row.session
    aside = f" ({skipped} positions whose margin moves with the market are left out)" if skipped else ""
    return _verdict(
        "buying power >= 0",
        worst < _CENT,
        f"On {len(rows):,} dates cash was compared with what covered positions reserve{aside}",
        f"it falls short by at most {worst:,.2f} USD",
        worst,
        when,
    )


def _books(events: Sequence[Event], rows: Sequence[Row]) -> Iterator[tuple[Row, Book]]:
    """Replay the ledger beside the rows; stops where an entry does not fit, which `the_fold_is_the_book` reports."""
    book, place = EMPTY, 0
    for row in rows:
        while place < len(events) and events[place].session <= row.session:
            try:
                book = apply(book, events[place])
            except InvariantError:
                return
            place += 1
        yield row, book


def _expired(position: Position, session: date) -> bool:
    expiry = _expiry(position)
    return expiry is not None and expiry < session


def _earliest(position: Position) -> date | None:
    return min(
        (leg.instrument.expiry for leg in position.legs if isinstance(leg.instrument, Option | Future)), default=None
    )


def _worst(position: Position) -> Decimal | None:
    each = worst_loss(position.legs)
    return None if each is None else each * position.quantity


def _fixed_reserve(position: Position) -> Decimal | None:
    try:
        return reserved(position)
    except UsageError:
        return None


def _size(gap: float) -> float:
    """Size of a difference; one that is not a number is as wrong as can be."""
    return math.inf if math.isnan(gap) else abs(gap)


def _excess(gap: float) -> float:
    return math.inf if math.isnan(gap) else gap


def _verdict(name: str, holds: bool, compared: str, found: str, worst: float, when: date | None) -> Check:
    on = f", on {when}" if when is not None and worst else ""
    return Check(name=name, holds=holds, sentence=f"{compared}; {found}{on}.", worst=worst)


_expiry = Remembered(_earliest, size=65536)
_owed = Remembered(_worst, size=65536)
_reserve = Remembered(_fixed_reserve, size=65536)
