"""What the book is worth at a view: marks at mid, Greeks, and what closing would bring.

1. Every (root, expiry) is asked once for all its contracts.
2. A contract is marked at the mid of its quote; with a zero bid the mid is half the ask. A contract that is absent
   or crossed today keeps its last mark, or else the price it was filled at, and its legs are counted stale.
3. Volatility is implied from each contract's own mid, all contracts in one call. A mid without a volatility (below
   intrinsic value, for one) has the Greeks of volatility zero: those of intrinsic value.
4. One pass over the legs adds up positions and sleeves.

Units of `SleeveTotals`: USD, per SPX point for `spx_`, per VX point for `vx_`, vega per volatility point (0.01),
theta per calendar day with the forward unchanged. SPX deltas are with respect to spot: delta on the forward times
forward / spot, which also brings XSP to SPX points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.book.condor import spot_scale
from alvh.book.leg_table import Family, Group, LegTable, leg_table
from alvh.book.linear import linear_quote
from alvh.book.positions import Book, Position, Sleeve
from alvh.book.vx_forward import vx_forward
from alvh.core.arrays import F8, I1, I8
from alvh.core.compiled import compiled
from alvh.core.errors import CoverageError
from alvh.market.chain import ExpirySlice, QuoteStatus
from alvh.market.contracts import Instrument, Option
from alvh.market.expirations import tau
from alvh.market.view import View
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import implied_vol

__all__ = ["ContractMark", "Marks", "PositionMark", "SleeveTotals", "mark_book"]

_DAYS = 365.0
_POINTS = 100.0
_USABLE = (int(QuoteStatus.OK), int(QuoteStatus.ZERO_BID))
_SPX, _VIX = Family.SPX, Family.VIX
_ZERO_BID = int(QuoteStatus.ZERO_BID)
_OK = int(QuoteStatus.OK)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractMark:
    """One contract at a view; prices in points, Greeks per contract point as `pricing.greeks` states them."""

    instrument: Instrument
    status: QuoteStatus
    bid: float
    ask: float
    mid: float
    stale: bool
    forward: float
    vol: float
    delta: float
    gamma: float
    vega: float
    theta: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionMark:
    """One position at a view.

    Attributes
    ----------
    value : float, USD
        At mid; negative is what closing at mid would cost. A future counts its gain since opening.
    close_mid, close_natural : float, points per package
        Net of closing at mid and at the far side of every leg, positive when received.
    closable : bool
        Every leg has a quote, and what must be sold has a bid.
    stale : int
        Legs marked without a quote of the day.
    """

    value: float
    close_mid: float
    close_natural: float
    closable: bool
    stale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SleeveTotals:
    """Value and Greeks of one sleeve, in USD; see the module for the units."""

    value: float
    spx_delta: float
    spx_gamma: float
    spx_vega: float
    vx_delta: float
    vx_gamma: float
    vx_vega: float
    theta: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Marks of a tuple of positions at one view.

    Attributes
    ----------
    spot : float, SPX points
    vix : float or None
    table : LegTable
        Says what each row stands for.
    bid, ask, mid : (n,) arrays, points, per contract of `table`
        Bid and ask are zero where `status` is ABSENT.
    status : (n,) array of QuoteStatus codes
    stale : (n,) array of bool
    forward, tau, discount, vol : (n,) arrays
        Vol is zero where `vol_status` is not OK.
    vol_status : (n,) array of pricing.implied.VolStatus codes
    model : (n,) array, points
        Price at `vol`: the mid itself, or discounted intrinsic value where the mid has no volatility.
    delta, gamma, vega, theta : (n,) arrays
        Per contract: on the forward, per 1.00 of vol, per year.
    value : (p,) array, USD, per position
    close_mid, close_natural : (p,) arrays, points per package, positive when received
    closable : (p,) array of bool
    stale_of : (p,) array, legs of each position marked without a quote of the day
    condor, hedge : SleeveTotals
    stale_legs : int
    """

    session: date
    spot: float
    vix: float | None
    table: LegTable
    bid: F8
    ask: F8
    mid: F8
    status: I1
    stale: I1
    forward: F8
    tau: F8
    discount: F8
    vol: F8
    vol_status: I1
    model: F8
    delta: F8
    gamma: F8
    vega: F8
    theta: F8
    value: F8
    close_mid: F8
    close_natural: F8
    closable: I1
    stale_of: I8
    condor: SleeveTotals
    hedge: SleeveTotals
    stale_legs: int

    @property
    def positions(self) -> tuple[Position, ...]:
        """The positions these marks are of."""
        return self.table.positions

    @property
    def total(self) -> float:
        """Value of all positions, USD."""
        return self.condor.value + self.hedge.value

    def sleeve(self, sleeve: Sleeve) -> SleeveTotals:
        """Return the totals of one sleeve."""
        return self.hedge if sleeve is Sleeve.HEDGE else self.condor

    def level(self, root: str) -> float | None:
        """Return the level of the index a root settles on, in its own points."""
        return self.vix if root.startswith(("VIX", "VX")) else self.spot * spot_scale(root)

    def contract(self, instrument: Instrument) -> ContractMark | None:
        """Return the mark of a contract we hold; None for one we do not hold."""
        row = self.table.row.get(instrument)
        return None if row is None else self.at(row)

    def at(self, row: int) -> ContractMark:
        """Return the mark of the contract in a row of the table."""
        return ContractMark(
            instrument=self.table.contracts[row],
            status=QuoteStatus(int(self.status[row])),
            bid=float(self.bid[row]),
            ask=float(self.ask[row]),
            mid=float(self.mid[row]),
            stale=bool(self.stale[row]),
            forward=float(self.forward[row]),
            vol=float(self.vol[row]),
            delta=float(self.delta[row]),
            gamma=float(self.gamma[row]),
            vega=float(self.vega[row]),
            theta=float(self.theta[row]),
        )

    def position(self, identifier: str) -> PositionMark | None:
        """Return the mark of a position by id; None where it is not held."""
        for place, position in enumerate(self.table.positions):
            if position.id == identifier:
                return PositionMark(
                    value=float(self.value[place]),
                    close_mid=float(self.close_mid[place]),
                    close_natural=float(self.close_natural[place]),
                    closable=bool(self.closable[place]),
                    stale=int(self.stale_of[place]),
                )
        return None


