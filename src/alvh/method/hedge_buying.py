"""Buying for a rung: parts, budget, cap, whole contracts, and one proposal for each rung that asks for them.

1. Parts: the floor in VIX calls, then L-STEWARD's and L-DELTAS' shares of the rung, the rest in L-TENOR's instrument.
2. L-BUDGET: strikes further out, then less of it. 3. L-CAP: the most stress gain for its capital first.
4. Contracts in the order of the parts go to the rungs from the lowest up, so that a rung that is not approved takes
   nothing away from the ones below it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec

from alvh.book.coverage import hedge_capital
from alvh.book.margin_parameters import MarginParameters
from alvh.market.contracts import Share
from alvh.method.hedge_day import HedgeDay
from alvh.method.layers.base import LBase
from alvh.method.layers.budget import Allowance, LBudget
from alvh.method.layers.cap import LCap
from alvh.method.layers.deltas import LDeltas
from alvh.method.layers.holdings import Holding, down_loss
from alvh.method.layers.lots import LInstr, Lot, Order
from alvh.method.layers.shopping import Shop, Window
from alvh.method.layers.steward import LSteward
from alvh.method.layers.tenor import Held, LTenor, Tenor
from alvh.strategy.decision import Direction, Outcome, Verdict
from alvh.strategy.words import said

__all__ = ["Buyer", "Rungs", "Want"]

_TRANCHE = (
    "{} asks for it: {} {} towards {:.1%} coverage, {} days out, hedge capital at most {:.0%} of risk capital, "
    "sold {} days before it expires."
)


_CALL = 100.0
"""Multiplier of VIX options and VXM, the smallest there are."""
_SLACK = 0.95
"""A VIX forward taken from options may lie a little below the futures."""

_Offers: TypeAlias = tuple[tuple[float, tuple[Lot, ...] | str], ...]
"""Lots with the share of an amount that each takes, or why there are none."""


class Rungs(msgspec.Struct, frozen=True, gc=False):
    """One level of coverage: the rule that asks for it, up to how much notional in USD, and the families behind it."""

    rule: str
    upto: float
    families: tuple[str, ...]


class Want(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What is missing today.

    Attributes
    ----------
    gap : float, USD
        Notional to be bought, the floor's included.
    floor : float, USD
        Of it, VIX calls for the floor.
    held : float, USD
        Notional held, what comes with the entry included.
    target : float, coverage
    rungs : tuple of Rungs
        From the lowest up.
    core : sequence of Holding
        What is held of the rung.
    parts : frozenset of str
        L-STEWARD and L-DELTAS, as far as they are triggered today.
    """

    gap: float
    floor: float
    held: float
    target: float
    rungs: tuple[Rungs, ...]
    core: Sequence[Holding]
    parts: frozenset[str]


