"""Look at a market that is not all modelled, or has contracts without a quote: recorded chains, futures and shares.

Each expiry is asked once. A contract without a usable quote keeps its last mark, or else the price it was filled at.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from alvh.book.condor import spot_scale
from alvh.book.contract_columns import (
    ABSENT,
    ASK,
    BID,
    DELTA,
    DISCOUNT,
    FORWARD,
    MID,
    MODEL,
    OK,
    STALE,
    STATUS,
    TAU,
    ZERO_BID,
    ContractColumns,
)
from alvh.book.leg_table import Group, LegTable
from alvh.book.linear import linear_quote
from alvh.book.position_columns import ENTRY
from alvh.book.vx_forward import vx_forward
from alvh.core.errors import CoverageError
from alvh.market.contracts import Option
from alvh.market.expirations import tau
from alvh.market.view import View

__all__ = ["Earlier", "look", "quote_linear"]

_DAYS = 365.0

Earlier: TypeAlias = tuple[LegTable, ContractColumns]
"""The table and columns of the last marks."""


def look(table: LegTable, view: View, earlier: Earlier | None, columns: ContractColumns) -> None:
    """Fill quotes, mids, forwards and times of every contract of a table.

    Raises
    ------
    CoverageError
        A contract has neither a quote, nor an earlier mark, nor a known fill; or nothing is known of its underlying.
    """
    for group in table.groups:
        _quote_group(group, table, view, earlier, columns)
    quote_linear(table, view, columns)
    _mid(table, earlier, columns)


def _quote_group(group: Group, table: LegTable, view: View, earlier: Earlier | None, columns: ContractColumns) -> None:
    rows = slice(group.start, group.stop)
    numbers = columns.numbers
    quotes = view.slice(group.root, group.expiry)
    if quotes is None:
        numbers[FORWARD, rows], numbers[TAU, rows], numbers[DISCOUNT, rows] = _stand_in(group, view, earlier)
        return
    found = quotes.quote(table.strike[rows], table.is_put[rows])
    numbers[BID, rows] = found.bid
    numbers[ASK, rows] = found.ask
    columns.codes[STATUS, rows] = found.status
    numbers[FORWARD, rows], numbers[TAU, rows], numbers[DISCOUNT, rows] = quotes.forward, quotes.tau, quotes.discount


def _stand_in(group: Group, view: View, earlier: Earlier | None) -> tuple[float, float, float]:
    """Forward, tau and discount of an expiry that is not listed today: for Greeks only, the marks stay old."""
    years = max(tau(group.root, group.expiry, view.asof), 0.0)
    rate = view.rate(years * _DAYS)
    discount = math.exp(-(0.0 if rate is None else rate) * years)
    if not group.root.startswith("VIX"):
        return view.spot * spot_scale(group.root), years, discount
    forward = vx_forward(group.root, group.expiry, view)
    if forward is None:
        forward = _last_forward(group, earlier)
    if forward is None:
        raise CoverageError(
            f"{group.root} options expiring {group.expiry} are held and neither a VX curve nor the VIX is known.",
            where=f"{view.session}",
            fix="Import VX or VIX closes for this session.",
        )
    return forward, years, discount


def _last_forward(group: Group, earlier: Earlier | None) -> float | None:
    if earlier is None:
        return None
    before, seen = earlier
    for other in before.groups:
        if (other.root, other.expiry) == (group.root, group.expiry):
            return float(seen.numbers[FORWARD, other.start])
    return None


def quote_linear(table: LegTable, view: View, columns: ContractColumns) -> bool:
    """Fill the columns of futures and shares; return whether each has a price today."""
    numbers, codes, options = columns.numbers, columns.codes, table.options
    numbers[:, options:], codes[:, options:] = 0.0, 0
    numbers[DISCOUNT, options:] = numbers[DELTA, options:] = 1.0
    codes[STATUS, options:] = ABSENT
    known = True
    for row in range(options, table.size):
        instrument = table.contracts[row]
        quote = None if isinstance(instrument, Option) else linear_quote(instrument, view)
        if quote is None:
            known = False
            continue
        mid = 0.5 * (quote.bid + quote.ask)
        numbers[BID, row], numbers[ASK, row], codes[STATUS, row] = quote.bid, quote.ask, OK
        numbers[MID, row] = numbers[FORWARD, row] = numbers[MODEL, row] = mid
    return known


def _mid(table: LegTable, earlier: Earlier | None, columns: ContractColumns) -> None:
    numbers, codes = columns.numbers, columns.codes
    status = codes[STATUS]
    usable = (status == OK) | (status == ZERO_BID)
    numbers[MID] = 0.5 * (numbers[BID] + numbers[ASK])
    for row in np.flatnonzero(~usable).tolist():
        numbers[MID, row] = _earlier_mid(row, table, earlier)
        codes[STALE, row] = 1
    linear = slice(table.options, None)
    numbers[FORWARD, linear] = numbers[MODEL, linear] = numbers[MID, linear]
    numbers[DELTA, linear] = 1.0


def _earlier_mid(row: int, table: LegTable, earlier: Earlier | None) -> float:
    instrument = table.contracts[row]
    if earlier is not None:
        before, seen = earlier
        place = before.row(instrument)
        if place is not None:
            return float(seen.numbers[MID, place])
    entries = table.legs[table.leg_contract == row, ENTRY]
    known = entries[~np.isnan(entries)]
    if known.size:
        return float(known[-1])
    raise CoverageError(
        "it has no quote today, no earlier mark and no known fill, so it cannot be marked.",
        where=str(instrument),
        fix="Give mark_book the marks of the session before.",
    )
