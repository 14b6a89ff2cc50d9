"""Laws of modelled chains: whatever the levels, prices admit no static arbitrage and quotes hold their price."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.market.chain import QuoteStatus
from alvh.market.expirations import listed_spx_expiries
from alvh.market.sessions import trading_calendar
from alvh.pricing.modelled import Levels, SpxSurface, complete_nodes, fit_surface, variance_clock, vix_slice

CLOCK = variance_clock(date(2006, 1, 1), date(2025, 12, 31))
SESSIONS = trading_calendar(date(2006, 1, 1), date(2025, 12, 31)).between(date(2006, 6, 1), date(2025, 6, 1)).tolist()

sessions = st.sampled_from(SESSIONS)
vols = st.floats(9.0, 85.0)
tilts = st.floats(-0.15, 0.25)
spots = st.floats(650.0, 7000.0)


def surface(session: date, spot: float, vix: float, tilt: float) -> SpxSurface:
    calendar = trading_calendar(session, session)
    node = np.array([vix])
    level = complete_nodes(node, vix3m=node * np.exp(tilt)).level[0].tolist()
    return fit_surface(
        session,
        calendar.snapshot_instant(session).timestamp(),
        Levels(spot=spot, vix9d=level[0], vix=level[1], vix3m=level[2], vix6m=level[3]),
        clock=CLOCK,
        rate=lambda _: 0.02,
        early_close=calendar.is_early_close(session),
    )


@settings(max_examples=40, deadline=None)
@given(sessions, spots, vols, tilts, st.floats(0.0, 1.0))
def test_bounds_monotone_and_convex(session: date, spot: float, vix: float, tilt: float, share: float) -> None:
    listed = listed_spx_expiries(session, 365)
    root, expiry = listed[int(share * (len(listed) - 1))]
    item = surface(session, spot, vix, tilt).slice(root, expiry)
    assert item is not None
    deviation = item.vector[1]
    reach = np.linspace(max(-6.0 * deviation, -2.0), 3.0 * deviation, 200)
    strikes = item.forward * np.exp(reach)
    calls = item.exact(strikes, np.zeros(200, np.bool_))
    puts = item.exact(strikes, np.ones(200, np.bool_))
    assert np.all(calls >= np.maximum(item.forward - strikes, 0.0) - 1e-9)
    assert np.all(puts >= np.maximum(strikes - item.forward, 0.0) - 1e-9)
    assert np.allclose(calls - puts, item.forward - strikes, atol=1e-9 * item.forward)
    slopes = np.diff(calls) / np.diff(strikes)
    assert slopes.max() < 1e-12
    assert slopes.min() >= -1.0 - 1e-9
    # A density below zero by less than a hundredth of a tick is the cost of the fitted wing.
    assert (np.diff(slopes) * np.diff(strikes)[1:]).min() > -1e-3


@settings(max_examples=40, deadline=None)
@given(sessions, spots, vols, tilts)
def test_a_quote_holds_its_price_and_a_later_expiry_costs_more(
    session: date, spot: float, vix: float, tilt: float
) -> None:
    found = surface(session, spot, vix, tilt)
    reach = np.linspace(-0.2, 0.08, 15)
    before = np.zeros(15)
    before_half = np.zeros(15)
    for root, expiry in listed_spx_expiries(session, 100):
        item = found.slice(root, expiry)
        assert item is not None
        strikes = 5.0 * np.rint(item.forward * np.exp(reach) / 5.0)
        is_put = strikes < item.forward
        quotes = item.quote(strikes, is_put)
        price = item.discount * item.exact(strikes, is_put)
        assert np.all(quotes.bid <= price + 1e-9)
        assert np.all(price <= quotes.ask + 1e-9)
        assert np.all((quotes.status == QuoteStatus.OK) == (quotes.bid > 0.0))
        exact = item.forward * np.exp(reach)
        value = item.exact(exact, reach < 0.0) / item.forward
        half = 0.5 * (quotes.ask - quotes.bid) / item.forward
        # Calendar spreads at the same moneyness: never to be had for nothing at executable prices.
        assert np.all(value - before > -(half + before_half))
        before, before_half = value, half


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SESSIONS[:-200]),
    st.integers(1, 200),
    st.floats(9.0, 90.0),
    st.floats(50.0, 220.0),
)
def test_vix_options_admit_no_static_arbitrage(session: date, days: int, forward: float, vvix: float) -> None:
    expiry = trading_calendar(session, session + timedelta(days=210)).on_or_after(session + timedelta(days=days))
    now = trading_calendar(session, session).snapshot_instant(session).timestamp()
    item = vix_slice("VIX", expiry, session=session, now=now, forward=forward, vvix=vvix, rate=lambda _: 0.01)
    assert item is not None
    strikes = item.strikes[item.strikes <= 120.0]
    calls = item.exact(strikes, np.zeros(strikes.size, np.bool_))
    puts = item.exact(strikes, np.ones(strikes.size, np.bool_))
    assert calls.min() >= 0.0
    assert puts.min() >= 0.0
    slopes = np.diff(calls) / np.diff(strikes)
    assert slopes.max() <= 1e-12
    assert slopes.min() >= -1.0 - 1e-9
    assert np.diff(slopes).min() > -1e-9
    assert np.allclose(calls - puts, forward - strikes, atol=1e-9 * forward)
    quotes = item.quote(strikes, np.zeros(strikes.size, np.bool_))
    assert np.all(quotes.bid <= item.discount * calls + 1e-9)
    assert np.all(quotes.ask >= item.discount * calls - 1e-9)
