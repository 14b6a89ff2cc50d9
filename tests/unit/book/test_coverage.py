from __future__ import annotations

from decimal import Decimal

import pytest

from alvh.book.coverage import (
    condor_max_loss,
    coverage,
    hedge_capital,
    hedge_notional,
    risk_capital,
    vx_notional,
)
from alvh.book.marks import mark_book
from alvh.book.positions import Book, Leg, Sleeve
from alvh.core.errors import CoverageError
from alvh.market.contracts import Share
from fakes.packages import VIX_EXPIRY, condor_legs, future, hedge, leg, position, view


def vix_package(*legs, quantity=1, price="-1.00"):
    made = tuple(leg(ratio, strike, right, root="VIX", expiry=VIX_EXPIRY) for ratio, strike, right in legs)
    return position(made, id="H00001", sleeve=Sleeve.HEDGE, quantity=quantity, price=price, rule="L-BASE")


def test_a_long_vix_call_counts_its_forward():
    assert vx_notional(hedge(quantity=10), view()) == pytest.approx(10 * 100 * 17.0)


def test_a_short_one_counts_negative():
    assert vx_notional(vix_package((-1, 20, "C")), view()) == pytest.approx(-1700.0)


@pytest.mark.parametrize(
    ("legs", "notional"),
    [
        (((1, 20, "C"), (-1, 30, "C")), 1000.0),
        (((1, 20, "C"), (-1, 45, "C")), 1700.0),
        (((-1, 20, "C"), (1, 30, "C")), -1000.0),
        (((2, 20, "C"), (-1, 30, "C")), 2700.0),
        (((1, 15, "P"),), 0.0),
        (((1, 20, "C"), (1, 15, "P")), 1700.0),
    ],
    ids=["vertical", "wide vertical", "short vertical", "backspread", "put", "call and put"],
)
def test_vix_packages(legs, notional):
    assert vx_notional(vix_package(*legs), view()) == pytest.approx(notional)


@pytest.mark.parametrize(("root", "notional"), [("VX", 17000.0), ("VXM", 1700.0)])
def test_futures_count_their_value(root, notional):
    held = position((Leg(instrument=future(root), ratio=1),), price="-17.00", entries=(17.0,), sleeve=Sleeve.HEDGE)
    assert vx_notional(held, view()) == pytest.approx(notional)


@pytest.mark.parametrize(("root", "price", "notional"), [("VXX", 26.0, 2600.0), ("SVXY", 30.0, -1500.0)])
def test_shares_count_market_value_times_leverage(root, price, notional):
    held = position((Leg(instrument=Share(root=root), ratio=1),), price="-26", quantity=100, sleeve=Sleeve.HEDGE)
    assert vx_notional(held, view(last={root: price})) == pytest.approx(notional)


def test_spx_puts_count_nothing():
    held = position((leg(1, 2600, "P"), leg(-1, 2500, "P")), sleeve=Sleeve.HEDGE, price="-3.00")
    assert vx_notional(held, view()) == 0.0


def test_coverage_is_notional_over_max_loss():
    book = Book(cash=Decimal(0), positions=(position(condor_legs(), price="15.00", quantity=2), hedge(quantity=1)))
    assert condor_max_loss(book) == Decimal("17000.00")
    assert coverage(book, view()) == pytest.approx(0.1)


def test_without_condors_there_is_no_coverage():
    assert coverage(Book(cash=Decimal(0), positions=(hedge(),)), view()) is None


def test_marks_and_view_give_the_same_notional():
    shares = position((Leg(instrument=Share(root="VXX"), ratio=1),), id="H3", price="-26", sleeve=Sleeve.HEDGE)
    vertical = vix_package((1, 20, "C"), (-1, 30, "C"), quantity=5)
    book = Book(cash=Decimal(0), positions=(position(condor_legs()), hedge(id="H2"), vertical, shares))
    day = view(last={"VXX": 26.0})
    marked = book.marked(mark_book(book, day))
    assert hedge_notional(marked, day) == pytest.approx(hedge_notional(book, day))


def test_a_wing_left_behind_is_not_at_risk():
    wing = position(condor_legs()[:1], price="12.00")
    assert condor_max_loss(Book(cash=Decimal(0), positions=(wing,))) == 0


def test_hedge_and_risk_capital():
    short = vix_package((-1, 20, "C"), (1, 30, "C"), price="0.60")
    book = Book(cash=Decimal(0), positions=(position(condor_legs(), price="18.00"), hedge(id="H2"), short))
    assert hedge_capital(book) == Decimal("2200.00")
    assert risk_capital(book) == Decimal("10400.00")


def test_without_a_curve_spot_vix_stands_in_and_without_that_it_is_said():
    day = view(curve=None)
    day.slices = {}
    assert vx_notional(hedge(quantity=1), day) == pytest.approx(1640.0)
    day.vix = None
    with pytest.raises(CoverageError, match="VX notional"):
        vx_notional(hedge(), day)
