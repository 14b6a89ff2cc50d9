from __future__ import annotations

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.market.strikes import nearest_strike, strike_grid, strike_step


@pytest.mark.parametrize(
    ("root", "strike", "step"),
    [
        ("SPX", 2900.0, 5.0),
        ("SPXW", 1200.0, 5.0),
        ("XSP", 450.0, 1.0),
        ("VIX", 14.5, 0.5),
        ("VIX", 15.0, 1.0),
        ("VIX", 199.0, 1.0),
        ("VIX", 200.0, 5.0),
    ],
)
def test_the_finest_spacing(root: str, strike: float, step: float) -> None:
    assert strike_step(root, strike) == step


def test_far_spx_expiries_are_coarser() -> None:
    assert strike_step("SPX", 2900.0, dte=120) == 5.0
    assert strike_step("SPX", 2900.0, dte=121) == 25.0


def test_the_vix_grid_changes_its_spacing_at_fifteen() -> None:
    np.testing.assert_array_equal(strike_grid("VIX", 13.8, 18.2), [14.0, 14.5, 15.0, 16.0, 17.0, 18.0])


def test_the_vix_grid_changes_its_spacing_at_two_hundred() -> None:
    np.testing.assert_array_equal(strike_grid("VIX", 197.5, 211.0), [198.0, 199.0, 200.0, 205.0, 210.0])


def test_both_ends_belong_to_the_grid() -> None:
    np.testing.assert_array_equal(strike_grid("SPX", 2900.0, 2910.0), [2900.0, 2905.0, 2910.0])


def test_zero_is_no_strike() -> None:
    assert strike_grid("SPX", 0.0, 10.0)[0] == 5.0


def test_a_gap_of_the_grid_is_empty() -> None:
    assert strike_grid("SPX", 2901.0, 2904.0).size == 0


@pytest.mark.parametrize(
    ("root", "target", "strike"),
    [("SPX", 2902.5, 2900.0), ("SPX", 2902.6, 2905.0), ("VIX", 14.8, 15.0), ("VIX", 200.4, 200.0), ("VIX", 0.1, 0.5)],
)
def test_nearest_strike(root: str, target: float, strike: float) -> None:
    assert nearest_strike(root, target) == strike


@pytest.mark.parametrize("strike", [0.0, -5.0, float("nan")])
def test_a_strike_must_be_positive(strike: float) -> None:
    with pytest.raises(UsageError, match="positive"):
        strike_step("SPX", strike)


def test_a_range_must_be_one() -> None:
    with pytest.raises(UsageError, match="finite range"):
        strike_grid("SPX", 3000.0, float("nan"))


def test_a_root_without_a_grid_is_refused() -> None:
    with pytest.raises(UsageError, match="No strike grid is known for the root 'ES'"):
        strike_step("ES", 3000.0)
