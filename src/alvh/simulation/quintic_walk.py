"""One long path of the quintic market as it would be seen: the real measure, jumps, and what a scenario prescribes."""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled
from alvh.simulation.draws import normal_pair, stream_key, uniform
from alvh.simulation.quintic import DEGREE
from alvh.simulation.quintic_paths import volatility, volatility_slope

__all__ = ["find_state", "polynomial_at", "walk"]

_STATE, _JUMP = 4, 5
_HIGHEST = 6.0


@compiled
def polynomial_at(table: F8, x: float, y: float) -> float:
    """Evaluate a polynomial of degree ten at one state."""
    total = 0.0
    for a in range(DEGREE, -1, -1):
        inner = 0.0
        for b in range(DEGREE - a, -1, -1):
            inner = inner * y + table[a, b]
        total = total * x + inner
    return total


@compiled
def find_state(table: F8, x: float, y: float, square: float, slow: float) -> tuple[float, float]:
    """Move a state until VIX squared is what is wanted.

    The way is ``(1 - slow, 6 slow)`` in (X, Y), as far as needed in either direction: factors differ in their spread by
    about six.

    Parameters
    ----------
    table : (11, 11) array
        VIX squared per year as a polynomial in the state.
    x, y : float
        State to start from.
    square : float, per year
    slow : float
        Share of the slow factor in the move, 0 to 1.
    """
    step_x, step_y = 1.0 - slow, 6.0 * slow
    low, high = -_HIGHEST, _HIGHEST
    # The polynomial rises to the right of its minimum; walk left from there no further than it falls.
    floor = 0.0
    least = polynomial_at(table, x, y)
    for i in range(1, 61):
        at = -0.01 * i
        value = polynomial_at(table, x + at * step_x, y + at * step_y)
        if value >= least:
            break
        least, floor = value, at
    low = floor
    if square <= least:
        return x + floor * step_x, y + floor * step_y
    for _ in range(80):
        middle = 0.5 * (low + high)
        if polynomial_at(table, x + middle * step_x, y + middle * step_y) < square:
            low = middle
        else:
            high = middle
    return x + low * step_x, y + low * step_y


@compiled
def walk(
    vector: F8,
    steps: F8,
    start: tuple[float, float],
    premium: float,
    jump: tuple[float, float, float, float],
    seed: int,
    vix_table: F8,
    force_vix: F8,
    force_slow: F8,
    force_return: F8,
) -> tuple[F8, F8, F8, F8]:
    """Draw one path.

    Parameters
    ----------
    vector : (23,) array
        `QuinticModel.vector`, stationary.
    steps : (m, 9) array
        `quintic_paths.step_table`.
    start : (float, float)
        X and Y.
    premium : float
        eta: under the real measure W drifts by -eta against the pricing measure's, ``dW_Q = dW_P - eta dt``.
    jump : (float, float, float, float)
        Real jumps and compensated jumps per unit of variance, mean and sd of the log jump.
    seed : int
    vix_table : (11, 11) array
        VIX squared per year as a polynomial.
    force_vix, force_slow, force_return : (m,) arrays
        See `joint.Forced`.

    Returns
    -------
    states (m, 2), log index (m,), variance (m,), jumps (m,)
    """
    m = steps.shape[0]
    states, log_index, variance, jumps = np.empty((m, 2)), np.empty(m), np.empty(m), np.zeros(m)
    key, jump_key = stream_key(seed, _STATE), stream_key(seed, _JUMP)
    theta, rho = vector[3], vector[4]
    root_scale = math.sqrt(vector[0])
    own = math.sqrt(1.0 - rho * rho)
    real_rate, rate, jump_mean, jump_sd = jump
    compensator = math.exp(jump_mean + 0.5 * jump_sd * jump_sd) - 1.0
    x, y = start
    z = theta * x + (1.0 - theta) * y
    sigma, slope = root_scale * volatility(vector, z), root_scale * volatility_slope(vector, z)
    total = 0.0
    for i in range(m):
        fast, slow, root, x_w, x_own = steps[i, 0], steps[i, 1], steps[i, 2], steps[i, 3], steps[i, 4]
        y_w, y_x, y_own, dt = steps[i, 5], steps[i, 6], steps[i, 7], steps[i, 8]
        first, second = normal_pair(key, np.uint64(2 * i))
        third, fourth = normal_pair(key, np.uint64(2 * i + 1))
        x = fast * x + x_w * first + x_own * second - premium * (1.0 - fast) / vector[1]
        y = slow * y + y_w * first + y_x * second + y_own * third - premium * (1.0 - slow) / vector[2]
        w = root * first
        stochastic = sigma * (w - premium * dt) + 0.5 * slope * (w * w - dt)
        if force_vix[i] == force_vix[i]:
            x, y = find_state(vix_table, x, y, (0.01 * force_vix[i]) ** 2, force_slow[i])
        z = theta * x + (1.0 - theta) * y
        level = root_scale * volatility(vector, z)
        square = 0.5 * dt * (sigma * sigma + level * level)
        change = rho * stochastic - 0.5 * square + own * math.sqrt(square) * fourth
        sigma, slope = level, root_scale * volatility_slope(vector, z)
        if rate > 0.0:
            change -= rate * compensator * square
            if uniform(jump_key, np.uint64(2 * i)) < 1.0 - math.exp(-real_rate * square):
                size, _ = normal_pair(jump_key, np.uint64(2 * i + 1))
                jumps[i] = jump_mean + jump_sd * size
                change += jumps[i]
        if force_return[i] == force_return[i]:
            change = force_return[i]
            jumps[i] = 0.0
        total += change
        states[i, 0], states[i, 1] = x, y
        log_index[i] = total
        variance[i] = level * level
    return states, log_index, variance, jumps
