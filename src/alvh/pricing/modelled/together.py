"""Several modelled expiries at once: a row of numbers for each, and one pass over all contracts of a book.

A row holds what the expiry's quotes are computed from (`spx_quotes.Terms`, `vix_quotes`), which formula that is, and
the numbers every slice answers with. Rows of SPX and VIX expiries stand side by side in one array, so a whole book is
quoted in one call of compiled code.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alvh.core.arrays import B1, F8, I1, I8
from alvh.core.compiled import compiled, inlined
from alvh.market.chain import ExpirySlice
from alvh.pricing.modelled.rows import KIND, ROW
from alvh.pricing.modelled.rows import SPX as _SPX
from alvh.pricing.modelled.slices import ModelledSpxSlice, ModelledVixSlice
from alvh.pricing.modelled.spx_quotes import spx_quote
from alvh.pricing.modelled.vix_quotes import vix_quote

__all__ = ["modelled_row", "modelled_rows", "quote_row", "quote_rows"]


def modelled_rows(slices: Sequence[ExpirySlice | None]) -> F8 | None:
    """Return the rows of modelled expiries, (g, 22); None where one of them is not modelled."""
    rows = np.empty((len(slices), ROW))
    for place, found in enumerate(slices):
        row = modelled_row(found)
        if row is None:
            return None
        rows[place] = row
    return rows


def modelled_row(found: ExpirySlice | None) -> F8 | None:
    """Return the row of a modelled expiry, (22,); None where it is not modelled."""
    return found.vector if isinstance(found, ModelledSpxSlice | ModelledVixSlice) else None


@inlined
def quote_row(row: F8, strike: float, is_put: bool) -> tuple[float, float, int]:
    """Return bid, ask and status of one contract of an expiry."""
    if row[KIND] == _SPX:
        return spx_quote(row, strike, is_put)
    return vix_quote(row, strike, is_put)


@compiled
def quote_rows(rows: F8, start: I8, strike: F8, is_put: B1, bid: F8, ask: F8, status: I1) -> None:
    """Quote contracts that stand together by expiry.

    Parameters
    ----------
    rows : (g, 22) array
    start : (g + 1,) array
        Contracts of expiry i are ``start[i]:start[i + 1]``.
    strike : (n,) array, points
    bid, ask : (n,) arrays, points
    status : (n,) array of QuoteStatus codes
    """
    for g in range(rows.shape[0]):
        for i in range(start[g], start[g + 1]):
            bid[i], ask[i], status[i] = quote_row(rows[g], strike[i], is_put[i])
