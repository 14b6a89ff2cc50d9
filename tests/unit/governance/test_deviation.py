"""G-IRR: model paths forward from entry, set beside what was earned."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.engine.run import Run
from alvh.governance.deviation import Deviation, model_value
from alvh.method.governed import GIrr
from alvh.pricing.black76 import price
from alvh.strategy.decision import Outcome, Verdict
from fakes.market import FlatMarket, random_market, weekdays
from fakes.runs import policy, run_alvh

RULE = GIrr(policy().parameters.governance.irr)


def verdicts(made: Run) -> list[Verdict]:
    return [verdict for day in made.decisions for verdict in day.verdicts if verdict.rule == "G-IRR"]


def test_a_model_path_is_the_entry_surface_as_time_passes() -> None:
    paths = np.array([[100.0], [105.0], [0.25], [0.2], [0.03], [0.0], [1000.0]])
    for days in (0.0, 30.0, 80.0, 95.0):
        left = max(0.25 - days / 365.0, 0.0)
        expected = price(100.0, 105.0, left, 0.2, False, np.exp(-0.03 * left)).item() if left > 0.0 else 0.0
        assert model_value(paths, np.array([-200.0]), 1000.0 + days) == pytest.approx(-200.0 * expected, abs=1e-9)


def test_without_a_position_nothing_is_said() -> None:
    assert RULE.judge(Deviation()).outcome is Outcome.ABSTAINED


@pytest.mark.parametrize(
    ("actual", "outcome"), [(0.0040, Outcome.QUIET), (0.0041, Outcome.FIRED), (-0.0041, Outcome.FIRED)]
)
def test_it_fires_beyond_forty_basis_points(actual: float, outcome: Outcome) -> None:
    found = Deviation()
    found.actual, found.base = actual, 1.0
    assert RULE.judge(found).outcome is outcome


def test_a_market_that_stands_still_follows_its_model() -> None:
    days = weekdays(date(2018, 1, 1), 110)
    made = run_alvh(FlatMarket(days=days, spot=[2700.0] * 110, vix=[15.0] * 110))
    said = verdicts(made)
    assert len(said) == 110
    assert not [verdict for verdict in said if verdict.outcome is Outcome.FIRED]
    moved = [abs(float(verdict.observed["deviation"] or 0.0)) for verdict in said if verdict.observed]
    # What is left is rounding of quotes to ticks.
    assert max(moved) < 0.002


def test_a_market_that_jumps_does_not() -> None:
    assert [verdict for verdict in verdicts(run_alvh(random_market(4, 160))) if verdict.outcome is Outcome.FIRED]
