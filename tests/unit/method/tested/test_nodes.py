"""Each rule of section 5 by itself: it fires, stays quiet at the edge, and abstains without its evidence."""

from __future__ import annotations

import math
from typing import ClassVar

import pytest

from alvh.method.layers.trigger import Trigger
from alvh.method.tested.activate import DActivate
from alvh.method.tested.classify import DClassify, Kind
from alvh.method.tested.close import DClose
from alvh.method.tested.cpi import DCpi
from alvh.method.tested.drift import DDdm
from alvh.method.tested.puts import DPuts
from alvh.method.tested.roll import DRoll
from alvh.method.tested.shift import DShift
from alvh.method.tested.side import Side
from alvh.strategy.decision import Outcome
from fakes.known import known
from fakes.runs import policy

NUMBERS = policy().parameters.tested
CALL, PUT = Side.CALL, Side.PUT
FIRED, QUIET, ABSTAINED = Outcome.FIRED, Outcome.QUIET, Outcome.ABSTAINED


def said(found: Trigger, outcome: Outcome) -> bool:
    return found.verdict.outcome is outcome and found.holds is (outcome is FIRED) and bool(found.verdict.sentence)


class TestClassify:
    rule = DClassify()

    @pytest.mark.parametrize(
        ("side", "motion", "kind", "path"),
        [
            (CALL, {"R-MOTION.motion": 1.0}, Kind.MOTION, ("D-CPI", "D-ROLL")),
            (CALL, {"R-MOTION.motion": 0.0}, Kind.DISLOCATION, ("D-ACTIVATE", "D-ROLL")),
            (PUT, {"R-MOTION.motion": 0.0, "R-MOTION.put_motion": 1.0}, Kind.MOTION, ("D-CPI", "D-ROLL")),
        ],
    )
    def test_the_path_follows_the_motion_of_its_own_side(self, side, motion, kind, path) -> None:
        found = self.rule.judge(known(motion), side)
        assert (found.kind, found.path, found.verdict.outcome) == (kind, path, FIRED)

    def test_it_abstains_without_motion_and_only_what_both_ways_share_is_asked(self) -> None:
        found = self.rule.judge(known(), CALL)
        assert (found.kind, found.path, found.verdict.outcome) == (Kind.UNKNOWN, ("D-ROLL",), ABSTAINED)


class TestClose:
    rule = DClose(NUMBERS.close)

    @pytest.mark.parametrize(
        ("side", "rsi", "dollar", "outcome"),
        [
            (CALL, 75.1, {"S-REER.risk_off": 1.0}, FIRED),
            (CALL, 75.0, {"S-REER.risk_off": 1.0}, QUIET),
            (CALL, 90.0, {"S-REER.risk_off": 0.0}, QUIET),
            (CALL, 60.0, {}, QUIET),
            (CALL, 90.0, {}, ABSTAINED),
            (PUT, 24.9, {"S-REER.change": -0.01}, FIRED),
            (PUT, 25.0, {"S-REER.change": -0.01}, QUIET),
            (PUT, 20.0, {"S-REER.change": -0.009}, QUIET),
            (PUT, 20.0, {"S-REER.risk_off": 1.0}, ABSTAINED),
        ],
    )
    def test_rsi_and_dollar(self, side, rsi, dollar, outcome) -> None:
        assert said(self.rule.judge(known({"S-RSI.vx": rsi, **dollar}), side), outcome)

    def test_without_rsi_it_abstains(self) -> None:
        assert said(self.rule.judge(known({"S-REER.risk_off": 1.0}), CALL), ABSTAINED)


class TestCpi:
    rule = DCpi(NUMBERS.cpi)
    print_today = known({"S-INFL.surprise": 1.0, "S-INFL.since": 0.0})

    @pytest.mark.parametrize(
        ("side", "vix", "before", "coverage", "outcome"),
        [
            (CALL, 20.0, 19.0, 0.10, FIRED),
            (CALL, 20.0, 19.0, None, FIRED),
            (CALL, 20.0, 19.0, 0.099, QUIET),
            (CALL, 19.0, 19.0, 0.50, QUIET),
            (CALL, 20.0, None, 0.50, ABSTAINED),
            (CALL, None, 19.0, 0.50, ABSTAINED),
            (PUT, 18.0, 19.0, 0.50, FIRED),
            (PUT, 20.0, 19.0, 0.50, QUIET),
        ],
    )
    def test_vix_and_coverage_on_the_day_of_a_surprise(self, side, vix, before, coverage, outcome) -> None:
        assert said(self.rule.judge(self.print_today, side, vix, before, lambda: coverage), outcome)

    def test_a_surprise_of_yesterday_is_over_and_the_shock_is_not_asked(self) -> None:
        def never() -> float:
            raise AssertionError

        old = known({"S-INFL.surprise": 1.0, "S-INFL.since": 1.0})
        assert said(self.rule.judge(old, CALL, 20.0, 19.0, never), QUIET)
        none = known({"S-INFL.surprise": 0.0, "S-INFL.since": 0.0})
        assert said(self.rule.judge(none, CALL, 20.0, 19.0, never), QUIET)

    def test_without_the_print_it_abstains(self) -> None:
        assert said(self.rule.judge(known(), CALL, 20.0, 19.0, lambda: 1.0), ABSTAINED)

    @pytest.mark.parametrize(("age", "found"), [(1.0, 19.0), (5.0, 19.0), (6.0, None), (0.0, None), (None, None)])
    def test_the_day_before_is_at_most_a_long_weekend_ago(self, age, found) -> None:
        assert self.rule.day_before(19.0, age) == found


