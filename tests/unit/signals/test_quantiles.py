from __future__ import annotations

import numpy as np
import pytest

from alvh.signals.quantiles import trailing_quantile, trailing_rank

VALUES = np.random.default_rng(9).standard_normal(400).round(1)
VALUES[[3, 50, 51, 399]] = np.nan


@pytest.mark.parametrize("level", [0.0, 0.25, 0.4, 0.75, 1.0])
def test_quantiles_are_those_of_numpy(level: float) -> None:
    mine = trailing_quantile(VALUES, 63, level, at_least=20)
    for place in (19, 30, 62, 110, 399):
        window = VALUES[max(0, place - 62) : place + 1]
        held = window[np.isfinite(window)]
        expected = np.quantile(held, level) if held.size >= 20 else np.nan
        assert mine[place] == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_a_rank_is_the_share_below_with_ties_halved() -> None:
    mine = trailing_rank(VALUES, 63, at_least=20)
    for place in (25, 110, 398):
        window = VALUES[max(0, place - 62) : place + 1]
        held = window[np.isfinite(window)]
        share = ((held < VALUES[place]).sum() + 0.5 * (held == VALUES[place]).sum()) / held.size
        assert mine[place] == pytest.approx(share)
    assert np.isnan(mine[399])
    assert np.isnan(mine[:18]).all()
    assert trailing_rank(np.full(5, 2.0), 5, at_least=1).tolist() == [0.5] * 5
    assert trailing_rank(np.zeros(0), 5, at_least=1).size == 0
