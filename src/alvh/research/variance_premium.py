"""What VIX promised and what SPX then did: implied less realised volatility, on average.

References
----------
.. [1] Bondarenko, O. (2019). Historical performance of put-writing strategies. Cboe: VIX 19.3 % against realised
   volatility of 15.1 % over 1990-2018.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8, I8
from alvh.signals.realized import close_to_close, log_returns

MONTH = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Premium:
    """Means over a sample, in vol points.

    Attributes
    ----------
    implied, realized : float
        Mean VIX, and mean realised volatility of the `MONTH` sessions that follow each day.
    gap : float
        Implied less realised.
    above : float
        Share of days on which VIX was above what followed.
    days : int
    """

    implied: float
    realized: float
    gap: float
    above: float
    days: int


def implied_less_realized(spx: F8, vix: F8, rows: I8) -> Premium:
    """Compare VIX with the realised volatility of the month after it.

    Parameters
    ----------
    spx : (n,) array
        Daily closes.
    vix : (n,) array
        VIX of the same days, NaN where it has none.
    rows : (m,) array of int
        Days of the sample; those whose month is not over yet are left out.
    """
    after = np.full(spx.size, np.nan)
    after[:-MONTH] = 100.0 * close_to_close(log_returns(spx), MONTH)[MONTH:]
    implied, realized = vix[rows], after[rows]
    known = np.isfinite(implied) & np.isfinite(realized)
    implied, realized = implied[known], realized[known]
    return Premium(
        implied=float(implied.mean()),
        realized=float(realized.mean()),
        gap=float(implied.mean() - realized.mean()),
        above=float(np.mean(implied > realized)),
        days=int(known.sum()),
    )
