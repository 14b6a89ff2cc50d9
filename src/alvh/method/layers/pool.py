"""The weighted geometric-mean pool whose arithmetic L-AMM follows.

A pool holds x of one asset and y of another and lets anybody trade as long as x^w y^(1-w) does not fall, a fee taken
from what is paid in. Nobody trades while the pool's price lies within the fee of the market's; outside, arbitrage
takes it to the nearer edge of that band, never to its middle.

L-AMM reads x as the hedge's VX notional and y as the condors' maximum loss, both in USD. The market's price of one USD
of notional in USD of loss is one, so the pool is at rest where x/y = w/(1 - w) = h*: a target hedge ratio is a weight,
and the fee is its no-trade band.

References
----------
.. [1] Evans, A. (2020). Liquidity provider returns in geometric mean markets. arXiv:2006.08806.
.. [2] Milionis, J., Moallemi, C., Roughgarden, T., Zhang, A. (2022). Automated market making and
       loss-versus-rebalancing. arXiv:2208.06046.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from alvh.core.errors import InvariantError


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A weighted geometric-mean pool.

    Attributes
    ----------
    weight : float
        Share of the value held in x, inside (0, 1).
    fee : float
        Fraction of what is paid in that does not buy anything, inside [0, 1).
    """

    weight: float
    fee: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 < self.weight < 1.0:
            raise InvariantError(f"a pool's weight of {self.weight} does not lie inside (0, 1)")
        if not 0.0 <= self.fee < 1.0:
            raise InvariantError(f"a pool's fee of {self.fee} does not lie inside [0, 1)")

    @classmethod
    def of_ratio(cls, ratio: float, fee: float = 0.0) -> Pool:
        """Make the pool that rests where x/y equals a ratio."""
        return cls(weight=ratio / (1.0 + ratio), fee=fee)

    @property
    def ratio(self) -> float:
        """The x/y at which a price of one leaves the pool at rest."""
        return self.weight / (1.0 - self.weight)

    def invariant(self, x: float, y: float) -> float:
        """Return x^w y^(1-w)."""
        return math.exp(self.weight * math.log(x) + (1.0 - self.weight) * math.log(y))

    def price(self, x: float, y: float) -> float:
        """Return the pool's price of x in units of y."""
        return (y / (1.0 - self.weight)) / (x / self.weight)

    def swap(self, x: float, y: float, paid: float) -> float:
        """Return how much y the pool gives for `paid` x, the fee taken first."""
        grown = x + (1.0 - self.fee) * paid
        return float(y * -math.expm1(self.weight / (1.0 - self.weight) * math.log(x / grown)))

    def arbitraged(self, x: float, y: float, price: float) -> tuple[float, float]:
        """Return the holdings to which fee-free arbitrage moves the pool at a market price."""
        scale = self.invariant(x, y)
        moved = scale * (self.ratio / price) ** (1.0 - self.weight)
        return moved, scale * (price / self.ratio) ** self.weight

    def band(self) -> tuple[float, float]:
        """Return the x/y between which nobody trades at a price of one."""
        return self.ratio * (1.0 - self.fee), self.ratio / (1.0 - self.fee)

    def lost_to_rebalancing(self, variance: float) -> float:
        """Return the share of its value lost against a rebalanced holder, w(1-w)/2 x variance of the log price."""
        return 0.5 * self.weight * (1.0 - self.weight) * variance


def to_band(held: float, against: float, pool: Pool, *, floor: float) -> float:
    """Return the hedge notional after L-AMM has traded, USD.

    Parameters
    ----------
    held : float, USD
        VX notional held, x.
    against : float, USD
        Maximum loss of the condors, y; nothing is held against nothing.
    floor : float
        Least ratio, whatever the band says (L-BASE).

    Returns
    -------
    float
        `held` inside the band, else the nearer edge; the floor lifts the lower edge and never lowers the upper one.
    """
    low, high = pool.band()
    low = max(low, floor)
    high = max(high, low)
    return min(max(held, low * against), high * against)
