"""What we hold: legs in packages, packages as positions, positions and cash as the book.

Signs: cash is positive when received; a ratio or quantity is negative when short. A position's `ratio` carries the
sign of each leg and its `quantity` counts whole packages, so a short condor is +1 long put, -1 short put, -1 short
call, +1 long call, times a positive quantity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter, indexOf
from typing import TYPE_CHECKING

import msgspec

from alvh.book.identity import Remembered
from alvh.market.contracts import Future, Instrument, Option

if TYPE_CHECKING:
    from alvh.book.marks import Marks
    from alvh.book.position_columns import PositionColumns

_ID = attrgetter("id")


class Sleeve(StrEnum):
    """Which part of the portfolio a position belongs to."""

    CONDOR = "condor"
    HEDGE = "hedge"


class Leg(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Contracts of one instrument per package; negative when short (or sold, in a trade)."""

    instrument: Instrument
    ratio: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A package we hold.

    Attributes
    ----------
    rule : str
        Id of the rule that opened it, e.g. ``C-ENTRY`` or ``L-BASE``.
    quantity : int
        Whole packages, positive.
    price : Decimal, points per package
        Net premium at opening, positive when received (a credit).
        After part of its legs was closed or settled: everything received so far per remaining package, net.
    cash : Decimal, USD
        Everything this position has paid or received so far, fees included.
    entries : tuple of float, points
        Price assigned to each leg at opening, in the order of `legs`; empty where it is not known. A leg that was
        never quoted since is marked at it, and a future settles against it.
    """

    id: str
    sleeve: Sleeve
    rule: str
    legs: tuple[Leg, ...]
    quantity: int
    opened: date
    price: Decimal
    cash: Decimal
    entries: tuple[float, ...] = ()
    columns: PositionColumns | None = field(default=None, init=False, repr=False, compare=False)
    """What `position_columns.columns_of` found, kept with the position for the rest of its life."""

    @property
    def expiry(self) -> date | None:
        """Earliest expiry among the legs; None when nothing expires."""
        columns = self.columns
        return earliest_expiry(self.legs) if columns is None else columns.expiry


def _read_earliest(legs: tuple[Leg, ...]) -> date | None:
    return min([leg.instrument.expiry for leg in legs if isinstance(leg.instrument, (Option, Future))], default=None)


earliest_expiry: Remembered[tuple[Leg, ...], date | None] = Remembered(_read_earliest, size=8192)
"""Earliest expiry among legs; None when nothing expires."""


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """Cash and positions at one instant, with their marks once the market has been looked at.

    Attributes
    ----------
    cash : Decimal, USD
    positions : tuple of Position
        In order of opening.
    marks : Marks or None
        Marks of exactly these positions at the current view; None before marking.
    """

    cash: Decimal
    positions: tuple[Position, ...] = ()
    marks: Marks | None = None

    def sleeve(self, sleeve: Sleeve) -> tuple[Position, ...]:
        """Positions of one sleeve, in order of opening."""
        return tuple(position for position in self.positions if position.sleeve is sleeve)

    def position(self, identifier: str) -> Position | None:
        """Find a position by id."""
        place = self.place(identifier)
        return None if place is None else self.positions[place]

    def place(self, identifier: str) -> int | None:
        """Find the place of a position by id."""
        try:
            return indexOf(map(_ID, self.positions), identifier)
        except ValueError:
            return None

    def marked(self, marks: Marks) -> Book:
        """Return the same holdings with marks attached."""
        return Book(cash=self.cash, positions=self.positions, marks=marks)

    def with_positions(self, positions: Iterable[Position], cash: Decimal) -> Book:
        """Return a new book with other holdings and no marks."""
        return Book(cash=cash, positions=tuple(positions))