class Buyer:
    """Fills what a rung misses."""

    def __init__(
        self,
        base: LBase,
        steward: LSteward,
        deltas: LDeltas,
        tenor: LTenor,
        budget: LBudget,
        cap: LCap,
        margin: MarginParameters,
    ) -> None:
        self._base, self._steward, self._deltas, self._tenor = base, steward, deltas, tenor
        self._budget, self._cap, self._margin = budget, cap, margin
        self._instr = LInstr()

    def floor(self, day: HedgeDay, wanted: float) -> tuple[Order, ...] | str:
        """Offer outright VIX calls for the floor, or say why there are none."""
        lot = self._shop(day).by_delta(self._base.id, Window(*self._base.window), self._base.delta)
        return lot if isinstance(lot, str) else self._instr.split(wanted, (lot,))

    def least(self, day: HedgeDay) -> float:
        """Return the notional of the smallest contract that could be bought today, USD; zero where it is not known.

        A gap below it cannot be filled, whatever is listed, so nothing is looked for.
        """
        curve = day.view.curve
        if curve is None or not curve.price.size or self._tenor.holds_put_spreads:
            return 0.0
        level = float(curve.price.min())
        return _CALL * (min(level, self._budget.width) if self._budget.dear(day.facts) else level) * _SLACK

    def buy(self, day: HedgeDay, want: Want) -> None:
        """Propose what fills the gap."""
        floor = self.floor(day, want.floor) if want.floor > 0.0 else ()
        if isinstance(floor, str):
            day.verdicts.append(self._base.verdict(Outcome.BLOCKED, f"No hedge can be bought: {floor}."))
            return
        first = sum(order.notional for order in floor)
        allowance = self._budget.allowance(day.facts, day.credit(), self._risk_capital(day))
        orders, why = self._within_budget(day, want, first, allowance)
        share = self._cap.share(day.facts)
        room = self._cap.room(share, day.max_loss, self._capital(day) + sum(order.capital for order in floor))
        day.verdicts.append(self._cap.told(day.facts, share, sum(order.capital for order in orders), room))
        orders = self._cap.fit(orders, room)
        self._propose(day, want, floor, orders, share)
        unfilled = want.gap - first - sum(order.notional for order in orders)
        day.verdicts.append(self._left(unfilled, why))

    def _left(self, unfilled: float, why: list[str]) -> Verdict:
        reasons = f": {'; '.join(dict.fromkeys(why))}" if why else ""
        words = f"{max(unfilled, 0.0):,.0f} USD of notional stay unfilled{reasons}."
        outcome = Outcome.BLOCKED if why else Outcome.FIRED
        return self._instr.verdict(outcome, words, {"unfilled": max(unfilled, 0.0)})

    def _within_budget(
        self, day: HedgeDay, want: Want, first: float, allowance: Allowance
    ) -> tuple[tuple[Order, ...], list[str]]:
        """Choose orders the budget allows: the usual strikes, then further ones, then less."""
        wanted = want.gap - first
        tenor = self._tenor.choose(day.facts)
        day.verdicts.append(tenor.verdict)
        shop, unit = self._shop(day), 0.0
        orders: tuple[Order, ...] = ()
        why: list[str] = []
        total = want.held + want.gap
        for delta in (self._base.delta, *(further for further in self._budget.deltas if further < self._base.delta)):
            why = []
            orders = self._parts(day, want, wanted, tenor, delta, allowance, shop, why)
            unit = self._unit(orders)
            if unit * total <= allowance.most:
                break
        allowed = self._budget.size(total, unit, self._base.floor * day.max_loss, allowance)
        day.verdicts.append(self._budget.told(day.facts, allowance, unit * total, total, allowed))
        if allowed < total:
            orders = self._instr_again(orders, max(allowed - want.held - first, 0.0))
        return orders, why

    def _unit(self, orders: Sequence[Order]) -> float:
        """Return the expected cost a cycle of one USD of notional."""
        notional = sum(order.notional for order in orders)
        cost = self._budget.cycle * sum(order.quantity * order.lot.daily for order in orders)
        return cost / notional if notional > 0.0 else 0.0

    def _instr_again(self, orders: Sequence[Order], wanted: float) -> tuple[Order, ...]:
        kept: list[Order] = []
        for order in orders:
            for found in self._instr.split(min(wanted, order.notional), (order.lot,)):
                kept.append(found)
                wanted -= found.notional
        return tuple(kept)

    def _parts(
        self,
        day: HedgeDay,
        want: Want,
        wanted: float,
        tenor: Tenor,
        delta: float,
        allowance: Allowance,
        shop: Shop,
        why: list[str],
    ) -> tuple[Order, ...]:
        orders: list[Order] = []
        width = self._budget.width if allowance.spreads else None
        full = want.target * day.max_loss
        parts: tuple[tuple[float, Callable[[], _Offers]], ...] = (
            (self._share(self._steward, full, want), lambda: self._steward_lots(day, shop, width)),
            (self._share(self._deltas, full, want), lambda: self._deltas_lots(shop, width)),
            (wanted, lambda: self._rest(day, tenor, delta, width, shop)),
        )
        for part, offers in parts:
            amount = min(part, wanted)
            if amount <= 0.0:
                continue
            for share, offered in offers():
                if isinstance(offered, str):
                    why.append(offered)
                    continue
                bought = self._instr.split(amount * share, offered)
                orders.extend(bought)
                wanted -= sum(order.notional for order in bought)
        return tuple(orders)

    @staticmethod
    def _share(rule: LSteward | LDeltas, full: float, want: Want) -> float:
        """Return what a layer's share of the rung still lacks, USD; nothing where it is not triggered."""
        return rule.share * full - _of(want.core, rule.id) if rule.id in want.parts else 0.0

    def _steward_lots(self, day: HedgeDay, shop: Shop, width: float | None) -> _Offers:
        vix = day.view.vix
        if vix is None:
            return ((1.0, "no VIX is known, so no strike above it"),)
        low, high = self._steward.days
        window = Window(low, high, (low + high) // 2)
        lot = shop.call(self._steward.id, window, lambda quotes: self._steward.strike(quotes.strikes, vix), width)
        return ((1.0, lot if isinstance(lot, str) else (lot,)),)

    def _deltas_lots(self, shop: Shop, width: float | None) -> _Offers:
        low, high = self._deltas.days
        window = Window(low, high, (low + high) // 2)
        found = [shop.by_delta(self._deltas.id, window, delta, width) for delta in self._deltas.deltas]
        return tuple((1.0 / len(found), lot if isinstance(lot, str) else (lot,)) for lot in found)

    def _rest(self, day: HedgeDay, tenor: Tenor, delta: float, width: float | None, shop: Shop) -> _Offers:
        window = Window(tenor.low, tenor.high, tenor.near)
        if tenor.held is Held.FUTURES:
            return ((1.0, shop.futures(self._tenor.id, window)),)
        if tenor.held is Held.PUT_SPREADS:
            lost = down_loss(day.marks, day.view)
            if lost <= 0.0:
                return ((1.0, "the condors held lose nothing in the down-shock, so put spreads count nothing"),)
            found = shop.spx_put_spread(self._tenor.id, window, self._tenor.put_strikes, day.max_loss / lost)
            return ((1.0, found if isinstance(found, str) else (found,)),)
        call = shop.by_delta(self._tenor.id, window, delta, width)
        return ((1.0, call if isinstance(call, str) else (call,)),)

    def _propose(
        self, day: HedgeDay, want: Want, floor: Sequence[Order], orders: Sequence[Order], share: float
    ) -> None:
        self._one(day, self._base.id, floor, want, share, mandatory=True)
        left = [(order.lot, order.quantity) for order in orders]
        reached = want.held + sum(order.notional for order in floor)
        for place, rung in enumerate(want.rungs):
            last = place == len(want.rungs) - 1
            taken: list[Order] = []
            for index, (lot, quantity) in enumerate(left):
                fits = quantity if last else min(quantity, max(int((rung.upto - reached) / lot.notional), 0))
                if fits > 0:
                    taken.append(Order(lot=lot, quantity=fits))
                    left[index] = (lot, quantity - fits)
                    reached += fits * lot.notional
            self._one(day, rung.rule, taken, want, share, triggers=rung.families)

    def _one(
        self,
        day: HedgeDay,
        rule: str,
        orders: Sequence[Order],
        want: Want,
        share: float,
        *,
        triggers: tuple[str, ...] = (),
        mandatory: bool = False,
    ) -> None:
        if not orders:
            return
        for order in orders:
            day.verdicts.append(self._tranche(day, rule, order, want.target, share))
        bought = ", ".join(f"{order.quantity} {order.lot.words}" for order in orders)
        reason = f"coverage below its band around {want.target:.1%}: {bought} bought"
        day.propose(
            rule,
            Direction.PROTECT,
            [order.package for order in orders],
            reason,
            triggers=triggers,
            mandatory=mandatory,
        )

    def _tranche(self, day: HedgeDay, rule: str, order: Order, target: float, share: float) -> Verdict:
        lot = order.lot
        expiry = min(leg.instrument.expiry for leg in lot.legs if not isinstance(leg.instrument, Share))
        dte = (expiry - day.view.session).days
        observed: dict[str, float | int | str | bool | None] = {
            "trigger": rule,
            "instrument": lot.words,
            "contracts": order.quantity,
            "dte": dte,
            "target": target,
            "cap": share,
            "exit_dte": self._base.sell_dte,
            "notional": order.notional,
            "capital": order.capital,
            "stress": order.quantity * lot.stress,
        }
        words = said(_TRANCHE, rule, order.quantity, lot.words, target, dte, share, self._base.sell_dte)
        return Verdict(rule=lot.rule, outcome=Outcome.FIRED, words=words, observed=observed)

    def _shop(self, day: HedgeDay) -> Shop:
        return Shop(day.view, self._base.sell_dte, self._margin)

    def _capital(self, day: HedgeDay) -> float:
        return float(hedge_capital(day.book, self._margin))

    def _risk_capital(self, day: HedgeDay) -> float:
        return day.max_loss + self._capital(day)


def _of(core: Sequence[Holding], rule: str) -> float:
    return sum(holding.notional for holding in core if holding.position.rule == rule)
