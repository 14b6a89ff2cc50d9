"""Price and eight Greeks of options on forwards in one pass.

All Greeks are with respect to the forward, discounted, per option and point; vol is a decimal, time in years.

=========  ====================================  =========================================
column     definition                            formula (call above, put below)
=========  ====================================  =========================================
price      V                                     D (F N(d1) - K N(d2))
delta      dV/dF                                 D N(d1); -D N(-d1)
gamma      d2V/dF2                               D n(d1) / (F v)
vega       dV/d(sigma), per 1.00 of vol          D F n(d1) sqrt(tau)
theta      -dV/d(tau), F fixed, per year         -D F n(d1) sigma / (2 sqrt(tau)) + r V
rho        dV/dr, F fixed, per 1.00 of rate      -tau V
vanna      d2V/dF d(sigma)                       -D n(d1) d2 / sigma
volga      d2V/d(sigma)2                         vega d1 d2 / sigma
charm      -d(delta)/d(tau), F fixed, per year   r delta + D n(d1) d2 / (2 tau)
=========  ====================================  =========================================

with ``v = sigma sqrt(tau)``, ``r = -ln(D) / tau``. Spot delta is ``delta * dF/dS``. Theta per calendar day is
``theta / 365``.

Conventions where the formulas divide by zero: at ``tau = 0`` or ``sigma = 0`` the price is (discounted) intrinsic
value and delta is D times 1, 0, or 1/2 exactly at the money (minus for puts); gamma, vanna, volga are zero, vega is
its limit (zero away from the money), theta and charm keep their rate terms for ``tau > 0`` and are zero at
``tau = 0``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import B1, F8
from alvh.core.compiled import compiled, inlined
from alvh.pricing.black76 import LEAST_LEVEL, MOST_LEVEL, normalised_parts, sound_levels
from alvh.pricing.columns import columns, refuse_broken_options
from alvh.pricing.normal import log_ratio, logarithm

__all__ = ["Greeks", "greeks"]

_INV_SQRT_2PI = 0.3989422804014327
_V_FLOOR = 1e-300
_V_CEILING = 1e4
# Below this total volatility the conventions of the module docstring replace division by it.
_V_LIVE = 1e-150


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeks:
    """Columns of price and sensitivities; definitions and units in the module's table.

    Attributes
    ----------
    price : (n,) array, points
    delta : (n,) array, points per point of forward
    gamma : (n,) array, per point
    vega : (n,) array, points per 1.00 of volatility
    theta : (n,) array, points per year, forward fixed
    rho : (n,) array, points per 1.00 of rate, forward fixed
    vanna : (n,) array, per 1.00 of volatility
    volga : (n,) array, points per squared volatility
    charm : (n,) array, per year, forward fixed
    """

    price: F8
    delta: F8
    gamma: F8
    vega: F8
    theta: F8
    rho: F8
    vanna: F8
    volga: F8
    charm: F8


@inlined
def _tails(weight: float, value: float, far: float, high: bool, ratio: float, above: bool) -> tuple[float, float]:
    """Return N(d1) and N(-d1), each by its own formula so that neither is a difference of near equals.

    Parameters
    ----------
    ratio : float
        ``min(F, K) / max(F, K)``.
    above : bool
        Whether the forward is above the strike.
    """
    half = 0.5 * far
    beyond = weight * (value - half) if high else weight * (value + half)
    rest = 1.0 - beyond
    below_n1 = rest if high else beyond
    below_m1 = beyond if high else rest
    above_m1 = weight * ratio * half
    return (1.0 - above_m1 if above else below_n1), (above_m1 if above else below_m1)


@compiled
def _greeks(forward: F8, strike: F8, tau: F8, vol: F8, is_put: B1, discount: F8, out: F8) -> None:
    for i in range(is_put.shape[0]):
        f = forward[i]
        k = strike[i]
        t = tau[i]
        d = discount[i]
        put = is_put[i]
        root = math.sqrt(t)
        total = vol[i] * root
        sound = sound_levels(f, k) & (d > 0.0) & (total >= 0.0) & (total + d < math.inf)
        moneyness = log_ratio(f, k)
        v = min(max(total, _V_FLOOR), _V_CEILING)
        weight, value, far, _, high = normalised_parts(-abs(moneyness), v)
        least = min(f, k)
        part = weight * value
        outside = least * (1.0 - part if high else part) if total > 0.0 else 0.0
        price = d * (outside + max(k - f if put else f - k, 0.0))
        n1, m1 = _tails(weight, value, far, high, least / max(f, k), f > k)
        delta = -d * m1 if put else d * n1

        per_v = 1.0 / v if total > _V_LIVE else 0.0
        per_t = 1.0 / t if t > 0.0 else 0.0
        shift = moneyness * per_v
        d1 = shift + 0.5 * total
        d2 = shift - 0.5 * total
        rate = -logarithm(d) * per_t
        # D F n(d1), which is also D K n(d2).
        peak = d * least * weight * _INV_SQRT_2PI
        per_f = 1.0 / f
        vega = peak * root
        out[0, i] = price if sound else math.nan
        out[1, i] = delta
        out[2, i] = peak * per_f * per_f * per_v
        out[3, i] = vega
        out[4, i] = rate * price - 0.5 * peak * total * per_t
        out[5, i] = -t * price
        out[6, i] = -vega * per_f * d2 * per_v
        out[7, i] = vega * d1 * d2 * root * per_v
        out[8, i] = rate * delta + 0.5 * peak * per_f * d2 * per_t


def greeks(
    forward: ArrayLike, strike: ArrayLike, tau: ArrayLike, vol: ArrayLike, is_put: ArrayLike, discount: ArrayLike
) -> Greeks:
    """Price European options on forwards and differentiate them, in one pass.

    Parameters
    ----------
    forward, strike : float or (n,) array, points
    tau : float or (n,) array, years
    vol : float or (n,) array, decimal per square root of a year
    is_put : bool or (n,) array of bool
    discount : float or (n,) array
        Discount factor to the payment, positive.

    Returns
    -------
    Greeks
        Columns of length n.

    Raises
    ------
    UsageError
        A forward, strike or discount is not positive, a time or volatility is negative, or a value is not finite.
    """
    table, puts = columns(forward, strike, tau, vol, discount, is_put=is_put)
    out = np.empty((9, puts.size))
    _greeks(table[0], table[1], table[2], table[3], puts, table[4], out)
    if not math.isfinite(float(out[0].sum())):
        refuse_broken_options(table, LEAST_LEVEL, MOST_LEVEL)
    return Greeks(
        price=out[0],
        delta=out[1],
        gamma=out[2],
        vega=out[3],
        theta=out[4],
        rho=out[5],
        vanna=out[6],
        volga=out[7],
        charm=out[8],
    )
