"""L-BASE: rung 1 of the hedge, VIX calls beside every condor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from alvh.book.coverage import vx_notional
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.market.contracts import Option, Right
from alvh.market.products import product
from alvh.market.view import View
from alvh.method.layers.call_search import nearest_call
from alvh.method.layers.parameters import BaseParameters
from alvh.method.rule import Rule
from alvh.strategy.decision import Outcome, Package, Verdict
from alvh.strategy.facts import Absent, Facts, Reading
from alvh.strategy.words import said

ROOT = "VIX"
EVIDENCE = ("S-REER.stable", "S-PE.stable")
# Strikes looked at, multiples of the forward.
_STRIKES = (0.8, 4.0)
_CALM = "The dollar's real rate and the index P/E are stable, so coverage aims at {:.1%}."
_UNEASY = "The dollar's real rate and the index P/E are not both stable, so coverage aims at {:.1%}."


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """The VIX call that the layer buys today.

    Attributes
    ----------
    forward : float, VIX points
        VX forward of its own expiry; what coverage counts.
    delta : float, on the forward
    """

    expiry: date
    strike: float
    forward: float
    delta: float

    @property
    def notional(self) -> float:
        """VX notional of one contract, USD."""
        return product(ROOT).multiplier * self.forward


class Held(NamedTuple):
    """A position of the layer, its VX notional in USD, and its place in the book."""

    position: Position
    notional: float
    place: int


class LBase(Rule):
    """Hold 10 to 15 % coverage in VIX calls.

    Coverage is the VX notional of the hedge over the maximum loss of the condor book. The target is `stable` while
    the dollar's real effective exchange rate (S-REER) and the index P/E (S-PE) are stable, `unstable` when either is
    unstable or absent, on which the seed is silent. The `floor` goes on as one package with each condor: they fill
    together or not at all. The rest is bought or sold so that coverage stays inside [max(floor, target x (1 - band)),
    target / (1 - band)], trading to the nearer edge; an empty hedge opens at the edge. Contracts are rounded down and
    the remainder is recorded.

    The calls are bought `delta` out on the VX forward of their own expiry, which is the one between `dte_min` and
    `dte_max` nearest to `dte_target`. At `sell_dte` days to expiry they are sold and replaced (L-LADDER). A call that
    nobody bids for is kept to expiry.
    """

    id = "L-BASE"
    title = "Rung 1: VIX calls beside every condor"
    seeds = ("001",)
    section = "layers"

    def __init__(self, parameters: BaseParameters) -> None:
        self.floor = parameters.floor.value
        self._stable = parameters.stable.value
        self._unstable = parameters.unstable.value
        self._band = parameters.band.value
        self._delta = parameters.delta.value
        self._low = parameters.dte_min.value
        self._high = parameters.dte_max.value
        self._nearest = parameters.dte_target.value
        self.sell_dte = parameters.sell_dte.value
        self._thresholds = {"floor": self.floor, "stable": self._stable, "unstable": self._unstable, "band": self._band}

    @property
    def off(self) -> bool:
        """Whether every target is zero, which is the same as having no layer."""
        return self.floor == self._stable == self._unstable == 0.0

    def target(self, facts: Facts) -> tuple[float, Verdict]:
        """Choose the coverage target from the evidence."""
        dollar, prices = facts[EVIDENCE[0]], facts[EVIDENCE[1]]
        calm = isinstance(dollar, Reading) and dollar.holds and isinstance(prices, Reading) and prices.holds
        target = max(self._stable if calm else self._unstable, self.floor)
        observed = {
            EVIDENCE[0]: dollar.value if isinstance(dollar, Reading) else None,
            EVIDENCE[1]: prices.value if isinstance(prices, Reading) else None,
            "target": target,
        }
        missing = [fact.reason for fact in (dollar, prices) if isinstance(fact, Absent)]
        if missing:
            words = said("Evidence is absent ({}), so coverage aims at {:.1%}.", "; ".join(missing), target)
            return target, self.verdict(Outcome.ABSTAINED, words, observed, self._thresholds)
        words = said(_CALM if calm else _UNEASY, target)
        return target, self.verdict(Outcome.FIRED if calm else Outcome.QUIET, words, observed, self._thresholds)

    def call(self, view: View) -> Call | str:
        """Choose the call to buy, or say why there is none."""
        today = view.session
        window = []
        for expiry in view.expiries(ROOT):
            dte = (expiry - today).days
            if self._low <= dte <= self._high:
                window.append((abs(dte - self._nearest), expiry))
        if not window:
            return f"no VIX expiry lies {self._low} to {self._high} days out"
        for _, expiry in sorted(window):
            quotes = view.slice(ROOT, expiry)
            found = nearest_call(quotes, self._delta, *_STRIKES) if quotes is not None else None
            if quotes is not None and found is not None:
                return Call(expiry=expiry, strike=found.strike, forward=quotes.forward, delta=found.delta)
        return f"no VIX call near {self._delta:.2f} delta has both a bid and an ask"

    def held(self, book: Book, view: View) -> tuple[Held, ...]:
        """Positions this layer opened, with what they count."""
        return tuple(
            [
                Held(position, vx_notional(position, view) if worth is None else worth, place)
                for place, (position, worth) in enumerate(zip(book.positions, _notionals(book), strict=True))
                if position.sleeve is Sleeve.HEDGE and position.rule == LBase.id
            ]
        )

    def gap(self, target: float, held: float, max_loss: float) -> float:
        """Return the notional to buy (positive) or sell (negative) to reach the nearer edge of the band, USD.

        Parameters
        ----------
        held : float, USD
            VX notional held.
        max_loss : float, USD
            Maximum loss of the condor book that is to be covered.
        """
        low = max(self.floor, target * (1.0 - self._band)) * max_loss
        high = target / (1.0 - self._band) * max_loss
        return low - held if held < low else min(high - held, 0.0)

    def purchase(self, call: Call, contracts: int) -> Package:
        """Make the package that buys contracts of a call."""
        option = Option(ROOT, call.expiry, call.strike, Right.CALL)
        return Package(sleeve=Sleeve.HEDGE, rule=self.id, legs=(Leg(instrument=option, ratio=1),), quantity=contracts)

    def sales(self, held: Iterable[Held], surplus: float) -> tuple[Package, ...]:
        """Make packages that sell at most `surplus` USD of notional, the nearest expiry and the oldest first."""
        packages: list[Package] = []
        for position, notional, _ in sorted(held, key=_selling_order):
            each = notional / position.quantity
            amount = min(int(surplus / each), position.quantity)
            if amount <= 0:
                break
            packages.append(self.sale(position, amount))
            surplus -= amount * each
        return tuple(packages)

    def sale(self, position: Position, contracts: int) -> Package:
        """Make the package that sells contracts of one position."""
        legs = tuple([Leg(instrument=leg.instrument, ratio=-leg.ratio) for leg in position.legs])
        return Package(sleeve=Sleeve.HEDGE, rule=self.id, legs=legs, quantity=contracts, closes=position.id)


def _selling_order(held: Held) -> tuple[date, date, str]:
    position = held.position
    return position.expiry or date.max, position.opened, position.id


def _notionals(book: Book) -> Sequence[float | None]:
    """VX notional of each position by its marks; None where those do not say."""
    marks = book.marks
    if marks is None or marks.hedge.not_plain:
        return [None] * len(book.positions)
    found: list[float | None] = marks.vx_notional.tolist()
    return found
