"""A modelled SPX expiry answers like a recorded one, and its quotes stand on the exchange's grid."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.market.chain import ExpirySlice, Origin, QuoteStatus
from alvh.market.sessions import trading_calendar
from alvh.pricing.modelled import Levels, ModelledSpxSlice, SpxSurface, fit_surface, variance_clock

SESSION = date(2019, 5, 1)
EXPIRY = date(2019, 5, 31)


def surface(spread_factor: float = 1.0, vix: float = 14.0) -> SpxSurface:
    return fit_surface(
        SESSION,
        trading_calendar(SESSION, SESSION).snapshot_instant(SESSION).timestamp(),
        Levels(spot=2923.73, vix9d=0.93 * vix, vix=vix, vix3m=1.1 * vix, vix6m=1.2 * vix),
        clock=variance_clock(date(2019, 1, 1), date(2022, 12, 31)),
        rate=lambda _: 0.024,
        spread_factor=spread_factor,
    )


def expiry(root: str = "SPXW", day: date = EXPIRY, **terms: float) -> ModelledSpxSlice:
    found = surface(**terms).slice(root, day)
    assert found is not None
    return found


PUTS, CALLS = np.ones(3, dtype=np.bool_), np.zeros(3, dtype=np.bool_)
STRIKES = np.array([2800.0, 2925.0, 3050.0])


def test_it_is_an_expiry_slice_and_says_it_is_modelled() -> None:
    found: ExpirySlice = expiry()
    assert found.origin is Origin.MODELLED
    assert found.tau == pytest.approx((30 - 0.25 / 24) / 365)
    assert found.forward == pytest.approx(2923.73 * np.exp((0.024 - 0.019) * found.tau))
    assert found.discount == pytest.approx(np.exp(-0.024 * found.tau))


def test_exact_prices_obey_parity() -> None:
    found = expiry()
    gap = found.exact(STRIKES, CALLS) - found.exact(STRIKES, PUTS)
    assert gap == pytest.approx(found.forward - STRIKES, abs=1e-9)


def test_a_quote_holds_its_price() -> None:
    found = expiry()
    strikes = np.arange(2000.0, 3400.0, 5.0)
    for right in (True, False):
        is_put = np.full(strikes.size, right)
        quotes = found.quote(strikes, is_put)
        price = found.discount * found.exact(strikes, is_put)
        assert np.all(quotes.bid <= price + 1e-9)
        assert np.all(price <= quotes.ask + 1e-9)
        assert np.all(quotes.ask - quotes.bid > 0.04)


def test_quotes_stand_on_ticks() -> None:
    quotes = expiry().quote(np.arange(2000.0, 3400.0, 5.0), np.ones(280, dtype=np.bool_))
    for side in (quotes.bid, quotes.ask):
        ticks = np.where(side < 3.0, 20.0, 10.0)
        assert np.abs(side * ticks - np.rint(side * ticks)).max() < 1e-9


def test_a_far_wing_has_an_ask_and_no_bid() -> None:
    quotes = expiry().quote(np.array([300.0]), np.array([True]))
    assert quotes.status[0] == QuoteStatus.ZERO_BID
    assert quotes.bid[0] == 0.0
    assert quotes.ask[0] == 0.05


@pytest.mark.parametrize("strike", [2802.5, 2801.0, 0.0, -5.0, float("nan")])
def test_a_strike_off_the_grid_is_absent(strike: float) -> None:
    quotes = expiry().quote(np.array([strike]), np.array([True]))
    assert quotes.status[0] == QuoteStatus.ABSENT
    assert quotes.bid[0] == quotes.ask[0] == 0.0


def test_a_strike_beyond_the_listed_range_is_still_quoted() -> None:
    found = expiry()
    far = 5.0 * round(3.0 * found.forward / 5.0)
    assert far > found.strikes[-1]
    assert found.quote(np.array([far]), np.array([False])).status[0] == QuoteStatus.ZERO_BID


def test_listed_strikes_are_the_grid() -> None:
    strikes = expiry().strikes
    assert np.all(np.diff(strikes) == 5.0)
    assert strikes[0] < 0.11 * 2923
    assert strikes[-1] > 1.99 * 2923


def test_far_expiries_are_listed_every_25_points() -> None:
    found = expiry("SPX", date(2019, 12, 20))
    assert np.all(np.diff(found.strikes) == 25.0)
    assert found.quote(np.array([2805.0]), np.array([True])).status[0] == QuoteStatus.ABSENT


def test_mini_spx_is_a_tenth() -> None:
    big, small = expiry(), expiry("XSP")
    assert small.forward == pytest.approx(big.forward / 10.0)
    assert small.exact(STRIKES / 10.0, PUTS) == pytest.approx(big.exact(STRIKES, PUTS) / 10.0)
    quotes = small.quote(np.array([280.0, 280.5]), np.array([True, True]))
    assert quotes.status.tolist() == [QuoteStatus.OK, QuoteStatus.ABSENT]


def test_a_scenario_widens_the_quotes() -> None:
    usual, wide = expiry().quote(STRIKES, PUTS), expiry(spread_factor=4.0).quote(STRIKES, PUTS)
    assert np.all(wide.ask - wide.bid > 2.5 * (usual.ask - usual.bid))


def test_widths_are_those_of_recorded_chains() -> None:
    # 2019, 21-45 days: 20-30 delta puts half-spread 0.20, 5-10 delta calls 0.10 (medians of recorded quotes).
    quotes = expiry().quote(np.array([2860.0, 3020.0]), np.array([True, False]))
    half = 0.5 * (quotes.ask - quotes.bid)
    assert half[0] == pytest.approx(0.20, abs=0.06)
    assert half[1] == pytest.approx(0.10, abs=0.06)


def test_the_smile_slopes_down_to_the_calls() -> None:
    vols = expiry().vol(np.array([2600.0, 2800.0, 2925.0, 3000.0]))
    assert np.all(np.diff(vols) < 0.0)
    assert 0.09 < vols[2] < 0.14


def test_a_monday_is_quoted_below_the_friday_before() -> None:
    found = surface()
    friday, monday = (found.slice("SPXW", day) for day in (date(2019, 5, 17), date(2019, 5, 20)))
    assert friday is not None
    assert monday is not None
    assert monday.vol(np.array([2925.0]))[0] < friday.vol(np.array([2925.0]))[0]


def test_a_settled_expiry_has_no_slice() -> None:
    assert surface().slice("SPXW", SESSION) is None


def test_an_unknown_root_is_named() -> None:
    with pytest.raises(UsageError, match="'SPY' is no SPX root"):
        surface().slice("SPY", EXPIRY)


def test_a_level_that_is_not_positive_is_refused() -> None:
    with pytest.raises(UsageError, match="positive levels"):
        surface(vix=0.0)