class TestRoll:
    rule = DRoll(NUMBERS.roll)

    @pytest.mark.parametrize(
        ("side", "below", "stable", "relaxed", "outcome"),
        [
            (CALL, 1.0, 1.0, False, FIRED),
            (CALL, 0.0, 1.0, False, QUIET),
            (CALL, 1.0, 0.0, False, QUIET),
            (CALL, None, 0.0, False, QUIET),
            (CALL, None, 1.0, False, ABSTAINED),
            (CALL, None, None, True, ABSTAINED),
            (CALL, None, 1.0, True, FIRED),
            (CALL, 0.0, 0.0, True, QUIET),
            (CALL, None, 0.0, True, ABSTAINED),
            (PUT, 0.0, 1.0, False, FIRED),
            (PUT, 1.0, 1.0, False, QUIET),
        ],
    )
    def test_both_conditions_or_one_of_them(self, side, below, stable, relaxed, outcome) -> None:
        readings = {"S-PCF.below": below, "S-FOMC.minutes_stable": stable}
        facts = known({name: value for name, value in readings.items() if value is not None})
        assert said(self.rule.judge(facts, side, relaxed=relaxed), outcome)

    def test_only_the_families_of_what_holds_vote_for(self) -> None:
        one = known({"S-PCF.below": 0.0, "S-FOMC.minutes_stable": 1.0})
        assert self.rule.judge(one, CALL, relaxed=True).families == ("macro",)


class TestActivate:
    rule = DActivate()

    @pytest.mark.parametrize(
        ("side", "readings", "outcome"),
        [
            (CALL, {"S-AD.constructive": 1.0}, FIRED),
            (CALL, {"S-AD.constructive": 0.0}, QUIET),
            (CALL, {"S-AD.change": -1.0}, ABSTAINED),
            (PUT, {"S-AD.change": -1.0}, FIRED),
            (PUT, {"S-AD.change": 0.0}, QUIET),
            (PUT, {"S-AD.constructive": 1.0}, ABSTAINED),
        ],
    )
    def test_breadth_behind_the_move(self, side, readings, outcome) -> None:
        assert said(self.rule.judge(known(readings), side), outcome)

    def test_the_pressed_strike_and_breadth_vote_for_it(self) -> None:
        assert self.rule.judge(known({"S-AD.constructive": 1.0}), CALL).families == ("price", "breadth")


class TestShift:
    rule = DShift()

    @pytest.mark.parametrize(
        ("tested", "readings", "outcome"),
        [
            (1, {"R-THETA.press": 1.0}, FIRED),
            (1, {"R-THETA.press": 0.0}, QUIET),
            (0, {"R-THETA.press": 1.0}, QUIET),
            (1, {}, ABSTAINED),
        ],
    )
    def test_the_press_beside_a_tested_condor(self, tested, readings, outcome) -> None:
        assert said(self.rule.judge(known(readings), tested), outcome)


class TestDrift:
    rule = DDdm(NUMBERS.drift)
    tau = 0.25
    calm: ClassVar[dict[str, float]] = {
        "S-DDM.ratio": 1.2,
        "S-DDM.earnings_yield": 0.05,
        "S-DDM.trend": 0.02,
        "S-RV.long": 10.0,
        "S-GDP.change": 0.0,
    }

    def expected(self, strength: float = 1.0) -> float:
        return strength * (self.tau * 0.07 - (1 - 2**-self.tau) * math.log(1.2))

    def test_the_drift_is_the_rulebooks_arithmetic(self) -> None:
        assert self.rule.drift(known(self.calm), self.tau) == pytest.approx(self.expected(), rel=1e-12)
        strong = known({**self.calm, "S-QUICK.percentile": 0.9})
        assert self.rule.drift(strong, self.tau) == pytest.approx(self.expected(1.4), rel=1e-12)

    def test_rich_begins_at_the_margin(self) -> None:
        edge = 110.0 * (abs(self.expected()) / math.sqrt(self.tau) + 0.10)
        facts = known(self.calm)
        assert said(self.rule.judge(facts, CALL, self.tau, edge * (1 + 1e-9)), FIRED)
        assert said(self.rule.judge(facts, CALL, self.tau, edge * (1 - 1e-9)), QUIET)

    @pytest.mark.parametrize(
        ("side", "change", "outcome"), [(CALL, -0.1, QUIET), (CALL, 0.1, FIRED), (PUT, 0.1, QUIET), (PUT, -0.1, FIRED)]
    )
    def test_growth_must_not_speak_against_it(self, side, change, outcome) -> None:
        assert said(self.rule.judge(known({**self.calm, "S-GDP.change": change}), side, self.tau, 60.0), outcome)

    @pytest.mark.parametrize("missing", list(calm))
    def test_without_any_part_it_abstains(self, missing: str) -> None:
        facts = known({name: value for name, value in self.calm.items() if name != missing})
        assert said(self.rule.judge(facts, CALL, self.tau, 60.0), ABSTAINED)
        assert said(self.rule.judge(known(self.calm), CALL, self.tau, None), ABSTAINED)


class TestPuts:
    def test_the_switch(self) -> None:
        on = DPuts(NUMBERS.puts)
        off = DPuts(policy("tested.D-PUTS.enabled=false").parameters.tested.puts)
        assert on.manages(PUT)
        assert not off.manages(PUT)
        assert off.manages(CALL)
        assert (on.judge(1).outcome, on.judge(0).outcome, off.judge(1).outcome) == (FIRED, QUIET, QUIET)
