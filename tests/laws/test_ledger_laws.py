"""Laws of the ledger: cash is conserved, the fold does not care how it is cut, what is opened leaves or stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.book.positions import Book
from alvh.book.settlement import settlement_cash
from alvh.ledger.events import Accrued, Closed, Deposited, Event, LegFill, Opened, Settled
from alvh.ledger.invariants import check_all
from alvh.ledger.journal import apply, cash_effect, fold
from alvh.ledger.symbols import instrument_symbol
from fakes.packages import condor_legs, leg

START, EXPIRY = date(2019, 5, 1), date(2019, 6, 21)
quick = settings(deadline=None, max_examples=80)
money = st.decimals(-(10**5), 10**5, places=2)
points = st.integers(-4000, 4000).map(lambda twentieths: Decimal(twentieths) / 20)


@dataclass(frozen=True)
class Row:
    session: date
    cash: Decimal
    equity: float
    condor_mark: float
    hedge_mark: float
    margin: float


def fills(legs, sign, fee):
    return tuple(
        LegFill(
            symbol=instrument_symbol(each.instrument),
            ratio=sign * each.ratio,
            bid=1.0,
            ask=1.0,
            price=1.0,
            fee=fee,
            origin="modelled",
        )
        for each in legs
    )


def _traded(kind, session, identifier, sleeve, legs, quantity, price, fee, sign, **more) -> Opened | Closed:
    return kind(
        session=session,
        position=identifier,
        proposal="p",
        sleeve=sleeve,
        rule="R",
        quantity=quantity,
        price=price,
        cash=(price * 100 * quantity).quantize(Decimal("0.01")),
        fees=fee * len(legs),
        mid=float(price),
        natural=float(price),
        fills=fills(legs, sign, fee),
        **more,
    )


@st.composite
def ledgers(draw) -> list[Event]:
    """Days of deposits, openings, whole and partial closes, interest, and settlement of what is left at expiry."""
    events: list[Event] = [Deposited(session=START, cash=draw(st.decimals(10**5, 10**7, places=2)))]
    held: dict[str, tuple[str, tuple, int]] = {}
    for day in range(draw(st.integers(1, 25))):
        session = START + timedelta(days=day)
        for _ in range(draw(st.integers(0, 2))):
            identifier = f"P{len(events):05d}"
            condor = draw(st.booleans())
            legs = condor_legs(root="SPXW", expiry=EXPIRY) if condor else (leg(1, 3000, "C", expiry=EXPIRY),)
            sleeve, quantity = ("condor" if condor else "hedge"), draw(st.integers(1, 9))
            fee, price = draw(st.integers(0, 900).map(lambda c: Decimal(c) / 100)), draw(points)
            events.append(_traded(Opened, session, identifier, sleeve, legs, quantity, price, fee, 1))
            held[identifier] = (sleeve, legs, quantity)
        if held and draw(st.booleans()):
            identifier = draw(st.sampled_from(sorted(held)))
            sleeve, legs, quantity = held[identifier]
            part = draw(st.integers(1, quantity))
            cut = draw(st.integers(1, len(legs))) if part == quantity else len(legs)
            fee, price = draw(st.integers(0, 900).map(lambda c: Decimal(c) / 100)), draw(points)
            events.append(_traded(Closed, session, identifier, sleeve, legs[:cut], part, price, fee, -1, reason="why"))
            held[identifier] = (sleeve, legs[cut:], quantity) if cut < len(legs) else (sleeve, legs, quantity - part)
            if cut == len(legs) and part == quantity:
                del held[identifier]
        if draw(st.booleans()):
            events.append(Accrued(session=session, days=1, rate=0.02, cash=draw(money)))
    if draw(st.booleans()):
        value = draw(st.integers(200000, 400000)) / 100
        for identifier, (sleeve, legs, quantity) in held.items():
            for each in legs:
                events.append(
                    Settled(
                        session=EXPIRY,
                        position=identifier,
                        sleeve=sleeve,
                        symbol=instrument_symbol(each.instrument),
                        contracts=each.ratio * quantity,
                        value=value,
                        cash=settlement_cash(each, quantity, value),
                        proxy="",
                    )
                )
    return events


@quick
@given(ledgers())
def test_cash_is_the_sum_of_what_every_entry_did(events):
    assert fold(events).cash == sum((cash_effect(event) for event in events), Decimal(0))


@quick
@given(ledgers(), st.data())
def test_the_fold_may_be_cut_anywhere(events, data):
    cut = data.draw(st.integers(0, len(events)))
    assert fold(events[cut:], fold(events[:cut])) == fold(events)


@quick
@given(ledgers())
def test_settling_everything_leaves_nothing_but_cash(events):
    if any(isinstance(event, Settled) for event in events):
        assert fold(events).positions == ()


@quick
@given(ledgers())
def test_cash_of_positions_and_of_the_account_agree(events):
    """What open positions paid or received, plus all that ended and came from outside, is the account's cash."""
    book = fold(events)
    outside = sum((event.cash for event in events if isinstance(event, Deposited | Accrued)), Decimal(0))
    still = {held.id for held in book.positions}
    ended = sum(
        (
            cash_effect(event)
            for event in events
            if isinstance(event, Opened | Closed | Settled) and event.position not in still
        ),
        Decimal(0),
    )
    assert book.cash == outside + ended + sum((held.cash for held in book.positions), Decimal(0))


@quick
@given(ledgers())
def test_applying_an_entry_leaves_the_book_before_it_alone(events):
    book = fold(events[:-1])
    before = (book.cash, book.positions)
    apply(book, events[-1])
    assert (book.cash, book.positions) == before


@quick
@given(ledgers())
def test_sound_books_pass_every_check_that_does_not_need_marks(events):
    book = fold(events)
    rows, running = [], Book(cash=Decimal(0))
    place = 0
    for day in sorted({event.session for event in events}):
        while place < len(events) and events[place].session <= day:
            running = apply(running, events[place])
            place += 1
        cash = running.cash
        rows.append(Row(day, cash, float(cash), 0.0, 0.0, 1e12))
    about_buying_power = {"buying power >= 0", "margin >= worst loss"}
    assert all(check.holds for check in check_all(events, rows, book) if check.name not in about_buying_power)
