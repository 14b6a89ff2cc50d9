"""The desks of a day: exits, entries and the hedge, each on a market small enough to check by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from alvh.book.marks import mark_book
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.market.contracts import Option, Right
from alvh.method.alvh import SEEN, Alvh
from alvh.method.condor.closing import closing
from alvh.method.layers.base import LBase
from alvh.method.layers.shopping import Shop, Window
from alvh.strategy.decision import Decision, Memory, Outcome
from alvh.strategy.facts import Absent, Facts, Reading
from fakes.market import FlatMarket, FlatView, weekdays
from fakes.runs import policy

CHOSEN = policy()
DAYS = weekdays(date(2018, 1, 1), 30)
MARKET = FlatMarket(days=DAYS, spot=[2700.0] * 30, vix=[15.0] * 30)


def view(market: FlatMarket = MARKET, place: int = 0) -> FlatView:
    return market.view(market.days[place])


def spxw(seen: FlatView, days: int = 35) -> date:
    return next(day for day in seen.expiries("SPXW") if (day - seen.session).days >= days)


def a_position(
    expiry: date, strikes: tuple[float, float, float, float] = (2500, 2550, 2850, 2900), credit: str = "10.00"
) -> Position:
    rights = (Right.PUT, Right.PUT, Right.CALL, Right.CALL)
    legs = tuple(
        Leg(instrument=Option("SPXW", expiry, float(strike), right), ratio=ratio)
        for strike, right, ratio in zip(strikes, rights, (1, -1, -1, 1), strict=True)
    )
    return Position(
        id="C00001",
        sleeve=Sleeve.CONDOR,
        rule="C-ENTRY",
        legs=legs,
        quantity=2,
        opened=date(2017, 12, 20),
        price=Decimal(credit),
        cash=Decimal(credit) * 200,
    )


def a_call(seen: FlatView, days: int, quantity: int, strike: float = 18.0) -> Position:
    expiry = next(day for day in seen.expiries("VIX") if (day - seen.session).days >= days)
    return Position(
        id="H00001",
        sleeve=Sleeve.HEDGE,
        rule="L-BASE",
        legs=(Leg(instrument=Option("VIX", expiry, strike, Right.CALL), ratio=1),),
        quantity=quantity,
        opened=date(2017, 12, 20),
        price=Decimal("-0.80"),
        cash=Decimal("-80") * quantity,
    )


def facts(seen: FlatView, **readings: float) -> Facts:
    named = {name.replace("_", ".").replace("-", "-"): value for name, value in readings.items()}
    table = {
        "S-VIXHIST.mean63": Reading(id="S-VIXHIST.mean63", value=15.0),
        "S-REER.stable": Absent(id="S-REER.stable", reason="no dollar index"),
        "S-PE.stable": Absent(id="S-PE.stable", reason="no earnings"),
    }
    table |= {name: Reading(id=name, value=value) for name, value in named.items()}
    return Facts(session=seen.session, readings=table)


def decide(
    seen: FlatView, *positions: Position, memory: Memory | None = None, known: Facts | None = None, **options: bool
) -> Decision:
    book = Book(cash=Decimal(1_000_000), positions=positions)
    # Yesterday's marks, from the market with every quote, stand in for contracts without a quote today.
    before = mark_book(book, view(replace(seen.market, missing=frozenset())))
    book = book.marked(mark_book(book, seen, before))
    return Alvh(CHOSEN, **options).decide(known or facts(seen), seen, book, memory or Memory())


def rules_fired(decision: Decision) -> set[str]:
    return {verdict.rule for verdict in decision.verdicts if verdict.outcome is Outcome.FIRED}


class TestExits:
    def test_an_untested_condor_at_its_time_exit_is_closed_whole(self) -> None:
        seen = view()
        position = a_position(spxw(seen, 14), credit="1.00")
        decision = decide(seen, position)
        proposal = next(found for found in decision.proposals if found.rule == "C-MANAGE")
        assert proposal.mandatory
        assert proposal.packages[0].closes == "C00001"
        assert [leg.ratio for leg in proposal.packages[0].legs] == [-1, 1, 1, -1]

    def test_a_tested_condor_is_left_to_section_five(self) -> None:
        # 2860 is beyond the short call by 20 % of the wing: tested, short of 80 %.
        market = replace(MARKET, spot=[2860.0] * 30)
        seen = view(market)
        decision = decide(seen, a_position(spxw(seen, 14)))
        assert not [found for found in decision.proposals if found.rule in {"C-MANAGE", "D-MECHANICAL"}]
        quiet = next(verdict for verdict in decision.verdicts if verdict.rule == "D-MECHANICAL")
        assert quiet.outcome is Outcome.QUIET
        assert quiet.observed["tested"] == 1

    def test_a_condor_tested_beyond_eighty_percent_is_closed_mechanically(self) -> None:
        market = replace(MARKET, spot=[2890.0] * 30)
        seen = view(market)
        decision = decide(seen, a_position(spxw(seen, 35)))
        proposal = next(found for found in decision.proposals if found.rule == "D-MECHANICAL")
        assert "80%" in proposal.reason

    def test_a_wing_nobody_bids_for_is_left_behind(self) -> None:
        seen = view()
        expiry = spxw(seen, 5)
        position = a_position(expiry, strikes=(2000, 2650, 2750, 3400))
        found = closing(0, mark_book(Book(cash=Decimal(0), positions=(position,)), seen), "C-MANAGE")
        assert found.package is not None
        assert [leg.instrument.strike for leg in found.package.legs] == [2650, 2750]
        assert [leg.instrument.strike for leg in found.left] == [2000, 3400]

    def test_a_leg_without_a_quote_blocks_the_close_and_says_so(self) -> None:
        market = replace(MARKET, missing=frozenset({(2550.0, True)}))
        seen = view(market)
        decision = decide(seen, a_position(spxw(seen, 14)))
        blocked = [verdict for verdict in decision.verdicts if verdict.outcome is Outcome.BLOCKED]
        assert any("absent" in verdict.sentence for verdict in blocked)


class TestEntries:
    def test_without_the_mean_of_vix_the_centre_abstains_and_nothing_is_sold(self) -> None:
        seen = view()
        known = Facts(session=seen.session, readings={})
        decision = decide(seen, memory=Memory(entries={"C-ENTRY.budget": 20_000.0}), known=known)
        assert decision.proposals == ()
        assert any(verdict.rule == "C-CENTER" and verdict.outcome is Outcome.ABSTAINED for verdict in decision.verdicts)
        assert "not among the facts" in decision.reasons[0]

    def test_an_empty_window_is_said(self) -> None:
        seen = view(replace(MARKET, unlisted=frozenset({"SPXW"})))
        decision = decide(seen, memory=Memory(entries={"C-ENTRY.budget": 20_000.0}))
        assert any("no expiry lies inside C-SHAPE's window" in reason for reason in decision.reasons)

    def test_quotes_too_wide_to_pay_are_counted_in_the_funnel(self) -> None:
        seen = view(replace(MARKET, half_spread=30.0))
        decision = decide(seen, memory=Memory(entries={"C-ENTRY.budget": 20_000.0}))
        assert any("usable quotes" in reason or "pays" in reason for reason in decision.reasons)

    def test_the_entry_fires_its_rules_and_carries_the_floor_in_the_same_proposal(self) -> None:
        seen = view()
        decision = decide(seen, a_position(spxw(seen, 44)), memory=Memory(entries={"C-ENTRY.budget": 20_000.0}))
        assert {"C-ENTRY", "C-SHAPE", "C-CENTER", "C-CREDIT", "C-SIZE"} <= rules_fired(decision)
        sold = next(found for found in decision.proposals if found.rule == "C-ENTRY")
        assert [package.sleeve for package in sold.packages] == [Sleeve.CONDOR, Sleeve.HEDGE]
        loss = (50 - 10) * 200 + 20_000  # what is held and at most what is added
        assert sold.packages[1].quantity <= 0.10 * loss / 1_500

    def test_what_was_opened_since_is_taken_from_the_budget_once(self) -> None:
        seen = view()
        position = a_position(spxw(seen, 44))
        fresh = decide(seen, position, memory=Memory(entries={"C-ENTRY.budget": 12_000.0}))
        known = decide(seen, position, memory=Memory(entries={"C-ENTRY.budget": 12_000.0}, sets={SEEN: (position.id,)}))
        equity = 50 * 19_955.0  # 2 % of it is the cap that the known budget runs into
        assert known.memory.entries["C-ENTRY.budget"] == pytest.approx(0.02 * equity)
        assert fresh.memory.entries["C-ENTRY.budget"] == pytest.approx(12_000 - 10_000 + 0.20 * equity / 15)
        assert fresh.memory.sets[SEEN] == (position.id,)

    def test_without_a_call_to_buy_no_condor_is_sold(self) -> None:
        seen = view(replace(MARKET, unlisted=frozenset({"VIX"})))
        decision = decide(seen, memory=Memory(entries={"C-ENTRY.budget": 20_000.0}))
        assert decision.proposals == ()
        blocked = next(
            verdict for verdict in decision.verdicts if verdict.rule == "L-BASE" and "bought" in verdict.sentence
        )
        assert "floor goes on with it" in blocked.sentence
        assert decide(seen, memory=Memory(entries={"C-ENTRY.budget": 20_000.0}), layers=False).proposals, (
            "the unhedged twin needs no call"
        )


class TestBase:
    rule = LBase(CHOSEN.parameters.layers.base)

    def test_the_target_follows_the_evidence_and_absence_is_not_calm(self) -> None:
        seen = view()
        target, verdict = self.rule.target(facts(seen))
        assert (target, verdict.outcome) == (0.15, Outcome.ABSTAINED)
        calm = facts(seen)
        calm = replace(
            calm,
            readings=dict(calm.readings)
            | {name: Reading(id=name, value=1.0) for name in ("S-REER.stable", "S-PE.stable")},
        )
        assert self.rule.target(calm)[0] == 0.125
        uneasy = replace(calm, readings=dict(calm.readings) | {"S-PE.stable": Reading(id="S-PE.stable", value=0.0)})
        assert self.rule.target(uneasy)[0] == 0.15

    def test_the_call_is_the_listed_one_nearest_to_its_delta_and_tenor(self) -> None:
        seen = view()
        shop = Shop(seen, self.rule.sell_dte, CHOSEN.parameters.margin)
        lot = shop.by_delta("L-BASE", Window(*self.rule.window), self.rule.delta)
        assert not isinstance(lot, str)
        option = lot.legs[0].instrument
        assert isinstance(option, Option)
        assert 30 <= (option.expiry - seen.session).days <= 60
        assert lot.notional == 1_500.0
        assert lot.capital > 0.0
        assert lot.stress > 0.0
        assert lot.daily > 0.0, "time value decays in a flat market"

    def test_calls_near_expiry_are_sold_and_replaced_in_time(self) -> None:
        seen = view()
        old = a_call(seen, 1, 4, strike=15.0)
        assert old.expiry is not None
        assert (old.expiry - seen.session).days <= 7
        decision = decide(seen, a_position(spxw(seen, 44)), old)
        rolled = next(found for found in decision.proposals if found.rule == "L-BASE")
        assert rolled.packages[0].closes == "H00001"
        assert rolled.packages[0].legs[0].ratio == -1

    def test_without_condors_the_hedge_is_sold(self) -> None:
        seen = view()
        decision = decide(seen, a_call(seen, 40, 4), known=Facts(session=seen.session, readings={}))
        sold = next(found for found in decision.proposals if found.rule == "L-AMM")
        assert sold.packages[0].quantity == 4
        assert np.sign(sold.packages[0].legs[0].ratio) == -1
