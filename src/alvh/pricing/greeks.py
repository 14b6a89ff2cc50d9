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
from alvh.core.compiled import compiled, compiled_parallel, inlined, parts_at_once
from alvh.core.errors import UsageError
from alvh.pricing.black76 import LEAST_LEVEL, MOST_LEVEL, sound_levels
from alvh.pricing.columns import F8_KIND, check_threads, columns, output, refuse_broken_options
from alvh.pricing.normal import exponential, log_ratio, logarithm, scaled_erfc_pair

__all__ = ["FirstGreeks", "Greeks", "first_greeks", "greeks"]

_INV_SQRT_2PI = 0.3989422804014327
_SQRT_HALF = 0.7071067811865476
_SQRT_2 = 1.4142135623730951
_H_FLOOR = -40.0
_V_CEILING = 1e4
# Below this total volatility the conventions of the module docstring replace division by it.
_V_LIVE = 1e-150
# Up to this total volatility ``h + t <= v / 2`` keeps a block off the mirror image, step 4 of `black76`.
_V_CALM = 1.41
# Columns of this many options and their scratch stay in the second cache, and overhead of a block is spread thin.
_BLOCK = 2048
_FIRST = 6
_ALL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstGreeks:
    """Columns of price and first-line sensitivities; definitions and units in the module's table.

    Attributes
    ----------
    price : (n,) array, points
    delta : (n,) array, points per point of forward
    gamma : (n,) array, per point
    vega : (n,) array, points per 1.00 of volatility
    theta : (n,) array, points per year, forward fixed
    rho : (n,) array, points per 1.00 of rate, forward fixed
    """

    price: F8
    delta: F8
    gamma: F8
    vega: F8
    theta: F8
    rho: F8


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
def _unit(
    f: float, k: float, put: bool, total: float, x: float, mirrored: bool
) -> tuple[float, float, float, float, float]:
    """Return undiscounted price and delta, the density, 1 / F and 1 / v of one option.

    Parameters
    ----------
    total : float
        ``sigma * sqrt(tau)``.
    x : float
        ``-|ln(F / K)|``.
    mirrored : bool
        A constant of the call: false leaves out the mirror image that only large total volatility needs.
    """
    v = min(max(total, _V_LIVE), _V_CEILING)
    inverse = 1.0 / (f * v)
    per_v = f * inverse
    per_f = v * inverse
    h = max(x * per_v, _H_FLOOR)
    t = 0.5 * v
    z = h + t
    a = -z * _SQRT_HALF
    high = a < -0.5 if mirrored else False
    gap = -h * _SQRT_2 if high else v * _SQRT_HALF
    spread, far = scaled_erfc_pair(-a if high else a, (t - h) * _SQRT_HALF, gap)
    weight = exponential(-0.5 * z * z)
    value = 0.5 * spread
    half = 0.5 * far
    least = min(f, k)
    outside = weight * (value + far if high else value)
    outside = least * (1.0 - outside if high else outside) if total > 0.0 else 0.0
    # N(d1) below the strike and N(-d1) above it, or one less that, whichever is no difference of near equals.
    beyond = weight * (value + half)
    above = f > k
    tail = weight * (k * per_f) * half if above else beyond
    whole = (above != put) != (high & (not above))
    delta = 1.0 - tail if whole else tail
    price = outside + max(k - f if put else f - k, 0.0)
    return price, (-delta if put else delta), least * weight * _INV_SQRT_2PI, per_f, per_v


@inlined
def _first(
    forward: F8, strike: F8, tau: F8, vol: F8, is_put: B1, d: F8, r: F8, x: F8, out: F8, low: int, mirrored: bool
) -> None:
    """Fill the first six columns of a block; out of range becomes a NaN price."""
    high = low + is_put.shape[0]
    price, delta, gamma = out[0, low:high], out[1, low:high], out[2, low:high]
    vega, theta, rho = out[3, low:high], out[4, low:high], out[5, low:high]
    for i in range(is_put.shape[0]):
        f, k, t, s = forward[i], strike[i], tau[i], vol[i]
        root = math.sqrt(t)
        total = s * root
        sound = sound_levels(f, k) & (d[i] > 0.0) & (total >= 0.0) & (total + d[i] < math.inf)
        unit, slope, density, per_f, per_v = _unit(f, k, is_put[i], total, x[i], mirrored)
        live_per_v = per_v if total > _V_LIVE else 0.0
        # D F n(d1), which is also D K n(d2).
        peak = d[i] * density
        value = d[i] * unit if sound else math.nan
        price[i] = value
        delta[i] = d[i] * slope
        gamma[i] = peak * per_f * per_f * live_per_v
        vega[i] = peak * root
        theta[i] = r[i] * value - 0.5 * peak * s * live_per_v * s
        rho[i] = -t * value


