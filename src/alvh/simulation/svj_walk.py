"""One long path of the affine market as it would be seen, and clouds of paths for its smiles."""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled
from alvh.simulation.draws import normal_pair, stream_key, uniform
from alvh.simulation.threads import BLOCK

__all__ = ["svj_clouds", "svj_walk"]

_STATE, _JUMP, _CLOUD = 6, 7, 8


@compiled
def svj_walk(
    start: float,
    dt: F8,
    terms: tuple[float, float, float, float, float],
    jump: tuple[float, float, float, float, float],
    seed: int,
    line: tuple[float, float],
    force_vix: F8,
    force_return: F8,
) -> tuple[F8, F8, F8]:
    """Draw one path under the real measure by full-truncation Euler steps.

    Parameters
    ----------
    start : float, per year
    dt : (m,) array, years
    terms : (float, float, float, float, float)
        kappa and theta as they happen, xi, rho, and the equity premium per unit of variance.
    jump : (float, float, float, float, float)
        Jumps a year as they happen and as they are priced, mean and sd of the log jump as they happen, and the priced
        E[e^J - 1].
    seed : int
    line : (float, float)
        a and b of ``VIX^2 = a + b v`` per year.
    force_vix, force_return : (m,) arrays
        See `joint.Forced`.

    Returns
    -------
    variance (m,), log index (m,), jumps (m,)
    """
    kappa, theta, xi, rho, premium = terms
    real_rate, rate, mean, sd, compensator = jump
    rest = math.sqrt(1.0 - rho * rho)
    key, jump_key = stream_key(seed, _STATE), stream_key(seed, _JUMP)
    variance, log_index, jumps = np.empty(dt.size), np.empty(dt.size), np.zeros(dt.size)
    v, total = start, 0.0
    for i in range(dt.size):
        one, other = normal_pair(key, np.uint64(i))
        level = max(v, 0.0)
        root = math.sqrt(level * dt[i])
        change = (premium - 0.5) * level * dt[i] - rate * compensator * dt[i] + root * one
        v += kappa * (theta - level) * dt[i] + xi * root * (rho * one + rest * other)
        if uniform(jump_key, np.uint64(2 * i)) < 1.0 - math.exp(-real_rate * dt[i]):
            size, _ = normal_pair(jump_key, np.uint64(2 * i + 1))
            jumps[i] = mean + sd * size
            change += jumps[i]
        if force_vix[i] == force_vix[i]:
            v = max(((0.01 * force_vix[i]) ** 2 - line[0]) / line[1], 0.0)
        if force_return[i] == force_return[i]:
            change = force_return[i]
            jumps[i] = 0.0
        total += change
        variance[i] = max(v, 0.0)
        log_index[i] = total
    return variance, log_index, jumps


@compiled
def svj_clouds(
    start: float, dt: F8, marks: F8, terms: tuple[float, float, float, float], paths: int, seed: int, keep: F8
) -> None:
    """File ``L = rho int sqrt(v) dW - rho^2 / 2 int v`` and ``I = int v`` at marked steps; see `quintic_paths`.

    Parameters
    ----------
    start : float, per year
    dt : (n,) array, years
    marks : (m,) array
    terms : (float, float, float, float)
        kappa, theta, xi, rho under the pricing measure.
    paths : int
        A multiple of 512; every second half block mirrors the first.
    seed : int
    keep : (m, 2, paths) array
        Written.
    """
    kappa, theta, xi, rho = terms
    key = stream_key(seed, _CLOUD)
    half = BLOCK // 2
    for block in range(paths // BLOCK):
        v, stochastic, square = np.full(BLOCK, start), np.zeros(BLOCK), np.zeros(BLOCK)
        mark = 0
        for step in range(dt.size):
            count = np.uint64((block * dt.size + step) * half)
            h = dt[step]
            for i in range(half):
                one, _ = normal_pair(key, count + np.uint64(i))
                for j in range(2):
                    place = i + j * half
                    level = max(v[place], 0.0)
                    root = math.sqrt(level * h) * (one if j == 0 else -one)
                    stochastic[place] += root
                    v[place] += kappa * (theta - level) * h + xi * root
                    square[place] += 0.5 * h * (level + max(v[place], 0.0))
            if mark < marks.size and marks[mark] == step + 1:
                for i in range(BLOCK):
                    keep[mark, 0, block * BLOCK + i] = rho * stochastic[i] - 0.5 * rho * rho * square[i]
                    keep[mark, 1, block * BLOCK + i] = square[i]
                mark += 1
