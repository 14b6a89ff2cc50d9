"""Paths of the quintic market, many at a time, and what the index needs from each of them.

1. (X, Y, W) move by their exact joint Gaussian increments, whatever the step.
2. Given the path of W the index is lognormal (or lognormal with a Poisson number of jumps), so a path has only to keep
   ``L = rho int sigma dW - rho^2 / 2 int sigma^2`` and ``I = int sigma^2``; the rest is integrated exactly.
3. ``int sigma dW`` is made by Milstein's scheme: dZ carries dW with weight one, so the correction is
   ``g0 p'(Z) (dW^2 - dt) / 2``. ``int sigma^2`` is the trapezoid of both ends.
4. Words are counted by block, step and place, as in `svj_paths`.
"""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled, inlined
from alvh.core.errors import UsageError
from alvh.pricing.normal import exponential
from alvh.simulation.draws import normal_pair, stream_key
from alvh.simulation.quintic import QuinticModel
from alvh.simulation.threads import BLOCK, spread

__all__ = ["conditional_paths", "quintic_mean", "step_table"]

_DIFFUSION = 3
_COLUMNS = 9


def step_table(model: QuinticModel, dt: F8) -> F8:
    """Return what each step needs: decays, the Cholesky factor of (W, X, Y) increments, and its length.

    Parameters
    ----------
    model : QuinticModel
    dt : (n,) array, years

    Returns
    -------
    (n, 9) array
        exp(-lambda_x dt), exp(-lambda_y dt), sqrt(dt), x on w, x's own, y on w, y on x, y's own, dt.
    """
    x, y = model.lambda_x, model.lambda_y
    root = np.sqrt(dt)
    xw, yw = -np.expm1(-x * dt) / x, -np.expm1(-y * dt) / y
    xx, yy = -np.expm1(-2.0 * x * dt) / (2.0 * x), -np.expm1(-2.0 * y * dt) / (2.0 * y)
    xy = -np.expm1(-(x + y) * dt) / (x + y)
    x_w, y_w = xw / root, yw / root
    x_own = np.sqrt(np.maximum(xx - x_w**2, 0.0))
    y_x = np.divide(xy - x_w * y_w, x_own, out=np.zeros_like(dt), where=x_own > 0.0)
    y_own = np.sqrt(np.maximum(yy - y_w**2 - y_x**2, 0.0))
    table = np.column_stack((np.exp(-x * dt), np.exp(-y * dt), root, x_w, x_own, y_w, y_x, y_own, dt))
    return np.ascontiguousarray(table)


@inlined
def volatility(vector: F8, z: float) -> float:
    """Return p(z) without its scale."""
    value: float = vector[6] + z * (vector[7] + z * (vector[8] + z * (vector[9] + z * (vector[10] + z * vector[11]))))
    return value


@inlined
def volatility_slope(vector: F8, z: float) -> float:
    """Return p'(z) without its scale."""
    high = 4.0 * vector[10] + z * 5.0 * vector[11]
    slope: float = vector[7] + z * (2.0 * vector[8] + z * (3.0 * vector[9] + z * high))
    return slope


