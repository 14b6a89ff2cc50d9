"""The law of VIX at a later time in the quintic market: VX is its mean, VVIX its log, the smile its cloud."""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled
from alvh.simulation.quintic_walk import polynomial_at

__all__ = ["FINE", "QUICK", "Rule", "futures", "hermite_rule", "vix_cloud", "vix_of_vix"]

Rule = tuple[F8, F8, F8, F8]


def hermite_rule(long: int, short: int) -> Rule:
    """Return Gauss-Hermite nodes and weights for the long and the short axis of a two-dimensional normal law."""
    far, far_weight = np.polynomial.hermite_e.hermegauss(long)
    near, near_weight = np.polynomial.hermite_e.hermegauss(short)
    return far, far_weight / far_weight.sum(), near, near_weight / near_weight.sum()


QUICK = hermite_rule(24, 5)
"""For levels: VX to about 1e-6."""
FINE = hermite_rule(96, 6)
"""For smiles."""


@compiled
def _axes(speed_x: float, speed_y: float, tau: float) -> tuple[float, float, float, float]:
    """Return the long and the short axis of the law of (X, Y): columns of a root of its covariance."""
    xx = -math.expm1(-2.0 * speed_x * tau) / (2.0 * speed_x)
    yy = -math.expm1(-2.0 * speed_y * tau) / (2.0 * speed_y)
    xy = -math.expm1(-(speed_x + speed_y) * tau) / (speed_x + speed_y)
    half, gap = 0.5 * (xx + yy), 0.5 * (xx - yy)
    spread = math.sqrt(gap * gap + xy * xy)
    angle = 0.5 * math.atan2(xy, gap)
    long, short = math.sqrt(half + spread), math.sqrt(max(half - spread, 0.0))
    return long * math.cos(angle), long * math.sin(angle), -short * math.sin(angle), short * math.cos(angle)


@compiled
def vix_cloud(vector: F8, table: F8, x: float, y: float, tau: float, rule: Rule) -> tuple[F8, F8]:
    """Return values of VIX after a time, vol points, and their weights.

    Parameters
    ----------
    vector : (23,) array
        `QuinticModel.vector`.
    table : (11, 11) array
        VIX squared per year as a polynomial in the state.
    x, y : float
        State now.
    tau : float, years
    rule : Rule
    """
    far, far_weight, near, near_weight = rule
    long_x, long_y, short_x, short_y = _axes(vector[1], vector[2], tau)
    mean_x, mean_y = x * math.exp(-vector[1] * tau), y * math.exp(-vector[2] * tau)
    values, weights = np.empty(far.size * near.size), np.empty(far.size * near.size)
    place = 0
    for i in range(far.size):
        for j in range(near.size):
            at_x = mean_x + far[i] * long_x + near[j] * short_x
            at_y = mean_y + far[i] * long_y + near[j] * short_y
            values[place] = 100.0 * math.sqrt(polynomial_at(table, at_x, at_y))
            weights[place] = far_weight[i] * near_weight[j]
            place += 1
    return values, weights


@compiled
def futures(vector: F8, table: F8, states: F8, tau: F8, rule: Rule) -> F8:
    """Return E[VIX_T] of n pairs of state (n, 2) and horizon (n,), vol points."""
    out = np.empty(tau.size)
    for n in range(tau.size):
        values, weights = vix_cloud(vector, table, states[n, 0], states[n, 1], tau[n], rule)
        total = 0.0
        for i in range(values.size):
            total += weights[i] * values[i]
        out[n] = total
    return out


@compiled
def vix_of_vix(vector: F8, table: F8, states: F8, tau: float, rule: Rule) -> F8:
    """Return ``100 sqrt(-2 E[ln(VIX_T / VX_T)] / tau)`` at n states."""
    out = np.empty(states.shape[0])
    for n in range(out.size):
        values, weights = vix_cloud(vector, table, states[n, 0], states[n, 1], tau, rule)
        mean, log_mean = 0.0, 0.0
        for i in range(values.size):
            mean += weights[i] * values[i]
            log_mean += weights[i] * math.log(values[i])
        out[n] = 100.0 * math.sqrt(2.0 * (math.log(mean) - log_mean) / tau)
    return out
