from __future__ import annotations

from decimal import Decimal
from itertools import count

import pytest

from alvh.book.positions import Book, Leg, Sleeve
from alvh.execution.orders import Authorized, Filled, Unfilled
from alvh.execution.route import events_of, route
from alvh.ledger.events import Closed, Opened
from alvh.strategy.decision import Direction, Package, Proposal
from fakes.packages import (
    CONDOR_QUOTES,
    SESSION,
    VIX_EXPIRY,
    condor_legs,
    fee_parameters,
    fill_parameters,
    future,
    hedge,
    leg,
    position,
    view,
)

NATURAL = fill_parameters("natural")
CONDOR = Package(sleeve=Sleeve.CONDOR, rule="C-ENTRY", legs=condor_legs(), quantity=3)
FLOOR = Package(sleeve=Sleeve.HEDGE, rule="L-BASE", legs=(leg(1, 20, "C", root="VIX", expiry=VIX_EXPIRY),), quantity=2)
EMPTY = Book(cash=Decimal(100000))


def authorized(*packages, reason="a reason") -> Authorized:
    proposal = Proposal(
        id="2019-05-15/1", rule="C-ENTRY", direction=Direction.HARVEST, packages=packages, reason=reason
    )
    return Authorized(proposal=proposal, grounds=("a test",))


def send(*packages, book=EMPTY, day=None, fills=NATURAL):
    return route(authorized(*packages), day or view(), book, fills, fee_parameters())


def closing(held, *, quantity=None, legs=None):
    reverse = tuple(Leg(instrument=each.instrument, ratio=-each.ratio) for each in (legs or held.legs))
    return Package(
        sleeve=held.sleeve, rule="C-MANAGE", legs=reverse, quantity=quantity or held.quantity, closes=held.id
    )


def test_a_package_fills_whole_with_cash_and_fees_to_the_cent():
    filled = send(CONDOR)
    assert isinstance(filled, Filled)
    (fill,) = filled.fills
    assert fill.price == Decimal("18.9")
    assert fill.cash == Decimal("5670.00")
    # Three contracts of each leg, all above one point.
    assert fill.fees == 4 * 3 * Decimal("0.98")
    assert next((each.ratio, each.bid, each.ask) for each in fill.legs) == (1, 9.0, 9.5)
    assert {each.origin for each in fill.legs} == {"recorded"}
    assert sum((each.fee for each in fill.legs), Decimal(0)) == fill.fees


def test_every_package_or_none():
    day = view(vix={(30.0, "C"): (0.35, 0.45)})
    unfilled = send(CONDOR, FLOOR, day=day)
    assert isinstance(unfilled, Unfilled)
    assert unfilled.reason == "VIX 2019-06-19 20 call has no quote on 2019-05-15"
    assert len(send(CONDOR, FLOOR).fills) == 2


@pytest.mark.parametrize(("limit", "fills"), [("18.90", True), ("18.95", False), (None, True), ("-5", True)])
def test_a_limit_is_the_least_acceptable_net_price(limit, fills):
    package = Package(
        sleeve=Sleeve.CONDOR,
        rule="C-ENTRY",
        legs=condor_legs(),
        quantity=1,
        limit=None if limit is None else Decimal(limit),
    )
    found = send(package)
    assert isinstance(found, Filled) is fills
    if isinstance(found, Unfilled):
        assert "trades at 18.9, below the limit of 18.95" in found.reason


def test_a_debit_has_a_negative_limit():
    def at(limit):
        return send(Package(sleeve=Sleeve.HEDGE, rule="L-BASE", legs=FLOOR.legs, quantity=1, limit=Decimal(limit)))

    assert isinstance(at("-1.25"), Filled)
    assert isinstance(at("-1.20"), Unfilled)


def test_entries_open_and_close_positions():
    held = position(condor_legs(), quantity=3)
    book = Book(cash=Decimal(0), positions=(held,))
    filled = send(closing(held), FLOOR, book=book)
    assert isinstance(filled, Filled)
    numbers = count(1)
    close, opening = events_of(filled, SESSION, lambda sleeve: f"{sleeve[0].upper()}{next(numbers):05d}")
    assert isinstance(close, Closed)
    assert (close.position, close.quantity, close.reason) == ("C00001", 3, "a reason")
    assert close.cash == Decimal("-6330.00")
    assert isinstance(opening, Opened)
    assert (opening.position, opening.sleeve, opening.rule) == ("H00001", "hedge", "L-BASE")
    assert opening.cash == Decimal("-250.00")
    assert opening.proposal == close.proposal == "2019-05-15/1"
    assert opening.fills[0].symbol == "VIX   190619C00020000"


