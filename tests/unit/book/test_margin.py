from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from alvh.book.margin import (
    available,
    book_margin,
    buying_power_effect,
    condor_margin,
    max_loss,
    paid,
    requirement,
    reserved,
    uncovered,
)
from alvh.book.margin_parameters import MarginParameters
from alvh.book.marks import mark_book
from alvh.book.payoff import worst_loss
from alvh.book.positions import Book, Leg, Sleeve
from alvh.core.errors import UsageError
from fakes.packages import EXPIRY, condor_legs, future, hedge, leg, number, position, view

PARAMETERS = MarginParameters(
    index_rate=number(0.15),
    index_floor=number(0.10),
    vix_rate=number(0.20),
    vix_floor=number(0.10),
    long_dated_share=number(0.75),
    long_dated_days=number(274),
    vx_front_rate=number(0.45),
    vx_back_rate=number(0.30),
    vx_front_days=number(35),
    future_rate=number(0.06),
    short_share_rate=number(1.5),
)
ROWS = list(csv.DictReader((Path(__file__).parents[2] / "reference" / "margin.csv").read_text().splitlines()))


def package(text: str) -> tuple[Leg, ...]:
    parts = (part.split() for part in text.split("/"))
    return tuple(leg(int(ratio), float(strike), right) for ratio, strike, right in parts)


