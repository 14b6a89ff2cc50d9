"""SSVI: one formula for the whole surface, three numbers and the at-the-money variance of each expiry.

``w(k, theta) = theta / 2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2))`` with the power law
``phi = eta / (theta^gamma (1 + theta)^(1 - gamma))``.

With ``0 < gamma <= 1/2`` and ``eta <= 2 / sqrt(1 + |rho|)`` both of the theorem's bounds hold at every theta, so no
butterfly has a negative price; with theta rising in time no calendar has one either. The fit stays inside.

References
----------
.. [1] Gatheral, J. and Jacquier, A. (2014). Arbitrage-free SVI volatility surfaces, section 4.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import F8
from alvh.core.errors import UsageError
from alvh.pricing.damped_step import damped_step
from alvh.pricing.surface.fitted import FittedSurface
from alvh.pricing.surface.raw_svi import RawSvi

__all__ = ["GlobalSsvi", "fit_ssvi", "heston_phi", "power_phi", "ssvi_slice", "sufficient_bounds"]

_STEPS = 60
_NUDGE = 1e-6
_UNKNOWNS = 3
_UNIT_FLOOR = 0.001


def power_phi(theta: ArrayLike, eta: float, gamma: float) -> F8:
    """Return the power law's phi."""
    level = np.asarray(theta, dtype=np.float64)
    phi: F8 = eta / (level**gamma * (1.0 + level) ** (1.0 - gamma))
    return phi


def heston_phi(theta: ArrayLike, lam: float) -> F8:
    """Return the Heston-like phi, ``(1 - (1 - exp(-x)) / x) / x`` with ``x = lam theta``."""
    x = lam * np.asarray(theta, dtype=np.float64)
    phi: F8 = (1.0 + np.expm1(-x) / x) / x
    return phi


def ssvi_slice(theta: float, rho: float, phi: float) -> RawSvi:
    """Return the slice of at-the-money total variance theta in raw parameters."""
    flat = math.sqrt(1.0 - rho * rho)
    return RawSvi(a=0.5 * theta * flat * flat, b=0.5 * theta * phi, rho=rho, m=-rho / phi, sigma=flat / phi)


def sufficient_bounds(theta: float, rho: float, phi: float) -> tuple[float, float]:
    """Return ``theta phi (1 + |rho|)`` and ``theta phi^2 (1 + |rho|)``: free of butterflies when < 4 and <= 4."""
    lean = 1.0 + abs(rho)
    return theta * phi * lean, theta * phi * phi * lean


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalSsvi:
    """A surface of three numbers.

    Attributes
    ----------
    rho, eta, gamma : float
    taus, thetas : (n,) arrays
        Years, and at-the-money total variance, both ascending.
    rms : float, vol points
        Difference to the mids of all expiries it was fitted to, weighted as they were.
    """

    rho: float
    eta: float
    gamma: float
    taus: F8
    thetas: F8
    rms: float

    def theta(self, tau: ArrayLike) -> F8:
        """Return at-the-money total variance: linear in time, from zero now, on with the last slope."""
        times, levels = np.concatenate(([0.0], self.taus)), np.concatenate(([0.0], self.thetas))
        years = np.asarray(tau, dtype=np.float64)
        right = np.clip(np.searchsorted(times, years), 1, times.size - 1)
        share = (years - times[right - 1]) / (times[right] - times[right - 1])
        level: F8 = levels[right - 1] + share * (levels[right] - levels[right - 1])
        return level

    def vol(self, k: ArrayLike, tau: ArrayLike) -> F8:
        """Return volatility, decimal, at log-moneyness k and tau years, broadcast together.

        Raises
        ------
        UsageError
            A tau is not positive.
        """
        years = np.asarray(tau, dtype=np.float64)
        if not np.all(years > 0.0):
            raise UsageError("an SSVI surface was asked at a time that is not positive.", fix="Pass tau in years.")
        theta = self.theta(years)
        w = _variance(np.asarray(k, dtype=np.float64), theta, self.rho, power_phi(theta, self.eta, self.gamma))
        vol: F8 = np.sqrt(w / years)
        return vol


def fit_ssvi(surface: FittedSurface) -> GlobalSsvi:
    """Fit the three numbers to all quotes of a fitted surface, at-the-money variances taken from its slices."""
    quotes = [item.quotes for item in surface.expiries]
    thetas = surface.total_variance(np.zeros(surface.taus.size), surface.taus)
    sizes = [item.k.size for item in quotes]
    k, mid, half = (np.concatenate([getattr(item, name) for item in quotes]) for name in ("k", "mid", "half_spread"))
    theta, tau = np.repeat(thetas, sizes), np.repeat(surface.taus, sizes)
    unit = np.hypot(half, _UNIT_FLOOR * (1.0 + k * k / theta))

    def residual(z: F8) -> F8:
        rho, eta, gamma = _numbers(z)
        vol = np.sqrt(_variance(k, theta, rho, power_phi(theta, eta, gamma)) / tau)
        away: F8 = (vol - mid) / unit
        return away

    z = _descend(residual)
    weight = unit**-2.0
    rho, eta, gamma = _numbers(z)
    return GlobalSsvi(
        rho=rho,
        eta=eta,
        gamma=gamma,
        taus=surface.taus,
        thetas=thetas,
        rms=100.0 * math.sqrt(float(np.sum(residual(z) ** 2)) / float(weight.sum())),
    )


def _variance(k: F8, theta: F8, rho: float, phi: F8) -> F8:
    moved = phi * k + rho
    w: F8 = 0.5 * theta * (1.0 + rho * phi * k + np.sqrt(moved * moved + 1.0 - rho * rho))
    return w


def _numbers(z: F8) -> tuple[float, float, float]:
    """Return rho, eta and gamma of three unbounded numbers, inside the bounds whatever they are."""
    rho = math.tanh(z[0])
    share, half = 1.0 / (1.0 + math.exp(-z[1])), 0.5 / (1.0 + math.exp(-z[2]))
    return rho, 2.0 / math.sqrt(1.0 + abs(rho)) * share, half


def _descend(residual: Callable[[F8], F8]) -> F8:
    z = np.array((-0.8, 0.0, 0.5))
    here = residual(z)
    damping = 1e-3
    move = np.zeros(_UNKNOWNS)
    for _ in range(_STEPS):
        slopes = np.array([(residual(z + step) - here) / _NUDGE for step in _NUDGE * np.eye(_UNKNOWNS)])
        if not damped_step(slopes @ slopes.T, slopes @ here, damping, move):
            damping *= 10.0
            continue
        trial = np.clip(z + move, -8.0, 8.0)
        found = residual(trial)
        gain = float(here @ here - found @ found)
        if gain > 0.0:
            z, here, damping = trial, found, max(0.2 * damping, 1e-12)
            if gain <= 1e-9 * float(here @ here):
                break
        else:
            damping *= 8.0
    return z
