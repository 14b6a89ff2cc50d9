"""Implied volatility."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import QuantLib as ql

from alvh.core.errors import UsageError
from alvh.pricing.black76 import price
from alvh.pricing.implied import VolStatus, implied_vol

Tables = Callable[[str], Any]


def status_of(quote: float, *, forward: float = 100.0, strike: float = 100.0, **changes: float) -> VolStatus:
    args = {"tau": 0.5, "discount": 1.0, "is_put": False} | changes
    vol, status = implied_vol(quote, forward, strike, **args)
    if status[0] != VolStatus.OK:
        assert vol[0] == 0.0
    return VolStatus(int(status[0]))


def test_committed_answers_are_met(committed_table: Tables) -> None:
    table = committed_table("pricing_implied_vol.csv")
    vol, status = implied_vol(
        table.numbers("price"),
        table.numbers("forward"),
        table.numbers("strike"),
        table.numbers("tau"),
        table.equals("right", "P"),
        1.0,
    )
    assert (status == VolStatus.OK).all()
    np.testing.assert_allclose(vol, table.numbers("vol"), rtol=1e-14)


@pytest.mark.shared
def test_shared_answers_are_met(shared_table: Tables) -> None:
    table = shared_table("implied_vol.csv")
    tau = table.numbers("T_years")
    vol, status = implied_vol(
        table.numbers("price_double"),
        table.numbers("F"),
        table.numbers("K"),
        tau,
        table.equals("cp", "P"),
        np.exp(-table.numbers("r") * tau),
    )
    error = np.abs(vol / table.numbers("sigma_exact_of_price_double") - 1.0)
    attainable = 4.0 * table.numbers("attainable_rel_err_half_ulp")
    outside = table.equals("itm", "0")
    assert (status == VolStatus.OK).all()
    assert (error[outside] <= np.maximum(1e-13, attainable[outside])).all()
    assert error[outside].max() <= 1e-14
    assert (error[~outside] <= np.maximum(1e-15, attainable[~outside])).all()


def test_quantlib_agrees() -> None:
    rng = np.random.default_rng(2)
    for _ in range(100):
        forward, dev = rng.uniform(10, 5000), rng.uniform(0.01, 0.8)
        strike = forward * math.exp(rng.uniform(-2, 2) * dev)
        is_put = strike < forward
        right = ql.Option.Put if is_put else ql.Option.Call
        quote = ql.blackFormula(right, strike, forward, dev)
        asked = ql.blackFormulaImpliedStdDev(right, strike, forward, quote, 1.0, 0.0, dev, 1e-14, 1000)
        got, _ = implied_vol(quote, forward, strike, 1.0, is_put, 1.0)
        assert got[0] == pytest.approx(asked, rel=1e-9)


def test_at_the_money_at_tiny_volatility_is_exact() -> None:
    strike = 5000.0 * (1.0 + np.array([0.0, 1e-13, 1e-10, 1e-7]))
    vol, status = implied_vol(price(5000.0, strike, 1e-4, 0.01, False, 1.0), 5000.0, strike, 1e-4, False, 1.0)
    assert (status == VolStatus.OK).all()
    np.testing.assert_allclose(vol, 0.01, rtol=2e-15)


def test_price_below_intrinsic_value() -> None:
    assert status_of(4.99, forward=105.0) is VolStatus.BELOW_INTRINSIC


def test_negative_price() -> None:
    assert status_of(-0.05, strike=120.0) is VolStatus.BELOW_INTRINSIC


def test_call_at_or_above_the_forward() -> None:
    assert status_of(100.0) is VolStatus.ABOVE_BOUND
    assert status_of(250.0) is VolStatus.ABOVE_BOUND


def test_put_at_the_strike() -> None:
    assert status_of(80.0, strike=80.0, is_put=True) is VolStatus.ABOVE_BOUND


def test_zero_price_and_price_at_intrinsic_value() -> None:
    assert status_of(0.0, strike=120.0) is VolStatus.ZERO_PRICE
    assert status_of(20.0, forward=120.0) is VolStatus.ZERO_PRICE


@pytest.mark.parametrize(
    "broken",
    [
        {"quote": math.nan},
        {"quote": math.inf},
        {"quote": 1.0, "forward": math.nan},
        {"quote": 1.0, "forward": 0.0},
        {"quote": 1.0, "strike": -5.0},
        {"quote": 1.0, "strike": math.inf},
        {"quote": 1.0, "tau": 0.0},
        {"quote": 1.0, "tau": math.nan},
        {"quote": 1.0, "discount": 0.0},
        {"quote": 1.0, "discount": math.nan},
    ],
)
def test_bad_input(broken: dict[str, float]) -> None:
    assert status_of(**broken) is VolStatus.BAD_INPUT


def test_a_bad_element_leaves_its_neighbours_alone() -> None:
    quotes = np.array([5.0, math.nan, 5.0, 0.0, 200.0])
    vol, status = implied_vol(quotes, 100.0, 100.0, 0.5, False, 1.0)
    good = implied_vol(5.0, 100.0, 100.0, 0.5, False, 1.0)[0][0]
    assert status.tolist() == [0, 4, 0, 3, 2]
    assert vol.tolist() == [good, 0.0, good, 0.0, 0.0]


def test_blocks_join_without_a_seam() -> None:
    strike = np.linspace(60.0, 160.0, 1301)
    vol, status = implied_vol(price(100.0, strike, 0.5, 0.3, False, 0.98), 100.0, strike, 0.5, False, 0.98)
    assert (status == VolStatus.OK).all()
    np.testing.assert_allclose(vol, 0.3, rtol=1e-12)


def test_no_options_give_no_answers() -> None:
    vol, status = implied_vol(np.empty(0), 1.0, 1.0, 1.0, np.empty(0, bool), 1.0)
    assert (vol.size, status.size) == (0, 0)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(UsageError):
        implied_vol([1.0, 2.0], [100.0, 100.0, 100.0], 100.0, 0.5, False, 1.0)


def test_answers_are_written_into_the_arrays_handed_in() -> None:
    vol, status = np.empty(3), np.empty(3, dtype=np.int8)
    got = implied_vol([1.0, 5.0, -1.0], 100.0, 100.0, 0.5, False, 1.0, out=(vol, status))
    assert (got[0] is vol, got[1] is status) == (True, True)
    assert status.tolist() == [VolStatus.OK, VolStatus.OK, VolStatus.BELOW_INTRINSIC]


def test_threads_change_nothing() -> None:
    strike = np.linspace(60.0, 160.0, 1301)
    quote = price(100.0, strike, 0.5, 0.3, False, 1.0)
    one, two = (implied_vol(quote, 100.0, strike, 0.5, False, 1.0, threads=count) for count in (1, 2))
    np.testing.assert_array_equal(one[0], two[0])
    np.testing.assert_array_equal(one[1], two[1])
