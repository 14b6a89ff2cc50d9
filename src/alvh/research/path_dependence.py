"""How much of VIX the past of SPX explains: the path-dependent regression of Guyon and Lekeufack.

VIX / 100 = level + trend x R1 + activity x root of R2, where R1 is a weighted sum of past daily returns and R2 one of
past squared daily returns. Each weight is a mix of two exponentials of the time passed,

    K(tau) = (1 - mix) x fast x exp(-fast x tau) + mix x slow x exp(-slow x tau),

tau in years of 252 sessions, cut off after `SESSIONS` sessions, today's return included at tau = 0. `PUBLISHED` are the
authors' parameters for VIX on SPX, fitted on 2000-2018.

References
----------
.. [1] Guyon, J. and Lekeufack, J. (2023). Volatility is (mostly) path-dependent. Quantitative Finance 23(9),
   1221-1258, and the authors' notebook.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8, I8

SESSIONS = 1000
YEAR = 252.0
_STEPS, _TINY, _STEP = 100, 1e-12, 1e-5
"""Steps of a fit, the relative gain at which it ends, and the step of its slopes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A mix of two exponentials.

    Attributes
    ----------
    fast, slow : float, per year
        Rates of decay.
    mix : float
        Share of the slow one.
    """

    fast: float
    slow: float
    mix: float

    def weights(self) -> F8:
        """Weights of the last `SESSIONS` returns, today's first."""
        tau = np.arange(SESSIONS) / YEAR
        made: F8 = (1.0 - self.mix) * self.fast * np.exp(-self.fast * tau)
        made = made + self.mix * self.slow * np.exp(-self.slow * tau)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class PathModel:
    """The regression with its parameters: level, trend and activity are decimals of volatility."""

    level: float
    trend: float
    activity: float
    past_returns: Kernel
    past_squares: Kernel

    def volatility(self, returns: F8) -> F8:
        """Predict VIX / 100 on each day of a history of simple daily returns of SPX, oldest first."""
        trend, activity = _features(returns, self.past_returns, self.past_squares)
        made: F8 = self.level + self.trend * trend + self.activity * activity
        return made


PUBLISHED = PathModel(
    level=0.05069,
    trend=-0.07981,
    activity=0.86167,
    past_returns=Kernel(fast=50.77, slow=3.795, mix=0.7994),
    past_squares=Kernel(fast=16.99, slow=1.199, mix=0.4239),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well predictions fit.

    Attributes
    ----------
    r2 : float
        1 - sum of squared errors / sum of squared deviations from the sample's own mean.
    rmse : float, decimal of volatility
    days : int
    """

    r2: float
    rmse: float
    days: int


def score(observed: F8, predicted: F8) -> Score:
    """Compare predictions with what was observed."""
    error = observed - predicted
    spread = observed - observed.mean()
    return Score(
        r2=float(1.0 - (error @ error) / (spread @ spread)),
        rmse=float(np.sqrt(np.mean(error * error))),
        days=observed.size,
    )


def fit(returns: F8, rows: I8, observed: F8, start: PathModel = PUBLISHED) -> PathModel:
    """Fit all nine parameters by least squares, the three linear ones solved for inside (variable projection).

    Parameters
    ----------
    returns : (n,) array
        Simple daily returns, oldest first; those before the sample fill its windows.
    rows : (m,) array of int
        Days of `returns` in the sample.
    observed : (m,) array
        VIX / 100 on them.
    start : PathModel
        Where the search begins.
    """
    point = _packed(start)
    error, model = _projected(point, returns, rows, observed)
    damping = 1e-3
    for _ in range(_STEPS):
        slopes = np.column_stack(
            [
                (_projected(point + step, returns, rows, observed)[0] - error) / _STEP
                for step in np.eye(point.size) * _STEP
            ]
        )
        square, right = slopes.T @ slopes, slopes.T @ error
        move = np.linalg.solve(square + damping * np.diag(np.diag(square)), -right)
        tried, other = _projected(point + move, returns, rows, observed)
        if tried @ tried < error @ error:
            done = (error @ error - tried @ tried) < _TINY * (error @ error)
            point, error, model, damping = point + move, tried, other, damping / 4.0
            if done:
                break
        else:
            damping *= 8.0
    return model


def _features(returns: F8, first: Kernel, second: Kernel) -> tuple[F8, F8]:
    n = returns.size
    trend = np.convolve(returns, first.weights())[:n]
    variance = np.convolve(returns * returns, second.weights())[:n]
    return trend, np.sqrt(variance)


def _packed(model: PathModel) -> F8:
    """Logarithms of the rates and log odds of the mixes, so that every point is a model."""
    kernels = (model.past_returns, model.past_squares)
    return np.array(
        [
            value
            for kernel in kernels
            for value in (np.log(kernel.fast), np.log(kernel.slow), np.log(kernel.mix / (1.0 - kernel.mix)))
        ]
    )


def _projected(point: F8, returns: F8, rows: I8, observed: F8) -> tuple[F8, PathModel]:
    """Errors at a point with the best level, trend and activity, and that model."""
    first, second = (
        Kernel(fast=float(np.exp(fast)), slow=float(np.exp(slow)), mix=float(1.0 / (1.0 + np.exp(-odds))))
        for fast, slow, odds in (point[:3], point[3:])
    )
    trend, activity = _features(returns, first, second)
    design = np.column_stack([np.ones(rows.size), trend[rows], activity[rows]])
    found = np.linalg.lstsq(design, observed, rcond=None)[0]
    model = PathModel(
        level=float(found[0]),
        trend=float(found[1]),
        activity=float(found[2]),
        past_returns=first,
        past_squares=second,
    )
    error: F8 = design @ found - observed
    return error, model
