"""Immutable entries of the ledger; the book is their fold.

Signs: cash is positive when received. Instruments stand as symbols (OCC for options), so that an entry can be read
by a person and by another program. Money is Decimal, to the cent.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeAlias

import msgspec


class LegFill(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How one leg of a package was priced.

    Attributes
    ----------
    symbol : str
    ratio : int
        Contracts per package, positive bought, negative sold.
    bid, ask, price : float, points
        The quote at decision time and the price assigned to this leg.
    fee : Decimal, USD
        For all contracts of this leg.
    origin : str
        ``recorded`` or ``modelled``.
    """

    symbol: str
    ratio: int
    bid: float
    ask: float
    price: float
    fee: Decimal
    origin: str


class Deposited(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="deposited"):
    """Cash paid into the account."""

    session: date
    cash: Decimal


class Opened(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="opened"):
    """A package was filled and a position opened.

    `price` is net points per package, positive when received; `cash` is price x multiplier x quantity; `mid` and
    `natural` are the package's net points at mid and at the far side of every leg.
    """

    session: date
    position: str
    proposal: str
    sleeve: str
    rule: str
    quantity: int
    price: Decimal
    cash: Decimal
    fees: Decimal
    mid: float
    natural: float
    fills: tuple[LegFill, ...]


class Closed(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="closed"):
    """A package was filled that closes a position, wholly or in part."""

    session: date
    position: str
    proposal: str
    sleeve: str
    rule: str
    reason: str
    quantity: int
    price: Decimal
    cash: Decimal
    fees: Decimal
    mid: float
    natural: float
    fills: tuple[LegFill, ...]


class Settled(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="settled"):
    """One leg of a position expired and was settled in cash.

    `contracts` is signed, `value` is the settlement value in points, `proxy` says what stands in for the official
    print (empty when it is the official one).
    """

    session: date
    position: str
    sleeve: str
    symbol: str
    contracts: int
    value: float
    cash: Decimal
    proxy: str


class Accrued(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="accrued"):
    """Interest on cash since the previous session, simple act/365 at a continuously compounded bill rate."""

    session: date
    days: int
    rate: float
    cash: Decimal


Event: TypeAlias = Deposited | Opened | Closed | Settled | Accrued
