"""Simulated signers: at once by default, later by policy, never where too few can sign."""

from __future__ import annotations

import pytest

from alvh.engine.run import Run
from alvh.execution.quotes import PriceList
from alvh.governance.signing.simulated import Desk
from alvh.ledger.events import Opened
from alvh.strategy.decision import Direction, Proposal
from fakes.market import random_market
from fakes.runs import policy, run_alvh

MARKET = random_market(5, 110)
SIGN = "governance.G-SIGN"


def opened(made: Run) -> list[tuple[int, str]]:
    place = {session: number for number, session in enumerate(MARKET.days)}
    return [(place[entry.session], entry.proposal) for entry in made.events if isinstance(entry, Opened)]


def test_without_a_delay_an_order_leaves_in_its_session_and_says_who_signed() -> None:
    made = run_alvh(MARKET)
    first = opened(made)[0]
    assert first[1].startswith(str(MARKET.days[first[0]]))
    grounds = [ground for day in made.outcomes for _, ground in day.grounds]
    assert any("2 of 3 simulated signers for action open" in ground for ground in grounds)


@pytest.mark.parametrize("delay", [1, 3])
def test_a_delayed_order_leaves_that_many_sessions_later_at_its_own_price(delay: int) -> None:
    made = run_alvh(MARKET, f"{SIGN}.open_delay={delay}", layers=False)
    entries = opened(made)
    assert entries
    for number, proposal in entries:
        waited = number - MARKET.days.index(MARKET.days[0].fromisoformat(proposal[:10]))
        assert delay <= waited <= delay + 1
    assert all(check.holds for check in made.checks)


def test_an_order_that_does_not_fill_is_tried_again_and_then_expires() -> None:
    numbers = policy(f"{SIGN}.hedge_delay=2", f"{SIGN}.life=1").parameters
    desk, view = Desk(numbers.governance.sign), MARKET.view(MARKET.days[0])
    order = Proposal(id="1", rule="L-EXPAND", direction=Direction.PROTECT, packages=(), reason="test")
    desk.hold(order, PriceList(view, numbers.fills), session=view.session, number=10)
    assert desk.signed(11) == ()
    (pending,) = desk.signed(12)
    assert desk.again(pending, 12)
    (pending,) = desk.signed(13)
    assert not desk.again(pending, 13)


def test_while_an_order_waits_no_second_one_is_put_beside_it() -> None:
    made = run_alvh(MARKET, f"{SIGN}.open_delay=3", layers=False)
    assert any("waits for its signatures already" in why for day in made.outcomes for _, why in day.refused)


def test_with_too_few_approvers_no_order_leaves() -> None:
    made = run_alvh(MARKET, f"{SIGN}.open_needed=4", layers=False)
    assert not opened(made)
    assert any("3 approvers can give one" in why for day in made.outcomes for _, why in day.refused)
