from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from msgspec import structs

from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.execution.orders import Authorized, Refused
from alvh.governance.authorize import Account, authorize
from alvh.governance.quorum import only_reduces
from alvh.market.contracts import Option, Right
from alvh.strategy.decision import Direction, Package, Proposal
from fakes.market import FlatMarket, weekdays
from fakes.runs import policy

NUMBERS = policy().parameters
MARKET = FlatMarket(days=weekdays(date(2018, 1, 1), 3), spot=[2700.0] * 3, vix=[15.0] * 3)
VIEW = MARKET.view(MARKET.days[0])
EXPIRY = next(day for day in VIEW.expiries("SPXW") if (day - VIEW.session).days >= 35)


def a_condor(quantity: int) -> Package:
    legs = tuple(
        Leg(instrument=Option("SPXW", EXPIRY, strike, right), ratio=ratio)
        for strike, right, ratio in (
            (2550.0, Right.PUT, 1),
            (2600.0, Right.PUT, -1),
            (2800.0, Right.CALL, -1),
            (2850.0, Right.CALL, 1),
        )
    )
    return Package(sleeve=Sleeve.CONDOR, rule="C-ENTRY", legs=legs, quantity=quantity)


def a_proposal(quantity: int) -> Proposal:
    return Proposal(
        id="2018-01-01-1", rule="C-ENTRY", direction=Direction.HARVEST, packages=(a_condor(quantity),), reason="test"
    )


def account(cash: str = "1000000") -> Account:
    return Account(book=Book(cash=Decimal(cash)), equity=Decimal(cash), view=VIEW, fills=NUMBERS.fills)


def test_an_order_inside_the_limits_is_authorised_with_its_ground() -> None:
    granted = authorize(a_proposal(4), account(), NUMBERS.governance)
    assert isinstance(granted, Authorized)
    assert granted.grounds == (
        "G-COMPOSITE: 0.50 of 0 families",
        "G-CHECK: margin, buying power and quick ratio suffice",
        "G-TIMING: not checkable, the quotes carry only a date",
    )


def test_margin_beyond_the_ceiling_is_refused_with_both_figures() -> None:
    # 81 condors of 50 points tie up 405,000 USD; the ceiling is 40 % of a million.
    refused = authorize(a_proposal(81), account(), NUMBERS.governance)
    assert isinstance(refused, Refused)
    assert "405,000" in refused.reasons[0]
    assert "400,000" in refused.reasons[0]
    assert isinstance(authorize(a_proposal(80), account(), NUMBERS.governance), Authorized)


def test_buying_power_counts_cash_not_equity() -> None:
    poor = replace(account(), book=Book(cash=Decimal("10000")))
    refused = authorize(a_proposal(4), poor, NUMBERS.governance)
    assert isinstance(refused, Refused)
    assert "buying power" in refused.reasons[0]


def held(quantity: int) -> Position:
    package = a_condor(quantity)
    return Position(
        id="C00001",
        sleeve=package.sleeve,
        rule=package.rule,
        legs=package.legs,
        quantity=quantity,
        opened=VIEW.session,
        price=Decimal("10.00"),
        cash=Decimal("1000") * quantity,
    )


def a_close(position: Position) -> Package:
    legs = tuple(Leg(instrument=leg.instrument, ratio=-leg.ratio) for leg in position.legs)
    return Package(sleeve=position.sleeve, rule="C-MANAGE", legs=legs, quantity=position.quantity, closes=position.id)


def a_poor_account(position: Position) -> Account:
    return Account(
        book=Book(cash=Decimal("1000"), positions=(position,)), equity=Decimal("1000"), view=VIEW, fills=NUMBERS.fills
    )


def test_a_mandatory_close_passes_without_a_vote_or_a_check_and_is_recorded_so() -> None:
    position = held(81)
    proposal = replace(a_proposal(81), rule="C-MANAGE", packages=(a_close(position),), mandatory=True)
    granted = authorize(proposal, a_poor_account(position), NUMBERS.governance)
    assert isinstance(granted, Authorized)
    assert granted.grounds == ("C-MANAGE: mandatory by rule",)


def test_a_close_that_is_not_mandatory_needs_one_vote_and_no_room() -> None:
    position = held(81)
    proposal = replace(
        a_proposal(81),
        rule="D-CLOSE",
        direction=Direction.PROTECT,
        packages=(a_close(position),),
        reduces_risk=True,
        triggers=("macro",),
    )
    granted = authorize(proposal, a_poor_account(position), NUMBERS.governance)
    assert isinstance(granted, Authorized)
    assert "1 of 1 for-votes" in granted.grounds[0]
    refused = authorize(replace(proposal, triggers=()), a_poor_account(position), NUMBERS.governance)
    assert isinstance(refused, Refused)


def test_a_close_that_sells_only_the_wings_reduces_nothing() -> None:
    position = held(4)
    wings = replace_legs(a_close(position), (0, 3))
    proposal = replace(a_proposal(4), rule="C-MANAGE", packages=(wings,), mandatory=True)
    assert not only_reduces(proposal, a_poor_account(position).book)


def replace_legs(package: Package, places: tuple[int, ...]) -> Package:
    return structs.replace(package, legs=tuple(package.legs[place] for place in places))


@pytest.mark.parametrize("flag", ["mandatory", "reduces_risk"])
def test_what_calls_itself_harmless_and_opens_something_is_checked_all_the_same(flag: str) -> None:
    assert isinstance(authorize(replace(a_proposal(81), **{flag: True}), account(), NUMBERS.governance), Refused)


def test_closing_what_is_not_held_is_no_reduction_of_risk() -> None:
    stranger = replace(a_proposal(1), packages=(a_close(held(1)), a_condor(81)), mandatory=True)
    assert isinstance(authorize(stranger, account(), NUMBERS.governance), Refused)
