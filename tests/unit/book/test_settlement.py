from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from alvh.book.positions import Book, Leg
from alvh.book.settlement import due, settlement_cash
from alvh.core.errors import UsageError
from alvh.market.contracts import Share
from fakes.packages import EXPIRY, VIX_EXPIRY, condor_legs, future, hedge, leg, position


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def test_spx_falls_due_at_the_open_of_expiry_morning():
    book = Book(cash=Decimal(0), positions=(position(condor_legs()), hedge()))
    assert len(due(book, utc(EXPIRY, 13, 29))) == 1
    assert len(due(book, utc(EXPIRY, 13, 30))) == 5


def test_spxw_falls_due_at_the_close():
    book = Book(cash=Decimal(0), positions=(position(condor_legs(root="SPXW")),))
    assert due(book, utc(EXPIRY, 19, 59)) == ()
    assert [held.id for held, _ in due(book, utc(EXPIRY, 20))] == ["C00001"] * 4


def test_vix_options_fall_due_on_their_wednesday_morning():
    book = Book(cash=Decimal(0), positions=(hedge(),))
    assert due(book, utc(date(2019, 6, 18), 20, 15)) == ()
    assert len(due(book, utc(VIX_EXPIRY, 13, 30))) == 1


def test_a_saturday_expiry_of_old_falls_due_on_friday():
    book = Book(cash=Decimal(0), positions=(position(condor_legs(expiry=date(2013, 6, 22))),))
    assert due(book, utc(date(2013, 6, 20), 20, 15)) == ()
    assert len(due(book, utc(date(2013, 6, 21), 20, 15))) == 4


def test_the_instant_can_come_from_elsewhere():
    book = Book(cash=Decimal(0), positions=(position(condor_legs()),))
    assert len(due(book, utc(EXPIRY, 1), lambda root, expiry: utc(EXPIRY, 0))) == 4


@pytest.mark.parametrize(
    ("each", "value", "cash"),
    [
        (leg(-1, 2700, "P"), 2650.37, "-9926.00"),
        (leg(1, 2600, "P"), 2650.37, "0.00"),
        (leg(-1, 3000, "C"), 3000.0, "0.00"),
        (leg(1, 3000, "C"), 3010.55, "2110.00"),
        (leg(1, 20, "C", root="VIX", expiry=VIX_EXPIRY), 23.19, "638.00"),
    ],
)
def test_options_pay_intrinsic_value_to_the_cent(each, value, cash):
    assert str(settlement_cash(each, 2, value)) == cash


def test_a_future_pays_the_difference_from_its_entry():
    each = Leg(instrument=future(), ratio=-1)
    assert settlement_cash(each, 3, 15.21, entry=16.40) == Decimal("3570.00")
    with pytest.raises(UsageError, match="entry price"):
        settlement_cash(each, 3, 15.21)


def test_shares_do_not_settle():
    with pytest.raises(UsageError, match="do not expire"):
        settlement_cash(Leg(instrument=Share(root="VXX"), ratio=1), 1, 20.0)
    held = position((Leg(instrument=Share(root="VXX"), ratio=1),), price="-25")
    assert due(Book(cash=Decimal(0), positions=(held,)), utc(EXPIRY, 20)) == ()
