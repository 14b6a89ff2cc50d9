"""An option looked at in one call is the one looked at step by step."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.pricing.black76 import price
from alvh.pricing.implied import implied_vol
from alvh.pricing.option_kernel import look_at
from alvh.pricing.scenarios import DOWN, UP, revalue_spx, revalue_vix
from fakes.market import FlatSlice


def a_slice(root: str, *, half_spread: float = 0.1) -> FlatSlice:
    vix = root == "VIX"
    return FlatSlice(
        root=root,
        expiry=date(2018, 3, 21),
        tau=45 / 365,
        forward=17.3 if vix else 2710.0,
        discount=0.99,
        vol=0.9 if vix else 0.17,
        half_spread=half_spread,
        step=0.5 if vix else 5.0,
    )


@pytest.mark.parametrize("shock", [DOWN, UP])
@pytest.mark.parametrize(
    ("root", "strike", "is_put"), [("VIX", 20.0, False), ("VIX", 16.0, True), ("SPXW", 2600.0, True)]
)
def test_one_call_gives_what_four_give(root, strike, is_put, shock) -> None:
    quotes, on_vix = a_slice(root), root == "VIX"
    found = look_at(
        quotes, strike, is_put=is_put, shock=shock, left=7 / 365, forward_later=quotes.forward * 0.97, on_vix=on_vix
    )
    strikes, puts = np.array([strike]), np.array([is_put])
    seen = quotes.quote(strikes, puts)
    vol, _ = implied_vol(seen.mid, quotes.forward, strikes, quotes.tau, puts, quotes.discount)
    revalue = revalue_vix if on_vix else revalue_spx
    moved = revalue(
        shock, forward=quotes.forward, strike=strikes, tau=quotes.tau, vol=vol, is_put=puts, discount=quotes.discount
    )
    later = price(quotes.forward * 0.97, strikes, 7 / 365, vol, puts, 1.0)
    assert found is not None
    assert (found.bid, found.ask) == (seen.bid[0], seen.ask[0])
    assert found.gain == pytest.approx(float(moved[0] - seen.mid[0]), rel=1e-12)
    assert found.later == pytest.approx(float(later[0]), rel=1e-12)


def test_what_cannot_be_traded_both_ways_is_nothing() -> None:
    wide = a_slice("VIX", half_spread=50.0)
    assert look_at(wide, 20.0, is_put=False, shock=DOWN, left=0.02, forward_later=17.0, on_vix=True) is None
