"""The quintic model against published and computed answers."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.pricing.black76 import price
from alvh.pricing.implied import implied_vol
from alvh.simulation.joint import THIRTY_DAYS
from alvh.simulation.quintic import (
    Jumps,
    QuinticModel,
    evaluate_polynomial,
    gaussian_nodes,
    one_factor,
    total_variances,
)
from alvh.simulation.quintic_market import HOUSE_ALPHA, house, house_model, house_with_jumps
from alvh.simulation.quintic_paths import conditional_paths, quintic_mean, step_table

HOUSE = house_model(level=0.205**2)


def flat(level):
    return lambda time: np.full(time.shape, level)


def reference_model(name, item):
    if name.startswith("1F"):
        a0, a1, a3, a5 = item["alpha0135"]
        return one_factor(
            hurst=item["H"],
            rho=item["rho"],
            alpha=(a0, a1, 0.0, a3, 0.0, a5),
            curve=lambda t: 0.0084 * np.exp(-2.0436 * t) + 0.0441 * (1.0 - np.exp(-2.0436 * t)),
        )
    numbers = {
        "lambda_x": item["lx"], "lambda_y": item["ly"], "theta": item["theta"], "rho": item["rho"],
        "alpha": tuple(item["alpha"]),
    }  # fmt: skip
    if "xibar" in item:
        return QuinticModel(**numbers, level=item["xibar"])
    return QuinticModel(**numbers, curve=flat(float(item["xi0"])))


@pytest.fixture(scope="module")
def reference(shared_reference):
    found = json.loads((shared_reference / "quintic_ou.json").read_text("utf-8"))
    return {name: item for name, item in found.items() if isinstance(item, dict)}


@pytest.mark.shared
def test_vx_and_vix_options_of_every_reference_set(reference):
    for name, item in reference.items():
        model = reference_model(name, item)
        window = float(Fraction(item["delta_years"].split()[0]))
        for state in item["vix"]:
            tau = float(Fraction(state["T"]))
            table = model.polynomial(window, start=tau) / window
            x, y, weights = gaussian_nodes(model, state["x"], state["y"], tau, fine=1201, coarse=24)
            vix = 100.0 * np.sqrt(evaluate_polynomial(table, x, y))
            forward = float(weights @ vix)
            assert forward == pytest.approx(state["VX"], rel=1e-7)
            for quote in state["quotes"]:
                call = float(weights @ np.maximum(vix - quote["K"], 0.0))
                assert call == pytest.approx(quote["call"], abs=1e-5 * forward)
                # Deep in the money a price says little about its volatility.
                if quote["iv"] is None or min(quote["call"], quote["put"]) < 2e-2 * forward:
                    continue
                vol, _ = implied_vol(np.array([call]), forward, np.array([quote["K"]]), tau, np.array([False]), 1.0)
                assert float(vol[0]) == pytest.approx(quote["iv"], abs=3e-4), (name, state["T"], quote["K"])


@pytest.mark.shared
def test_published_at_the_money_vix_vols_of_2024(reference):
    model = reference_model("2F", reference["2F_sec3.1_flat_xi_0.03"])
    window = 30.0 / 360.0
    for tau, published in ((7 / 365, 1.3772), (1 / 12, 1.5522), (1 / 4, 1.3982), (1 / 2, 1.1715)):
        table = model.polynomial(window, start=tau) / window
        x, y, weights = gaussian_nodes(model, 0.0, 0.0, tau, fine=2001, coarse=24)
        vix = 100.0 * np.sqrt(evaluate_polynomial(table, x, y))
        forward = float(weights @ vix)
        call = float(weights @ np.maximum(vix - forward, 0.0))
        vol, _ = implied_vol(np.array([call]), forward, np.array([forward]), tau, np.array([False]), 1.0)
        assert float(vol[0]) == pytest.approx(published, abs=3e-4)


@pytest.mark.shared
def test_spx_smiles_of_the_reference_within_four_standard_errors(reference):
    paths = 1 << 15
    for name, item in reference.items():
        for smile in item.get("spx_mc", []):
            model, tau = reference_model(name, item), float(Fraction(smile["T"]))
            steps = 80 if tau < 0.1 else 160
            cloud = conditional_paths(
                model, np.full(steps, tau / steps), np.array([float(steps)]), paths=paths, seed=3
            )[0]
            level = np.exp(cloud[0])
            own = np.sqrt((1.0 - model.rho**2) * cloud[1])
            for k, vol, error in zip(smile["k"], smile["iv"], smile["iv_se"], strict=True):
                put = np.full(paths, k < 0)
                values = price(level / level.mean(), np.full(paths, math.exp(k)), np.ones(paths), own, put, 1.0)
                found, _ = implied_vol(
                    np.array([values.mean()]), 1.0, np.array([math.exp(k)]), tau, np.array([k < 0]), 1.0
                )
                # The reference used 2^18 paths, so its error grows by sqrt 8 here; 10 basis points are its time steps'.
                tolerance = 4.0 * error * (1.0 + math.sqrt((1 << 18) / paths)) + 10e-4
                assert abs(float(found[0]) - vol) < tolerance, (name, smile["T"], k)


@pytest.mark.parametrize(
    ("x", "y", "vix"),
    [(0.0, 0.0, 16.82432238), (0.15, 0.6, 26.06154539), (-0.05, -0.6, 12.55021652), (0.3, 1.2, 42.08865099)],
)
def test_vix_of_the_house_set(x, y, vix):
    table = HOUSE.polynomial(THIRTY_DAYS) / THIRTY_DAYS
    assert 100.0 * math.sqrt(evaluate_polynomial(table, np.array([x]), np.array([y]))[0]) == pytest.approx(
        vix, rel=1e-9
    )


def test_house_coefficients_are_the_documented_ones():
    scaled = [1.0, 0.518, 0.211, 0.011, 0.0057, 0.0014]
    for power, (value, documented) in enumerate(zip(HOUSE_ALPHA, scaled, strict=True)):
        assert value * HOUSE.stationary_sd**power == pytest.approx(documented, rel=1e-4)


def test_volatility_of_the_house_set_is_positive():
    # Below -5.8 standard deviations it is not; Z gets there once in millions of years.
    z = np.linspace(-5.5, 20.0, 3001) * HOUSE.stationary_sd
    assert np.polynomial.polynomial.polyval(z, HOUSE_ALPHA).min() > 0.0


@pytest.mark.parametrize("days", [0.5, 9.0, 30.0, 184.0, 730.0])
def test_total_variance_is_the_polynomial_at_any_horizon(days):
    for x, y in ((0.0, 0.0), (0.9, 2.0), (-0.3, -2.0)):
        exact = evaluate_polynomial(HOUSE.polynomial(days / 365.0), np.array([x]), np.array([y]))[0]
        assert total_variances(HOUSE.vector, x, y, np.array([days / 365.0]))[0] == pytest.approx(exact, rel=1e-9)


def test_total_variance_increases_with_the_horizon():
    tau = np.linspace(1.0, 1000.0, 400) / 365.0
    for x, y in ((0.0, 0.0), (0.6, 1.5), (-0.3, -2.0)):
        assert np.diff(total_variances(HOUSE.vector, x, y, tau)).min() > 0.0


def test_mean_square_volatility_over_paths_is_the_polynomial():
    dt = np.full(120, 60.0 / 365.0 / 120)
    cloud = conditional_paths(HOUSE, dt, np.array([120.0]), state=(0.1, 0.4), paths=1 << 15, seed=9)[0]
    exact = total_variances(HOUSE.vector, 0.1, 0.4, np.array([60.0 / 365.0]))[0]
    assert abs(cloud[1].mean() - exact) < 4.0 * cloud[1].std() / math.sqrt(1 << 15) + 1e-3 * exact


def test_index_is_a_martingale_under_the_pricing_measure():
    dt = np.full(180, 0.5 / 180)
    cloud = conditional_paths(HOUSE, dt, np.array([180.0]), paths=1 << 15, seed=9)[0]
    level = np.exp(cloud[0])
    assert abs(level.mean() - 1.0) < 4.0 * level.std() / math.sqrt(1 << 15)


def test_more_steps_converge():
    exact = 1.0
    gaps = []
    for steps in (8, 64):
        dt = np.full(steps, 0.25 / steps)
        gaps.append(abs(quintic_mean(HOUSE, dt, paths=1 << 16, seed=2) - exact))
    assert gaps[1] < gaps[0] + 1e-3


def test_thread_count_changes_nothing():
    dt = np.full(30, 1.0 / 252)
    first = conditional_paths(HOUSE, dt, np.array([10.0, 30.0]), paths=2048, seed=1, threads=1)
    again = conditional_paths(HOUSE, dt, np.array([10.0, 30.0]), paths=2048, seed=1, threads=3)
    assert np.array_equal(first, again)
    more = conditional_paths(HOUSE, dt, np.array([10.0, 30.0]), paths=4096, seed=1, threads=2)
    assert np.array_equal(first, more[:, :, :2048])


def test_joint_increments_have_their_covariance():
    dt = 0.03
    row = step_table(HOUSE, np.array([dt]))[0]
    _, _, root, x_w, x_own, y_w, y_x, y_own, _ = row
    factor = np.array([[root, 0.0, 0.0], [x_w, x_own, 0.0], [y_w, y_x, y_own]])
    lx, ly = HOUSE.lambda_x, HOUSE.lambda_y
    exact = np.array(
        [
            [dt, -math.expm1(-lx * dt) / lx, -math.expm1(-ly * dt) / ly],
            [0.0, -math.expm1(-2 * lx * dt) / (2 * lx), -math.expm1(-(lx + ly) * dt) / (lx + ly)],
            [0.0, 0.0, -math.expm1(-2 * ly * dt) / (2 * ly)],
        ]
    )
    assert factor @ factor.T == pytest.approx(exact + np.triu(exact, 1).T, rel=1e-9)


def test_jumps_raise_the_log_contract_by_their_load():
    jumps = Jumps(rate=29.0, real_rate=6.0, mean=-0.10, sd=0.05)
    assert jumps.load == pytest.approx(0.35, abs=0.02)
    plain, with_jumps = house_model(level=0.03), house_model(level=0.03, jumps=jumps)
    one, other = (total_variances(m.vector, 0.1, 0.1, np.array([0.1]))[0] for m in (plain, with_jumps))
    assert other / one == pytest.approx(1.0 + jumps.load, rel=1e-12)


def test_jump_market_without_jumps_is_the_house_market():
    market = house_with_jumps()
    quiet = house_model(level=market.model.level * market.model.load)
    states = np.array([[0.0, 0.0], [0.2, 0.5]])
    again = house()
    assert market.index(states, THIRTY_DAYS) == pytest.approx(
        100.0 * np.sqrt(evaluate_polynomial(quiet.polynomial(THIRTY_DAYS) / THIRTY_DAYS, states[:, 0], states[:, 1]))
    )
    assert again.model.jumps is None


def test_refuses_a_positive_correlation():
    with pytest.raises(UsageError, match="correlation from -1 to 0"):
        QuinticModel(lambda_x=1.0, lambda_y=1.0, theta=0.5, rho=0.1, alpha=HOUSE_ALPHA, level=0.04)


def test_refuses_both_a_level_and_a_curve():
    with pytest.raises(UsageError, match="either a level or a curve"):
        QuinticModel(lambda_x=1.0, lambda_y=1.0, theta=0.5, rho=-0.1, alpha=HOUSE_ALPHA)


def test_refuses_an_odd_number_of_paths():
    with pytest.raises(UsageError, match="multiples of 512"):
        quintic_mean(HOUSE, np.full(3, 0.01), paths=700, seed=1)
