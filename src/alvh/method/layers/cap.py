"""L-CAP: how much capital the hedge may tie up."""

from __future__ import annotations

from collections.abc import Sequence

from alvh.method.layers.lots import Order
from alvh.method.layers.parameters import CapParameters
from alvh.method.layers.trigger import missing
from alvh.method.rule import Rule
from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.facts import Facts

__all__ = ["LCap"]

_CALM, _NARROW = "S-REER.calm", "S-NARROW.narrow"


class LCap(Rule):
    """Keep the capital of the hedge under a share of risk capital.

    `narrow` while breadth narrows (S-NARROW), `calm` while the dollar's volatility is low (S-REER), otherwise `usual`.
    Hedge capital is premium paid plus margin; risk capital is the condors' maximum loss plus hedge capital. Where an
    order would pass the cap, what gains most in the down-shock for its capital is bought first, and the rest is not.
    The seed caps the full hedge; lower rungs need less, so the same cap stands over every purchase but the floor's.
    """

    id = "L-CAP"
    title = "The capital of the hedge"
    seeds = ("003",)
    section = "layers"

    def __init__(self, parameters: CapParameters) -> None:
        self._calm = parameters.calm.value
        self._usual = parameters.usual.value
        self._narrow = parameters.narrow.value
        self._thresholds = {"calm": self._calm, "usual": self._usual, "narrow": self._narrow}

    def share(self, facts: Facts) -> float:
        """Return the cap, a fraction of risk capital; what is not known neither widens nor tightens it."""
        if facts.value(_NARROW):
            return self._narrow
        return self._calm if facts.value(_CALM) else self._usual

    @staticmethod
    def room(share: float, max_loss: float, held: float) -> float:
        """Return the capital that may still be added, USD, so that hedge capital stays `share` of risk capital.

        Parameters
        ----------
        held : float, USD
            Hedge capital in use.
        """
        if share >= 1.0:
            return float("inf")
        return max(share / (1.0 - share) * max_loss - held, 0.0)

    @staticmethod
    def fit(orders: Sequence[Order], room: float) -> tuple[Order, ...]:
        """Keep what fits, the most stress gain per capital first; the order of what is kept stays."""
        if sum(order.capital for order in orders) <= room:
            return tuple(orders)
        ranked = sorted(range(len(orders)), key=lambda place: -_yield(orders[place]))
        kept: dict[int, Order] = {}
        for place in ranked:
            order = orders[place]
            quantity = min(order.quantity, int(room / order.lot.capital)) if order.lot.capital > 0.0 else order.quantity
            if quantity > 0:
                kept[place] = Order(lot=order.lot, quantity=quantity)
                room -= quantity * order.lot.capital
        return tuple(kept[place] for place in sorted(kept))

    def told(self, facts: Facts, share: float, wanted: float, room: float) -> Verdict:
        """Say whether the cap binds.

        Parameters
        ----------
        wanted, room : float, USD
            Capital of the orders, and what may be added.
        """
        observed = {_CALM: facts.value(_CALM), _NARROW: facts.value(_NARROW), "share": share, "wanted": wanted}
        absent = missing(facts, (_CALM, _NARROW))
        said = f" ({'; '.join(absent)})" if absent else ""
        if wanted > room:
            words = f"The cap of {share:.0%} binds{said}: {wanted:,.0f} USD wanted, {room:,.0f} USD free."
            return self.verdict(Outcome.FIRED, words, observed, self._thresholds)
        outcome = Outcome.ABSTAINED if len(absent) == len((_CALM, _NARROW)) else Outcome.QUIET
        words = f"The cap of {share:.0%} of risk capital leaves room{said}."
        return self.verdict(outcome, words, observed, self._thresholds)


def _yield(order: Order) -> float:
    return order.lot.stress / order.lot.capital if order.lot.capital > 0.0 else float("inf")
