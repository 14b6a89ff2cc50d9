"""The smile of one SPX expiry: normalised SVI whose strip integral returns the variance it was given.

1. Measure log-moneyness in standard deviations, ``z = ln(K / F) / sqrt W``, where W is the total variance of the
   expiry. Total variance at a strike is ``w = W (a + b (rho (z - m) + sqrt((z - m)^2 + s^2)))``, at least 0.02 W.
2. b, rho, m and s follow from the days to expiry and from two slopes of the term structure, ln(VIX3M / VIX) and
   ln(VIX6M / VIX3M) (`calibration.SHAPE`).
3. a solves ``2 integral (Q / F) exp(-k) dk = W`` for the formula over -9 < z < 5, as it did when the shape was fitted.
4. The formula is good where it was fitted, |delta| from 5 to 55 %. Beyond, two corrections:

   - call wing: the formula's call price rises again with the strike from z of about 1.9 (30 days), which would pay a
     buyer to take a vertical. Past its steepest point the price therefore continues as the tangent exponential from
     where its decay has slowed to `TAIL_DECAY` per standard deviation, at z = 2.3 (2.0 from 120 days) at the latest;
   - put wing: what the formula's call wing held too much, recorded put wings hold beyond z = -3. Their excess over the
     formula grows like ``lift h^2 / (1 + (h / 6)^2)``, ``h = -3 - z``. The lift solves the strip condition again, now
     over the strip that Cboe's rule would keep: out-of-the-money prices above 0.06 points. The recorded wings of 2019
     have lifts up to 0.25; what that cannot hold (a steep VIX3M / VIX), the level `a` holds.

   The index recomputed from the strip then returns its input, and the smile between z = -3 and z* stays as fitted.

Prices are undiscounted and on the SPX scale throughout. A solved slice is a vector of numbers, see `Shape`.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled, inlined
from alvh.pricing.black76 import black_kernel
from alvh.pricing.modelled.calibration import SHAPE_DAYS, SHAPE_LONG_SLOPE, SHAPE_SLOPE, SHAPE_SLOPE_LINE
from alvh.pricing.normal import exponential, log_ratio, normal_cdf, normal_density

__all__ = [
    "SHAPE_SIZE",
    "TAIL_DECAY",
    "Shape",
    "level_slice",
    "otm_price",
    "smile_vol",
    "solve_slice",
    "strip_variance",
    "wing_parameters",
]


class Shape(IntEnum):
    """Places in the vector of a solved slice."""

    FORWARD = 0
    ROOT_W = 1
    A = 2
    B = 3
    RHO = 4
    M = 5
    S = 6
    LIFT = 7
    K_STAR = 8
    C_STAR = 9
    DECAY = 10
    """Of the tail, per point of strike."""


SHAPE_SIZE = 11
_F, _ROOT, _A, _B, _RHO, _M, _S, _LIFT = 0, 1, 2, 3, 4, 5, 6, 7
_K_STAR, _C_STAR, _DECAY = 8, 9, 10

TAIL_DECAY = 1.9
"""Decay of ln C per standard deviation in the recorded call wings of 2019 beyond 1.5 standard deviations."""

_CUT = 0.06
_Z_LOW = -9.0
_Z_HIGH = 5.0
_STRIP_LOW = -30.0
_LIFT_FROM = -3.0
_LIFT_BEND = 6.0
_LIFT_MOST = 0.25
_TAIL_NEAR = 2.3
_TAIL_FAR = 2.0
_TAIL_FAR_DAYS = 120.0
_FLOOR = 0.02
_STRIP_LEAST = -4.5
_PUT_PANEL = -6.0
_STEPS = 40
_TOLERANCE = 1e-9
_STRIP_TOLERANCE = 1e-7
_CUT_TOLERANCE = 1e-5

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_TAIL_NODES, _TAIL_WEIGHTS = np.polynomial.legendre.leggauss(5)


@inlined
def _relative_variance(z: float, a: float, b: float, rho: float, m: float, s: float, lift: float) -> float:
    y = z - m
    h = max(_LIFT_FROM - z, 0.0)
    wing = lift * h * h / (1.0 + (h / _LIFT_BEND) ** 2)
    return max(a + b * (rho * y + math.sqrt(y * y + s * s)), _FLOOR) + wing


@compiled
def wing_parameters(days: float, slope: float, long_slope: float, table: F8) -> tuple[float, float, float, float]:
    """Return b, rho, m and s of a slice.

    Parameters
    ----------
    days : float
        Calendar days to settlement; clipped to 5..250.
    slope : float
        ``ln(VIX3M / VIX)``; clipped to -0.10..0.25.
    long_slope : float
        ``ln(VIX6M / VIX3M)``; clipped to -0.05..0.17 and to a band about its usual value beside `slope`.
    table : (4, 4) array
        Coefficients laid out like `calibration.SHAPE`.
    """
    x = math.log(min(max(days, SHAPE_DAYS[0]), SHAPE_DAYS[1]) / 30.0)
    front = min(max(slope, SHAPE_SLOPE[0]), SHAPE_SLOPE[1])
    line = SHAPE_SLOPE_LINE[0] + SHAPE_SLOPE_LINE[1] * front
    back = min(max(long_slope, line - SHAPE_SLOPE_LINE[2]), line + SHAPE_SLOPE_LINE[2])
    t = front / 0.10 - 1.0
    u = min(max(back, SHAPE_LONG_SLOPE[0]), SHAPE_LONG_SLOPE[1]) / 0.10 - 0.5
    log_b = table[0, 0] + table[0, 1] * x + table[0, 2] * t + table[0, 3] * u
    atanh_rho = table[1, 0] + table[1, 1] * x + table[1, 2] * t + table[1, 3] * u
    m: float = table[2, 0] + table[2, 1] * x + table[2, 2] * t + table[2, 3] * u
    log_s = table[3, 0] + table[3, 1] * x + table[3, 2] * t + table[3, 3] * u
    return math.exp(log_b), math.tanh(atanh_rho), m, math.exp(log_s)


@compiled
def _panel(shape: F8, low: float, high: float) -> float:
    """Integrate ``2 (Q / F) exp(-k)`` over k between two normalised strikes on the same side of the forward."""
    half = 0.5 * (high - low)
    middle = 0.5 * (high + low)
    root = shape[_ROOT]
    a, b, rho, m, s, lift = shape[_A], shape[_B], shape[_RHO], shape[_M], shape[_S], shape[_LIFT]
    put = middle < 0.0
    # Values first and their sum afterwards: a loop that adds up cannot be vectorised.
    values = np.empty(_NODES.size)
    for i in range(_NODES.size):
        z = middle + half * _NODES[i]
        ratio = exponential(z * root)
        w = _relative_variance(z, a, b, rho, m, s, lift)
        values[i] = _WEIGHTS[i] * black_kernel(1.0, ratio, root * math.sqrt(w), put) / ratio
    total = 0.0
    for i in range(_NODES.size):
        total += values[i]
    integral: float = 2.0 * root * half * total
    return integral


@compiled
def _solve_level(shape: F8, target: float) -> None:
    """Set `a` so that the bare formula's strip integral over -9 < z < 5 is the target."""
    before, gap_before = 0.0, 0.0
    for step in range(_STEPS):
        strip = _panel(shape, _Z_LOW, _LIFT_FROM) + _panel(shape, _LIFT_FROM, 0.0)
        strip += _panel(shape, 0.0, 1.5) + _panel(shape, 1.5, _Z_HIGH)
        gap = strip / target - 1.0
        if abs(gap) < _TOLERANCE:
            break
        here = shape[_A]
        # The strip variance moves almost one for one with a.
        move = -gap if step == 0 else -gap * (here - before) / (gap - gap_before)
        before, gap_before = here, gap
        shape[_A] = here + min(max(move, -0.5), 0.5)


