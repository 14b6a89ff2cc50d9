"""The affine market: Heston variance with lognormal jumps of the index, after Duffie, Pan and Singleton.

``dS/S = (r - q - lambda m) dt + sqrt(v) dB + (e^J - 1) dN``, ``dv = kappa (theta - v) dt + xi sqrt(v) dW``,
``d<B, W> = rho dt``, J normal, N Poisson of rate lambda. The index's log is affine in v, so VIX^2 is a straight line in
v and European options are one Fourier integral.

It is the market ALVH should also survive although its smiles are wrong in a known way: VIX options slope down in the
strike.

References
----------
.. [1] Duffie, D., Pan, J., Singleton, K. (2000). Transform analysis and asset pricing for affine jump-diffusions.
   Econometrica 68.
.. [2] Lewis, A. (2001). A simple option formula for general jump-diffusion and other exponential Levy processes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alvh.core.arrays import F8
from alvh.core.errors import UsageError

__all__ = ["SvjParameters", "call_prices", "log_characteristic"]

C16 = NDArray[np.complex128]


@dataclass(frozen=True, slots=True, kw_only=True)
class SvjParameters:
    """Parameters under the pricing measure; rates per year, variances per year.

    Attributes
    ----------
    kappa, theta, xi : float
        Speed, long-run level and volatility of variance.
    rho : float
        Correlation of index and variance.
    jump_rate : float
        Jumps a year.
    jump_mean, jump_sd : float
        Of ln(1 + relative jump).
    """

    kappa: float
    theta: float
    xi: float
    rho: float
    jump_rate: float = 0.0
    jump_mean: float = 0.0
    jump_sd: float = 0.0

    def __post_init__(self) -> None:
        if not (min(self.kappa, self.theta, self.xi) > 0.0 and abs(self.rho) <= 1.0 and self.jump_rate >= 0.0):
            raise UsageError(
                f"an SVJ market needs kappa, theta, xi > 0, |rho| <= 1 and a jump rate of at least 0, got {self}.",
                where="simulation",
            )

    @property
    def compensator(self) -> float:
        """Return E[e^J - 1]."""
        return math.expm1(self.jump_mean + 0.5 * self.jump_sd**2)

    @property
    def jump_variance(self) -> float:
        """Return what jumps add to the log contract, ``2 lambda E[e^J - 1 - J]`` per year."""
        return 2.0 * self.jump_rate * (self.compensator - self.jump_mean)

    def line(self, tau: float) -> tuple[float, float]:
        """Return (a, b) with ``-2 E[ln(S_T / F)] / tau = a + b v``."""
        share = -math.expm1(-self.kappa * tau) / (self.kappa * tau)
        return self.theta * (1.0 - share) + self.jump_variance, share


def log_characteristic(u: C16, variance: float, tau: float, model: SvjParameters) -> C16:
    """Return ``ln E[exp(i u ln(S_T / F))]``, in the form whose logarithm never jumps between branches.

    Parameters
    ----------
    u : (n,) complex array
    variance : float, per year
        v now.
    tau : float, years
    model : SvjParameters
    """
    kappa, xi = model.kappa, model.xi
    beta = kappa - 1j * model.rho * xi * u
    d = np.sqrt(beta**2 + xi * xi * (1j * u + u**2))
    g = (beta - d) / (beta + d)
    decay = np.exp(-d * tau)
    level = (beta - d) / xi**2 * (1.0 - decay) / (1.0 - g * decay)
    drift = kappa * model.theta / xi**2 * ((beta - d) * tau - 2.0 * np.log((1.0 - g * decay) / (1.0 - g)))
    jump = np.exp(1j * u * model.jump_mean - 0.5 * (model.jump_sd * u) ** 2) - 1.0 - 1j * u * model.compensator
    found: C16 = drift + level * variance + model.jump_rate * tau * jump
    return found


def call_prices(
    forward: float, strikes: ArrayLike, variance: float, tau: float, model: SvjParameters, *, nodes: int = 2048
) -> F8:
    """Value European calls by Lewis's integral, undiscounted, points.

    Parameters
    ----------
    forward : float, points
    strikes : (n,) array, points
    variance : float, per year
    tau : float, years
    model : SvjParameters
    nodes : int, optional
        Points of a tanh-sinh style rule on the half line.

    Notes
    -----
    ``C = F - sqrt(F K) / pi integral_0^inf Re[exp(i u ln(F / K)) phi(u - i / 2)] / (u^2 + 1/4) du``.
    """
    strike = np.atleast_1d(np.asarray(strikes, dtype=np.float64))
    # u = sinh-like growth: fine near zero where the integrand bends, reaching far for short times.
    step = 14.0 / nodes
    place = np.arange(nodes) * step - 5.0
    u = np.exp(place - np.exp(-place))
    weight = u * (1.0 + np.exp(-place)) * step
    value = np.exp(log_characteristic(u - 0.5j, variance, tau, model)) / (u**2 + 0.25) * weight
    turn = np.exp(1j * np.outer(np.log(forward / strike), u))
    integral = (turn * value).real.sum(axis=1)
    found: F8 = forward - np.sqrt(forward * strike) / math.pi * integral
    return found