def mark_book(book: Book, view: View, before: Marks | None = None) -> Marks:
    """Mark every position of a book at a view.

    Parameters
    ----------
    before : Marks, optional
        The last marks of this account, for contracts without a quote today.

    Returns
    -------
    Marks
        Attach them with `Book.marked`.

    Raises
    ------
    CoverageError
        A contract has neither a quote, nor an earlier mark, nor a known fill; or nothing is known of its underlying.
    """
    table = leg_table(book.positions)
    seen = _Seen(len(table.contracts))
    for group in table.groups:
        _look(group, view, before, seen)
    for row in range(table.options, len(table.contracts)):
        _look_linear(row, table, view, seen)
    stale = _fill_stale(table, before, seen)
    return _finish(table, view, seen, stale)


class _Seen:
    """Contract columns while they are being filled; private to one call."""

    __slots__ = ("ask", "bid", "discount", "forward", "mid", "status", "tau")

    def __init__(self, size: int) -> None:
        self.bid, self.ask, self.mid = np.zeros(size), np.zeros(size), np.zeros(size)
        self.forward, self.tau, self.discount = np.ones(size), np.zeros(size), np.ones(size)
        self.status = np.full(size, int(QuoteStatus.ABSENT), dtype=np.int8)


def _look(group: Group, view: View, before: Marks | None, seen: _Seen) -> None:
    rows = slice(group.start, group.stop)
    quotes = view.slice(group.root, group.expiry)
    if quotes is None:
        forward, years, discount = _stand_in(group, view, before)
    else:
        forward, years, discount = quotes.forward, quotes.tau, quotes.discount
        _copy_quotes(quotes, group, rows, seen)
    seen.forward[rows] = forward
    seen.tau[rows] = years
    seen.discount[rows] = discount


def _copy_quotes(quotes: ExpirySlice, group: Group, rows: slice, seen: _Seen) -> None:
    found = quotes.quote(group.strikes, group.is_put)
    seen.bid[rows] = found.bid
    seen.ask[rows] = found.ask
    seen.status[rows] = found.status


def _stand_in(group: Group, view: View, before: Marks | None) -> tuple[float, float, float]:
    """Forward, tau and discount of an expiry that is not listed today: for Greeks only, the marks stay old."""
    years = max(tau(group.root, group.expiry, view.asof), 0.0)
    rate = view.rate(years * _DAYS)
    discount = math.exp(-(0.0 if rate is None else rate) * years)
    if not group.root.startswith("VIX"):
        return view.spot * spot_scale(group.root), years, discount
    forward = vx_forward(group.root, group.expiry, view)
    if forward is None:
        forward = _last_forward(group, before)
    if forward is None:
        raise CoverageError(
            f"{group.root} options expiring {group.expiry} are held and neither a VX curve nor the VIX is known.",
            where=f"{view.session}",
            fix="Import VX or VIX closes for this session.",
        )
    return forward, years, discount


def _last_forward(group: Group, before: Marks | None) -> float | None:
    if before is None:
        return None
    for other in before.table.groups:
        if (other.root, other.expiry) == (group.root, group.expiry):
            return float(before.forward[other.start])
    return None


def _look_linear(row: int, table: LegTable, view: View, seen: _Seen) -> None:
    instrument = table.contracts[row]
    quote = None if isinstance(instrument, Option) else linear_quote(instrument, view)
    if quote is not None:
        seen.bid[row], seen.ask[row], seen.status[row] = quote.bid, quote.ask, _OK
        seen.forward[row] = 0.5 * (quote.bid + quote.ask)


def _fill_stale(table: LegTable, before: Marks | None, seen: _Seen) -> I1:
    usable = (seen.status == _USABLE[0]) | (seen.status == _USABLE[1])
    np.multiply(seen.bid + seen.ask, 0.5, out=seen.mid, where=usable)
    stale: I1 = (~usable).view(np.int8)
    if not usable.all():
        for row in np.flatnonzero(stale).tolist():
            seen.mid[row] = _earlier(row, table, before)
            if row >= table.options:
                seen.forward[row] = seen.mid[row]
    return stale


