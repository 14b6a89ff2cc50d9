"""Closing open condors on the day that lies `exit_dte` days before their expiry.

All four contracts must be quoted on exactly that day. A condor whose exit day has no session, or whose contracts are
not all quoted on it, has no result; it is counted, not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, F8, I8
from alvh.research.quote_batch import QuoteBatch, UsableQuotes
from alvh.research.scan_legs import Condors, leg_prices
from alvh.research.scan_parameters import IS_PUT, SIDE, ScanParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Exits:
    """What became of the open condors.

    Attributes
    ----------
    closed : Condors
    cost : (n,) array, points
        Paid to close each of `closed`; negative where closing brings money.
    without_session : int
        Condors whose expiry had no quotes at all on the exit day.
    without_quote : int
        Condors of which a contract had no usable quote on the exit day.
    still_open : Condors
        Condors whose exit day lies ahead.
    """

    closed: Condors
    cost: F8
    without_session: int
    without_quote: int
    still_open: Condors


def close(held: Condors, usable: UsableQuotes, parameters: ScanParameters) -> Exits:
    """Close every condor whose exit day is not after the last session of the batch."""
    due = held.expiry - parameters.exit_dte <= usable.quotes.last
    leaving = held.take(np.flatnonzero(due))
    rows = np.flatnonzero(usable.leaving)
    quotes = usable.quotes.take(rows)
    legs, listed = _find(leaving, quotes)
    quoted = (legs >= 0).all(axis=1)
    legs = legs[quoted]
    cost = np.zeros(legs.shape[0])
    for leg, side in enumerate(SIDE):
        cost -= side * leg_prices(quotes, legs[:, leg], -side, parameters.share)
    return Exits(
        closed=leaving.take(np.flatnonzero(quoted)),
        cost=cost,
        without_session=int(np.count_nonzero(~listed)),
        without_quote=int(np.count_nonzero(listed & ~quoted)),
        still_open=held.take(np.flatnonzero(~due)),
    )


def _find(condors: Condors, quotes: QuoteBatch) -> tuple[I8, B1]:
    """Return the (n, 4) rows of the contracts among quotes of exit days, -1 where absent, and whether any is there.

    The exit day follows from the expiry, so root, expiry, type and strike name a row.
    """
    legs = np.full((condors.size, 4), -1, np.int64)
    if quotes.size == 0 or condors.size == 0:
        return legs, np.zeros(condors.size, np.bool_)
    roots = int(max(quotes.root.max(), condors.root.max())) + 1
    strikes = np.unique(quotes.strike)
    series = quotes.expiry * roots + quotes.root
    wanted = condors.expiry * roots + condors.root
    names = (series * 2 + quotes.is_put) * strikes.size + np.searchsorted(strikes, quotes.strike)
    order = np.argsort(names)
    names = names[order]
    for leg in range(4):
        place = np.minimum(np.searchsorted(strikes, condors.strike[:, leg]), strikes.size - 1)
        name = (wanted * 2 + IS_PUT[leg]) * strikes.size + place
        at = np.minimum(np.searchsorted(names, name), names.size - 1)
        there = (names[at] == name) & (strikes[place] == condors.strike[:, leg])
        legs[there, leg] = order[at[there]]
    return legs, np.isin(wanted, series)
