"""Realised volatility of a price, each estimator over a trailing window of sessions, a year of 252 sessions.

References
----------
.. [1] Yang, D. and Zhang, Q. (2000). Drift-independent volatility estimation based on high, low, open, and close
   prices. J. Business 73.
.. [2] Barndorff-Nielsen, O. E. and Shephard, N. (2004). Power and bipower variation with stochastic volatility and
   jumps. J. Financial Econometrics 2.
"""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8
from alvh.signals.windows import trailing_mean, trailing_std, trailing_sum

__all__ = ["YEAR", "close_to_close", "jump_share", "log_returns", "yang_zhang"]

YEAR = 252.0
"""Sessions a year."""


def log_returns(close: F8) -> F8:
    """Log change from the row before, NaN for the first."""
    returns: F8 = np.diff(np.log(close), prepend=np.nan)
    return returns


def close_to_close(returns: F8, window: int) -> F8:
    """Root of the mean squared log return, annualised, decimal; the mean return is taken as zero."""
    volatility: F8 = np.sqrt(trailing_mean(returns * returns, window) * YEAR)
    return volatility


def yang_zhang(open_: F8, high: F8, low: F8, close: F8, window: int) -> F8:
    """Yang-Zhang volatility, annualised, decimal; needs `window` + 1 rows for the first overnight return.

    Parameters
    ----------
    open_, high, low, close : (n,) arrays
        NaN where a day has no such price; windows that hold one are NaN, and so are those whose prices contradict each
        other so much that no variance is left.
    """
    before = np.concatenate((np.full(1, np.nan), close[:-1])) if close.size else close
    overnight = np.log(open_ / before)
    day = np.log(close / open_)
    rogers_satchell = np.log(high / close) * np.log(high / open_) + np.log(low / close) * np.log(low / open_)
    weight = 0.34 / (1.34 + (window + 1.0) / (window - 1.0))
    variance = (
        trailing_std(overnight, window) ** 2
        + weight * trailing_std(day, window) ** 2
        + (1.0 - weight) * trailing_mean(rogers_satchell, window)
    )
    # A high below a low can make it negative: contradictory prices, no volatility.
    volatility: F8 = np.sqrt(np.where(variance >= 0.0, variance, np.nan) * YEAR)
    return volatility


def jump_share(returns: F8, window: int) -> F8:
    """Share of realised variance that bipower variation does not explain, 0 to 1.

    Bipower variation is pi / 2 times the sum of products of neighbouring absolute returns inside the window, scaled by
    window / (window - 1) for the product it lacks. Zero where it exceeds realised variance, and where nothing moved.
    """
    size = np.abs(returns)
    neighbours = np.concatenate((np.full(1, np.nan), size[1:] * size[:-1])) if size.size else size
    bipower = 0.5 * np.pi * window / (window - 1.0) * trailing_sum(neighbours[1:], window - 1)
    bipower = np.concatenate((np.full(1, np.nan), bipower)) if size.size else bipower
    total = trailing_sum(returns * returns, window)
    share = np.where(total > 0.0, 1.0 - bipower / np.where(total > 0.0, total, 1.0), 0.0)
    return np.where(np.isfinite(total), np.maximum(share, 0.0), np.nan)
