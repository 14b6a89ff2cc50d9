"""What a surface is fitted to: out-of-the-money quotes of a chain as volatilities against log-moneyness.

1. Options must be European. Per expiry put-call parity gives forward and discount; an expiry without them is refused
   with the reason.
2. Of each strike the out-of-the-money side counts: the put below the forward, the call from it on. In-the-money quotes
   hold the same volatility behind a wider spread.
3. A quote needs a bid, and an ask no lower. Walking away from the money the strip ends at two strikes in a row without
   a bid, as in Cboe's index: what is quoted beyond is a leftover.
4. Bid, mid and ask become volatilities. A quote is dropped where one of the three has none (a bid below intrinsic).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import B1, F8
from alvh.market.chain import OptionChain, QuoteStatus
from alvh.market.contracts import Kind
from alvh.market.expirations import tau as years_to
from alvh.market.products import product
from alvh.pricing.forwards import NoForward, parity_forward
from alvh.pricing.implied import VolStatus, implied_vol

__all__ = ["ExpiryQuotes", "RateHint", "RefusedExpiry", "expiry_quotes"]

RateHint = float | Callable[[float], float | None] | None
"""Bill rate, or a function of calendar days, continuously compounded; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryQuotes:
    """Out-of-the-money quotes of one expiry.

    Attributes
    ----------
    root : str
    expiry : date
    tau : float, years
    forward : float, points
    discount : float
    strike : (n,) array, points, ascending
    k : (n,) array
        ``ln(strike / forward)``.
    bid, mid, ask : (n,) arrays, decimal
        Volatilities.
    dropped : int
        Quotes on the out-of-the-money side that could not be used: no bid, crossed, beyond the end of the strip,
        or without a volatility.
    """

    root: str
    expiry: date
    tau: float
    forward: float
    discount: float
    strike: F8
    k: F8
    bid: F8
    mid: F8
    ask: F8
    dropped: int

    @property
    def half_spread(self) -> F8:
        """Half the bid-ask in volatility, decimal."""
        return 0.5 * (self.ask - self.bid)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedExpiry:
    """Why an expiry has no smile, in one sentence."""

    root: str
    expiry: date
    reason: str


@dataclass(frozen=True, slots=True)
class _Strip:
    """Prices of one expiry before they are volatilities."""

    root: str
    expiry: date
    tau: float
    forward: float
    discount: float
    strike: F8
    is_put: B1
    bid: F8
    ask: F8
    listed: int


def expiry_quotes(
    chains: Sequence[OptionChain], *, rate_hint: RateHint = None
) -> tuple[list[ExpiryQuotes], list[RefusedExpiry]]:
    """Turn chains of one snapshot into volatilities per expiry, ascending by time to expiry.

    Parameters
    ----------
    chains : sequence of OptionChain
        Of European options on one underlying, e.g. SPX and SPXW of one session.
    rate_hint : float, callable or None
        Used where parity does not pin the discount.
    """
    strips: list[_Strip] = []
    refused: list[RefusedExpiry] = []
    for chain in chains:
        for expiry in chain.expiries:
            found = _strip(chain, expiry, rate_hint)
            if isinstance(found, _Strip):
                strips.append(found)
            else:
                refused.append(found)
    strips.sort(key=lambda strip: (strip.tau, strip.root))
    return _with_vols(strips), refused


