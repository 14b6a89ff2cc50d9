"""Modelled VIX options: a mixture on the future of their expiry, and a future where none was recorded."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from alvh.market.chain import Origin, QuoteStatus
from alvh.market.curve import CurveOrigin
from alvh.market.expirations import listed_vx_expiries
from alvh.market.sessions import trading_calendar
from alvh.pricing.modelled import ModelledVixSlice, complete_nodes, complete_vvix, modelled_curve, vix_slice
from alvh.pricing.modelled.nodes import slow_mean
from alvh.pricing.modelled.vx_levels import vx_log_levels

SESSION = date(2016, 6, 1)


def expiry(
    forward: float = 17.0, vvix: float = 90.0, day: date = date(2016, 7, 20), session: date = SESSION
) -> ModelledVixSlice:
    now = trading_calendar(session, session).snapshot_instant(session).timestamp()
    found = vix_slice("VIX", day, session=session, now=now, forward=forward, vvix=vvix, rate=lambda _: 0.003)
    assert found is not None
    return found


def test_parity_holds_on_the_future() -> None:
    found = expiry()
    strikes = np.arange(8.0, 60.0)
    gap = found.exact(strikes, np.zeros(52, np.bool_)) - found.exact(strikes, np.ones(52, np.bool_))
    assert gap == pytest.approx(17.0 - strikes, abs=1e-10)


@pytest.mark.parametrize("vvix", [60.0, 90.0, 150.0, 210.0])
@pytest.mark.parametrize("day", [date(2016, 6, 15), date(2016, 7, 20), date(2016, 12, 21)])
def test_calls_are_positive_decreasing_and_convex(vvix: float, day: date) -> None:
    found = expiry(vvix=vvix, day=day)
    calls = found.exact(np.arange(5.0, 120.0, 0.5), np.zeros(230, np.bool_))
    assert calls.min() > 0.0
    assert np.diff(calls).max() < 0.0
    assert np.diff(calls, 2).min() > -1e-10


@pytest.mark.parametrize("vvix", [70.0, 100.0, 180.0])
def test_the_thirty_day_log_contract_returns_vvix(vvix: float) -> None:
    session, day = date(2016, 6, 20), date(2016, 7, 20)
    found = expiry(vvix=vvix, day=day, session=session)
    strikes = np.exp(np.linspace(math.log(0.5), math.log(2000.0), 40_001))
    middle = 0.5 * (strikes[1:] + strikes[:-1])
    price = found.exact(middle, middle < found.forward)
    variance = 2.0 * np.sum(price / middle**2 * np.diff(strikes)) / found.tau
    # 29.7 days, not 30: the decay of vol-of-VIX makes the difference.
    assert 100.0 * math.sqrt(variance) == pytest.approx(vvix, rel=3e-3)


def test_the_smile_slopes_up() -> None:
    vols = expiry().vol(np.array([15.0, 17.0, 20.0, 30.0, 40.0]))
    assert np.all(np.diff(vols[1:]) > 0.0)
    assert 0.4 < vols[1] < 1.0


def test_quotes_hold_their_price_on_the_ticks_of_the_day() -> None:
    old, new = expiry(), expiry(day=date(2023, 7, 19), session=date(2023, 6, 20))
    for found, fine, coarse in ((old, 20.0, 10.0), (new, 100.0, 20.0)):
        strikes = found.strikes[found.strikes < 100.0]
        is_put = np.zeros(strikes.size, np.bool_)
        quotes = found.quote(strikes, is_put)
        price = found.discount * found.exact(strikes, is_put)
        assert np.all(quotes.bid <= price + 1e-9)
        assert np.all(price <= quotes.ask + 1e-9)
        ticks = np.where(quotes.ask < 3.0, fine, coarse)
        assert np.abs(quotes.ask * ticks - np.rint(quotes.ask * ticks)).max() < 1e-9
        assert np.median((quotes.ask - quotes.bid)[quotes.bid > 0.0]) == pytest.approx(0.10, abs=0.03)


def test_far_calls_have_no_bid_and_odd_strikes_are_absent() -> None:
    quotes = expiry(vvix=70.0).quote(np.array([150.0, 14.5, 15.5, 14.25]), np.zeros(4, np.bool_))
    assert quotes.status.tolist() == [
        QuoteStatus.ZERO_BID,
        QuoteStatus.OK,
        QuoteStatus.ABSENT,
        QuoteStatus.ABSENT,
    ]


def test_it_says_it_is_modelled_and_ends_with_its_settlement() -> None:
    assert expiry().origin is Origin.MODELLED
    now = trading_calendar(SESSION, SESSION).snapshot_instant(SESSION).timestamp()
    gone = vix_slice("VIX", SESSION, session=SESSION, now=now, forward=17.0, vvix=90.0, rate=lambda _: 0.0)
    assert gone is None


def test_missing_nodes_are_estimated_and_marked() -> None:
    vix = np.array([12.0, 12.0, 40.0])
    nodes = complete_nodes(vix, vix3m=np.array([np.nan, 14.0, np.nan]), vix6m=np.array([np.nan, np.nan, 30.0]))
    assert np.all(np.isfinite(nodes.level))
    assert nodes.estimated.tolist() == [
        [True, False, True, True],
        [True, False, False, True],
        [True, False, True, False],
    ]
    assert nodes.level[1, 2] == 14.0
    assert nodes.level[2, 3] == 30.0
    # Contango when calm, inverted in a storm.
    assert nodes.level[0, 0] < 12.0 < nodes.level[0, 2] < nodes.level[0, 3]
    assert nodes.level[2, 0] > 40.0 > nodes.level[2, 2]


def test_a_spike_after_calm_lifts_the_long_end_less() -> None:
    vix = np.concatenate((np.full(100, 13.0), [40.0]))
    slow = slow_mean(vix)
    assert slow[99] == pytest.approx(13.0)
    assert slow[100] == pytest.approx(13.0 * (40.0 / 13.0) ** (1.0 / 63.0))
    calm, spike = complete_nodes(vix, slow=slow).level[-1, 2], complete_nodes(vix).level[-1, 2]
    assert calm < 35.0 < spike


def test_missing_vvix_is_estimated_and_marked() -> None:
    level, estimated = complete_vvix(np.array([12.0, 12.0]), np.array([85.0, np.nan]))
    assert level[0] == 85.0
    assert 70.0 < level[1] < 110.0
    assert estimated.tolist() == [False, True]


def test_a_modelled_curve_starts_at_the_vix_and_reverts() -> None:
    expiries = listed_vx_expiries(SESSION)
    calm = modelled_curve(SESSION, vx_log_levels(np.array([12.0]))[0], expiries)
    storm = modelled_curve(SESSION, vx_log_levels(np.array([60.0]))[0], expiries)
    assert set(calm.origin) == {CurveOrigin.MODELLED}
    assert calm.expiries == expiries
    assert 12.0 < calm.price[0] < calm.price[1] < calm.price[3]
    assert 60.0 > storm.price[0] > storm.price[1] > storm.price[3]


def test_a_modelled_future_rises_with_the_vix() -> None:
    levels = vx_log_levels(np.linspace(9.0, 90.0, 50))
    assert np.all(np.diff(levels, axis=0) > 0.0)
