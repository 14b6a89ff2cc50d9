"""The quintic Ornstein-Uhlenbeck market: volatility is a polynomial of two factors driven by one Brownian motion.

1. ``dX = -lambda_x X dt + dW``, ``dY = -lambda_y Y dt + dW``, ``Z = theta X + (1 - theta) Y``.
2. ``sigma_t = g0(t) p(Z_t)`` with a polynomial p of degree five; the index follows
   ``dS/S = (r - q) dt + sigma (rho dW + sqrt(1 - rho^2) dW')``.
3. Given the state, Z at a later time is normal, so expected variance over any window is a polynomial of degree ten in
   (X, Y): VIX squared, and every other volatility index, are exact and cheap. VX and VIX options are Gaussian integrals
   of its root.
4. With compensated jumps of rate ``jump_rate sigma^2``, log size normal, the log contract costs ``1 + c`` times the
   diffusive variance, ``c = 2 jump_rate E[e^J - 1 - J]``. Jumps are our own extension and switched off by default.

The stationary form has constant g0 with ``g0^2 = level / E[p(Z_inf)^2]``; a forward-variance curve makes the fitted
form of the papers, which starts at X = Y = 0. The one-factor model is theta = 1 with the polynomial in scaled Z.

References
----------
.. [1] Abi Jaber, E., Illand, C., Li, S. (2023). The quintic Ornstein-Uhlenbeck volatility model that jointly calibrates
   SPX & VIX smiles. Risk.
.. [2] Abi Jaber, E., Li, S. (2025). Volatility models in practice: rough, path-dependent or Markovian?
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled
from alvh.core.errors import UsageError

__all__ = [
    "DEGREE",
    "Jumps",
    "QuinticModel",
    "evaluate_polynomial",
    "gaussian_nodes",
    "one_factor",
    "state_covariance",
    "total_variances",
]

DEGREE = 10
"""Of VIX squared in (X, Y)."""

_BINOMIAL = np.array([[math.comb(k, j) if j <= k else 0 for j in range(DEGREE + 1)] for k in range(DEGREE + 1)], float)
# E[N^m] = (m - 1)!! for even m.
_NORMAL_MOMENTS = np.array(
    [0.0 if m % 2 else float(math.prod(range(1, m, 2))) for m in range(DEGREE + 1)],
)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)
_QUICK_NODES, _QUICK_WEIGHTS = np.polynomial.legendre.leggauss(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jumps:
    """Jumps of the index whose rate follows its variance.

    Attributes
    ----------
    rate : float
        Jumps per unit of integrated variance under the pricing measure.
    real_rate : float
        The same as they happen.
    mean, sd : float
        Of the log jump.
    """

    rate: float
    real_rate: float
    mean: float
    sd: float

    @property
    def compensator(self) -> float:
        """Return E[e^J - 1]."""
        return math.expm1(self.mean + 0.5 * self.sd**2)

    @property
    def load(self) -> float:
        """Return c, what jumps add to the log contract per unit of diffusive variance."""
        return 2.0 * self.rate * (self.compensator - self.mean)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuinticModel:
    """Parameters of a quintic market under the pricing measure.

    Attributes
    ----------
    lambda_x, lambda_y : float, per year
        Mean reversion of the fast and of the slow factor.
    theta : float
        Weight of the fast factor.
    rho : float
        Correlation of index and volatility, at most 0 so that the discounted index is a martingale.
    alpha : tuple of 6 floats
        Coefficients of p, constant first.
    level : float or None, per year
        Long-run variance of the stationary form; None with a curve.
    curve : callable or None
        Forward variance per year of a time in years, started from X = Y = 0.
    jumps : Jumps or None
    """

    lambda_x: float
    lambda_y: float
    theta: float
    rho: float
    alpha: tuple[float, ...]
    level: float | None = None
    curve: Callable[[F8], F8] | None = None
    jumps: Jumps | None = None
    vector: F8 = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.alpha) != 6 or not (self.lambda_x > 0.0 and self.lambda_y > 0.0 and -1.0 <= self.rho <= 0.0):
            raise UsageError(
                "a quintic market needs six coefficients, positive speeds and a correlation from -1 to 0.",
                where="simulation",
                fix="See QuinticModel; a positive correlation would make the index a strict local martingale.",
            )
        if (self.level is None) == (self.curve is None):
            raise UsageError("a quintic market needs either a level or a curve.", where="simulation")
        object.__setattr__(self, "vector", _vector(self))

    @property
    def stationary_sd(self) -> float:
        """Standard deviation of Z in the long run."""
        return math.sqrt(float(_z_variance(np.array([np.inf]), self)[0]))

    @property
    def load(self) -> float:
        """Ratio of the log contract to diffusive variance."""
        return 1.0 + (self.jumps.load if self.jumps is not None else 0.0)

    def scale(self, time: F8) -> F8:
        """Return g0 squared at times in years."""
        if self.curve is not None:
            found: F8 = self.curve(time) / _mean_square(_z_variance(time, self), self)
            return found
        return np.full(time.shape, self.vector[0])

    def polynomial(self, tau: float, *, start: float = 0.0) -> F8:
        """Return the coefficients of the log contract's variance over a window, as a polynomial in the state.

        Parameters
        ----------
        tau : float, years
            Length of the window.
        start : float, years
            Where it begins; matters only with a curve.

        Returns
        -------
        (11, 11) array
            Entry [a, b] multiplies ``X^a Y^b``; the value is total, not per year.
        """
        times = 0.5 * tau * (_NODES + 1.0)
        weights = 0.5 * tau * _WEIGHTS * self.scale(start + times) * self.load
        a = self.theta * np.exp(-self.lambda_x * times)
        b = (1.0 - self.theta) * np.exp(-self.lambda_y * times)
        line = _expected_square(_z_variance(times, self), self)
        found = np.zeros((DEGREE + 1, DEGREE + 1))
        for power in range(DEGREE + 1):
            for i in range(power + 1):
                term = weights * line[:, power] * a**i * b ** (power - i)
                found[i, power - i] = _BINOMIAL[power, i] * term.sum()
        return found


def one_factor(
    *, hurst: float, rho: float, alpha: tuple[float, ...], curve: Callable[[F8], F8], epsilon: float = 1.0 / 52.0
) -> QuinticModel:
    """Return the one-factor model ``dX = -(1/2 - H) / eps X dt + eps^(H - 1/2) dW`` in the two-factor form."""
    volatility = epsilon ** (hurst - 0.5)
    return QuinticModel(
        lambda_x=(0.5 - hurst) / epsilon,
        lambda_y=1.0,
        theta=1.0,
        rho=rho,
        alpha=tuple(coefficient * volatility**power for power, coefficient in enumerate(alpha)),
        curve=curve,
    )


def _z_variance(tau: F8, model: QuinticModel) -> F8:
    """Variance of Z after a time, given the state now."""
    x, y, theta = model.lambda_x, model.lambda_y, model.theta
    fast = -np.expm1(-2.0 * x * tau) / (2.0 * x)
    slow = -np.expm1(-2.0 * y * tau) / (2.0 * y)
    both = -np.expm1(-(x + y) * tau) / (x + y)
    found: F8 = theta**2 * fast + (1.0 - theta) ** 2 * slow + 2.0 * theta * (1.0 - theta) * both
    return found


def _expected_square(variance: F8, model: QuinticModel) -> F8:
    """Return the coefficients of ``E[p(H + G)^2]`` in powers of H, G centred normal; (n, 11)."""
    square = np.convolve(model.alpha, model.alpha)
    found = np.zeros((variance.size, DEGREE + 1))
    for k in range(DEGREE + 1):
        for j in range(k % 2, k + 1, 2):
            found[:, j] += square[k] * _BINOMIAL[k, j] * variance ** ((k - j) // 2) * _NORMAL_MOMENTS[k - j]
    return found


def _mean_square(variance: F8, model: QuinticModel) -> F8:
    return _expected_square(variance, model)[:, 0]


def _vector(model: QuinticModel) -> F8:
    """Pack what kernels need: g0^2, speeds, theta, rho, alpha, square of p, load."""
    scale = math.nan
    if model.level is not None:
        scale = model.level / float(_mean_square(_z_variance(np.array([np.inf]), model), model)[0])
    load = 1.0 + (model.jumps.load if model.jumps is not None else 0.0)
    head = [scale, model.lambda_x, model.lambda_y, model.theta, model.rho, load]
    return np.array([*head, *model.alpha, *np.convolve(model.alpha, model.alpha)])


@compiled
def evaluate_polynomial(table: F8, x: F8, y: F8) -> F8:
    """Evaluate a polynomial of degree ten at n states."""
    out = np.empty(x.size)
    for i in range(x.size):
        total = 0.0
        for a in range(DEGREE, -1, -1):
            inner = 0.0
            for b in range(DEGREE - a, -1, -1):
                inner = inner * y[i] + table[a, b]
            total = total * x[i] + inner
        out[i] = total
    return out


@compiled
def total_variances(vector: F8, x: float, y: float, tau: F8) -> F8:
    """Return the log contract's total variance to n horizons of the stationary form, from one state.

    Parameters
    ----------
    vector : (23,) array
        `QuinticModel.vector`.
    x, y : float
    tau : (n,) array, years
    """
    scale, speed_x, speed_y, theta, load = vector[0], vector[1], vector[2], vector[3], vector[5]
    square = vector[12:]
    out = np.empty(tau.size)
    for n in range(tau.size):
        total = 0.0
        for i in range(_QUICK_NODES.size):
            # Squaring the node crowds them towards now, where the fast factor moves.
            share = 0.5 * (_QUICK_NODES[i] + 1.0)
            time = tau[n] * share * share
            fast, slow = math.exp(-speed_x * time), math.exp(-speed_y * time)
            mean = theta * fast * x + (1.0 - theta) * slow * y
            variance = theta * theta * (1.0 - fast * fast) / (2.0 * speed_x)
            variance += (1.0 - theta) ** 2 * (1.0 - slow * slow) / (2.0 * speed_y)
            variance += 2.0 * theta * (1.0 - theta) * (1.0 - fast * slow) / (speed_x + speed_y)
            # Moments of the normal Z by their recursion E[Z^k] = mean E[Z^(k-1)] + (k - 1) variance E[Z^(k-2)].
            before, here = 1.0, mean
            expected = square[0] + square[1] * mean
            for k in range(2, DEGREE + 1):
                before, here = here, mean * here + (k - 1) * variance * before
                expected += square[k] * here
            total += _QUICK_WEIGHTS[i] * share * expected
        out[n] = scale * load * tau[n] * total
    return out


def state_covariance(model: QuinticModel, tau: float) -> F8:
    """Return the covariance of (X, Y) after a time, given the state now; (2, 2)."""
    x, y = model.lambda_x, model.lambda_y
    fast, slow = -math.expm1(-2.0 * x * tau) / (2.0 * x), -math.expm1(-2.0 * y * tau) / (2.0 * y)
    both = -math.expm1(-(x + y) * tau) / (x + y)
    return np.array([[fast, both], [both, slow]])


def gaussian_nodes(model: QuinticModel, x: float, y: float, tau: float, *, fine: int, coarse: int) -> tuple[F8, F8, F8]:
    """Return states and weights that integrate over (X, Y) after a time.

    Parameters
    ----------
    model : QuinticModel
    x, y : float
        State now.
    tau : float, years
    fine, coarse : int
        Nodes along the longer axis (evenly spaced over +-9 standard deviations, which converges as fast as the
        integrand is smooth) and along the shorter one (Gauss-Hermite).

    Returns
    -------
    tuple of (fine * coarse,) arrays
        X, Y and weights that sum to one.
    """
    values, vectors = np.linalg.eigh(state_covariance(model, tau))
    short, long = (vectors[:, i] * math.sqrt(max(values[i], 0.0)) for i in (0, 1))
    even = np.linspace(-9.0, 9.0, fine)
    even_weight = np.exp(-0.5 * even**2)
    hermite, hermite_weight = np.polynomial.hermite_e.hermegauss(coarse)
    weights = np.outer(even_weight / even_weight.sum(), hermite_weight / hermite_weight.sum()).ravel()
    far, near = (part.ravel() for part in np.meshgrid(even, hermite, indexing="ij"))
    mean_x, mean_y = x * math.exp(-model.lambda_x * tau), y * math.exp(-model.lambda_y * tau)
    return mean_x + far * long[0] + near * short[0], mean_y + far * long[1] + near * short[1], weights
