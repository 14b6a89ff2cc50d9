"""Expiries of a recorded chain with the forward and discount its own quotes imply."""

from __future__ import annotations

from datetime import date

import numpy as np

from alvh.core.arrays import B1, F8
from alvh.market.chain import OptionChain, QuoteStatus, RecordedSlice
from alvh.market.expirations import tau as years_to
from alvh.pricing.forwards import NoForward, parity_forward

__all__ = ["recorded_slice"]


def recorded_slice(chain: OptionChain, expiry: date, *, rate_hint: float | None) -> RecordedSlice | None:
    """Return one expiry of a chain; None where it is not listed, has settled, or its forward cannot be known.

    Parameters
    ----------
    chain : OptionChain
        Of European options.
    expiry : date
    rate_hint : float or None, decimal per year
        Bill rate, used where put-call parity does not pin the discount.
    """
    rows = chain.rows(expiry)
    tau = years_to(chain.root, expiry, chain.asof)
    if rows.start == rows.stop or tau <= 0.0:
        return None
    strike, is_put = chain.strike[rows], chain.is_put[rows]
    bid, ask, status = chain.bid[rows], chain.ask[rows], chain.status[rows]
    usable = (status == QuoteStatus.OK) | (status == QuoteStatus.ZERO_BID)
    strikes, sides = _pairs(strike, is_put, np.where(usable, bid, 0.0), np.where(usable, ask, 0.0))
    found = parity_forward(strikes, *sides, tau=tau, spot=chain.spot, rate_hint=rate_hint)
    if isinstance(found, NoForward):
        return None
    return RecordedSlice(
        root=chain.root,
        expiry=expiry,
        tau=tau,
        forward=found.forward,
        discount=found.discount,
        origin=chain.origin,
        strike=strike,
        is_put=is_put,
        bid=bid,
        ask=ask,
        status=status,
    )


def _pairs(strike: F8, is_put: B1, bid: F8, ask: F8) -> tuple[F8, tuple[F8, F8, F8, F8]]:
    """Lay calls and puts of one expiry side by side: call bid, call ask, put bid, put ask per strike."""
    strikes, place = np.unique(strike, return_inverse=True)
    sides = tuple(np.zeros(strikes.size) for _ in range(4))
    for side, right in ((0, ~is_put), (2, is_put)):
        sides[side][place[right]] = bid[right]
        sides[side + 1][place[right]] = ask[right]
    return strikes, (sides[0], sides[1], sides[2], sides[3])