def _strip(chain: OptionChain, expiry: date, rate_hint: RateHint) -> _Strip | RefusedExpiry:
    def refuse(reason: str) -> RefusedExpiry:
        return RefusedExpiry(root=chain.root, expiry=expiry, reason=reason)

    if not product(chain.root, Kind.OPTION).european:
        return refuse("its options are American, and these volatilities are of European ones.")
    rows = chain.rows(expiry)
    tau = years_to(chain.root, expiry, chain.asof)
    if tau <= 0.0:
        return refuse("it has settled at the snapshot.")
    strike, bid, ask = _sides(chain, rows)
    if strike.size == 0:
        return refuse("it lists no option.")
    hint = rate_hint(tau * 365.0) if callable(rate_hint) else rate_hint
    found = parity_forward(strike, bid[0], ask[0], bid[1], ask[1], tau=tau, spot=chain.spot, rate_hint=hint)
    if isinstance(found, NoForward):
        return refuse(found.reason)
    put = strike < found.forward
    own_bid, own_ask = np.where(put, bid[1], bid[0]), np.where(put, ask[1], ask[0])
    keep = _within_strip(own_bid > 0.0, int(np.searchsorted(strike, found.forward)))
    keep &= (own_ask >= own_bid) & (own_ask < math.inf)
    return _Strip(
        root=chain.root,
        expiry=expiry,
        tau=tau,
        forward=found.forward,
        discount=found.discount,
        strike=strike[keep],
        is_put=put[keep],
        bid=own_bid[keep],
        ask=own_ask[keep],
        listed=strike.size,
    )


def _sides(chain: OptionChain, rows: slice) -> tuple[F8, F8, F8]:
    """Lay calls (row 0) and puts (row 1) side by side; a bid or ask that cannot be used is zero."""
    strike, right = chain.strike[rows], chain.is_put[rows].astype(np.intp)
    status, bids, asks = chain.status[rows], chain.bid[rows], chain.ask[rows]
    # Comparisons with NaN are false: such a row counts as not quoted.
    sound = (strike > 0.0) & (strike < math.inf) & (asks > 0.0) & (bids >= 0.0)
    sound &= (status == QuoteStatus.OK) | (status == QuoteStatus.ZERO_BID)
    strikes, place = np.unique(strike[sound], return_inverse=True)
    bid, ask = np.zeros((2, strikes.size)), np.zeros((2, strikes.size))
    bid[right[sound], place] = bids[sound]
    ask[right[sound], place] = asks[sound]
    return strikes, bid, ask


def _within_strip(bid: B1, middle: int) -> B1:
    """Keep strikes with a bid between the first two misses in a row on either side of the forward."""
    kept = bid.copy()
    misses = np.flatnonzero(~bid[1:] & ~bid[:-1])
    below, above = misses[misses + 1 < middle], misses[misses >= middle]
    if below.size:
        kept[: below[-1] + 1] = False
    if above.size:
        kept[above[0] :] = False
    return kept


def _with_vols(strips: Sequence[_Strip]) -> list[ExpiryQuotes]:
    """Invert every bid, mid and ask of the chain in one call."""
    if not strips:
        return []
    sizes = np.array([strip.strike.size for strip in strips])
    strike = np.concatenate([strip.strike for strip in strips])
    put = np.concatenate([strip.is_put for strip in strips])
    bid, ask = (np.concatenate([getattr(strip, side) for strip in strips]) for side in ("bid", "ask"))
    forward, tau, discount = (
        np.repeat([getattr(strip, name) for strip in strips], sizes) for name in ("forward", "tau", "discount")
    )
    prices = np.concatenate((bid, 0.5 * (bid + ask), ask))
    vol, status = implied_vol(
        prices,
        forward=np.tile(forward, 3),
        strike=np.tile(strike, 3),
        tau=np.tile(tau, 3),
        is_put=np.tile(put, 3),
        discount=np.tile(discount, 3),
    )
    vols = vol.reshape(3, -1)
    good = np.all(status.reshape(3, -1) == VolStatus.OK, axis=0)
    k = np.log(strike / forward)
    made = []
    ends = np.cumsum(sizes)
    for strip, first, last in zip(strips, ends - sizes, ends, strict=True):
        rows = np.flatnonzero(good[first:last]) + first
        made.append(
            ExpiryQuotes(
                root=strip.root,
                expiry=strip.expiry,
                tau=strip.tau,
                forward=strip.forward,
                discount=strip.discount,
                strike=strike[rows],
                k=k[rows],
                bid=vols[0, rows],
                mid=vols[1, rows],
                ask=vols[2, rows],
                dropped=strip.listed - int(rows.size),
            )
        )
    return made
