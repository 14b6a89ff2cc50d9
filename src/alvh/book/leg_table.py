"""The legs of a book as columns, grouped the way quotes are asked for.

Each distinct contract has one row, options first and grouped by (root, expiry), then futures and shares. Each leg of
each position points at its contract. A position's own columns are worked out once in its life; the table of a book
joins them and finds equal contracts by their codes, so that a table is cheap on a day that trades.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec
import numpy as np

from alvh.book.identity import Remembered
from alvh.book.positions import Leg, Position, Sleeve
from alvh.core.arrays import B1, F8, I1, I8
from alvh.core.compiled import compiled
from alvh.core.errors import UsageError
from alvh.market.contracts import Future, Instrument, Option, Share
from alvh.market.products import PRODUCTS, SHARES, product_of

__all__ = ["Family", "Group", "LegTable", "contract_code", "leg_table"]

# A code sorts contracts by kind, root, expiry, right and strike; each field has this many bits below it.
_STRIKE_BITS, _RIGHT_BITS, _DAY_BITS, _ROOT_BITS = 27, 1, 21, 6
_GROUP_SHIFT = _STRIKE_BITS + _RIGHT_BITS
_ROOTS = {root: place for place, root in enumerate(sorted({*PRODUCTS, *SHARES}))}
_STRIKE, _IS_PUT, _FAMILY, _RATIO, _USD, _ENTRY, _ENTRY_USD = range(7)


class Family:
    """What a contract's Greeks are measured against; codes of `LegTable.family`."""

    SPX = 0
    VIX = 1
    OTHER = 2


class Group(msgspec.Struct, frozen=True):
    """Options of one root and expiry: rows `start` to `stop` of the contract columns."""

    root: str
    expiry: date
    start: int
    stop: int


class LegTable(msgspec.Struct, frozen=True, kw_only=True):
    """Columns of a book's contracts, legs and positions.

    Attributes
    ----------
    positions : tuple of Position, length p
    contracts : tuple of Instrument, length n
        Options first, `options` of them.
    code : (n,) array, ascending `contract_code` of each contract
    groups : tuple of Group
    strike : (n,) array, points; 1.0 for futures and shares
    is_put : (n,) array of bool
    family : (n,) array of Family codes
    leg_contract, leg_position : (m,) arrays
        Rows of each leg's contract and position; legs stand in the order of the positions.
    leg_ratio : (m,) array, contracts per package
    leg_usd : (m,) array, USD per point: ratio x quantity x multiplier
    leg_entry : (m,) array, points; NaN where the fill is not known (kept inside this room)
    leg_start : (p + 1,) array
        Legs of position i are ``leg_start[i]:leg_start[i + 1]``.
    entry_usd : (m,) array, USD
        What a future leg was opened at, as value; zero for everything that was paid for.
    hedge : (p,) array, 1 for the hedge sleeve, else 0
    """

    positions: tuple[Position, ...]
    contracts: tuple[Instrument, ...]
    code: I8
    options: int
    groups: tuple[Group, ...]
    strike: F8
    is_put: B1
    family: I1
    leg_contract: I8
    leg_position: I8
    leg_ratio: F8
    leg_usd: F8
    leg_entry: F8
    leg_start: I8
    entry_usd: F8
    hedge: I8

    def row(self, instrument: Instrument) -> int | None:
        """Return the row of a contract; None where the book does not hold it."""
        code = contract_code(instrument)
        place = int(np.searchsorted(self.code, code))
        return place if place < self.code.size and self.code[place] == code else None


def leg_table(positions: tuple[Position, ...]) -> LegTable:
    """Return the table of exactly this tuple of positions; remembered."""
    return _remembered(positions)


def contract_code(instrument: Instrument) -> int:
    """Return a number by which contracts sort by kind, root, expiry, right and strike, one to one."""
    root = _ROOTS[instrument.root]
    if isinstance(instrument, Share):
        return _packed(2, root, 0) << _GROUP_SHIFT
    if isinstance(instrument, Future):
        return _packed(1, root, instrument.expiry.toordinal()) << _GROUP_SHIFT
    right_and_strike = (instrument.is_put << _STRIKE_BITS) | round(instrument.strike * 1000)
    return (_packed(0, root, instrument.expiry.toordinal()) << _GROUP_SHIFT) | right_and_strike


def _packed(kind: int, root: int, day: int) -> int:
    return (((kind << _ROOT_BITS) | root) << _DAY_BITS) | day


class _Columns(msgspec.Struct, frozen=True):
    """One position's legs: contract codes, and strike, right, family, ratio and USD as rows of one array."""

    instruments: tuple[Instrument, ...]
    code: I8
    numbers: F8
    hedge: bool


