"""What an index is worth by its dividends, and what its capital costs: Gordon, H-model, CAPM, WACC."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8
from alvh.core.errors import UsageError

__all__ = ["capm_cost", "h_model_value", "projected_drift", "wacc"]


def capm_cost(riskless: F8, beta: float, premium: float) -> F8:
    """Cost of equity by the CAPM, decimal per year: riskless + beta * premium."""
    return riskless + beta * premium


def wacc(equity_cost: F8, debt_cost: F8, debt_share: F8, tax: float) -> F8:
    """Weighted average cost of capital, decimal per year: E/V * equity + D/V * debt * (1 - tax)."""
    return (1.0 - debt_share) * equity_cost + debt_share * debt_cost * (1.0 - tax)


def h_model_value(dividend: F8, growth_short: F8, growth_long: F8, half_life: float, rate: F8) -> F8:
    """Value a stream of dividends whose growth fades linearly from a short-run to a long-run rate.

    Parameters
    ----------
    dividend : (n,) array
        Paid over the last twelve months.
    growth_short, growth_long : (n,) array, decimal per year
        With both equal this is Gordon's formula.
    half_life : float, years
        Half of the time over which growth fades.
    rate : (n,) array, decimal per year
        Discount rate; above `growth_long` everywhere.

    Raises
    ------
    UsageError
        Where the discount rate does not exceed long-run growth: the sum has no value.

    References
    ----------
    .. [1] Fuller, R. and Hsia, C. (1984). A simplified common stock valuation model. Financial Analysts Journal 40.
    """
    gap = np.asarray(rate - growth_long)
    if not (gap > 0.0).all():
        raise UsageError(
            f"a discount rate lies {-float(np.min(gap)):.4f} below or at long-run growth, so dividends have no value.",
            fix="Raise the equity premium or lower the long-run growth.",
        )
    value: F8 = dividend * (1.0 + growth_long + half_life * (growth_short - growth_long)) / gap
    return value


def projected_drift(
    tau: F8 | float, earnings_yield: F8, growth: F8, log_value_over_price: F8, strength: F8 | float = 1.0
) -> F8:
    """Project the index's log drift over `tau` years (D-DDM).

    Income and trend growth accrue; half of the gap between price and value closes in a year.

    Parameters
    ----------
    tau : (n,) array or float, years
    earnings_yield, growth : (n,) array, decimal per year
        Earnings over price; trend growth of real GDP.
    log_value_over_price : (n,) array
    strength : (n,) array or float
        0.5 + percentile of the constituents' quick ratio; 1 where that is absent.
    """
    closed = 1.0 - np.exp2(-np.asarray(tau))
    drift: F8 = strength * (tau * (earnings_yield + growth) + closed * log_value_over_price)
    return drift
