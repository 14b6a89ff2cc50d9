from __future__ import annotations

import numpy as np
import pytest

from alvh.method.regimes.steward import RSteward
from alvh.strategy.decision import Outcome
from fakes.regimes import WHY, regime, told

N = 1300
FLAT = [0.5 if row % 2 else -0.5 for row in range(N)]
"""A column without trend: its last value scores near minus or plus one."""


def jump(size: float) -> list[float]:
    """Trendless, then far out on the last session."""
    return [*FLAT[:-1], size]


def steady() -> list[float]:
    """Trendless, at its mean on the last session."""
    return [*FLAT[:-1], 0.0]


class TestSteward:
    regime = "R-STEWARD"

    def test_fires_promoter_when_costs_ipos_and_rotation_run_high(self) -> None:
        made = regime(
            "R-STEWARD",
            {
                "S-WACC.level": jump(5.0),
                "S-WACC.change": jump(5.0),
                "S-IPO.activity": jump(5.0),
                "S-ROT.momentum": jump(5.0),
                "S-REIT.relative": jump(-5.0),
            },
        )
        assert made["score"].value[-1] == 1.0
        assert made["promoter"].value[-1] == 1.0
        assert made["steward"].value[-1] == 0.0
        assert made["present"].value[-1] == 4
        verdict = told("R-STEWARD", made)
        assert verdict.outcome is Outcome.FIRED
        assert verdict.sentence.startswith("The market is a promoter's: score +1.00, the mean of 4 (wacc +1.00")

    def test_fires_steward_when_reits_hold_and_cash_flow_is_steady(self) -> None:
        names = ("S-DDM.sd", "S-PCF.sd", "S-DIV.sd", "S-QUICK.sd", "S-AD.spread")
        made = regime("R-STEWARD", {**{name: jump(-5.0) for name in names}, "S-REIT.relative": jump(5.0)})
        assert made["score"].value[-1] == -1.0
        assert made["steward"].value[-1] == 1.0

    def test_stays_silent_between_and_shows_every_contribution(self) -> None:
        made = regime(
            "R-STEWARD",
            {"S-WACC.level": jump(5.0), "S-REIT.relative": jump(5.0), "S-ROT.momentum": steady()},
        )
        assert made["wacc"].value[-1] == 1.0
        assert made["reit"].value[-1] == -1.0
        assert made["rotation"].value[-1] == pytest.approx(0.0, abs=0.01)
        assert made["score"].value[-1] == pytest.approx(0.0, abs=0.01)
        assert made["promoter"].value[-1] == made["steward"].value[-1] == 0.0
        verdict = told("R-STEWARD", made)
        assert verdict.outcome is Outcome.QUIET
        assert "absent: explained, ipo, pe_dispersion" in verdict.sentence

    def test_the_cost_of_capital_is_one_input_made_of_two_scores(self) -> None:
        other = {"S-ROT.momentum": jump(5.0), "S-REIT.relative": jump(-5.0)}
        made = regime("R-STEWARD", {"S-WACC.level": jump(5.0), "S-WACC.change": jump(-5.0), **other})
        assert made["wacc"].value[-1] == 0.0
        assert made["score"].value[-1] == pytest.approx(2 / 3)

    def test_half_a_clipped_deviation_is_half_a_score(self) -> None:
        random = np.random.default_rng(5).standard_normal(N)
        column = random.tolist()
        made = regime("R-STEWARD", dict.fromkeys(("S-ROT.momentum", "S-IPO.activity", "S-AD.spread"), column))
        window = random[-1260:]
        score = (random[-1] - window.mean()) / window.std(ddof=1)
        assert made["score"].value[-1] == pytest.approx(np.clip(score, -2, 2) / 2)

    def test_it_is_left_later_than_it_is_entered(self) -> None:
        tail = [1.0, 0.2, 0.05]
        column = [*FLAT, *tail]
        names = ("S-ROT.momentum", "S-IPO.activity", "S-AD.spread")
        made = regime("R-STEWARD", dict.fromkeys(names, column))
        assert made["score"].value[-3] >= 0.25 > made["score"].value[-2] > 0.10 > made["score"].value[-1]
        assert made["promoter"].value[-3:].tolist() == [1.0, 1.0, 0.0]

    def test_is_absent_with_fewer_than_three_inputs(self) -> None:
        made = regime("R-STEWARD", {"S-ROT.momentum": jump(5.0), "S-IPO.activity": jump(5.0)})
        assert not made["score"].present.any()
        assert not made["promoter"].present.any()
        verdict = told("R-STEWARD", made)
        assert verdict.outcome is Outcome.ABSTAINED
        assert "fewer than 3 of its 11 inputs are present" in verdict.sentence

    def test_an_absent_input_keeps_its_own_reason_and_a_young_one_gives_its(self) -> None:
        made = regime("R-STEWARD", {"S-ROT.momentum": FLAT[:100]})
        assert made["ipo"].reasons[made["ipo"].code[-1]] == WHY
        assert "fewer than 252 sessions with S-ROT.momentum" in made["rotation"].reasons[made["rotation"].code[50]]

    def test_it_reads_every_input_of_the_rulebook(self) -> None:
        assert len([part for part in RSteward.parts if part.meaning.startswith("contribution")]) == 11
