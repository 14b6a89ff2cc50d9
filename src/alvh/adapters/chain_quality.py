"""What is wrong in a chain day: counted and said, never repaired.

Static arbitrage is told at executable prices only: what one pays is the ask, what one gets is the bid.

- A vertical must cost something and never bring more than its width: for calls ``bid(K2) <= ask(K1)`` and
  ``bid(K1) - ask(K2) <= K2 - K1`` for neighbouring strikes K1 < K2, mirrored for puts.
- A butterfly must cost something: ``w ask(K1) + (1 - w) ask(K3) >= bid(K2)`` with ``w = (K3 - K2) / (K3 - K1)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from alvh.core.arrays import B1, F8, I1, I8
from alvh.market.chain import QuoteStatus
from alvh.market.contracts import Style
from alvh.market.products import PRODUCTS
from alvh.market.quality import Defect, Finding

if TYPE_CHECKING:
    from alvh.adapters.chain_days import ChainDay

BLANKED_SHARE = 0.9
"""A day with more than this share of rows without bid and ask was saved outside quoting hours."""
_EPS = 1e-9


def blanked(day: ChainDay) -> bool:
    """Whether the quotes were wiped: nearly every row has neither bid nor ask."""
    empty = (day.bid == 0.0) & (day.ask == 0.0)
    return int(np.count_nonzero(empty)) > BLANKED_SHARE * day.rows


def same_quotes(day: ChainDay, other: ChainDay) -> bool:
    """Whether two days show the same level and the same quotes, row by row."""
    return (
        day.spot is not None
        and day.spot == other.spot
        and np.array_equal(day.strike, other.strike)
        and np.array_equal(day.bid, other.bid)
        and np.array_equal(day.ask, other.ask)
    )


def judge(
    day: ChainDay, *, duplicates: int, verticals: int, butterflies: int, root_assumed: bool
) -> tuple[Finding, ...]:
    """List the findings of one chain day."""
    found: list[Finding] = []

    def note(defect: Defect, count: int, detail: str) -> None:
        if count:
            found.append(Finding(subject=day.root, defect=defect, session=day.session, count=count, detail=detail))

    crossed = int(np.count_nonzero(day.status == QuoteStatus.CROSSED))
    absent = int(np.count_nonzero(day.status == QuoteStatus.ABSENT))
    product = PRODUCTS.get(day.root)
    note(Defect.CROSSED, crossed, f"{crossed} quotes with the bid above the ask; no fill is made on them.")
    lone = int(np.count_nonzero((day.status == QuoteStatus.ABSENT) & (day.bid > 0.0)))
    bids = f" ({lone} of them with a bid)" if lone else ""
    note(Defect.MISSING_VALUE, absent, f"{absent} quotes without an ask{bids}; they count as not listed.")
    note(Defect.DUPLICATE, duplicates, f"{duplicates} rows repeat a contract with the same quote; one was kept.")
    note(
        Defect.ARBITRAGE,
        verticals + butterflies,
        f"{verticals} verticals and {butterflies} butterflies cost less than nothing at bid and ask.",
    )
    note(
        Defect.ASSUMED,
        day.rows if root_assumed else 0,
        f"The file names no root; {day.root} is told from the expiry dates. Give --root to say it.",
    )
    note(
        Defect.MISSING_VALUE,
        1 if day.spot is None else 0,
        "The file carries no level of the underlying.",
    )
    if product is not None and product.style is Style.AMERICAN:
        note(Defect.AMERICAN, day.rows, "Exercise is American: no Black-76 volatilities are made of these quotes.")
    return tuple(found)


def arbitrage(day: ChainDay) -> tuple[int, int]:
    """Count verticals and butterflies of one day that break static bounds at executable prices."""
    run = np.repeat(np.arange(day.expiries.size), np.diff(day.offsets))
    verticals, butterflies = violations(run, day.strike, day.is_put, day.bid, day.ask, day.status)
    return int(verticals.size), int(butterflies.size)


def violations(run: I8, strike: F8, is_put: B1, bid: F8, ask: F8, status: I1) -> tuple[I8, I8]:
    """Find verticals and butterflies of neighbouring strikes that break static bounds at executable prices.

    Parameters
    ----------
    run : (n,) array
        Equal for rows of the same root, session and expiry; rows are sorted by (run, strike, right).
    strike, bid, ask : (n,) arrays, points
    status : (n,) array of QuoteStatus codes

    Returns
    -------
    verticals, butterflies : (k,), (l,) arrays
        Row of the lowest strike of each.
    """
    verticals, butterflies = [], []
    for put in (False, True):
        rows = np.flatnonzero(is_put == put)
        said = status[rows]
        sell = said == QuoteStatus.OK
        quotes = (run[rows], strike[rows], bid[rows], ask[rows], sell | (said == QuoteStatus.ZERO_BID), sell)
        verticals.append(rows[:-1][_verticals(*quotes, put=put)])
        butterflies.append(rows[:-2][_butterflies(*quotes)])
    return np.concatenate(verticals), np.concatenate(butterflies)


def _verticals(run: I8, strike: F8, bid: F8, ask: F8, buy: B1, sell: B1, *, put: bool) -> B1:
    low, high = slice(None, -1), slice(1, None)
    dear, cheap = (high, low) if put else (low, high)
    pair = run[low] == run[high]
    below_zero = pair & buy[dear] & sell[cheap] & (bid[cheap] - ask[dear] > _EPS)
    width = strike[high] - strike[low]
    above_width = pair & sell[dear] & buy[cheap] & (bid[dear] - ask[cheap] - width > _EPS)
    broken: B1 = below_zero | above_width
    return broken


def _butterflies(run: I8, strike: F8, bid: F8, ask: F8, buy: B1, sell: B1) -> B1:
    left, body, right = slice(None, -2), slice(1, -1), slice(2, None)
    triple = (run[left] == run[right]) & buy[left] & sell[body] & buy[right]
    weight = (strike[right] - strike[body]) / np.where(triple, strike[right] - strike[left], 1.0)
    cost = weight * ask[left] + (1.0 - weight) * ask[right] - bid[body]
    broken: B1 = triple & (cost < -_EPS)
    return broken
