"""Parity at executable prices, and the financing rate of boxes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.pricing.black76 import price
from alvh.pricing.box import BoxRate, NoBox, box_rate
from alvh.pricing.forwards import ParityForward, parity_forward
from alvh.pricing.parity import parity_gaps, synthetics

FORWARD, TAU, RATE = 5012.0, 0.4, 0.043
STRIKES = np.arange(4600.0, 5425.0, 25.0)
NAMES = ("strike", "call_bid", "call_ask", "put_bid", "put_ask")


def quotes(half: float = 0.5) -> dict[str, np.ndarray]:
    discount = math.exp(-RATE * TAU)
    call, put = (price(FORWARD, STRIKES, TAU, 0.18, right, discount) for right in (False, True))
    return dict(zip(NAMES, (STRIKES, call - half, call + half, put - half, put + half), strict=True))


def gaps(columns: dict[str, np.ndarray], **changes: float) -> Any:
    return parity_gaps(**columns, **({"forward": FORWARD, "discount": math.exp(-RATE * TAU)} | changes))


def test_fair_quotes_cost_their_spreads_both_ways() -> None:
    got = gaps(quotes(0.5))
    np.testing.assert_allclose(got.conversion, -1.0, atol=1e-9)
    np.testing.assert_allclose(got.reversal, -1.0, atol=1e-9)
    np.testing.assert_allclose(got.gap, 0.0, atol=1e-9)


def test_the_forward_costs_its_own_half_spread() -> None:
    got = gaps(quotes(0.0), forward_half_spread=0.25)
    np.testing.assert_allclose(got.conversion, -0.25 * math.exp(-RATE * TAU), atol=1e-9)


def test_a_dear_call_pays_a_conversion_at_its_strike_only() -> None:
    columns = quotes(0.5)
    columns["call_bid"][7] += 3.0
    columns["call_ask"][7] += 3.0
    got = gaps(columns)
    assert np.flatnonzero(got.conversion > 0).tolist() == [7]
    assert got.conversion[7] == pytest.approx(2.0)
    assert got.gap[7] == pytest.approx(3.0)
    assert (got.reversal < 0).all()


def test_unusable_quotes_are_left_out_and_counted() -> None:
    columns = quotes()
    columns["call_bid"][0] = 0.0
    columns["put_ask"][1] = math.nan
    columns["put_bid"][2] = columns["put_ask"][2] + 1.0
    got = synthetics(**columns)
    assert (got.strike.size, got.absent, got.crossed) == (STRIKES.size - 3, 2, 1)
    assert got.strike[0] == STRIKES[3]


def test_order_of_strikes_does_not_matter() -> None:
    columns = {name: column[::-1] for name, column in quotes().items()}
    np.testing.assert_array_equal(gaps(columns).strike, STRIKES)


def test_a_strike_given_twice_is_refused() -> None:
    columns = {name: np.concatenate([column, column[:1]]) for name, column in quotes().items()}
    with pytest.raises(UsageError, match="4600 occurs twice"):
        synthetics(**columns)


@pytest.mark.parametrize("change", [{"forward": math.nan}, {"discount": 0.0}, {"forward_half_spread": -1.0}])
def test_a_forward_that_is_none_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="half spread"):
        gaps(quotes(), **change)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(UsageError, match="shapes"):
        synthetics(**(quotes() | {"call_bid": np.ones(3)}))


def test_exact_quotes_give_one_rate() -> None:
    got = box_rate(**quotes(0.0), tau=TAU)
    assert isinstance(got, BoxRate)
    assert got.rate == pytest.approx(RATE, abs=1e-9)
    assert got.lend.rate == pytest.approx(RATE, abs=1e-7)
    assert got.borrow.rate == pytest.approx(RATE, abs=1e-7)


def test_spreads_open_an_interval_and_the_widest_box_is_best() -> None:
    got = box_rate(**quotes(0.5), tau=TAU)
    assert isinstance(got, BoxRate)
    assert got.lend.rate < RATE < got.borrow.rate
    width = STRIKES[-1] - STRIKES[0]
    assert (got.borrow.low, got.borrow.high) == (STRIKES[0], STRIKES[-1])
    assert got.borrow.price == pytest.approx(width * math.exp(-RATE * TAU) - 2.0)
    assert got.lend.price == pytest.approx(width * math.exp(-RATE * TAU) + 2.0)


def test_costs_widen_the_interval() -> None:
    free, paid = box_rate(**quotes(), tau=TAU), box_rate(**quotes(), tau=TAU, cost=1.0)
    assert isinstance(free, BoxRate)
    assert isinstance(paid, BoxRate)
    assert paid.lend.rate < free.lend.rate < free.borrow.rate < paid.borrow.rate


def test_a_stale_strike_is_left_out() -> None:
    columns = quotes(0.5)
    for name in ("call_bid", "call_ask"):
        columns[name][3] += 40.0
    got = box_rate(**columns, tau=TAU)
    assert isinstance(got, BoxRate)
    assert got.stale == 1
    assert got.lend.rate < RATE < got.borrow.rate


def test_without_strikes_there_is_a_reason() -> None:
    got = box_rate(**{name: column[:0] for name, column in quotes().items()}, tau=TAU, rate_hint=0.04)
    assert isinstance(got, NoBox)
    assert "bid" in got.reason


def test_one_strike_is_no_box() -> None:
    got = box_rate(**{name: column[10:11] for name, column in quotes().items()}, tau=TAU, rate_hint=0.04)
    assert isinstance(got, NoBox)
    assert "two" in got.reason


@pytest.mark.parametrize("change", [{"tau": -0.1}, {"cost": math.nan}])
def test_bad_input_is_a_reason(change: dict[str, float]) -> None:
    assert isinstance(box_rate(**quotes(), **({"tau": TAU} | change)), NoBox)


@pytest.mark.shared
def test_shared_chain_gives_its_rate(shared_reference: Path) -> None:
    case = json.loads((shared_reference / "parity_forward.json").read_text())
    strike, call, put = (np.array([row[name] for row in case["chain"]], dtype=float) for name in ("K", "call", "put"))
    truth = case["truth"]
    got = box_rate(strike, call, call, put, put, tau=truth["T"])
    assert isinstance(got, BoxRate)
    assert got.rate == pytest.approx(truth["r"], abs=1e-7)
    assert got.lend.rate == pytest.approx(truth["r"], abs=1e-7)
    found = parity_gaps(strike, call, call, put, put, forward=truth["F"], discount=truth["D"])
    np.testing.assert_allclose(found.gap, 0.0, atol=1e-6)


@pytest.mark.shared
def test_vix_options_are_in_parity_with_their_future(shared_reference: Path) -> None:
    case = json.loads((shared_reference / "vix_option_parity.json").read_text())
    strike, call, put = (np.array([row[name] for row in case["chain"]], dtype=float) for name in ("K", "call", "put"))
    found = parity_gaps(strike, call, call, put, put, forward=case["VX"], discount=math.exp(-case["r"] * case["T"]))
    np.testing.assert_allclose(found.gap, 0.0, atol=1e-8)


@pytest.mark.shared
def test_recorded_boxes_finance_at_the_rate_of_the_day(shared_data: Path) -> None:
    import polars as pl

    quotes = pl.read_parquet(shared_data / "options_spx" / "spx_chains_201905_cboe.parquet")
    day = quotes.with_columns(pl.col(pl.Categorical).cast(str)).filter(pl.col("file_date") == "2019-05-15")
    day = day.with_columns(
        expiry=pl.col("expiration").str.to_date("%m/%d/%Y"), root=pl.col("optionroot").str.extract("^([A-Z]+)")
    )
    checked = 0
    for (_, expiry), rows in day.group_by(["root", "expiry"]):
        tau = ((expiry - np.datetime64("2019-05-15").item()).days + 0.6) / 365
        if not 0.2 < tau < 1.5:
            continue
        call, put = (
            rows.filter(pl.col("type") == right).select("strike", "bid", "ask").sort("strike")
            for right in ("call", "put")
        )
        both = call.join(put, on="strike", suffix="_put")
        columns = [both[name].to_numpy() for name in ("strike", "bid", "ask", "bid_put", "ask_put")]
        got = box_rate(*columns, tau=tau, rate_hint=0.0238)
        line = parity_forward(*columns, tau=tau, spot=None, rate_hint=0.0238)
        assert isinstance(got, BoxRate)
        assert isinstance(line, ParityForward)
        assert got.rate is not None
        assert got.lend.rate < got.rate < got.borrow.rate
        # Treasury bills of three to twelve months stood at 2.33 to 2.42 % that day; boxes lie a little above.
        assert 0.022 < got.rate < 0.030
        found = parity_gaps(*columns, forward=line.forward, discount=line.discount)
        near = np.abs(found.strike / line.forward - 1.0) < 0.1
        assert (np.maximum(found.conversion, found.reversal)[near] <= 0.0).all()
        checked += 1
    assert checked > 5
