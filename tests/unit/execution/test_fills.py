from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from alvh.book.marks import mark_book
from alvh.book.positions import Book, Leg, Sleeve
from alvh.core.errors import UsageError
from alvh.execution.fills import fraction
from alvh.execution.quotes import NoQuote, PackageQuote, close_quote, closing_prices, executable, executable_condors
from fakes.packages import (
    CONDOR_QUOTES,
    EXPIRY,
    VIX_EXPIRY,
    condor_legs,
    fill_parameters,
    future,
    hedge,
    leg,
    position,
    view,
)

NATURAL, MID = fill_parameters("natural"), fill_parameters("mid")


def vix_call(ratio=1, strike=20):
    return leg(ratio, strike, "C", root="VIX", expiry=VIX_EXPIRY)


@pytest.mark.parametrize(("legs", "share"), [(1, 0.75), (2, 0.66), (3, 0.56), (4, 0.53), (6, 0.53)])
def test_more_legs_pay_less_of_the_spread(legs, share):
    assert fraction(fill_parameters(), legs) == share


def test_natural_and_mid_are_fractions_too():
    assert fraction(NATURAL, 4) == 1.0
    assert fraction(MID, 4) == 0.5


def test_stress_widens_the_distance_from_mid_up_to_the_far_side():
    assert fraction(fill_parameters(stress=3.0), 4) == pytest.approx(0.59)
    assert fraction(fill_parameters(stress=9.0), 1) == 1.0


def test_a_model_without_fractions_is_refused():
    with pytest.raises(UsageError, match="at least one"):
        fraction(fill_parameters(fractions=()), 4)


def test_a_condor_sold_at_natural_mid_and_in_between():
    # Bids of the shorts less asks of the longs; mids; 53 % of each width.
    assert executable(view(), condor_legs(), NATURAL).price == Decimal("18.9")
    assert executable(view(), condor_legs(), MID).price == Decimal("20.0")
    between = executable(view(), condor_legs(), fill_parameters())
    assert between.natural == pytest.approx(18.90)
    assert between.mid == pytest.approx(20.00)
    # 20.00 - 0.03 x 2.20 = 19.934, down to the tick of a package.
    assert between.price == Decimal("19.9")


def test_the_legs_add_up_to_the_price_and_stay_inside_their_quotes():
    found = executable(view(), condor_legs(), fill_parameters())
    total = -sum(quote.leg.ratio * quote.price for quote in found.legs)
    assert total == pytest.approx(float(found.price))
    assert all(quote.bid <= quote.price <= quote.ask for quote in found.legs)


def test_buying_rounds_the_debit_up_to_the_tick():
    # 1.15 + 0.75 x 0.10 = 1.225 -> 1.25 on the five-cent tick of 2019.
    assert executable(view(), [vix_call()], fill_parameters()).price == Decimal("-1.25")


def test_vix_ticks_are_those_of_the_day():
    later = view(vix={(20.0, "C"): (1.15, 1.25)})
    later.session = EXPIRY.replace(year=2023)
    assert executable(later, [vix_call()], fill_parameters()).price == Decimal("-1.23")


def test_rounding_never_goes_beyond_natural():
    odd = view(vix={(20.0, "C"): (1.17, 1.18)})
    assert executable(odd, [vix_call()], NATURAL).price == Decimal("-1.18")


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        (None, "SPX 2019-06-21 2700 put has no quote on 2019-05-15"),
        ((21.0, 20.0), "SPX 2019-06-21 2700 put is crossed on 2019-05-15: bid 21 above ask 20"),
        ((0.0, 0.1), "SPX 2019-06-21 2700 put has no bid on 2019-05-15 and was to be sold (ask 0.1)"),
    ],
)
def test_what_cannot_be_traded_says_why(quote, reason):
    table = {key: value for key, value in CONDOR_QUOTES.items() if key != (2700.0, "P")}
    if quote is not None:
        table[2700.0, "P"] = quote
    found = executable(view(table), condor_legs(), MID)
    assert found == NoQuote(reason=reason)


