"""Laws of fills: between natural and mid, worse with more stress, never a gain from a round trip, one price for all."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.book.positions import Book, Leg, Sleeve
from alvh.execution.fees import fee
from alvh.execution.orders import Authorized, Filled
from alvh.execution.quotes import NoQuote, executable, executable_condors
from alvh.execution.route import events_of, route
from alvh.ledger.events import Deposited
from alvh.ledger.journal import fold
from alvh.strategy.decision import Direction, Package, Proposal
from fakes.packages import EXPIRY, SESSION, condor_legs, fee_parameters, fill_parameters, leg, quotes, view

quick = settings(deadline=None, max_examples=80)
models = st.builds(
    fill_parameters,
    st.sampled_from(["natural", "mid", "legs"]),
    st.lists(st.floats(0.5, 1.0), min_size=1, max_size=4).map(tuple),
    st.floats(1.0, 10.0),
)
STRIKES = [float(strike) for strike in range(2600, 3105, 25)]


@st.composite
def tables(draw):
    """Quotes on the five-cent grid, some without a bid, some crossed, some missing."""
    table = {}
    for strike in STRIKES:
        for right in "PC":
            kind = draw(st.integers(0, 19))
            bid, width = draw(st.integers(1, 2000)), draw(st.integers(1, 60))
            if kind == 0:
                continue
            low = 0 if kind == 1 else bid
            table[strike, right] = (low / 20, (low + width) / 20) if kind != 2 else ((low + width) / 20, low / 20)
    return table


@st.composite
def packages(draw):
    count = draw(st.integers(1, 5))
    chosen = draw(
        st.lists(
            st.tuples(st.sampled_from(STRIKES), st.sampled_from("PC")), min_size=count, max_size=count, unique=True
        )
    )
    return tuple(leg(draw(st.sampled_from([-3, -2, -1, 1, 2, 3])), strike, right) for strike, right in chosen)


def reversed_legs(legs):
    return tuple(Leg(instrument=each.instrument, ratio=-each.ratio) for each in legs)


@quick
@given(tables(), packages(), models)
def test_a_fill_lies_between_natural_and_mid_and_its_legs_add_up(table, legs, parameters):
    found = executable(view(table), legs, parameters)
    if isinstance(found, NoQuote):
        return
    assert found.natural - 1e-6 <= float(found.price) <= found.mid + 1e-6
    assert abs(sum(each.leg.ratio * each.price for each in found.legs) + float(found.price)) < 1e-6
    assert all(each.bid - 1e-9 <= each.price <= each.ask + 1e-9 for each in found.legs)


@quick
@given(tables(), packages(), models)
def test_a_round_trip_never_pays(table, legs, parameters):
    there, back = (executable(view(table), each, parameters) for each in (legs, reversed_legs(legs)))
    if not isinstance(there, NoQuote) and not isinstance(back, NoQuote):
        assert there.price + back.price <= 0


@quick
@given(tables(), packages())
def test_a_round_trip_at_mid_on_the_grid_costs_a_tick_each_way_at_most(table, legs):
    mid = fill_parameters("mid")
    there, back = (executable(view(table), each, mid) for each in (legs, reversed_legs(legs)))
    if isinstance(there, NoQuote) or isinstance(back, NoQuote) or len(legs) == 1:
        return
    if all(each.status == 0 for each in there.legs):
        assert there.price + back.price >= Decimal("-0.10")


@quick
@given(tables(), packages(), st.floats(1.0, 5.0), st.floats(1.0, 5.0))
def test_more_stress_never_helps(table, legs, one, other):
    calm, wild = sorted((one, other))
    prices = [executable(view(table), legs, fill_parameters(stress=stress)) for stress in (calm, wild)]
    if not any(isinstance(found, NoQuote) for found in prices):
        assert prices[1].price <= prices[0].price


@quick
@given(tables(), packages(), models)
def test_what_cannot_fill_has_a_reason_and_what_has_none_fills(table, legs, parameters):
    found = executable(view(table), legs, parameters)
    bad = any(
        (key := (each.instrument.strike, each.instrument.right.value)) not in table
        or table[key][0] > table[key][1]
        or (table[key][0] == 0 and each.ratio < 0)
        for each in legs
    )
    assert isinstance(found, NoQuote) is bad


@quick
@given(tables(), st.data(), models)
def test_many_condors_price_one_by_one(table, data, parameters):
    rows = data.draw(
        st.lists(
            st.lists(st.sampled_from(STRIKES), min_size=4, max_size=4, unique=True).map(sorted), min_size=1, max_size=8
        )
    )
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    found = executable_condors(quotes(table), *columns, parameters)
    for place, row in enumerate(rows):
        one = executable(view(table), condor_legs(*row), parameters)
        assert bool(found.ok[place]) is not isinstance(one, NoQuote)
        if not isinstance(one, NoQuote):
            assert Decimal(repr(float(found.price[place]))) == one.price


@quick
@given(tables(), packages(), models, st.integers(1, 30))
def test_the_price_decided_on_is_the_price_filled(table, legs, parameters, quantity):
    day = view(table)
    decided = executable(day, legs, parameters)
    package = Package(sleeve=Sleeve.CONDOR, rule="C-ENTRY", legs=legs, quantity=quantity)
    proposal = Proposal(id="p", rule="C-ENTRY", direction=Direction.HARVEST, packages=(package,), reason="why")
    routed = route(Authorized(proposal=proposal, grounds=()), day, Book(cash=Decimal(0)), parameters, fee_parameters())
    assert isinstance(routed, Filled) is not isinstance(decided, NoQuote)
    if isinstance(routed, Filled) and not isinstance(decided, NoQuote):
        (fill,) = routed.fills
        assert fill.price == decided.price
        assert fill.cash == decided.price * 100 * quantity
        assert fill.fees > 0


@quick
@given(tables(), packages(), models, st.integers(1, 9))
def test_opening_and_closing_on_one_view_costs_what_the_prices_and_fees_say(table, legs, parameters, quantity):
    day, start = view(table), Decimal("1000000.00")

    def send(book, each, closes):
        package = Package(sleeve=Sleeve.CONDOR, rule="C-ENTRY", legs=each, quantity=quantity, closes=closes)
        proposal = Proposal(id="p", rule="C-ENTRY", direction=Direction.HARVEST, packages=(package,), reason="why")
        return route(Authorized(proposal=proposal, grounds=()), day, book, parameters, fee_parameters())

    opened = send(Book(cash=start), legs, None)
    if not isinstance(opened, Filled):
        return
    events = (Deposited(session=SESSION, cash=start), *events_of(opened, SESSION, lambda _: "C1"))
    closed = send(fold(events), reversed_legs(legs), "C1")
    if not isinstance(closed, Filled):
        return
    final = fold((*events, *events_of(closed, SESSION, lambda _: "C1")))
    costs = opened.fills[0].fees + closed.fills[0].fees
    assert final.positions == ()
    assert final.cash == start + opened.fills[0].cash + closed.fills[0].cash - costs
    assert final.cash < start


@quick
@given(st.floats(0.01, 500), st.integers(1, 500), st.sampled_from(["SPX", "SPXW", "XSP", "VIX"]), st.booleans())
def test_fees_are_positive_and_grow_with_contracts(price, contracts, root, several):
    instrument = leg(1, 3000 if root != "VIX" else 20, "C", root=root, expiry=EXPIRY).instrument
    one = fee(instrument, price, contracts, fee_parameters(), several_legs=several)
    more = fee(instrument, price, -contracts - 1, fee_parameters(), several_legs=several)
    assert 0 < one < more
