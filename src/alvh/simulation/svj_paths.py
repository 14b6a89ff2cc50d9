"""Paths of the affine market by Euler steps with full truncation, many at a time.

1. Paths come in blocks of 512. A block's state (log index, variance) stays in the nearest cache while all its steps
   are made; a step takes one random word a path.
2. Jumps do not depend on the variance, so their times are drawn beforehand, one exponential waiting time after the
   other, and filed by step. The loop over diffusive steps has no branches.
3. A path's words are counted by its own number: block, step and place. The same path comes out whichever thread
   computes it, and more paths leave the first ones as they were.
"""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8, I8
from alvh.core.compiled import compiled
from alvh.core.errors import UsageError
from alvh.pricing.normal import exponential
from alvh.simulation.draws import normal_pair, stream_key, uniform
from alvh.simulation.svj import SvjParameters
from alvh.simulation.threads import BLOCK, spread

__all__ = ["svj_mean", "svj_paths"]

_DIFFUSION, _JUMPS = 1, 2
_JUMP_WORDS = 1 << 12
_NONE = -1


@compiled
def _file_jumps(
    key: np.uint64, block: int, steps: int, rate: float, mean: float, sd: float, first: I8, following: I8, size: F8
) -> None:
    """File the jumps of a block by step as linked lists: `first` by step, `following` by jump; see `_block`."""
    first[:] = _NONE
    count = 0
    for i in range(BLOCK):
        base = np.uint64(block * BLOCK + i) * np.uint64(_JUMP_WORDS)
        time = 0.0
        number = 0
        while rate > 0.0 and count < size.size and number < _JUMP_WORDS - 2:
            time += -math.log(uniform(key, base + np.uint64(number))) / rate
            if time >= steps:
                break
            normal, _ = normal_pair(key, base + np.uint64(number + 1))
            step = int(time)
            following[count, 0] = first[step]
            following[count, 1] = i
            size[count] = mean + sd * normal
            first[step] = count
            count += 1
            number += 2


@compiled
def _block(
    block: int,
    seeds: tuple[np.uint64, np.uint64],
    start: tuple[float, float],
    terms: tuple[float, float, float, float, float, float, float],
    jumps: tuple[float, float, float],
    steps: int,
    keep: F8,
    keep_variance: F8,
) -> float:
    """Make one block; return the sum of S_T / S_0 over its paths, and store paths where `keep` has columns."""
    drift, dt, kappa, theta, noise, rho, rest = terms
    rate, mean, sd = jumps
    x = np.full(BLOCK, start[0])
    v = np.full(BLOCK, start[1])
    first = np.empty(steps, np.int64)
    room = int(BLOCK * (rate * steps + 12.0 * math.sqrt(rate * steps + 1.0))) + 16 if rate > 0.0 else 0
    following = np.empty((room, 2), np.int64)
    size = np.empty(room)
    _file_jumps(seeds[1], block, steps, rate, mean, sd, first, following, size)
    stored = keep.shape[0] > 0
    base = np.uint64(block) * np.uint64(BLOCK) * np.uint64(steps)
    for step in range(steps):
        count = base + np.uint64(step) * np.uint64(BLOCK)
        for i in range(BLOCK):
            one, other = normal_pair(seeds[0], count + np.uint64(i))
            level = max(v[i], 0.0)
            root = math.sqrt(level * dt)
            x[i] += drift - 0.5 * level * dt + root * one
            v[i] += kappa * (theta - level) + noise * root * (rho * one + rest * other)
        jump = first[step]
        while jump != _NONE:
            x[following[jump, 1]] += size[jump]
            jump = following[jump, 0]
        if stored:
            keep[step, block * BLOCK : (block + 1) * BLOCK] = x
            keep_variance[step, block * BLOCK : (block + 1) * BLOCK] = v
    total = 0.0
    for i in range(BLOCK):
        x[i] = exponential(x[i] - start[0])
    for i in range(BLOCK):
        total += x[i]
    return total


@compiled
def _blocks(
    low: int,
    high: int,
    seed: int,
    start: tuple[float, float],
    terms: tuple[float, float, float, float, float, float, float],
    jumps: tuple[float, float, float],
    steps: int,
    sums: F8,
    keep: F8,
    keep_variance: F8,
) -> None:
    seeds = (stream_key(seed, _DIFFUSION), stream_key(seed, _JUMPS))
    for block in range(low, high):
        sums[block] = _block(block, seeds, start, terms, jumps, steps, keep, keep_variance)


def _run(
    model: SvjParameters,
    variance: float,
    growth: float,
    paths: int,
    steps: int,
    dt: float,
    seed: int,
    threads: int | None,
    *,
    keep: bool,
) -> tuple[F8, F8, F8]:
    if paths % BLOCK or paths <= 0 or steps <= 0 or not dt > 0.0:
        raise UsageError(
            f"{paths} paths of {steps} steps of {dt} years were asked for; paths come in multiples of {BLOCK}.",
            where="simulation",
            fix=f"Ask for {max(1, -(-paths // BLOCK)) * BLOCK} paths.",
        )
    blocks = paths // BLOCK
    sums = np.empty(blocks)
    # A step of a block is one stretch of memory.
    kept = np.empty((steps, paths) if keep else (0, 0))
    kept_variance = np.empty((steps, paths) if keep else (0, 0))
    terms = (
        (growth - model.jump_rate * model.compensator) * dt,
        dt,
        model.kappa * dt,
        model.theta,
        model.xi,
        model.rho,
        math.sqrt(1.0 - model.rho**2),
    )
    jumps = (model.jump_rate * dt, model.jump_mean, model.jump_sd)

    def work(low: int, high: int) -> None:
        _blocks(low, high, seed, (0.0, variance), terms, jumps, steps, sums, kept, kept_variance)

    spread(work, blocks, threads)
    return sums, kept.T, kept_variance.T


def svj_mean(
    model: SvjParameters,
    *,
    variance: float,
    growth: float,
    paths: int,
    steps: int,
    dt: float,
    seed: int,
    threads: int | None = None,
) -> float:
    """Return the mean of S_T / S_0 over simulated paths, without storing them.

    Parameters
    ----------
    model : SvjParameters
    variance : float, per year
        v at the start.
    growth : float, per year
        Drift of the index, ``r - q`` under the pricing measure.
    paths : int
        A multiple of 512.
    steps : int
    dt : float, years
    seed : int
    threads : int, optional
        One per processor where left out; the result does not depend on it.
    """
    sums, _, _ = _run(model, variance, growth, paths, steps, dt, seed, threads, keep=False)
    return float(sums.sum()) / paths


def svj_paths(
    model: SvjParameters,
    *,
    variance: float,
    growth: float,
    paths: int,
    steps: int,
    dt: float,
    seed: int,
    threads: int | None = None,
) -> tuple[F8, F8]:
    """Return ln(S / S_0) and the (untruncated) variance of every path after every step, (paths, steps) each."""
    _, logs, variances = _run(model, variance, growth, paths, steps, dt, seed, threads, keep=True)
    return logs, variances
