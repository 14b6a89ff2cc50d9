"""Least squares for one raw SVI slice, compiled.

1. Unknowns: logarithms of the least variance and of the width, logits of the two wing slopes over Lee's bound, and the
   vertex. Whatever they are, variance is positive and no wing is steeper than 2.
2. Start: over a grid of vertex and width the other three parameters are linear (Zeliade's quasi-explicit form); the
   best point of the grid that is a smile begins.
3. Levenberg-Marquardt on volatility residuals, each over its unit: half the bid-ask in volatility, joined with a floor
   so that two dozen at-the-money quotes do not drown the wings.
4. Quotes whose residual is far outside the others' are weighed down (Tukey's biweight), three times.
5. Shortfalls enter as further residuals: of g below a small margin (butterflies), and of variance outside bounds set by
   the neighbouring expiries (calendars). Their weight is raised until the slice is free of butterflies.

References
----------
.. [1] Zeliade Systems (2009). Quasi-explicit calibration of Gatheral's SVI model.
"""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled, inlined
from alvh.pricing.damped_step import damped_step
from alvh.pricing.surface.raw_svi import g_from_parts, least_g, svi_parts

__all__ = ["UNKNOWNS", "fit_slice", "raw_of"]

UNKNOWNS = 5
_STEPS = 60
_ROUNDS = 3
_RAISES = 4
_G_MARGIN = 2e-3
_G_POINTS = 81
_G_REACH = 6.0
_G_UNIT = 0.02
_BIWEIGHT = 6.0
_MAD_TO_SD = 1.4826
_TINY = 1e-14
_LOGIT_MOST = 12.0
_LOG_WIDTH_LEAST = -9.0
_NUDGE = 1e-6


@inlined
def _logistic(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z))


@inlined
def raw_of(z: F8) -> tuple[float, float, float, float, float]:
    """Return a, b, rho, m, sigma of a vector of unknowns."""
    left, right = 2.0 * _logistic(z[1]), 2.0 * _logistic(z[2])
    sigma = math.exp(z[4])
    b = 0.5 * (left + right)
    return math.exp(z[0]) - sigma * math.sqrt(left * right), b, (right - left) / (right + left), z[3], sigma


@compiled
def _bounded(z: F8) -> None:
    """Keep the unknowns where their exponentials are harmless."""
    z[0] = min(max(z[0], -40.0), 5.0)
    z[1] = min(max(z[1], -_LOGIT_MOST), _LOGIT_MOST)
    z[2] = min(max(z[2], -_LOGIT_MOST), _LOGIT_MOST)
    z[3] = min(max(z[3], -20.0), 20.0)
    z[4] = min(max(z[4], _LOG_WIDTH_LEAST), 3.0)


@inlined
def _variance_slopes(k: float, z: F8, slopes: F8) -> float:
    """Return total variance at k and write its derivatives in the unknowns."""
    low, sigma = math.exp(z[0]), math.exp(z[4])
    left_share, right_share = _logistic(z[1]), _logistic(z[2])
    left, right = 2.0 * left_share, 2.0 * right_share
    y = k - z[3]
    bend = math.sqrt(y * y + sigma * sigma)
    mean = math.sqrt(left * right)
    half = 0.5 * (left + right)
    slopes[0] = low
    slopes[1] = (0.5 * (bend - y) - 0.5 * sigma * mean / left) * left * (1.0 - left_share)
    slopes[2] = (0.5 * (bend + y) - 0.5 * sigma * mean / right) * right * (1.0 - right_share)
    slopes[3] = -0.5 * (right - left) - half * y / bend
    slopes[4] = (half * sigma / bend - mean) * sigma
    w: float = low - sigma * mean + 0.5 * (right - left) * y + half * bend
    return w


@inlined
def _add(normal: F8, gradient: F8, slopes: F8, residual: float, weight: float) -> None:
    for i in range(UNKNOWNS):
        scaled = weight * slopes[i]
        gradient[i] += scaled * residual
        for j in range(i + 1):
            normal[i, j] += scaled * slopes[j]


