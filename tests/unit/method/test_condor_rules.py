from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from alvh.book.condor import Condor
from alvh.book.positions import Leg
from alvh.execution.quotes import executable_condors
from alvh.market.contracts import Option, Right
from alvh.method.condor.allocation import BREACHED, OPEN, TARGET, CAlloc
from alvh.method.condor.credit import CCredit
from alvh.method.condor.entry import CEntry, CSize, Room
from alvh.method.condor.manage import CManage, Exit
from alvh.method.condor.search import nearest
from alvh.method.condor.shape import CCenter, CShape
from alvh.method.parameters import AlvhParameters
from alvh.policy.compose import compose
from alvh.policy.document import preset
from alvh.strategy.decision import Memory, Outcome
from fakes.market import FlatMarket, FlatSlice, weekdays

NUMBERS = compose(AlvhParameters, preset("alvh")).parameters
EXPIRY = date(2018, 3, 9)


def a_slice(forward: float = 2700.0, vol: float = 0.15, days: int = 40) -> FlatSlice:
    return FlatSlice(
        root="SPXW", expiry=EXPIRY, tau=days / 365, forward=forward, discount=1.0, vol=vol, half_spread=0.1, step=5.0
    )


def a_condor(credit: str = "5.00", expiry: date = EXPIRY, quantity: int = 1) -> Condor:
    legs = tuple(
        Leg(instrument=Option("SPXW", expiry, strike, right), ratio=ratio)
        for strike, right, ratio in (
            (2575.0, Right.PUT, 1),
            (2600.0, Right.PUT, -1),
            (2800.0, Right.CALL, -1),
            (2825.0, Right.CALL, 1),
        )
    )
    condor = Condor.of_legs(legs, credit=Decimal(credit), quantity=quantity)
    assert condor is not None
    return condor


def candidates(quotes: FlatSlice, move: float, band: float = 0.25) -> list[tuple[float, ...]]:
    """Every condor of C-SHAPE and C-CENTER by the words of their pages, one after another."""
    listed, forward = quotes.strikes, quotes.forward
    found = []
    for put_short in listed:
        k = (forward - put_short) / move
        if not 1.0 - band <= k <= 1.0 + band:
            continue
        call_short = listed[nearest(listed, forward + (forward - put_short))]
        for width in NUMBERS.condor.shape.widths.value:
            put_long = listed[nearest(listed, put_short - width * forward)]
            call_long = listed[nearest(listed, call_short + width * forward)]
            if put_long < put_short < forward < call_short < call_long:
                found.append((put_long, put_short, call_short, call_long, k))
    return found


class TestShape:
    def test_the_nearest_listed_strike_is_taken_and_the_lower_one_on_a_tie(self) -> None:
        strikes = np.array([100.0, 105.0, 110.0])
        assert [nearest(strikes, level) for level in (90.0, 102.5, 103.0, 107.5, 999.0)] == [0, 0, 1, 1, 2]
        assert nearest(strikes[:1], 999.0) == 0

    def test_only_expiries_of_the_window_are_offered_nearest_to_the_target_first(self) -> None:
        market = FlatMarket(days=weekdays(date(2018, 1, 1), 5), spot=[2700.0] * 5, vix=[15.0] * 5)
        view = market.view(market.days[0])
        found = CShape(NUMBERS.condor.shape).expiries(view)
        dtes = [(expiry - view.session).days for _, expiry in found]
        assert dtes
        assert all(30 <= dte <= 45 for dte in dtes)
        assert dtes == sorted(dtes, key=lambda dte: abs(dte - 45))

    def test_candidates_are_ordered_condors_on_listed_strikes_around_the_forward(self) -> None:
        quotes = a_slice()
        found = candidates(quotes, CCenter.move(quotes, 15.0))
        assert len(found) > 20
        for put_long, put_short, call_short, call_long, k in found:
            assert put_long < put_short < quotes.forward < call_short < call_long
            assert 0.75 <= k <= 1.25
            # Symmetric around the forward up to half a strike step.
            assert abs((call_short - quotes.forward) - (quotes.forward - put_short)) <= 2.5

    def test_the_expected_move_is_the_formula(self) -> None:
        assert CCenter.move(a_slice(), 15.0) == pytest.approx(2700 * 0.15 * math.sqrt(40 / 365), rel=1e-12)


class TestCredit:
    rule = CCredit(NUMBERS.condor.credit)

    def choose(self, quotes: FlatSlice, limit: float = 1e9):
        return self.rule.choose(
            quotes,
            move=CCenter.move(quotes, 15.0),
            k=1.0,
            widths=CShape(NUMBERS.condor.shape).widths,
            fills=NUMBERS.fills,
            loss_limit=limit,
        )

    def test_the_choice_pays_inside_the_band_and_adds_up(self) -> None:
        choice, funnel = self.choose(a_slice())
        assert choice is not None
        assert 0.15 <= choice.ratio <= 0.25
        assert choice.ratio == pytest.approx(choice.credit / choice.width, rel=1e-12)
        assert choice.max_loss == pytest.approx((choice.width - choice.credit) * 100, rel=1e-12)
        assert funnel.listed >= funnel.quoted >= funnel.inside >= funnel.affordable >= 1

    def test_no_other_candidate_has_a_lower_score(self) -> None:
        quotes = a_slice()
        choice, funnel = self.choose(quotes)
        assert choice is not None
        found = np.array(candidates(quotes, CCenter.move(quotes, 15.0)))
        priced = executable_condors(quotes, *found[:, :4].T.copy(), NUMBERS.fills)
        width = np.maximum(found[:, 1] - found[:, 0], found[:, 3] - found[:, 2])
        ratio = priced.price / width
        inside = priced.ok & (ratio >= 0.15) & (ratio <= 0.25)
        score = np.where(inside, np.abs(ratio - 0.2) / 0.05 + np.abs(found[:, 4] - 1.0) / 0.25, np.inf)
        assert abs(choice.ratio - 0.2) / 0.05 + abs(choice.k - 1.0) / 0.25 == pytest.approx(score.min(), abs=1e-9)
        best = score <= score.min() + 1e-9
        spread = (priced.mid - priced.natural)[best]
        chosen = np.array([choice.put_long, choice.put_short, choice.call_short, choice.call_long])
        assert np.any(np.all(found[best][spread == spread.min()][:, :4] == chosen, axis=1))
        assert (funnel.listed, funnel.quoted) == (len(found), np.count_nonzero(priced.ok))
        assert funnel.inside == np.count_nonzero(inside)

    def test_without_a_candidate_inside_the_band_there_is_none_and_the_funnel_says_where_they_fell(self) -> None:
        # Wings priced at a third of the volatility behind the strikes pay next to nothing.
        choice, funnel = self.choose(a_slice(vol=0.05))
        assert choice is None
        assert funnel.listed > 0
        assert funnel.inside == 0

    def test_a_loss_limit_takes_a_narrower_candidate(self) -> None:
        free, _ = self.choose(a_slice())
        assert free is not None
        tight, funnel = self.choose(a_slice(), limit=0.6 * free.max_loss)
        assert tight is None or tight.width < free.width
        assert funnel.inside > funnel.affordable


