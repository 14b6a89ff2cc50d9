"""What the same money would have done elsewhere: the S&P 500 held, and Treasury bills."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.money.curve import Curve

SPX, CASH = "SPX", "cash"


def spx_held(dates: D8, spot: F8, initial: float, total_return: F8 | None = None) -> Curve:
    """Hold the index from the first session's snapshot.

    Parameters
    ----------
    spot : (n,) array, SPX points
    total_return : (n,) array, optional
        Level of the total-return index on the same sessions; the price index stands in where it is absent, and the
        curve's note says so.
    """
    level = spot if total_return is None else total_return
    note = "price index, dividends not included" if total_return is None else "total return, dividends reinvested"
    return Curve(name=SPX, dates=dates, value=initial * level / level[0], initial=initial, note=note)


def bills_held(dates: D8, rate: F8, known: B1, initial: float) -> Curve | None:
    """Roll one-month bills, compounding at every session as the account accrues; None where no rate is known.

    Parameters
    ----------
    rate : (n,) array, decimal per year
    known : (n,) array of bool
        A session without a known rate earns nothing, and the curve's note counts them.
    """
    if not known.any():
        return None
    days = np.diff(dates).astype("timedelta64[D]").astype(np.int64)
    growth = 1.0 + np.where(known[1:], rate[1:], 0.0) * days / 365.0
    value = initial * np.concatenate(([1.0], np.cumprod(growth)))
    missing = int(np.count_nonzero(~known[1:]))
    note = f"{missing} sessions without a known rate earn nothing" if missing else "one-month bills, no fees"
    return Curve(name=CASH, dates=dates, value=value, initial=initial, note=note)
