from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from alvh.book.condor import Condor
from alvh.book.margin import max_loss
from alvh.book.positions import Book, Leg, Sleeve
from alvh.core.errors import InvariantError
from alvh.ledger.events import Accrued, Closed, Deposited, LegFill, Opened, Settled
from alvh.ledger.journal import EMPTY, apply, cash_effect, fold
from alvh.ledger.symbols import instrument_symbol
from fakes.packages import EXPIRY, SESSION, condor_legs, future

DEPOSIT = Deposited(session=SESSION, cash=Decimal("100000.00"))


def fills(legs, *, sign=1, prices=None):
    prices = prices or [1.0] * len(legs)
    return tuple(
        LegFill(
            symbol=instrument_symbol(each.instrument),
            ratio=sign * each.ratio,
            bid=price,
            ask=price,
            price=price,
            fee=Decimal("0.50"),
            origin="recorded",
        )
        for each, price in zip(legs, prices, strict=True)
    )


def opened(legs=None, *, id="C00001", quantity=3, price="18.90", session=SESSION, sleeve="condor"):
    legs = condor_legs() if legs is None else legs
    return Opened(
        session=session,
        position=id,
        proposal="p",
        sleeve=sleeve,
        rule="C-ENTRY",
        quantity=quantity,
        price=Decimal(price),
        cash=Decimal(price) * 100 * quantity,
        fees=Decimal("5.88"),
        mid=float(price),
        natural=float(price),
        fills=fills(legs, prices=[9.5, 19.5, 11.2, 2.3][: len(legs)]),
    )


def closed(legs=None, *, id="C00001", quantity=3, price="-8.00", session=SESSION):
    legs = condor_legs() if legs is None else legs
    return Closed(
        session=session,
        position=id,
        proposal="p",
        sleeve="condor",
        rule="C-MANAGE",
        reason="profit target",
        quantity=quantity,
        price=Decimal(price),
        cash=Decimal(price) * 100 * quantity,
        fees=Decimal("5.88"),
        mid=float(price),
        natural=float(price),
        fills=fills(legs, sign=-1),
    )


def settled(leg, *, contracts, value=2650.0, cash="0.00", id="C00001", session=EXPIRY):
    return Settled(
        session=session,
        position=id,
        sleeve="condor",
        symbol=instrument_symbol(leg.instrument),
        contracts=contracts,
        value=value,
        cash=Decimal(cash),
        proxy="",
    )


def test_a_deposit_and_interest_move_cash_only():
    interest = Accrued(session=SESSION, days=3, rate=0.02, cash=Decimal("16.44"))
    assert fold([DEPOSIT, interest]) == Book(cash=Decimal("100016.44"))


def test_opening_adds_a_position_and_its_cash_less_fees():
    book = fold([DEPOSIT, opened()])
    (held,) = book.positions
    assert book.cash == Decimal("105664.12")
    assert (held.id, held.sleeve, held.quantity, held.opened) == ("C00001", Sleeve.CONDOR, 3, SESSION)
    assert held.legs == condor_legs()
    assert held.price == Decimal("18.90")
    assert held.cash == Decimal("5664.12")
    assert held.entries == (9.5, 19.5, 11.2, 2.3)
    assert Condor.of(held).credit == Decimal("18.90")


def test_closing_all_removes_the_position():
    book = fold([DEPOSIT, opened(), closed()])
    assert book.positions == ()
    assert book.cash == Decimal("103258.24")


def test_closing_some_packages_leaves_fewer():
    (held,) = fold([DEPOSIT, opened(), closed(quantity=1)]).positions
    assert held.quantity == 2
    assert held.price == Decimal("18.90")
    assert held.cash == Decimal("4858.24")


def test_closing_some_legs_leaves_the_others_and_the_net_price_so_far():
    book = fold([DEPOSIT, opened(), closed(condor_legs()[2:], price="-8.00")])
    (held,) = book.positions
    assert held.legs == condor_legs()[:2]
    assert held.entries == (9.5, 19.5)
    assert held.price == Decimal("10.90")
    # The put wing of 100 points less the 10.90 that are left of the credit.
    assert max_loss(held) == Decimal("26730.00")


def test_settling_leg_by_leg_ends_the_position():
    legs = condor_legs()
    events = [
        settled(legs[0], contracts=3),
        settled(legs[1], contracts=-3, cash="-15000.00"),
        settled(legs[2], contracts=-3),
        settled(legs[3], contracts=3),
    ]
    book = fold([DEPOSIT, opened(), *events[:2]])
    (held,) = book.positions
    assert held.legs == legs[2:]
    assert held.price == Decimal("-31.10")
    assert fold(events[2:], book) == Book(cash=Decimal("90664.12"))


def test_a_future_settles_without_touching_the_price_of_others():
    vx = Leg(instrument=future(), ratio=1)
    event = opened((vx,), id="H00001", sleeve="hedge", quantity=1, price="-17.00")
    held = fold([event]).positions[0]
    assert apply(fold([event]), settled(vx, contracts=1, id=held.id, cash="300.00")).positions == ()


def test_positions_stay_in_order_of_opening():
    book = fold([opened(id="C1"), opened(id="C2"), opened(id="C3"), closed(id="C2"), closed(id="C1", quantity=1)])
    assert [held.id for held in book.positions] == ["C1", "C3"]


def test_a_wing_left_behind_can_be_opened_beside_the_same_strikes():
    left = closed(condor_legs()[1:], price="-9.00")
    book = fold([opened(), left, opened(id="C00002")])
    assert [len(held.legs) for held in book.positions] == [1, 4]


@pytest.mark.parametrize(
    ("events", "match"),
    [
        ([opened(), opened()], "opened twice"),
        ([closed()], "is not held"),
        ([opened(quantity=0)], "opened with 0 packages"),
        ([opened(), closed(quantity=4)], "4 of 3 packages"),
        ([opened(), closed(condor_legs()[:2], quantity=1)], "1 of 3 packages are closed, 2 legs stay"),
        ([opened(), closed(condor_legs(2500))], "not the reverse"),
        ([opened(), settled(condor_legs()[0], contracts=-3)], "not held so"),
        ([opened(), settled(condor_legs(2500)[0], contracts=3)], "not held so"),
    ],
)
def test_an_entry_that_does_not_fit_is_a_defect(events, match):
    with pytest.raises(InvariantError, match=match):
        fold(events)


def test_cash_effect_takes_fees_off():
    assert cash_effect(opened()) == Decimal("5664.12")
    assert cash_effect(DEPOSIT) == Decimal("100000.00")


def test_the_empty_book_is_empty():
    assert Book(cash=Decimal("0.00")) == EMPTY
    assert fold([]) is EMPTY
    assert date(2019, 6, 21) == EXPIRY