@inlined
def _cross(forward: F8, strike: F8, tau: F8, vol: F8, r: F8, x: F8, out: F8, low: int) -> None:
    """Fill vanna, volga and charm of a block from its first columns."""
    high = low + x.shape[0]
    delta, gamma, vega = out[1, low:high], out[2, low:high], out[3, low:high]
    vanna, volga, charm = out[6, low:high], out[7, low:high], out[8, low:high]
    for i in range(x.shape[0]):
        root = math.sqrt(tau[i])
        total = vol[i] * root
        live = max(total, _V_LIVE)
        inverse = 1.0 / (forward[i] * live)
        per_f = live * inverse
        per_v = forward[i] * inverse if total > _V_LIVE else 0.0
        shift = (x[i] if forward[i] < strike[i] else -x[i]) * per_v
        d1 = shift + 0.5 * total
        d2 = shift - 0.5 * total
        vanna[i] = -vega[i] * per_f * d2 * per_v
        volga[i] = vega[i] * d1 * d2 * root * per_v
        charm[i] = r[i] * delta[i] + 0.5 * gamma[i] * forward[i] * vol[i] * d2 * (vol[i] * per_v)


@inlined
def _carry(carry: F8, tau: F8, by_rate: bool, d: F8, r: F8) -> None:
    """Fill discount factor and rate from whichever of the two was given."""
    if by_rate:
        for i in range(d.shape[0]):
            d[i] = exponential(-carry[i] * tau[i])
        for i in range(d.shape[0]):
            r[i] = carry[i] if tau[i] > 0.0 else 0.0
    else:
        for i in range(d.shape[0]):
            d[i] = carry[i]
        for i in range(d.shape[0]):
            r[i] = -logarithm(carry[i]) / tau[i] if tau[i] > 0.0 else 0.0


@compiled
def _block(
    forward: F8, strike: F8, tau: F8, vol: F8, is_put: B1, carry: F8, by_rate: bool, out: F8, low: int, room: F8
) -> None:
    """Fill six or nine rows of `out` for one block.

    Discount and logarithm have loops of their own: the chain of dependent operations of one option is as long as the
    processor looks ahead, and shorter chains keep several options under way at once.
    """
    n = is_put.shape[0]
    d, r, x = room[0, :n], room[1, :n], room[2, :n]
    _carry(carry, tau, by_rate, d, r)
    for i in range(n):
        x[i] = -abs(log_ratio(forward[i], strike[i]))
    wild = 0
    for i in range(n):
        wild += 1 if vol[i] * math.sqrt(tau[i]) > _V_CALM else 0
    if wild == 0:
        _first(forward, strike, tau, vol, is_put, d, r, x, out, low, False)
    else:
        _first(forward, strike, tau, vol, is_put, d, r, x, out, low, True)
    if out.shape[0] == _ALL:
        _cross(forward, strike, tau, vol, r, x, out, low)


@compiled
def _span(
    forward: F8, strike: F8, tau: F8, vol: F8, is_put: B1, carry: F8, by_rate: bool, out: F8, start: int, stop: int
) -> None:
    """Fill the columns of `out` for the options from `start` to `stop`, block by block."""
    room = np.empty((3, _BLOCK + 8))
    for low in range(start, stop, _BLOCK):
        high = min(low + _BLOCK, stop)
        f, k, t, s = forward[low:high], strike[low:high], tau[low:high], vol[low:high]
        _block(f, k, t, s, is_put[low:high], carry[low:high], by_rate, out, low, room)


