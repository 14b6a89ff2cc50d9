"""Who must agree: nobody to a mandatory action, the composite to an entry, families to the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from alvh.book.positions import Book, Leg, Sleeve
from alvh.execution.orders import Authorized, Refused
from alvh.governance.authorize import Account, authorize
from alvh.governance.quorum import TESTED_FAMILIES, asked
from alvh.governance.stances import Stance
from alvh.market.contracts import Option, Right
from alvh.signals.signal import Family
from alvh.strategy.decision import Direction, Package, Proposal
from fakes.market import FlatMarket, weekdays
from fakes.runs import policy

NUMBERS = policy().parameters
MARKET = FlatMarket(days=weekdays(date(2018, 1, 1), 3), spot=[2700.0] * 3, vix=[15.0] * 3)
VIEW = MARKET.view(MARKET.days[0])
EXPIRY = next(day for day in VIEW.expiries("VIX") if (day - VIEW.session).days >= 35)
CALLS = Package(
    sleeve=Sleeve.HEDGE,
    rule="L-BASE",
    legs=(Leg(instrument=Option("VIX", EXPIRY, 18.0, Right.CALL), ratio=1),),
    quantity=3,
)
EMPTY = Book(cash=Decimal(1_000_000))


def proposal(rule: str, **changes: object) -> Proposal:
    made = Proposal(id="1", rule=rule, direction=Direction.PROTECT, packages=(CALLS,), reason="test")
    return replace(made, **changes)


def stances(**values: float) -> dict[Family, Stance]:
    return {Family(name): Stance(family=Family(name), value=value, inputs=()) for name, value in values.items()}


def judged(made: Proposal, **values: float) -> Authorized | Refused:
    account = Account(book=EMPTY, equity=EMPTY.cash, view=VIEW, fills=NUMBERS.fills, stances=lambda: stances(**values))
    return authorize(made, account, NUMBERS.governance)


@pytest.mark.parametrize(
    ("rule", "needed"),
    [("C-ENTRY", 0), ("C-ROLL", 2), ("L-EXPAND", 2), ("L-PROTECT", 3), ("D-ROLL", 2), ("L-SHIFT", 2)],
)
def test_each_rule_has_its_quorum(rule: str, needed: int) -> None:
    found = asked(proposal(rule), EMPTY, NUMBERS.governance.quorum).quorum
    assert found is not None
    assert found.needed == needed
    assert found.composite


def test_section_5_consults_price_volatility_and_macro() -> None:
    found = asked(proposal("D-CPI"), EMPTY, NUMBERS.governance.quorum).quorum
    assert found is not None
    assert found.consulted == TESTED_FAMILIES
    assert isinstance(judged(proposal("D-CPI"), breadth=0.9, valuation=0.9, price=0.9), Refused)
    assert isinstance(judged(proposal("D-CPI"), volatility=0.9, price=0.9), Authorized)


@pytest.mark.parametrize("rule", ["B-STATIC", "MINE"])
def test_a_strategy_that_is_not_the_method_is_checked_and_not_voted_on(rule: str) -> None:
    granted = judged(proposal(rule))
    assert isinstance(granted, Authorized)
    assert "no family votes" in granted.grounds[0]


def test_the_floor_passes_without_votes_and_more_than_the_floor_does_not() -> None:
    granted = judged(proposal("L-BASE"))
    assert isinstance(granted, Authorized)
    assert granted.grounds[0] == "L-BASE: the floor is mandatory"
    assert isinstance(judged(proposal("L-BASE", triggers=("macro",))), Refused)
    assert isinstance(judged(proposal("L-BASE", triggers=("macro", "valuation"))), Authorized)


def test_the_floor_never_sells_options_short() -> None:
    short = Package(
        sleeve=Sleeve.HEDGE, rule="L-BASE", legs=(Leg(instrument=CALLS.legs[0].instrument, ratio=-1),), quantity=1
    )
    assert asked(proposal("L-BASE", packages=(short,)), EMPTY, NUMBERS.governance.quorum).quorum is not None


def test_a_family_with_a_trigger_votes_for_and_votes_against_are_recorded() -> None:
    granted = judged(proposal("L-EXPAND", triggers=("price",)), price=-0.9, volatility=0.5, macro=-0.4)
    assert isinstance(granted, Authorized)
    assert "price for, volatility for, macro against" in granted.grounds[0]


def test_a_refusal_names_the_votes() -> None:
    refused = judged(proposal("L-PROTECT", triggers=("volatility",)), volatility=0.9, price=0.9)
    assert isinstance(refused, Refused)
    assert "2 of 3 for-votes needed" in refused.reasons[0]


def test_the_composite_stops_an_entry_when_every_family_asks_for_protection() -> None:
    entry = proposal("C-ENTRY", direction=Direction.HARVEST)
    refused = judged(entry, price=0.5, volatility=0.5, macro=0.5, breadth=0.5)
    assert isinstance(refused, Refused)
    assert "above 0.6" in refused.reasons[0]
    assert isinstance(judged(entry, price=0.2, volatility=0.2, macro=0.1), Authorized)


def test_one_family_alone_does_not_stop_an_entry() -> None:
    assert isinstance(judged(proposal("C-ENTRY", direction=Direction.HARVEST), volatility=1.0), Authorized)


def test_stances_are_asked_only_where_a_vote_is_taken() -> None:
    def never() -> dict[Family, Stance]:
        raise AssertionError("nobody was to be asked")

    account = Account(book=EMPTY, equity=EMPTY.cash, view=VIEW, fills=NUMBERS.fills, stances=never)
    assert isinstance(authorize(proposal("L-BASE"), account, NUMBERS.governance), Authorized)
