"""Raw SVI: total variance of one expiry as a hyperbola in log-moneyness.

``w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2))`` with ``k = ln(K / F)`` and ``w = vol^2 tau``. The wings are
straight lines of slopes ``b (rho - 1)`` and ``b (rho + 1)``; Lee's bound is that neither is steeper than 2.

``g(k) = (1 - k w' / (2 w))^2 - w'^2 / 4 (1 / w + 1 / 4) + w'' / 2`` is the risk-neutral density up to a positive
factor, so a slice is free of butterfly arbitrage where g is nowhere negative.

References
----------
.. [1] Gatheral, J. and Jacquier, A. (2014). Arbitrage-free SVI volatility surfaces. Quantitative Finance 14(1).
.. [2] Lee, R. (2004). The moment formula for implied volatility at extreme strikes. Mathematical Finance 14(3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import F8
from alvh.core.compiled import compiled, inlined
from alvh.core.errors import UsageError

__all__ = ["LEE_SLOPE", "LeastG", "RawSvi", "g_from_parts", "least_g", "svi_parts", "svi_variance"]

LEE_SLOPE = 2.0
"""No wing of total variance may be steeper."""

# The scan covers (k - m) / sigma = sinh(u), |u| <= 9: four thousand widths of the hyperbola on either side.
_SCAN_POINTS = 241
_SCAN_REACH = 9.0
_REFINEMENTS = 40
_GOLDEN = 0.6180339887498949


@inlined
def svi_variance(k: float, a: float, b: float, rho: float, m: float, sigma: float) -> float:
    """Return total variance at a log-moneyness."""
    y = k - m
    return a + b * (rho * y + math.sqrt(y * y + sigma * sigma))


@inlined
def svi_parts(k: float, a: float, b: float, rho: float, m: float, sigma: float) -> tuple[float, float, float]:
    """Return total variance and its first two derivatives in log-moneyness."""
    y = k - m
    bend = math.sqrt(y * y + sigma * sigma)
    return a + b * (rho * y + bend), b * (rho + y / bend), b * sigma * sigma / (bend * bend * bend)


@inlined
def g_from_parts(k: float, w: float, first: float, second: float) -> float:
    """Return Durrleman's g from total variance and its derivatives."""
    lean = 1.0 - 0.5 * k * first / w
    return lean * lean - 0.25 * first * first * (1.0 / w + 0.25) + 0.5 * second


@inlined
def _g(k: float, a: float, b: float, rho: float, m: float, sigma: float) -> float:
    w, first, second = svi_parts(k, a, b, rho, m, sigma)
    return g_from_parts(k, max(w, 1e-300), first, second)


@compiled
def _refined(low: float, high: float, a: float, b: float, rho: float, m: float, sigma: float) -> tuple[float, float]:
    """Search the least g between two places of the scan by golden section."""
    left = high - _GOLDEN * (high - low)
    right = low + _GOLDEN * (high - low)
    at_left = _g(m + sigma * math.sinh(left), a, b, rho, m, sigma)
    at_right = _g(m + sigma * math.sinh(right), a, b, rho, m, sigma)
    for _ in range(_REFINEMENTS):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = _g(m + sigma * math.sinh(left), a, b, rho, m, sigma)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = _g(m + sigma * math.sinh(right), a, b, rho, m, sigma)
    return (left, at_left) if at_left < at_right else (right, at_right)


