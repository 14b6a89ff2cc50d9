"""The financing rate of one expiry that boxes offer, with the interval inside which nobody can lock in a profit.

1. A conversion at K1 and a reversal at K2 > K1 are a short box: it brings ``sell(K1) - buy(K2)`` today and owes
   ``K2 - K1`` for certain at expiry, a loan. The long box, ``buy(K1) - sell(K2)``, is a deposit.
2. Over all pairs of strikes the dearest deposit rate that can be traded is the lower end of the interval, the cheapest
   loan rate its upper end.
3. A stale quote shows as a strike whose own conversion or reversal earns money against the robust line of
   `parity_forward`; such strikes are left out first. If the interval is still inverted, quotes contradict each other
   and that is the answer.
4. The rate in the middle is that of the line, where the quotes pin one.

The last two legs of dividends cancel: a box holds no underlying.

References
----------
.. [1] van Binsbergen, J., Diamond, W., Grotteria, M. (2022). Risk-free interest rates. J. Financial Economics 143.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import B1, F8
from alvh.pricing.forwards import NoForward, ParityForward, RateSource, parity_forward
from alvh.pricing.parity import Synthetics, synthetics

__all__ = ["Box", "BoxRate", "NoBox", "box_rate"]

_LEAST_PAIRS = 2
# Exact prices would otherwise contradict their own line by a rounding error.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box that can be traded.

    Attributes
    ----------
    low, high : float, points
        Strikes; a loan converts at `low` and reverses at `high`, a deposit the other way round.
    price : float, points
        Received for a loan, paid for a deposit, after costs.
    rate : float, decimal per year
        Continuously compounded, ``-ln(price / (high - low)) / tau``.
    """

    low: float
    high: float
    price: float
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRate:
    """Financing rate of one expiry.

    Attributes
    ----------
    rate : float or None, decimal per year
        From the slope of mids against strikes; None where the quotes do not pin one.
    lend, borrow : Box
        The best deposit and the cheapest loan; their rates enclose every rate without arbitrage.
    strikes, stale : int
        Strikes used, and strikes left out because they contradict all others.
    """

    rate: float | None
    lend: Box
    borrow: Box
    strikes: int
    stale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoBox:
    """Why an expiry has no financing rate, in one sentence."""

    reason: str


def box_rate(
    strike: ArrayLike,
    call_bid: ArrayLike,
    call_ask: ArrayLike,
    put_bid: ArrayLike,
    put_ask: ArrayLike,
    *,
    tau: float,
    rate_hint: float | None = None,
    cost: float = 0.0,
) -> BoxRate | NoBox:
    """Find the rates at which boxes lend and borrow.

    Parameters
    ----------
    strike, call_bid, call_ask, put_bid, put_ask : (n,) arrays, points
        As in `alvh.pricing.parity.synthetics`.
    tau : float, years
    rate_hint : float or None, decimal per year
        As in `alvh.pricing.forwards.parity_forward`.
    cost : float, points
        Commissions and fees of the four legs of one box, per unit of the underlying.

    Returns
    -------
    BoxRate or NoBox
        The second says why there is none; this is a value, not an error.

    Raises
    ------
    UsageError
        As in `alvh.pricing.parity.synthetics`.
    """
    if not 0.0 <= cost < math.inf:
        return NoBox(reason=f"the cost of a box is {cost!r}; zero or a positive number of points is needed.")
    line = parity_forward(strike, call_bid, call_ask, put_bid, put_ask, tau=tau, spot=None, rate_hint=rate_hint)
    if isinstance(line, NoForward):
        return NoBox(reason=line.reason)
    found = synthetics(strike, call_bid, call_ask, put_bid, put_ask)
    sound = _sound(found, line)
    if np.count_nonzero(sound) < _LEAST_PAIRS:
        return NoBox(
            reason=f"the number of strikes that agree with parity is {np.count_nonzero(sound)}; a box needs two."
        )
    strikes, buy, sell = found.strike[sound], found.buy[sound], found.sell[sound]
    lend, borrow = _best(strikes, buy, sell, tau, cost, lend=True), _best(strikes, buy, sell, tau, cost, lend=False)
    if lend is None or borrow is None:
        return NoBox(reason="no box can be bought and sold at a positive price.")
    if lend.rate > borrow.rate + _ROUNDING / tau:
        return NoBox(
            reason=f"boxes lend at {lend.rate:.2%} and borrow at {borrow.rate:.2%}; the quotes are not of one moment."
        )
    pinned = line.rate_source is RateSource.PARITY
    return BoxRate(
        rate=line.rate if pinned else None,
        lend=lend,
        borrow=borrow,
        strikes=int(strikes.size),
        stale=int(found.strike.size - strikes.size),
    )


def _sound(found: Synthetics, line: ParityForward) -> B1:
    """Say which strikes offer neither a conversion nor a reversal against the line."""
    worth = line.discount * (line.forward - found.strike)
    slack = _ROUNDING * found.strike
    kept: B1 = (found.sell <= worth + slack) & (found.buy >= worth - slack)
    return kept


def _best(strike: F8, buy: F8, sell: F8, tau: float, cost: float, *, lend: bool) -> Box | None:
    """Return the box of the highest lending or the lowest borrowing rate; rows are low strikes, columns high ones."""
    width = strike[np.newaxis, :] - strike[:, np.newaxis]
    price = (buy[:, np.newaxis] - sell + cost) if lend else (sell[:, np.newaxis] - buy - cost)
    possible = (width > 0.0) & (price > 0.0)
    if not possible.any():
        return None
    # The rate falls with the price per unit of width.
    unit = np.where(possible, price / np.where(width > 0.0, width, 1.0), math.inf if lend else 0.0)
    low, high = np.unravel_index(int(np.argmin(unit) if lend else np.argmax(unit)), unit.shape)
    return Box(
        low=float(strike[low]),
        high=float(strike[high]),
        price=float(price[low, high]),
        rate=-math.log(float(unit[low, high])) / tau,
    )
