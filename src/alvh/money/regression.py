"""Alpha and beta by least squares with Newey-West errors.

1. Regress excess returns on the market's: b = (X'X)^-1 X'y with X = (1, market).
2. S = sum over lags l = 0...L of w_l (G_l + G_l'), G_l = sum of e_t e_(t-l) x_t x_(t-l)', Bartlett w_l = 1 - l/(L + 1).
3. The covariance of b is (X'X)^-1 S (X'X)^-1, times n / (n - 2) as the usual small-sample correction.

References
----------
.. [1] Newey, W. K. and West, K. D. (1987). A simple, positive semi-definite, heteroskedasticity and autocorrelation
   consistent covariance matrix. Econometrica 55.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8
from alvh.money.curve import SESSIONS_PER_YEAR

LAGS = 21
"""Lags of the errors, sessions: about the life of a condor, so that overlapping positions are allowed for."""
_TWO_SIDED_95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A fitted line.

    Attributes
    ----------
    alpha, alpha_error : float, per period
    beta, beta_error : float
    r2 : float
    n : int
    """

    alpha: float
    alpha_error: float
    beta: float
    beta_error: float
    r2: float
    n: int

    @property
    def alpha_interval(self) -> tuple[float, float]:
        """95 % interval of alpha per period."""
        return self.alpha - _TWO_SIDED_95 * self.alpha_error, self.alpha + _TWO_SIDED_95 * self.alpha_error

    @property
    def beta_interval(self) -> tuple[float, float]:
        """95 % interval of beta."""
        return self.beta - _TWO_SIDED_95 * self.beta_error, self.beta + _TWO_SIDED_95 * self.beta_error

    def annual_alpha(self, periods: float = SESSIONS_PER_YEAR) -> float:
        """Alpha times periods per year."""
        return self.alpha * periods


def fit_line(market: F8, excess: F8, lags: int = LAGS) -> Line | None:
    """Fit excess returns on the market's; None when the market does not move or fewer than 3 pairs exist.

    Parameters
    ----------
    market, excess : (n,) arrays of returns above the bill return
    lags : int
        0 gives heteroskedasticity-consistent errors.
    """
    n = int(market.size)
    if n < 3 or float(np.std(market)) <= 1e-14:
        return None
    design = np.column_stack((np.ones(n), market))
    inverse = np.linalg.inv(design.T @ design)
    weights = inverse @ (design.T @ excess)
    error = excess - design @ weights
    moment = design * error[:, None]
    middle = moment.T @ moment
    for lag in range(1, min(lags, n - 1) + 1):
        shifted = moment[lag:].T @ moment[:-lag]
        middle += (1.0 - lag / (lags + 1.0)) * (shifted + shifted.T)
    covariance = inverse @ middle @ inverse * (n / (n - 2))
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    spread = float(np.sum((excess - np.mean(excess)) ** 2))
    return Line(
        alpha=float(weights[0]),
        alpha_error=float(errors[0]),
        beta=float(weights[1]),
        beta_error=float(errors[1]),
        r2=1.0 - float(np.sum(error**2)) / spread if spread > 0.0 else 0.0,
        n=n,
    )
