"""Trailing least squares: betas, R² and one-step forecasts, each window computed afresh so that no error accumulates.

1. Take the last `window` rows, fewer at the start but never below `at_least`.
2. Remove the means; form the cross products of the regressors; solve by Cholesky.
3. A window that holds a missing value, or whose regressors do not vary independently, has no answer (NaN).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled

__all__ = ["Autoregression", "TrailingFit", "trailing_autoregression", "trailing_ols"]

_SINGULAR = 1e-12
"""Share of a regressor's variation that must be left after the regressors before it are taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailingFit:
    """Least squares over trailing windows.

    Attributes
    ----------
    intercept : (n,) array
        NaN where the window has no answer, as in the other columns.
    slopes : (n, k) array
    r2 : (n,) array
        Share of the variance of y that the regressors explain.
    """

    intercept: F8
    slopes: F8
    r2: F8


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoregression:
    """One-step forecasts of a series from its own past.

    Attributes
    ----------
    forecast : (n,) array
        Of the value at i from values before i only; NaN while the past is too short.
    surprise : (n,) array
        (value - forecast) over the standard deviation of the errors before i; NaN while these are too few.
    """

    forecast: F8
    surprise: F8


def trailing_ols(y: F8, x: F8, window: int, *, at_least: int | None = None, first: int = 0) -> TrailingFit:
    """Regress y on the columns of x and a constant over trailing windows.

    Parameters
    ----------
    y : (n,) array
    x : (n, k) array or (n,) array
    window : int
        Rows of a window.
    at_least : int, optional
        Rows from which a window counts; `window` if left out.
    first : int
        Row from which answers are wanted; those before it are left out (NaN).
    """
    columns = np.ascontiguousarray(x if x.ndim == 2 else x[:, None], dtype=np.float64)
    intercept, slopes, r2 = _fit(np.ascontiguousarray(y, dtype=np.float64), columns, window, at_least or window, first)
    return TrailingFit(intercept=intercept, slopes=slopes, r2=r2)


def trailing_autoregression(
    values: F8, *, order: int, window: int, at_least: int, errors: int, least_errors: int, first: int = 0
) -> Autoregression:
    """Forecast each value from the `order` values before it, with coefficients fitted on the past only.

    Parameters
    ----------
    values : (n,) array
        One per release.
    order : int
        Number of lags.
    window, at_least : int
        Rows of the trailing fit, and rows from which it counts.
    errors, least_errors : int
        Past one-step errors whose standard deviation (ddof 1) is the unit of a surprise, and how many it needs.
    first : int
        Place from which surprises are wanted; those before it may be left out (NaN).
    """
    n = values.size
    forecast, surprise = np.full(n, np.nan), np.full(n, np.nan)
    if n <= order + at_least:
        return Autoregression(forecast=forecast, surprise=surprise)
    lags = np.column_stack([values[order - 1 - lag : n - 1 - lag] for lag in range(order)])
    fit = trailing_ols(values[order:], lags, window, at_least=at_least, first=max(first - errors - order - 1, 0))
    forecast[order + 1 :] = fit.intercept[:-1] + (fit.slopes[:-1] * lags[1:]).sum(axis=1)
    error = values - forecast
    spread = _past_spread(error, errors, least_errors)
    held = np.isfinite(spread) & (spread > 0.0)
    surprise[held] = error[held] / spread[held]
    return Autoregression(forecast=forecast, surprise=surprise)


@compiled
def _fit(y: F8, x: F8, window: int, at_least: int, first: int) -> tuple[F8, F8, F8]:
    n, k = x.shape
    intercept = np.full(n, np.nan)
    slopes = np.full((n, k), np.nan)
    r2 = np.full(n, np.nan)
    mean = np.empty(k)
    gram = np.empty((k, k))
    right = np.empty(k)
    for end in range(max(at_least - 1, first), n):
        start = max(0, end - window + 1)
        rows = end - start + 1
        if rows <= k:
            continue
        y_mean = 0.0
        mean[:] = 0.0
        for i in range(start, end + 1):
            y_mean += y[i]
            for a in range(k):
                mean[a] += x[i, a]
        y_mean /= rows
        mean /= rows
        if not (np.isfinite(y_mean) and np.isfinite(mean).all()):
            continue
        gram[:] = 0.0
        right[:] = 0.0
        total = 0.0
        for i in range(start, end + 1):
            dy = y[i] - y_mean
            total += dy * dy
            for a in range(k):
                da = x[i, a] - mean[a]
                right[a] += da * dy
                for b in range(a + 1):
                    gram[a, b] += da * (x[i, b] - mean[b])
        if not _solve(gram, right, slopes[end]):
            slopes[end] = np.nan
            continue
        explained = 0.0
        level = y_mean
        for a in range(k):
            explained += slopes[end, a] * right[a]
            level -= slopes[end, a] * mean[a]
        intercept[end] = level
        if total > 0.0:
            r2[end] = min(1.0, max(0.0, explained / total))
    return intercept, slopes, r2


@compiled
def _solve(gram: F8, right: F8, answer: F8) -> bool:
    """Solve gram * answer = right for a symmetric positive matrix of which the lower half is filled."""
    k = right.size
    lower = np.zeros((k, k))
    for a in range(k):
        for b in range(a + 1):
            rest = gram[a, b]
            for c in range(b):
                rest -= lower[a, c] * lower[b, c]
            if a == b:
                if not rest > _SINGULAR * gram[a, a]:
                    return False
                lower[a, a] = np.sqrt(rest)
            else:
                lower[a, b] = rest / lower[b, b]
    for a in range(k):
        rest = right[a]
        for c in range(a):
            rest -= lower[a, c] * answer[c]
        answer[a] = rest / lower[a, a]
    for back in range(k):
        a = k - 1 - back
        rest = answer[a]
        for c in range(a + 1, k):
            rest -= lower[c, a] * answer[c]
        answer[a] = rest / lower[a, a]
    return True


@compiled
def _past_spread(error: F8, window: int, at_least: int) -> F8:
    """Take the standard deviation of the finite errors among the `window` before each place, itself left out."""
    out = np.full(error.size, np.nan)
    for place in range(error.size):
        count, mean = 0, 0.0
        for i in range(max(0, place - window), place):
            if np.isfinite(error[i]):
                count += 1
                mean += error[i]
        if count < at_least or count < 2:
            continue
        mean /= count
        total = 0.0
        for i in range(max(0, place - window), place):
            if np.isfinite(error[i]):
                total += (error[i] - mean) ** 2
        out[place] = np.sqrt(total / (count - 1))
    return out
