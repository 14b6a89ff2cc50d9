import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from alvh.money.curve import Curve
from alvh.money.drawdown import depth, drawdowns, max_drawdown, under_water


def curve(*values: float, initial: float = 100.0) -> Curve:
    days = np.arange("2020-01-01", "2021-01-01", dtype="datetime64[D]")[: len(values)]
    return Curve(name="x", dates=days, value=np.array(values, float), initial=initial)


def test_deepest_fall_with_its_dates() -> None:
    found = max_drawdown(curve(100, 120, 90, 100, 121))
    assert found is not None
    assert found.depth == pytest.approx(-0.25)
    assert (found.peak, found.trough, found.recovery) == (date(2020, 1, 2), date(2020, 1, 3), date(2020, 1, 5))
    assert found.days == 1


def test_a_fall_that_lasts_has_no_recovery() -> None:
    found = max_drawdown(curve(100, 50, 75))
    assert found is not None
    assert found.recovery is None


def test_the_initial_wealth_is_the_first_maximum() -> None:
    assert under_water(curve(90, 95)) == pytest.approx([-0.1, -0.05])
    found = max_drawdown(curve(90, 95))
    assert found is not None
    assert found.peak == date(2020, 1, 1)


def test_wealth_that_never_fell_has_no_drawdown() -> None:
    assert max_drawdown(curve(100, 101, 102)) is None
    assert drawdowns(curve(100, 101, 102)) == ()


def test_falls_are_listed_deepest_first() -> None:
    found = drawdowns(curve(100, 95, 100, 80, 101, 99))
    assert [round(fall.depth, 4) for fall in found] == [-0.2, -0.05, round(99 / 101 - 1, 4)]


def test_depth_of_many_paths_agrees_with_one() -> None:
    paths = np.exp(np.cumsum(np.random.default_rng(3).normal(0, 0.01, (5, 200)), axis=1))
    for path, found in zip(paths, depth(paths), strict=True):
        one = max_drawdown(curve(*path, initial=1.0))
        assert one is not None
        assert found == pytest.approx(-one.depth)


@pytest.mark.shared
def test_reference_drawdown(shared_reference: Path) -> None:
    known = json.loads((shared_reference / "capm_perf.json").read_text())
    found = max_drawdown(curve(*np.cumprod(1 + np.array(known["portfolio"])), initial=1.0))
    assert found is not None
    assert found.depth == pytest.approx(known["result"]["max_drawdown"], abs=1e-9)
