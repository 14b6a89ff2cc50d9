"""Orders: only an authorised proposal can be routed.

`Authorized` is constructed in one place of the program, `alvh.governance.authorize`; `route` accepts nothing else, so
an order without authority is a type error, and a test reads the source to prove that nobody else constructs one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, final

import msgspec

from alvh.ledger.events import LegFill
from alvh.strategy.decision import Package, Proposal


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized:
    """A proposal that may be routed, with the sentences that say why."""

    proposal: Proposal
    grounds: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A proposal that may not be routed, with the sentences that say why."""

    proposal: Proposal
    reasons: tuple[str, ...]


class PackageFill(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One package filled whole.

    Attributes
    ----------
    price : Decimal, points per package
        Net, positive when received, on the package's tick, rounded against us.
    cash : Decimal, USD
        price x multiplier x quantity; for futures nothing at opening and the gain at closing.
    fees : Decimal, USD
        Positive.
    mid, natural : float, points per package
        Net at mid and at the far side of every leg, same sign convention.
    """

    package: Package
    price: Decimal
    cash: Decimal
    fees: Decimal
    mid: float
    natural: float
    legs: tuple[LegFill, ...]


class Filled(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Every package of a proposal filled."""

    authorized: Authorized
    fills: tuple[PackageFill, ...]


class Unfilled(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """No package filled; the reason names the leg and the quote."""

    authorized: Authorized
    reason: str


Routed: TypeAlias = Filled | Unfilled