def test_an_expiry_that_is_not_listed_has_no_quote():
    found = executable(view(), [leg(1, 3000, "C", root="SPXW")], MID)
    assert isinstance(found, NoQuote)


def test_a_leg_bought_without_a_bid_fills_at_its_ask():
    table = CONDOR_QUOTES | {(3100.0, "C"): (0.0, 0.10)}
    found = executable(view(table), condor_legs(), MID)
    assert isinstance(found, PackageQuote)
    # Mids of the other legs: 19.90 + 11.50 - 9.25; the wing at its ask.
    assert found.price == Decimal("22.05")
    assert next(quote.price for quote in found.legs if quote.status != 0) == 0.10


def test_a_future_trades_a_tick_wide_around_the_curve():
    found = executable(view(), [Leg(instrument=future(), ratio=1)], NATURAL)
    assert (found.mid, found.price) == (pytest.approx(-17.0), Decimal("-17.025"))
    assert isinstance(executable(view(curve=None), [Leg(instrument=future(), ratio=1)], NATURAL), NoQuote)


def test_closing_is_the_same_package_reversed():
    found = close_quote(view(), condor_legs(), NATURAL)
    assert found.price == Decimal("-21.1")


def candidates():
    return (np.array([2600.0, 2600.0]), np.array([2700.0, 2650.0]), np.array([3000.0] * 2), np.array([3100.0] * 2))


@pytest.mark.parametrize("parameters", [NATURAL, MID, fill_parameters(), fill_parameters(stress=4.0)])
def test_many_condors_at_once_price_like_one(parameters):
    quotes = view().slice("SPX", EXPIRY)
    found = executable_condors(quotes, *candidates(), parameters)
    one = executable(view(), condor_legs(), parameters)
    assert found.ok.tolist() == [True, False]
    assert Decimal(repr(float(found.price[0]))) == one.price
    assert (found.natural[0], found.mid[0]) == (one.natural, one.mid)
    assert found.price[1] == 0.0


def test_no_candidates_no_prices():
    quotes = view().slice("SPX", EXPIRY)
    assert executable_condors(quotes, *(np.zeros(0) for _ in range(4)), MID).price.size == 0


@pytest.mark.parametrize("parameters", [NATURAL, MID, fill_parameters()])
def test_closing_prices_of_marks_are_those_of_an_order(parameters):
    vertical = position(condor_legs()[:2], id="C2", price="9.00")
    book = Book(cash=Decimal(0), positions=(position(condor_legs(), quantity=2), vertical, hedge()))
    day = view()
    found = closing_prices(mark_book(book, day), parameters)
    for place, held in enumerate(book.positions):
        one = close_quote(day, held.legs, parameters)
        assert isinstance(one, PackageQuote)
        assert found.ok[place]
        assert Decimal(repr(float(found.price[place]))) == one.price


def test_closing_prices_say_what_cannot_be_closed():
    book = Book(cash=Decimal(0), positions=(position(condor_legs()),))
    day = view(CONDOR_QUOTES | {(3100.0, "C"): (0.0, 0.10)})
    assert not closing_prices(mark_book(book, day), MID).ok[0]


def test_closing_prices_of_nothing():
    assert closing_prices(mark_book(Book(cash=Decimal(0)), view()), MID).ok.size == 0


def test_sleeve_does_not_matter_for_the_price():
    both = [Book(cash=Decimal(0), positions=(position(condor_legs(), sleeve=sleeve),)) for sleeve in Sleeve]
    prices = {float(closing_prices(mark_book(book, view()), MID).price[0]) for book in both}
    assert len(prices) == 1


def test_a_package_worth_nothing_is_priced_at_zero_without_a_sign():
    table = CONDOR_QUOTES | {(2700.0, "P"): (9.00, 9.50), (2600.0, "P"): (9.00, 9.50)}
    found = executable(view(table), condor_legs()[:2], MID)
    assert str(found.price) == "0.0"
