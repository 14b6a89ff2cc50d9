"""What stands beside the rung: L-FOMC's and L-CALLSPREAD's points of coverage, and L-PROMOTER's put spreads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from alvh.book.margin_parameters import MarginParameters
from alvh.method.hedge_day import HedgeDay
from alvh.method.layers.base import LBase
from alvh.method.layers.call_spread import LCallSpread
from alvh.method.layers.fomc import FomcAction, LFomc
from alvh.method.layers.holdings import Holding
from alvh.method.layers.lots import LInstr, Lot, Order
from alvh.method.layers.parameters import LayerParameters
from alvh.method.layers.promoter import LPromoter
from alvh.method.layers.shopping import Shop, Window
from alvh.method.rule import Rule
from alvh.strategy.decision import Direction, Outcome, Package

__all__ = ["AddedLayers"]

_AWAITING = "L-FOMC.awaiting"
_MONTH = 28
_FRONT = 35
_LATEST = 90


class AddedLayers:
    """Opens, rolls and sells what is counted apart from the rung."""

    def __init__(self, numbers: LayerParameters, base: LBase, margin: MarginParameters) -> None:
        self._fomc = LFomc(numbers.fomc)
        self._spread = LCallSpread(numbers.call_spread)
        self._promoter = LPromoter(numbers.promoter)
        self._base, self._margin = base, margin
        self._instr = LInstr()

    @property
    def off(self) -> bool:
        """Whether none of them can hold anything."""
        return self._fomc.points == self._spread.points == self._promoter.premium == 0.0

    def decide(self, day: HedgeDay, held: Sequence[Holding]) -> None:
        """Ask each layer."""
        if self._fomc.points > 0.0:
            self._over_fomc(day, _by(held, self._fomc.id))
        if self._spread.points > 0.0:
            self._beside_tested(day, _by(held, self._spread.id))
        if self._promoter.premium > 0.0:
            self._in_calm(day, _by(held, self._promoter.id))

    def _over_fomc(self, day: HedgeDay, held: list[Holding]) -> None:
        rule = self._fomc
        awaiting = _AWAITING in day.memory
        found = rule.judge(day.facts, held=bool(held), judged=not awaiting)
        day.verdicts.append(found.verdict)
        again = rule.judge(day.facts, held=False, judged=True).action is FomcAction.OPEN
        if found.action is not FomcAction.ROLL and ((held and awaiting) or again):
            day.learnt[_AWAITING] = 1.0
        if found.action is FomcAction.MONETISE:
            reason = "the decision of the FOMC passed quietly: its tranche is sold"
            day.propose(rule.id, Direction.HARVEST, self._sales(held), reason, triggers=found.families)
        elif found.action is not FomcAction.NOTHING:
            roll = found.action is FomcAction.ROLL
            wanted = sum(each.notional for each in held) if roll else rule.points * day.max_loss
            self._buy_fomc(day, wanted, held if roll else [], found.families)

    def _buy_fomc(self, day: HedgeDay, wanted: float, closing: list[Holding], families: tuple[str, ...]) -> None:
        today = day.view.session
        expiries = [each.position.expiry for each in closing if each.position.expiry is not None]
        first = max(expiries) + timedelta(days=_MONTH - 1) if expiries else self._fomc.earliest(day.facts, today)
        low = (first - today).days
        lot = self._shop(day).by_delta(self._fomc.id, Window(low, low + _LATEST, low), self._base.delta)
        orders = self._offered(day, self._fomc, lot, wanted)
        packages = [*(self._sales(closing) if orders else []), *(order.package for order in orders)]
        words = "rolled forward" if closing else "bought over the decision of the FOMC"
        day.propose(self._fomc.id, Direction.PROTECT, packages, f"{_named(orders)} {words}", triggers=families)

    def _beside_tested(self, day: HedgeDay, held: list[Holding]) -> None:
        rule = self._spread
        tested, credit = day.tested_calls()
        found = rule.judge(day.facts, tested)
        day.verdicts.append(found.verdict)
        if held and found.verdict.outcome is Outcome.QUIET:
            reason = "no short call is tested in a healthy rally any more: the call spreads are sold"
            day.propose(rule.id, Direction.HARVEST, self._sales(held), reason)
        elif found.holds and not held:
            lot = self._shop(day).near_forward(rule.id, Window(self._base.sell_dte + 1, _FRONT, 0), rule.width)
            most = rule.premium * credit
            orders = self._offered(day, rule, lot, rule.room(day.max_loss), most)
            packages = [order.package for order in orders]
            reason = f"{_named(orders)} bought beside a tested short call"
            day.propose(rule.id, Direction.PROTECT, packages, reason, triggers=found.families)

    def _in_calm(self, day: HedgeDay, held: list[Holding]) -> None:
        rule = self._promoter
        found = rule.judge(day.facts)
        day.verdicts.append(found.verdict)
        if held and found.verdict.outcome is Outcome.QUIET:
            packages = self._sales(held)
            day.propose(rule.id, Direction.PROTECT, packages, "growth or calm has ended: the put spreads are closed")
        elif found.holds and not held and day.max_loss > 0.0:
            window = Window(self._base.sell_dte + 1, rule.dte_max, rule.dte_max)
            lot = self._shop(day).put_spread(rule.id, window, rule.width, sold=rule.sold)
            if isinstance(lot, str):
                day.verdicts.append(rule.verdict(Outcome.BLOCKED, f"No put spread can be traded: {lot}."))
                return
            count = int(rule.premium * day.equity / lot.capital) if lot.capital > 0.0 else 0
            orders = (Order(lot=lot, quantity=count),) if count else ()
            packages = [order.package for order in orders]
            day.propose(rule.id, Direction.HARVEST, packages, f"{_named(orders)} traded", triggers=found.families)

    def _offered(
        self, day: HedgeDay, rule: Rule, lot: Lot | str, wanted: float, most: float | None = None
    ) -> tuple[Order, ...]:
        """Size a lot by notional and, where there is a limit, by premium; say why where nothing comes of it."""
        if isinstance(lot, str):
            day.verdicts.append(rule.verdict(Outcome.BLOCKED, f"Nothing can be bought: {lot}."))
            return ()
        orders = self._instr.split(wanted, (lot,))
        if orders and most is not None and orders[0].capital > most:
            count = int(most / lot.capital)
            orders = (Order(lot=lot, quantity=count),) if count else ()
        if not orders:
            words = f"One {lot.words} of {lot.notional:,.0f} USD for {lot.capital:,.0f} is more than there is room for."
            day.verdicts.append(rule.verdict(Outcome.BLOCKED, words))
        return orders

    def _sales(self, held: Sequence[Holding]) -> list[Package]:
        return [self._instr.sale(each.position, each.position.quantity, each.position.rule) for each in held]

    def _shop(self, day: HedgeDay) -> Shop:
        return Shop(day.view, self._base.sell_dte, self._margin)


def _by(held: Sequence[Holding], rule: str) -> list[Holding]:
    return [each for each in held if each.position.rule == rule]


def _named(orders: Sequence[Order]) -> str:
    return ", ".join(f"{order.quantity} {order.lot.words}" for order in orders)
