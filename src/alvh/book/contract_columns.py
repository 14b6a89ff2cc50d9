"""What is known of each contract of a book at a view: one array of numbers, one of codes, a column per contract."""

from __future__ import annotations

import msgspec

from alvh.core.arrays import F8, I1
from alvh.market.chain import QuoteStatus

__all__ = ["ContractColumns"]

NUMBERS = 12
BID, ASK, MID, FORWARD, TAU, DISCOUNT, VOL, MODEL, DELTA, GAMMA, VEGA, THETA = range(NUMBERS)
"""Rows of `ContractColumns.numbers`."""
CODES = 3
STATUS, STALE, VOL_STATUS = range(CODES)
"""Rows of `ContractColumns.codes`."""

OK, ABSENT, ZERO_BID = int(QuoteStatus.OK), int(QuoteStatus.ABSENT), int(QuoteStatus.ZERO_BID)


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
