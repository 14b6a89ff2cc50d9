"""L-INSTR: what the layers may hold, as lots that are counted in whole contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from alvh.book.positions import Leg, Position, Sleeve
from alvh.market.contracts import Future
from alvh.market.products import product
from alvh.method.rule import Rule
from alvh.strategy.decision import Package

__all__ = ["MINI_SINCE", "LInstr", "Lot", "Order"]

MINI_SINCE = date(2020, 8, 10)
"""First session of VXM futures."""


class Lot(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One package that may be bought, and what one of it counts.

    Attributes
    ----------
    rule : str
        Layer that buys it; the position carries this id.
    words : str
        What it is, for a person: ``VIX 2018-03-21 18 call``.
    notional : float, USD
        What one package adds to the hedge ratio's x.
    capital : float, USD
        Premium or initial margin of one package.
    stress : float, USD
        Gain of one package in the down-shock.
    daily : float, USD
        Expected cost a calendar day under an unchanged curve and unchanged volatility, half-spreads included.
    """

    rule: str
    legs: tuple[Leg, ...]
    words: str
    notional: float
    capital: float
    stress: float
    daily: float = 0.0


class Order(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Whole packages of one lot."""

    lot: Lot
    quantity: int

    @property
    def notional(self) -> float:
        """What the order adds to x, USD."""
        return self.quantity * self.lot.notional

    @property
    def capital(self) -> float:
        """Premium or initial margin, USD."""
        return self.quantity * self.lot.capital

    @property
    def package(self) -> Package:
        """The order as a package."""
        return Package(sleeve=Sleeve.HEDGE, rule=self.lot.rule, legs=self.lot.legs, quantity=self.quantity)


class LInstr(Rule):
    """Hold the layers in VIX options, VX and VXM futures and SPX put spreads, in whole contracts.

    Contracts are rounded down; what is left of a VX future is filled with VXM futures where they are listed (since
    10 August 2020), and the rest is recorded as unfilled. VIX options and VX settle on the special opening quotation of
    VIX, SPX options at their own opening or closing print. A package has one multiplier, so each future is a package of
    its own.
    """

    id = "L-INSTR"
    title = "The instruments of the hedge"
    seeds = ("001", "002", "003")
    section = "layers"

    @staticmethod
    def split(wanted: float, lots: Sequence[Lot]) -> tuple[Order, ...]:
        """Fill an amount from lots in order, each rounded down.

        Parameters
        ----------
        wanted : float, USD of notional
        lots : sequence of Lot
            The larger first: a VX future before its VXM.
        """
        orders: list[Order] = []
        for lot in lots:
            quantity = int(wanted / lot.notional + _WHOLE) if lot.notional > 0.0 and wanted > 0.0 else 0
            if quantity > 0:
                orders.append(Order(lot=lot, quantity=quantity))
                wanted -= quantity * lot.notional
        return tuple(orders)

    @staticmethod
    def futures(
        view_session: date, expiry: date, price: float, rule: str, stress: float, rate: float, daily: float
    ) -> tuple[Lot, ...]:
        """Return VX and, where it is listed, VXM of one expiry as lots.

        Parameters
        ----------
        price : float, VIX points
        stress : float, VIX points
            Move of the future in the down-shock.
        rate : float
            Initial margin as a fraction of contract value.
        daily : float, VIX points a calendar day
            Expected cost.
        """
        roots = ("VX", "VXM") if view_session >= MINI_SINCE else ("VX",)
        lots: list[Lot] = []
        for root in roots:
            usd = product(root).multiplier
            lots.append(
                Lot(
                    rule=rule,
                    legs=(Leg(instrument=Future(root, expiry), ratio=1),),
                    words=f"{root} {expiry} future",
                    notional=usd * price,
                    capital=usd * price * rate,
                    stress=usd * stress,
                    daily=usd * daily,
                )
            )
        return tuple(lots)

    @staticmethod
    def sale(position: Position, quantity: int, rule: str) -> Package:
        """Make the package that closes some packages of a position."""
        legs = tuple([Leg(instrument=leg.instrument, ratio=-leg.ratio) for leg in position.legs])
        return Package(sleeve=Sleeve.HEDGE, rule=rule, legs=legs, quantity=quantity, closes=position.id)


_WHOLE = 1e-9
"""What binary sums take from a whole number of contracts."""
