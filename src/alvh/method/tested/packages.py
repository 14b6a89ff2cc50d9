"""The packages of section 5: a spread bought back alone, and a condor replaced by another as one order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from alvh.book.positions import Leg, Position
from alvh.execution.quotes import PackageQuote
from alvh.market.contracts import Option, Right
from alvh.method.tested.search import Moved
from alvh.method.tested.side import Side
from alvh.strategy.decision import Direction, Package, Proposal

__all__ = ["only", "replacement", "shut"]

_RIGHTS = {Side.CALL: Right.CALL, Side.PUT: Right.PUT}
_CENT = Decimal("0.01")


def only(package: Package, side: Side, rule: str) -> Package:
    """Keep the legs of one side of a closing package."""
    legs = tuple(
        leg for leg in package.legs if isinstance(leg.instrument, Option) and leg.instrument.right is _RIGHTS[side]
    )
    return Package(sleeve=package.sleeve, rule=rule, legs=legs, quantity=package.quantity, closes=package.closes)


def shut(package: Package, rule: str, reason: str, next_id: Callable[[], str]) -> Proposal:
    """Propose the mandatory close of a whole condor."""
    return Proposal(
        id=next_id(),
        rule=rule,
        direction=Direction.PROTECT,
        packages=(package,),
        reason=reason,
        mandatory=True,
        reduces_risk=True,
    )


def replacement(
    rule: str, held: Position, out: Package, price: PackageQuote, moved: Moved, allowed: Decimal
) -> tuple[Package, Package]:
    """Close one condor and open another; both have limits, so that the pair costs at most what it may.

    Parameters
    ----------
    price : PackageQuote
        Of `out`, the closing package.
    allowed : Decimal, points
        Most that the pair may cost.
    """
    low, put, call, high = moved.strikes
    wanted = ((low, Right.PUT, 1), (put, Right.PUT, -1), (call, Right.CALL, -1), (high, Right.CALL, 1))
    legs = tuple(
        Leg(instrument=Option(moved.root, moved.expiry, strike, right), ratio=ratio) for strike, right, ratio in wanted
    )
    least = (-price.price - allowed).quantize(_CENT)
    closing = Package(
        sleeve=out.sleeve, rule=rule, legs=out.legs, quantity=out.quantity, closes=out.closes, limit=price.price
    )
    return closing, Package(sleeve=held.sleeve, rule=rule, legs=legs, quantity=held.quantity, limit=least)
