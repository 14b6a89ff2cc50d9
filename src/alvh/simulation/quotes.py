"""Quotes from a mixture: price, half-spread, ticks, for SPX roots and for VIX roots.

Half-spreads and ticks are those of the modelled chain (`pricing.modelled`), so that a strategy pays the same for
trading in a simulated market as in a modelled past.
"""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import B1, F8, I1
from alvh.core.compiled import compiled
from alvh.market.chain import QuoteStatus
from alvh.pricing.modelled.calibration import SPREAD, SPREAD_FLOOR, SPREAD_FORWARD, VIX_HALF_SPREAD
from alvh.pricing.modelled.rounding import round_out
from alvh.simulation.mixture import mixture_price

__all__ = ["exact", "quote_spx", "quote_vix", "spread_level"]

_C, _ALPHA, _BETA, _GAMMA, _DELTA, _KAPPA = SPREAD
_LEAST_PRICE = 1e-6
_GRID_SLACK = 1e-9
_OK, _ABSENT, _ZERO_BID = int(QuoteStatus.OK), int(QuoteStatus.ABSENT), int(QuoteStatus.ZERO_BID)


def spread_level(forward: float, days: float, vix: float, factor: float) -> float:
    """Return the logarithm of an SPX half-spread without price, delta and right."""
    size = math.log(forward / SPREAD_FORWARD)
    return _C + _BETA * math.log(days / 30.0) + _GAMMA * math.log(vix / 16.0) + (1.0 - _ALPHA) * size + math.log(factor)


@compiled
def exact(mixture: F8, shares: F8, forward: float, strikes: F8, is_put: B1) -> F8:
    """Return undiscounted unrounded prices, points."""
    prices = np.empty(strikes.size)
    scratch = np.empty(mixture.shape)
    for i in range(strikes.size):
        value, _ = mixture_price(mixture, shares, forward, strikes[i], scratch)
        inside = strikes[i] - forward if is_put[i] else forward - strikes[i]
        prices[i] = value + max(inside, 0.0)
    return prices


@compiled
def quote_spx(
    mixture: F8,
    shares: F8,
    forward: float,
    discount: float,
    scale: float,
    step: float,
    level: float,
    ticks: tuple[float, float, float],
    strikes: F8,
    is_put: B1,
) -> tuple[F8, F8, I1]:
    """Return bid, ask and status of n contracts, points of the root; strikes off the grid are ABSENT.

    Parameters
    ----------
    mixture, shares
        See `mixture.mixture_price`.
    forward : float, SPX points
    discount : float
    scale : float
        SPX points per point of the root: 1, and 10 for XSP.
    step : float
        Strike spacing, points of the root.
    level : float
        See `spread_level`.
    ticks : (float, float, float)
        Ticks per point below the boundary, the boundary, ticks per point from it on.
    strikes : (n,) array, points of the root
    is_put : (n,) array of bool
    """
    n = strikes.size
    bid, ask, status = np.zeros(n), np.zeros(n), np.full(n, _ABSENT, np.int8)
    scratch = np.empty(mixture.shape)
    for i in range(n):
        cells = strikes[i] / step
        if not (cells > 0.5 and abs(cells - np.rint(cells)) < _GRID_SLACK * cells):
            continue
        strike = strikes[i] * scale
        value, delta = mixture_price(mixture, shares, forward, strike, scratch)
        inside = strike - forward if is_put[i] else forward - strike
        mid = discount * (value + max(inside, 0.0))
        tilt = _DELTA * (1.0 - delta) if is_put[i] else _DELTA * delta + _KAPPA
        half = max(math.exp(level + _ALPHA * math.log(max(mid, _LEAST_PRICE)) + tilt), SPREAD_FLOOR) / scale
        bid[i], ask[i] = round_out(mid / scale, half, ticks[0], ticks[1], ticks[2])
        status[i] = _OK if bid[i] > 0.0 else _ZERO_BID
    return bid, ask, status


@compiled
def quote_vix(
    mixture: F8,
    shares: F8,
    forward: float,
    discount: float,
    factor: float,
    ticks: tuple[float, float, float],
    strikes: F8,
    is_put: B1,
) -> tuple[F8, F8, I1]:
    """Return bid, ask and status of n VIX options, points; strikes off the grid are ABSENT."""
    n = strikes.size
    bid, ask, status = np.zeros(n), np.zeros(n), np.full(n, _ABSENT, np.int8)
    scratch = np.empty(mixture.shape)
    for i in range(n):
        strike = strikes[i]
        if not strike > 0.0:
            continue
        cells = strike / (0.5 if strike < 15.0 else 1.0 if strike < 200.0 else 5.0)
        if cells != np.rint(cells):
            continue
        value, _ = mixture_price(mixture, shares, forward, strike, scratch)
        inside = strike - forward if is_put[i] else forward - strike
        mid = discount * (value + max(inside, 0.0))
        bid[i], ask[i] = round_out(mid, VIX_HALF_SPREAD * factor, ticks[0], ticks[1], ticks[2])
        status[i] = _OK if bid[i] > 0.0 else _ZERO_BID
    return bid, ask, status
