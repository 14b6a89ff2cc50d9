"""Black-76 prices."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import QuantLib as ql

from alvh.core.errors import UsageError
from alvh.pricing.black76 import black_kernel, price

Tables = Callable[[str], Any]

BROKEN = [
    ({"forward": math.nan}, "forward"),
    ({"forward": -1.0}, "forward"),
    ({"strike": 0.0}, "strike"),
    ({"tau": -0.1}, "tau"),
    ({"vol": math.nan}, "vol"),
    ({"vol": math.inf}, "vol"),
    ({"vol": -0.2}, "vol"),
    ({"discount": 0.0}, "discount"),
    ({"discount": -0.9}, "discount"),
]


def one(**changes: float) -> dict[str, object]:
    return {"forward": 100.0, "strike": 105.0, "tau": 0.25, "vol": 0.2, "is_put": False, "discount": 0.99} | changes


def test_committed_answers_are_met(committed_table: Tables) -> None:
    table = committed_table("pricing_black76.csv")
    tau, rate = table.numbers("tau"), table.numbers("rate")
    got = price(
        table.numbers("forward"),
        table.numbers("strike"),
        tau,
        table.numbers("vol"),
        table.equals("right", "P"),
        np.exp(-rate * tau),
    )
    np.testing.assert_allclose(got, table.numbers("price"), rtol=5e-12, atol=1e-290)


@pytest.mark.shared
def test_shared_grid_is_met(shared_table: Tables) -> None:
    table = shared_table("black76_grid.csv")
    tau, rate = table.numbers("T_years"), table.numbers("r")
    got = price(
        table.numbers("F"),
        table.numbers("K"),
        tau,
        table.numbers("sigma"),
        table.equals("cp", "P"),
        np.exp(-rate * tau),
    )
    np.testing.assert_allclose(got, table.numbers("price"), rtol=5e-12, atol=1e-290)


@pytest.mark.shared
def test_haugs_book_is_met(shared_table: Tables) -> None:
    table = shared_table("haug_bsm.csv")
    spot, tau, rate = table.numbers("S"), table.numbers("T"), table.numbers("r")
    forward = spot * np.exp((rate - table.numbers("q")) * tau)
    got = price(forward, table.numbers("K"), tau, table.numbers("sigma"), table.equals("cp", "P"), np.exp(-rate * tau))
    np.testing.assert_allclose(got, table.numbers("exact"), rtol=1e-12)
    np.testing.assert_allclose(got, table.numbers("haug_printed_4dp"), atol=6e-5, rtol=0)


def test_quantlib_agrees_where_it_does_not_cancel() -> None:
    rng = np.random.default_rng(1)
    n = 400
    forward, tau, vol = rng.uniform(50, 6000, n), rng.uniform(0.01, 2, n), rng.uniform(0.08, 0.9, n)
    strike = forward * np.exp(rng.uniform(-2, 2, n) * vol * np.sqrt(tau))
    is_put, discount = rng.random(n) < 0.5, rng.uniform(0.9, 1.0, n)
    got = price(forward, strike, tau, vol, is_put, discount)
    asked = [
        ql.blackFormula(ql.Option.Put if p else ql.Option.Call, k, f, v * math.sqrt(t), d)
        for f, k, t, v, p, d in zip(*(a.tolist() for a in (forward, strike, tau, vol, is_put, discount)), strict=True)
    ]
    np.testing.assert_allclose(got, asked, rtol=1e-11)


def test_zero_volatility_is_discounted_intrinsic_value() -> None:
    got = price([100.0, 100.0, 100.0], [90.0, 100.0, 130.0], 0.5, 0.0, [False, True, True], 0.9)
    np.testing.assert_array_equal(got, [9.0, 0.0, 27.0])


def test_expiry_is_intrinsic_value() -> None:
    np.testing.assert_array_equal(price(100.0, [90.0, 110.0], 0.0, 0.3, False, 1.0), [10.0, 0.0])


def test_endless_volatility_reaches_the_bound() -> None:
    np.testing.assert_allclose(price(100.0, [50.0, 150.0], 1.0, 1e6, [True, False], 1.0), [50.0, 100.0])


def test_scalars_broadcast_and_arrays_keep_their_length() -> None:
    assert price(100.0, 100.0, 1.0, 0.2, False, 1.0).shape == (1,)
    assert price(100.0, np.arange(90.0, 110.0), 1.0, 0.2, False, 1.0).shape == (20,)
    assert price(100.0, np.empty(0), 1.0, 0.2, np.empty(0, bool), 1.0).shape == (0,)


def test_strided_read_only_and_integer_columns_are_accepted() -> None:
    strike = np.arange(80, 120)[::2]
    frozen = strike.astype(float)
    frozen.flags.writeable = False
    np.testing.assert_array_equal(price(100, strike, 1, 0.2, False, 1), price(100.0, frozen, 1.0, 0.2, False, 1.0))


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(UsageError, match="equal length"):
        price(100.0, [90.0, 100.0], [0.1, 0.2, 0.3], 0.2, False, 1.0)


@pytest.mark.parametrize(("change", "name"), BROKEN)
def test_broken_input_is_refused_by_name(change: dict[str, float], name: str) -> None:
    with pytest.raises(UsageError, match=name):
        price(**one(**change))


def test_the_refusal_says_which_option() -> None:
    with pytest.raises(UsageError, match="option 2 of 3"):
        price(100.0, [90.0, 100.0, math.nan], 0.5, 0.2, False, 1.0)


@pytest.mark.parametrize("bad", [(math.nan, 1.0, 0.1), (1.0, -1.0, 0.1), (1.0, 1.0, math.nan), (1.0, math.inf, 0.1)])
def test_kernel_answers_nan_to_broken_input(bad: tuple[float, float, float]) -> None:
    assert math.isnan(black_kernel(*bad, False))