@compiled
def _g_cost(z: F8, weight: float, normal: F8, gradient: F8) -> float:
    """Add the shortfalls of g below its margin."""
    a, b, rho, m, sigma = raw_of(z)
    slopes = np.zeros(UNKNOWNS)
    moved = z.copy()
    cost = 0.0
    for i in range(_G_POINTS):
        k = m + sigma * math.sinh(_G_REACH * (2.0 * i / (_G_POINTS - 1) - 1.0))
        w, first, second = svi_parts(k, a, b, rho, m, sigma)
        g = g_from_parts(k, max(w, _TINY), first, second)
        if g >= _G_MARGIN:
            continue
        # Huber's loss: near the vertex of a nearly flat-bottomed smile g can be hugely negative.
        miss = (_G_MARGIN - g) / _G_UNIT
        pull = weight if miss <= 1.0 else weight / miss
        cost += pull * miss * miss if miss <= 1.0 else weight * (2.0 * miss - 1.0)
        for j in range(UNKNOWNS):
            moved[j] = z[j] + _NUDGE
            w, first, second = svi_parts(k, *raw_of(moved))
            slopes[j] = (g - g_from_parts(k, max(w, _TINY), first, second)) / (_NUDGE * _G_UNIT)
            moved[j] = z[j]
        _add(normal, gradient, slopes, miss, pull)
    return cost


@compiled
def _cost(
    z: F8, k: F8, vol: F8, unit: F8, trust: F8, tau: float, bounds: F8, weight: float, normal: F8, gradient: F8
) -> float:
    """Return the sum of squares and write the normal equations.

    `bounds` has rows log-moneyness, least and most total variance, and the unit of volatility of a shortfall.
    """
    normal[:] = 0.0
    gradient[:] = 0.0
    slopes = np.zeros(UNKNOWNS)
    cost = 0.0
    for i in range(k.size):
        if trust[i] == 0.0:
            continue
        w = max(_variance_slopes(k[i], z, slopes), _TINY)
        model = math.sqrt(w / tau)
        scale = 0.5 / (model * tau * unit[i])
        for j in range(UNKNOWNS):
            slopes[j] *= scale
        residual = (model - vol[i]) / unit[i]
        cost += trust[i] * residual * residual
        _add(normal, gradient, slopes, residual, trust[i])
    for i in range(bounds.shape[1]):
        w = max(_variance_slopes(bounds[0, i], z, slopes), _TINY)
        side = 1.0 if w > bounds[2, i] else -1.0
        limit = bounds[2, i] if side > 0.0 else bounds[1, i]
        if side * (w - limit) <= 0.0:
            continue
        model = math.sqrt(w / tau)
        scale = 0.5 / (model * tau * bounds[3, i])
        for j in range(UNKNOWNS):
            slopes[j] *= scale
        residual = (model - math.sqrt(limit / tau)) / bounds[3, i]
        cost += residual * residual
        _add(normal, gradient, slopes, residual, 1.0)
    return cost + (_g_cost(z, weight, normal, gradient) if weight > 0.0 else 0.0)


@compiled
def _descend(z: F8, k: F8, vol: F8, unit: F8, trust: F8, tau: float, bounds: F8, weight: float) -> float:
    """Move the unknowns to the nearest minimum; return the sum of squares there."""
    normal, trial_normal = np.zeros((UNKNOWNS, UNKNOWNS)), np.zeros((UNKNOWNS, UNKNOWNS))
    gradient, trial_gradient = np.zeros(UNKNOWNS), np.zeros(UNKNOWNS)
    move = np.zeros(UNKNOWNS)
    cost = _cost(z, k, vol, unit, trust, tau, bounds, weight, normal, gradient)
    damping = 1e-3
    for _ in range(_STEPS):
        if not damped_step(normal, gradient, damping, move):
            damping *= 10.0
            continue
        trial = z + move
        _bounded(trial)
        found = _cost(trial, k, vol, unit, trust, tau, bounds, weight, trial_normal, trial_gradient)
        if found < cost:
            gain = cost - found
            z[:] = trial
            normal[:] = trial_normal
            gradient[:] = trial_gradient
            cost = found
            damping = max(0.2 * damping, 1e-12)
            if gain <= 1e-9 * cost:
                break
        else:
            damping *= 6.0
            if damping > 1e12:
                break
    return cost