@compiled
def least_g(a: float, b: float, rho: float, m: float, sigma: float) -> tuple[float, float]:
    """Return the least g on the whole line and where it lies; an infinite place is the limit of a wing.

    A wing of slope s tends to ``(1 - s^2 / 4) / 4``. In between g is scanned at 241 places that are dense around the
    vertex, and every low place is refined.
    """
    left, right = b * (1.0 - rho), b * (1.0 + rho)
    limit_left, limit_right = 0.25 - left * left / 16.0, 0.25 - right * right / 16.0
    best, where = (limit_left, -math.inf) if limit_left < limit_right else (limit_right, math.inf)
    values = np.empty(_SCAN_POINTS)
    step = 2.0 * _SCAN_REACH / (_SCAN_POINTS - 1)
    for i in range(_SCAN_POINTS):
        values[i] = _g(m + sigma * math.sinh(-_SCAN_REACH + i * step), a, b, rho, m, sigma)
    for i in range(_SCAN_POINTS):
        here = values[i]
        before = values[i - 1] if i > 0 else math.inf
        after = values[i + 1] if i < _SCAN_POINTS - 1 else math.inf
        if here > before or here > after:
            continue
        if here < best:
            best, where = here, m + sigma * math.sinh(-_SCAN_REACH + i * step)
        if 0 < i < _SCAN_POINTS - 1:
            u = -_SCAN_REACH + i * step
            place, value = _refined(u - step, u + step, a, b, rho, m, sigma)
            if value < best:
                best, where = value, m + sigma * math.sinh(place)
    return best, where


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastG:
    """The least value of g on the whole line.

    Attributes
    ----------
    value : float
        Negative where the slice admits butterfly arbitrage.
    k : float
        Log-moneyness where it is taken; infinite where a wing only tends to it.
    """

    value: float
    k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSvi:
    """Total variance of one expiry in raw SVI parameters.

    Attributes
    ----------
    a, b : float, total variance; total variance per unit of log-moneyness
    rho : float
        Between -1 and 1: tilt of the hyperbola.
    m, sigma : float, log-moneyness
        Vertex and width.

    Raises
    ------
    UsageError
        Not finite, b negative, ``|rho| >= 1``, sigma not positive, or total variance negative somewhere.
    """

    a: float
    b: float
    rho: float
    m: float
    sigma: float

    def __post_init__(self) -> None:
        sound = all(math.isfinite(value) for value in self.parameters)
        if not (sound and self.b >= 0.0 and abs(self.rho) < 1.0 and self.sigma > 0.0):
            raise UsageError(
                f"raw SVI parameters {self.parameters} are no smile.",
                fix="They must be finite, with b >= 0, -1 < rho < 1 and sigma > 0.",
            )
        # One part in 1e12 of room: a vertex at zero variance is legal and rounds to either side.
        if self.least_variance < -1e-12 * (abs(self.a) + self.b * self.sigma):
            raise UsageError(
                f"total variance falls to {self.least_variance:.3g} at the vertex of {self.parameters}.",
                fix="a + b sigma sqrt(1 - rho^2) must not be negative.",
            )

    @property
    def parameters(self) -> tuple[float, float, float, float, float]:
        """Return a, b, rho, m, sigma."""
        return self.a, self.b, self.rho, self.m, self.sigma

    @property
    def least_variance(self) -> float:
        """Total variance at the vertex."""
        return self.a + self.b * self.sigma * math.sqrt(1.0 - self.rho * self.rho)

    @property
    def steepest_wing(self) -> float:
        """Slope of the steeper wing; Lee's bound is 2."""
        return self.b * (1.0 + abs(self.rho))

    def variance(self, k: ArrayLike) -> F8:
        """Return total variance at log-moneyness k, of the shape of k."""
        y = np.asarray(k, dtype=np.float64) - self.m
        total: F8 = self.a + self.b * (self.rho * y + np.hypot(y, self.sigma))
        return total

    def g(self, k: ArrayLike) -> F8:
        """Return Durrleman's g at log-moneyness k, of the shape of k."""
        place = np.asarray(k, dtype=np.float64)
        y = place - self.m
        bend = np.hypot(y, self.sigma)
        w = self.variance(place)
        first = self.b * (self.rho + y / bend)
        second = self.b * self.sigma**2 / bend**3
        value: F8 = (1.0 - 0.5 * place * first / w) ** 2 - 0.25 * first**2 * (1.0 / w + 0.25) + 0.5 * second
        return value

    def least_g(self) -> LeastG:
        """Return the least g on the whole line."""
        value, place = least_g(*self.parameters)
        return LeastG(value=value, k=place)

    @property
    def butterfly_free(self) -> bool:
        """Whether g is nowhere negative and Lee's bound holds strictly."""
        return self.steepest_wing < LEE_SLOPE and self.least_g().value >= 0.0
