"""Hedging of a day, in order.

1. Evidence: which rung is triggered or still kept (L-BASE, L-EXPAND, L-PROTECT, L-LADDER), L-STRONG's cut, L-AMM's tilt
   and band, L-RECAL.
2. What ends: options near expiry are sold, and half the gain of a spike is taken.
3. The entry, with the floor in the same package.
4. Nothing inside the band; outside it, what the rung misses is bought, or what it has too much of is sold.
5. What stands beside the rung: L-FOMC, L-CALLSPREAD, L-PROMOTER.

Each step goes on as if the ones before had filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from alvh.book.margin_parameters import MarginParameters
from alvh.market.chain import QuoteStatus
from alvh.method.entries import propose
from alvh.method.hedge_added import AddedLayers
from alvh.method.hedge_buying import Buyer, Rungs, Want
from alvh.method.hedge_day import HedgeDay
from alvh.method.layers.amm import Band, LAmm
from alvh.method.layers.base import LBase
from alvh.method.layers.budget import LBudget
from alvh.method.layers.cap import LCap
from alvh.method.layers.deltas import LDeltas
from alvh.method.layers.expand import LExpand
from alvh.method.layers.holdings import ADDED, Holding, holdings
from alvh.method.layers.ladder import EXPAND, LLadder, Rung
from alvh.method.layers.lots import LInstr
from alvh.method.layers.parameters import LayerParameters
from alvh.method.layers.protect import LProtect
from alvh.method.layers.recal import LRecal
from alvh.method.layers.steward import LSteward
from alvh.method.layers.strong import LStrong
from alvh.method.layers.tenor import LTenor
from alvh.method.layers.trigger import Trigger
from alvh.signals.signal import Family
from alvh.strategy.decision import Direction, Outcome, Package
from alvh.strategy.words import said

__all__ = ["HedgeDesk"]

_INSIDE = "Nothing is traded: {:,.0f} USD of notional lie inside {:,.0f} to {:,.0f}."
_SMALL = "Nothing is traded: {:,.0f} USD of notional are missing, less than a contract; they stay unfilled."
_UNCOUNTED = frozenset({"L-PROMOTER"})


class HedgeDesk:
    """Keeps the layers of the hedge."""

    def __init__(self, numbers: LayerParameters, margin: MarginParameters) -> None:
        self._base = LBase(numbers.base)
        self._expand, self._protect = LExpand(numbers.expand), LProtect(numbers.protect)
        self._ladder, self._strong, self._amm = LLadder(numbers.ladder), LStrong(numbers.strong), LAmm(numbers.amm)
        self._steward, self._deltas, self._recal = (
            LSteward(numbers.steward),
            LDeltas(numbers.deltas),
            LRecal(numbers.recal),
        )
        self._instr = LInstr()
        self._buyer = Buyer(
            self._base,
            self._steward,
            self._deltas,
            LTenor(numbers.tenor),
            LBudget(numbers.budget),
            LCap(numbers.cap),
            margin,
        )
        self._added = AddedLayers(numbers, self._base, margin)

    @property
    def off(self) -> bool:
        """Whether every target is zero, which is the same as having no layer."""
        rungs = self._expand.coverage == self._protect.coverage == 0.0
        return self._base.off and rungs and self._added.off

    def decide(self, day: HedgeDay) -> None:
        """Add the day's verdicts and proposals, the entry's among them, and what is to be remembered."""
        base, base_verdict = self._base.target(day.facts)
        expand, protect, strong = (rule.judge(day.facts) for rule in (self._expand, self._protect, self._strong))
        levels = (self._expand.coverage, self._protect.coverage)
        rung = self._ladder.rung(base, expand, protect, levels, day.memory, day.view.session.toordinal())
        day.learnt.update(rung.entries)
        least = self._base.floor
        held = self._strong.applied(rung.held, least, strong=strong.holds)
        today = self._strong.applied(rung.today, least, strong=strong.holds)
        target, amm_verdict = self._amm.judge(day.facts, held, today)
        recal, steward, deltas = (rule.judge(day.facts) for rule in (self._recal, self._steward, self._deltas))
        day.verdicts += [
            base_verdict,
            expand.verdict,
            protect.verdict,
            rung.verdict,
            strong.verdict,
            amm_verdict,
            recal.verdict,
            steward.verdict,
            deltas.verdict,
        ]
        kept = self._endings(day, holdings(day.book, day.marks, day.view, day.max_loss))
        kept = self._take_spike(day, kept)
        core = [each for each in kept if each.position.rule not in ADDED and each.position.rule not in _UNCOUNTED]
        band = self._amm.band(target, least, day.max_loss, at_once=recal.holds)
        notional = sum([each.notional for each in core])
        calls = sum([each.notional for each in core if each.is_call])
        came = self._enter(day, calls)
        if came is None:
            return
        parts = frozenset(
            [rule.id for rule, trigger in ((self._steward, steward), (self._deltas, deltas)) if trigger.holds]
        )
        found = (base, expand, protect, strong)
        self._adjust(day, band, rung, found, notional + came, calls + came, core, parts)
        self._added.decide(day, kept)

    def _enter(self, day: HedgeDay, calls: float) -> float | None:
        """Propose the entry with its floor; return the notional that comes along, None where nothing can be bought."""
        missing = self._base.floor * day.max_loss - calls
        if day.entry.package is None or missing <= 0.0:
            opening = propose(day.entry, None, day.next_id)
            day.proposals += [] if opening is None else [opening]
            return 0.0
        floor = self._buyer.floor(day, missing)
        if isinstance(floor, str):
            sentence = f"No hedge can be bought: {floor}. The condor is not sold, since L-BASE's floor goes on with it."
            day.verdicts.append(self._base.verdict(Outcome.BLOCKED, sentence))
            return None
        opening = propose(day.entry, floor[0].package if floor else None, day.next_id)
        day.proposals += [] if opening is None else [opening]
        return sum(order.notional for order in floor)

    def _adjust(
        self,
        day: HedgeDay,
        band: Band,
        rung: Rung,
        triggers: tuple[float, Trigger, Trigger, Trigger],
        notional: float,
        calls: float,
        core: Sequence[Holding],
        parts: frozenset[str],
    ) -> None:
        gap = band.gap(notional)
        floor = self._base.floor * day.max_loss
        if 0.0 < gap < self._buyer.least(day):
            words = said(_SMALL, gap)
            day.verdicts.append(self._instr.verdict(Outcome.QUIET, words, {"notional": notional, "unfilled": gap}))
        elif gap > 0.0:
            want = Want(
                gap=gap,
                floor=min(max(floor - calls, 0.0), gap),
                held=notional,
                target=band.target,
                rungs=self._rungs(day, rung, triggers),
                core=core,
                parts=parts,
            )
            self._buyer.buy(day, want)
        elif gap < 0.0:
            self._sell(day, band, -gap, calls - floor, core)
        else:
            words = said(_INSIDE, notional, band.low, band.high)
            day.verdicts.append(self._instr.verdict(Outcome.QUIET, words, {"notional": notional}))

    def _rungs(self, day: HedgeDay, rung: Rung, triggers: tuple[float, Trigger, Trigger, Trigger]) -> tuple[Rungs, ...]:
        """List the levels up to the rung, each with the edge up to which it buys, USD."""
        base, expand, protect, strong = triggers
        low = 1.0 - self._amm.fee

        def upto(level: float) -> float:
            return low * self._strong.applied(level, self._base.floor, strong=strong.holds) * day.max_loss

        found = [Rungs(self._base.id, upto(base), self._base.families(day.facts))]
        if rung.rule == self._base.id:
            return tuple(found)
        if rung.rule == EXPAND or expand.holds:
            found.append(Rungs(self._expand.id, upto(self._expand.coverage), expand.families))
        if rung.rule != EXPAND:
            found.append(Rungs(self._protect.id, upto(self._protect.coverage), protect.families))
        return tuple(found)

    def _sell(self, day: HedgeDay, band: Band, surplus: float, spare: float, core: Sequence[Holding]) -> None:
        """Sell at most the surplus, the nearest expiry first, and never VIX calls that the floor needs."""
        packages: list[Package] = []
        for holding in sorted(core, key=_selling_order):
            position = holding.position
            each = holding.notional / position.quantity
            if each <= 0.0 or not _tradable(day, holding.place):
                continue
            most = min(surplus, spare) if holding.is_call else surplus
            amount = min(int(most / each + _WHOLE), position.quantity) if most > 0.0 else 0
            if amount > 0:
                packages.append(self._instr.sale(position, amount, position.rule))
                surplus -= amount * each
                spare -= amount * each if holding.is_call else 0.0
        count = sum(package.quantity for package in packages)
        if not packages:
            words = "Coverage is above its band by less than a contract that has a bid and that the floor can spare."
            day.verdicts.append(self._instr.verdict(Outcome.QUIET, words, {"surplus": surplus}))
            return
        reason = f"coverage above its band around {band.target:.1%}: {count} contract{'' if count == 1 else 's'} sold"
        day.verdicts.append(self._amm.verdict(Outcome.FIRED, f"C{reason[1:]}.", {"target": band.target}))
        day.propose(self._amm.id, Direction.HARVEST, packages, reason)

    def _endings(self, day: HedgeDay, held: list[Holding]) -> list[Holding]:
        """Sell what is near expiry and has a bid, and return what stays."""
        last = self._base.sell_dte
        today = day.view.session
        ending = [
            each
            for each in held
            if each.position.expiry is not None
            and (each.position.expiry - today).days <= last
            and _tradable(day, each.place)
        ]
        if not ending:
            return held
        packages = [self._instr.sale(each.position, each.position.quantity, each.position.rule) for each in ending]
        count = sum(package.quantity for package in packages)
        reason = f"near expiry: {count} contract{'' if count == 1 else 's'} within {last} days sold"
        day.verdicts.append(self._ladder.verdict(Outcome.FIRED, f"N{reason[1:]}.", {"sold": count}))
        day.propose(self._base.id, Direction.HARVEST, packages, reason, mandatory=True)
        gone = {each.place for each in ending}
        return [each for each in held if each.place not in gone]

    def _take_spike(self, day: HedgeDay, held: list[Holding]) -> list[Holding]:
        """Take part of the gain of a spike, once, and return what stays."""
        spike = self._ladder.spike(day.facts, day.view.vix, day.memory)
        day.learnt.update(spike.entries)
        if spike.verdict is not None:
            day.verdicts.append(spike.verdict)
        if not spike.monetise:
            return held
        value = day.marks.value
        packages: list[Package] = []
        stays: list[Holding] = []
        for each in held:
            position = each.position
            gained = float(value[each.place]) + float(position.cash) > 0.0
            amount = int(position.quantity * self._ladder.share) if gained and _tradable(day, each.place) else 0
            if amount:
                packages.append(self._instr.sale(position, amount, position.rule))
            left = 1.0 - amount / position.quantity
            stays.append(each._replace(notional=each.notional * left) if amount else each)
        if not packages:
            # Nothing gained yet: the spike stays to be monetised while it lasts.
            for key in spike.entries:
                day.learnt.pop(key, None)
            return held
        count = sum(package.quantity for package in packages)
        reason = f"half the gain of a spike taken: {count} contract{'' if count == 1 else 's'} sold"
        day.propose(self._ladder.id, Direction.HARVEST, packages, reason, triggers=(Family.VOLATILITY.value,))
        return stays


_WHOLE = 1e-9


def _tradable(day: HedgeDay, place: int) -> bool:
    """Whether every leg of a position has a bid and an ask today."""
    table = day.marks.table
    legs = table.leg_contract[table.leg_start[place] : table.leg_start[place + 1]]
    return bool((day.marks.status[legs] == QuoteStatus.OK).all())


def _selling_order(holding: Holding) -> tuple[date, date, str]:
    position = holding.position
    return position.expiry or date.max, position.opened, position.id