@compiled
def _linear_start(k: F8, w: F8, weight: F8, m: float, sigma: float) -> tuple[float, float, float]:
    """Solve for a, b rho sigma and b sigma with vertex and width fixed."""
    normal, gradient, out = np.zeros((3, 3)), np.zeros(3), np.zeros(3)
    row = np.empty(3)
    for i in range(k.size):
        y = (k[i] - m) / sigma
        row[0], row[1], row[2] = 1.0, y, math.sqrt(y * y + 1.0)
        for p in range(3):
            gradient[p] -= weight[i] * row[p] * w[i]
            for q in range(p + 1):
                normal[p, q] += weight[i] * row[p] * row[q]
    if not damped_step(normal, gradient, 1e-10, out):
        return 0.0, 0.0, -1.0
    return out[0], out[1], out[2]


@compiled
def _first_guess(k: F8, vol: F8, unit: F8, trust: F8, tau: float, z: F8) -> None:
    """Set the unknowns to the best of a grid of vertices and widths."""
    place = np.argmin(np.abs(k))
    theta = vol[place] * vol[place] * tau
    root = math.sqrt(theta)
    w = vol * vol * tau
    weight = trust / (4.0 * vol * vol * tau * tau * unit * unit)
    weight /= weight.max()
    z[0], z[1], z[2], z[3], z[4] = (
        math.log(0.5 * theta),
        math.log(0.2 * root),
        math.log(0.1 * root),
        0.0,
        math.log(root),
    )
    best = math.inf
    for i in range(7):
        m = (i - 2.0) * 0.5 * root
        for j in range(6):
            sigma = 0.1 * 2.0**j * root
            a, tilt, rise = _linear_start(k, w, weight, m, sigma)
            if not rise > 0.0:
                continue
            tilt = min(max(tilt, -0.98 * rise), 0.98 * rise)
            left, right = (rise - tilt) / sigma, (rise + tilt) / sigma
            if left >= 2.0 or right >= 2.0:
                continue
            low = max(a + math.sqrt(rise * rise - tilt * tilt), 0.02 * theta)
            a = low - math.sqrt(rise * rise - tilt * tilt)
            total = 0.0
            for n in range(k.size):
                y = (k[n] - m) / sigma
                total += weight[n] * (a + tilt * y + rise * math.sqrt(y * y + 1.0) - w[n]) ** 2
            if total < best:
                best = total
                z[0] = math.log(low)
                z[1], z[2] = math.log(left / (2.0 - left)), math.log(right / (2.0 - right))
                z[3], z[4] = m, math.log(sigma)


@compiled
def _judge(z: F8, k: F8, vol: F8, unit: F8, tau: float, trust: F8) -> None:
    """Weigh down quotes far outside the others."""
    a, b, rho, m, sigma = raw_of(z)
    size = np.empty(k.size)
    for i in range(k.size):
        w = max(svi_parts(k[i], a, b, rho, m, sigma)[0], _TINY)
        size[i] = abs(math.sqrt(w / tau) - vol[i]) / unit[i]
    scale = _BIWEIGHT * max(_MAD_TO_SD * float(np.median(size)), 1.0)
    for i in range(k.size):
        rest = 1.0 - (size[i] / scale) ** 2
        trust[i] = rest * rest if rest > 0.0 else 0.0


@compiled
def fit_slice(k: F8, vol: F8, unit: F8, tau: float, bounds: F8, z: F8, fresh: bool) -> tuple[F8, float]:
    """Fit one slice.

    Parameters
    ----------
    k : (n,) array
        Log-moneyness of the quotes, n >= 5.
    vol, unit : (n,) arrays, decimal
        Volatility of the mid and the unit its residual is measured in.
    tau : float, years
    bounds : (4, p) array
        Log-moneyness, least and most total variance there, and the unit of volatility a shortfall is measured in; p
        may be 0.
    z : (5,) array
        Unknowns; the answer is written here. Read first unless `fresh`.
    fresh : bool
        Whether to look for a start.

    Returns
    -------
    trust : (n,) array
        Weight each quote kept, 0 to 1.
    least : float
        Least g on the whole line.
    """
    trust = np.ones(k.size)
    if fresh:
        _first_guess(k, vol, unit, trust, tau, z)
        _bounded(z)
    weight = float(k.size)
    for turn in range(_ROUNDS):
        _descend(z, k, vol, unit, trust, tau, bounds, weight)
        if turn < _ROUNDS - 1:
            _judge(z, k, vol, unit, tau, trust)
    least = least_g(*raw_of(z))[0]
    for _ in range(_RAISES):
        if least >= 0.0:
            break
        weight *= 10.0
        _descend(z, k, vol, unit, trust, tau, bounds, weight)
        least = least_g(*raw_of(z))[0]
    return trust, least
