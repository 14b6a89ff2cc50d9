"""SPX smiles on a grid of states and horizons, computed once by conditional Monte-Carlo and interpolated ever after.

Every grid state sees the same random numbers, so neighbouring smiles differ by their state and not by chance. What is
stored is the shape of the mixture in units of sqrt(W); W itself is exact at every state, so the volatility indices and
the smiles always agree. A table is kept between processes under a digest of everything it depends on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8
from alvh.core.cache import kept_arrays
from alvh.core.compiled import compiled
from alvh.core.digest import digest_of
from alvh.simulation.mixture import bucket_weights, buckets, fitted, normalised

__all__ = ["COMPONENTS", "SHARES", "SmileTable", "interpolated", "tabulate"]

COMPONENTS = 24
SHARES = bucket_weights(COMPONENTS, -3.4, 3.0)
_FINE_SHARES = bucket_weights(96, -3.6, 3.4)
_MOST_JUMPS = 7

Cloud = Callable[[float, float], F8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmileTable:
    """Shapes by state and horizon.

    Attributes
    ----------
    first, second : (a,), (b,) arrays
        Grid of the two state variables, ascending; the second has one entry where the state has one.
    log_tau : (t,) array
        Logarithms of horizons in years.
    shape : (a, b, t, 2, m) array
        See `mixture.normalised`.
    """

    first: F8
    second: F8
    log_tau: F8
    shape: F8

    def mixture(self, state: tuple[float, float], tau: float, total_variance: float) -> F8:
        """Return the mixture of one horizon, (2, m): ln(mean / forward) and volatility."""
        shape = interpolated(self.first, self.second, self.log_tau, self.shape, state[0], state[1], tau)
        return fitted(shape, SHARES, total_variance)


@compiled
def _bracket(grid: F8, value: float) -> tuple[int, float]:
    """Return the cell and the place in it from 0 to 1, held at the ends of the grid."""
    last = grid.size - 1
    if last == 0 or value <= grid[0]:
        return 0, 0.0
    if value >= grid[last]:
        return last - 1, 1.0
    cell = int(np.searchsorted(grid, value)) - 1
    return cell, (value - grid[cell]) / (grid[cell + 1] - grid[cell])


@compiled
def interpolated(first: F8, second: F8, log_tau: F8, shape: F8, x: float, y: float, tau: float) -> F8:
    """Interpolate the table linearly in both states and in the logarithm of the horizon."""
    i, u = _bracket(first, x)
    k, v = _bracket(second, y)
    n, w = _bracket(log_tau, math.log(tau))
    out = np.zeros((2, shape.shape[4]))
    for a in range(2):
        for b in range(2):
            for c in range(2):
                share = (u if a else 1.0 - u) * (v if b else 1.0 - v) * (w if c else 1.0 - w)
                if share > 0.0:
                    corner = shape[i + a, k + b, n + c]
                    for j in range(out.shape[1]):
                        out[0, j] += share * corner[0, j]
                        out[1, j] += share * corner[1, j]
    return out


def tabulate(
    name: str,
    depends: object,
    first: F8,
    second: F8,
    days: F8,
    cloud: Callable[[float, float], F8],
    *,
    residual: float,
    jump_rate: Callable[[F8, float], F8] | None = None,
    jump: tuple[float, float] = (0.0, 0.0),
    compensated: bool = True,
) -> SmileTable:
    """Compute a table, or take it from the cache.

    Parameters
    ----------
    name : str
        Of the model.
    depends : JSON-encodable
        Everything the table depends on.
    first, second : (a,), (b,) arrays
        State grid.
    days : (t,) array
        Horizons in calendar days.
    cloud : callable
        ``cloud(x, y)`` gives L and I of every path at every horizon, (t, 2, paths); see `quintic_paths`.
    residual : float
        Share of I that is left once the volatility's path is known, ``1 - rho^2``.
    jump_rate : callable, optional
        ``jump_rate(I, tau)``: expected number of jumps of paths with integrated variance I.
    jump : (float, float)
        Mean and standard deviation of the log jump.
    compensated : bool
        Whether the jumps' drift has still to be taken off L.
    """

    def make() -> dict[str, F8]:
        table = np.empty((first.size, second.size, days.size, 2, COMPONENTS))
        for i, x in enumerate(first.tolist()):
            for k, y in enumerate(second.tolist()):
                paths = cloud(x, y)
                for n in range(days.size):
                    table[i, k, n] = _shape(paths[n], residual, float(days[n]) / 365.0, jump_rate, jump, compensated)
        return {"shape": table}

    identity = [depends, first.tolist(), second.tolist(), days.tolist(), residual, list(jump), SHARES.tolist(), 3]
    kept = kept_arrays(f"smiles-{name}-{digest_of(identity)[:16]}", make)
    return SmileTable(first=first, second=second, log_tau=np.log(days / 365.0), shape=kept["shape"])


def _shape(
    paths: F8,
    residual: float,
    tau: float,
    jump_rate: Callable[[F8, float], F8] | None,
    jump: tuple[float, float],
    compensated: bool,
) -> F8:
    order = np.argsort(paths[0])
    mean, square = paths[0][order], paths[1][order]
    ones = np.ones(mean.size)
    if jump_rate is None:
        return normalised(buckets(mean, residual * square, ones, SHARES), SHARES)
    fine = buckets(mean, residual * square, ones, _FINE_SHARES)
    # Buckets are narrow, so the integrated variance inside one is represented by its mean.
    average = _bucket_average(square, _FINE_SHARES)
    mean, variance, weight = _with_jumps(fine, jump_rate(average, tau), jump, compensated)
    order = np.argsort(mean)
    return normalised(buckets(mean[order], variance[order], weight[order], SHARES), SHARES)


def _bucket_average(values: F8, shares: F8) -> F8:
    total = np.concatenate(([0.0], np.cumsum(values))) / values.size
    edges = np.concatenate(([0.0], np.cumsum(shares)))
    edges[-1] = 1.0
    found: F8 = np.diff(np.interp(edges * values.size, np.arange(values.size + 1), total)) / shares
    return found


def _with_jumps(fine: F8, expected: F8, jump: tuple[float, float], compensated: bool) -> tuple[F8, F8, F8]:
    """Split every bucket by its number of jumps."""
    mean, sd = jump
    number = np.arange(_MOST_JUMPS + 1)
    factorial = np.array([float(math.factorial(n)) for n in number])
    chance = np.exp(-expected)[:, None] * expected[:, None] ** number / factorial
    weight = chance / chance.sum(axis=1, keepdims=True) * _FINE_SHARES[:, None]
    drift = -expected * math.expm1(mean + 0.5 * sd**2) if compensated else np.zeros(expected.size)
    level = (fine[0] + drift)[:, None] + number * (mean + 0.5 * sd**2)
    variance = fine[1][:, None] + number * sd**2
    return level.ravel(), variance.ravel(), np.maximum(weight.ravel(), 1e-300)
