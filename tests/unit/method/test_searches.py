"""The compiled searches beside the rules answer like the plain words they stand for."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.market.chain import QuoteStatus
from alvh.method.layers.call_search import nearest_call
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import VolStatus, implied_vol
from fakes.market import FlatSlice

EXPIRY = date(2018, 3, 21)


def vix(forward: float = 15.0, half_spread: float = 0.05) -> FlatSlice:
    return FlatSlice(
        root="VIX",
        expiry=EXPIRY,
        tau=45 / 365,
        forward=forward,
        discount=0.99,
        vol=0.9,
        half_spread=half_spread,
        step=0.5,
    )


@pytest.mark.parametrize("delta", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("forward", [12.3, 15.0, 41.0])
def test_the_nearest_call_is_the_one_a_plain_look_finds(forward: float, delta: float) -> None:
    quotes = vix(forward)
    strikes = quotes.strikes[(quotes.strikes >= 0.8 * forward) & (quotes.strikes <= 4.0 * forward)]
    calls = np.zeros(strikes.size, np.bool_)
    seen = quotes.quote(strikes, calls)
    vol, solved = implied_vol(seen.mid, forward, strikes, quotes.tau, calls, quotes.discount)
    usable = (seen.status == QuoteStatus.OK) & (solved == VolStatus.OK)
    strikes, calls, vol = strikes[usable], calls[usable], vol[usable]
    deltas = greeks(forward, strikes, quotes.tau, vol, calls, quotes.discount).delta / quotes.discount
    best = int(np.argmin(np.abs(deltas - delta)))
    found = nearest_call(quotes, delta, 0.8, 4.0)
    assert found is not None
    assert found.strike == strikes[best]
    assert found.delta == pytest.approx(deltas[best], rel=1e-12)


def test_no_call_with_both_sides_is_no_answer() -> None:
    assert nearest_call(vix(half_spread=200.0), 0.3, 0.8, 4.0) is None
