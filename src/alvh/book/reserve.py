"""What one position ties up and can lose whatever the market does: widths, premiums, worst losses.

Positions whose margin moves with the market (uncovered shorts, futures, shares sold) have no fixed reserve; `margin`
works theirs out from marks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from alvh.book.cents import ZERO, cents
from alvh.book.condor import Condor
from alvh.book.identity import Remembered
from alvh.book.pairing import least_pairings
from alvh.book.payoff import worst_loss
from alvh.book.positions import Leg, Position
from alvh.market.contracts import Future, Option, Share
from alvh.market.products import product_of

__all__ = ["bounded_loss", "fixed_reserve", "option_groups", "paid", "premium"]


def _fixed_requirement(position: Position) -> Decimal | None:
    """Return the reserve of a position that needs no market: options only, every short covered."""
    condor = Condor.of(position)
    if condor is not None:
        return condor.margin
    if all(leg.ratio > 0 for leg in position.legs) and all(isinstance(leg.instrument, Option) for leg in position.legs):
        return ZERO
    total = Decimal(0)
    for legs in option_groups(position):
        best = least_pairings(legs)[0]
        if best.bare:
            return None
        total += best.covered * product_of(legs[0].instrument).multiplier
    if any(isinstance(leg.instrument, Future) or _sold_share(leg) for leg in position.legs):
        return None
    return cents(total * position.quantity)


def premium(position: Position) -> Decimal:
    """Return the cash value of the net price, USD; zero for futures, which cost nothing to open."""
    if any(isinstance(leg.instrument, Future) for leg in position.legs):
        return ZERO
    multiplier = product_of(position.legs[0].instrument).multiplier
    return cents(position.price * multiplier * position.quantity)


def _most_it_can_lose(position: Position) -> Decimal | None:
    condor = Condor.of(position)
    if condor is not None:
        return condor.max_loss
    worst = worst_loss(position.legs)
    if worst is None:
        return None
    return cents(worst * position.quantity) - premium(position)


def option_groups(position: Position) -> Iterable[tuple[Leg, ...]]:
    """Return the option legs of a position by the value they settle on: root and expiry."""
    groups: dict[tuple[str, date], tuple[Leg, ...]] = defaultdict(tuple)
    for leg in position.legs:
        if isinstance(leg.instrument, Option):
            groups[leg.instrument.root, leg.instrument.expiry] += (leg,)
    return groups.values()


def _sold_share(leg: Leg) -> bool:
    return isinstance(leg.instrument, Share) and leg.ratio < 0


def _net_premium_paid(position: Position) -> Decimal:
    return max(ZERO, -premium(position))


fixed_reserve = Remembered(_fixed_requirement, size=8192)
"""Cash a position reserves beyond what it paid, USD; None where that moves with the market. Remembered."""
paid = Remembered(_net_premium_paid, size=8192)
"""Net premium a position cost, USD; zero for one that received a credit, and for futures. Remembered."""
bounded_loss = Remembered(_most_it_can_lose, size=8192)
"""Most a position can still lose, premium included, fees apart, USD; None where that has no bound. Remembered."""