class TestEntryAndSize:
    def test_the_budget_grows_by_target_over_life_and_is_capped(self) -> None:
        rule = CEntry(NUMBERS.condor.entry)
        assert rule.grow(0.0, 0.0, 0.20, 1e6) == pytest.approx(0.20 * 1e6 / 15)
        assert rule.grow(19_000.0, 0.0, 0.20, 1e6) == 20_000.0
        assert rule.grow(5_000.0, 9_000.0, 0.20, 1e6) == pytest.approx(0.20 * 1e6 / 15)

    def test_what_is_usable_is_the_smaller_and_never_negative(self) -> None:
        assert Room(budget=5.0, free=3.0).usable == 3.0
        assert Room(budget=5.0, free=-3.0).usable == 0.0

    def test_contracts_are_rounded_down_by_loss_and_by_margin(self) -> None:
        rule = CSize(NUMBERS.condor.size)
        assert rule.contracts(max_loss=2_100.0, margin=2_700.0, equity=1e6, room=1e9) == 9
        assert rule.contracts(max_loss=2_100.0, margin=2_700.0, equity=1e6, room=13_333.0) == 4
        assert rule.contracts(max_loss=25_000.0, margin=25_000.0, equity=1e6, room=1e9) == 0


class TestManage:
    rule = CManage(NUMBERS.condor.manage)

    @pytest.mark.parametrize(
        ("dte", "debit", "word"),
        [
            (40, 2.50, "profit target"),
            (40, 2.55, None),
            (40, 10.0, "stop"),
            (40, 9.95, None),
            (21, 4.0, "time exit"),
            (22, 4.0, None),
            (40, None, None),
            (10, None, "time exit"),
        ],
    )
    def test_each_exit_fires_at_its_threshold_and_not_before(
        self, dte: int, debit: float | None, word: str | None
    ) -> None:
        paid = np.inf if debit is None else debit
        (reached,) = self.rule.screen(np.array([5.0]), np.array([float(dte)]), np.array([paid])).tolist()
        assert (reached == Exit.NONE) if word is None else self.rule.reason(reached, 5.0, dte, paid).startswith(word)


class TestAllocation:
    rule = CAlloc(NUMBERS.condor.allocation, dte_min=30)

    def step(self, memory: Memory, condors: list[Condor], session: date, spot: float):
        allocation, verdict = self.rule.advance(
            memory, ((condor.expiry.toordinal(), max(condor.test_ratio(spot))) for condor in condors), session
        )
        learnt = Memory(
            entries={TARGET: allocation.target},
            sets={OPEN: allocation.open_cycles, BREACHED: allocation.breached_cycles},
        )
        return allocation, verdict, learnt

    def test_a_clean_cycle_earns_one_step_when_it_can_no_longer_be_entered(self) -> None:
        _, _, memory = self.step(Memory(), [a_condor()], date(2018, 2, 1), 2700.0)
        held, _, memory = self.step(memory, [], date(2018, 2, 20), 2700.0)
        assert held.open_cycles == ("2018-03",)
        done, verdict, _ = self.step(memory, [], date(2018, 3, 5), 2700.0)
        assert done.target == pytest.approx(0.225)
        assert done.open_cycles == ()
        assert verdict.outcome is Outcome.FIRED

    def test_a_breach_takes_one_step_once_and_never_below_the_start(self) -> None:
        memory = Memory(entries={TARGET: 0.30}, sets={OPEN: (), BREACHED: ()})
        first, _, memory = self.step(memory, [a_condor()], date(2018, 2, 1), 2801.0)
        assert first.target == pytest.approx(0.275)
        again, _, memory = self.step(memory, [a_condor()], date(2018, 2, 2), 2801.0)
        assert again.target == pytest.approx(0.275)
        done, _, _ = self.step(memory, [], date(2018, 3, 5), 2700.0)
        assert done.target == pytest.approx(0.275)
        low, _, _ = self.step(Memory(), [a_condor()], date(2018, 2, 1), 2801.0)
        assert low.target == pytest.approx(0.20)

    def test_the_target_never_passes_the_ceiling(self) -> None:
        memory = Memory(entries={TARGET: 0.39}, sets={OPEN: ("2018-03",), BREACHED: ()})
        done, _, _ = self.step(memory, [], date(2018, 3, 5), 2700.0)
        assert done.target == pytest.approx(0.40)
