"""The search behind L-BASE: the listed call whose delta on the forward is nearest to the one wanted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alvh.core.arrays import F8, I1
from alvh.core.compiled import compiled
from alvh.market.chain import ExpirySlice, QuoteStatus
from alvh.pricing.implied import VolStatus
from alvh.pricing.kernels import greeks_kernel, implied_kernel
from alvh.pricing.modelled.together import modelled_row, quote_row

__all__ = ["Nearest", "nearest_call"]

_OK, _SOLVED = int(QuoteStatus.OK), int(VolStatus.OK)
_NO_ROW = np.zeros(0)
_GREEKS, _DELTA = 6, 1


class Nearest(NamedTuple):
    """A strike in points and the delta of its call on the forward."""

    strike: float
    delta: float


def nearest_call(quotes: ExpirySlice, delta: float, low: float, high: float) -> Nearest | None:
    """Find the call nearest to a delta among those with a bid, an ask and a volatility.

    Parameters
    ----------
    delta : float, on the forward, undiscounted
    low, high : float, multiples of the forward
        Strikes looked at.

    Returns
    -------
    Nearest or None
        The lowest strike on a tie; None where no call is quoted on both sides.
    """
    strikes, forward = quotes.strikes, quotes.forward
    first, last = strikes.searchsorted(low * forward), strikes.searchsorted(high * forward, "right")
    strikes = np.array(strikes[first:last])
    n = strikes.size
    prices, status = np.empty((2, n)), np.empty(n, dtype=np.int8)
    row = modelled_row(quotes)
    if row is None:
        seen = quotes.quote(strikes, np.zeros(n, dtype=np.bool_))
        prices[0], prices[1], status[:] = seen.bid, seen.ask, seen.status
    place, found = _nearest(
        _NO_ROW if row is None else row, strikes, prices, status, forward, quotes.tau, quotes.discount, delta
    )
    return Nearest(strikes.item(place), found) if place >= 0 else None


@compiled
def _nearest(
    row: F8, strikes: F8, prices: F8, status: I1, forward: float, tau: float, discount: float, wanted: float
) -> tuple[int, float]:
    n = strikes.shape[0]
    place, strike, mid = np.empty(n, np.int64), np.empty(n), np.empty(n)
    usable = 0
    for i in range(n):
        if row.shape[0]:
            prices[0, i], prices[1, i], status[i] = quote_row(row, strikes[i], False)
        if status[i] == _OK:
            place[usable], strike[usable] = i, strikes[i]
            mid[usable] = 0.5 * (prices[0, i] + prices[1, i])
            usable += 1
    m = usable
    level, years, factor = np.full(m, forward), np.full(m, tau), np.full(m, discount)
    puts, vol, solved, found = np.zeros(m, np.bool_), np.empty(m), np.empty(m, np.int8), np.empty((_GREEKS, m))
    implied_kernel(mid[:m], level, strike[:m], years, puts, factor, vol, solved, 0, m)
    greeks_kernel(level, strike[:m], years, vol, puts, factor, False, found, 0, m)
    best, least = -1, np.inf
    for i in range(m):
        gap = abs(found[_DELTA, i] / discount - wanted)
        if solved[i] == _SOLVED and gap < least:
            best, least = i, gap
    if best < 0:
        return -1, 0.0
    return place[best], found[_DELTA, best] / discount
