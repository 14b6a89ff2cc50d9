from __future__ import annotations

import numpy as np

from alvh.signals.swings import Margins, diverging_highs, pairs_of_highs, recently, swing_highs

MARGINS = Margins(arm=5, nearest=10, farthest=60, price=0.25, indicator=0.25)


def plain_swings(values: list[float], arm: int) -> list[int]:
    """Highs by their definition, one row at a time."""
    found = []
    for row in range(arm, len(values) - arm):
        before, after = values[row - arm : row], values[row + 1 : row + arm + 1]
        if values[row] > max(before) and values[row] >= max(after):
            found.append(row)
    return found


def two_tops(first: float, second: float, apart: int = 30, length: int = 200) -> np.ndarray:
    """A calm line with two tops of given heights."""
    row = np.arange(length, dtype=float)
    top = 100 + first - np.abs(row - 120)
    other = 100 + second - np.abs(row - 120 - apart)
    return np.maximum(np.maximum(top, other), 80.0 - 0.001 * row)


def test_swing_highs_are_those_of_the_definition() -> None:
    values = np.random.default_rng(2).integers(0, 30, 500).astype(float)
    assert swing_highs(values, 5).tolist() == plain_swings(values.tolist(), 5)
    assert swing_highs(values[:10], 5).size == 0


def test_a_high_that_lasts_is_dated_at_its_first_day() -> None:
    values = np.array([1.0, 2, 3, 3, 3, 2, 1, 0, 0, 0])
    assert swing_highs(values, 2).tolist() == [2]


def test_a_swing_is_confirmed_by_later_rows_and_known_from_then_on() -> None:
    values = two_tops(10.0, 12.0)
    whole = pairs_of_highs(values, MARGINS)
    last = int(whole.confirmed[-1])
    assert last == 150 + 5
    assert pairs_of_highs(values[:last], MARGINS).confirmed.tolist() == whole.confirmed[:-1].tolist()
    assert pairs_of_highs(values[: last + 1], MARGINS).confirmed.tolist() == whole.confirmed.tolist()


def test_a_higher_high_with_a_lower_indicator_diverges() -> None:
    price, indicator = two_tops(10.0, 12.0), two_tops(16.0, 10.0)
    assert diverging_highs(price, indicator, MARGINS).second.tolist() == [150]


def test_a_lower_high_does_not_diverge_nor_does_an_indicator_that_follows() -> None:
    assert diverging_highs(two_tops(12.0, 10.0), two_tops(12.0, 10.0), MARGINS).second.size == 0
    assert diverging_highs(two_tops(10.0, 12.0), two_tops(10.0, 12.0), MARGINS).second.size == 0


def test_a_difference_inside_the_margins_is_none() -> None:
    assert diverging_highs(two_tops(10.0, 10.1), two_tops(12.0, 10.0), MARGINS).second.size == 0
    assert diverging_highs(two_tops(10.0, 12.0), two_tops(12.0, 11.9), MARGINS).second.size == 0


def test_swings_too_near_or_too_far_apart_are_no_pair() -> None:
    near, far = Margins(arm=2, nearest=10, farthest=60, price=0, indicator=0), MARGINS
    assert 120 + 8 not in diverging_highs(two_tops(10.0, 12.0, 8), two_tops(12.0, 10.0, 8), near).second
    assert 120 + 70 not in diverging_highs(two_tops(10.0, 12.0, 70), two_tops(12.0, 10.0, 70), far).second


def test_lows_mirror_by_their_signs() -> None:
    price, indicator = 200 - two_tops(10.0, 12.0), 200 - two_tops(16.0, 10.0)
    assert diverging_highs(price, indicator, MARGINS).second.size == 0
    assert diverging_highs(-price, -indicator, MARGINS).second.tolist() == [150]


def test_what_was_confirmed_counts_for_its_time() -> None:
    assert recently(np.array([2, 6]), 10, 3).tolist() == [
        False,
        False,
        True,
        True,
        True,
        False,
        True,
        True,
        True,
        False,
    ]
    assert not recently(np.zeros(0, np.int64), 4, 3).any()
