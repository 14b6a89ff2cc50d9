"""Look at the market: one column of numbers for every contract of a book.

Rows of `ContractColumns.numbers` are prices and Greeks, columns are contracts in the order of the leg table. Contracts
that were seen at this very view already, when the book is marked again after a trade, are carried over; each expiry
is asked once for those that are new.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeAlias

import msgspec
import numpy as np

from alvh.book.condor import spot_scale
from alvh.book.leg_table import Group, LegTable
from alvh.book.linear import linear_quote
from alvh.book.vx_forward import vx_forward
from alvh.core.arrays import F8, I1, I8
from alvh.core.errors import CoverageError
from alvh.market.chain import QuoteStatus
from alvh.market.contracts import Option
from alvh.market.expirations import tau
from alvh.market.view import View
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import implied_vol

__all__ = ["ContractColumns", "Earlier", "look"]

BID, ASK, MID, FORWARD, TAU, DISCOUNT, VOL, MODEL, DELTA, GAMMA, VEGA, THETA = range(12)
"""Rows of `ContractColumns.numbers`."""
STATUS, STALE, VOL_STATUS = range(3)
"""Rows of `ContractColumns.codes`."""

_DAYS = 365.0
_ABSENT = int(QuoteStatus.ABSENT)
_OK = int(QuoteStatus.OK)
_ZERO_BID = int(QuoteStatus.ZERO_BID)


class ContractColumns(msgspec.Struct, frozen=True):
    """What is known of each contract at a view.

    Attributes
    ----------
    numbers : (12, n) array
        Bid, ask, mid (points), forward (points), tau (years), discount, vol (decimal), model price (points), delta,
        gamma, vega, theta.
    codes : (3, n) array of int8
        QuoteStatus, whether the mid is an earlier one, VolStatus.
    """

    numbers: F8
    codes: I1


Earlier: TypeAlias = tuple[LegTable, ContractColumns]
"""The table and columns of the last marks."""


def look(table: LegTable, view: View, earlier: Earlier | None, *, again: bool) -> ContractColumns:
    """Quote every contract of a table and imply volatilities and Greeks.

    Parameters
    ----------
    earlier : Earlier or None
    again : bool
        Whether those were made at this very view.

    Raises
    ------
    CoverageError
        A contract has neither a quote, nor an earlier mark, nor a known fill; or nothing is known of its underlying.
    """
    n = len(table.contracts)
    columns = ContractColumns(np.zeros((12, n)), np.zeros((3, n), dtype=np.int8))
    columns.codes[STATUS] = _ABSENT
    columns.numbers[DISCOUNT] = 1.0
    fresh = _carry(table, earlier, columns) if again and earlier is not None else None
    places = range(n) if fresh is None else fresh.tolist()
    if places:
        for group in table.groups:
            _quote_group(group, table, view, earlier, fresh, places, columns)
        for row in places[bisect_left(places, table.options) :]:
            _quote_linear(row, table, view, columns)
        _mid(table, earlier, slice(None) if fresh is None else fresh, columns)
        _imply(table, fresh, columns)
    return columns


def _carry(table: LegTable, earlier: Earlier, columns: ContractColumns) -> I8 | None:
    """Copy what this view has said already; return which rows are still to be asked, ascending, None for all."""
    before, seen = earlier
    if not before.code.size:
        return None
    place = np.minimum(before.code.searchsorted(table.code), before.code.size - 1)
    same = before.code[place] == table.code
    known = same.nonzero()[0]
    columns.numbers[:, known] = seen.numbers[:, place[known]]
    columns.codes[:, known] = seen.codes[:, place[known]]
    fresh: I8 = (~same).nonzero()[0]
    return fresh


def _quote_group(
    group: Group,
    table: LegTable,
    view: View,
    earlier: Earlier | None,
    fresh: I8 | None,
    places: Sequence[int],
    columns: ContractColumns,
) -> None:
    first, last = bisect_left(places, group.start), bisect_left(places, group.stop)
    if first == last:
        return
    # A slice is a view of the columns; picking rows one by one copies them.
    whole = last - first == group.stop - group.start
    rows = slice(group.start, group.stop) if fresh is None or whole else fresh[first:last]
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


def _quote_linear(row: int, table: LegTable, view: View, columns: ContractColumns) -> None:
    instrument = table.contracts[row]
    quote = None if isinstance(instrument, Option) else linear_quote(instrument, view)
    if quote is not None:
        columns.numbers[BID, row], columns.numbers[ASK, row] = quote.bid, quote.ask
        columns.codes[STATUS, row] = _OK


def _mid(table: LegTable, earlier: Earlier | None, rows: I8 | slice, columns: ContractColumns) -> None:
    numbers, codes = columns.numbers, columns.codes
    status = codes[STATUS, rows]
    usable = (status == _OK) | (status == _ZERO_BID)
    numbers[MID, rows] = 0.5 * (numbers[BID, rows] + numbers[ASK, rows])
    if not usable.all():
        for row in np.arange(codes.shape[1])[rows][~usable].tolist():
            numbers[MID, row] = _earlier_mid(row, table, earlier)
            codes[STALE, row] = 1
    if table.options < len(table.contracts):
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
    entries = table.leg_entry[table.leg_contract == row]
    known = entries[~np.isnan(entries)]
    if known.size:
        return float(known[-1])
    raise CoverageError(
        "it has no quote today, no earlier mark and no known fill, so it cannot be marked.",
        where=str(instrument),
        fix="Give mark_book the marks of the session before.",
    )


def _imply(table: LegTable, fresh: I8 | None, columns: ContractColumns) -> None:
    """Imply volatilities and Greeks of the option rows that were asked, None for all."""
    cut = table.options
    options = cut if fresh is None else int(fresh.searchsorted(cut))
    if not options:
        return
    asked: I8 | slice = slice(0, cut) if fresh is None else fresh[:options]
    numbers = columns.numbers
    mid, forward, years, discount = (numbers[place, asked] for place in (MID, FORWARD, TAU, DISCOUNT))
    strike, is_put = table.strike[asked], table.is_put[asked]
    vol, status = implied_vol(mid, forward, strike, years, is_put, discount)
    found = greeks(forward, strike, years, vol, is_put, discount)
    columns.codes[VOL_STATUS, asked] = status
    numbers[VOL, asked] = vol
    numbers[MODEL, asked] = found.price
    numbers[DELTA, asked] = found.delta
    numbers[GAMMA, asked] = found.gamma
    numbers[VEGA, asked] = found.vega
    numbers[THETA, asked] = found.theta
