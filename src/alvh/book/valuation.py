"""The one pass of compiled code over a book: quotes, marks, volatilities, Greeks, sums of positions and sleeves.

1. `mark_modelled` quotes every contract from the row of its modelled expiry, then goes on with `mark_quoted`. It
   stops where a contract has no usable quote, for then somebody has to look for an earlier mark.
2. `mark_quoted` implies volatilities from the mids, prices and differentiates, and adds up.

Rows of `numbers` and `codes` are those of `contract_columns`, columns of `legs` and `facts` those of
`position_columns`.
"""

from __future__ import annotations

import math

import numpy as np

from alvh.book.contract_columns import (
    ASK,
    BID,
    DELTA,
    DISCOUNT,
    FORWARD,
    GAMMA,
    MID,
    MODEL,
    OK,
    STALE,
    STATUS,
    TAU,
    THETA,
    VEGA,
    VOL,
    VOL_STATUS,
    ZERO_BID,
)
from alvh.book.position_columns import ENTRY_USD, HEDGE, RATIO, USD, VX_CAP, VX_PLAIN, VX_USD, Family
from alvh.core.arrays import B1, F8, I1, I8
from alvh.core.compiled import compiled
from alvh.pricing.kernels import greeks_kernel, implied_kernel
from alvh.pricing.modelled.rows import ROW_DISCOUNT, ROW_FORWARD, ROW_TAU
from alvh.pricing.modelled.together import quote_rows

__all__ = ["BROKEN", "SUMS", "TOTALS", "mark_modelled", "mark_quoted"]

SUMS = 6
VALUE, CLOSE_MID, CLOSE_NATURAL, CLOSABLE, STALE_LEGS, NOTIONAL = range(SUMS)
"""Rows of the sums of positions: USD, points, points, 1 or 0, legs, USD of VX notional."""
TOTALS = 11
_SLEEVE_NOTIONAL, _NOT_PLAIN, _SLEEVE_STALE = 8, 9, 10
BROKEN = -1
"""Returned where an input is one no formula can use."""

_DAYS = 365.0
_POINTS = 100.0
_SPX, _VIX = Family.SPX, Family.VIX
_GREEKS = 6


@compiled
def mark_modelled(
    options: int,
    rows: F8,
    group_start: I8,
    strike: F8,
    is_put: B1,
    family: I1,
    leg_contract: I8,
    leg_start: I8,
    legs: F8,
    facts: F8,
    spot: float,
    numbers: F8,
    codes: I1,
    sums: F8,
    totals: F8,
) -> int:
    """Quote, mark and add up a book of modelled options; return how many contracts have no usable quote, or BROKEN.

    The columns of futures and shares, behind the first `options` contracts, have been filled before.
    """
    quote_rows(rows, group_start, strike, is_put, numbers[BID], numbers[ASK], codes[STATUS])
    unusable = 0
    for g in range(rows.shape[0]):
        for i in range(group_start[g], group_start[g + 1]):
            numbers[FORWARD, i] = rows[g, ROW_FORWARD]
            numbers[TAU, i] = rows[g, ROW_TAU]
            numbers[DISCOUNT, i] = rows[g, ROW_DISCOUNT]
            numbers[MID, i] = 0.5 * (numbers[BID, i] + numbers[ASK, i])
            codes[STALE, i] = 0
            status = codes[STATUS, i]
            unusable += status not in (OK, ZERO_BID)
    if unusable:
        return unusable
    return mark_quoted(
        options,
        strike,
        is_put,
        family,
        leg_contract,
        leg_start,
        legs,
        facts,
        spot,
        numbers,
        codes,
        sums,
        totals,
    )


@compiled
def mark_quoted(
    options: int,
    strike: F8,
    is_put: B1,
    family: I1,
    leg_contract: I8,
    leg_start: I8,
    legs: F8,
    facts: F8,
    spot: float,
    numbers: F8,
    codes: I1,
    sums: F8,
    totals: F8,
) -> int:
    """Imply volatilities and Greeks of the first `options` contracts from their mids and add up; 0, or BROKEN."""
    o = options
    forward, years, discount = numbers[FORWARD, :o], numbers[TAU, :o], numbers[DISCOUNT, :o]
    vol, found = numbers[VOL, :o], np.empty((_GREEKS, o))
    implied_kernel(numbers[MID, :o], forward, strike[:o], years, is_put[:o], discount, vol, codes[VOL_STATUS, :o], 0, o)
    greeks_kernel(forward, strike[:o], years, vol, is_put[:o], discount, False, found, 0, o)
    broken = False
    for i in range(o):
        numbers[MODEL, i] = found[0, i]
        numbers[DELTA, i] = found[1, i]
        numbers[GAMMA, i] = found[2, i]
        numbers[VEGA, i] = found[3, i]
        numbers[THETA, i] = found[4, i]
        broken |= not math.isfinite(found[0, i])
    if broken:
        return BROKEN
    add_up(family, leg_contract, leg_start, legs, facts, spot, numbers, codes, sums, totals)
    return 0


@compiled
def add_up(
    family: I1,
    leg_contract: I8,
    leg_start: I8,
    legs: F8,
    facts: F8,
    spot: float,
    numbers: F8,
    codes: I1,
    sums: F8,
    totals: F8,
) -> None:
    """Add legs up to positions and sleeves; row 0 of `totals` is the condor sleeve, row 1 the hedge."""
    sums[:] = 0.0
    totals[:] = 0.0
    for p in range(facts.shape[0]):
        sleeve = 1 if facts[p, HEDGE] != 0.0 else 0
        sums[CLOSABLE, p] = 1.0
        for leg in range(leg_start[p], leg_start[p + 1]):
            c = leg_contract[leg]
            ratio, usd = legs[leg, RATIO], legs[leg, USD]
            status = codes[STATUS, c]
            mid = numbers[MID, c]
            worth = usd * mid - legs[leg, ENTRY_USD]
            sums[VALUE, p] += worth
            sums[CLOSE_MID, p] += ratio * mid
            sums[CLOSE_NATURAL, p] += ratio * (numbers[BID, c] if ratio > 0.0 else numbers[ASK, c])
            if not (status == OK or (status == ZERO_BID and ratio < 0.0)):
                sums[CLOSABLE, p] = 0.0
            sums[STALE_LEGS, p] += codes[STALE, c]
            sums[NOTIONAL, p] += legs[leg, VX_USD] * min(numbers[FORWARD, c], legs[leg, VX_CAP])
            totals[sleeve, 0] += worth
            totals[sleeve, 7] += usd * numbers[THETA, c] / _DAYS
            if family[c] == _SPX:
                slope = numbers[FORWARD, c] / spot
                totals[sleeve, 1] += usd * numbers[DELTA, c] * slope
                totals[sleeve, 2] += usd * numbers[GAMMA, c] * slope * slope
                totals[sleeve, 3] += usd * numbers[VEGA, c] / _POINTS
            elif family[c] == _VIX:
                totals[sleeve, 4] += usd * numbers[DELTA, c]
                totals[sleeve, 5] += usd * numbers[GAMMA, c]
                totals[sleeve, 6] += usd * numbers[VEGA, c] / _POINTS
        totals[sleeve, _SLEEVE_NOTIONAL] += sums[NOTIONAL, p]
        totals[sleeve, _NOT_PLAIN] += 1.0 - facts[p, VX_PLAIN]
        totals[sleeve, _SLEEVE_STALE] += sums[STALE_LEGS, p]
