"""The law of VIX in the affine market: VIX^2 is a straight line in v, and v later is noncentral chi-square.

1. ``v_T = c chi'^2(d, l)`` with ``c = xi^2 (1 - e^(-kappa T)) / (4 kappa)``, ``d = 4 kappa theta / xi^2`` and
   ``l = v e^(-kappa T) / c``.
2. Means of a root and of a logarithm follow from the Laplace transform G of ``X = a + b v_T`` with mean m:
   ``E sqrt X = sqrt m + int (e^(-s m) - G(s)) s^(-3/2) ds / (2 sqrt pi)`` and
   ``E ln X = ln m + int (e^(-s m) - G(s)) / s ds``, by the trapezoid in ln s.
3. A cloud for options lies on Gauss-Legendre nodes in a power of v chosen so that the density starts like a straight
   line at zero.
"""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled

__all__ = ["svj_moments", "svj_vix_cloud"]

_LOW, _HIGH, _COUNT = -21.0, 5.5, 200
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)
_SPREADS = 11.0


@compiled
def svj_moments(variance: F8, tau: F8, terms: tuple[float, float, float, float, float]) -> tuple[F8, F8]:
    """Return ``E[VIX_T]`` and ``E[ln VIX_T]`` of n pairs of variance now and horizon, VIX in vol points.

    Parameters
    ----------
    variance : (n,) array, per year
    tau : (n,) array, years
    terms : (float, float, float, float, float)
        kappa, theta, xi, and a, b of ``VIX^2 = a + b v`` per year.
    """
    kappa, theta, xi, a, b = terms
    roots, logs = np.empty(tau.size), np.empty(tau.size)
    d = 4.0 * kappa * theta / (xi * xi)
    for n in range(tau.size):
        decay = math.exp(-kappa * tau[n])
        c = xi * xi * (1.0 - decay) / (4.0 * kappa)
        level = max(variance[n], 0.0) * decay
        mean = a + b * (level + theta * (1.0 - decay))
        # In units of the mean; the integrand ends where exp(-s a) does.
        high = _HIGH + math.log(mean / a)
        step = (high - _LOW) / _COUNT
        root, log = 0.0, 0.0
        for i in range(_COUNT):
            s = math.exp(_LOW + (i + 0.5) * step) / mean
            widened = 1.0 + 2.0 * c * b * s
            transform = math.exp(-s * a - s * b * level / widened - 0.5 * d * math.log(widened))
            gap = math.exp(-s * mean) - transform
            root += gap / math.sqrt(s)
            log += gap
        roots[n] = 100.0 * (math.sqrt(mean) + 0.5 / math.sqrt(math.pi) * root * step)
        logs[n] = math.log(100.0) + 0.5 * (math.log(mean) + log * step)
    return roots, logs


@compiled
def svj_vix_cloud(variance: float, tau: float, terms: tuple[float, float, float, float, float]) -> tuple[F8, F8]:
    """Return values of VIX after a time, vol points, and their weights; see `svj_moments`."""
    kappa, theta, xi, a, b = terms
    decay = math.exp(-kappa * tau)
    c = xi * xi * (1.0 - decay) / (4.0 * kappa)
    d = 4.0 * kappa * theta / (xi * xi)
    shift = max(variance, 0.0) * decay / c
    mean, spread = d + shift, math.sqrt(2.0 * (d + 2.0 * shift))
    low, high = max(mean - _SPREADS * spread, 0.0), mean + (_SPREADS + 10.0) * spread
    # Near zero the density goes like u^(d/2 - 1); in s = u^(d/4) it goes like s.
    power = 4.0 / d if low == 0.0 else 1.0
    start, end = low ** (1.0 / power), high ** (1.0 / power)
    half = 0.5 * shift
    first = max(0, int(half - 9.0 * math.sqrt(half + 4.0)) - 2)
    last = int(half + 9.0 * math.sqrt(half + 4.0)) + 12
    values, weights = np.empty(_NODES.size), np.empty(_NODES.size)
    total = 0.0
    for i in range(_NODES.size):
        s = 0.5 * (start + end) + 0.5 * (end - start) * _NODES[i]
        u = s**power
        density = 0.0
        for k in range(first, last + 1):
            chance = -half + (k * math.log(half) if half > 0.0 else (0.0 if k == 0 else -1e300)) - math.lgamma(k + 1.0)
            shape = 0.5 * d + k
            density += math.exp(
                chance + (shape - 1.0) * math.log(u) - 0.5 * u - shape * math.log(2.0) - math.lgamma(shape)
            )
        weights[i] = _WEIGHTS[i] * density * power * s ** (power - 1.0)
        values[i] = 100.0 * math.sqrt(a + b * c * u)
        total += weights[i]
    for i in range(_NODES.size):
        weights[i] /= total
    return values, weights
