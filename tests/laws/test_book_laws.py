"""Laws of what we hold: Greeks and margin scale, leg order is nothing, long and short cancel, margin covers losses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from alvh.book.condor import Condor
from alvh.book.coverage import coverage, vx_notional
from alvh.book.margin import available, buying_power_effect, max_loss, requirement, reserved
from alvh.book.marks import Marks, mark_book
from alvh.book.pairing import least_pairings
from alvh.book.payoff import payoff, worst_loss
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.book.stress import stress
from alvh.pricing.black76 import price
from alvh.pricing.scenarios import DOWN, UP
from fakes.packages import EXPIRY, VIX_EXPIRY, condor_legs, leg, option, position, quotes, view

STRIKES = [float(strike) for strike in range(2400, 3305, 5)]
strikes = st.sampled_from(STRIKES)
quick = settings(deadline=None, max_examples=60)
EXACT = st.lists(st.sampled_from(STRIKES), min_size=4, max_size=4, unique=True).map(sorted)


def smile(strike: float, root: str) -> float:
    return 0.9 if root == "VIX" else 0.15 + 0.4 * max(0.0, 1 - strike / 2850)


def smooth_view(spot: float = 2850.0):
    """Narrow quotes around Black-76, listed wherever a test looks."""

    def table(listed, root, forward, tau):
        made = {}
        for strike in listed:
            for right in "PC":
                worth = float(price(forward, strike, tau, smile(strike, root), right == "P", 0.9975)[0])
                made[strike, right] = (worth * 0.99, worth * 1.01 + 0.01)
        return made

    day = view(spot=spot)
    vix_strikes = [float(strike) for strike in range(10, 60)]
    day.slices = {
        ("SPX", EXPIRY): quotes(table(STRIKES, "SPX", 2850.0, 37 / 365)),
        ("VIX", VIX_EXPIRY): quotes(
            table(vix_strikes, "VIX", 17.0, 35 / 365), root="VIX", expiry=VIX_EXPIRY, forward=17.0, tau=35 / 365
        ),
    }
    return day


DAY = smooth_view()


@st.composite
def condors(draw, identifier: str = "C1") -> Position:
    put_long, put_short, call_short, call_long = draw(EXACT)
    width = max(put_short - put_long, call_long - call_short)
    credit = draw(st.integers(0, int(width * 100))) / 100
    return position(
        condor_legs(put_long, put_short, call_short, call_long),
        id=identifier,
        quantity=draw(st.integers(1, 20)),
        price=f"{credit:.2f}",
    )


@st.composite
def hedges(draw, identifier: str = "H1") -> Position:
    made = leg(1, draw(st.integers(12, 55)), "C", root="VIX", expiry=VIX_EXPIRY)
    return position((made,), id=identifier, sleeve=Sleeve.HEDGE, quantity=draw(st.integers(1, 200)), price="-1.00")


@st.composite
def packages(draw, *, covered: bool = False) -> tuple[Leg, ...]:
    """Any legs of one expiry; `covered` gives each right at least as many longs as shorts."""
    legs: list[Leg] = []
    for right in "PC":
        for strike in draw(st.lists(strikes, max_size=4, unique=True)):
            legs.append(leg(draw(st.sampled_from([-2, -1, 1, 2])), strike, right))
    assume(legs)
    if covered:
        for right in "PC":
            assume(sum(each.ratio for each in legs if each.instrument.right == right) >= 0)
    return tuple(legs)


def book(*positions: Position) -> Book:
    return Book(cash=Decimal(0), positions=positions)


def numbers(marks: Marks) -> np.ndarray:
    found = [stress(marks, DAY, (DOWN, UP))]
    totals = [
        getattr(sleeve, name)
        for sleeve in (marks.condor, marks.hedge)
        for name in ("value", "spx_delta", "spx_gamma", "spx_vega", "vx_delta", "vx_gamma", "vx_vega", "theta")
    ]
    return np.array(totals + [pnl for (down, up) in found for pnl in (down.condor_pnl, up.hedge_pnl)])


@quick
@given(condors(), hedges(), st.integers(2, 9))
def test_scaling_the_book_scales_greeks_margin_and_stress(condor, hedge, times):
    small = mark_book(book(condor, hedge), DAY)
    more = [replace(each, quantity=each.quantity * times) for each in (condor, hedge)]
    large = mark_book(book(*more), DAY)
    assert numbers(large) == pytest.approx(times * numbers(small), rel=1e-9, abs=1e-6)
    assert reserved(more[0]) == times * reserved(condor)
    assert coverage(book(*more), DAY) == pytest.approx(coverage(book(condor, hedge), DAY)) or max_loss(condor) == 0


@quick
@given(condors(), st.permutations(range(4)))
def test_order_of_legs_changes_nothing(condor, order):
    shuffled = replace(condor, legs=tuple(condor.legs[i] for i in order))
    assert Condor.of(shuffled) == Condor.of(condor)
    assert requirement(shuffled) == requirement(condor)
    assert numbers(mark_book(book(shuffled), DAY)) == pytest.approx(
        numbers(mark_book(book(condor), DAY)), rel=1e-9, abs=1e-6
    )


@quick
@given(condors("C1"), condors("C2"), hedges("H1"))
def test_books_add(first, second, hedge):
    together = numbers(mark_book(book(first, second, hedge), DAY))
    apart = sum(numbers(mark_book(book(each), DAY)) for each in (first, second, hedge))
    assert together == pytest.approx(apart, rel=1e-9, abs=1e-6)


@quick
@given(condors())
def test_long_and_short_of_the_same_legs_is_nothing(condor):
    reverse = replace(
        condor, id="C2", legs=tuple(Leg(instrument=each.instrument, ratio=-each.ratio) for each in condor.legs)
    )
    assert numbers(mark_book(book(condor, reverse), DAY)) == pytest.approx(np.zeros(18), abs=1e-6)


@quick
@given(st.sampled_from(STRIKES[60:120]))
def test_a_put_less_a_call_has_the_greeks_of_a_short_forward(strike):
    legs = (leg(1, strike, "P"), leg(-1, strike, "C"))
    totals = mark_book(book(position(legs)), DAY).condor
    assert totals.spx_delta == pytest.approx(-100 * 0.9975, rel=0.02)
    assert totals.spx_gamma == pytest.approx(0.0, abs=0.02)


@quick
@given(condors())
def test_margin_of_a_condor_is_its_worst_loss_before_the_credit(condor):
    worst = worst_loss(condor.legs)
    assert worst is not None
    assert reserved(condor) == worst * condor.quantity
    assert max_loss(condor) == buying_power_effect(condor)


@quick
@given(condors(), st.floats(0, 6000))
def test_payoff_of_a_condor_lies_between_its_maximum_loss_and_its_credit(condor, value):
    read = Condor.of(condor)
    assert read is not None
    result = read.payoff(value)
    assert float(read.credit - read.width) - 1e-9 <= result <= float(read.credit) + 1e-9
    assert result == pytest.approx(float(read.credit) + float(payoff(condor.legs, Decimal(repr(value)))), abs=1e-6)


@quick
@given(condors())
def test_break_evens_neither_earn_nor_lose(condor):
    read = Condor.of(condor)
    assert read is not None
    lower, upper = read.break_evens
    for value, width in ((lower, read.put_width), (upper, read.call_width)):
        if read.credit <= width:
            assert read.payoff(value) == pytest.approx(0.0, abs=1e-9)


@settings(deadline=None, max_examples=150)
@given(packages(covered=True))
def test_requirement_is_never_below_the_worst_loss(legs):
    worst = worst_loss(legs)
    assert worst is not None
    assert reserved(position(legs, price="0.00")) >= worst


@settings(deadline=None, max_examples=100)
@given(packages(covered=True))
def test_no_pairing_needs_less_than_the_one_chosen(legs):
    """Compare with every way to pair shorts with longs and put spreads with call spreads."""
    units = sum(abs(each.ratio) for each in legs)
    assume(units <= 8)
    assert reserved(position(legs, price="0.00")) == Decimal(100) * _by_brute_force(legs)


def _by_brute_force(legs: tuple[Leg, ...]) -> Decimal:
    from itertools import permutations

    def spreads(right):
        shorts = [each.instrument.strike for each in legs if each.instrument.right == right for _ in range(-each.ratio)]
        longs = [each.instrument.strike for each in legs if each.instrument.right == right for _ in range(each.ratio)]
        sign = 1 if right == "P" else -1
        return {
            tuple((max(0.0, sign * (short - long)), short, long) for short, long in zip(shorts, chosen, strict=True))
            for chosen in permutations(longs, len(shorts))
        }

    def joint(put, call):
        if put is None or call is None:
            return (put or call or (0.0,))[0]
        if put[1] <= call[1]:
            return max(put[0], call[0])
        return max(
            min(max(0.0, put[1] - value), put[0]) + min(max(0.0, value - call[1]), call[0])
            for value in (*put[1:], *call[1:])
        )

    best = None
    for puts in spreads("P"):
        for calls in spreads("C"):
            size = max(len(puts), len(calls))
            padded = puts + (None,) * (size - len(puts))
            for order in permutations(calls + (None,) * (size - len(calls))):
                total = sum(joint(put, call) for put, call in zip(padded, order, strict=True))
                best = total if best is None else min(best, total)
    return Decimal(repr(best or 0.0))


@quick
@given(packages(), st.floats(0, 6000))
def test_worst_loss_bounds_every_settlement(legs, value):
    worst = worst_loss(legs)
    if worst is not None:
        assert -payoff(legs, Decimal(repr(value))) * 100 <= worst


@quick
@given(packages(covered=True), strikes, st.sampled_from("PC"))
def test_a_long_option_more_never_raises_the_requirement(legs, strike, right):
    assume(all(each.instrument != option(strike, right) for each in legs))
    more = (*legs, leg(1, strike, right))
    assert reserved(position(more, price="0.00")) <= reserved(position(legs, price="0.00"))


@quick
@given(condors(), st.integers(1, 40))
def test_margin_is_monotone_in_width(condor, wider):
    put_long, put_short, call_short, call_long = (each.instrument.strike for each in condor.legs)
    wide = replace(condor, legs=condor_legs(put_long - 5 * wider, put_short, call_short, call_long + 5 * wider))
    assert reserved(wide) > reserved(condor)


@quick
@given(packages(covered=True))
def test_the_pairing_covers_every_short(legs):
    assert all(not pairing.bare for pairing in least_pairings(legs))


@quick
@given(condors("C1"), condors("C2"), st.decimals(0, 10**7, places=2))
def test_opening_a_condor_takes_its_buying_power_effect(first, second, cash):
    equity = Decimal(10**9)
    before = Book(cash=cash, positions=(first,))
    received = second.price * 100 * second.quantity
    after = Book(cash=cash + received, positions=(first, second))
    assert available(before, equity) - available(after, equity) == buying_power_effect(second)


@quick
@given(hedges(), st.integers(1, 30))
def test_a_vertical_never_counts_more_than_its_long_call(hedge, distance):
    low = hedge.legs[0].instrument
    short = Leg(instrument=msgspec.structs.replace(low, strike=low.strike + distance), ratio=-1)
    vertical = replace(hedge, legs=(*hedge.legs, short))
    notional = vx_notional(vertical, DAY)
    assert 0 < notional <= vx_notional(hedge, DAY)
    assert Fraction(notional) <= hedge.quantity * 100 * distance