def _earlier(row: int, table: LegTable, before: Marks | None) -> float:
    instrument = table.contracts[row]
    place = None if before is None else before.table.row.get(instrument)
    if before is not None and place is not None:
        return float(before.mid[place])
    entries = table.leg_entry[table.leg_contract == row]
    known = entries[~np.isnan(entries)]
    if known.size:
        return float(known[-1])
    raise CoverageError(
        "it has no quote today, no earlier mark and no known fill, so it cannot be marked.",
        where=str(instrument),
        fix="Give mark_book the marks of the session before.",
    )


def _finish(table: LegTable, view: View, seen: _Seen, stale: I1) -> Marks:
    n, p, cut = len(table.contracts), len(table.positions), table.options
    vol, vol_status = np.zeros(n), np.zeros(n, dtype=np.int8)
    model, delta, gamma, vega, theta = seen.mid.copy(), np.ones(n), np.zeros(n), np.zeros(n), np.zeros(n)
    if cut:
        forward, strike, is_put = seen.forward[:cut], table.strike[:cut], table.is_put[:cut]
        years, discount = seen.tau[:cut], seen.discount[:cut]
        vol[:cut], vol_status[:cut] = implied_vol(seen.mid[:cut], forward, strike, years, is_put, discount)
        found = greeks(forward, strike, years, vol[:cut], is_put, discount)
        model[:cut], delta[:cut], gamma[:cut] = found.price, found.delta, found.gamma
        vega[:cut], theta[:cut] = found.vega, found.theta
    value, close_mid, close_natural = np.zeros(p), np.zeros(p), np.zeros(p)
    closable, stale_of, totals = np.ones(p, dtype=np.int8), np.zeros(p, dtype=np.int64), np.zeros((2, 8))
    _add_up(
        table.leg_contract, table.leg_position, table.leg_ratio, table.leg_usd, table.entry_usd, table.hedge,
        table.family, seen.bid, seen.ask, seen.mid, seen.status, stale, seen.forward, view.spot,
        delta, gamma, vega, theta, value, close_mid, close_natural, closable, stale_of, totals,
    )  # fmt: skip
    return Marks(
        session=view.session, spot=view.spot, vix=view.vix, table=table,
        bid=seen.bid, ask=seen.ask, mid=seen.mid, status=seen.status, stale=stale,
        forward=seen.forward, tau=seen.tau, discount=seen.discount, vol=vol, vol_status=vol_status, model=model,
        delta=delta, gamma=gamma, vega=vega, theta=theta,
        value=value, close_mid=close_mid, close_natural=close_natural, closable=closable, stale_of=stale_of,
        condor=_totals(totals[0]), hedge=_totals(totals[1]), stale_legs=int(stale_of.sum()),
    )  # fmt: skip


def _totals(row: F8) -> SleeveTotals:
    value, spx_delta, spx_gamma, spx_vega, vx_delta, vx_gamma, vx_vega, theta = row.tolist()
    return SleeveTotals(
        value=value,
        spx_delta=spx_delta,
        spx_gamma=spx_gamma,
        spx_vega=spx_vega,
        vx_delta=vx_delta,
        vx_gamma=vx_gamma,
        vx_vega=vx_vega,
        theta=theta,
    )


@compiled
def _add_up(
    leg_contract: I8, leg_position: I8, leg_ratio: F8, leg_usd: F8, entry_usd: F8, hedge: I8, family: I1,
    bid: F8, ask: F8, mid: F8, status: I1, stale: I1, forward: F8, spot: float,
    delta: F8, gamma: F8, vega: F8, theta: F8,
    value: F8, close_mid: F8, close_natural: F8, closable: I1, stale_of: I8, totals: F8,
) -> None:  # fmt: skip
    for leg in range(leg_contract.shape[0]):
        c, p = leg_contract[leg], leg_position[leg]
        ratio, usd = leg_ratio[leg], leg_usd[leg]
        sleeve = hedge[p]
        worth = usd * mid[c] - entry_usd[leg]
        value[p] += worth
        close_mid[p] += ratio * mid[c]
        close_natural[p] += ratio * (bid[c] if ratio > 0.0 else ask[c])
        fillable = status[c] == _OK or (status[c] == _ZERO_BID and ratio < 0.0)
        if not fillable:
            closable[p] = 0
        stale_of[p] += stale[c]
        totals[sleeve, 0] += worth
        totals[sleeve, 7] += usd * theta[c] / _DAYS
        if family[c] == _SPX:
            slope = forward[c] / spot
            totals[sleeve, 1] += usd * delta[c] * slope
            totals[sleeve, 2] += usd * gamma[c] * slope * slope
            totals[sleeve, 3] += usd * vega[c] / _POINTS
        elif family[c] == _VIX:
            totals[sleeve, 4] += usd * delta[c]
            totals[sleeve, 5] += usd * gamma[c]
            totals[sleeve, 6] += usd * vega[c] / _POINTS
