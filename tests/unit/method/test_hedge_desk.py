"""The hedge of a day on a flat market: rungs, their triggers, parts, switches, and what a purchase may reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.book.marks import mark_book
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.market.contracts import Future, Option, Right
from alvh.method.alvh import Alvh
from alvh.strategy.decision import Decision, Memory, Proposal
from fakes.known import known
from fakes.market import FlatMarket, FlatView, weekdays
from fakes.runs import policy

DAYS = weekdays(date(2018, 1, 1), 5)
MARKET = FlatMarket(days=DAYS, spot=[2700.0] * 5, vix=[15.0] * 5)
SEEN = MARKET.view(DAYS[0])


def condor(quantity: int, seen: FlatView = SEEN) -> Position:
    expiry = next(day for day in seen.expiries("SPXW") if (day - seen.session).days >= 40)
    strikes = ((2500.0, Right.PUT, 1), (2550.0, Right.PUT, -1), (2850.0, Right.CALL, -1), (2900.0, Right.CALL, 1))
    return Position(
        id="C00001",
        sleeve=Sleeve.CONDOR,
        rule="C-ENTRY",
        legs=tuple(
            Leg(instrument=Option("SPXW", expiry, strike, right), ratio=ratio) for strike, right, ratio in strikes
        ),
        quantity=quantity,
        opened=date(2017, 12, 20),
        price=Decimal("10.00"),
        cash=Decimal(1000 * quantity),
    )


def decide(readings: dict[str, float], *changes: str, quantity: int = 50, memory: Memory | None = None) -> Decision:
    book = Book(cash=Decimal(1_000_000), positions=(condor(quantity),))
    book = book.marked(mark_book(book, SEEN))
    return Alvh(policy(*changes)).decide(known(readings, SEEN.session), SEEN, book, memory or Memory())


def bought(decision: Decision) -> dict[str, float]:
    """VX notional bought by proposal rule, USD, on a VX forward of 15."""
    found: dict[str, float] = {}
    for proposal in _protecting(decision):
        for package in proposal.packages:
            item = package.legs[0].instrument
            usd = 15_000.0 if isinstance(item, Future) else 1_500.0
            found[proposal.rule] = found.get(proposal.rule, 0.0) + usd * package.quantity
    return found


def _protecting(decision: Decision) -> list[Proposal]:
    return [proposal for proposal in decision.proposals if proposal.rule.startswith("L-") and proposal.direction > 0]


LOSS = 50 * 40 * 100.0


class TestRungs:
    def test_quiet_evidence_holds_the_base_with_its_floor_apart(self) -> None:
        decision = decide({})
        floor = _protecting(decision)[0]
        assert floor.mandatory
        assert {package.rule for package in floor.packages} == {"L-BASE"}
        assert 0.125 * LOSS < bought(decision)["L-BASE"] <= 0.15 * 0.88 * LOSS

    def test_an_overbought_market_adds_a_proposal_with_its_family(self) -> None:
        decision = decide({"S-RSI.spx": 70.0})
        expand = next(proposal for proposal in decision.proposals if proposal.rule == "L-EXPAND")
        assert expand.triggers == ("price",)
        assert 0.25 * LOSS < sum(bought(decision).values()) <= 0.30 * 0.88 * LOSS

    def test_a_spike_of_the_large_companies_asks_for_the_full_hedge(self) -> None:
        decision = decide({"S-CAPVOL.spike": 1.0})
        assert set(bought(decision)) == {"L-BASE", "L-PROTECT"}
        assert 0.50 * LOSS < sum(bought(decision).values()) <= 0.60 * 0.88 * LOSS

    def test_inside_the_band_nothing_is_looked_for(self) -> None:
        decision = decide({}, quantity=1)
        assert not _protecting(decision)
        assert any("less than a contract" in verdict.sentence for verdict in decision.verdicts)

    def test_strong_cash_flows_need_less(self) -> None:
        usual = sum(bought(decide({"S-RSI.spx": 70.0})).values())
        strong = sum(bought(decide({"S-RSI.spx": 70.0, "S-DDM.ratio": 0.8})).values())
        assert strong == pytest.approx(0.75 * usual, rel=0.06)

    def test_each_tranche_says_what_it_is(self) -> None:
        decision = decide({"S-RSI.spx": 70.0})
        tranche = next(v for v in decision.verdicts if v.observed.get("trigger") == "L-EXPAND")
        assert {"trigger", "instrument", "dte", "target", "cap", "exit_dte", "capital", "stress"} <= set(
            tranche.observed
        )
        assert "L-EXPAND asks for it" in tranche.sentence


class TestParts:
    def test_declining_betas_and_a_promoters_market_take_their_shares(self) -> None:
        decision = decide({"S-CAPVOL.spike": 1.0, "S-BETA.decline": 1.0, "R-STEWARD.promoter": 1.0})
        layers = {package.rule for proposal in _protecting(decision) for package in proposal.packages}
        assert layers == {"L-BASE", "L-STEWARD", "L-DELTAS", "L-TENOR"}
        above = next(
            package.legs[0].instrument
            for proposal in _protecting(decision)
            for package in proposal.packages
            if package.rule == "L-STEWARD"
        )
        assert isinstance(above, Option)
        assert above.strike == 21.0

    def test_ahead_of_events_the_rest_stands_in_futures_and_the_floor_in_calls(self) -> None:
        decision = decide({"S-CAPVOL.spike": 1.0, "S-RATE.rising": 1.0})
        held = [package for proposal in _protecting(decision) for package in proposal.packages]
        assert any(isinstance(package.legs[0].instrument, Future) for package in held)
        floor = next(package for package in held if package.rule == "L-BASE")
        assert isinstance(floor.legs[0].instrument, Option)

    def test_dear_calls_are_bought_as_spreads(self) -> None:
        decision = decide({"S-RSI.spx": 70.0, "S-VIXHIST.call_iv": 0.9}, "layers.L-BUDGET.width=2")
        expand = next(proposal for proposal in decision.proposals if proposal.rule == "L-EXPAND")
        assert {len(package.legs) for package in expand.packages} == {2}

    def test_where_no_spread_is_quoted_the_call_alone_is_bought(self) -> None:
        decision = decide({"S-RSI.spx": 70.0, "S-VIXHIST.call_iv": 0.9}, "layers.L-BUDGET.width=20")
        expand = next(proposal for proposal in decision.proposals if proposal.rule == "L-EXPAND")
        assert {len(package.legs) for package in expand.packages} == {1}


class TestBeside:
    def test_a_tranche_is_added_over_the_fomc_and_remembered(self) -> None:
        decision = decide({"S-FOMC.until": 4.0})
        assert any(proposal.rule == "L-FOMC" for proposal in decision.proposals)
        assert decision.memory.entries["L-FOMC.awaiting"] == 1.0

    def test_calm_growth_holds_put_spreads_within_their_premium(self) -> None:
        decision = decide({"R-GROWTH.accelerating": 1.0, "R-MOTION.points": 1.0})
        spreads = next(proposal for proposal in decision.proposals if proposal.rule == "L-PROMOTER")
        assert [leg.ratio for leg in spreads.packages[0].legs] == [1, -1]


class TestSwitches:
    @pytest.mark.parametrize(
        ("readings", "change"),
        [
            ({"S-RSI.spx": 70.0}, "layers.L-EXPAND.coverage=0"),
            ({"S-CAPVOL.spike": 1.0}, "layers.L-PROTECT.coverage=0"),
            ({"S-FOMC.until": 4.0}, "layers.L-FOMC.points=0"),
            ({"R-GROWTH.accelerating": 1.0, "R-MOTION.points": 1.0}, "layers.L-PROMOTER.premium=0"),
            ({"S-DDM.ratio": 0.8}, "layers.L-STRONG.factor=1"),
            ({"S-ROT.momentum": 1.0}, "layers.L-AMM.tilt=0"),
        ],
    )
    def test_a_layer_switched_off_is_as_if_its_evidence_were_not_there(
        self, readings: dict[str, float], change: str
    ) -> None:
        changes = (change, "layers.L-TENOR.enabled=false")  # it reads some of the same evidence
        off, without = decide(readings, *changes), decide({}, *changes)
        assert [_bare(each) for each in off.proposals] == [_bare(each) for each in without.proposals]

    def test_with_every_layer_off_nothing_is_bought(self) -> None:
        assert not _protecting(Alvh(policy(), layers=False).decide(known({}, SEEN.session), SEEN, _marked(), Memory()))


def _bare(proposal: Proposal) -> Proposal:
    return replace(proposal, reason="")


def _marked() -> Book:
    book = Book(cash=Decimal(1_000_000), positions=(condor(50),))
    return book.marked(mark_book(book, SEEN))


FLAGS = st.fixed_dictionaries(
    {},
    optional={
        "S-RSI.spx": st.floats(0, 100),
        "S-CAPVOL.spike": st.sampled_from([0.0, 1.0]),
        "S-BETA.decline": st.sampled_from([0.0, 1.0]),
        "R-STEWARD.promoter": st.sampled_from([0.0, 1.0]),
        "S-RATE.rising": st.sampled_from([0.0, 1.0]),
        "S-ROT.momentum": st.floats(-1, 1),
        "S-DDM.ratio": st.floats(0.5, 1.5),
        "S-VIXHIST.call_iv": st.floats(0, 1),
        "S-INFL.surprise": st.sampled_from([0.0, 1.0]),
        "S-INFL.since": st.sampled_from([0.0, 1.0]),
    },
)


@settings(max_examples=40, deadline=None)
@given(readings=FLAGS, quantity=st.integers(1, 80))
def test_no_purchase_reaches_beyond_the_highest_target_and_one_is_the_same_twice(
    readings: dict[str, float], quantity: int
) -> None:
    first, again = decide(readings, quantity=quantity), decide(readings, quantity=quantity)
    assert first == again
    most = 0.60 * 1.25 * quantity * 4_000.0
    assert sum(bought(first).values()) <= most * (1 + 1e-9) + 1.0
