"""Shocks and books revalued under them."""

from __future__ import annotations

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.pricing.black76 import price
from alvh.pricing.scenarios import (
    DOWN,
    LEAST_VOL,
    LEAST_VX,
    UP,
    Shock,
    revalue_spx,
    revalue_vix,
    shocked_vol,
    shocked_vx,
    vx_shock,
)

STILL = Shock(name="still", spot_return=0.0, vx_days=(30.0,), vx_points=(0.0,))
SPX = {
    "forward": 5000.0,
    "strike": np.array([4500.0, 5400.0]),
    "tau": 45 / 365,
    "vol": np.array([0.2, 0.13]),
    "is_put": np.array([True, False]),
    "discount": 0.995,
}
VIX = {"forward": 18.0, "strike": 30.0, "tau": 45 / 365, "vol": 1.0, "is_put": False, "discount": 0.995}


def test_the_rulebook_shocks() -> None:
    np.testing.assert_array_equal(vx_shock([30, 60, 90, 180], DOWN), [20.0, 14.0, 10.0, 7.0])
    np.testing.assert_array_equal(vx_shock([30, 60, 90, 180], UP), [-3.0, -2.0, -1.5, -1.0])
    assert (DOWN.spot_return, UP.spot_return) == (-0.08, 0.06)


def test_tenors_in_between_are_linear_and_outside_flat() -> None:
    np.testing.assert_array_equal(vx_shock([1, 45, 400], DOWN), [20.0, 17.0, 7.0])


def test_vix_futures_stay_positive() -> None:
    np.testing.assert_array_equal(shocked_vx([18.0, 2.0], 30, UP), [15.0, LEAST_VX])


def test_volatility_moves_by_the_vx_shock_at_its_tenor() -> None:
    np.testing.assert_allclose(shocked_vol([0.2, 0.2], [30, 90], DOWN), [0.4, 0.3])


def test_volatility_has_a_floor_that_raises_nothing() -> None:
    np.testing.assert_allclose(shocked_vol([0.02, 0.005], 30, UP), [LEAST_VOL, 0.005])
    np.testing.assert_allclose(shocked_vol(0.005, 30, STILL), 0.005)


def test_nothing_moves_under_no_shock() -> None:
    np.testing.assert_array_equal(revalue_spx(STILL, **SPX), price(**SPX))
    np.testing.assert_array_equal(revalue_vix(STILL, **VIX), price(**VIX))


def test_spx_reprices_on_the_moved_forward_with_its_own_shifted_volatility() -> None:
    moved = price(4600.0, SPX["strike"], SPX["tau"], SPX["vol"] + 0.17, SPX["is_put"], 0.995)
    np.testing.assert_allclose(revalue_spx(DOWN, **SPX), moved, rtol=1e-14)


def test_a_single_vix_option_keeps_its_volatility() -> None:
    np.testing.assert_allclose(revalue_vix(DOWN, **VIX), price(35.0, 30.0, 45 / 365, 1.0, False, 0.995))


def test_a_vix_smile_is_read_at_the_new_moneyness() -> None:
    got = revalue_vix(DOWN, **VIX, smile=lambda moneyness, tau: 0.8 + 0.2 * moneyness + 0.0 * tau)
    np.testing.assert_allclose(got, price(35.0, 30.0, 45 / 365, 0.8 + 0.2 * 30 / 35, False, 0.995))


def test_the_down_shock_pays_vix_calls_and_costs_short_puts() -> None:
    assert revalue_vix(DOWN, **VIX)[0] > 5 * price(**VIX)[0]
    assert revalue_spx(DOWN, **SPX)[0] > price(**SPX)[0]


@pytest.mark.parametrize(
    "broken",
    [
        {"vx_days": (60.0, 30.0)},
        {"vx_days": (30.0,)},
        {"vx_days": (), "vx_points": ()},
        {"spot_return": -1.0},
        {"spot_return": float("nan")},
    ],
)
def test_a_shock_that_is_none_is_refused(broken: dict[str, object]) -> None:
    sound = {"name": "mine", "spot_return": -0.1, "vx_days": (30.0, 60.0), "vx_points": (10.0, 5.0)}
    with pytest.raises(UsageError, match="mine"):
        Shock(**(sound | broken))
