"""Smiles of VIX options, with a chain and without."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.market.chain import OptionChain
from alvh.market.expirations import tau as years_to
from alvh.pricing.forwards import ParityForward, parity_forward
from alvh.pricing.implied import VolStatus, implied_vol
from alvh.pricing.modelled.vix_quotes import exact_vix, model_vix_slice
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes, RefusedExpiry
from alvh.pricing.vix_smile import VixSmile, smile_from_vvix
from alvh.pricing.vix_smile_fit import FittedVixSmile, fit_vix_smile, fit_vix_smiles
from fakes.surface_chains import ASOF, made

EXPIRY = date(2023, 11, 15)
TRUE = VixSmile(
    forward=17.0, tau=years_to("VIX", EXPIRY, ASOF), discount=0.99, weight=0.7, mean_1=15.0, vol_1=0.16,
    mean_2=(17.0 - 0.7 * 15.0) / 0.3, vol_2=0.36,
)  # fmt: skip


def vix_chain(half_spread: float = 0.02, strikes: np.ndarray | None = None) -> OptionChain:
    strike = (np.arange(11.0, 40.5, 0.5) if strikes is None else strikes).repeat(2)
    is_put = np.tile([False, True], strike.size // 2)
    mid = TRUE.price(strike, is_put)
    columns = {"strike": strike, "is_put": is_put, "bid": np.maximum(mid - half_spread, 0.0), "ask": mid + half_spread}
    return replace(made(columns, [0, strike.size], (EXPIRY,), "VIX"), spot=14.0)


def test_recovers_the_mixture_it_was_quoted_from() -> None:
    (found,), refused = fit_vix_smiles(vix_chain(), rate_hint=0.05)
    assert refused == ()
    assert found.inside == 1.0
    assert found.smile.forward == pytest.approx(17.0, abs=1e-3)
    strike = np.arange(12.0, 35.0)
    np.testing.assert_allclose(found.smile.vol(strike)[0], TRUE.vol(strike)[0], atol=2e-3)
    assert found.smile.log_contract_vol == pytest.approx(TRUE.log_contract_vol, abs=2e-3)


def test_the_smile_rises_with_the_strike() -> None:
    vol, status = TRUE.vol([15.0, 17.0, 20.0, 25.0, 30.0])
    assert np.all(status == VolStatus.OK)
    assert np.all(np.diff(vol) > 0.0)


def test_without_a_chain_prices_are_those_of_the_modelled_chain() -> None:
    smile = smile_from_vvix(21.0, 0.2, 95.0, discount=0.97)
    vector = model_vix_slice(21.0, 0.2, 95.0, 0.97, 100.0, 3.0, 20.0, 1.0)
    strike = np.array([14.0, 18.0, 21.0, 26.0, 40.0])
    for right in (False, True):
        wanted = 0.97 * exact_vix(vector, strike, np.full(strike.size, right))
        np.testing.assert_allclose(smile.price(strike, right), wanted, rtol=1e-12)


def test_few_quotes_are_refused() -> None:
    _, refused = fit_vix_smiles(vix_chain(strikes=np.array([16.0, 17.0, 18.0])), rate_hint=0.05)
    assert "four parameters" in refused[0].reason


def test_no_bids_are_refused() -> None:
    _, refused = fit_vix_smiles(vix_chain(half_spread=100.0), rate_hint=0.05)
    assert "no strike has a bid" in refused[0].reason


@pytest.mark.parametrize("change", [{"forward": 0.0}, {"tau": -0.1}, {"vvix": math.nan}, {"vvix": math.inf}])
def test_levels_that_make_no_smile(change: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="VIX smile"):
        smile_from_vvix(**({"forward": 18.0, "tau": 0.1, "vvix": 90.0} | change))


def test_means_that_miss_the_future() -> None:
    with pytest.raises(UsageError, match="the means agree"):
        VixSmile(forward=17.0, tau=0.1, discount=1.0, weight=0.5, mean_1=16.0, vol_1=0.1, mean_2=17.0, vol_2=0.3)


@pytest.mark.shared
def test_reference_parity_on_the_future(shared_reference: Path) -> None:
    case = json.loads((shared_reference / "vix_option_parity.json").read_text())
    strike, call, put = (np.array([row[name] for row in case["chain"]]) for name in ("K", "call", "put"))
    found = parity_forward(strike, call, call, put, put, tau=case["T"], spot=None, rate_hint=case["r"])
    assert isinstance(found, ParityForward)
    assert found.forward == pytest.approx(case["VX"], abs=1e-6)
    discount = math.exp(-case["r"] * case["T"])
    np.testing.assert_allclose(call - put, discount * (case["VX"] - strike), atol=2e-10)
    # A smile fitted to the reference quotes keeps that parity.
    low = strike < case["VX"]
    vol, _ = implied_vol(np.where(low, put, call), case["VX"], strike, case["T"], low, discount)
    quotes = ExpiryQuotes(
        root="VIX", expiry=EXPIRY, tau=case["T"], forward=case["VX"], discount=discount, strike=strike,
        k=np.log(strike / case["VX"]), bid=vol - 0.01, mid=vol, ask=vol + 0.01, dropped=0,
    )  # fmt: skip
    fitted = fit_vix_smile(quotes)
    assert isinstance(fitted, FittedVixSmile)
    gap = fitted.smile.price(strike, False) - fitted.smile.price(strike, True)
    np.testing.assert_allclose(gap, discount * (case["VX"] - strike), atol=1e-12)
    np.testing.assert_allclose(fitted.smile.price(strike, False), call, atol=0.05)


def test_a_refusal_is_a_value() -> None:
    empty = np.zeros(0)
    quotes = ExpiryQuotes(
        root="VIX", expiry=EXPIRY, tau=0.1, forward=17.0, discount=1.0, strike=empty, k=empty, bid=empty, mid=empty,
        ask=empty, dropped=0,
    )  # fmt: skip
    assert isinstance(fit_vix_smile(quotes), RefusedExpiry)
