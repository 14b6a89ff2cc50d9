"""Books revalued on grids of spot, curve and time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from alvh.core.compiled import plain
from alvh.core.errors import UsageError
from alvh.pricing.black76 import price
from alvh.pricing.scenario_grid import Legs, SmileTable, _grid, revalue_grid
from alvh.pricing.scenarios import DOWN, Shock, revalue_spx, revalue_vix

SPX = {
    "forward": np.array([5000.0, 5010.0]),
    "strike": np.array([4500.0, 5400.0]),
    "tau": np.array([30.0, 45.0]) / 365,
    "vol": np.array([0.2, 0.13]),
    "is_put": np.array([True, False]),
    "discount": np.array([0.997, 0.995]),
}
VIX = {
    "forward": np.array([18.0, 20.0]),
    "strike": np.array([30.0, 25.0]),
    "tau": np.array([45.0, 120.0]) / 365,
    "vol": np.array([1.0, 0.7]),
    "is_put": np.array([False, True]),
    "discount": np.array([0.995, 0.99]),
}


def legs(**changes: Any) -> Legs:
    return Legs(**(SPX | {"on_vix": False} | changes))


def test_no_move_is_the_price() -> None:
    got = revalue_grid(legs(), spot_returns=0.0, vx_points=0.0)
    np.testing.assert_allclose(got[0, 0, 0], price(**SPX), rtol=1e-12)


def test_the_reference_shock_is_one_point_of_the_grid() -> None:
    got = revalue_grid(legs(), spot_returns=[0.0, -0.08], vx_points=[0.0, 20.0, 40.0])
    np.testing.assert_allclose(got[1, 1, 0], revalue_spx(DOWN, **SPX), rtol=1e-12)


def test_vix_legs_move_with_the_future_of_their_own_expiry() -> None:
    got = revalue_grid(Legs(**VIX, on_vix=True), spot_returns=-0.08, vx_points=20.0)
    np.testing.assert_allclose(got[0, 0, 0], revalue_vix(DOWN, **VIX), rtol=1e-12)


def test_vix_legs_do_not_see_spot() -> None:
    got = revalue_grid(Legs(**VIX, on_vix=True), spot_returns=[-0.2, 0.0, 0.1], vx_points=5.0)
    np.testing.assert_array_equal(got[0], got[2])


def test_a_vix_smile_is_read_at_the_new_moneyness() -> None:
    nodes = np.linspace(0.2, 3.0, 57)
    smile = SmileTable(moneyness=nodes, vol=np.tile(0.5 + 0.3 * nodes, (2, 1)))
    got = revalue_grid(Legs(**VIX, on_vix=True), spot_returns=0.0, vx_points=20.0, smile=smile)
    exact = revalue_vix(DOWN, **VIX, smile=lambda moneyness, tau: 0.5 + 0.3 * moneyness + 0.0 * tau)
    np.testing.assert_allclose(got[0, 0, 0], exact, rtol=1e-10)


def test_time_passes_at_an_unchanged_rate_and_stops_at_expiry() -> None:
    got = revalue_grid(legs(), spot_returns=0.1, vx_points=0.0, days=[0.0, 15.0, 60.0])
    left = SPX["tau"] - 15 / 365
    discount = SPX["discount"] ** (left / SPX["tau"])
    np.testing.assert_allclose(
        got[0, 0, 1], price(1.1 * SPX["forward"], SPX["strike"], left, SPX["vol"], SPX["is_put"], discount), rtol=1e-11
    )
    np.testing.assert_allclose(got[0, 0, 2], [0.0, 1.1 * 5010 - 5400], atol=1e-9)


def test_spx_and_vix_legs_share_a_grid() -> None:
    both = {name: np.concatenate([SPX[name], VIX[name]]) for name in SPX}
    axes = {"spot_returns": [-0.1, 0.05], "vx_points": [-2.0, 30.0], "days": [0.0, 7.0]}
    got = revalue_grid(Legs(**both, on_vix=np.array([False, False, True, True])), **axes)
    np.testing.assert_array_equal(got[..., :2], revalue_grid(legs(), **axes))
    np.testing.assert_array_equal(got[..., 2:], revalue_grid(Legs(**VIX, on_vix=True), **axes))


def test_floors_keep_volatility_and_futures_alive() -> None:
    got = revalue_grid(Legs(**VIX, on_vix=True), spot_returns=0.0, vx_points=-500.0)
    assert (got >= 0.0).all()
    assert np.isfinite(revalue_grid(legs(), spot_returns=0.0, vx_points=-500.0)).all()


def test_no_legs_have_no_values() -> None:
    none = {name: column[:0] for name, column in SPX.items()}
    assert revalue_grid(Legs(**none, on_vix=False), spot_returns=[0.0, 0.1], vx_points=0.0).shape == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"spot_returns": [0.0, -1.0]}, "spot_returns"),
        ({"vx_points": float("nan")}, "vx_points"),
        ({"days": -1.0}, "days"),
        ({"shape": Shock(name="still", spot_return=0.0, vx_days=(30.0,), vx_points=(0.0,))}, "still"),
        ({"smile": SmileTable(moneyness=np.array([1.0, 0.5]), vol=np.ones((2, 2)))}, "moneyness"),
        ({"legs": legs(vol=np.array([0.2, np.nan]))}, "vol is nan"),
    ],
)
def test_what_is_no_scenario_is_refused(change: dict[str, Any], words: str) -> None:
    asked = {"legs": legs(), "spot_returns": 0.0, "vx_points": 0.0} | change
    with pytest.raises(UsageError, match=words):
        revalue_grid(asked.pop("legs"), **asked)


def test_compiled_and_plain_give_the_same_grid() -> None:
    axes = [np.array([-0.1, 0.05]), np.array([-2.0, 30.0]), np.array([0.0, 7.0])]
    table = np.stack([VIX["forward"], VIX["strike"], VIX["tau"], VIX["vol"], np.full(2, 0.03)])
    curve, smile = [np.array([30.0, 90.0]), np.array([1.0, 0.5])], [np.array([0.5, 2.0]), np.array([[0.6, 1.2]] * 2)]
    machine, twin = np.empty((2, 2, 2, 2)), np.empty((2, 2, 2, 2))
    for kernel, out in ((_grid, machine), (plain(_grid), twin)):
        kernel(table, VIX["is_put"], np.array([True, False]), *axes, *curve, *smile, out)
    np.testing.assert_allclose(machine, twin, rtol=1e-12)
