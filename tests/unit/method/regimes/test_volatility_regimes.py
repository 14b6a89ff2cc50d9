from __future__ import annotations

import numpy as np
import pytest

from alvh.strategy.decision import Outcome
from fakes.evidence import series
from fakes.regimes import WHY, regime, told


class TestVolatility:
    regime = "R-VOL"

    def test_fires_compressed_in_the_lowest_third(self) -> None:
        made = regime("R-VOL", {"S-VIXHIST.percentile": [0.33, 0.34], "S-TERM.inverted": [0.0, 0.0]})
        assert made["compressed"].value.tolist() == [1.0, 0.0]
        assert told("R-VOL", made, 0, S_VIXHIST_percentile=0.33).sentence == (
            "Volatility is compressed: VIX closed lower on 33 % of the 252 sessions before."
        )

    def test_fires_stressed_in_the_highest_tenth_or_when_inverted(self) -> None:
        made = regime("R-VOL", {"S-VIXHIST.percentile": [0.9, 0.89, 0.2], "S-TERM.inverted": [0.0, 0.0, 1.0]})
        assert made["stressed"].value.tolist() == [1.0, 0.0, 1.0]
        assert made["compressed"].value.tolist() == [0.0, 0.0, 0.0]

    def test_stays_silent_between(self) -> None:
        made = regime("R-VOL", {"S-VIXHIST.percentile": [0.5], "S-TERM.inverted": [0.0]})
        verdict = told("R-VOL", made, S_VIXHIST_percentile=0.5)
        assert verdict.outcome is Outcome.QUIET
        assert "normal" in verdict.sentence

    def test_without_vix3m_the_level_decides_and_it_says_so(self) -> None:
        made = regime("R-VOL", {"S-VIXHIST.percentile": [0.95]})
        assert made["stressed"].value.tolist() == made["level_only"].value.tolist() == [1.0]
        assert "VIX3M is not known" in told("R-VOL", made, S_VIXHIST_percentile=0.95).sentence

    def test_is_absent_without_the_level(self) -> None:
        made = regime("R-VOL", {"S-TERM.inverted": [1.0]})
        assert not made["stressed"].present.any()
        assert not made["compressed"].present.any()
        assert told("R-VOL", made).outcome is Outcome.ABSTAINED


def prices(total: float, sessions: int = 40) -> np.ndarray:
    """Twenty flat closes, then a log move of `total` in twenty more."""
    return 1000.0 * np.exp(np.concatenate([np.zeros(sessions - 20), np.linspace(total / 20, total, 20)]))


class TestRange:
    regime = "R-RANGE"

    def test_fires_while_the_move_is_less_than_vix_implied_at_its_start(self) -> None:
        sigma = 0.16 * np.sqrt(20 / 252)
        vix = np.full(40, 16.0)
        made = regime(
            "R-RANGE",
            {"S-RV.premium": [3.0] * 40},
            series("SPX", prices(0.99 * sigma)),
            series("VIX", vix),
        )
        assert made["bound"].value[-1] == 1.0
        assert made["move"].value[-1] == pytest.approx(0.99)
        assert told("R-RANGE", made).outcome is Outcome.FIRED

    def test_stays_silent_beyond_it_even_when_vix_has_jumped_since(self) -> None:
        vix = np.concatenate([np.full(39, 16.0), [60.0]])
        made = regime("R-RANGE", {"S-RV.premium": [3.0] * 40}, series("SPX", prices(-0.09)), series("VIX", vix))
        assert made["bound"].value[-1] == 0.0
        assert told("R-RANGE", made).outcome is Outcome.QUIET

    def test_stays_silent_while_more_is_realised_than_implied(self) -> None:
        made = regime(
            "R-RANGE",
            {"S-RV.premium": [-1.0] * 40},
            series("SPX", prices(0.0)),
            series("VIX", np.full(40, 16.0)),
        )
        assert made["bound"].value[-1] == 0.0

    def test_is_absent_without_vix_and_while_young(self) -> None:
        made = regime("R-RANGE", {"S-RV.premium": [3.0] * 40}, series("SPX", prices(0.0)))
        assert not made["bound"].present.any()
        made = regime(
            "R-RANGE", {"S-RV.premium": [3.0] * 40}, series("SPX", prices(0.0)), series("VIX", np.full(40, 16.0))
        )
        assert made["bound"].present.tolist() == [False] * 20 + [True] * 20
        assert "fewer than 21 days" in told("R-RANGE", made, 5).sentence