@compiled
def _call_and_decay(shape: F8, z: float) -> tuple[float, float]:
    """Return the formula's call price and the decay of its logarithm per standard deviation."""
    forward, root = shape[_F], shape[_ROOT]
    y = z - shape[_M]
    bend = math.sqrt(y * y + shape[_S] * shape[_S])
    raw = shape[_A] + shape[_B] * (shape[_RHO] * y + bend)
    slope = shape[_B] * (shape[_RHO] + y / bend) if raw > _FLOOR else 0.0
    v = root * math.sqrt(max(raw, _FLOOR))
    strike = forward * math.exp(z * root)
    value = black_kernel(forward, strike, v, False)
    d1 = -z * root / v + 0.5 * v
    # Along the smile dC/dK = -N(d2) + vega dv/dK, and dw/dk is sqrt(W) times the slope in z.
    change = -normal_cdf(d1 - v) + normal_density(d1) * forward * root * slope / (2.0 * v * strike)
    return value, -change * strike * root / value if value > 0.0 else 0.0


@compiled
def _attach_tail(shape: F8, days: float) -> float:
    """Set the exponential tail of the call wing and return the normalised strike where it starts."""
    last = _TAIL_FAR if days >= _TAIL_FAR_DAYS else _TAIL_NEAR
    step = 0.1
    z = 0.3
    decay = _call_and_decay(shape, z)[1]
    steepest = decay
    found = False
    while z + step <= last + 1e-12:
        following = _call_and_decay(shape, z + step)[1]
        steepest = max(steepest, following)
        if following < steepest and following < TAIL_DECAY:
            found = True
            break
        z += step
        decay = following
    if not found:
        z = last
    elif decay > TAIL_DECAY:
        low, high = z, z + step
        for _ in range(16):
            z = 0.5 * (low + high)
            if _call_and_decay(shape, z)[1] > TAIL_DECAY:
                low = z
            else:
                high = z
    value, decay = _call_and_decay(shape, z)
    strike = shape[_F] * math.exp(z * shape[_ROOT])
    shape[_K_STAR] = strike
    shape[_C_STAR] = value
    shape[_DECAY] = max(decay, 1e-3) / (strike * shape[_ROOT])
    return z