@compiled
def _block(
    block: int,
    key: np.uint64,
    vector: F8,
    scales: F8,
    table: F8,
    state: tuple[float, float],
    marks: F8,
    keep: F8,
) -> float:
    """Make one block; file (L, I) of its paths at marked steps and return the sum of exp(L) at the end.

    Every second path mirrors the one before it.
    """
    steps = table.shape[0]
    theta, rho = vector[3], vector[4]
    c0, c1, c2, c3, c4, c5 = vector[6], vector[7], vector[8], vector[9], vector[10], vector[11]
    d2, d3, d4, d5 = 2.0 * c2, 3.0 * c3, 4.0 * c4, 5.0 * c5
    half = BLOCK // 2
    x, y = np.full(BLOCK, state[0]), np.full(BLOCK, state[1])
    stochastic, square = np.zeros(BLOCK), np.zeros(BLOCK)
    sigma, slope = np.empty(BLOCK), np.empty(BLOCK)
    z0 = theta * state[0] + (1.0 - theta) * state[1]
    sigma[:] = math.sqrt(scales[0]) * volatility(vector, z0)
    slope[:] = 0.5 * math.sqrt(scales[0]) * volatility_slope(vector, z0)
    first, second, third = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    mark = 0
    base = np.uint64(block) * np.uint64(BLOCK) * np.uint64(steps)
    for step in range(steps):
        fast, slow, root, x_w, x_own = table[step, 0], table[step, 1], table[step, 2], table[step, 3], table[step, 4]
        y_w, y_x, y_own, dt = table[step, 5], table[step, 6], table[step, 7], table[step, 8]
        scale = math.sqrt(scales[step + 1])
        count = base + np.uint64(step) * np.uint64(BLOCK)
        for i in range(half):
            one, other = normal_pair(key, count + np.uint64(i))
            last, _ = normal_pair(key, count + np.uint64(half + i))
            first[i], second[i], third[i] = one, other, last
            first[half + i], second[half + i], third[half + i] = -one, -other, -last
        for i in range(BLOCK):
            w = root * first[i]
            x[i] = fast * x[i] + x_w * first[i] + x_own * second[i]
            y[i] = slow * y[i] + y_w * first[i] + y_x * second[i] + y_own * third[i]
            stochastic[i] += sigma[i] * w + slope[i] * (w * w - dt)
            z = theta * x[i] + (1.0 - theta) * y[i]
            level = scale * (c0 + z * (c1 + z * (c2 + z * (c3 + z * (c4 + z * c5)))))
            slope[i] = 0.5 * scale * (c1 + z * (d2 + z * (d3 + z * (d4 + z * d5))))
            square[i] += 0.5 * dt * (sigma[i] * sigma[i] + level * level)
            sigma[i] = level
        if mark < marks.size and marks[mark] == step + 1:
            for i in range(BLOCK):
                keep[mark, 0, block * BLOCK + i] = rho * stochastic[i] - 0.5 * rho * rho * square[i]
                keep[mark, 1, block * BLOCK + i] = square[i]
            mark += 1
    total = 0.0
    for i in range(BLOCK):
        first[i] = exponential(rho * stochastic[i] - 0.5 * rho * rho * square[i])
    for i in range(BLOCK):
        total += first[i]
    return total


@compiled
def _blocks(
    low: int,
    high: int,
    seed: int,
    vector: F8,
    scales: F8,
    table: F8,
    state: tuple[float, float],
    marks: F8,
    keep: F8,
    sums: F8,
) -> None:
    key = stream_key(seed, _DIFFUSION)
    for block in range(low, high):
        sums[block] = _block(block, key, vector, scales, table, state, marks, keep)


def conditional_paths(
    model: QuinticModel,
    dt: F8,
    marks: F8,
    *,
    state: tuple[float, float] = (0.0, 0.0),
    paths: int,
    seed: int,
    threads: int | None = None,
    keep: F8 | None = None,
) -> F8:
    """Return L and I (see the module) of every path after marked steps.

    Parameters
    ----------
    model : QuinticModel
    dt : (n,) array, years
        Steps.
    marks : (m,) array
        Numbers of steps after which to keep, ascending, 1 for after the first.
    state : (float, float)
        X and Y at the start.
    paths : int
        A multiple of 512; half of them mirror the others.
    seed : int
    threads : int, optional
        One per processor where left out; the result does not depend on it.
    keep : (m, 2, paths) array, optional
        Written and returned where given.
    """
    found, _ = _run(model, dt, marks, state, paths, seed, threads, keep)
    return found


def quintic_mean(
    model: QuinticModel,
    dt: F8,
    *,
    state: tuple[float, float] = (0.0, 0.0),
    paths: int,
    seed: int,
    threads: int | None = None,
) -> float:
    """Return the mean of exp(L) after the last step, which is 1 but for error; nothing is stored."""
    _, sums = _run(model, dt, np.zeros(0), state, paths, seed, threads, None)
    return float(sums.sum()) / paths


def _run(
    model: QuinticModel,
    dt: F8,
    marks: F8,
    state: tuple[float, float],
    paths: int,
    seed: int,
    threads: int | None,
    keep: F8 | None,
) -> tuple[F8, F8]:
    if paths % BLOCK or paths <= 0 or dt.size == 0 or not float(dt.min()) > 0.0:
        raise UsageError(
            f"{paths} paths over {dt.size} steps were asked for; steps are positive and paths multiples of {BLOCK}.",
            where="simulation",
            fix=f"Ask for {max(1, -(-paths // BLOCK)) * BLOCK} paths.",
        )
    scales = model.scale(np.concatenate(([0.0], np.cumsum(dt))))
    table = step_table(model, dt)
    kept = np.empty((marks.size, 2, paths)) if keep is None else keep
    sums = np.empty(paths // BLOCK)

    def work(low: int, high: int) -> None:
        _blocks(low, high, seed, model.vector, scales, table, state, marks, kept, sums)

    spread(work, sums.size, threads)
    return kept, sums
