from __future__ import annotations

import numpy as np
import pytest

from alvh.book.liquidity import liquidity, quick_ratio, relative_half_spread


def test_the_median_half_spread_is_relative_to_mid() -> None:
    bid, ask = np.array([0.9, 9.5, 0.0]), np.array([1.1, 10.5, 0.1])
    assert relative_half_spread(bid, ask) == pytest.approx(0.1)


def test_quotes_without_two_sides_are_left_out_and_none_is_no_zero() -> None:
    bid, ask = np.array([1.0, 2.0, np.nan]), np.array([0.9, 0.0, 1.0])
    assert relative_half_spread(bid, ask) is None
    assert relative_half_spread(np.array([1.0, 2.0]), np.array([0.9, 2.0])) == 0.0
    assert relative_half_spread(np.zeros(0), np.zeros(0)) is None


def test_liquidity_compares_with_the_median_of_the_sessions_before() -> None:
    before = [9.0, *[0.02] * 30, None, *[0.04] * 32]
    assert liquidity(0.06, before) == pytest.approx(0.06 / 0.04)  # 9.0 is 64 sessions back
    assert liquidity(0.06, [0.03] * 100) == pytest.approx(2.0)
    assert liquidity(0.06, [0.03] * 20) is None
    assert liquidity(None, [0.03] * 63) is None
    assert liquidity(0.06, [0.0] * 63) is None


def test_the_quick_ratio_covers_margin_and_the_loss_in_the_shock() -> None:
    assert quick_ratio(120_000.0, 80_000.0, 40_000.0) == pytest.approx(1.0)
    assert quick_ratio(120_000.0, 80_000.0, -40_000.0) == pytest.approx(1.5)
    assert quick_ratio(120_000.0, 0.0, -1.0) is None
    assert quick_ratio(float("nan"), 1.0, 1.0) is None
    assert quick_ratio(-5.0, 10.0, 0.0) == pytest.approx(-0.5)


class TestLiquidity:
    """The part of S-LIQ that only positions know; it is absent elsewhere."""

    signal = "S-LIQ"

    def test_fires_when_quotes_are_wider_than_they_were(self) -> None:
        assert liquidity(0.06, [0.03] * 63) == pytest.approx(2.0)

    def test_stays_silent_when_they_are_as_they_were(self) -> None:
        assert liquidity(0.03, [0.03] * 63) == pytest.approx(1.0)

    def test_is_absent_without_a_month_of_quotes(self) -> None:
        assert liquidity(0.06, [0.03] * 20) is None
