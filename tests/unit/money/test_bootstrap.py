import numpy as np
import pytest

from alvh.money.bootstrap import interval, stationary_rows


def test_rows_stay_in_range_and_repeat_by_seed() -> None:
    first = stationary_rows(50, 20, 5, np.random.default_rng(1))
    second = stationary_rows(50, 20, 5, np.random.default_rng(1))
    assert np.array_equal(first, second)
    assert first.shape == (20, 50)
    assert first.min() >= 0
    assert first.max() < 50


def test_blocks_have_the_mean_length_asked_for() -> None:
    rows = stationary_rows(1000, 200, 21, np.random.default_rng(2))
    breaks = np.mean(np.diff(rows, axis=1) % 1000 != 1)
    assert 1 / breaks == pytest.approx(21, rel=0.05)


def test_every_row_is_drawn_about_equally() -> None:
    rows = stationary_rows(20, 5000, 5, np.random.default_rng(3))
    share = np.bincount(rows.ravel(), minlength=20) / rows.size
    assert share == pytest.approx(np.full(20, 0.05), rel=0.05)


def test_the_interval_is_equal_tailed() -> None:
    assert interval(np.linspace(0, 1, 1001)) == pytest.approx((0.025, 0.975))
