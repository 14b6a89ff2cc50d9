"""Option quotes in columns: a chain per root and snapshot, a slice per expiry.

A recorded chain holds every listed quote. A modelled slice computes quotes for the strikes it is asked about, so
twenty years of days cost only the strikes that are looked at. Both answer the same questions (`ExpirySlice`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Protocol

import msgspec
import numpy as np

from alvh.core.arrays import B1, F8, I1, I8


class Origin(StrEnum):
    """Whether quotes were seen or computed; shown wherever they appear."""

    RECORDED = "recorded"
    MODELLED = "modelled"
    SIMULATED = "simulated"
    """Prices of a market that did not happen."""


class QuoteStatus(IntEnum):
    """Why a quote can or cannot be used; one code per element."""

    OK = 0
    ABSENT = 1
    """No such listed contract, or no ask."""
    ZERO_BID = 2
    """An ask and no bid: one can buy, nobody bids."""
    CROSSED = 3
    """Bid above ask."""


class Quotes(msgspec.Struct, frozen=True, kw_only=True):
    """Quotes for n requested contracts of one expiry, in the order asked.

    Attributes
    ----------
    bid, ask : (n,) array, points
        Zero where `status` is ABSENT; read them only through the status.
    status : (n,) array of QuoteStatus codes
    """

    bid: F8
    ask: F8
    status: I1

    @property
    def mid(self) -> F8:
        """Mean of bid and ask, points; meaningful where status is OK or ZERO_BID."""
        return 0.5 * (self.bid + self.ask)


class ExpirySlice(Protocol):
    """All options of one root and expiry at one snapshot.

    `forward` is the forward for this expiry in points (for VIX options the VX future of the same settlement), never
    spot; `tau` is years, act/365, from the snapshot to the settlement instant; `discount` is the discount factor.
    """

    @property
    def root(self) -> str: ...
    @property
    def expiry(self) -> date: ...
    @property
    def tau(self) -> float: ...
    @property
    def forward(self) -> float: ...
    @property
    def discount(self) -> float: ...
    @property
    def origin(self) -> Origin: ...
    @property
    def strikes(self) -> F8:
        """Listed strikes, ascending, points."""
        ...

    def quote(self, strikes: F8, is_put: B1) -> Quotes:
        """Quote n contracts of this expiry in the order asked; never raises for an unlisted strike."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChain:
    """Every recorded quote of one root at one snapshot, sorted by (expiry, strike, right), calls before puts.

    Attributes
    ----------
    asof : datetime
        Aware UTC instant of the quotes; see `timed`.
    timed : bool
        False when the file carried only a date and `asof` is the documented convention (16:15 ET, 13:15 on early
        closes).
    spot : float or None
        Underlying level printed with the quotes, points; None where the file carries none.
    expiries : tuple of date, length m
        Ascending.
    offsets : (m + 1,) array
        Rows of expiry i are ``offsets[i]:offsets[i + 1]``.
    strike, bid, ask : (n,) arrays, points
        A bid of zero is a quote; an ask of zero or a missing ask is QuoteStatus.ABSENT in `status`.
    is_put : (n,) array of bool
    status : (n,) array of QuoteStatus codes
    """

    root: str
    session: date
    asof: datetime
    timed: bool
    spot: float | None
    origin: Origin
    expiries: tuple[date, ...]
    offsets: I8
    strike: F8
    is_put: B1
    bid: F8
    ask: F8
    status: I1

    def rows(self, expiry: date) -> slice:
        """Return the rows of one expiry; an empty slice where it is not listed."""
        if expiry not in self.expiries:
            return slice(0, 0)
        place = self.expiries.index(expiry)
        return slice(int(self.offsets[place]), int(self.offsets[place + 1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSlice:
    """One expiry of a recorded chain with the forward and discount implied from it.

    Rows are sorted by (strike, right), calls before puts.
    """

    root: str
    expiry: date
    tau: float
    forward: float
    discount: float
    origin: Origin
    strike: F8
    is_put: B1
    bid: F8
    ask: F8
    status: I1

    @property
    def strikes(self) -> F8:
        """Listed strikes, ascending, points."""
        return np.unique(self.strike)

    def quote(self, strikes: F8, is_put: B1) -> Quotes:
        """Look up n contracts; an unlisted one comes back ABSENT."""
        n = self.strike.size
        if n == 0:
            zeros = np.zeros(len(strikes))
            return Quotes(bid=zeros, ask=zeros.copy(), status=np.full(len(strikes), QuoteStatus.ABSENT, np.int8))
        # A strike holds at most a call row and then a put row, so the answer is at the left edge or one past it.
        left = np.searchsorted(self.strike, strikes)
        first = np.minimum(left, n - 1)
        second = np.minimum(left + 1, n - 1)
        hit_first = (self.strike[first] == strikes) & (self.is_put[first] == is_put)
        hit_second = (self.strike[second] == strikes) & (self.is_put[second] == is_put)
        row = np.where(hit_first, first, second)
        found = hit_first | hit_second
        status = np.where(found, self.status[row], np.int8(QuoteStatus.ABSENT)).astype(np.int8)
        seen = status != QuoteStatus.ABSENT
        return Quotes(bid=np.where(seen, self.bid[row], 0.0), ask=np.where(seen, self.ask[row], 0.0), status=status)
