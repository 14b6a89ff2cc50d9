from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from alvh.book.positions import Book
from alvh.ledger.events import Deposited, LegFill, Opened, Settled
from alvh.ledger.invariants import check_all
from alvh.ledger.journal import fold
from alvh.ledger.symbols import instrument_symbol
from fakes.packages import EXPIRY, SESSION, condor_legs, leg

NAMES = (
    "cash = sum of entries",
    "equity = cash + marks",
    "ledger = book",
    "nothing held after expiry",
    "settled once",
    "fees >= 0",
    "natural <= fill <= mid",
    "margin >= worst loss",
    "buying power >= 0",
)


@dataclass(frozen=True)
class Row:
    session: date
    cash: Decimal
    equity: float
    condor_mark: float
    hedge_mark: float
    margin: float


DEPOSIT = Deposited(session=SESSION, cash=Decimal("100000.00"))
LEGS = condor_legs(root="SPXW")
PRICES = (9.5, 19.5, 11.2, 2.3)
OPEN = Opened(
    session=SESSION,
    position="C00001",
    proposal="p",
    sleeve="condor",
    rule="C-ENTRY",
    quantity=1,
    price=Decimal("18.90"),
    cash=Decimal("1890.00"),
    fees=Decimal("4.00"),
    mid=20.0,
    natural=18.9,
    fills=tuple(
        LegFill(
            symbol=instrument_symbol(each.instrument),
            ratio=each.ratio,
            bid=price,
            ask=price,
            price=price,
            fee=Decimal("1.00"),
            origin="recorded",
        )
        for each, price in zip(LEGS, PRICES, strict=True)
    ),
)
SETTLED = tuple(
    Settled(
        session=EXPIRY,
        position="C00001",
        sleeve="condor",
        symbol=instrument_symbol(each.instrument),
        contracts=each.ratio,
        value=2850.0,
        cash=Decimal("0.00"),
        proxy="",
    )
    for each in LEGS
)
EVENTS = (DEPOSIT, OPEN, *SETTLED)
CASH = Decimal("101886.00")
HELD = Row(SESSION, CASH, float(CASH) - 2000.0, -2000.0, 0.0, 10000.0)
AFTER = Row(EXPIRY, CASH, float(CASH), 0.0, 0.0, 0.0)
LATER = Row(EXPIRY + timedelta(days=3), CASH, float(CASH), 0.0, 0.0, 0.0)
ROWS = (HELD, AFTER, LATER)


def verdicts(events=EVENTS, rows=ROWS, book=None):
    return {check.name: check for check in check_all(events, rows, fold(EVENTS) if book is None else book)}


def broken(**changed):
    return {name for name, check in verdicts(**changed).items() if not check.holds}


def altered(event, **changed):
    return msgspec.structs.replace(event, **changed)


def test_sound_books_hold_everything_and_say_so():
    found = verdicts()
    assert tuple(found) == NAMES
    assert all(check.holds and check.worst == 0.0 and check.sentence.endswith(".") for check in found.values())
    assert found["fees >= 0"].sentence.startswith("1 trades paid 4.00 USD in fees")


def test_an_empty_run_holds_everything():
    assert all(check.holds for check in check_all((), (), Book(cash=Decimal("0.00"))))


def test_a_missing_cent_is_found_on_its_date():
    rows = (HELD, replace(AFTER, cash=CASH - Decimal("0.01"), equity=float(CASH) - 0.01), LATER)
    check = verdicts(rows=rows)["cash = sum of entries"]
    assert not check.holds
    assert check.worst == pytest.approx(0.01)
    assert "on 2019-06-21" in check.sentence


def test_entries_after_the_last_row_are_found():
    late = altered(DEPOSIT, session=EXPIRY + timedelta(days=30))
    assert "cash = sum of entries" in broken(events=(*EVENTS, late))


def test_marks_that_do_not_add_up_are_found():
    assert broken(rows=(replace(HELD, condor_mark=-1999.0), AFTER, LATER)) == {"equity = cash + marks"}
    assert "equity = cash + marks" in broken(rows=(replace(HELD, equity=float("nan")), AFTER, LATER))


def test_another_book_is_found():
    assert broken(book=Book(cash=CASH - 1)) == {"ledger = book"}
    assert broken(book=fold(EVENTS[:2])) == {"ledger = book"}


def test_entries_that_do_not_fold_are_a_verdict_not_a_crash():
    check = verdicts(events=(*EVENTS, SETTLED[0]))["ledger = book"]
    assert not check.holds
    assert "do not fold" in check.sentence


def test_a_position_that_outlives_its_expiry_is_found():
    found = verdicts(events=EVENTS[:2], book=fold(EVENTS[:2]))["nothing held after expiry"]
    assert not found.holds
    assert "1 positions were held past their expiry, on 2019-06-24" in found.sentence


def test_a_double_settlement_is_found():
    assert "settled once" in broken(events=(*EVENTS, SETTLED[0]))


@pytest.mark.parametrize("fees", ["-1.00", "3.99"])
def test_fees_that_pay_or_do_not_add_up_are_found(fees):
    assert "fees >= 0" in broken(events=(DEPOSIT, altered(OPEN, fees=Decimal(fees)), *SETTLED))


@pytest.mark.parametrize(("mid", "natural"), [(18.85, 18.0), (20.0, 18.95)])
def test_fills_outside_natural_and_mid_are_found(mid, natural):
    events = (DEPOSIT, altered(OPEN, mid=mid, natural=natural), *SETTLED)
    check = verdicts(events=events)["natural <= fill <= mid"]
    assert not check.holds
    assert check.worst == pytest.approx(0.05)


def test_margin_below_the_worst_loss_is_found():
    assert broken(rows=(replace(HELD, margin=9999.0), AFTER, LATER)) == {"margin >= worst loss"}


def test_a_condor_sleeve_without_bound_is_found():
    naked = altered(
        OPEN, fills=(altered(OPEN.fills[2], symbol=instrument_symbol(leg(-1, 3000, "C", root="SPXW").instrument)),)
    )
    events = (DEPOSIT, altered(naked, fees=Decimal("1.00")))
    found = verdicts(events=events, rows=(HELD,), book=fold(events))
    assert "lose without bound" in found["margin >= worst loss"].sentence
    assert "left out" in found["buying power >= 0"].sentence


def test_reserves_beyond_cash_are_found():
    events = (altered(DEPOSIT, cash=Decimal("5000.00")), OPEN)
    row = replace(HELD, cash=Decimal("6886.00"), equity=4886.0)
    check = {each.name: each for each in check_all(events, (row,), fold(events))}["buying power >= 0"]
    assert not check.holds
    assert check.worst == pytest.approx(3114.0)
