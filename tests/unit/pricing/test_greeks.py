"""Greeks of options on forwards."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.pricing.black76 import price
from alvh.pricing.greeks import Greeks, greeks

Tables = Callable[[str], Any]

NAMES = ("price", "delta", "gamma", "vega", "theta", "rho", "vanna", "volga", "charm")
SHARED_NAMES = {
    "price": "price",
    "delta": "delta_F",
    "gamma": "gamma_F",
    "vega": "vega",
    "theta": "theta",
    "rho": "rho",
    "vanna": "vanna",
    "volga": "volga",
}


@pytest.fixture(scope="module")
def committed_case(committed_table: Tables) -> tuple[Any, Greeks]:
    table = committed_table("pricing_black76.csv")
    tau, rate = table.numbers("tau"), table.numbers("rate")
    return table, greeks(
        table.numbers("forward"),
        table.numbers("strike"),
        tau,
        table.numbers("vol"),
        table.equals("right", "P"),
        np.exp(-rate * tau),
    )


@pytest.mark.parametrize("name", NAMES)
def test_committed_answers_are_met(committed_case: tuple[Any, Greeks], name: str) -> None:
    table, got = committed_case
    np.testing.assert_allclose(getattr(got, name), table.numbers(name), rtol=1e-10, atol=1e-290)


@pytest.mark.shared
@pytest.mark.parametrize("name", SHARED_NAMES)
def test_shared_grid_is_met(shared_table: Tables, name: str) -> None:
    table = shared_table("black76_grid.csv")
    tau, rate = table.numbers("T_years"), table.numbers("r")
    got = greeks(
        table.numbers("F"),
        table.numbers("K"),
        tau,
        table.numbers("sigma"),
        table.equals("cp", "P"),
        np.exp(-rate * tau),
    )
    np.testing.assert_allclose(getattr(got, name), table.numbers(SHARED_NAMES[name]), rtol=1e-10, atol=1e-290)


@pytest.mark.shared
def test_haugs_spot_greeks_follow_from_forward_greeks(shared_reference: Path) -> None:
    for case in json.loads((shared_reference / "haug_greeks.json").read_text())["values"]:
        tau = 1 / 12 if case["T"] == "1/12" else case["T"]
        spot, rate, carry = case["S"], case["r"], case["r"] - case["q"]
        forward = spot * math.exp(carry * tau)
        g = greeks(forward, case["K"], tau, case["sigma"], case["cp"] == "P", math.exp(-rate * tau))
        spot_delta = g.delta[0] * math.exp(carry * tau)
        # With S fixed the forward grows at the carry, so -dV/dT gains -dV/dF dF/dT.
        answers = {
            "delta": spot_delta,
            "elasticity": spot_delta * spot / g.price[0],
            "vega": g.vega[0],
            "theta_per_day": (g.theta[0] - g.delta[0] * forward * carry) / 365,
            "dividend_rho": -tau * spot * spot_delta,
        }
        assert answers[case["greek"]] == pytest.approx(case["value"], abs=5.1e-5)


def test_price_column_is_the_price() -> None:
    rng = np.random.default_rng(4)
    args = (
        rng.uniform(90, 110, 50),
        rng.uniform(80, 120, 50),
        rng.uniform(0, 1, 50),
        rng.uniform(0, 1, 50),
        rng.random(50) < 0.5,
        rng.uniform(0.9, 1, 50),
    )
    np.testing.assert_allclose(greeks(*args).price, price(*args), rtol=1e-15)


def test_at_expiry_delta_is_a_step_and_the_rest_is_zero() -> None:
    g = greeks(100.0, [90.0, 100.0, 110.0, 90.0, 100.0, 110.0], 0.0, 0.2, [False] * 3 + [True] * 3, 1.0)
    np.testing.assert_allclose(g.delta, [1.0, 0.5, 0.0, 0.0, -0.5, -1.0], rtol=1e-15)
    for name in NAMES[2:]:
        np.testing.assert_array_equal(np.abs(getattr(g, name)), np.zeros(6), err_msg=name)


def test_at_zero_volatility_time_still_earns_the_rate() -> None:
    g = greeks(110.0, 100.0, 0.5, 0.0, False, math.exp(-0.04 * 0.5))
    assert g.theta[0] == pytest.approx(0.04 * g.price[0])
    assert g.charm[0] == pytest.approx(0.04 * g.delta[0])
    assert (g.gamma[0], g.vega[0], g.vanna[0], g.volga[0]) == (0.0, 0.0, 0.0, 0.0)


def test_nothing_is_nan_at_the_corners() -> None:
    forward, strike, tau, vol = (
        a.ravel() for a in np.meshgrid([1e-3, 1.0, 1e6], [1e-3, 1.0, 1e6], [0.0, 1e-6, 30.0], [0.0, 1e-8, 0.2, 50.0])
    )
    for is_put in (False, True):
        g = greeks(forward, strike, tau, vol, is_put, 0.5)
        for name in NAMES:
            assert np.isfinite(getattr(g, name)).all(), name


def test_broken_input_is_refused() -> None:
    with pytest.raises(UsageError, match="strike is nan"):
        greeks(100.0, [90.0, math.nan], 0.5, 0.2, False, 1.0)
