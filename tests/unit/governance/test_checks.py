"""G-CHECK and G-TIMING: liquidity after the order, fresh curves, free minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.governance.authorize import Account
from alvh.governance.checks import objections
from alvh.governance.timing import timing_objection
from alvh.market.contracts import Option, Right
from alvh.strategy.decision import Direction, Package, Proposal
from fakes.market import FlatMarket, weekdays
from fakes.runs import policy

NUMBERS = policy().parameters.governance
MARKET = FlatMarket(days=weekdays(date(2018, 1, 1), 3), spot=[2700.0] * 3, vix=[15.0] * 3)
VIEW = MARKET.view(MARKET.days[1])
EXPIRY = next(day for day in VIEW.expiries("SPXW") if (day - VIEW.session).days >= 35)
CALL = Option("VIX", next(day for day in VIEW.expiries("VIX") if (day - VIEW.session).days >= 35), 18.0, Right.CALL)


def condor(quantity: int, closes: str | None = None) -> Package:
    sign = -1 if closes else 1
    strikes = ((2550.0, Right.PUT, 1), (2600.0, Right.PUT, -1), (2800.0, Right.CALL, -1), (2850.0, Right.CALL, 1))
    legs = tuple(
        Leg(instrument=Option("SPXW", EXPIRY, strike, right), ratio=sign * way) for strike, right, way in strikes
    )
    return Package(sleeve=Sleeve.CONDOR, rule="C-ENTRY", legs=legs, quantity=quantity, closes=closes)


def order(*packages: Package) -> Proposal:
    return Proposal(id="1", rule="C-ROLL", direction=Direction.HARVEST, packages=packages, reason="test")


def account(cash: str, *positions: Position) -> Account:
    book = Book(cash=Decimal(cash), positions=positions)
    return Account(book=book, equity=Decimal(cash), view=VIEW, fills=policy().parameters.fills)


def held(quantity: int) -> Position:
    return Position(
        id="C1",
        sleeve=Sleeve.CONDOR,
        rule="C-ENTRY",
        legs=condor(1).legs,
        quantity=quantity,
        opened=VIEW.session,
        price=Decimal("10.00"),
        cash=Decimal(1000) * quantity,
    )


def test_liquid_assets_below_what_may_fall_due_are_refused() -> None:
    numbers = replace(NUMBERS.check.margin_ceiling, value=1.0)
    loose = replace(NUMBERS, check=replace(NUMBERS.check, margin_ceiling=numbers))
    said = objections(order(condor(16)), account("100000"), loose)
    assert any("quick ratio" in reason for reason in said)
    assert not objections(order(condor(8)), account("100000"), loose)


def test_a_roll_counts_what_it_frees() -> None:
    # 8 condors of 50 points tie up all 40 % of the equity; rolling them ties up no more.
    rolled = order(condor(8, closes="C1"), condor(8))
    assert not objections(rolled, account("100000", held(8)), NUMBERS)
    assert objections(order(condor(8)), account("100000", held(8)), NUMBERS)


def test_a_curve_of_another_session_is_no_ground_for_a_vix_order() -> None:
    package = Package(sleeve=Sleeve.HEDGE, rule="L-EXPAND", legs=(Leg(instrument=CALL, ratio=1),), quantity=1)
    assert not objections(order(package), account("100000"), NUMBERS)
    old = replace(VIEW, curve=replace(VIEW.curve, session=VIEW.session - timedelta(days=1)))
    stale = replace(account("100000"), view=old)
    assert any("VX curve is of" in reason for reason in objections(order(package), stale, NUMBERS))
    assert not objections(order(condor(1)), stale, NUMBERS)


@dataclass
class At:
    session: date
    asof: datetime
    timed: bool = True


@pytest.mark.parametrize(("minute", "near"), [(49, False), (50, True), (60, True), (70, True), (71, False)])
def test_no_order_within_ten_minutes_of_the_fomc_statement(minute: int, near: bool) -> None:
    # 2019-06-19, statement at 14:00 New York, 18:00 UTC.
    asof = datetime(2019, 6, 19, 17, 0, tzinfo=UTC) + timedelta(minutes=minute)
    said = timing_objection(At(asof.date(), asof), NUMBERS.timing)
    assert (said is not None) is near
    if said is not None:
        assert "FOMC statement at 18:00 UTC" in said


def test_no_order_in_the_closing_auction() -> None:
    asof = datetime(2019, 6, 20, 20, 0, tzinfo=UTC)
    assert "closing auction" in str(timing_objection(At(asof.date(), asof), NUMBERS.timing))
    assert timing_objection(At(asof.date(), asof - timedelta(minutes=15)), NUMBERS.timing) is None


def test_a_date_is_never_too_near_to_an_event() -> None:
    asof = datetime(2019, 6, 19, 18, 0, tzinfo=UTC)
    assert timing_objection(At(asof.date(), asof, timed=False), NUMBERS.timing) is None