CALM = {
    "S-RV.ratio": [1.0],
    "S-TERM.inverted": [0.0],
    "S-TERM.low": [0.0],
    "S-MACD.vix_above": [0.0],
    "S-MACD.spx_above": [1.0],
    "S-AD.divergence": [0.0],
    "S-AD.change": [5.0],
    "S-RV.jump_share": [0.3],
}
RALLY = series("SPX", 1000.0 + np.arange(40.0))
DECLINE = series("SPX", 1000.0 - np.arange(40.0))


def motion(*index, **changes: float | None):
    """R-MOTION on the last of forty sessions; S_RV_ratio for S-RV.ratio."""
    given = {**CALM, **{name.replace("_", "-", 1).replace("_", ".", 1): [value] for name, value in changes.items()}}
    return regime("R-MOTION", {name: values * 40 for name, values in given.items()}, *(index or (RALLY,)))


class TestMotion:
    regime = "R-MOTION"

    def test_fires_with_three_points(self) -> None:
        made = motion(S_RV_ratio=1.25, S_TERM_inverted=1.0, S_MACD_vix_above=1.0)
        assert made["points"].value[-1] == 3
        assert made["motion"].value[-1] == 1.0
        assert made["response"].value[-1] == pytest.approx(0.6)
        verdict = told("R-MOTION", made)
        assert verdict.outcome is Outcome.FIRED
        assert "3 of 5 points" in verdict.sentence
        assert "targets move 60% of the way" in verdict.sentence

    def test_stays_silent_with_two_and_answers_by_two_fifths(self) -> None:
        made = motion(S_RV_ratio=1.25, S_TERM_inverted=1.0)
        assert made["motion"].value[-1] == 0.0
        assert made["response"].value[-1] == pytest.approx(0.4)
        assert told("R-MOTION", made).outcome is Outcome.QUIET

    @pytest.mark.parametrize(
        ("part", "change"),
        [
            ("expanding", {"S_RV_ratio": 1.25}),
            ("inverting", {"S_TERM_inverted": 1.0}),
            ("inverting", {"S_TERM_low": 1.0}),
            ("rising", {"S_MACD_vix_above": 1.0}),
            ("breadth", {"S_AD_divergence": 1.0}),
            ("orderly", {"S_RV_jump_share": 0.149}),
        ],
    )
    def test_each_kind_gives_one_point(self, part: str, change: dict[str, float]) -> None:
        assert motion()["points"].value[-1] == 0
        made = motion(**change)
        assert made[part].value[-1] == 1.0
        assert made["points"].value[-1] == 1

    def test_breadth_is_held_against_the_move(self) -> None:
        assert motion(S_AD_change=-5.0)["breadth"].value[-1] == 0.0
        assert motion(DECLINE, S_AD_change=-5.0)["breadth"].value[-1] == 1.0
        assert motion(DECLINE, S_AD_divergence=1.0)["breadth"].value[-1] == 0.0
        assert motion(series("SPX", np.full(40, 1000.0)), S_AD_divergence=1.0)["breadth"].value[-1] == 0.0

    def test_the_put_side_wants_spx_to_fall_by_its_macd_as_well(self) -> None:
        three = {"S_RV_ratio": 1.25, "S_TERM_inverted": 1.0, "S_MACD_vix_above": 1.0}
        made = motion(**three)
        assert made["put_points"].value[-1] == 2
        assert made["put_motion"].value[-1] == 0.0
        assert "none for the put side" in told("R-MOTION", made).sentence
        made = motion(**three, S_MACD_spx_above=0.0)
        assert made["put_points"].value[-1] == 3
        assert made["put_motion"].value[-1] == 1.0
        assert made["put_response"].value[-1] == pytest.approx(0.6)

    def test_is_absent_with_two_kinds_of_evidence_and_judged_on_three(self) -> None:
        gone = {"S_TERM_inverted": None, "S_TERM_low": None, "S_AD_divergence": None}
        made = motion(**gone)
        assert made["present"].value[-1] == 3
        assert made["motion"].present[-1]
        made = motion(**gone, S_RV_jump_share=None)
        assert not made["motion"].present[-1]
        assert "fewer than 3 of its 5 kinds of evidence are present" in told("R-MOTION", made).sentence

    def test_one_half_of_the_curve_is_enough(self) -> None:
        assert motion(S_TERM_inverted=None, S_TERM_low=1.0)["inverting"].value[-1] == 1.0
        assert motion(S_TERM_inverted=0.0, S_TERM_low=None)["inverting"].present[-1]


