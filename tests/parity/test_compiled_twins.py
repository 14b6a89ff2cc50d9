"""The compiled kernels and their plain twins say the same.

The plain side runs in a second process with compilation switched off, so that inner functions are plain too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from alvh.core.compiled import plain
from alvh.pricing import normal
from alvh.pricing.black76 import black_kernel, price
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import implied_vol

CASES = """
import numpy as np
rng = np.random.default_rng(11)
n = 40
forward, tau, vol = rng.uniform(20, 5000, n), rng.uniform(0.002, 2, n), rng.uniform(0.05, 1.5, n)
tau[:2], vol[2:4] = 0.0, 0.0
strike = forward * np.exp(rng.uniform(-7, 7, n) * 0.5 * np.sqrt(0.05))
is_put, discount = rng.random(n) < 0.5, rng.uniform(0.9, 1.0, n)
args = forward, strike, tau, vol, is_put, discount
"""
PLAIN = (
    CASES
    + """
import dataclasses, json
from alvh.pricing.black76 import price
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import implied_vol
prices = price(*args)
vol, status = implied_vol(prices, forward, strike, tau, is_put, discount)
out = {name: column.tolist() for name, column in dataclasses.asdict(greeks(*args)).items()}
print(json.dumps(out | {"alone": prices.tolist(), "implied": vol.tolist(), "status": status.tolist()}))
"""
)


@pytest.fixture(scope="module")
def twins() -> tuple[dict[str, list[float]], tuple[np.ndarray, ...]]:
    scope: dict[str, tuple[np.ndarray, ...]] = {}
    exec(CASES, scope)
    done = subprocess.run(
        [sys.executable, "-c", PLAIN],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout), scope["args"]


def test_prices(twins: tuple[dict[str, list[float]], tuple[np.ndarray, ...]]) -> None:
    answers, args = twins
    np.testing.assert_allclose(price(*args), answers["alone"], rtol=1e-12)


def test_greeks(twins: tuple[dict[str, list[float]], tuple[np.ndarray, ...]]) -> None:
    answers, args = twins
    got = greeks(*args)
    for name in ("price", "delta", "gamma", "vega", "theta", "rho", "vanna", "volga", "charm"):
        np.testing.assert_allclose(getattr(got, name), answers[name], rtol=1e-11, atol=1e-13, err_msg=name)


def test_implied_volatilities(twins: tuple[dict[str, list[float]], tuple[np.ndarray, ...]]) -> None:
    answers, (forward, strike, tau, _, is_put, discount) = twins
    vol, status = implied_vol(np.array(answers["alone"]), forward, strike, tau, is_put, discount)
    assert status.tolist() == answers["status"]
    np.testing.assert_allclose(vol, answers["implied"], rtol=1e-13)


def test_vector_and_scalar_agree() -> None:
    strike = np.linspace(50.0, 200.0, 37)
    many = price(100.0, strike, 1.0, 0.3, False, 1.0)
    for k, value in zip(strike.tolist(), many.tolist(), strict=True):
        assert black_kernel(100.0, k, 0.3, False) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("name", ["exponential", "logarithm", "scaled_erfc", "normal_cdf", "normal_density"])
def test_building_blocks(name: str) -> None:
    machine = getattr(normal, name)
    for x in (0.1, 0.5, 1.0, 3.0, 12.5):
        assert machine(x) == pytest.approx(float(plain(machine)(x)), rel=1e-15)
