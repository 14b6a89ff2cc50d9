"""A distribution as a mixture of lognormals with fixed weights: any numbers in it give arbitrage-free prices.

1. A cloud of weighted lognormals (one per simulated path, or points of no width from a quadrature) is sorted by its
   mean and cut into buckets at fixed cumulative weights; a point on an edge is divided.
2. A bucket becomes one lognormal with the bucket's mean and second moment. The mixture keeps the mean of the cloud
   exactly, and prices differ from the cloud's by what varies inside a bucket.
3. Shapes are stored in units of the root of total variance W, so that they change slowly with state and horizon and can
   be interpolated; `fitted` then restores mean 1 and ``-2 E[ln] = W`` to the last digit.

Positive weights on lognormals are a positive density, so prices fall in the strike, are convex, and obey parity,
whatever was interpolated.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from alvh.core.arrays import F8, frozen
from alvh.core.compiled import compiled, inlined
from alvh.pricing.black76 import black_kernel
from alvh.pricing.normal import exponential, log_ratio, normal_cdf

__all__ = ["bucket_weights", "buckets", "fitted", "log_moments", "mixture_price", "normalised"]

_LEAST_VOL = 1e-4
_STEPS = 30
_TOLERANCE = 1e-13


@lru_cache(maxsize=8)
def bucket_weights(count: int, low: float, high: float) -> F8:
    """Return the weights of `count` buckets cut at evenly spaced normal quantiles from `low` to `high`."""
    normal = NormalDist()
    inner = [normal.cdf(z) for z in np.linspace(low, high, count - 1)]
    weights = np.diff([0.0, *inner, 1.0])
    frozen(weights)
    return weights


@compiled
def buckets(mean: F8, variance: F8, weight: F8, shares: F8) -> F8:
    """Cut a sorted cloud into buckets.

    Parameters
    ----------
    mean : (n,) array
        Logarithms of the points' means, ascending.
    variance : (n,) array
        Variance of each point's logarithm.
    weight : (n,) array
        Any positive scale.
    shares : (m,) array
        Weights of the buckets; sum 1.

    Returns
    -------
    (2, m) array
        Logarithm of the mean and variance of the logarithm of every bucket.
    """
    n = mean.size
    first, second = np.empty(n), np.empty(n)
    total = 0.0
    for i in range(n):
        total += weight[i]
    for i in range(n):
        first[i] = exponential(mean[i])
        second[i] = exponential(2.0 * mean[i] + variance[i])
    out = np.empty((2, shares.size))
    place = 0
    left = weight[0] / total
    for j in range(shares.size):
        need = shares[j]
        sum_first, sum_second = 0.0, 0.0
        last = j == shares.size - 1
        while need > 0.0 and place < n:
            part = left if last else min(left, need)
            sum_first += part * first[place]
            sum_second += part * second[place]
            need -= part
            left -= part
            if left <= 0.0 or last:
                place += 1
                left = weight[place] / total if place < n else 0.0
        taken = shares[j] - need
        level = sum_first / taken
        out[0, j] = math.log(level)
        out[1, j] = max(math.log(sum_second / taken / (level * level)), 0.0)
    return out


@compiled
def normalised(found: F8, shares: F8) -> F8:
    """Return bucket means and volatilities in units of the root of the mixture's own variance, mean set to 1.

    Returns
    -------
    (2, m) array
        ln(mean) / sqrt(W) and ln(vol / sqrt(W)), with ``W = -2 E[ln]``.
    """
    total = 0.0
    for j in range(shares.size):
        total += shares[j] * math.exp(found[0, j])
    shift = math.log(total)
    w = 0.0
    for j in range(shares.size):
        w += shares[j] * (found[1, j] - 2.0 * (found[0, j] - shift))
    out = np.empty((2, shares.size))
    root = math.sqrt(w)
    for j in range(shares.size):
        out[0, j] = (found[0, j] - shift) / root
        out[1, j] = math.log(max(math.sqrt(found[1, j]), _LEAST_VOL * root) / root)
    return out


@compiled
def fitted(shape: F8, shares: F8, target: float) -> F8:
    """Return the mixture of a normalised shape whose mean is 1 and whose log contract has a given variance.

    Parameters
    ----------
    shape : (2, m) array
        As from `normalised`, possibly interpolated.
    shares : (m,) array
    target : float
        W, positive.

    Returns
    -------
    (2, m) array
        ln(mean) and volatility of the logarithm of every component.
    """
    m = shares.size
    out = np.empty((2, m))
    root = math.sqrt(target)
    for j in range(m):
        out[1, j] = math.exp(shape[1, j])
    scale = root
    for _ in range(_STEPS):
        total = 0.0
        w = 0.0
        for j in range(m):
            total += shares[j] * math.exp(scale * shape[0, j])
            w += shares[j] * (scale * scale * out[1, j] * out[1, j] - 2.0 * scale * shape[0, j])
        w += 2.0 * math.log(total)
        gap = w / target
        # Variance moves with the square of the scale up to skewness, so this converges like a Newton step.
        scale /= math.sqrt(gap)
        if abs(gap - 1.0) < _TOLERANCE:
            break
    total = 0.0
    for j in range(m):
        total += shares[j] * math.exp(scale * shape[0, j])
    shift = math.log(total)
    for j in range(m):
        out[0, j] = scale * shape[0, j] - shift
        out[1, j] *= scale
    return out


@compiled
def log_moments(mixture: F8, shares: F8) -> tuple[float, float, float]:
    """Return mean, variance and third central moment of the logarithm."""
    first, second, third = 0.0, 0.0, 0.0
    for j in range(shares.size):
        variance = mixture[1, j] * mixture[1, j]
        centre = mixture[0, j] - 0.5 * variance
        first += shares[j] * centre
        second += shares[j] * (centre * centre + variance)
        third += shares[j] * centre * (centre * centre + 3.0 * variance)
    spread = second - first * first
    return first, spread, third - 3.0 * first * spread - first**3


@inlined
def mixture_price(mixture: F8, shares: F8, forward: float, strike: float, scratch: F8) -> tuple[float, float]:
    """Return the undiscounted out-of-the-money price at a strike and the call's delta on the forward.

    Parameters
    ----------
    mixture : (2, m) array
        Means as multiples of the forward (not their logarithms) and volatilities.
    shares : (m,) array
    forward, strike : float, points
    scratch : (2, m) array
        Overwritten.
    """
    put = strike < forward
    for j in range(shares.size):
        level = forward * mixture[0, j]
        v = mixture[1, j]
        scratch[0, j] = shares[j] * black_kernel(level, strike, v, put)
        scratch[1, j] = shares[j] * mixture[0, j] * normal_cdf(log_ratio(level, strike) / v + 0.5 * v)
    value, delta = 0.0, 0.0
    for j in range(shares.size):
        value += scratch[0, j]
        delta += scratch[1, j]
    return value, delta
