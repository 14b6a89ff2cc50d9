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
from alvh.pricing.greeks import Greeks, first_greeks, greeks

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
    np.testing.assert_allclose(greeks(*args).price, price(*args), rtol=1e-13)


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


def chain(count: int) -> dict[str, Any]:
    rng = np.random.default_rng(9)
    tau = rng.uniform(0.0, 3.0, count)
    # A few options of large total volatility need the mirror image.
    vol = np.where(rng.random(count) < 0.1, 3.0, 0.2)
    forward = rng.uniform(90, 110, count)
    return {
        "forward": forward,
        "strike": forward * np.exp(rng.uniform(-2.0, 2.0, count) * 0.2 * np.sqrt(tau)),
        "tau": tau,
        "vol": vol,
        "is_put": rng.random(count) < 0.5,
    }


def test_the_first_greeks_are_those_of_the_full_set() -> None:
    args = chain(5000)
    first, full = first_greeks(**args, discount=0.97), greeks(**args, discount=0.97)
    for name in NAMES[:6]:
        np.testing.assert_array_equal(getattr(first, name), getattr(full, name), err_msg=name)


def test_a_rate_is_as_good_as_its_discount_factor() -> None:
    args = chain(50)
    by_rate, by_discount = greeks(**args, rate=0.03), greeks(**args, discount=np.exp(-0.03 * args["tau"]))
    for name in NAMES:
        np.testing.assert_allclose(getattr(by_rate, name), getattr(by_discount, name), rtol=1e-11, atol=1e-11)


def test_a_block_with_one_wild_option_answers_like_one_without() -> None:
    args = chain(64) | {"vol": 0.2}
    calm = greeks(**args, discount=0.99)
    mixed = greeks(**(args | {"vol": np.where(np.arange(64) == 7, 5.0, 0.2)}), discount=0.99)
    others = np.arange(64) != 7
    for name in NAMES:
        np.testing.assert_allclose(getattr(mixed, name)[others], getattr(calm, name)[others], rtol=1e-13, atol=1e-15)


def test_answers_are_written_into_the_arrays_handed_in() -> None:
    out = np.empty((6, 40))
    got = first_greeks(**chain(40), discount=1.0, out=out)
    assert np.shares_memory(got.price, out)
    np.testing.assert_array_equal(out[3], first_greeks(**chain(40), discount=1.0).vega)


def test_threads_change_nothing() -> None:
    args = chain(5001)
    one, two = greeks(**args, rate=0.03), greeks(**args, rate=0.03, threads=2)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)


def test_no_options_have_no_greeks() -> None:
    assert greeks([], [], [], [], np.array([], dtype=bool), []).price.size == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"discount": 1.0, "rate": 0.03}, "each of discount and rate"),
        ({}, "neither of discount and rate"),
        ({"rate": math.nan}, "discount is nan"),
        ({"rate": 1e5}, "discount is 0.0"),
        ({"discount": 1.0, "tau": -0.1}, "tau is -0.1"),
        ({"discount": 1.0, "vol": math.inf}, "vol is inf"),
        ({"discount": 1.0, "out": np.empty((9, 3))}, "shape"),
        ({"discount": 1.0, "threads": 0}, "threads is 0"),
    ],
)
def test_what_cannot_be_answered_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        first_greeks(**({"forward": 100.0, "strike": 90.0, "tau": 0.5, "vol": 0.2, "is_put": False} | change))
