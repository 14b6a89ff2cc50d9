"""Quotes of VIX options from a mixture of two lognormals on the VX future of their own expiry.

1. Total log-contract volatility ``v = V(T) sqrt T``, ``V(T) = VVIX g(T) / g(30d)``,
   ``g(T)^2 = (1 - exp(-2 kappa T)) / (2 kappa T)``.
2. Weight w on a lognormal of mean ``m1 = F exp(-delta v)`` and volatility ``s1 = c1 v``; the other's mean makes the
   mixture's F, and its volatility makes the log contract's variance v^2.

Both densities are positive, so prices are positive, decreasing in the strike for calls and convex; puts follow by
parity on the future. The constants are one calm day's (2016-06-01).
"""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import B1, F8, I1
from alvh.core.compiled import compiled, inlined
from alvh.market.chain import QuoteStatus
from alvh.pricing.black76 import black_kernel
from alvh.pricing.modelled.calibration import (
    MIXTURE_SCALE,
    MIXTURE_SHIFT,
    MIXTURE_WEIGHT,
    VIX_HALF_SPREAD,
    VOL_OF_VIX_DECAY,
)
from alvh.pricing.modelled.rounding import round_out
from alvh.pricing.modelled.rows import KIND, ROW, ROW_DISCOUNT, ROW_FORWARD, ROW_TAU, VIX

__all__ = ["exact_vix", "model_vix_slice", "quote_vix", "vix_quote"]

_FORWARD, _MEAN_1, _VOL_1, _MEAN_2, _VOL_2, _DISCOUNT, _HALF, _FINE, _BOUNDARY, _COARSE = range(10)
_OK, _ABSENT, _ZERO_BID = int(QuoteStatus.OK), int(QuoteStatus.ABSENT), int(QuoteStatus.ZERO_BID)
_LEAST_VOL = 1e-8
_THIRTY_DAYS = 30.0 / 365.0


@inlined
def _decay(tau: float) -> float:
    x = 2.0 * VOL_OF_VIX_DECAY * tau
    return math.sqrt(-math.expm1(-x) / x) if x > 1e-12 else 1.0


@compiled
def model_vix_slice(
    forward: float,
    tau: float,
    vvix: float,
    discount: float,
    fine: float,
    boundary: float,
    coarse: float,
    spread_factor: float,
) -> F8:
    """Return the vector that quotes of one VIX expiry are computed from.

    Parameters
    ----------
    forward : float, VIX points
        The VX future of the same settlement.
    tau : float, years
        Positive.
    vvix : float, vol points
    discount : float
    fine, boundary, coarse : float
        Ticks per point below the boundary, the boundary in points, ticks per point from it on.
    spread_factor : float
        Scenario multiplier of the half-spread, 1 for the observed one.
    """
    v = 0.01 * vvix * _decay(tau) / _decay(_THIRTY_DAYS) * math.sqrt(tau)
    w = MIXTURE_WEIGHT
    mean_1 = forward * math.exp(-MIXTURE_SHIFT * v)
    vol_1 = MIXTURE_SCALE * v
    mean_2 = (forward - w * mean_1) / (1.0 - w)
    rest = (v * v - w * (2.0 * MIXTURE_SHIFT * v + vol_1 * vol_1)) / (1.0 - w)
    vector = np.zeros(ROW)
    vector[_FORWARD] = forward
    vector[_MEAN_1], vector[_VOL_1] = mean_1, max(vol_1, _LEAST_VOL)
    vector[_MEAN_2] = mean_2
    vector[_VOL_2] = math.sqrt(max(rest + 2.0 * math.log(mean_2 / forward), _LEAST_VOL * _LEAST_VOL))
    vector[_DISCOUNT] = discount
    vector[_HALF] = VIX_HALF_SPREAD * spread_factor
    vector[_FINE], vector[_BOUNDARY], vector[_COARSE] = fine, boundary, coarse
    vector[KIND], vector[ROW_TAU], vector[ROW_FORWARD], vector[ROW_DISCOUNT] = VIX, tau, forward, discount
    return vector


@inlined
def _value(vector: F8, strike: float, is_put: bool) -> float:
    """Price by the side that is out of the money and the other by parity, undiscounted."""
    forward: float = vector[_FORWARD]
    low = strike < forward
    first = black_kernel(vector[_MEAN_1], strike, vector[_VOL_1], low)
    second = black_kernel(vector[_MEAN_2], strike, vector[_VOL_2], low)
    value: float = MIXTURE_WEIGHT * first + (1.0 - MIXTURE_WEIGHT) * second
    inside = strike - forward if is_put else forward - strike
    return value + max(inside, 0.0)


@inlined
def _step(strike: float) -> float:
    return 0.5 if strike < 15.0 else 1.0 if strike < 200.0 else 5.0


@compiled
def exact_vix(vector: F8, strikes: F8, is_put: B1) -> F8:
    """Return undiscounted unrounded prices, points."""
    prices = np.empty(strikes.size)
    for i in range(strikes.size):
        prices[i] = _value(vector, strikes[i], is_put[i])
    return prices


@inlined
def vix_quote(vector: F8, strike: float, is_put: bool) -> tuple[float, float, int]:
    """Return bid, ask and status of one contract, points; a strike off the grid is ABSENT."""
    if not strike > 0.0:
        return 0.0, 0.0, _ABSENT
    cells = strike / _step(strike)
    if cells != np.rint(cells):
        return 0.0, 0.0, _ABSENT
    mid = vector[_DISCOUNT] * _value(vector, strike, is_put)
    bid, ask = round_out(mid, vector[_HALF], vector[_FINE], vector[_BOUNDARY], vector[_COARSE])
    return bid, ask, _OK if bid > 0.0 else _ZERO_BID


@compiled
def quote_vix(vector: F8, strikes: F8, is_put: B1) -> tuple[F8, F8, I1]:
    """Return bid, ask and status of n contracts, points; strikes off the grid are ABSENT."""
    n = strikes.size
    bid, ask, status = np.empty(n), np.empty(n), np.empty(n, np.int8)
    for i in range(n):
        bid[i], ask[i], status[i] = vix_quote(vector, strikes[i], is_put[i])
    return bid, ask, status
