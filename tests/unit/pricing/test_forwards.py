"""Forward and discount from put-call parity."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alvh.pricing.black76 import price
from alvh.pricing.forwards import NoForward, ParityForward, RateSource, parity_forward

FORWARD, RATE, TAU = 5012.34, 0.0432, 45 / 365


def chain(strike: np.ndarray, *, half: float = 0.4, vol: float = 0.18) -> dict[str, Any]:
    """Quotes around exact prices, wider in the money as in life."""
    discount = math.exp(-RATE * TAU)
    call = price(FORWARD, strike, TAU, vol, False, discount)
    put = price(FORWARD, strike, TAU, vol, True, discount)
    call_half, put_half = half + 0.003 * call, half + 0.003 * put
    return {
        "strike": strike,
        "call_bid": np.maximum(call - call_half, 0.0),
        "call_ask": call + call_half,
        "put_bid": np.maximum(put - put_half, 0.0),
        "put_ask": put + put_half,
    }


def implied(quotes: dict[str, Any], **changes: Any) -> ParityForward | NoForward:
    return parity_forward(**quotes, **({"tau": TAU, "spot": 5000.0, "rate_hint": 0.04} | changes))


def found(quotes: dict[str, Any], **changes: Any) -> ParityForward:
    answer = implied(quotes, **changes)
    assert isinstance(answer, ParityForward)
    return answer


STRIKES = np.arange(4000.0, 6000.0, 25.0)


@pytest.mark.shared
@pytest.mark.parametrize("hint", [0.0432, 0.03, None])
def test_shared_chain_gives_forward_and_rate(shared_reference: Path, hint: float | None) -> None:
    case = json.loads((shared_reference / "parity_forward.json").read_text())
    strike, call, put = (np.array([row[name] for row in case["chain"]]) for name in ("K", "call", "put"))
    truth = case["truth"]
    got = parity_forward(strike, call, call, put, put, tau=truth["T"], spot=5000.0, rate_hint=hint)
    assert isinstance(got, ParityForward)
    assert got.rate_source is RateSource.PARITY
    assert got.forward == pytest.approx(truth["F"], abs=1e-6)
    assert got.rate == pytest.approx(truth["r"], abs=1e-7)


@pytest.mark.shared
def test_vix_options_point_at_their_own_future(shared_reference: Path) -> None:
    case = json.loads((shared_reference / "vix_option_parity.json").read_text())
    strike, call, put = (np.array([row[name] for row in case["chain"]]) for name in ("K", "call", "put"))
    got = parity_forward(strike, call, call, put, put, tau=case["T"], spot=16.0, rate_hint=case["r"])
    assert isinstance(got, ParityForward)
    assert got.forward == pytest.approx(case["VX"], abs=1e-6)


def test_the_hint_does_not_move_a_pinned_rate() -> None:
    answers = [found(chain(STRIKES), rate_hint=hint) for hint in (0.02, 0.0432, 0.06)]
    for answer in answers:
        assert answer.forward == pytest.approx(FORWARD, abs=1e-6)
        assert answer.discount == pytest.approx(math.exp(-RATE * TAU), abs=1e-9)


def test_noise_within_the_spread_averages_out() -> None:
    quotes = chain(STRIKES)
    rng = np.random.default_rng(3)
    for name in ("call_bid", "call_ask", "put_bid", "put_ask"):
        quotes[name] = quotes[name] + rng.uniform(-0.1, 0.1, STRIKES.size)
    got = found(quotes)
    assert got.forward == pytest.approx(FORWARD, abs=0.05)
    assert got.rate == pytest.approx(RATE, abs=0.01)


def test_stale_quotes_do_not_move_the_forward() -> None:
    quotes = chain(STRIKES)
    quotes["call_bid"][::7] += 30.0
    quotes["call_ask"][::7] += 30.0
    assert found(quotes).forward == pytest.approx(FORWARD, abs=1e-6)


def test_a_stale_pair_at_the_money_does_not_become_the_shortcut() -> None:
    quotes = chain(STRIKES)
    place = int(np.argmin(np.abs(STRIKES - 4900.0)))
    # Off by exactly what makes this strike look like the one with equal call and put.
    for name in ("put_bid", "put_ask"):
        quotes[name][place] += 112.0
    got = found(quotes)
    assert got.forward == pytest.approx(FORWARD, abs=1e-6)
    assert not got.by_shortcut


def test_wide_quotes_weigh_little() -> None:
    quotes = chain(STRIKES)
    quotes["call_ask"][::2] += 20.0
    assert found(quotes).forward == pytest.approx(FORWARD, abs=0.2)


def test_few_pairs_take_the_hint() -> None:
    got = found(chain(np.array([4950.0, 5000.0, 5050.0])), rate_hint=RATE)
    assert got.rate_source is RateSource.HINT
    assert got.rate == pytest.approx(RATE)
    assert got.forward == pytest.approx(FORWARD, abs=1e-6)


def test_one_pair_is_cboes_shortcut() -> None:
    got = found(chain(np.array([5000.0])), rate_hint=RATE)
    assert (got.pairs, got.forward) == (1, pytest.approx(FORWARD, abs=1e-6))
    assert got.forward == pytest.approx(got.shortcut)


def test_an_implausible_slope_is_not_believed() -> None:
    quotes = chain(STRIKES)
    tilt = 0.02 * (STRIKES - FORWARD)
    for name in ("call_bid", "call_ask"):
        quotes[name] = quotes[name] + np.maximum(tilt, -quotes[name] + 0.01)
    assert found(quotes).rate_source is RateSource.HINT


def test_absent_quotes_are_left_out() -> None:
    quotes = chain(STRIKES)
    quotes["put_ask"][40] = math.nan
    quotes["call_bid"][41] = 0.0
    quotes["call_ask"][42] = quotes["call_bid"][42] - 1.0
    assert found(quotes).forward == pytest.approx(FORWARD, abs=1e-6)


def test_no_pairs() -> None:
    answer = implied(chain(STRIKES) | {"put_bid": np.zeros(STRIKES.size)})
    assert isinstance(answer, NoForward)
    assert "bid" in answer.reason


def test_few_pairs_and_no_rate() -> None:
    answer = implied(chain(np.array([4950.0, 5000.0])), rate_hint=None)
    assert isinstance(answer, NoForward)
    assert "rate is needed" in answer.reason


@pytest.mark.parametrize("tau", [0.0, -0.1, math.nan])
def test_no_time(tau: float) -> None:
    assert isinstance(implied(chain(STRIKES), tau=tau), NoForward)


@pytest.mark.parametrize("rate", [math.nan, math.inf, 4.32])
def test_a_rate_that_is_no_rate(rate: float) -> None:
    answer = implied(chain(STRIKES), rate_hint=rate)
    assert isinstance(answer, NoForward)
    assert "0.05 for 5 %" in answer.reason


def test_a_forward_far_from_spot_is_refused() -> None:
    answer = implied(chain(STRIKES), spot=500.0)
    assert isinstance(answer, NoForward)
    assert "500.0" in answer.reason


def test_contradicting_quotes_have_no_forward() -> None:
    answer = parity_forward([100.0], [1.0], [1.1], [900.0], [901.0], tau=0.1, spot=None, rate_hint=0.03)
    assert isinstance(answer, NoForward)


def test_order_of_strikes_does_not_matter() -> None:
    quotes = chain(STRIKES)
    order = np.random.default_rng(5).permutation(STRIKES.size)
    shuffled = {name: column[order] for name, column in quotes.items()}
    assert found(shuffled).forward == pytest.approx(found(quotes).forward, abs=1e-9)


@pytest.mark.shared
def test_a_recorded_session_has_a_forward_for_every_expiry(shared_data: Path) -> None:
    import polars as pl

    folder = shared_data / "options_spx"
    quotes = pl.read_parquet(folder / "spx_chains_201905_cboe.parquet").with_columns(pl.col(pl.Categorical).cast(str))
    day = quotes.filter(pl.col("file_date") == "2019-05-15").with_columns(
        expiry=pl.col("expiration").str.to_date("%m/%d/%Y"), root=pl.col("optionroot").str.extract("^([A-Z]+)")
    )
    spot = day["underlying_last"][0]
    by_expiry: dict[Any, list[float]] = {}
    for (_, expiry), rows in day.group_by(["root", "expiry"]):
        tau = ((expiry - np.datetime64("2019-05-15").item()).days + 0.6) / 365
        sides = [
            rows.filter(pl.col("type") == right).select("strike", "bid", "ask").sort("strike")
            for right in ("call", "put")
        ]
        both = sides[0].join(sides[1], on="strike", suffix="_put")
        got = parity_forward(
            *(both[name].to_numpy() for name in ("strike", "bid", "ask", "bid_put", "ask_put")),
            tau=tau,
            spot=spot,
            rate_hint=0.0238,
        )
        assert isinstance(got, ParityForward), got
        assert 0.015 < got.rate < 0.035 or tau < 0.1
        assert abs(math.log(got.forward / spot)) < 0.03 * tau + 0.002
        by_expiry.setdefault(expiry, []).append(got.forward)
    assert len(by_expiry) > 20
    # AM and PM contracts of one date share their forward.
    pairs = [both for both in by_expiry.values() if len(both) == 2]
    assert pairs
    assert all(abs(a - b) < 0.4 for a, b in pairs)
