from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from alvh.book.condor import Condor
from fakes.packages import condor_legs, leg, position


def test_reads_strikes_widths_credit_and_loss():
    condor = Condor.of(position(condor_legs(4500, 4700, 5300, 5350), price="22.00", quantity=3))
    assert condor is not None
    assert (condor.put_long, condor.put_short, condor.call_short, condor.call_long) == (4500, 4700, 5300, 5350)
    assert (condor.put_width, condor.call_width, condor.width) == (200, 50, 200)
    assert condor.margin == Decimal("60000.00")
    assert condor.max_loss == Decimal("53400.00")
    assert condor.max_profit == Decimal("6600.00")


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_order_of_legs_does_not_matter(order):
    legs = condor_legs()
    shuffled = tuple(legs[i] for i in order)
    assert Condor.of_legs(shuffled, credit=Decimal(18), quantity=1) == Condor.of_legs(
        legs, credit=Decimal(18), quantity=1
    )


def test_break_evens_stand_a_credit_beyond_the_short_strikes():
    condor = Condor.of(position(condor_legs(), price="18.00"))
    assert condor is not None
    assert condor.break_evens == (2682.0, 3018.0)


def test_a_side_the_credit_covers_breaks_even_at_its_long_strike():
    condor = Condor.of(position(condor_legs(2600, 2700, 3000, 3010), price="18.00"))
    assert condor is not None
    assert condor.break_evens[1] == 3010.0


@pytest.mark.parametrize(
    ("spot", "put", "call"),
    [(2850.0, -1.5, -1.5), (2700.0, 0.0, -3.0), (2620.0, 0.8, -3.8), (3050.0, -3.5, 0.5), (3100.0, -4.0, 1.0)],
)
def test_test_ratio_runs_from_short_to_long_strike(spot, put, call):
    condor = Condor.of(position(condor_legs()))
    assert condor is not None
    assert condor.test_ratio(spot) == pytest.approx((put, call))


def test_mini_spx_is_tested_by_spx_spot():
    condor = Condor.of(position(condor_legs(260, 270, 300, 310, root="XSP")))
    assert condor is not None
    assert condor.test_ratio(3050.0) == pytest.approx((-3.5, 0.5))


@pytest.mark.parametrize(
    ("value", "points"),
    [(2850.0, 18.0), (2700.0, 18.0), (2682.0, 0.0), (2600.0, -82.0), (2000.0, -82.0), (3100.0, -82.0), (9000.0, -82.0)],
)
def test_payoff_is_the_credit_less_one_wing(value, points):
    condor = Condor.of(position(condor_legs(), price="18.00"))
    assert condor is not None
    assert condor.payoff(value) == pytest.approx(points)


@pytest.mark.parametrize(
    "legs",
    [
        condor_legs()[:3],
        tuple(leg(-each.ratio, each.instrument.strike, each.instrument.right) for each in condor_legs()),
        (*condor_legs()[:3], leg(2, 3100, "C")),
        (*condor_legs()[:3], leg(1, 3100, "C", root="SPXW")),
        (leg(1, 2700, "P"), leg(-1, 2600, "P"), leg(-1, 3000, "C"), leg(1, 3100, "C")),
        (leg(1, 2600, "P"), leg(-1, 3050, "P"), leg(-1, 3000, "C"), leg(1, 3100, "C")),
    ],
    ids=["three legs", "long condor", "ratio of two", "two roots", "put side reversed", "short strikes crossed"],
)
def test_other_packages_are_no_condor(legs):
    assert Condor.of_legs(legs, credit=Decimal(18), quantity=1) is None


def test_an_iron_butterfly_is_a_condor_with_one_short_strike():
    butterfly = Condor.of_legs(condor_legs(2800, 2850, 2850, 2900), credit=Decimal(30), quantity=1)
    assert butterfly is not None
    assert butterfly.width == 50


def test_the_answer_is_remembered_for_the_same_position_only():
    one, two = position(condor_legs(), quantity=1), position(condor_legs(), quantity=2)
    assert Condor.of(one) is Condor.of(one)
    first, second = Condor.of(one), Condor.of(two)
    assert first is not None
    assert second is not None
    assert (first.quantity, second.quantity) == (1, 2)
