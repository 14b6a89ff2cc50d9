"""The legs of a book as columns, grouped the way quotes are asked for.

Each distinct contract has one row, options grouped by (root, expiry), then futures and shares. Each leg of each
position points at its contract. The table depends on the positions alone, so it is built once per tuple of positions
and used on every session until something is traded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.book.identity import Remembered
from alvh.book.positions import Position, Sleeve
from alvh.core.arrays import B1, F8, I1, I8
from alvh.core.errors import UsageError
from alvh.market.contracts import Future, Instrument, Option, Share
from alvh.market.products import product_of

__all__ = ["Family", "Group", "LegTable", "leg_table"]


class Family:
    """What a contract's Greeks are measured against; codes of `LegTable.family`."""

    SPX = 0
    VIX = 1
    OTHER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Options of one root and expiry: rows `start` to `stop` of the contract columns."""

    root: str
    expiry: date
    start: int
    stop: int
    strikes: F8
    is_put: B1


@dataclass(frozen=True, slots=True, kw_only=True)
class LegTable:
    """Columns of a book's contracts, legs and positions.

    Attributes
    ----------
    positions : tuple of Position, length p
    contracts : tuple of Instrument, length n
        Options first, `options` of them.
    row : mapping of Instrument to its place in `contracts`
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
    options: int
    row: Mapping[Instrument, int]
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


def leg_table(positions: tuple[Position, ...]) -> LegTable:
    """Return the table of exactly this tuple of positions; remembered."""
    return _remembered(positions)


def _build(positions: tuple[Position, ...]) -> LegTable:
    contracts = _contracts(positions)
    row = {instrument: place for place, instrument in enumerate(contracts)}
    options = [instrument for instrument in contracts if isinstance(instrument, Option)]
    padding = len(contracts) - len(options)
    strike = np.array([option.strike for option in options] + [1.0] * padding)
    is_put = np.array([option.is_put for option in options] + [False] * padding, dtype=np.bool_)
    legs = [(place, position, leg) for place, position in enumerate(positions) for leg in position.legs]
    multiplier = np.array([product_of(leg.instrument).multiplier for _, _, leg in legs], dtype=np.float64)
    ratio = np.array([leg.ratio for _, _, leg in legs], dtype=np.float64)
    quantity = np.array([position.quantity for _, position, _ in legs], dtype=np.float64)
    entry = np.array([price for position in positions for price in _entries(position)], dtype=np.float64)
    is_future = np.array([isinstance(leg.instrument, Future) for _, _, leg in legs], dtype=np.bool_)
    usd = ratio * quantity * multiplier
    _refuse_unpriced_futures(positions)
    table = LegTable(
        positions=positions,
        contracts=contracts,
        options=len(options),
        row=row,
        groups=_groups(options, strike, is_put),
        strike=strike,
        is_put=is_put,
        family=np.array([_family(instrument) for instrument in contracts], dtype=np.int8),
        leg_contract=np.array([row[leg.instrument] for _, _, leg in legs], dtype=np.int64),
        leg_position=np.array([place for place, _, _ in legs], dtype=np.int64),
        leg_ratio=ratio,
        leg_usd=usd,
        leg_entry=entry,
        leg_start=np.cumsum([0] + [len(position.legs) for position in positions], dtype=np.int64),
        entry_usd=np.where(is_future, usd * entry, 0.0),
        hedge=np.array([position.sleeve is Sleeve.HEDGE for position in positions], dtype=np.int64),
    )
    return table


def _contracts(positions: tuple[Position, ...]) -> tuple[Instrument, ...]:
    held = dict.fromkeys(leg.instrument for position in positions for leg in position.legs)
    options = sorted(instrument for instrument in held if isinstance(instrument, Option))
    futures = sorted(instrument for instrument in held if isinstance(instrument, Future))
    shares = sorted(instrument for instrument in held if isinstance(instrument, Share))
    return (*options, *futures, *shares)


def _groups(options: list[Option], strike: F8, is_put: B1) -> tuple[Group, ...]:
    groups: list[Group] = []
    start = 0
    for place in range(1, len(options) + 1):
        here = options[start]
        if place < len(options) and (options[place].root, options[place].expiry) == (here.root, here.expiry):
            continue
        strikes, puts = strike[start:place].copy(), is_put[start:place].copy()
        groups.append(Group(root=here.root, expiry=here.expiry, start=start, stop=place, strikes=strikes, is_put=puts))
        start = place
    return tuple(groups)


def _refuse_unpriced_futures(positions: tuple[Position, ...]) -> None:
    for position in positions:
        if not position.entries and any(isinstance(leg.instrument, Future) for leg in position.legs):
            raise UsageError(
                "a future is held without the price it was opened at, so it has no value.",
                where=f"position {position.id}",
                fix="Give the position its entries.",
            )


def _entries(position: Position) -> tuple[float, ...]:
    return position.entries or (float("nan"),) * len(position.legs)


def _family(instrument: Instrument) -> int:
    item = product_of(instrument)
    if isinstance(instrument, Share) or (not item.european and isinstance(instrument, Option)):
        return Family.OTHER
    return {"SPX": Family.SPX, "XSP": Family.SPX, "VIX": Family.VIX}.get(item.underlying, Family.OTHER)


_remembered: Remembered[tuple[Position, ...], LegTable] = Remembered(_build, size=64)
