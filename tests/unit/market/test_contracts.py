from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from alvh.market.contracts import Option, Right, TickRule

PUT = Option("SPX", date(2019, 6, 21), 2800.0, Right.PUT)


def test_contracts_sort_by_root_expiry_strike_and_right() -> None:
    call = Option("SPX", date(2019, 6, 21), 2800.0, Right.CALL)
    later = Option("SPX", date(2019, 7, 19), 2000.0, Right.CALL)
    weekly = Option("SPXW", date(2019, 6, 21), 2800.0, Right.CALL)
    assert sorted([weekly, later, PUT, call]) == [call, PUT, later, weekly]


def test_contracts_are_values() -> None:
    assert len({PUT, Option("SPX", date(2019, 6, 21), 2800.0, Right.PUT)}) == 1
    with pytest.raises(AttributeError):
        PUT.strike = 2805.0


def test_a_put_says_so() -> None:
    assert PUT.is_put


@pytest.mark.parametrize(("price", "tick"), [("2.99", "0.05"), ("3.00", "0.10"), ("-2.99", "0.05"), ("-3.00", "0.10")])
def test_a_tick_goes_by_the_size_of_the_price(price: str, tick: str) -> None:
    rule = TickRule(below=Decimal("0.05"), boundary=Decimal(3), above=Decimal("0.10"))
    assert rule.tick(Decimal(price)) == Decimal(tick)
