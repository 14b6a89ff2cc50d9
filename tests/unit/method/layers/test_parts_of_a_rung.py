"""L-TENOR, L-STEWARD, L-DELTAS, L-PROMOTER, L-FOMC, L-CALLSPREAD, L-BUDGET, L-CAP, L-INSTR: pure, by hand."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh.method.layers.budget import Allowance, LBudget
from alvh.method.layers.call_spread import LCallSpread
from alvh.method.layers.cap import LCap
from alvh.method.layers.deltas import LDeltas
from alvh.method.layers.fomc import FomcAction, LFomc
from alvh.method.layers.lots import LInstr, Lot, Order
from alvh.method.layers.promoter import LPromoter
from alvh.method.layers.steward import LSteward
from alvh.method.layers.tenor import Held, LTenor
from alvh.strategy.decision import Outcome
from fakes.known import known
from fakes.runs import policy

NUMBERS = policy().parameters.layers


class TestTenor:
    rule = LTenor(NUMBERS.tenor)

    def test_events_come_first(self) -> None:
        rising = self.rule.choose(known({"S-RATE.rising": 1.0, "S-VIXHIST.below_mean": 1.0, "S-INFL.contained": 1.0}))
        assert (rising.held, rising.low, rising.high) == (Held.FUTURES, 60, 120)
        near = self.rule.choose(known({"S-RATE.rising": 0.0, "S-FOMC.until": 5.0}))
        assert near.held is Held.FUTURES
        assert self.rule.choose(known({"S-FOMC.until": 6.0})).held is Held.CALLS

    def test_cheap_vix_with_contained_inflation_takes_near_calls(self) -> None:
        found = self.rule.choose(known({"S-VIXHIST.below_mean": 1.0, "S-INFL.contained": 1.0}))
        assert (found.held, found.low, found.high, found.verdict.outcome) == (Held.CALLS, 20, 45, Outcome.FIRED)
        assert self.rule.choose(known({"S-VIXHIST.below_mean": 1.0, "S-INFL.contained": 0.0})).low == 30

    def test_it_abstains_into_the_usual_window(self) -> None:
        found = self.rule.choose(known())
        assert (found.held, found.low, found.high, found.verdict.outcome) == (Held.CALLS, 30, 60, Outcome.ABSTAINED)
        assert self.rule.choose(known({"S-FOMC.until": 20.0})).verdict.outcome is Outcome.QUIET

    def test_the_policy_may_prefer_put_spreads_or_nothing_of_it(self) -> None:
        puts = LTenor(policy("layers.L-TENOR.event=put spreads").parameters.layers.tenor)
        assert puts.choose(known({"S-RATE.rising": 1.0})).held is Held.PUT_SPREADS
        off = LTenor(policy("layers.L-TENOR.enabled=false").parameters.layers.tenor)
        assert off.choose(known({"S-RATE.rising": 1.0})).low == 30


class TestSteward:
    rule = LSteward(NUMBERS.steward)

    def test_fires_is_silent_and_abstains(self) -> None:
        assert self.rule.judge(known({"S-BETA.decline": 1.0})).holds
        assert self.rule.judge(known({"S-BETA.decline": 0.0})).verdict.outcome is Outcome.QUIET
        assert self.rule.judge(known()).verdict.outcome is Outcome.ABSTAINED

    def test_the_strike_lies_five_to_seven_points_above_vix_nearest_six(self) -> None:
        strikes = np.arange(10.0, 40.0, 1.0)
        assert self.rule.strike(strikes, 14.0) == 20.0
        assert self.rule.strike(strikes, 14.4) == 20.0
        assert self.rule.strike(strikes, 14.6) == 21.0
        assert self.rule.strike(np.array([10.0, 25.0]), 14.0) is None
        assert self.rule.strike(np.array([19.0, 21.0]), 14.0) == 19.0, "the edges count, and a tie takes the lower"


class TestDeltas:
    def test_fires_is_silent_and_abstains(self) -> None:
        rule = LDeltas(NUMBERS.deltas)
        assert rule.judge(known({"R-STEWARD.promoter": 1.0})).holds
        assert rule.judge(known({"R-STEWARD.promoter": 0.0})).verdict.outcome is Outcome.QUIET
        assert rule.judge(known()).verdict.outcome is Outcome.ABSTAINED


class TestPromoter:
    rule = LPromoter(NUMBERS.promoter)

    def test_fires_only_while_growth_accelerates_and_little_moves(self) -> None:
        assert self.rule.judge(known({"R-GROWTH.accelerating": 1.0, "R-MOTION.points": 2.0})).holds
        assert not self.rule.judge(known({"R-GROWTH.accelerating": 1.0, "R-MOTION.points": 3.0})).holds
        assert not self.rule.judge(known({"R-GROWTH.accelerating": 0.0})).holds

    def test_one_failing_condition_settles_it_and_otherwise_absence_abstains(self) -> None:
        assert self.rule.judge(known({"R-GROWTH.accelerating": 0.0})).verdict.outcome is Outcome.QUIET
        assert self.rule.judge(known({"R-GROWTH.accelerating": 1.0})).verdict.outcome is Outcome.ABSTAINED


class TestFomc:
    rule = LFomc(NUMBERS.fomc)

    def test_it_opens_from_five_sessions_ahead(self) -> None:
        assert self.rule.judge(known({"S-FOMC.until": 5.0}), held=False, judged=True).action is FomcAction.OPEN
        assert self.rule.judge(known({"S-FOMC.until": 6.0}), held=False, judged=True).action is FomcAction.NOTHING
        assert self.rule.judge(known({"S-FOMC.until": 0.0}), held=False, judged=True).action is FomcAction.NOTHING
        assert self.rule.judge(known({"S-FOMC.until": 3.0}), held=True, judged=True).action is FomcAction.NOTHING

    @pytest.mark.parametrize(
        ("vix", "rate", "action"),
        [
            (0.5, 0.0, "roll"),
            (-1.0, 0.11, "roll"),
            (-1.0, -0.11, "roll"),
            (-1.0, 0.10, "monetise"),
            (0.0, 0.0, "monetise"),
        ],
    )
    def test_the_outcome_decides(self, vix: float, rate: float, action: str) -> None:
        facts = known({"S-FOMC.since": 0.0, "S-FOMC.change_vix": vix, "S-FOMC.change_2y": rate})
        assert self.rule.judge(facts, held=True, judged=False).action == action
        assert self.rule.judge(facts, held=True, judged=True).action is FomcAction.NOTHING

    def test_what_is_not_known_is_waited_for_unless_one_half_settles_it(self) -> None:
        waiting = self.rule.judge(known({"S-FOMC.since": 0.0, "S-FOMC.change_vix": -1.0}), held=True, judged=False)
        assert (waiting.action, waiting.verdict.outcome) == (FomcAction.NOTHING, Outcome.ABSTAINED)
        rose = self.rule.judge(known({"S-FOMC.since": 0.0, "S-FOMC.change_vix": 1.0}), held=True, judged=False)
        assert rose.action is FomcAction.ROLL
        assert self.rule.judge(known(), held=False, judged=True).verdict.outcome is Outcome.ABSTAINED

    def test_the_expiry_lies_two_weeks_beyond_the_decision(self) -> None:
        assert self.rule.earliest(known({"S-FOMC.until": 5.0}), date(2018, 3, 14)) == date(2018, 4, 4)


class TestCallSpread:
    rule = LCallSpread(NUMBERS.call_spread)

    def test_fires_on_a_tested_call_in_a_healthy_rally_only(self) -> None:
        assert self.rule.judge(known({"S-AD.constructive": 1.0}), 1).holds
        assert not self.rule.judge(known({"S-AD.constructive": 1.0}), 0).holds
        assert self.rule.judge(known({"S-AD.constructive": 0.0}), 1).verdict.outcome is Outcome.QUIET
        assert self.rule.judge(known(), 1).verdict.outcome is Outcome.ABSTAINED
        assert self.rule.room(100_000.0) == pytest.approx(10_000.0)


class TestBudget:
    rule = LBudget(NUMBERS.budget)

    def test_within_the_budget_everything_wanted_is_held(self) -> None:
        allowance = self.rule.allowance(known(), 10_000.0, 40_000.0)
        assert allowance.most == pytest.approx(3_000.0)
        assert self.rule.size(30_000.0, 0.10, 4_000.0, allowance) == 30_000.0
        assert self.rule.size(30_001.0, 0.10, 4_000.0, allowance) == pytest.approx(30_000.0)

    def test_beyond_it_size_is_cut_and_never_below_the_floor(self) -> None:
        allowance = Allowance(most=100.0, spreads=False)
        assert self.rule.size(30_000.0, 0.10, 4_000.0, allowance) == 4_000.0
        assert self.rule.size(30_000.0, -0.10, 4_000.0, allowance) == 30_000.0, "a hedge that earns costs nothing"

    def test_the_cost_of_capital_is_left_to_the_portfolio(self) -> None:
        dear = self.rule.allowance(known({"S-WACC.level": 0.80}), 10_000.0, 100_000.0)
        assert dear.most == pytest.approx(5_000.0 - 100_000.0 * (1.80 ** (21 / 365) - 1))

    def test_dear_calls_become_spreads_above_the_percentile(self) -> None:
        assert self.rule.allowance(known({"S-VIXHIST.call_iv": 0.81}), 1.0, 1.0).spreads
        assert not self.rule.allowance(known({"S-VIXHIST.call_iv": 0.80}), 1.0, 1.0).spreads

    def test_its_words_say_when_it_binds(self) -> None:
        allowance = Allowance(most=100.0, spreads=False)
        assert self.rule.told(known(), allowance, 300.0, 30_000.0, 10_000.0).outcome is Outcome.FIRED
        assert self.rule.told(known(), allowance, 50.0, 5_000.0, 5_000.0).outcome is Outcome.QUIET
        off = LBudget(policy("layers.L-BUDGET.enabled=false").parameters.layers.budget)
        assert math.isinf(off.allowance(known(), 0.0, 1.0).most)

    @given(wanted=st.floats(0, 1e7), unit=st.floats(-1, 1), share=st.floats(0, 1), most=st.floats(0, 1e6))
    def test_it_only_ever_cuts_and_never_below_the_floor(
        self, wanted: float, unit: float, share: float, most: float
    ) -> None:
        floor = share * wanted
        found = self.rule.size(wanted, unit, floor, Allowance(most=most, spreads=False))
        assert floor * (1 - 1e-12) <= found <= wanted


def lot(notional: float = 1_500.0, capital: float = 100.0, stress: float = 500.0) -> Lot:
    return Lot(rule="L-BASE", legs=(), words="", notional=notional, capital=capital, stress=stress)


class TestCap:
    rule = LCap(NUMBERS.cap)

    @pytest.mark.parametrize(
        ("facts", "share"),
        [
            ({}, 0.20),
            ({"S-REER.calm": 1.0}, 0.15),
            ({"S-REER.calm": 1.0, "S-NARROW.narrow": 1.0}, 0.25),
            ({"S-REER.calm": 0.0}, 0.20),
        ],
    )
    def test_the_share_follows_the_evidence(self, facts: dict[str, float], share: float) -> None:
        assert self.rule.share(known(facts)) == share

    def test_the_room_makes_hedge_capital_that_share_of_risk_capital(self) -> None:
        room = self.rule.room(0.20, 80_000.0, 5_000.0)
        assert (5_000.0 + room) / (80_000.0 + 5_000.0 + room) == pytest.approx(0.20)
        assert self.rule.room(0.20, 80_000.0, 50_000.0) == 0.0

    def test_when_it_binds_the_most_stress_gain_for_its_capital_is_bought_first(self) -> None:
        cheap, dear = Order(lot=lot(capital=100.0), quantity=10), Order(lot=lot(capital=500.0), quantity=10)
        kept = self.rule.fit((dear, cheap), 2_100.0)
        assert [(order.lot.capital, order.quantity) for order in kept] == [(500.0, 2), (100.0, 10)]
        assert self.rule.fit((dear, cheap), 6_000.0) == (dear, cheap)

    def test_its_words(self) -> None:
        assert self.rule.told(known({"S-REER.calm": 1.0}), 0.15, 2.0, 1.0).outcome is Outcome.FIRED
        assert self.rule.told(known({"S-REER.calm": 1.0}), 0.15, 1.0, 2.0).outcome is Outcome.QUIET
        assert self.rule.told(known(), 0.20, 1.0, 2.0).outcome is Outcome.ABSTAINED

    @given(
        capitals=st.lists(st.floats(1.0, 1e5), min_size=1, max_size=5),
        quantity=st.integers(1, 50),
        room=st.floats(0, 1e6),
    )
    def test_what_is_kept_never_passes_the_room(self, capitals: list[float], quantity: int, room: float) -> None:
        orders = [Order(lot=lot(capital=capital), quantity=quantity) for capital in capitals]
        assert sum(order.capital for order in self.rule.fit(orders, room)) <= room * (1 + 1e-12) + 1e-9


class TestInstruments:
    def test_vx_is_rounded_down_and_vxm_takes_the_remainder(self) -> None:
        lots = LInstr.futures(date(2021, 3, 1), date(2021, 6, 16), 25.0, "L-TENOR", 10.0, 0.3, 0.0)
        orders = LInstr.split(63_700.0, lots)
        assert [(order.lot.words[:3], order.quantity) for order in orders] == [("VX ", 2), ("VXM", 5)]
        assert 63_700.0 - sum(order.notional for order in orders) == pytest.approx(1_200.0)

    def test_before_vxm_was_listed_the_remainder_stays_unfilled(self) -> None:
        lots = LInstr.futures(date(2018, 3, 1), date(2018, 6, 20), 25.0, "L-TENOR", 10.0, 0.3, 0.0)
        assert [order.quantity for order in LInstr.split(63_700.0, lots)] == [2]
        assert LInstr.split(24_999.0, lots) == ()
        assert LInstr.split(-1.0, lots) == ()

    @given(wanted=st.floats(0, 1e7), notional=st.floats(100, 1e5))
    def test_rounding_down_never_buys_more_than_wanted(self, wanted: float, notional: float) -> None:
        orders = LInstr.split(wanted, (lot(notional=notional), lot(notional=notional / 10)))
        assert sum(order.notional for order in orders) <= wanted * (1 + 1e-6) + 1e-6