def quoted(row, legs):
    """A view at the row's spot whose mids make the row's premiums."""
    premium = {("4700", "P"): 20.0, ("5300", "C"): 15.0, ("4000", "P"): 2.0}
    table = {}
    for each in legs:
        mid = premium.get((f"{each.instrument.strike:g}", each.instrument.right.value), 1.0)
        table[each.instrument.strike, each.instrument.right.value] = (mid - 0.5, mid + 0.5)
    return view(table, spot=float(row["spot"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_reference_requirements(row):
    legs = package(row["legs"])
    held = position(legs, price=row["credit"])
    marks = mark_book(Book(cash=Decimal(0), positions=(held,)), quoted(row, legs))
    assert requirement(held, PARAMETERS, marks) == Decimal(row["requirement"])
    if row["max_loss"]:
        assert max_loss(held) == Decimal(row["max_loss"])


@pytest.mark.shared
def test_shared_reference_requirements(shared_reference):
    cases = {case["type"]: case for case in json.loads((shared_reference / "margin.json").read_text())["cases"]}
    for name, right in (("short put", "P"), ("short call", "C")):
        case = cases[name]
        points = uncovered(leg(-1, case["K"], right).instrument, float(case["S"]), float(case["premium"]), PARAMETERS)
        assert points * 100 == Decimal(str(case["requirement"]))
    for name in ("iron condor", "unequal wings condor"):
        case = cases[name]
        held = position(condor_legs(*case["strikes"]), price=str(case["credit"]))
        assert requirement(held) == case["requirement_gross"]
        assert max_loss(held) == case["max_loss"] == buying_power_effect(held)
    case = cases["long option <=9m"]
    assert requirement(position((leg(1, 5300, "C"),), price=f"-{case['premium']}")) == Decimal(str(case["requirement"]))


def test_a_condor_reserves_the_wider_wing_once_per_contract():
    held = position(condor_legs(2600, 2700, 3000, 3050), quantity=7)
    assert reserved(held) == Decimal("70000.00")


def test_buying_power_falls_by_requirement_less_credit_or_by_the_debit():
    assert buying_power_effect(position(condor_legs(), price="18.00")) == Decimal("8200.00")
    assert buying_power_effect(hedge(quantity=10, price="-1.20")) == Decimal("1200.00")


def test_a_long_option_beyond_nine_months_requires_three_quarters():
    held = position((leg(1, 3000, "C", expiry=date(2020, 6, 19)),), price="-40.00")
    assert requirement(held, PARAMETERS) == Decimal("3000.00")
    assert requirement(held) == Decimal("4000.00")
    assert paid(held) == Decimal("4000.00")


def test_an_uncovered_vix_call_is_measured_on_its_own_future():
    short = position((leg(-1, 20, "C", root="VIX", expiry=date(2019, 6, 19)),), price="1.20", sleeve=Sleeve.HEDGE)
    marks = mark_book(Book(cash=Decimal(0), positions=(short,)), view(vix=None))
    # 1.20 + max(20 % of 17.0 - 3.0, 10 % of 17.0) points, x 100.
    assert requirement(short, PARAMETERS, marks) == Decimal("290.00")


def test_options_of_another_settlement_do_not_cover():
    calendar = position((leg(-1, 3000, "C"), leg(1, 3000, "C", expiry=date(2019, 7, 19))), price="-5.00")
    with pytest.raises(UsageError, match="moves with the market"):
        reserved(calendar)
    mixed = position((leg(-1, 3000, "C"), leg(1, 3100, "C", root="SPXW")), price="9.00")
    with pytest.raises(UsageError, match="margin parameters and marks are needed"):
        reserved(mixed)


def test_futures_require_a_share_of_their_value_front_month_more():
    held = position((Leg(instrument=future(), ratio=2),), price="-34.00", entries=(17.0,), sleeve=Sleeve.HEDGE)
    marks = mark_book(Book(cash=Decimal(0), positions=(held,)), view())
    assert requirement(held, PARAMETERS, marks) == Decimal("15300.00")
    back = replace(held, legs=(Leg(instrument=future(expiry=date(2019, 7, 17)), ratio=-1),), entries=(17.5,))
    marks = mark_book(Book(cash=Decimal(0), positions=(back,)), view())
    assert requirement(back, PARAMETERS, marks) == Decimal("5250.00")


def test_what_is_left_of_a_condor_keeps_its_own_width():
    put_side = position(condor_legs()[:2], price="9.50")
    wing = position(condor_legs()[:1], price="-1.00", id="C00002")
    book = Book(cash=Decimal(0), positions=(put_side, wing))
    assert condor_margin(book) == Decimal("10000.00")
    assert max_loss(put_side) == Decimal("9050.00")


def test_condor_margin_ignores_the_hedge_and_book_margin_adds_it():
    book = Book(cash=Decimal(0), positions=(position(condor_legs()), hedge(quantity=10, price="-1.20")))
    assert condor_margin(book) == Decimal("10000.00")
    assert book_margin(book) == Decimal("11200.00")


def test_available_is_cash_less_reserves_and_never_more_than_equity():
    book = Book(cash=Decimal("51800.00"), positions=(position(condor_legs(), quantity=2), hedge()))
    assert available(book, Decimal("50000.00")) == Decimal("31800.00")
    assert available(book, Decimal("20000.00")) == Decimal("20000.00")


def test_opening_moves_available_by_the_buying_power_effect():
    before = Book(cash=Decimal("100000.00"))
    held = position(condor_legs(), price="18.00", quantity=3)
    after = Book(cash=before.cash + 3 * 1800, positions=(held,))
    equity = Decimal("100000.00")
    assert available(before, equity) - available(after, equity) == buying_power_effect(held)


def test_unbounded_loss_is_said_not_guessed():
    with pytest.raises(UsageError, match="no bound"):
        max_loss(position((leg(-1, 3000, "C"),), price="11.00"))
    assert worst_loss((leg(-1, 3000, "C"),)) is None
    assert worst_loss((leg(-1, 2700, "P"),)) == Decimal(270000)


def test_worst_losses_of_two_settlements_add():
    legs = (*condor_legs(), *condor_legs(2600, 2700, 3000, 3050, root="SPXW", expiry=EXPIRY))
    assert worst_loss(legs) == Decimal(20000)


def test_margin_that_moves_asks_for_a_mark_it_does_not_find():
    marks = mark_book(Book(cash=Decimal(0)), view())
    with pytest.raises(UsageError, match="marks given do not hold it"):
        reserved(position((leg(-1, 3000, "C"),), price="11.00"), PARAMETERS, marks)
