"""L-EXPAND, L-PROTECT, L-LADDER, L-STRONG, L-AMM, L-RECAL: each firing, silent and abstaining, at the edge as well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh.method.layers.amm import LAmm
from alvh.method.layers.expand import LExpand
from alvh.method.layers.ladder import LLadder
from alvh.method.layers.protect import LProtect
from alvh.method.layers.recal import LRecal
from alvh.method.layers.strong import LStrong
from alvh.method.layers.trigger import Trigger
from alvh.strategy.decision import Outcome
from fakes.known import known
from fakes.runs import policy

NUMBERS = policy().parameters.layers
EXPAND, PROTECT, LADDER = LExpand(NUMBERS.expand), LProtect(NUMBERS.protect), LLadder(NUMBERS.ladder)
STRONG, AMM, RECAL = LStrong(NUMBERS.strong), LAmm(NUMBERS.amm), LRecal(NUMBERS.recal)
NO = Trigger(False, (), EXPAND.verdict(Outcome.QUIET, "no"))
YES = Trigger(True, ("price",), EXPAND.verdict(Outcome.FIRED, "yes"))
LEVELS = (0.30, 0.60)
CALM = {
    "S-RSI.spx": 50.0,
    "S-AD.divergence": 0.0,
    "S-RSIDIV.bearish": 0.0,
    "S-MACD.vix_crossed_up": 0.0,
    "S-AD.change": 1.0,
}


class TestExpand:
    @pytest.mark.parametrize(
        ("changed", "families"),
        [
            ({"S-RSI.spx": 65.1}, ("price",)),
            ({"S-AD.divergence": 1.0}, ("breadth",)),
            ({"S-RSIDIV.bearish": 1.0}, ("breadth",)),
            ({"S-MACD.vix_crossed_up": 1.0, "S-AD.change": -1.0}, ("volatility", "breadth")),
        ],
    )
    def test_any_one_sign_triggers_and_its_family_votes(
        self, changed: dict[str, float], families: tuple[str, ...]
    ) -> None:
        found = EXPAND.judge(known(CALM | changed))
        assert found.holds
        assert found.families == families
        assert found.verdict.outcome is Outcome.FIRED

    @pytest.mark.parametrize("changed", [{"S-RSI.spx": 65.0}, {"S-MACD.vix_crossed_up": 1.0}])
    def test_at_the_edge_and_half_a_condition_is_silent(self, changed: dict[str, float]) -> None:
        found = EXPAND.judge(known(CALM | changed))
        assert not found.holds
        assert found.verdict.outcome is Outcome.QUIET

    def test_what_is_absent_is_named_and_all_absent_abstains(self) -> None:
        some = EXPAND.judge(known({"S-RSI.spx": 50.0}))
        assert some.verdict.outcome is Outcome.QUIET
        assert "S-AD.divergence is not among the facts" in some.verdict.sentence
        assert EXPAND.judge(known()).verdict.outcome is Outcome.ABSTAINED


class TestProtect:
    def test_fires_on_a_spike_is_silent_without_and_abstains_unknown(self) -> None:
        fired = PROTECT.judge(known({"S-CAPVOL.spike": 1.0, "S-CAPVOL.z": 2.5}))
        assert fired.holds
        assert "2.5 standard deviations" in fired.verdict.sentence
        assert PROTECT.judge(known({"S-CAPVOL.spike": 0.0})).verdict.outcome is Outcome.QUIET
        assert PROTECT.judge(known()).verdict.outcome is Outcome.ABSTAINED


class TestLadder:
    def test_the_highest_rung_holds_not_the_sum(self) -> None:
        both = LADDER.rung(0.15, YES, YES, LEVELS, {}, 1)
        assert (both.rule, both.held, both.today) == ("L-PROTECT", 0.60, 0.60)
        assert LADDER.rung(0.15, YES, NO, LEVELS, {}, 1).held == 0.30
        alone = LADDER.rung(0.15, NO, NO, LEVELS, {}, 1)
        assert (alone.rule, alone.held, alone.verdict.outcome) == ("L-BASE", 0.15, Outcome.QUIET)

    def test_a_rung_is_kept_for_five_quiet_sessions_and_left_at_the_fifth(self) -> None:
        memory = dict(LADDER.rung(0.15, YES, NO, LEVELS, {}, 1).entries)
        kept = []
        for day in range(2, 8):
            found = LADDER.rung(0.15, NO, NO, LEVELS, memory, day)
            memory = dict(found.entries)
            kept.append(found.held)
            assert found.today == 0.15
        assert kept == [0.30] * 4 + [0.15] * 2

    def test_from_the_full_hedge_it_steps_down_to_the_rung_that_still_holds(self) -> None:
        memory = dict(LADDER.rung(0.15, NO, YES, LEVELS, {}, 1).entries)
        for day in range(2, 7):
            found = LADDER.rung(0.15, YES, NO, LEVELS, memory, day)
            memory = dict(found.entries)
        assert (found.rule, found.held, found.families) == ("L-EXPAND", 0.30, ("price",))

    def test_several_snapshots_of_one_session_count_once(self) -> None:
        memory = dict(LADDER.rung(0.15, YES, NO, LEVELS, {}, 1).entries)
        for _ in range(20):
            memory = dict(LADDER.rung(0.15, NO, NO, LEVELS, memory, 2).entries)
        assert LADDER.rung(0.15, NO, NO, LEVELS, memory, 3).held == 0.30

    def test_a_rung_of_zero_is_as_if_deleted(self) -> None:
        assert LADDER.rung(0.15, YES, YES, (0.0, 0.0), {}, 1).held == 0.15


class TestSpike:
    def test_a_spike_is_monetised_once_and_is_over_at_the_mean(self) -> None:
        mean = known({"S-VIXHIST.mean20": 20.0})
        first = LADDER.spike(mean, 30.0, {})
        assert first.monetise
        again = LADDER.spike(mean, 45.0, first.entries)
        assert not again.monetise
        still = LADDER.spike(mean, 20.1, again.entries)
        over = LADDER.spike(mean, 20.0, still.entries)
        assert over.entries == {}
        assert LADDER.spike(mean, 30.0, over.entries).monetise

    def test_below_the_multiple_it_is_silent_and_earlier_in_steward_regimes(self) -> None:
        assert not LADDER.spike(known({"S-VIXHIST.mean20": 20.0}), 29.9, {}).monetise
        steward = known({"S-VIXHIST.mean20": 20.0, "R-STEWARD.steward": 1.0})
        assert LADDER.spike(steward, 27.0, {}).monetise

    def test_without_vix_or_its_mean_it_abstains_and_forgets_nothing(self) -> None:
        found = LADDER.spike(known(), 30.0, {"L-LADDER.spiking": 1.0})
        assert found.verdict is not None
        assert found.verdict.outcome is Outcome.ABSTAINED
        assert found.entries
        assert LADDER.spike(known({"S-VIXHIST.mean20": 20.0}), None, {}).verdict is not None


class TestStrong:
    def test_fires_below_value_with_a_high_quick_ratio(self) -> None:
        assert STRONG.judge(known({"S-DDM.ratio": 0.99, "S-QUICK.percentile": 0.6})).holds
        assert not STRONG.judge(known({"S-DDM.ratio": 0.99, "S-QUICK.percentile": 0.59})).holds
        assert not STRONG.judge(known({"S-DDM.ratio": 1.0, "S-QUICK.percentile": 0.9})).holds

    def test_without_a_quick_ratio_price_must_be_lower(self) -> None:
        assert STRONG.judge(known({"S-DDM.ratio": 0.89})).holds
        assert not STRONG.judge(known({"S-DDM.ratio": 0.90})).holds

    def test_abstains_without_a_value(self) -> None:
        assert STRONG.judge(known({"S-QUICK.percentile": 0.9})).verdict.outcome is Outcome.ABSTAINED

    def test_it_never_goes_below_the_floor(self) -> None:
        assert STRONG.applied(0.30, 0.10, strong=True) == pytest.approx(0.225)
        assert STRONG.applied(0.125, 0.10, strong=True) == 0.10
        assert STRONG.applied(0.30, 0.10, strong=False) == 0.30


class TestAmm:
    def test_towards_growth_more_and_never_below_the_rung_of_today(self) -> None:
        target, verdict = AMM.judge(known({"S-ROT.momentum": 1.0}), 0.30, 0.30)
        assert (target, verdict.outcome) == (pytest.approx(0.375), Outcome.FIRED)
        assert AMM.judge(known({"S-ROT.momentum": -1.0}), 0.30, 0.30)[0] == 0.30
        assert AMM.judge(known({"S-ROT.momentum": -1.0}), 0.30, 0.15)[0] == pytest.approx(0.225)

    def test_without_rotation_it_abstains_and_keeps_the_rung(self) -> None:
        target, verdict = AMM.judge(known(), 0.30, 0.15)
        assert (target, verdict.outcome) == (0.30, Outcome.ABSTAINED)
        assert AMM.judge(known({"S-ROT.momentum": 0.0}), 0.30, 0.15)[1].outcome is Outcome.QUIET

    def test_nothing_is_traded_inside_and_only_to_the_edge_outside(self) -> None:
        band = AMM.band(0.30, 0.10, 100_000.0)
        assert band.gap(26_400.0) == pytest.approx(0.0)
        assert band.gap(0.0) == pytest.approx(26_400.0)
        assert band.gap(30_000.0) == 0.0
        assert band.gap(40_000.0) == pytest.approx(0.30 / 0.88 * 100_000 - 40_000)

    def test_the_floor_lifts_the_lower_edge(self) -> None:
        assert AMM.band(0.10, 0.10, 100_000.0).low == pytest.approx(10_000.0)

    def test_at_once_means_to_the_target_itself(self) -> None:
        assert AMM.band(0.30, 0.10, 100_000.0, at_once=True).gap(28_000.0) == pytest.approx(2_000.0)

    def test_a_hedge_against_nothing_is_sold(self) -> None:
        assert AMM.band(0.30, 0.10, 0.0).gap(5_000.0) == -5_000.0

    @given(target=st.floats(0.01, 1.0), floor=st.floats(0.0, 0.3), loss=st.floats(1.0, 1e7), held=st.floats(0.0, 1e7))
    def test_a_trade_ends_at_an_edge_and_a_second_one_is_nothing(
        self, target: float, floor: float, loss: float, held: float
    ) -> None:
        band = AMM.band(target, floor, loss)
        after = held + band.gap(held)
        dust = 1e-9 * (held + loss)
        assert band.low - dust <= after <= band.high + dust
        assert abs(band.gap(after)) <= dust
        assert after >= floor * loss - dust


class TestRecal:
    def test_fires_on_the_snapshot_that_first_sees_a_surprise_and_abstains_unknown(self) -> None:
        assert RECAL.judge(known({"S-INFL.surprise": 1.0, "S-INFL.since": 0.0})).holds
        assert not RECAL.judge(known({"S-INFL.surprise": 1.0, "S-INFL.since": 1.0})).holds
        assert RECAL.judge(known({"S-INFL.surprise": 0.0, "S-INFL.since": 0.0})).verdict.outcome is Outcome.QUIET
        assert RECAL.judge(known()).verdict.outcome is Outcome.ABSTAINED