@compiled
def _otm_at(shape: F8, z: float) -> float:
    """Undiscounted out-of-the-money price by formula and lift, without the tail, at a normalised strike."""
    root = shape[_ROOT]
    w = _relative_variance(z, shape[_A], shape[_B], shape[_RHO], shape[_M], shape[_S], shape[_LIFT])
    return black_kernel(shape[_F], shape[_F] * math.exp(z * root), root * math.sqrt(w), z < 0.0)


@compiled
def _cut_point(shape: F8, guess: float, outer: float, cut: float) -> float:
    """Find where the price on one side falls to the cut, between the forward and `outer`; `outer` if it never does."""
    if _otm_at(shape, outer) >= cut:
        return outer
    inner = 0.0
    z = guess
    gap = math.log(max(_otm_at(shape, z), 1e-300) / cut)
    last, gap_last = 0.9 * z, math.log(max(_otm_at(shape, 0.9 * z), 1e-300) / cut)
    for _ in range(_STEPS):
        if abs(gap) < _CUT_TOLERANCE:
            break
        if gap > 0.0:
            inner = z
        else:
            outer = z
        line = z - gap * (z - last) / (gap - gap_last) if gap != gap_last else 0.5 * (inner + outer)
        last, gap_last = z, gap
        # ln Q is smooth in z, so the line through the last two points is good unless it leaves the bracket.
        z = line if min(inner, outer) < line < max(inner, outer) else 0.5 * (inner + outer)
        gap = math.log(max(_otm_at(shape, z), 1e-300) / cut)
    return z


@compiled
def _call_strip(shape: F8, z_star: float, cut: float) -> float:
    """Integrate the call side of the strip: formula up to the tail, tail down to the cut."""
    start, value, decay = shape[_K_STAR], shape[_C_STAR], shape[_DECAY]
    if value <= cut:
        return _panel(shape, 0.0, _cut_point(shape, 0.6 * z_star, z_star, cut))
    half = 0.5 * math.log(value / cut) / decay
    total = 0.0
    for i in range(_TAIL_NODES.size):
        step = half * (1.0 + _TAIL_NODES[i])
        strike = start + step
        total += _TAIL_WEIGHTS[i] * value * math.exp(-decay * step) / (strike * strike)
    integral: float = _panel(shape, 0.0, z_star) + 2.0 * half * total
    return integral


@compiled
def _put_strip(shape: F8, guess: float, cut: float) -> tuple[float, float]:
    """Integrate the put side of the strip from the cut to z = -3; also return where the cut lies."""
    low = _cut_point(shape, guess, _STRIP_LOW, cut)
    edge = max(low, _PUT_PANEL)
    total = _panel(shape, edge, _LIFT_FROM)
    return (total + _panel(shape, low, edge) if low < edge else total), low


@compiled
def _strip_cut(shape: F8) -> float:
    """Return the least price the strip keeps.

    It is below 0.06 points only where the whole slice is worth pennies (hours to expiry, an index of a few hundred):
    the strip then still reaches z = -4.5, so that there is a wing to lift.
    """
    root = shape[_ROOT]
    w = _relative_variance(_STRIP_LEAST, shape[_A], shape[_B], shape[_RHO], shape[_M], shape[_S], 0.0)
    bare = black_kernel(shape[_F], shape[_F] * math.exp(_STRIP_LEAST * root), root * math.sqrt(w), True)
    cut: float = min(_CUT, max(bare, 1e-12 * shape[_F]))
    return cut


