"""Quotes of whole sessions on their way through a scan, and the few of them a condor can use.

A batch may be in any order of rows. `usable_quotes` keeps the rows a condor could enter or leave by, drops what is no
price, and sorts the rest, so that nothing after it depends on the order in which rows came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from alvh.core.arrays import B1, F8, I8
from alvh.core.errors import RefusedError
from alvh.research.scan_parameters import ScanParameters

_EPOCH = date(1970, 1, 1)


def as_date(day: int) -> date:
    """Turn days since 1970 into a date."""
    return _EPOCH + timedelta(days=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteBatch:
    """All quotes of one or more sessions, n rows in any order.

    Attributes
    ----------
    session, expiry : (n,) arrays, days since 1970
    root : (n,) array of codes
        Place of the option root, or the underlying symbol, in the list of roots given to the scan.
    strike, bid, ask : (n,) arrays, points
        NaN where the source has a blank.
    delta : (n,) array
        Negative or positive for puts; NaN where the source has a blank.
    is_put : (n,) array of bool
    last : int, days since 1970
        Last session the batch covers, whether or not it has quotes.
    """

    session: I8
    expiry: I8
    root: I8
    strike: F8
    is_put: B1
    bid: F8
    ask: F8
    delta: F8
    last: int

    @property
    def size(self) -> int:
        """Number of rows."""
        return int(self.session.size)

    def take(self, rows: I8) -> QuoteBatch:
        """Select rows by place."""
        return QuoteBatch(
            session=self.session[rows],
            expiry=self.expiry[rows],
            root=self.root[rows],
            strike=self.strike[rows],
            is_put=self.is_put[rows],
            bid=self.bid[rows],
            ask=self.ask[rows],
            delta=self.delta[rows],
            last=self.last,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableQuotes:
    """Sorted rows of a batch that a condor could enter or leave by.

    Attributes
    ----------
    quotes : QuoteBatch
        Sorted by (session, root, expiry, puts last, strike), one row a contract and session.
    group : (n,) array
        Ascending number of (session, root, expiry, is_put); its lowest bit is `is_put`.
    leaving : (n,) array of bool
        Rows on the day of the exit; the others are days of entry.
    unusable : int
        Rows within reach that are no price: a blank, a negative or crossed quote, or no ask.
    repeated : int
        Rows that said again what another row said.
    """

    quotes: QuoteBatch
    group: I8
    leaving: B1
    unusable: int
    repeated: int


def usable_quotes(batch: QuoteBatch, parameters: ScanParameters) -> UsableQuotes:
    """Keep, check and sort the rows a condor could enter or leave by.

    Raises
    ------
    RefusedError
        One contract has two different quotes on one session.
    """
    low, high = parameters.reach
    dte = batch.expiry - batch.session
    size = np.abs(batch.delta)
    entering = (dte > parameters.exit_dte) & (dte <= parameters.max_dte) & ~((size < low) | (size > high))
    leaving = dte == parameters.exit_dte
    broken = _broken(batch) | (entering & np.isnan(batch.delta))
    wanted = entering | leaving
    rows = np.flatnonzero(wanted & ~broken)
    unusable = int(np.count_nonzero(wanted & broken))
    quotes = batch.take(rows)
    group = _group(quotes)
    order = _order(group, quotes.strike)
    if order is not None:
        quotes, group = quotes.take(order), group[order]
    again = _repeated(quotes, group)
    if again.any():
        single = np.flatnonzero(~again)
        quotes, group = quotes.take(single), group[single]
    return UsableQuotes(
        quotes=quotes,
        group=group,
        leaving=quotes.expiry - quotes.session == parameters.exit_dte,
        unusable=unusable,
        repeated=int(np.count_nonzero(again)),
    )


def _broken(batch: QuoteBatch) -> B1:
    # Written so that a NaN anywhere makes the comparison false and the row broken.
    sound: B1 = (batch.bid >= 0.0) & (batch.ask > 0.0) & (batch.ask >= batch.bid) & (batch.strike > 0.0)
    sound &= np.isfinite(batch.ask) & np.isfinite(batch.strike)
    return ~sound


def _group(quotes: QuoteBatch) -> I8:
    if quotes.size == 0:
        return np.empty(0, np.int64)
    roots, days = int(quotes.root.max()) + 1, int(quotes.expiry.max()) + 1
    group: I8 = ((quotes.session * roots + quotes.root) * days + quotes.expiry) * 2 + quotes.is_put
    return group


def _order(group: I8, strike: F8) -> I8 | None:
    """Return the sorting order, or None where the rows stand sorted already."""
    step = np.diff(group)
    if bool(np.all((step > 0) | ((step == 0) & (np.diff(strike) >= 0.0)))):
        return None
    order: I8 = np.lexsort((strike, group))
    return order


def _repeated(quotes: QuoteBatch, group: I8) -> B1:
    """Mark rows that say the same as the row before them; refuse one that says otherwise."""
    again = np.zeros(quotes.size, np.bool_)
    if quotes.size:
        again[1:] = (np.diff(group) == 0) & (np.diff(quotes.strike) == 0.0)
    for row in np.flatnonzero(again).tolist():
        _check_same(quotes, row)
    return again


def _check_same(quotes: QuoteBatch, row: int) -> None:
    bid, ask, delta = (
        (float(column[row - 1]), float(column[row])) for column in (quotes.bid, quotes.ask, quotes.delta)
    )
    same_delta = delta[0] == delta[1] or (np.isnan(delta[0]) and np.isnan(delta[1]))
    if bid[0] == bid[1] and ask[0] == ask[1] and same_delta:
        return
    right = "put" if quotes.is_put[row] else "call"
    raise RefusedError(
        f"the {quotes.strike[row]:g} {right} of {as_date(int(quotes.expiry[row]))} is quoted twice on "
        f"{as_date(int(quotes.session[row]))}: {bid[0]:g} x {ask[0]:g} delta {delta[0]:g} and "
        f"{bid[1]:g} x {ask[1]:g} delta {delta[1]:g}",
        fix="Keep one quote a contract and day, or give each option root its own symbol.",
    )
