"""A proposal that does not fill may name another one, and it is tried in the same session."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import pytest

from alvh.book.positions import Book, Leg, Sleeve
from alvh.engine.account import entrants
from alvh.engine.loop import run
from alvh.engine.run import Run
from alvh.market.contracts import Option, Right
from alvh.market.view import View
from alvh.strategy.decision import Decision, Direction, Memory, Package, Proposal
from alvh.strategy.facts import Facts
from fakes.market import FlatMarket, weekdays
from fakes.runs import policy, terms

DAYS = weekdays(date(2018, 1, 1), 6)
MARKET = FlatMarket(days=DAYS, spot=[2700.0] * 6, vix=[15.0] * 6)
FIRST, LATER = date(2018, 2, 16), date(2018, 3, 2)


def legs(expiry: date) -> tuple[Leg, ...]:
    wanted = ((2500, Right.PUT, 1), (2550, Right.PUT, -1), (2850, Right.CALL, -1), (2900, Right.CALL, 1))
    return tuple(
        Leg(instrument=Option("SPXW", expiry, float(strike), right), ratio=ratio) for strike, right, ratio in wanted
    )


@dataclass
class Rolls:
    """Sells a condor on the first day and rolls it on the second; the new one must pay `least`."""

    least: Decimal
    rule: str = "B-TEST"
    refusal_stands: bool = False
    name: str = "rolls"
    policy_digest: str = "none"
    held: list[tuple[str, ...]] = field(default_factory=list)

    def decide(self, facts: Facts, view: View, book: Book, memory: Memory) -> Decision:
        self.held.append(tuple(position.id for position in book.positions))
        made = {DAYS[0]: self._sell, DAYS[1]: self._roll}.get(view.session)
        proposals = (made(view),) if made is not None else ()
        return Decision(session=view.session, verdicts=(), proposals=proposals, reasons=("done",), memory=memory)

    def _sell(self, view: View) -> Proposal:
        package = Package(sleeve=Sleeve.CONDOR, rule="B-TEST", legs=legs(FIRST), quantity=2)
        return Proposal(
            id=f"{view.session}-1", rule="B-TEST", direction=Direction.HARVEST, packages=(package,), reason="sell"
        )

    def _roll(self, view: View) -> Proposal:
        out = tuple(Leg(instrument=leg.instrument, ratio=-leg.ratio) for leg in legs(FIRST))
        close = Package(sleeve=Sleeve.CONDOR, rule="B-TEST", legs=out, quantity=2, closes="C00001")
        again = Package(sleeve=Sleeve.CONDOR, rule="B-TEST", legs=legs(LATER), quantity=2, limit=self.least)
        other = Proposal(
            id=f"{view.session}-2", rule="B-CLOSE", direction=Direction.PROTECT, packages=(close,), reason="close"
        )
        return Proposal(
            id=f"{view.session}-1",
            rule=self.rule,
            direction=Direction.PROTECT,
            packages=(close, again),
            reason="roll",
            otherwise=other,
            refusal_stands=self.refusal_stands,
        )


def ran(strategy: Rolls, market: FlatMarket = MARKET) -> Run:
    return run(entrants([strategy], terms(policy())), market)[0]


def test_a_roll_that_fills_leaves_the_other_proposal_alone() -> None:
    strategy = Rolls(least=Decimal("0.05"))
    ran(strategy)
    assert strategy.held[2:] == [("C00002",)] * 4


def test_a_roll_that_cannot_be_filled_is_not_half_filled_and_the_other_proposal_closes_the_same_day() -> None:
    strategy = Rolls(least=Decimal("40"))
    made = ran(strategy)
    assert strategy.held[1:] == [("C00001",), (), (), (), ()]
    closed = [event for event in made.events if type(event).__name__ == "Closed"]
    assert [event.proposal for event in closed] == [f"{DAYS[1]}-2"]


def test_without_another_proposal_nothing_of_the_roll_happens() -> None:
    class Alone(Rolls):
        def _roll(self, view: View) -> Proposal:
            return replace(super()._roll(view), otherwise=None)

    strategy = Alone(least=Decimal("40"))
    ran(strategy)
    assert strategy.held[1:] == [("C00001",)] * 5


@pytest.mark.parametrize(("stands", "left"), [(True, ("C00001",)), (False, ())])
def test_a_refused_roll_is_replaced_unless_the_refusal_stands(stands: bool, left: tuple[str, ...]) -> None:
    # A rule of section 5 is voted upon, and nobody has a stance here.
    strategy = Rolls(least=Decimal("0.05"), rule="D-ROLL", refusal_stands=stands)
    ran(strategy)
    assert strategy.held[2:] == [left] * 4
