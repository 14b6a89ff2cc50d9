"""The affine model against published prices, QuantLib and its own transforms."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.pricing.implied import implied_vol
from alvh.simulation.joint import THIRTY_DAYS
from alvh.simulation.mixture import mixture_price
from alvh.simulation.slices import levelled
from alvh.simulation.smiles import SHARES
from alvh.simulation.svj import SvjParameters, call_prices
from alvh.simulation.svj_market import svj_market
from alvh.simulation.svj_paths import svj_mean, svj_paths
from alvh.simulation.svj_vix import svj_moments, svj_vix_cloud

BATES = SvjParameters(kappa=3.0, theta=0.04, xi=0.6, rho=-0.7, jump_rate=0.5, jump_mean=-0.05, jump_sd=0.08)


@pytest.fixture(scope="module")
def reference(shared_reference):
    return json.loads((shared_reference / "heston.json").read_text("utf-8"))


@pytest.mark.shared
def test_lewis_prices(reference):
    p = reference["lewis_calls"]["params"]
    model = SvjParameters(kappa=p["kappa"], theta=p["theta"], xi=p["sigma"], rho=p["rho"])
    forward = p["S"] * math.exp((p["r"] - p["q"]) * p["T"])
    for strike, value in reference["lewis_calls"]["values"].items():
        found = math.exp(-p["r"] * p["T"]) * call_prices(forward, [float(strike)], p["v0"], p["T"], model)[0]
        assert found == pytest.approx(float(value), rel=1e-13)


@pytest.mark.shared
def test_prices_near_the_shared_spx_like_ones(reference):
    # The shared values at one and three months carry the error of a coarse integral, up to 0.013 points; QuantLib and
    # a 25-digit integral agree with ours (`test_quantlib_agrees`). At one year they agree to 1e-10.
    for case in reference["spx_like"]:
        model = SvjParameters(kappa=case["kappa"], theta=case["theta"], xi=case["sigma"], rho=case["rho"])
        forward = case["S"] * math.exp((case["r"] - case["q"]) * case["T"])
        found = math.exp(-case["r"] * case["T"]) * call_prices(forward, [case["K"]], case["v0"], case["T"], model)[0]
        tolerance = 1e-8 if case["T"] == 1.0 else 0.015
        assert found == pytest.approx(float(case["call"]), abs=tolerance)


def test_quantlib_agrees():
    ql = pytest.importorskip("QuantLib")
    today = ql.Date(2, 1, 2024)
    ql.Settings.instance().evaluationDate = today
    counter = ql.Actual365Fixed()
    flat = lambda rate: ql.YieldTermStructureHandle(ql.FlatForward(today, rate, counter))  # noqa: E731
    spot, rate, dividend, v0 = 5000.0, 0.04, 0.015, 0.0225
    process = ql.BatesProcess(
        flat(rate), flat(dividend), ql.QuoteHandle(ql.SimpleQuote(spot)), v0, 3.0, 0.04, 0.6, -0.7, 0.5, -0.05, 0.08
    )
    engine = ql.BatesEngine(ql.BatesModel(process), 192)
    for days in (30, 90, 365):
        tau = days / 365.0
        forward = spot * math.exp((rate - dividend) * tau)
        for strike in (4000.0, 4750.0, 5000.0, 5250.0):
            option = ql.VanillaOption(ql.PlainVanillaPayoff(ql.Option.Call, strike), ql.EuropeanExercise(today + days))
            option.setPricingEngine(engine)
            found = math.exp(-rate * tau) * call_prices(forward, [strike], v0, tau, BATES)[0]
            assert found == pytest.approx(option.NPV(), abs=2e-6 * spot / 100), (days, strike)


@pytest.mark.shared
def test_vix_and_its_futures_and_options(reference):
    for case in reference["vix"]:
        p, tau = case["params"], float(Fraction(case["T"]))
        model = SvjParameters(kappa=p["kappa"], theta=p["theta"], xi=p["sigma"], rho=-0.7)
        a, b = model.line(30.0 / 365.0)
        assert (a, b) == pytest.approx((case["a"], case["b"]), rel=1e-12)
        assert 100.0 * math.sqrt(a + b * p["v0"]) == pytest.approx(case["VIX_spot"], rel=1e-12)
        terms = (model.kappa, model.theta, model.xi, a, b)
        mean, _ = svj_moments(np.array([p["v0"]]), np.array([tau]), terms)
        assert mean[0] == pytest.approx(case["VX"], rel=1e-11)
        values, weights = svj_vix_cloud(p["v0"], tau, terms)
        assert float(weights @ values) == pytest.approx(case["VX"], rel=1e-7)
        for quote in case["calls"]:
            # A kinked payoff on fixed nodes: good to about a thousandth of the price.
            assert float(weights @ np.maximum(values - quote["K"], 0.0)) == pytest.approx(quote["call"], rel=2e-3)


def test_log_moment_agrees_with_the_cloud():
    market = svj_market()
    a, b = market.model.line(THIRTY_DAYS)
    terms = (market.model.kappa, market.model.theta, market.model.xi, a, b)
    for variance, tau in ((0.01, 0.02), (0.03, 0.1), (0.3, 0.5)):
        values, weights = svj_vix_cloud(variance, tau, terms)
        mean, log = svj_moments(np.array([variance]), np.array([tau]), terms)
        assert float(weights @ values) == pytest.approx(mean[0], rel=1e-6)
        assert float(weights @ np.log(values)) == pytest.approx(log[0], abs=1e-5)


def test_vix_is_the_log_contract_of_the_characteristic_function():
    market = svj_market()
    step = 1e-4
    from alvh.simulation.svj import log_characteristic

    for variance, tau in ((0.02, THIRTY_DAYS), (0.1, 0.5)):
        u = np.array([step, -step], dtype=complex)
        slope = (np.exp(log_characteristic(u, variance, tau, market.model)) * [1.0, -1.0]).sum() / (2j * step)
        assert -2.0 * slope.real == pytest.approx(market.total_variance((variance, 0.0), np.array([tau]))[0], rel=1e-5)


def test_tabulated_smiles_lie_on_the_fourier_prices():
    market = svj_market()
    for variance in (0.012, 0.03, 0.09):
        for days in (10.0, 37.0, 120.0):
            tau = days / 365.0
            spread = math.sqrt(market.total_variance((variance, 0.0), np.array([tau]))[0])
            mixture = levelled(market.smile((variance, 0.0), tau))
            strikes = np.exp(np.array([-2.5, -1.5, -0.75, 0.0, 0.75]) * spread)
            calls = call_prices(1.0, strikes, variance, tau, market.model)
            put = strikes < 1.0
            ours = np.array(
                [mixture_price.py_func(mixture, SHARES, 1.0, k, np.empty(mixture.shape))[0] for k in strikes]
            )
            exact = np.where(put, calls - (1.0 - strikes), calls)
            vols = [implied_vol(values, 1.0, strikes, tau, put, 1.0)[0] for values in (ours, exact)]
            assert np.abs(vols[0] - vols[1]).max() < 0.004, (variance, days)


def test_mean_of_the_index_is_its_forward():
    paths = 1 << 15
    mean = svj_mean(BATES, variance=0.04, growth=0.02, paths=paths, steps=126, dt=1 / 252, seed=4)
    assert mean == pytest.approx(math.exp(0.01), abs=4.0 * 0.16 / math.sqrt(paths))


def test_stored_paths_are_those_of_the_mean():
    logs, variances = svj_paths(BATES, variance=0.04, growth=0.0, paths=1024, steps=50, dt=1 / 252, seed=4, threads=2)
    assert logs.shape == variances.shape == (1024, 50)
    mean = svj_mean(BATES, variance=0.04, growth=0.0, paths=1024, steps=50, dt=1 / 252, seed=4, threads=1)
    assert np.exp(logs[:, -1]).mean() == pytest.approx(mean, rel=1e-12)


def test_thread_count_changes_nothing():
    numbers = {"variance": 0.04, "growth": 0.0, "paths": 2048, "steps": 40, "dt": 1 / 252, "seed": 4}
    one, other = (svj_paths(BATES, **numbers, threads=threads) for threads in (1, 3))
    assert np.array_equal(one[0], other[0])
    assert np.array_equal(one[1], other[1])
    assert svj_mean(BATES, **numbers, threads=1) == svj_mean(BATES, **numbers, threads=2)


def test_number_and_size_of_jumps():
    busy = SvjParameters(kappa=3.0, theta=1e-8, xi=1e-6, rho=0.0, jump_rate=20.0, jump_mean=-0.05, jump_sd=0.02)
    logs, _ = svj_paths(busy, variance=1e-8, growth=20.0 * busy.compensator, paths=4096, steps=252, dt=1 / 252, seed=1)
    steps = np.diff(logs, axis=1, prepend=0.0)
    jumped = steps[np.abs(steps) > 1e-3]
    total = 4096 * 20.0
    # A jump of less than a thousandth, or two in one step, is rare enough not to matter here.
    assert abs(jumped.size - total) < 5.0 * math.sqrt(total) + 0.05 * total
    assert logs[:, -1].mean() == pytest.approx(20.0 * -0.05, abs=5.0 * math.sqrt(20.0 * (0.05**2 + 0.02**2) / 4096))


def test_first_steps_match_euler_by_hand():
    logs, variances = svj_paths(
        SvjParameters(kappa=3.0, theta=0.04, xi=0.6, rho=-0.7),
        variance=0.04, growth=0.02, paths=512, steps=3, dt=0.01, seed=5,
    )  # fmt: skip
    from alvh.simulation.draws import normals

    draws = normals(5, 1, 0, 2 * 512).reshape(512, 2)
    root = math.sqrt(0.04 * 0.01)
    assert logs[:, 0] == pytest.approx((0.02 - 0.02) * 0.01 + root * draws[:, 0], abs=1e-15)
    noise = -0.7 * draws[:, 0] + math.sqrt(1 - 0.49) * draws[:, 1]
    assert variances[:, 0] == pytest.approx(0.04 + 0.6 * root * noise, abs=1e-15)


def test_refuses_broken_parameters():
    with pytest.raises(UsageError, match="needs kappa, theta, xi > 0"):
        SvjParameters(kappa=0.0, theta=0.04, xi=0.6, rho=-0.7)
    with pytest.raises(UsageError, match="multiples of 512"):
        svj_mean(BATES, variance=0.04, growth=0.0, paths=100, steps=4, dt=0.01, seed=1)
