"""Which four contracts make the condor of a session and expiry.

1. A leg is the quote of its type whose absolute delta is nearest to the target, within the tolerance, with a bid.
2. Of two quotes equally near, the lower strike is taken.
3. The four strikes must ascend strictly: long put < short put < short call < long call.

The choice is made for all sessions and expiries of a batch at once: rows are sorted by group and strike, so the
nearest row of each group is the first one that reaches the group's smallest distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8, I8
from alvh.research.quote_batch import QuoteBatch, UsableQuotes
from alvh.research.scan_parameters import IS_PUT, SIDE, ScanParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Condors:
    """Condors entered, n rows; legs stand in the order of `LEGS`.

    Attributes
    ----------
    session, expiry : (n,) arrays, days since 1970
        Entry day and expiry.
    root : (n,) array of codes
    strike : (n, 4) array, points
    delta : (n, 4) array
        As quoted at the entry.
    credit : (n,) array, points
        Received at the entry; negative where the condor costs money.
    """

    session: I8
    expiry: I8
    root: I8
    strike: F8
    delta: F8
    credit: F8

    @property
    def size(self) -> int:
        """Number of condors."""
        return int(self.session.size)

    def take(self, rows: I8) -> Condors:
        """Select condors by place."""
        return Condors(
            session=self.session[rows],
            expiry=self.expiry[rows],
            root=self.root[rows],
            strike=self.strike[rows],
            delta=self.delta[rows],
            credit=self.credit[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a batch offered.

    Attributes
    ----------
    condors : Condors
    offered : int
        Pairs of session and expiry with at least one quote within reach of a leg.
    without_leg : int
        Of these, pairs where some leg had no quote within the tolerance.
    out_of_order : int
        Of these, pairs whose four strikes do not ascend.
    """

    condors: Condors
    offered: int
    without_leg: int
    out_of_order: int


def no_condors() -> Condors:
    """Return an empty table."""
    none = np.empty(0, np.int64)
    legs = np.empty((0, 4))
    return Condors(session=none, expiry=none, root=none, strike=legs, delta=legs, credit=np.empty(0))


def joined(parts: list[Condors]) -> Condors:
    """Put tables one below the other."""
    if not parts:
        return no_condors()
    return Condors(
        session=np.concatenate([part.session for part in parts]),
        expiry=np.concatenate([part.expiry for part in parts]),
        root=np.concatenate([part.root for part in parts]),
        strike=np.concatenate([part.strike for part in parts]),
        delta=np.concatenate([part.delta for part in parts]),
        credit=np.concatenate([part.credit for part in parts]),
    )


def leg_prices(quotes: QuoteBatch, rows: I8, side: float, share: float) -> F8:
    """Price one leg of many condors.

    Parameters
    ----------
    rows : (n,) array
        Row of the leg's quote.
    side : float
        Positive where the leg is bought, negative where it is sold.
    share : float
        Fraction of the bid-ask width paid from the near side; 0.5 is mid.

    Returns
    -------
    (n,) array, points
    """
    bid, ask = quotes.bid[rows], quotes.ask[rows]
    price: F8 = (bid + ask) / 2 + side * (share - 0.5) * (ask - bid)
    return price


def choose(usable: UsableQuotes, parameters: ScanParameters) -> Choice:
    """Choose the condor of every session and expiry of a batch."""
    quotes = usable.quotes
    entering = np.flatnonzero(~usable.leaving)
    # Rows are sorted by group, so a new pair of session and expiry begins wherever the number changes.
    pair = np.cumsum(np.diff(usable.group[entering] >> 1, prepend=-1) > 0) - 1
    pairs = int(pair[-1]) + 1 if pair.size else 0
    legs = np.stack([_nearest(quotes, entering, pair, pairs, leg, parameters) for leg in range(4)], axis=1)
    found = (legs >= 0).all(axis=1)
    legs = legs[found]
    strike = quotes.strike[legs]
    ascending = (np.diff(strike, axis=1) > 0.0).all(axis=1)
    legs, strike = legs[ascending], strike[ascending]
    first = legs[:, 0]
    condors = Condors(
        session=quotes.session[first],
        expiry=quotes.expiry[first],
        root=quotes.root[first],
        strike=strike,
        delta=quotes.delta[legs],
        credit=_credit(quotes, legs, parameters.share),
    )
    return Choice(
        condors=condors,
        offered=pairs,
        without_leg=int(np.count_nonzero(~found)),
        out_of_order=int(np.count_nonzero(~ascending)),
    )


def _nearest(quotes: QuoteBatch, entering: I8, pair: I8, pairs: int, leg: int, parameters: ScanParameters) -> I8:
    """Return, for each pair of session and expiry, the row of one leg, or -1."""
    low, high = parameters.bounds(leg)
    size = np.abs(quotes.delta[entering])
    fits = (quotes.is_put[entering] == IS_PUT[leg]) & (quotes.bid[entering] > 0.0) & (size >= low) & (size <= high)
    place = np.flatnonzero(fits)
    chosen = np.full(pairs, -1, np.int64)
    if place.size == 0:
        return chosen
    owner = pair[place]
    distance = np.abs(size[place] - parameters.deltas[leg])
    start = np.flatnonzero(np.r_[True, np.diff(owner) > 0])
    least = np.minimum.reduceat(distance, start)
    hit = np.flatnonzero(distance == np.repeat(least, np.diff(np.r_[start, owner.size])))
    # Rows of a pair and type stand in ascending strike, so its first hit is the lower strike.
    first = hit[np.r_[True, np.diff(owner[hit]) > 0]]
    chosen[owner[first]] = entering[place[first]]
    return chosen


def _credit(quotes: QuoteBatch, legs: I8, share: float) -> F8:
    total = np.zeros(legs.shape[0])
    for leg, side in enumerate(SIDE):
        total -= side * leg_prices(quotes, legs[:, leg], side, share)
    return total
