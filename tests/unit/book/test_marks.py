from __future__ import annotations

from decimal import Decimal

import msgspec
import numpy as np
import pytest

from alvh.book.marks import mark_book
from alvh.book.positions import Book, Leg, Sleeve
from alvh.core.errors import CoverageError, UsageError
from alvh.market.chain import QuoteStatus
from alvh.market.contracts import Share
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import VolStatus
from fakes.packages import (
    CONDOR_QUOTES,
    EXPIRY,
    VIX_EXPIRY,
    condor_legs,
    curve,
    future,
    hedge,
    leg,
    option,
    position,
    quotes,
    view,
)


def book(*positions) -> Book:
    return Book(cash=Decimal(0), positions=positions)


def without(*keys):
    return {key: value for key, value in CONDOR_QUOTES.items() if key not in keys}


def test_a_condor_is_marked_at_the_mids_of_its_legs():
    marks = mark_book(book(position(condor_legs(), quantity=3)), view())
    net = 9.25 - 19.90 - 11.50 + 2.15
    assert marks.condor.value == pytest.approx(300 * net)
    assert marks.close_mid[0] == pytest.approx(net)
    assert marks.close_natural[0] == pytest.approx(9.00 - 20.30 - 11.80 + 2.00)
    assert marks.stale_legs == 0
    assert marks.total == marks.condor.value


def test_a_zero_bid_marks_at_half_the_ask_and_cannot_be_sold():
    marks = mark_book(book(position(condor_legs())), view(CONDOR_QUOTES | {(3100.0, "C"): (0.0, 0.10)}))
    wing = marks.contract(option(3100, "C"))
    assert wing is not None
    assert wing.mid == pytest.approx(0.05)
    assert wing.status is QuoteStatus.ZERO_BID
    found = marks.position("C00001")
    assert found is not None
    assert not found.closable
    assert found.stale == 0


def test_a_short_leg_without_a_bid_can_still_be_bought_back():
    marks = mark_book(book(position(condor_legs())), view(CONDOR_QUOTES | {(3000.0, "C"): (0.0, 0.10)}))
    found = marks.position("C00001")
    assert found is not None
    assert found.closable


@pytest.mark.parametrize("today", [without((2700.0, "P")), CONDOR_QUOTES | {(2700.0, "P"): (21.0, 20.0)}])
def test_a_leg_without_a_usable_quote_keeps_its_last_mark(today):
    held = book(position(condor_legs()))
    yesterday = mark_book(held, view())
    marks = mark_book(held, view(today), yesterday)
    short_put = marks.contract(option(2700, "P"))
    assert short_put is not None
    assert short_put.mid == pytest.approx(19.90)
    assert short_put.stale
    assert marks.stale_legs == 1
    assert not marks.closable[0]


def test_the_last_mark_is_found_after_the_book_has_changed():
    yesterday = mark_book(book(hedge(), position(condor_legs())), view())
    marks = mark_book(book(position(condor_legs())), view(without((2700.0, "P"))), yesterday)
    assert marks.contract(option(2700, "P")).mid == pytest.approx(19.90)


def test_without_a_last_mark_the_fill_price_stands():
    held = position(condor_legs(), entries=(9.0, 20.0, 11.0, 2.0))
    marks = mark_book(book(held), view(without((2700.0, "P"))))
    assert marks.contract(option(2700, "P")).mid == 20.0


def test_a_contract_nobody_ever_priced_is_an_error_that_names_it():
    with pytest.raises(CoverageError, match=r"2700.*no quote today, no earlier mark"):
        mark_book(book(position(condor_legs())), view(without((2700.0, "P"))))


def test_an_expiry_that_is_not_listed_today_keeps_all_its_marks_and_has_greeks():
    held = book(position(condor_legs()))
    yesterday = mark_book(held, view())
    gone = view()
    gone.slices = {}
    marks = mark_book(held, gone, yesterday)
    assert marks.stale_legs == 4
    assert marks.condor.value == pytest.approx(yesterday.condor.value)
    assert marks.condor.spx_vega == pytest.approx(yesterday.condor.spx_vega, rel=0.05)


def test_vix_options_without_any_vix_are_an_error():
    held = book(hedge(entries=(1.2,)))
    blind = view(vix=None, curve=None)
    blind.slices, blind.vix = {}, None
    with pytest.raises(CoverageError, match="neither a VX curve nor the VIX"):
        mark_book(held, blind)


def test_greeks_are_those_of_the_implied_volatilities_in_usd():
    marks = mark_book(book(position(condor_legs(), quantity=2)), view())
    strike = np.array([2600.0, 2700.0, 3000.0, 3100.0])
    is_put = np.array([True, True, False, False])
    vols = np.array([marks.contract(each.instrument).vol for each in condor_legs()])
    found = greeks(2850.0, strike, 37 / 365, vols, is_put, 0.9975)
    usd = 200 * np.array([1, -1, -1, 1])
    assert found.price == pytest.approx([9.25, 19.90, 11.50, 2.15], abs=1e-9)
    assert marks.condor.spx_delta == pytest.approx(float(usd @ found.delta))
    assert marks.condor.spx_gamma == pytest.approx(float(usd @ found.gamma))
    assert marks.condor.spx_vega == pytest.approx(float(usd @ found.vega) / 100)
    assert marks.condor.theta == pytest.approx(float(usd @ found.theta) / 365)
    assert marks.condor.vx_delta == 0.0


