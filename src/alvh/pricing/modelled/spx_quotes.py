"""Quotes of a solved SPX slice: price, half-spread, ticks, in one pass over the contracts asked for.

The half-spread is ``h = n exp(c + alpha ln(mid / n) + beta ln(T / 30d) + gamma ln(VIX / 16) + delta |Delta| +
kappa [call])`` with ``n = F / 2900``, at least 0.025 points on the SPX scale. Widening in stress is a scenario
multiplier, not an estimate: the VIX exponent is not identified above the calm days it was fitted on.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np

from alvh.core.arrays import B1, F8, I1
from alvh.core.compiled import compiled, inlined
from alvh.market.chain import QuoteStatus
from alvh.pricing.modelled.calibration import SPREAD, SPREAD_FLOOR, SPREAD_FORWARD
from alvh.pricing.modelled.rounding import round_out
from alvh.pricing.modelled.rows import KIND, ROW, ROW_DISCOUNT, ROW_FORWARD, ROW_TAU, SPX
from alvh.pricing.modelled.svi import SHAPE_SIZE, otm_price, solve_slice
from alvh.pricing.modelled.term import total_variance

__all__ = ["Terms", "exact_spx", "model_slice", "quote_spx", "spx_quote"]


class Terms(IntEnum):
    """Places behind the shape in the vector of a quotable slice."""

    DISCOUNT = SHAPE_SIZE
    SCALE = SHAPE_SIZE + 1
    """SPX points per point of the root: 1, and 10 for XSP."""
    STEP = SHAPE_SIZE + 2
    """Strike spacing in points of the root."""
    SPREAD = SHAPE_SIZE + 3
    """Logarithm of the half-spread without price, delta and right."""
    FINE = SHAPE_SIZE + 4
    BOUNDARY = SHAPE_SIZE + 5
    COARSE = SHAPE_SIZE + 6


_DISCOUNT, _SCALE, _STEP, _SPREAD = SHAPE_SIZE, SHAPE_SIZE + 1, SHAPE_SIZE + 2, SHAPE_SIZE + 3
_FINE, _BOUNDARY, _COARSE = SHAPE_SIZE + 4, SHAPE_SIZE + 5, SHAPE_SIZE + 6
_C, _ALPHA, _BETA, _GAMMA, _DELTA, _KAPPA = SPREAD
_LEAST_PRICE = 1e-6
_GRID_SLACK = 1e-9
_OK, _ABSENT, _ZERO_BID = int(QuoteStatus.OK), int(QuoteStatus.ABSENT), int(QuoteStatus.ZERO_BID)


@compiled
def model_slice(
    table: F8,
    forward: float,
    days: float,
    tau: float,
    ratio: float,
    slope: float,
    long_slope: float,
    vix: float,
    discount: float,
    scale: float,
    step: float,
    fine: float,
    boundary: float,
    coarse: float,
    spread_factor: float,
    shape: F8,
) -> F8:
    """Solve one expiry and return the vector its quotes are computed from.

    Parameters
    ----------
    table : (11,) array
        Term structure of the day (`term.fit_term`).
    forward : float, SPX points
    days : float
        Calendar days to settlement, to the second.
    tau : float, years
        The same in years of 365 days.
    ratio : float
        Variance clock of the expiry relative to a Friday's.
    slope : float
        ``ln(VIX3M / VIX)``.
    long_slope : float
        ``ln(VIX6M / VIX3M)``.
    vix : float, vol points
        Of the half-spread.
    discount : float
    scale, step, fine, boundary, coarse : float
        See `Terms`.
    spread_factor : float
        Scenario multiplier of the half-spread, 1 for the fitted one.
    shape : (4, 4) array
        Coefficients of the smile, see `calibration.SHAPE`.
    """
    vector = np.empty(ROW)
    vector[:SHAPE_SIZE] = solve_slice(forward, total_variance(table, days) * ratio, days, slope, long_slope, shape)
    size = math.log(forward / SPREAD_FORWARD)
    vector[_DISCOUNT] = discount
    vector[_SCALE] = scale
    vector[_STEP] = step
    level = _C + _BETA * math.log(days / 30.0) + _GAMMA * math.log(vix / 16.0)
    vector[_SPREAD] = level + (1.0 - _ALPHA) * size + math.log(spread_factor)
    vector[_FINE], vector[_BOUNDARY], vector[_COARSE] = fine, boundary, coarse
    vector[KIND], vector[ROW_TAU], vector[ROW_FORWARD], vector[ROW_DISCOUNT] = SPX, tau, forward / scale, discount
    return vector


@compiled
def exact_spx(vector: F8, strikes: F8, is_put: B1) -> F8:
    """Return undiscounted unrounded prices in points of the root."""
    prices = np.empty(strikes.size)
    forward, scale = vector[0], vector[_SCALE]
    for i in range(strikes.size):
        strike = strikes[i] * scale
        value, _ = otm_price(vector, strike)
        inside = strike - forward if is_put[i] else forward - strike
        prices[i] = (value + max(inside, 0.0)) / scale
    return prices


@inlined
def spx_quote(vector: F8, strike: float, put: bool) -> tuple[float, float, int]:
    """Return bid, ask and status of one contract, points of the root; a strike off the grid is ABSENT."""
    scale = vector[_SCALE]
    cells = strike / vector[_STEP]
    if not (cells > 0.5 and abs(cells - np.rint(cells)) < _GRID_SLACK * cells):
        return 0.0, 0.0, _ABSENT
    level, forward = strike * scale, vector[0]
    value, delta = otm_price(vector, level)
    inside = level - forward if put else forward - level
    mid = vector[_DISCOUNT] * (value + max(inside, 0.0))
    tilt = _DELTA * (1.0 - delta) if put else _DELTA * delta + _KAPPA
    half = math.exp(vector[_SPREAD] + _ALPHA * math.log(max(mid, _LEAST_PRICE)) + tilt)
    half = max(half, SPREAD_FLOOR) / scale
    bid, ask = round_out(mid / scale, half, vector[_FINE], vector[_BOUNDARY], vector[_COARSE])
    return bid, ask, _OK if bid > 0.0 else _ZERO_BID


@compiled
def quote_spx(vector: F8, strikes: F8, is_put: B1) -> tuple[F8, F8, I1]:
    """Return bid, ask and status of n contracts, points of the root; strikes off the grid are ABSENT."""
    n = strikes.size
    bid, ask, status = np.empty(n), np.empty(n), np.empty(n, np.int8)
    for i in range(n):
        bid[i], ask[i], status[i] = spx_quote(vector, strikes[i], is_put[i])
    return bid, ask, status
