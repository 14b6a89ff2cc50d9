from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh.method.regimes.scores import hysteresis, trailing_scores


def plain(values: np.ndarray, window: int, at_least: int) -> list[float | None]:
    found: list[float | None] = []
    for row in range(values.size):
        seen = values[max(0, row - window + 1) : row + 1]
        seen = seen[np.isfinite(seen)]
        if not np.isfinite(values[row]) or seen.size < max(at_least, 2) or np.ptp(seen) < 1e-9:
            found.append(None)
        else:
            found.append((values[row] - seen.mean()) / seen.std(ddof=1))
    return found


@given(st.integers(0, 10_000), st.floats(0.0, 0.9), st.sampled_from([0.0, 5.0, -300.0]))
def test_scores_are_the_deviations_of_their_window(seed: int, gaps: float, level: float) -> None:
    random = np.random.default_rng(seed)
    values = level + np.cumsum(random.standard_normal(120))
    values[random.random(120) < gaps] = np.nan
    made = trailing_scores(values, 30, 10)
    for ours, theirs in zip(made.tolist(), plain(values, 30, 10), strict=True):
        assert np.isnan(ours) if theirs is None else ours == pytest.approx(theirs, abs=1e-8)


def test_a_constant_has_no_score() -> None:
    assert np.isnan(trailing_scores(np.full(50, 0.07), 20, 5)).all()
    assert np.isnan(trailing_scores(np.full(50, np.nan), 20, 5)).all()


def test_a_longer_history_changes_no_bit() -> None:
    values = np.random.default_rng(1).standard_normal(500)
    assert trailing_scores(values[:300], 50, 10).tobytes() == trailing_scores(values, 50, 10)[:300].tobytes()


class TestHysteresis:
    @staticmethod
    def states(*scores: float | None) -> list[float]:
        here = np.array([score is not None for score in scores])
        return hysteresis(np.array([score or 0.0 for score in scores]), here, enter=0.25, leave=0.10).tolist()

    def test_it_is_entered_high_and_left_low(self) -> None:
        assert self.states(0.24, 0.25, 0.11, 0.10, 0.24) == [0, 1, 1, 0, 0]
        assert self.states(-0.24, -0.25, -0.11, -0.10) == [0, -1, -1, 0]

    def test_it_may_turn_over_in_a_day(self) -> None:
        assert self.states(0.3, -0.3, -0.2, 0.2) == [1, -1, -1, 0]

    def test_an_absent_score_is_forgotten(self) -> None:
        assert self.states(0.3, None, 0.2) == [1, 0, 0]