@compiled_parallel
def _spans(
    forward: F8, strike: F8, tau: F8, vol: F8, is_put: B1, carry: F8, by_rate: bool, out: F8, parts: int
) -> None:
    n = is_put.shape[0]
    for part in parts_at_once(parts):
        _span(forward, strike, tau, vol, is_put, carry, by_rate, out, n * part // parts, n * (part + 1) // parts)


def first_greeks(
    forward: ArrayLike,
    strike: ArrayLike,
    tau: ArrayLike,
    vol: ArrayLike,
    is_put: ArrayLike,
    discount: ArrayLike | None = None,
    *,
    rate: ArrayLike | None = None,
    out: F8 | None = None,
    threads: int = 1,
) -> FirstGreeks:
    """Price European options on forwards and find delta, gamma, vega, theta and rho, in one pass.

    Parameters
    ----------
    forward, strike : float or (n,) array, points
    tau : float or (n,) array, years
    vol : float or (n,) array, decimal per square root of a year
    is_put : bool or (n,) array of bool
    discount : float or (n,) array, optional
        Discount factor to the payment, positive.
    rate : float or (n,) array, optional, decimal per year
        Continuously compounded, ``D = exp(-rate * tau)``; exactly one of `discount` and `rate` is given.
    out : (6, n) array, optional
        Filled in place and returned as columns; the answers of the call before are then gone.
    threads : int
        More than one pays from about 10 000 options on; answers do not depend on it.

    Returns
    -------
    FirstGreeks
        Columns of length n.

    Raises
    ------
    UsageError
        A forward, strike or discount is not positive, a time or volatility is negative, a value is not finite, both
        or none of discount and rate are given, or `out` does not fit.
    """
    rows = _rows(_FIRST, (forward, strike, tau, vol), is_put, discount, rate, out, threads)
    return FirstGreeks(price=rows[0], delta=rows[1], gamma=rows[2], vega=rows[3], theta=rows[4], rho=rows[5])


def greeks(
    forward: ArrayLike,
    strike: ArrayLike,
    tau: ArrayLike,
    vol: ArrayLike,
    is_put: ArrayLike,
    discount: ArrayLike | None = None,
    *,
    rate: ArrayLike | None = None,
    out: F8 | None = None,
    threads: int = 1,
) -> Greeks:
    """Price European options on forwards and find all eight Greeks, in one pass.

    Parameters
    ----------
    forward, strike, tau, vol, is_put, discount, rate, threads
        As in `first_greeks`.
    out : (9, n) array, optional
        Filled in place and returned as columns.

    Returns
    -------
    Greeks
        Columns of length n.

    Raises
    ------
    UsageError
        As in `first_greeks`.
    """
    rows = _rows(_ALL, (forward, strike, tau, vol), is_put, discount, rate, out, threads)
    return Greeks(
        price=rows[0],
        delta=rows[1],
        gamma=rows[2],
        vega=rows[3],
        theta=rows[4],
        rho=rows[5],
        vanna=rows[6],
        volga=rows[7],
        charm=rows[8],
    )


def _rows(
    count: int,
    option: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    is_put: ArrayLike,
    discount: ArrayLike | None,
    rate: ArrayLike | None,
    out: F8 | None,
    threads: int,
) -> F8:
    by_rate = discount is None
    carry = rate if discount is None else discount
    if carry is None or (discount is not None and rate is not None):
        raise UsageError(
            f"{'neither' if carry is None else 'each'} of discount and rate was given where one of them is needed.",
            where="greeks",
            fix="Give the discount factor to the payment, or the continuously compounded rate.",
        )
    table, puts = columns(*option, carry, is_put=is_put)
    f, k, t, s, given = table
    rows = output(out, (count, puts.size), F8_KIND)
    if not puts.size:
        return rows
    if check_threads(threads) == 1:
        _span(f, k, t, s, puts, given, by_rate, rows, 0, puts.size)
    else:
        _spans(f, k, t, s, puts, given, by_rate, rows, threads)
    if not math.isfinite(float(rows[0].sum())):
        _refuse(table, by_rate)
    return rows


def _refuse(table: list[F8], by_rate: bool) -> None:
    if not by_rate:
        refuse_broken_options(table, LEAST_LEVEL, MOST_LEVEL)
        return
    with np.errstate(all="ignore"):
        discount = np.exp(-table[4] * table[2])
    refuse_broken_options([*table[:4], discount], LEAST_LEVEL, MOST_LEVEL)
