"""L-BASE: rung 1 of the hedge, VIX calls beside every condor."""

from __future__ import annotations

from datetime import date

import msgspec
import numpy as np

from alvh.book.coverage import vx_notional
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.market.chain import ExpirySlice, QuoteStatus
from alvh.market.contracts import Option, Right
from alvh.market.products import product
from alvh.market.view import View
from alvh.method.layers.parameters import BaseParameters
from alvh.method.rule import Rule
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import VolStatus, implied_vol
from alvh.strategy.decision import Outcome, Package, Verdict
from alvh.strategy.facts import Absent, Facts

ROOT = "VIX"
EVIDENCE = ("S-REER.stable", "S-PE.stable")


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

    @property
    def off(self) -> bool:
        """Whether every target is zero, which is the same as having no layer."""
        return self.floor == self._stable == self._unstable == 0.0

    def target(self, facts: Facts) -> tuple[float, Verdict]:
        """Choose the coverage target from the evidence."""
        readings = {name: facts[name] for name in EVIDENCE}
        missing = [fact for fact in readings.values() if isinstance(fact, Absent)]
        holding = [name for name, fact in readings.items() if not isinstance(fact, Absent) and fact.holds]
        calm = len(holding) == len(EVIDENCE)
        target = max(self._stable if calm else self._unstable, self.floor)
        observed = {name: facts.value(name) for name in EVIDENCE} | {"target": target}
        threshold = {"floor": self.floor, "stable": self._stable, "unstable": self._unstable, "band": self._band}
        if missing:
            said = "; ".join(fact.reason for fact in missing)
            sentence = f"Evidence is absent ({said}), so coverage aims at {target:.1%}."
            return target, self.verdict(Outcome.ABSTAINED, sentence, observed, threshold)
        word = "stable" if calm else "not both stable"
        sentence = f"The dollar's real rate and the index P/E are {word}, so coverage aims at {target:.1%}."
        return target, self.verdict(Outcome.FIRED if calm else Outcome.QUIET, sentence, observed, threshold)

    def call(self, view: View) -> Call | str:
        """Choose the call to buy, or say why there is none."""
        window = [
            (abs((expiry - view.session).days - self._nearest), expiry)
            for expiry in view.expiries(ROOT)
            if self._low <= (expiry - view.session).days <= self._high
        ]
        if not window:
            return f"no VIX expiry lies {self._low} to {self._high} days out"
        for _, expiry in sorted(window):
            quotes = view.slice(ROOT, expiry)
            if quotes is not None:
                found = self._strike(quotes)
                if found is not None:
                    return found
        return f"no VIX call near {self._delta:.2f} delta has both a bid and an ask"

    def _strike(self, quotes: ExpirySlice) -> Call | None:
        strikes = quotes.strikes
        strikes = strikes[(strikes >= 0.8 * quotes.forward) & (strikes <= 4.0 * quotes.forward)]
        calls = np.zeros(strikes.size, np.bool_)
        seen = quotes.quote(strikes, calls)
        usable = seen.status == QuoteStatus.OK
        strikes, calls, mid = strikes[usable], calls[usable], seen.mid[usable]
        if strikes.size == 0:
            return None
        vol, status = implied_vol(mid, quotes.forward, strikes, quotes.tau, calls, quotes.discount)
        solved = status == VolStatus.OK
        if not solved.any():
            return None
        strikes, vol = strikes[solved], vol[solved]
        delta = greeks(quotes.forward, strikes, quotes.tau, vol, calls[solved], quotes.discount).delta / quotes.discount
        best = int(np.argmin(np.abs(delta - self._delta)))
        return Call(expiry=quotes.expiry, strike=float(strikes[best]), forward=quotes.forward, delta=float(delta[best]))

    @staticmethod
    def held(book: Book) -> tuple[Position, ...]:
        """Positions this layer opened."""
        return tuple(position for position in book.sleeve(Sleeve.HEDGE) if position.rule == LBase.id)

    @staticmethod
    def notional(positions: tuple[Position, ...], view: View) -> float:
        """VX notional of positions, USD."""
        return sum(vx_notional(position, view) for position in positions)

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

    def sales(self, positions: tuple[Position, ...], surplus: float, view: View) -> tuple[Package, ...]:
        """Make packages that sell at most `surplus` USD of notional, the nearest expiry and the oldest first."""
        packages: list[Package] = []
        for position in sorted(positions, key=lambda item: (item.expiry or date.max, item.opened, item.id)):
            each = vx_notional(position, view) / position.quantity
            amount = min(int(surplus / each), position.quantity)
            if amount <= 0:
                break
            packages.append(self.sale(position, amount))
            surplus -= amount * each
        return tuple(packages)

    def sale(self, position: Position, contracts: int) -> Package:
        """Make the package that sells contracts of one position."""
        legs = tuple(Leg(instrument=leg.instrument, ratio=-leg.ratio) for leg in position.legs)
        return Package(sleeve=Sleeve.HEDGE, rule=self.id, legs=legs, quantity=contracts, closes=position.id)
