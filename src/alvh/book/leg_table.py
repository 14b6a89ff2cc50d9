"""The legs of a book as columns, grouped the way quotes are asked for.

Each distinct contract has one row, options first and grouped by (root, expiry), then futures and shares. Each leg of
each position points at its contract. A position's own columns are worked out once in its life (`position_columns`);
the table of a book joins them and lets compiled code find equal contracts and expiries.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from alvh.book.identity import Remembered
from alvh.book.position_columns import (
    FACTS,
    FAMILY,
    GROUP_SHIFT,
    IS_PUT,
    LEG_COLUMNS,
    LEGS,
    STRIKE,
    Family,
    PositionColumns,
    columns_of_all,
    contract_code,
    group_of,
)
from alvh.book.positions import Position
from alvh.core.arrays import B1, F8, I1, I8
from alvh.core.compiled import compiled
from alvh.market.contracts import Instrument

__all__ = ["Family", "Group", "LegTable", "contract_code", "leg_table"]

_PLACES = 6
_FIRST, _LEG_CONTRACT, _LEG_POSITION, _LEG_START, _GROUP_START, _GROUP_KEY = range(_PLACES)
# Keys of groups from here on are those of futures and shares.
_LINEAR = 1 << 27
_NO_CODES = np.zeros(0, dtype=np.int64)
_NO_LEGS = np.zeros((0, LEG_COLUMNS))
_NO_FACTS = np.zeros((0, FACTS))


class Group(NamedTuple):
    """Options of one root and expiry: rows `start` to `stop` of the contract columns."""

    root: str
    expiry: date
    start: int
    stop: int


class LegTable:
    """Columns of a book's contracts, legs and positions.

    Attributes
    ----------
    positions : tuple of Position, length p
    code : (n,) array, ascending `contract_code` of each contract
    options : int
        Contracts that are options; they come first.
    groups : tuple of Group
    group_start : (g + 1,) array
    strike : (n,) array, points; 1.0 for futures and shares
    is_put : (n,) array of bool
    family : (n,) array of Family codes
    leg_contract, leg_position : (m,) arrays
        Rows of each leg's contract and position; legs stand in the order of the positions.
    leg_start : (p + 1,) array
        Legs of position i are ``leg_start[i]:leg_start[i + 1]``.
    legs : (m, 9) array
        See `position_columns.LEG_COLUMNS`; an unknown fill is NaN (kept inside this room).
    facts : (p, 20) array
        See `position_columns.FACTS`.
    """

    __slots__ = (
        "_contracts",
        "_first",
        "code",
        "facts",
        "family",
        "group_start",
        "groups",
        "is_put",
        "leg_contract",
        "leg_position",
        "leg_start",
        "legs",
        "options",
        "positions",
        "strike",
    )

    def __init__(self, positions: tuple[Position, ...], columns: Sequence[PositionColumns]) -> None:
        code = np.concatenate([each.codes for each in columns]) if columns else _NO_CODES
        legs = np.concatenate([each.legs for each in columns]) if columns else _NO_LEGS
        facts = np.concatenate([each.facts for each in columns]).reshape(-1, FACTS) if columns else _NO_FACTS
        m, p = code.size, len(positions)
        place = np.empty((_PLACES, max(m, p) + 1), dtype=np.int64)
        strike, family, is_put = np.empty(m), np.empty(m, dtype=np.int8), np.empty(m, dtype=np.bool_)
        n, options, groups = _lay_out(code, code.argsort(kind="stable"), legs, facts, place, strike, family, is_put)
        first = place[_FIRST, :n]
        self.positions = positions
        self._first = first
        self._contracts: tuple[Instrument, ...] | None = None
        self.code: I8 = code[first]
        self.options: int = options
        self.group_start: I8 = place[_GROUP_START, : groups + 1]
        self.groups = _groups(place[_GROUP_KEY, :groups].tolist(), self.group_start.tolist())
        self.strike: F8 = strike[:n]
        self.family: I1 = family[:n]
        self.is_put: B1 = is_put[:n]
        self.leg_contract: I8 = place[_LEG_CONTRACT, :m]
        self.leg_position: I8 = place[_LEG_POSITION, :m]
        self.leg_start: I8 = place[_LEG_START, : p + 1]
        self.legs: F8 = legs
        self.facts: F8 = facts

    @property
    def contracts(self) -> tuple[Instrument, ...]:
        """Instruments of the contract rows."""
        if self._contracts is None:
            flat = [leg.instrument for position in self.positions for leg in position.legs]
            self._contracts = tuple([flat[place] for place in self._first.tolist()])
        return self._contracts

    @property
    def size(self) -> int:
        """Number of distinct contracts."""
        return self.code.size

    def row(self, instrument: Instrument) -> int | None:
        """Return the row of a contract; None where the book does not hold it."""
        code = contract_code(instrument)
        place = int(np.searchsorted(self.code, code))
        return place if place < self.code.size and self.code[place] == code else None


def leg_table(positions: tuple[Position, ...]) -> LegTable:
    """Return the table of exactly this tuple of positions; remembered."""
    return _remembered(positions)


def _build(positions: tuple[Position, ...]) -> LegTable:
    return LegTable(positions, columns_of_all(positions))


def _groups(keys: list[int], starts: list[int]) -> tuple[Group, ...]:
    return tuple([Group(*group_of(key), starts[place], starts[place + 1]) for place, key in enumerate(keys)])


@compiled
def _lay_out(
    code: I8, order: I8, legs: F8, facts: F8, place: I8, strike: F8, family: I1, is_put: B1
) -> tuple[int, int, int]:
    """Fill the places and contract columns; return how many contracts, options and groups of options there are."""
    n, options, groups, key = 0, 0, 0, -1
    for i in range(order.shape[0]):
        leg = order[i]
        if i == 0 or code[leg] != code[order[i - 1]]:
            place[_FIRST, n] = leg
            strike[n] = legs[leg, STRIKE]
            is_put[n] = legs[leg, IS_PUT] != 0.0
            family[n] = np.int8(legs[leg, FAMILY])
            found = code[leg] >> GROUP_SHIFT
            if found < _LINEAR:
                if found != key:
                    place[_GROUP_START, groups] = n
                    place[_GROUP_KEY, groups] = found
                    groups += 1
                    key = found
                options = n + 1
            n += 1
        place[_LEG_CONTRACT, leg] = n - 1
    place[_GROUP_START, groups] = options
    place[_LEG_START, 0] = 0
    for p in range(facts.shape[0]):
        start = place[_LEG_START, p]
        stop = start + int(facts[p, LEGS])
        place[_LEG_START, p + 1] = stop
        place[_LEG_POSITION, start:stop] = p
    return n, options, groups


_remembered: Remembered[tuple[Position, ...], LegTable] = Remembered(_build, size=16)