def test_part_of_the_packages_or_some_of_the_legs_may_be_closed():
    held = position(condor_legs(), quantity=3)
    book = Book(cash=Decimal(0), positions=(held,))
    assert isinstance(send(closing(held, quantity=1), book=book), Filled)
    assert isinstance(send(closing(held, legs=held.legs[2:]), book=book), Filled)


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        (lambda held: closing(held, quantity=4), "holds 3 packages and 4 were to be closed"),
        (lambda held: closing(held, legs=held.legs[:2], quantity=1), "would split it"),
        (
            lambda held: Package(sleeve=held.sleeve, rule="C-MANAGE", legs=held.legs, quantity=3, closes=held.id),
            "does not hold -1 x SPX 2019-06-21 2600 put",
        ),
        (
            lambda held: Package(sleeve=held.sleeve, rule="C-MANAGE", legs=held.legs, quantity=3, closes="C09999"),
            "position C09999 is not held",
        ),
    ],
    ids=["too many", "splits", "same direction", "unknown"],
)
def test_a_close_must_reverse_what_is_held(package, reason):
    held = position(condor_legs(), quantity=3)
    found = send(package(held), book=Book(cash=Decimal(0), positions=(held,)))
    assert isinstance(found, Unfilled)
    assert reason in found.reason


def test_one_proposal_closes_a_position_once():
    held = position(condor_legs(), quantity=2)
    twice = closing(held, quantity=1)
    found = send(twice, twice, book=Book(cash=Decimal(0), positions=(held,)))
    assert isinstance(found, Unfilled)
    assert "close the same position" in found.reason


@pytest.mark.parametrize(
    ("legs", "quantity", "reason"),
    [
        (condor_legs(), 0, "0 units"),
        ((), 1, "0 legs"),
        ((leg(0, 3000, "C"),), 1, "1 units of 1 legs"),
        ((leg(1, 3000, "C"), leg(-1, 3000, "C")), 1, "one contract twice"),
        ((leg(1, 3000, "C"), Leg(instrument=future(), ratio=1)), 1, "mixes multipliers"),
        ((Leg(instrument=future("VXM"), ratio=1), leg(1, 3000, "C")), 1, "a package of its own"),
    ],
)
def test_what_is_no_package_is_said(legs, quantity, reason):
    found = send(Package(sleeve=Sleeve.HEDGE, rule="L-X", legs=legs, quantity=quantity))
    assert isinstance(found, Unfilled)
    assert reason in found.reason


def test_a_future_costs_its_fee_when_opened_and_pays_its_gain_when_closed():
    package = Package(sleeve=Sleeve.HEDGE, rule="L-X", legs=(Leg(instrument=future(), ratio=1),), quantity=2)
    opened = send(package).fills[0]
    assert (opened.price, opened.cash, opened.fees) == (Decimal("-17.025"), Decimal("0.00"), Decimal("4.72"))
    held = position(package.legs, sleeve=Sleeve.HEDGE, quantity=2, price="-16.00", entries=(16.0,), id="H1")
    closed = send(closing(held), book=Book(cash=Decimal(0), positions=(held,))).fills[0]
    assert closed.cash == Decimal("1950.00")


def test_selling_what_nobody_bids_for_does_not_fill():
    held = hedge(strike=30)
    day = view(vix={(30.0, "C"): (0.0, 0.05)})
    found = send(closing(held), book=Book(cash=Decimal(0), positions=(held,)), day=day)
    assert isinstance(found, Unfilled)
    assert "has no bid" in found.reason


def test_buying_back_a_short_nobody_bids_for_fills_at_the_ask():
    held = position(condor_legs(), quantity=1)
    day = view(CONDOR_QUOTES | {(3000.0, "C"): (0.0, 0.15)})
    found = send(closing(held), book=Book(cash=Decimal(0), positions=(held,)), day=day)
    assert isinstance(found, Filled)
    assert next(each.price for each in found.fills[0].legs if each.symbol.endswith("C03000000")) == 0.15
