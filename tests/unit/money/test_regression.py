import json
from pathlib import Path

import numpy as np
import pytest

from alvh.money.regression import fit_line


@pytest.mark.shared
def test_reference_regression(shared_reference: Path) -> None:
    known = json.loads((shared_reference / "capm_perf.json").read_text())
    bills = np.array(known["rf"])
    line = fit_line(np.array(known["market"]) - bills, np.array(known["portfolio"]) - bills)
    want = known["result"]
    assert line is not None
    assert line.beta == pytest.approx(want["beta"], abs=1e-9)
    assert line.alpha == pytest.approx(want["alpha_monthly"], abs=1e-9)
    assert line.annual_alpha(12) == pytest.approx(want["alpha_annual_x12"], abs=1e-9)
    assert line.r2 == pytest.approx(want["r2"], abs=1e-9)


def test_errors_are_the_plain_loop() -> None:
    rng = np.random.default_rng(5)
    x, lags = rng.normal(0, 1, 80), 4
    y = 0.1 + 0.5 * x + np.convolve(rng.normal(0, 1, 84), np.ones(5), "valid")
    line = fit_line(x, y, lags)
    assert line is not None
    n = x.size
    design = np.column_stack((np.ones(n), x))
    error = y - design @ [line.alpha, line.beta]
    middle = np.zeros((2, 2))
    for t in range(n):
        for s in range(n):
            weight = max(0.0, 1 - abs(t - s) / (lags + 1))
            middle += weight * error[t] * error[s] * np.outer(design[t], design[s])
    inverse = np.linalg.inv(design.T @ design)
    errors = np.sqrt(np.diag(inverse @ middle @ inverse) * n / (n - 2))
    assert (line.alpha_error, line.beta_error) == pytest.approx(tuple(errors))


def test_a_market_that_stands_still_has_no_line() -> None:
    assert fit_line(np.zeros(50), np.ones(50)) is None


def test_the_interval_holds_the_estimate() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(0, 1, 500)
    line = fit_line(x, 0.3 * x + rng.normal(0, 1, 500))
    assert line is not None
    low, high = line.beta_interval
    assert low < 0.3 < high
