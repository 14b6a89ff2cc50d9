"""Sums over the positions of a book that need no market, exact in whole cents."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import numpy as np

from alvh.book.identity import Remembered
from alvh.book.position_columns import CAPITAL, EXPIRY, FACTS, HEDGE, LOSS, MOVING, QUANTITY, RESERVED, columns_of_all
from alvh.book.positions import Position
from alvh.core.arrays import F8
from alvh.core.compiled import compiled

__all__ = ["BookTotals", "book_totals", "usd"]

_PLACES = -2
_NO_FACTS = np.zeros((0, FACTS))


class BookTotals(msgspec.Struct, frozen=True, gc=False):
    """Sums over the positions of a book, in whole cents of USD.

    Attributes
    ----------
    condor_cents : int
        Reserved by the condor sleeve: wider width x multiplier x quantity.
    reserved_cents : int or None
        By all positions; None where the reserve of one moves with the market.
    loss_cents : int or None
        Max loss of condors that reserve something; None where one moves with the market.
    hedge_cents : int or None
        Reserved or paid by the hedge sleeve; None where one moves with the market.
    """

    condor_cents: int
    reserved_cents: int | None
    loss_cents: int | None
    hedge_cents: int | None
    condors: int
    """Packages of the condor sleeve."""
    hedges: int
    """Packages of the hedge sleeve."""
    fixed_cents: int
    """Reserved by positions whose reserve does not move."""
    fixed_hedge_cents: int
    """Reserved or paid by those of the hedge sleeve."""
    moving: tuple[int, ...]
    """Places of positions whose reserve moves with the market."""
    first_expiry: int
    """Ordinal of the earliest expiry among all legs; zero when nothing expires."""

    @property
    def condor_margin(self) -> Decimal:
        """Reserved by the condor sleeve, USD."""
        return usd(self.condor_cents)

    @property
    def reserved(self) -> Decimal | None:
        """Reserved by all positions, USD; None where that moves with the market."""
        return None if self.reserved_cents is None else usd(self.reserved_cents)

    @property
    def condor_loss(self) -> Decimal | None:
        """Max loss of the condors, USD; None where that moves with the market."""
        return None if self.loss_cents is None else usd(self.loss_cents)

    @property
    def hedge_capital(self) -> Decimal | None:
        """Reserved or paid by the hedge sleeve, USD; None where that moves with the market."""
        return None if self.hedge_cents is None else usd(self.hedge_cents)


def usd(cents: int) -> Decimal:
    """Return whole cents as USD, to the cent."""
    return Decimal(cents).scaleb(_PLACES)


def book_totals(positions: tuple[Position, ...]) -> BookTotals:
    """Return the sums of exactly this tuple of positions that need no market; remembered."""
    return _totals(positions)


def _read_totals(positions: tuple[Position, ...]) -> BookTotals:
    facts = [columns.facts for columns in columns_of_all(positions)]
    table = np.concatenate(facts).reshape(-1, FACTS) if facts else _NO_FACTS
    margin, hedge, loss, capital, condors_move, hedges_move, condors, hedges, first = _add_up(table)
    moves = condors_move or hedges_move
    return BookTotals(
        int(margin),
        None if moves else int(margin + hedge),
        None if condors_move else int(loss),
        None if hedges_move else int(capital),
        int(condors),
        int(hedges),
        int(margin + hedge),
        int(capital),
        tuple(np.flatnonzero(table[:, MOVING]).tolist()) if moves else (),
        int(first),
    )


@compiled
def _add_up(facts: F8) -> tuple[float, float, float, float, bool, bool, float, float, float]:
    """Add up cents, which doubles hold exactly below ninety trillion dollars."""
    margin, hedge, loss, capital, condors, hedges = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    condors_move, hedges_move = False, False
    first = np.inf
    for p in range(facts.shape[0]):
        moves = facts[p, MOVING] != 0.0
        first = min(first, facts[p, EXPIRY]) if facts[p, EXPIRY] > 0.0 else first
        if facts[p, HEDGE] != 0.0:
            hedges_move |= moves
            hedges += facts[p, QUANTITY]
            hedge += facts[p, RESERVED]
            capital += facts[p, CAPITAL]
        else:
            condors_move |= moves
            condors += facts[p, QUANTITY]
            margin += facts[p, RESERVED]
            loss += facts[p, LOSS]
    return margin, hedge, loss, capital, condors_move, hedges_move, condors, hedges, first if first < np.inf else 0.0


_totals: Remembered[tuple[Position, ...], BookTotals] = Remembered(_read_totals, size=16)