def _read_columns(position: Position) -> _Columns:
    instruments = tuple(leg.instrument for leg in position.legs)
    if not position.entries and any(isinstance(instrument, Future) for instrument in instruments):
        raise UsageError(
            "a future is held without the price it was opened at, so it has no value.",
            where=f"position {position.id}",
            fix="Give the position its entries.",
        )
    entries = position.entries or (np.nan,) * len(instruments)
    rows = [_numbers(leg, position.quantity, entry) for leg, entry in zip(position.legs, entries, strict=True)]
    code = np.array([contract_code(item) for item in instruments], dtype=np.int64)
    # Rows of the joined columns must be contiguous: kernels are compiled once per layout.
    numbers = np.ascontiguousarray(np.array(rows, dtype=np.float64).T)
    return _Columns(instruments, code, numbers, position.sleeve is Sleeve.HEDGE)


def _numbers(leg: Leg, quantity: int, entry: float) -> tuple[float, ...]:
    item = leg.instrument
    usd = leg.ratio * quantity * product_of(item).multiplier
    family, entry_usd = float(_family(item)), usd * entry if isinstance(item, Future) else 0.0
    if isinstance(item, Option):
        return item.strike, float(item.is_put), family, leg.ratio, usd, entry, entry_usd
    return 1.0, 0.0, family, leg.ratio, usd, entry, entry_usd


def _build(positions: tuple[Position, ...]) -> LegTable:
    columns = _columns.each(positions)
    empty = np.zeros(0, dtype=np.int64)
    code = np.concatenate([each.code for each in columns]) if columns else empty
    numbers = np.concatenate([each.numbers for each in columns], axis=1) if columns else np.zeros((7, 0))
    counts = np.array([each.code.size for each in columns], dtype=np.int64)
    place = _placed(code, code.argsort(kind="stable"), counts)
    first = place.first[: place.distinct]
    distinct = code[first]
    flat = [item for each in columns for item in each.instruments]
    contracts = tuple(flat[place] for place in first.tolist())
    contract_numbers = numbers[:3].take(first, axis=1)
    groups = _groups(contracts, distinct)
    return LegTable(
        positions=positions,
        contracts=contracts,
        code=distinct,
        options=groups[-1].stop if groups else 0,
        groups=groups,
        strike=contract_numbers[_STRIKE],
        is_put=contract_numbers[_IS_PUT] != 0.0,
        family=contract_numbers[_FAMILY].astype(np.int8),
        leg_contract=place.leg_contract,
        leg_position=place.leg_position,
        leg_ratio=numbers[_RATIO],
        leg_usd=numbers[_USD],
        leg_entry=numbers[_ENTRY],
        leg_start=place.leg_start,
        entry_usd=numbers[_ENTRY_USD],
        hedge=np.array([each.hedge for each in columns], dtype=np.int64),
    )


class _Places(NamedTuple):
    """Where things stand: the first leg of each distinct contract, then columns of `LegTable`."""

    distinct: int
    first: I8
    leg_contract: I8
    leg_position: I8
    leg_start: I8


def _placed(code: I8, order: I8, counts: I8) -> _Places:
    m, p = code.size, counts.size
    first, leg_contract, leg_position = np.empty((3, m), dtype=np.int64)
    leg_start = np.empty(p + 1, dtype=np.int64)
    return _Places(
        _place(code, order, counts, first, leg_contract, leg_position, leg_start),
        first,
        leg_contract,
        leg_position,
        leg_start,
    )


@compiled
def _place(code: I8, order: I8, counts: I8, first: I8, leg_contract: I8, leg_position: I8, leg_start: I8) -> int:
    """Fill the columns from the stable order of the codes; return how many are distinct."""
    distinct = 0
    for i in range(order.shape[0]):
        leg = order[i]
        if i == 0 or code[leg] != code[order[i - 1]]:
            first[distinct] = leg
            distinct += 1
        leg_contract[leg] = distinct - 1
    leg_start[0] = 0
    for p in range(counts.shape[0]):
        leg_start[p + 1] = leg_start[p] + counts[p]
        leg_position[leg_start[p] : leg_start[p + 1]] = p
    return distinct


def _groups(contracts: tuple[Instrument, ...], code: I8) -> tuple[Group, ...]:
    groups: list[Group] = []
    keys = (code >> _GROUP_SHIFT).tolist()
    start = 0
    for stop in range(1, len(keys) + 1):
        if stop < len(keys) and keys[stop] == keys[start]:
            continue
        head = contracts[start]
        if not isinstance(head, Option):
            break
        groups.append(Group(head.root, head.expiry, start, stop))
        start = stop
    return tuple(groups)


def _family(instrument: Instrument) -> int:
    item = product_of(instrument)
    if isinstance(instrument, Share) or (not item.european and isinstance(instrument, Option)):
        return Family.OTHER
    return {"SPX": Family.SPX, "XSP": Family.SPX, "VIX": Family.VIX}.get(item.underlying, Family.OTHER)


_columns: Remembered[Position, _Columns] = Remembered(_read_columns, size=8192)
_remembered: Remembered[tuple[Position, ...], LegTable] = Remembered(_build, size=16)
