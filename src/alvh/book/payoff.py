"""Terminal payoff of options and the worst it can be, exact.

The payoff of European options on one settlement value is piecewise linear in it, with kinks at the strikes, so its
minimum over all values from zero up stands at zero, at a strike, or is without bound above the highest strike.
Legs that settle on different values (another root or expiry) are bounded one by one and the bounds added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from alvh.book.cents import points
from alvh.book.identity import Remembered
from alvh.book.positions import Leg
from alvh.market.contracts import Option, Right
from alvh.market.products import product_of

__all__ = ["intrinsic", "payoff", "worst_loss"]

_THOUSAND = 1000


def intrinsic(option: Option, value: Decimal) -> Decimal:
    """Return what one option pays per point of multiplier at a settlement value.

    Parameters
    ----------
    value : Decimal, points

    Returns
    -------
    Decimal, points
    """
    strike = points(option.strike)
    return max(Decimal(0), strike - value if option.right is Right.PUT else value - strike)


def payoff(legs: Iterable[Leg], value: Decimal) -> Decimal:
    """Sum ratio x intrinsic over option legs that settle on the same value, points per package."""
    return sum(
        (leg.ratio * intrinsic(leg.instrument, value) for leg in legs if isinstance(leg.instrument, Option)), Decimal(0)
    )


def worst_loss(legs: tuple[Leg, ...]) -> Decimal | None:
    """Return the most a package can owe at settlement, before premium; remembered for the same tuple of legs.

    Returns
    -------
    Decimal or None, USD per package
        Zero or positive; None when it has no bound (short calls beyond the long ones) or is no matter of options
        alone (futures, shares).
    """
    return _worst_loss(legs)


def _read_worst_loss(legs: tuple[Leg, ...]) -> Decimal | None:
    if any(not isinstance(leg.instrument, Option) for leg in legs):
        return None
    total = Decimal(0)
    for group in _by_settlement(legs).values():
        worst = _worst_points(group)
        if worst is None:
            return None
        total += worst * product_of(group[0].instrument).multiplier
    return total


def _worst_points(legs: Sequence[Leg]) -> Decimal | None:
    # Strikes are whole thousandths of a point, so the search can go in integers and stay exact.
    terms = [
        (leg.ratio, leg.instrument.is_put, round(leg.instrument.strike * _THOUSAND))
        for leg in legs
        if isinstance(leg.instrument, Option)
    ]
    if sum(ratio for ratio, is_put, _ in terms if not is_put) < 0:
        return None
    least = 0
    for value in (0, *(strike for _, _, strike in terms)):
        owed = sum(
            ratio * (strike - value if is_put else value - strike)
            for ratio, is_put, strike in terms
            if (strike > value if is_put else value > strike)
        )
        least = min(least, owed)
    return Decimal(-least) / _THOUSAND


def _by_settlement(legs: Iterable[Leg]) -> dict[tuple[str, date], list[Leg]]:
    groups: dict[tuple[str, date], list[Leg]] = defaultdict(list)
    for leg in legs:
        if isinstance(leg.instrument, Option):
            groups[leg.instrument.root, leg.instrument.expiry].append(leg)
    return groups


_worst_loss: Remembered[tuple[Leg, ...], Decimal | None] = Remembered(_read_worst_loss, size=8192)
