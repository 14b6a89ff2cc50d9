"""Coverage and stress coverage of each layer; together they are the whole hedge's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from alvh.book.coverage import coverage
from alvh.book.marks import mark_book
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.book.stress import stress
from alvh.core.errors import InvariantError
from alvh.market.contracts import Future, Instrument, Option, Right
from alvh.method.layers.tranches import tranches
from alvh.pricing.scenarios import DOWN
from fakes.market import FlatMarket, weekdays

DAYS = weekdays(date(2018, 1, 1), 3)
SEEN = FlatMarket(days=DAYS, spot=[2700.0] * 3, vix=[15.0] * 3).view(DAYS[0])
SPX = next(day for day in SEEN.expiries("SPXW") if (day - SEEN.session).days >= 40)
VIX = next(day for day in SEEN.expiries("VIX") if (day - SEEN.session).days >= 40)


def position(name: str, rule: str, legs: list[tuple[Instrument, int]], quantity: int, price: str) -> Position:
    return Position(
        id=name,
        sleeve=Sleeve.CONDOR if rule == "C-ENTRY" else Sleeve.HEDGE,
        rule=rule,
        legs=tuple(Leg(instrument=item, ratio=ratio) for item, ratio in legs),
        quantity=quantity,
        opened=date(2017, 12, 20),
        price=Decimal(price),
        cash=Decimal(0),
        entries=tuple(15.0 if isinstance(item, Future) else 1.0 for item, _ in legs),
    )


def book() -> Book:
    sides = [(2500.0, Right.PUT, 1), (2550.0, Right.PUT, -1), (2850.0, Right.CALL, -1), (2900.0, Right.CALL, 1)]
    condor = [(Option("SPXW", SPX, strike, right), ratio) for strike, right, ratio in sides]
    held = (
        position("C1", "C-ENTRY", list(condor), 10, "10.00"),
        position("H1", "L-BASE", [(Option("VIX", VIX, 18.0, Right.CALL), 1)], 3, "-0.80"),
        position("H2", "L-TENOR", [(Future("VX", VIX), 1)], 1, "0"),
        position("H3", "L-BASE", [(Option("VIX", VIX, 20.0, Right.CALL), 1)], 2, "-0.50"),
    )
    whole = Book(cash=Decimal(100_000), positions=held)
    return whole.marked(mark_book(whole, SEEN))


def test_the_layers_add_up_to_the_hedge() -> None:
    held = book()
    found = tranches(held, SEEN)
    assert [(each.rule, each.packages) for each in found] == [("L-BASE", 5), ("L-TENOR", 1)]
    assert sum(each.coverage or 0.0 for each in found) == pytest.approx(coverage(held, SEEN))
    assert held.marks is not None
    whole = stress(held.marks, SEEN, (DOWN,))[0]
    assert sum(each.stress_down for each in found) == pytest.approx(whole.hedge_pnl)
    assert sum(each.stress_coverage or 0.0 for each in found) == pytest.approx(whole.coverage)
    assert all(each.stress_up < 0.0 < each.stress_down for each in found)


def test_without_condors_there_is_no_coverage_and_without_marks_no_answer() -> None:
    alone = Book(cash=Decimal(0), positions=book().positions[1:])
    with pytest.raises(InvariantError):
        tranches(alone, SEEN)
    found = tranches(alone.marked(mark_book(alone, SEEN)), SEEN)
    assert {each.coverage for each in found} == {None}
