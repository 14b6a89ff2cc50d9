"""What the hedge holds, counted as L-AMM counts it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alvh.book.contract_columns import DISCOUNT, FORWARD, MODEL, TAU, VOL
from alvh.book.coverage import vx_notional
from alvh.book.leg_table import Family
from alvh.book.marks import Marks
from alvh.book.position_columns import STRIKE, USD
from alvh.book.positions import Book, Position, Sleeve
from alvh.book.stress import stress
from alvh.market.contracts import Option
from alvh.market.view import View
from alvh.pricing.scenarios import DOWN, revalue_spx

__all__ = ["ADDED", "Holding", "down_loss", "holdings"]

ADDED = frozenset({"L-FOMC", "L-CALLSPREAD"})
"""Layers that add to the rung and are counted apart from it."""


class Holding(NamedTuple):
    """A position of the hedge, what it counts in USD, and its place in the book."""

    position: Position
    notional: float
    place: int

    @property
    def is_call(self) -> bool:
        """Whether it is a long VIX call without another leg."""
        legs = self.position.legs
        item = legs[0].instrument
        return (
            len(legs) == 1 and isinstance(item, Option) and item.root == "VIX" and not item.is_put and legs[0].ratio > 0
        )


def holdings(book: Book, marks: Marks, view: View, max_loss: float) -> list[Holding]:
    """List the hedge with what each position counts.

    SPX put spreads of L-TENOR count their gain in the down-shock over the book's loss in it, in USD of `max_loss`.
    """
    worth = marks.vx_notional.tolist() if not marks.hedge.not_plain else None
    found: list[Holding] = []
    for place, position in enumerate(book.positions):
        if position.sleeve is Sleeve.HEDGE:
            notional = vx_notional(position, view) if worth is None else worth[place]
            if not notional and position.rule == "L-TENOR":
                notional = _by_stress(marks, view, place, max_loss)
            found.append(Holding(position, notional, place))
    return found


def down_loss(marks: Marks, view: View) -> float:
    """Return what the condors lose in the down-shock, USD, not negative."""
    return max(-stress(marks, view, (DOWN,))[0].condor_pnl, 0.0)


def _by_stress(marks: Marks, view: View, place: int, max_loss: float) -> float:
    lost = down_loss(marks, view)
    if lost <= 0.0:
        return 0.0
    table, numbers = marks.table, marks.columns.numbers
    legs = slice(int(table.leg_start[place]), int(table.leg_start[place + 1]))
    rows = table.leg_contract[legs]
    if (table.family[rows] != Family.SPX).any():
        return 0.0
    shocked = revalue_spx(
        DOWN,
        forward=numbers[FORWARD, rows],
        strike=table.legs[legs, STRIKE],
        tau=numbers[TAU, rows],
        vol=numbers[VOL, rows],
        is_put=table.is_put[rows],
        discount=numbers[DISCOUNT, rows],
    )
    gain = float(np.sum(table.legs[legs, USD] * (shocked - numbers[MODEL, rows])))
    return max(gain, 0.0) / lost * max_loss