FALLING = series("VIX", np.linspace(20.0, 12.0, 40))
PRESS = {"R-VOL.compressed": [1.0] * 40, "S-TERM.slope": [0.06] * 40, "L-SHIFT.carry": [12.0] * 40}


class TestTheta:
    regime = "R-THETA"

    def test_fires_when_all_four_hold(self) -> None:
        made = regime("R-THETA", PRESS, FALLING)
        assert made["press"].value[-1] == 1.0
        assert told("R-THETA", made).outcome is Outcome.FIRED

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("S-TERM.slope", 0.049, "contango is below 5%"),
            ("L-SHIFT.carry", 0.0, "no positive carry"),
        ],
    )
    def test_stays_silent_when_one_fails(self, name: str, value: float, words: str) -> None:
        made = regime("R-THETA", {**PRESS, name: [value] * 40}, FALLING)
        assert made["press"].value[-1] == 0.0
        verdict = told("R-THETA", made)
        assert verdict.outcome is Outcome.QUIET
        assert words in verdict.sentence

    def test_stays_silent_while_vix_is_above_its_month(self) -> None:
        made = regime("R-THETA", PRESS, series("VIX", np.linspace(12.0, 20.0, 40)))
        assert made["press"].value[-1] == 0.0
        assert "VIX is not below its mean of 20 sessions" in told("R-THETA", made).sentence

    def test_without_a_price_of_the_pair_it_is_absent_and_says_that_the_rest_holds(self) -> None:
        made = regime("R-THETA", {**PRESS, "L-SHIFT.carry": [None] * 40}, FALLING)
        assert not made["press"].present[-1]
        assert made["conditions"].value[-1] == 1.0
        verdict = told("R-THETA", made)
        assert verdict.outcome is Outcome.ABSTAINED
        assert WHY in verdict.sentence
        assert "three other conditions hold" in verdict.sentence

    def test_without_a_price_a_failing_condition_settles_it(self) -> None:
        made = regime("R-THETA", {"R-VOL.compressed": [0.0] * 40, "S-TERM.slope": [0.06] * 40}, FALLING)
        assert made["press"].present[-1]
        assert made["press"].value[-1] == 0.0

    def test_is_absent_without_anything(self) -> None:
        made = regime("R-THETA", {})
        assert not any(column.present.any() for column in made.values())

    def test_the_differential_is_reported_for_what_it_is(self) -> None:
        made = regime("R-THETA", {}, series("VVIX", np.full(3, 90.0)))
        assert made["differential"].value[-1] == pytest.approx(0.9 * (0.5 * 365 / 30 - 0.5 * 365 / 90))