def test_a_delta_on_the_forward_becomes_one_on_spot():
    near, far = view(spot=2850.0), view(spot=2840.0)
    held = book(position(condor_legs()))
    ratio = mark_book(held, far).condor.spx_delta / mark_book(held, near).condor.spx_delta
    assert ratio == pytest.approx(2850.0 / 2840.0)


def test_vix_calls_count_on_their_future():
    marks = mark_book(book(hedge(quantity=10)), view())
    call = marks.contract(option(20, "C", root="VIX", expiry=VIX_EXPIRY))
    assert call.forward == 17.0
    assert marks.hedge.vx_delta == pytest.approx(1000 * call.delta)
    assert marks.hedge.vx_vega == pytest.approx(1000 * call.vega / 100)
    assert marks.hedge.spx_delta == 0.0
    assert marks.condor.value == 0.0


def test_a_mid_below_intrinsic_value_has_the_greeks_of_intrinsic_value():
    deep = quotes({(1500.0, "C"): (1340.0, 1342.0)})
    day = view()
    day.slices[("SPX", EXPIRY)] = deep
    marks = mark_book(book(position((leg(1, 1500, "C"),), price="-1341.00")), day)
    row = marks.table.row(option(1500, "C"))
    assert marks.vol_status[row] == VolStatus.BELOW_INTRINSIC
    assert marks.at(row).delta == pytest.approx(0.9975)
    assert marks.at(row).vega == 0.0
    assert np.isfinite([marks.condor.spx_delta, marks.condor.theta, marks.condor.value]).all()


def test_a_future_is_worth_its_gain_since_opening():
    held = position(
        (Leg(instrument=future(), ratio=1),), price="-16.00", entries=(16.0,), sleeve=Sleeve.HEDGE, quantity=3
    )
    marks = mark_book(book(held), view())
    assert marks.hedge.value == pytest.approx(3000.0)
    assert marks.hedge.vx_delta == pytest.approx(3000.0)


def test_a_future_without_its_entry_price_has_no_value():
    held = position((Leg(instrument=future(), ratio=1),), price="-16.00", sleeve=Sleeve.HEDGE)
    with pytest.raises(UsageError, match="price it was opened at"):
        mark_book(book(held), view())


def test_an_index_future_stands_on_the_forward_of_its_expiry():
    held = position(
        (Leg(instrument=future("ES", EXPIRY), ratio=-2),), price="2840.00", entries=(2840.0,), sleeve=Sleeve.HEDGE
    )
    marks = mark_book(book(held), view())
    assert marks.hedge.value == pytest.approx(-1000.0)
    assert marks.hedge.spx_delta == pytest.approx(-100.0)


def test_a_share_is_marked_on_its_own_series():
    held = position((Leg(instrument=Share(root="VXX"), ratio=1),), price="-25.00", quantity=40, sleeve=Sleeve.HEDGE)
    marks = mark_book(book(held), view(last={"VXX": 26.0}))
    assert marks.hedge.value == pytest.approx(1040.0)


def test_an_empty_book_is_worth_nothing():
    marks = mark_book(book(), view())
    assert (marks.total, marks.stale_legs, marks.condor.theta) == (0.0, 0, 0.0)
    assert marks.position("C00001") is None
    assert marks.contract(option(2700, "P")) is None


def test_one_contract_in_two_positions_is_quoted_once_and_counted_twice():
    marks = mark_book(book(position(condor_legs()), position(condor_legs(), id="C00002", quantity=2)), view())
    assert len(marks.table.contracts) == 4
    assert marks.value[1] == pytest.approx(2 * marks.value[0])


def test_xsp_greeks_come_in_spx_points():
    mini = quotes({(260.0, "P"): (0.90, 0.95)}, root="XSP", forward=285.0)
    full = quotes({(2600.0, "P"): (9.00, 9.50)}, root="SPX")
    day = view()
    day.slices = {("XSP", EXPIRY): mini, ("SPX", EXPIRY): full}
    small = mark_book(book(position((leg(1, 260, "P", root="XSP"),), price="-0.93", quantity=10)), day).condor
    large = mark_book(book(position((leg(1, 2600, "P"),), price="-9.25")), day).condor
    assert small.value == pytest.approx(large.value)
    assert small.spx_delta == pytest.approx(large.spx_delta)
    assert small.spx_gamma == pytest.approx(large.spx_gamma)
    assert small.spx_vega == pytest.approx(large.spx_vega)


def test_levels_are_in_each_roots_own_points():
    marks = mark_book(book(), view(curve=curve()))
    assert (marks.level("SPX"), marks.level("XSP"), marks.level("VIX")) == (2850.0, 285.0, 16.4)


def test_marks_travel_with_the_book_until_it_changes():
    held = book(position(condor_legs()))
    marked = held.marked(mark_book(held, view()))
    assert marked.marks.positions is marked.positions
    assert marked.with_positions((), marked.cash).marks is None
    assert msgspec.structs.replace(marked, cash=Decimal(1)).marks is marked.marks
