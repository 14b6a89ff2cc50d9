"""Fit the coefficients of the smile (`calibration.SHAPE`) to recorded quotes.

1. A sample is slices (one expiry of one session: forward, total variance of the model at that expiry, days, the two
   slopes) and quotes (slice, log-moneyness, volatility of the mid).
2. A slice's level is solved by the strip condition inside the fit, so the coefficients describe shape alone.
3. Residuals are volatility points under a soft absolute loss (0.7 points), each session's slices of equal weight and
   sessions weighted by the caller; a Levenberg-Marquardt iteration from one neutral start, differences for the
   derivatives, and a weak pull to that start, for the coefficients lie in a long shallow valley.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, F8, I8
from alvh.core.compiled import compiled
from alvh.pricing.modelled.svi import SHAPE_SIZE, level_slice, smile_vol

__all__ = ["NEUTRAL", "ShapeSample", "fit_shape", "shape_vols"]

NEUTRAL = np.array([[0.4, 0.0, 0.0, 0.0], [0.5, 0.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.0, 0.0]])
"""Where every fit starts: one smile for all days and tenors."""

_LOSS = 0.7
_PULL = 100.0
_ITERATIONS = 30
_STEP = 1e-4
_TOLERANCE = 1e-5
# Coefficients further out are no smile, and would leave the range of the solver.
_MOST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeSample:
    """Slices and the quotes that stand on them.

    Attributes
    ----------
    forward : (n,) array, points
    variance : (n,) array
        Total variance of the model at the expiry.
    days : (n,) array, calendar days
    slope, long_slope : (n,) arrays
        ln(VIX3M / VIX) and ln(VIX6M / VIX3M) of the session.
    tau : (n,) array, years
        Of the quotes' volatilities.
    weight : (n,) array
        Of the slice; its quotes share it.
    place : (q,) array
        Slice of each quote, ascending.
    k : (q,) array
        ln(strike / forward).
    vol : (q,) array, decimal
        Implied by the recorded mid.
    """

    forward: F8
    variance: F8
    days: F8
    slope: F8
    long_slope: F8
    tau: F8
    weight: F8
    place: I8
    k: F8
    vol: F8

    def taking(self, keep: B1) -> ShapeSample:
        """Return the slices that are kept, with their quotes."""
        quotes = keep[self.place]
        columns = ("forward", "variance", "days", "slope", "long_slope", "tau", "weight")
        slices = {name: getattr(self, name)[keep] for name in columns}
        moved = np.cumsum(keep) - 1
        return ShapeSample(**slices, place=moved[self.place[quotes]], k=self.k[quotes], vol=self.vol[quotes])


@compiled
def _vols(table: F8, forward: F8, variance: F8, days: F8, slope: F8, long_slope: F8, tau: F8, place: I8, k: F8) -> F8:
    vols = np.empty(k.size)
    shape = np.empty(SHAPE_SIZE)
    last = -1
    for j in range(k.size):
        i = place[j]
        if i != last:
            shape = level_slice(forward[i], variance[i], days[i], slope[i], long_slope[i], table)
            last = i
        vols[j] = smile_vol(shape, k[j]) / math.sqrt(tau[i])
    return vols


def shape_vols(table: F8, sample: ShapeSample) -> F8:
    """Return the smile's volatility of every quote, decimal, before the corrections of the far wings."""
    s = sample
    return _vols(table, s.forward, s.variance, s.days, s.slope, s.long_slope, s.tau, s.place, s.k)


def fit_shape(sample: ShapeSample, *, start: F8 = NEUTRAL) -> F8:
    """Fit the coefficients.

    Parameters
    ----------
    sample : ShapeSample
    start : (4, 4) array, optional

    Returns
    -------
    (4, 4) array
        Laid out like `calibration.SHAPE`.
    """
    share = sample.weight / np.bincount(sample.place, minlength=sample.weight.size)
    weight = share[sample.place]
    weight *= weight.size / weight.sum()
    theta = start.ravel().copy()
    residual = _residuals(theta, sample)
    cost = _cost(residual, weight, theta, start)
    damping = 1e-3
    for _ in range(_ITERATIONS):
        jacobian = _jacobian(theta, sample, residual)
        # Iterated weights: the soft loss bends as one over the distance.
        bent = weight / np.sqrt(1.0 + (residual / _LOSS) ** 2)
        normal = jacobian.T @ (bent[:, None] * jacobian) + _PULL * np.eye(theta.size)
        gradient = jacobian.T @ (bent * residual) + _PULL * (theta - start.ravel())
        for _ in range(_ITERATIONS):
            step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), -gradient)
            trial = np.clip(theta + step, -_MOST, _MOST)
            found = _residuals(trial, sample)
            better = _cost(found, weight, trial, start)
            if better < cost:
                break
            damping *= 4.0
        else:
            break
        gain = cost - better
        theta, residual, cost = trial, found, better
        damping = max(damping / 4.0, 1e-9)
        if gain < _TOLERANCE * cost:
            break
    return theta.reshape(start.shape)


def _residuals(theta: F8, sample: ShapeSample) -> F8:
    gap: F8 = 100.0 * (shape_vols(theta.reshape(4, 4), sample) - sample.vol)
    return gap


def _cost(residual: F8, weight: F8, theta: F8, start: F8) -> float:
    loss = _LOSS**2 * (np.sqrt(1.0 + (residual / _LOSS) ** 2) - 1.0)
    pull = 0.5 * _PULL * float(np.sum((theta - start.ravel()) ** 2))
    total = float(np.sum(weight * loss)) + pull
    return total if math.isfinite(total) else math.inf


def _jacobian(theta: F8, sample: ShapeSample, residual: F8) -> F8:
    columns = []
    for place in range(theta.size):
        moved = theta.copy()
        moved[place] += _STEP
        columns.append((_residuals(moved, sample) - residual) / _STEP)
    return np.column_stack(columns)
