"""The smile of one expiry: published check values, the strip condition, wings without arbitrage."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from alvh.core.compiled import plain
from alvh.pricing.modelled.calibration import SHAPE
from alvh.pricing.modelled.spx_quotes import exact_spx, quote_spx
from alvh.pricing.modelled.svi import SHAPE_SIZE, Shape, solve_slice, strip_variance, wing_parameters

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "modelled_slices.csv"
# The report's own coefficients, which know one slope of the term structure.
PUBLISHED = np.array(
    [
        [0.3961, -0.1335, 0.2177, 0.0],
        [0.5516, -0.1757, 0.0895, 0.0],
        [2.0607, -0.4453, 0.0391, 0.0],
        [0.4789, -0.0624, 0.0785, 0.0],
    ]
)
Z = np.array([-3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0])


def check_values() -> list[dict[str, float]]:
    lines = [line for line in REFERENCE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [{key: float(cell) for key, cell in row.items()} for row in csv.DictReader(lines)]


def prices(shape: np.ndarray, strikes: np.ndarray) -> np.ndarray:
    vector = np.concatenate((shape, [1.0, 1.0, 5.0, 0.0, 20.0, 3.0, 10.0]))
    return exact_spx(vector, strikes, np.zeros(strikes.size, dtype=np.bool_))


@pytest.mark.parametrize("row", check_values(), ids=lambda row: f"{row['days']:.0f}d-{row['vol']:.0%}")
def test_reproduces_the_published_slices(row: dict[str, float]) -> None:
    total = row["vol"] ** 2 * row["days"] / 365.0
    shape = solve_slice(4000.0, total, row["days"], row["slope"], 0.05, PUBLISHED)
    places = (Shape.B, Shape.RHO, Shape.M, Shape.S)
    assert shape[list(places)] == pytest.approx([row["b"], row["rho"], row["m"], row["s"]], abs=2e-4)
    assert shape[Shape.A] == pytest.approx(row["a"], abs=2e-3)
    y = Z - shape[Shape.M]
    ratio = np.sqrt(shape[Shape.A] + shape[Shape.B] * (shape[Shape.RHO] * y + np.hypot(y, shape[Shape.S])))
    expected = [value for key, value in row.items() if key.startswith("r_")]
    assert ratio == pytest.approx(expected, abs=2e-3)


GRID = list(product((0.7, 3.0, 9.0, 30.0, 93.0, 365.0), (0.09, 0.2, 0.8), (-0.1, 0.1, 0.25), (700.0, 6000.0)))


@pytest.mark.parametrize(("days", "vol", "slope", "forward"), GRID)
def test_the_strip_returns_the_variance_it_was_given(days: float, vol: float, slope: float, forward: float) -> None:
    total = vol * vol * days / 365.0
    shape = solve_slice(forward, total, days, slope, 0.05, SHAPE)
    assert shape.size == SHAPE_SIZE
    assert strip_variance(shape) == pytest.approx(total, rel=5e-6)


def test_the_strip_integral_is_right_against_a_dense_sum() -> None:
    total = 0.16**2 * 30.0 / 365.0
    shape = solve_slice(4000.0, total, 30.0, 0.1, 0.05, SHAPE)
    strikes = np.arange(500.125, 8000.0, 0.25)
    calls = prices(shape, strikes)
    out = np.where(strikes < 4000.0, calls - (4000.0 - strikes), calls)
    dense = 2.0 * np.sum(np.where(out > 0.06, out / strikes**2, 0.0)) * 0.25
    assert dense == pytest.approx(total, rel=2e-4)


@pytest.mark.parametrize(
    ("days", "vol", "slope"), list(product((2.0, 14.0, 45.0, 184.0), (0.1, 0.3), (-0.1, 0.1, 0.25)))
)
def test_prices_fall_and_are_convex_in_the_strike(days: float, vol: float, slope: float) -> None:
    total = vol * vol * days / 365.0
    shape = solve_slice(4000.0, total, days, slope, 0.05, SHAPE)
    strikes = np.linspace(4000.0 * np.exp(-9.0 * total**0.5), 4000.0 * np.exp(4.0 * total**0.5), 600)
    calls = prices(shape, strikes)
    steps = np.diff(calls)
    assert steps.max() < 0.0
    # The put wing's lift costs less than a hundredth of a tick of convexity in a steep term structure.
    assert np.diff(steps).min() > -5e-4


def test_a_call_wing_never_rises_again() -> None:
    shape = solve_slice(4000.0, 0.16**2 * 30.0 / 365.0, 30.0, 0.1, 0.05, SHAPE)
    far = prices(shape, np.arange(4400.0, 6000.0, 5.0))
    assert np.all(np.diff(far) < 0.0)
    assert far[-1] < 1e-6


def test_the_lift_stays_within_what_recorded_wings_showed() -> None:
    shape = solve_slice(4000.0, 0.16**2 * 30.0 / 365.0, 30.0, 0.25, 0.05, SHAPE)
    assert 0.0 < shape[Shape.LIFT] <= 0.25


def test_compiled_and_plain_give_the_same_quotes() -> None:
    shape = solve_slice(4000.0, 0.0021, 30.0, 0.1, 0.05, SHAPE)
    vector = np.concatenate((shape, [0.99, 1.0, 5.0, -2.8, 20.0, 3.0, 10.0]))
    strikes = np.arange(3000.0, 4600.0, 12.5)
    is_put = np.arange(strikes.size) % 2 == 0
    for fast, slow in zip(quote_spx(vector, strikes, is_put), plain(quote_spx)(vector, strikes, is_put), strict=True):
        assert np.array_equal(fast, slow)
    assert plain(wing_parameters)(30.0, 0.1, 0.05, SHAPE) == pytest.approx(
        wing_parameters(30.0, 0.1, 0.05, SHAPE), rel=1e-15
    )
