"""Vector exponential, logarithm and normal tails against 40 digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from alvh.pricing import normal

ULP = 2.0**-52
RNG = np.random.default_rng(0)


def worst(ours: Callable[[float], float], exact: Callable[[Any], Any], points: np.ndarray) -> float:
    with mp.workdps(40):
        return max(float(abs(ours(float(x)) / exact(mp.mpf(float(x))) - 1)) for x in points) / ULP


def test_exponential() -> None:
    assert worst(normal.exponential, mp.exp, RNG.uniform(-700, 700, 400)) < 1.5


def test_exponential_underflows_to_zero() -> None:
    assert normal.exponential(-708.5) == 0.0
    assert normal.exponential(-1e300) == 0.0


def test_logarithm() -> None:
    assert worst(normal.logarithm, mp.log, np.exp(RNG.uniform(-600, 600, 400))) < 1.5


def test_log_ratio_of_close_numbers_keeps_every_digit() -> None:
    with mp.workdps(60):
        for gap in 10.0 ** RNG.uniform(-14, -1, 200):
            upper = 4321.5 * (1.0 + gap)
            exact = mp.log(mp.mpf(upper) / mp.mpf(4321.5))
            assert float(abs(normal.log_ratio(upper, 4321.5) / exact - 1)) < 2.0 * ULP


def test_scaled_erfc() -> None:
    points = np.concatenate((RNG.uniform(-0.5, 1, 200), 10.0 ** RNG.uniform(0, 2, 200)))
    assert worst(normal.scaled_erfc, lambda x: mp.exp(x * x) * mp.erfc(x), points) < 3.0


def test_scaled_erfc_pair_does_not_cancel() -> None:
    with mp.workdps(60):
        for near, gap in zip(RNG.uniform(-0.5, 27, 200), 10.0 ** RNG.uniform(-9, 0.5, 200), strict=True):
            far = float(near + gap)
            exact = mp.exp(mp.mpf(near) ** 2) * mp.erfc(mp.mpf(near)) - mp.exp(mp.mpf(far) ** 2) * mp.erfc(mp.mpf(far))
            difference, tail = normal.scaled_erfc_pair(float(near), far, far - float(near))
            assert difference == pytest.approx(float(exact), rel=3e-15)
            assert tail == pytest.approx(normal.scaled_erfc(far), rel=1e-15)


def test_normal_distribution_in_both_tails() -> None:
    points = RNG.uniform(-30, 5, 300)
    assert worst(normal.normal_cdf, mp.ncdf, points) < 1000
    assert worst(normal.normal_cdf, mp.ncdf, RNG.uniform(-2, 5, 300)) < 6
    assert worst(normal.normal_density, mp.npdf, RNG.uniform(-5, 5, 300)) < 20
