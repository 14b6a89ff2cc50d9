"""The tree of section 5 in its order, on a market small enough to check by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from msgspec import structs

from alvh.book.condor import Condor
from alvh.book.condor_table import condor_table
from alvh.book.marks import mark_book
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.execution.orders import Authorized, Filled, Unfilled
from alvh.execution.route import route
from alvh.market.contracts import Option, Right
from alvh.method.alvh import Alvh
from alvh.method.condor.shape import CCenter, CShape
from alvh.method.tested.desk import VIX, VIX_DAY
from alvh.method.tested.desk import TestedDay as Day
from alvh.method.tested.desk import TestedDesk as Desk
from alvh.method.tested.leftover import spread_ratio, spreads
from alvh.strategy.decision import Memory, Outcome, Proposal, Verdict
from fakes.known import known
from fakes.market import FlatMarket, FlatView, weekdays
from fakes.runs import policy

CHOSEN = policy()
DAYS = weekdays(date(2018, 1, 1), 30)
MARKET = FlatMarket(days=DAYS, spot=[2700.0] * 30, vix=[15.0] * 30)
CENTRE = {"S-VIXHIST.mean63": 15.0}
ROLL = {**CENTRE, "S-PCF.below": 1.0, "S-FOMC.minutes_stable": 1.0}
CLOSE = {"S-RSI.vx": 80.0, "S-REER.risk_off": 1.0}
SURPRISE = {"S-INFL.surprise": 1.0, "S-INFL.since": 0.0}
MOTION, DISLOCATION = {"R-MOTION.motion": 1.0}, {"R-MOTION.motion": 0.0}
BREADTH = {"S-AD.constructive": 1.0}
YESTERDAY = Memory(entries={VIX: 14.0, VIX_DAY: float(DAYS[0].toordinal() - 1)})


def at(spot: float) -> FlatView:
    return replace(MARKET, spot=[spot] * 30).view(DAYS[0])


def condor(seen: FlatView, days: int = 35, quantity: int = 2) -> Position:
    expiry = next(day for day in seen.expiries("SPXW") if (day - seen.session).days >= days)
    wanted = ((2500, Right.PUT, 1), (2550, Right.PUT, -1), (2850, Right.CALL, -1), (2900, Right.CALL, 1))
    return Position(
        id="C00001",
        sleeve=Sleeve.CONDOR,
        rule="C-ENTRY",
        legs=tuple(
            Leg(instrument=Option("SPXW", expiry, float(strike), right), ratio=ratio) for strike, right, ratio in wanted
        ),
        quantity=quantity,
        opened=date(2017, 12, 20),
        price=Decimal("10.00"),
        cash=Decimal("1000.00") * quantity,
    )


def book_of(seen: FlatView, *positions: Position, cash: int = 1_000_000) -> Book:
    book = Book(cash=Decimal(cash), positions=positions)
    return book.marked(mark_book(book, seen))


def asked(
    seen: FlatView,
    readings: dict[str, float],
    *changes: str,
    memory: Memory = YESTERDAY,
    book: Book | None = None,
) -> Day:
    numbers = policy(*changes).parameters if changes else CHOSEN.parameters
    desk = Desk(
        numbers.tested,
        CShape(numbers.condor.shape),
        CCenter(numbers.condor.center),
        numbers.fills,
        numbers.margin,
    )
    held = book or book_of(seen, condor(seen))
    table = condor_table(held.positions)
    names = iter(range(1, 100))
    return desk.decide(known(readings), seen, held, memory, table, table.ratios(seen.spot), lambda: f"P{next(names)}")


def only(day: Day) -> Proposal:
    (proposal,) = day.proposals
    return proposal


def path(day: Day) -> Verdict:
    return next(verdict for verdict in day.verdicts if verdict.rule == "D-ORDER")


def strikes(proposal: Proposal, place: int = 1) -> list[float]:
    return [leg.instrument.strike for leg in proposal.packages[place].legs]


class TestOrder:
    def test_without_evidence_a_tested_condor_is_held_and_says_so(self) -> None:
        day = asked(at(2860.0), {})
        assert day.proposals == ()
        sentence = path(day).sentence
        assert "Therefore: it is held." in sentence
        assert all(rule in sentence for rule in ("D-CLOSE", "D-CLASSIFY", "D-ROLL"))

    def test_without_evidence_it_falls_back_to_the_mechanical_close(self) -> None:
        day = asked(at(2890.0), {})
        assert only(day).rule == "D-MECHANICAL"
        assert day.leaving == {"C00001"}
        assert asked(at(2889.9), {}).proposals == ()

    def test_close_comes_before_everything_and_keeps_the_put_side(self) -> None:
        proposal = only(asked(at(2860.0), {**CLOSE, **ROLL, **MOTION}))
        assert proposal.rule == "D-CLOSE"
        assert [leg.instrument.strike for leg in proposal.packages[0].legs] == [2850.0, 2900.0]
        assert proposal.reduces_risk
        assert not proposal.mandatory
        assert proposal.otherwise is None

    @pytest.mark.parametrize(
        ("readings", "rule"),
        [
            ({**ROLL, **MOTION, **SURPRISE, **BREADTH}, "D-CPI"),
            ({**ROLL, **MOTION, **BREADTH}, "D-ROLL"),
            ({**ROLL, **DISLOCATION, **SURPRISE, **BREADTH}, "D-ACTIVATE"),
            ({**ROLL, **DISLOCATION, **SURPRISE}, "D-ROLL"),
            ({**ROLL, **SURPRISE, **BREADTH}, "D-ROLL"),
        ],
    )
    def test_the_first_match_of_its_way_acts(self, readings: dict[str, float], rule: str) -> None:
        seen = at(2860.0)
        # A hedge is wanted by D-CPI; without a loss in the shock nothing has to be covered.
        day = asked(seen, readings, "tested.D-CPI.coverage=0", "tested.D-CPI.debit=2", "tested.D-ROLL.debit=1")
        assert only(day).rule == rule, path(day).sentence
        assert day.activated is (rule == "D-ACTIVATE")
        assert day.rolled == {"C00001"}
        assert day.leaving == frozenset()

    def test_a_rich_move_needs_one_condition_only(self) -> None:
        rich = {
            "S-DDM.ratio": 1.0,
            "S-DDM.earnings_yield": 0.0,
            "S-DDM.trend": 0.0,
            "S-RV.long": 8.0,
            "S-GDP.change": 0.0,
        }
        one = {**CENTRE, **MOTION, "S-FOMC.minutes_stable": 1.0, "S-PCF.below": 0.0}
        assert only(asked(at(2860.0), {**one, **rich}, "tested.D-ROLL.debit=1")).rule == "D-ROLL"
        assert asked(at(2860.0), {**one, **rich, "S-RV.long": 20.0}, "tested.D-ROLL.debit=1").proposals == ()

    def test_the_hedges_exchange_is_judged_beside_it(self) -> None:
        assert asked(at(2860.0), {"R-THETA.press": 1.0}).shift
        assert not asked(at(2700.0), {"R-THETA.press": 1.0}).shift

    def test_the_put_side_is_asked_the_mirrored_questions_unless_switched_off(self) -> None:
        mirrored = {"S-RSI.vx": 20.0, "S-REER.change": -0.02}
        proposal = only(asked(at(2540.0), mirrored))
        assert proposal.rule == "D-CLOSE"
        assert [leg.instrument.strike for leg in proposal.packages[0].legs] == [2500.0, 2550.0]
        off = asked(at(2540.0), mirrored, "tested.D-PUTS.enabled=false")
        assert off.proposals == ()
        assert only(asked(at(2505.0), mirrored, "tested.D-PUTS.enabled=false")).rule == "D-MECHANICAL"

    def test_a_broken_limit_closes_what_nothing_else_saves(self) -> None:
        seen = at(2855.0)
        day = asked(seen, {}, book=book_of(seen, condor(seen, quantity=10), cash=110_000))
        assert only(day).rule == "D-MECHANICAL"
        assert "tie up" in only(day).reason


class TestRoll:
    def rolled(self, spot: float = 2860.0, *changes: str) -> tuple[Day, Proposal]:
        day = asked(at(spot), {**ROLL, **MOTION}, *(changes or ("tested.D-ROLL.debit=0.1",)))
        return day, only(day)

    def test_widths_stay_and_the_expiry_goes_out_by_one_to_two_weeks(self) -> None:
        _, proposal = self.rolled()
        low, put, call, high = strikes(proposal)
        assert (put - low, high - call) == (50.0, 50.0)
        assert call >= 2850.0
        close, again = proposal.packages
        out = again.legs[0].instrument.expiry - close.legs[0].instrument.expiry
        assert 7 <= out.days <= 14
        assert (close.closes, again.closes, close.quantity, again.quantity) == ("C00001", None, 2, 2)

    def test_the_farthest_strike_that_is_paid_for_is_taken(self) -> None:
        _, dear = self.rolled(2860.0, "tested.D-ROLL.debit=1")
        _, cheap = self.rolled(2860.0, "tested.D-ROLL.debit=0")
        assert strikes(dear)[2] > strikes(cheap)[2]

    def test_a_roll_is_one_package_of_a_close_and_an_opening(self) -> None:
        seen = at(2860.0)
        _, proposal = self.rolled()
        numbers, book = CHOSEN.parameters, book_of(seen, condor(seen))

        def sent(made: Proposal) -> Filled | Unfilled:
            return route(Authorized(proposal=made, grounds=("a test",)), seen, book, numbers.fills, numbers.fees)

        filled = sent(proposal)
        assert isinstance(filled, Filled)
        close, again = filled.fills
        assert close.price + again.price >= Decimal("-0.1") * 10
        for place in (0, 1):
            dearer = list(proposal.packages)
            dearer[place] = structs.replace(dearer[place], limit=Decimal(60))
            assert isinstance(sent(replace(proposal, packages=tuple(dearer))), Unfilled)

    def test_what_cannot_be_filled_is_closed_and_a_refusal_stands_short_of_the_floor(self) -> None:
        _, proposal = self.rolled()
        assert proposal.otherwise is not None
        assert proposal.otherwise.rule == "D-MECHANICAL"
        assert proposal.otherwise.mandatory
        assert proposal.refusal_stands
        _, pressed = self.rolled(2890.0, "tested.D-ROLL.debit=3")
        assert not pressed.refusal_stands

    def test_break_evens_before_and_after_are_written_down(self) -> None:
        day, proposal = self.rolled()
        seen = path(day).observed
        before = Condor.of(condor(at(2860.0)))
        assert before is not None
        assert (seen["break_even_low"], seen["break_even_high"]) == before.break_evens
        after = seen["break_even_high_after"]
        assert isinstance(after, float)
        assert strikes(proposal)[2] < after <= strikes(proposal)[3]

    def test_nothing_is_paid_for_and_the_condor_is_held(self) -> None:
        seen = at(2860.0)
        wide = replace(MARKET, spot=[2860.0] * 30, half_spread=5.0).view(DAYS[0])
        day = asked(wide, {**ROLL, **MOTION}, book=book_of(wide, condor(seen)))
        assert day.proposals == ()
        assert "Nothing follows" in path(day).sentence


class TestInsideTheWing:
    def test_only_the_short_call_moves(self) -> None:
        readings = {**MOTION, **SURPRISE}
        proposal = only(asked(at(2860.0), readings, "tested.D-CPI.coverage=0", "tested.D-CPI.debit=2"))
        low, put, call, high = strikes(proposal)
        assert (low, put, high) == (2500.0, 2550.0, 2900.0)
        assert 2850.0 < call < 2900.0
        days = {leg.instrument.expiry for package in proposal.packages for leg in package.legs}
        assert len(days) == 1

    def test_vix_of_the_last_session_is_remembered_by_the_decision(self) -> None:
        seen = at(2700.0)
        made = Alvh(CHOSEN).decide(known(CENTRE, seen.session), seen, book_of(seen), Memory())
        assert (made.memory.entries[VIX], made.memory.entries[VIX_DAY]) == (15.0, seen.session.toordinal())


class TestLeftover:
    def spread(self, seen: FlatView, days: int = 35) -> Position:
        whole = condor(seen, days)
        return replace(whole, legs=whole.legs[:2])

    def decided(self, spot: float, days: int = 35):
        seen = at(spot)
        return Alvh(CHOSEN).decide(known(CENTRE, seen.session), seen, book_of(seen, self.spread(seen, days)), Memory())

    def test_the_spread_that_is_left_is_found_and_a_wing_is_not(self) -> None:
        seen = at(2700.0)
        left = self.spread(seen)
        wing = replace(left, legs=left.legs[:1])
        assert spreads((left,)) == [0]
        assert spreads((wing,)) == []
        assert spread_ratio(left, 2510.0) == pytest.approx(0.8)
        assert spread_ratio(wing, 2510.0) is None

    @pytest.mark.parametrize(
        ("spot", "days", "rule"), [(2505.0, 35, "D-MECHANICAL"), (2700.0, 14, "C-MANAGE"), (2700.0, 35, None)]
    )
    def test_it_is_closed_mechanically_or_in_time(self, spot: float, days: int, rule: str | None) -> None:
        found = [
            proposal.rule for proposal in self.decided(spot, days).proposals if proposal.packages[0].closes == "C00001"
        ]
        assert found == ([] if rule is None else [rule])


def test_the_verdict_of_an_untested_day_is_one_quiet_line() -> None:
    (verdict,) = asked(at(2700.0), {**ROLL, **CLOSE}).verdicts
    assert (verdict.rule, verdict.outcome) == ("D-MECHANICAL", Outcome.QUIET)