@compiled
def _close_strip(shape: F8, target: float, days: float) -> float:
    """Set tail and lift so that the quoted strip returns the target; return the relative gap no lift could close."""
    z_star = _attach_tail(shape, days)
    cut = _strip_cut(shape)
    rest = _call_strip(shape, z_star, cut) + _panel(shape, _LIFT_FROM, 0.0)
    before, gap_before = 0.0, 0.0
    low = -6.5
    lift = 0.15
    gap = 0.0
    for step in range(_STEPS):
        shape[_LIFT] = lift
        puts, low = _put_strip(shape, low, cut)
        gap = (rest + puts) / target - 1.0
        if abs(gap) < _STRIP_TOLERANCE or (lift <= 0.0 and gap > 0.0) or (lift >= _LIFT_MOST and gap < 0.0):
            break
        # A quarter of the lift is about a hundredth of the variance; afterwards the secant knows better.
        move = -4.0 * gap if step == 0 or gap == gap_before else -gap * (lift - before) / (gap - gap_before)
        before, gap_before = lift, gap
        lift = min(max(lift + min(max(move, -0.3), 0.3), 0.0), _LIFT_MOST)
    return gap


@compiled
def strip_variance(shape: F8) -> float:
    """Return ``2 integral (Q / F) exp(-k) dk`` over the quoted strip of a solved slice."""
    cut = _strip_cut(shape)
    z_star = math.log(shape[_K_STAR] / shape[_F]) / shape[_ROOT]
    return _call_strip(shape, z_star, cut) + _panel(shape, _LIFT_FROM, 0.0) + _put_strip(shape, -6.5, cut)[0]


@compiled
def level_slice(forward: float, total_variance: float, days: float, slope: float, long_slope: float, table: F8) -> F8:
    """Solve the bare formula of a slice (step 3), without tail and lift; see `solve_slice` for the parameters."""
    b, rho, m, s = wing_parameters(days, slope, long_slope, table)
    shape = np.empty(SHAPE_SIZE)
    shape[_F] = forward
    shape[_ROOT] = math.sqrt(total_variance)
    shape[_B], shape[_RHO], shape[_M], shape[_S] = b, rho, m, s
    shape[_LIFT] = 0.0
    # At the money the smile is near 0.73 of W, whatever the slope.
    shape[_A] = 0.73 - b * (-rho * m + math.sqrt(m * m + s * s))
    shape[_K_STAR], shape[_C_STAR], shape[_DECAY] = math.inf, 0.0, 0.0
    _solve_level(shape, total_variance)
    return shape


@compiled
def smile_vol(shape: F8, k: float) -> float:
    """Return the total volatility (square root of total variance) of formula and lift at a log-moneyness."""
    root: float = shape[_ROOT]
    return root * math.sqrt(
        _relative_variance(k / root, shape[_A], shape[_B], shape[_RHO], shape[_M], shape[_S], shape[_LIFT])
    )


@compiled
def solve_slice(forward: float, total_variance: float, days: float, slope: float, long_slope: float, table: F8) -> F8:
    """Solve a slice so that its quoted strip returns the total variance.

    Parameters
    ----------
    forward : float, SPX points
    total_variance : float
        Annual variance times years of the log contract, W > 0.
    days : float
        Calendar days to settlement.
    slope : float
        ``ln(VIX3M / VIX)`` of the day.
    long_slope : float
        ``ln(VIX6M / VIX3M)`` of the day.
    table : (4, 4) array
        Coefficients of the shape, laid out like `calibration.SHAPE`.

    Returns
    -------
    (11,) array
        See `Shape`.
    """
    shape = level_slice(forward, total_variance, days, slope, long_slope, table)
    gap = _close_strip(shape, total_variance, days)
    before, gap_before = 0.0, 0.0
    for step in range(_STEPS):
        if abs(gap) < 2.0 * _STRIP_TOLERANCE:
            break
        here = shape[_A]
        move = -gap if step == 0 or gap == gap_before else -gap * (here - before) / (gap - gap_before)
        before, gap_before = here, gap
        shape[_A] = here + min(max(move, -0.2), 0.2)
        gap = _close_strip(shape, total_variance, days)
    return shape


@inlined
def otm_price(shape: F8, strike: float) -> tuple[float, float]:
    """Return the undiscounted out-of-the-money price at a strike and the call delta on the forward.

    The price is the put's below the forward and the call's from it on.
    """
    forward = shape[_F]
    root = shape[_ROOT]
    x = log_ratio(strike, forward)
    w = _relative_variance(x / root, shape[_A], shape[_B], shape[_RHO], shape[_M], shape[_S], shape[_LIFT])
    v = root * math.sqrt(w)
    beyond = strike - shape[_K_STAR]
    tail = shape[_C_STAR] * exponential(-shape[_DECAY] * max(beyond, 0.0))
    value = tail if beyond > 0.0 else black_kernel(forward, strike, v, strike < forward)
    delta = shape[_DECAY] * tail if beyond > 0.0 else normal_cdf(0.5 * v - x / v)
    return value, delta
