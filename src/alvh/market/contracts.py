"""Contracts and the facts that decide money: multiplier, ticks, settlement class.

The settlement class is part of the contract. SPX monthlies stop trading the session before their expiry and
settle on the opening prints; SPXW and XSP settle at the close; VIX options and VX futures settle on the special
opening quotation of the VIX, thirty days before an SPX expiry.

Sign convention, once for the whole program: cash is positive when received, a quantity is negative when short.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

import msgspec


class Right(StrEnum):
    """Call or put."""

    CALL = "C"
    PUT = "P"


class Kind(StrEnum):
    """What sort of thing is traded."""

    OPTION = "option"
    FUTURE = "future"
    ETP = "etp"


class Settlement(StrEnum):
    """How a contract ends."""

    AM_OPEN = "am_open"
    """SPX: special opening quotation of the index on expiry morning."""
    PM_CLOSE = "pm_close"
    """SPXW, XSP: closing index level on expiry day."""
    VIX_OPEN = "vix_open"
    """VIX options, VX and VXM: special opening quotation of the VIX (VRO) on expiry morning."""
    INDEX_OPEN = "index_open"
    """Index futures (ES, MES): special opening quotation of the index."""
    PHYSICAL = "physical"
    """American options on shares; imported and flagged, never priced by Black-76."""
    NONE = "none"
    """Shares do not expire."""


class Style(StrEnum):
    """Exercise style."""

    EUROPEAN = "european"
    AMERICAN = "american"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class TickRule:
    """Minimum price variation: `below` under `boundary`, `above` from it on."""

    below: Decimal
    boundary: Decimal
    above: Decimal

    def tick(self, price: Decimal) -> Decimal:
        """Return the tick that applies at a price in points."""
        return self.below if abs(price) < self.boundary else self.above


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One listed product, by root symbol.

    Attributes
    ----------
    root : str
        Trading root; SPX, SPXW, XSP and VIX are kept apart because they decide settlement.
    underlying : str
        Name of the series it settles on or tracks: ``SPX``, ``XSP``, ``VIX``, ``SPY``, ...
    multiplier : int
        USD per point.
    package_tick : Decimal
        Tick of a complex order's net price, in points.
    """

    root: str
    name: str
    kind: Kind
    underlying: str
    multiplier: int
    style: Style
    settlement: Settlement
    ticks: TickRule
    package_tick: Decimal

    @property
    def european(self) -> bool:
        """Whether Black-76 on the forward applies."""
        return self.style is Style.EUROPEAN


class Option(msgspec.Struct, frozen=True, order=True, gc=False):
    """One option contract; hashable, ordered by root, expiry, strike, right."""

    root: str
    expiry: date
    strike: float
    right: Right

    @property
    def is_put(self) -> bool:
        """True for puts."""
        return self.right is Right.PUT


class Future(msgspec.Struct, frozen=True, order=True, gc=False):
    """One futures contract by its final settlement date."""

    root: str
    expiry: date


class Share(msgspec.Struct, frozen=True, order=True, gc=False):
    """One share of an exchange-traded product."""

    root: str


Instrument: TypeAlias = Option | Future | Share
