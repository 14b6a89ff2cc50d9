"""Put-call parity at prices that can be traded: what conversions and reversals would earn, strike by strike.

1. A long synthetic buys the call at its ask and sells the put at its bid: it costs ``buy = C_ask - P_bid``. A short one
   brings ``sell = C_bid - P_ask``. Parity says both stand for ``D (F - K)`` today.
2. A conversion holds the forward and sells the synthetic: it earns ``sell - D (F - K)`` for certain. A reversal buys
   the synthetic and sells the forward: it earns ``D (F - K) - buy``.
3. Trading the forward itself costs half its own spread, taken off both.

SPX pays dividends, but they are in the forward; where `F` is that of the expiry itself, none appear here. A positive
profit means a stale quote, quotes of different moments, or a wrong forward far more often than an opportunity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import F8
from alvh.core.errors import UsageError

__all__ = ["ParityGaps", "Synthetics", "parity_gaps", "synthetics"]

_MOST = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthetics:
    """Synthetic forwards of one expiry at executable prices; strikes without two usable quotes are left out.

    Attributes
    ----------
    strike : (n,) array, points
        Ascending.
    buy, sell : (n,) array, points
        Cost of a long synthetic and proceeds of a short one; ``sell <= buy``.
    absent, crossed : int
        Strikes left out because a quote is missing or has no bid, and because a bid is above its ask.
    """

    strike: F8
    buy: F8
    sell: F8
    absent: int
    crossed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityGaps:
    """Profit of conversions and reversals per strike, after spreads.

    Attributes
    ----------
    strike : (n,) array, points
        Ascending; only strikes with usable quotes.
    conversion, reversal : (n,) array, points, discounted
        Certain profit, negative where the spreads cost more than parity is off.
    gap : (n,) array, points, discounted
        Mid synthetic less parity: positive where calls are dear against puts.
    absent, crossed : int
        Strikes left out, as in `Synthetics`.
    """

    strike: F8
    conversion: F8
    reversal: F8
    gap: F8
    absent: int
    crossed: int


def synthetics(
    strike: ArrayLike, call_bid: ArrayLike, call_ask: ArrayLike, put_bid: ArrayLike, put_ask: ArrayLike
) -> Synthetics:
    """Build the synthetic forwards that can be traded.

    Parameters
    ----------
    strike : (n,) array, points
        One entry per strike, any order.
    call_bid, call_ask, put_bid, put_ask : (n,) arrays, points
        NaN or a zero bid where there is no quote.

    Returns
    -------
    Synthetics

    Raises
    ------
    UsageError
        The columns differ in length, or a strike occurs twice.
    """
    given = [np.asarray(column, dtype=np.float64) for column in (strike, call_bid, call_ask, put_bid, put_ask)]
    if any(column.shape != (given[0].size,) for column in given):
        raise UsageError(
            f"quote columns of shapes {[column.shape for column in given]} were given where one length is needed.",
            where="parity",
            fix="Pass one entry per strike in each column.",
        )
    k, cb, ca, pb, pa = given
    # Comparisons with NaN are false, so an absent quote is not quoted.
    quoted = (k > 0.0) & (k < _MOST) & (cb > 0.0) & (pb > 0.0) & (ca > 0.0) & (pa > 0.0) & (ca + pa < _MOST)
    straight = quoted & (ca >= cb) & (pa >= pb)
    order = np.flatnonzero(straight)[np.argsort(k[straight], kind="stable")]
    sorted_strike = k[order]
    if np.any(np.diff(sorted_strike) <= 0.0):
        twice = float(sorted_strike[1:][np.diff(sorted_strike) <= 0.0][0])
        raise UsageError(
            f"strike {twice:g} occurs twice where one entry per strike is needed.",
            where="parity",
            fix="Pass one expiry and one root at a time.",
        )
    return Synthetics(
        strike=sorted_strike,
        buy=(ca - pb)[order],
        sell=(cb - pa)[order],
        absent=int(np.count_nonzero(~quoted)),
        crossed=int(np.count_nonzero(quoted & ~straight)),
    )


def parity_gaps(
    strike: ArrayLike,
    call_bid: ArrayLike,
    call_ask: ArrayLike,
    put_bid: ArrayLike,
    put_ask: ArrayLike,
    *,
    forward: float,
    discount: float,
    forward_half_spread: float = 0.0,
) -> ParityGaps:
    """Measure how far quotes are from parity, at prices that can be traded.

    Parameters
    ----------
    strike, call_bid, call_ask, put_bid, put_ask : (n,) arrays, points
        As in `synthetics`.
    forward : float, points
        Of this expiry: `parity_forward`, or a future that settles with it.
    discount : float
    forward_half_spread : float, points
        Cost of trading the forward on one side.

    Returns
    -------
    ParityGaps

    Raises
    ------
    UsageError
        Forward or discount is not positive and finite, the half spread is negative, or as in `synthetics`.
    """
    if not (0.0 < forward < math.inf and 0.0 < discount < math.inf and 0.0 <= forward_half_spread < math.inf):
        raise UsageError(
            f"forward {forward!r}, discount {discount!r} and half spread {forward_half_spread!r} were given where "
            "positive numbers and a half spread from zero up are needed.",
            where="parity_gaps",
            fix="Imply forward and discount with parity_forward.",
        )
    found = synthetics(strike, call_bid, call_ask, put_bid, put_ask)
    worth = discount * (forward - found.strike)
    cost = discount * forward_half_spread
    return ParityGaps(
        strike=found.strike,
        conversion=found.sell - worth - cost,
        reversal=worth - found.buy - cost,
        gap=0.5 * (found.buy + found.sell) - worth,
        absent=found.absent,
        crossed=found.crossed,
    )
