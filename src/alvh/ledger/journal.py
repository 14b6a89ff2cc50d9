"""The book is the fold of the ledger.

`apply` moves a book by one entry and `fold` by all of them. An entry that does not fit the book it meets is a defect
of the program that wrote it and raises `InvariantError`; nothing is repaired.

A close may take some packages of a position (fewer packages, every leg) or some legs of all its packages (the call
spread of a condor); then what it brought or cost is added to the position's net price, so that the maximum loss of
what is left counts the whole story.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn, assert_never

from alvh.book.cents import ZERO, cents, points
from alvh.book.payoff import intrinsic
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.core.errors import InvariantError
from alvh.ledger.events import Accrued, Closed, Deposited, Event, Opened, Settled
from alvh.ledger.symbols import parse_instrument
from alvh.market.contracts import Option

__all__ = ["EMPTY", "apply", "cash_effect", "fold", "mirrors"]

EMPTY = Book(cash=ZERO)
"""The book before the first entry."""


def fold(events: Iterable[Event], start: Book = EMPTY) -> Book:
    """Apply entries in order; the book carries no marks."""
    book = start
    for event in events:
        book = apply(book, event)
    return book


def cash_effect(event: Event) -> Decimal:
    """Return what an entry does to cash, fees included, USD."""
    if isinstance(event, Opened | Closed):
        return event.cash - event.fees
    return event.cash


def apply(book: Book, event: Event, legs: tuple[Leg, ...] | None = None) -> Book:
    """Move a book by one entry.

    Parameters
    ----------
    legs : tuple of Leg, optional
        The legs whose symbols the entry's fills carry, where the caller has them at hand; read from the symbols
        otherwise.

    Returns
    -------
    Book
        Without marks.

    Raises
    ------
    InvariantError
        The entry does not fit: an id opened twice, a close of something not held, a leg settled that is not there.
    """
    cash = cents(book.cash + cash_effect(event))
    match event:
        case Deposited() | Accrued():
            return book.with_positions(book.positions, cash)
        case Opened():
            return book.with_positions((*book.positions, _opened(book, event, legs)), cash)
        case Closed():
            place = _place(book, event.position, event.session)
            return book.with_positions(_swap(book, place, _closed(book.positions[place], event, legs)), cash)
        case Settled():
            place = _place(book, event.position, event.session)
            return book.with_positions(_swap(book, place, _settled(book.positions[place], event)), cash)
        case _:
            assert_never(event)


def _opened(book: Book, event: Opened, legs: tuple[Leg, ...] | None) -> Position:
    if book.place(event.position) is not None:
        _refuse(event.session, event.position, "it is opened twice")
    if event.quantity <= 0 or not event.fills:
        _refuse(
            event.session, event.position, f"it is opened with {event.quantity} packages of {len(event.fills)} legs"
        )
    return Position(
        id=event.position,
        sleeve=Sleeve(event.sleeve),
        rule=event.rule,
        legs=legs if legs is not None else _legs(tuple([(fill.symbol, fill.ratio) for fill in event.fills])),
        quantity=event.quantity,
        opened=event.session,
        price=event.price,
        cash=event.cash - event.fees,
        entries=tuple([fill.price for fill in event.fills]),
    )


def _closed(held: Position, event: Closed, legs: tuple[Leg, ...] | None) -> Position | None:
    cash = held.cash + event.cash - event.fees
    kept = _kept(held, event, legs)
    if not 0 < event.quantity <= held.quantity or (kept and event.quantity != held.quantity):
        seen = f"{event.quantity} of {held.quantity} packages are closed, {len(kept)} legs stay"
        _refuse(event.session, held.id, seen)
    if not kept:
        left = held.quantity - event.quantity
        return replace(held, quantity=left, cash=cash) if left else None
    return _with_legs(held, kept, price=held.price + event.price, cash=cash)


def _kept(held: Position, event: Closed, legs: tuple[Leg, ...] | None) -> list[int]:
    """Places of the legs that a close leaves."""
    if legs is not None and mirrors(legs, held.legs):
        return []
    reverse = _legs(tuple([(fill.symbol, -fill.ratio) for fill in event.fills]))
    if reverse == held.legs:
        return []
    kept = [place for place, leg in enumerate(held.legs) if leg not in reverse]
    if len(kept) + len(reverse) != len(held.legs):
        _refuse(event.session, held.id, "the legs of its close are not the reverse of legs it holds")
    return kept


def mirrors(legs: tuple[Leg, ...], held: tuple[Leg, ...]) -> bool:
    """Whether legs trade all held ones away, one by one, naming the very same instruments."""
    if len(legs) != len(held):
        return False
    for leg, other in zip(legs, held, strict=True):
        if leg.instrument is not other.instrument or leg.ratio != -other.ratio:
            return False
    return True


def _settled(held: Position, event: Settled) -> Position | None:
    instrument = parse_instrument(event.symbol)
    places = [place for place, leg in enumerate(held.legs) if leg.instrument == instrument]
    if len(places) != 1 or held.legs[places[0]].ratio * held.quantity != event.contracts:
        _refuse(event.session, held.id, f"{event.contracts} x {event.symbol} settles and is not held so")
    leg = held.legs[places[0]]
    kept = [place for place in range(len(held.legs)) if place != places[0]]
    if not kept:
        return None
    paid = leg.ratio * intrinsic(instrument, points(event.value)) if isinstance(instrument, Option) else Decimal(0)
    return _with_legs(held, kept, price=held.price + paid, cash=held.cash + event.cash)


def _with_legs(held: Position, kept: list[int], *, price: Decimal, cash: Decimal) -> Position:
    return replace(
        held,
        legs=tuple(held.legs[place] for place in kept),
        entries=tuple(held.entries[place] for place in kept) if held.entries else (),
        price=price,
        cash=cash,
    )


@lru_cache(maxsize=1024)
def _legs(written: tuple[tuple[str, int], ...]) -> tuple[Leg, ...]:
    return tuple(Leg(instrument=parse_instrument(symbol), ratio=ratio) for symbol, ratio in written)


def _place(book: Book, identifier: str, session: date) -> int:
    place = book.place(identifier)
    if place is None:
        _refuse(session, identifier, "it is closed or settled and is not held")
    return place


def _swap(book: Book, place: int, now: Position | None) -> tuple[Position, ...]:
    before, after = book.positions[:place], book.positions[place + 1 :]
    return before + after if now is None else (*before, now, *after)


def _refuse(session: date, position: str, seen: str) -> NoReturn:
    raise InvariantError(f"{seen}.", where=f"{session}, position {position}", fix="Please report this run.")
