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

from dataclasses import dataclass
from datetime import date

import msgspec
import numpy as np

from alvh.book.condor import spot_scale
from alvh.book.leg_table import Family, LegTable, leg_table
from alvh.book.looking import (
    ASK,
    BID,
    DELTA,
    DISCOUNT,
    FORWARD,
    GAMMA,
    MID,
    MODEL,
    STALE,
    STATUS,
    TAU,
    THETA,
    VEGA,
    VOL,
    VOL_STATUS,
    ContractColumns,
    look,
)
from alvh.book.positions import Book, Position, Sleeve
from alvh.core.arrays import F8, I1, I8
from alvh.core.compiled import compiled
from alvh.market.chain import QuoteStatus
from alvh.market.contracts import Instrument
from alvh.market.view import View

__all__ = ["ContractMark", "Marks", "PositionMark", "SleeveTotals", "mark_book"]

_DAYS = 365.0
_POINTS = 100.0
_SPX, _VIX = Family.SPX, Family.VIX
_OK = int(QuoteStatus.OK)
_ZERO_BID = int(QuoteStatus.ZERO_BID)
_BID, _ASK, _MID, _FORWARD = BID, ASK, MID, FORWARD
_DELTA, _GAMMA, _VEGA, _THETA = DELTA, GAMMA, VEGA, THETA
_STATUS, _STALE = STATUS, STALE


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


class SleeveTotals(msgspec.Struct, frozen=True):
    """Value and Greeks of one sleeve, in USD; see the module for the units."""

    value: float
    spx_delta: float
    spx_gamma: float
    spx_vega: float
    vx_delta: float
    vx_gamma: float
    vx_vega: float
    theta: float


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """Marks of a tuple of positions at one view.

    Attributes
    ----------
    view : View
        What was looked at; the same object means the same quotes.
    spot : float, SPX points
    vix : float or None
    table : LegTable
        Says what each row stands for.
    columns : ContractColumns
        Quotes, marks, volatilities and Greeks, one column per contract of `table`.
    value : (p,) array, USD, per position
    close_mid, close_natural : (p,) arrays, points per package, positive when received
    closable : (p,) array, 1 where every leg has a quote and what must be sold has a bid
    stale_of : (p,) array, legs of each position marked without a quote of the day
    condor, hedge : SleeveTotals
    stale_legs : int
    """

    session: date
    view: View
    spot: float
    vix: float | None
    table: LegTable
    columns: ContractColumns
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

    @property
    def bid(self) -> F8:
        """Bids, points, per contract; zero where `status` is ABSENT."""
        return self._row(BID)

    @property
    def ask(self) -> F8:
        """Asks, points, per contract; zero where `status` is ABSENT."""
        return self._row(ASK)

    @property
    def mid(self) -> F8:
        """Marks, points, per contract."""
        return self._row(MID)

    @property
    def status(self) -> I1:
        """QuoteStatus codes of today's quotes, per contract."""
        status: I1 = self.columns.codes[STATUS]
        return status

    @property
    def vol_status(self) -> I1:
        """VolStatus codes, per contract."""
        status: I1 = self.columns.codes[VOL_STATUS]
        return status

    @property
    def forward(self) -> F8:
        """Forwards, points, per contract."""
        return self._row(FORWARD)

    @property
    def tau(self) -> F8:
        """Years to settlement, per contract."""
        return self._row(TAU)

    @property
    def discount(self) -> F8:
        """Discount factors, per contract."""
        return self._row(DISCOUNT)

    @property
    def vol(self) -> F8:
        """Implied volatilities, decimal, per contract; zero where `vol_status` is not OK."""
        return self._row(VOL)

    @property
    def model(self) -> F8:
        """Price at `vol`, points: the mid itself, or discounted intrinsic value where the mid has no volatility."""
        return self._row(MODEL)

    def sleeve(self, sleeve: Sleeve) -> SleeveTotals:
        """Return the totals of one sleeve."""
        return self.hedge if sleeve is Sleeve.HEDGE else self.condor

    def level(self, root: str) -> float | None:
        """Return the level of the index a root settles on, in its own points."""
        return self.vix if root.startswith(("VIX", "VX")) else self.spot * spot_scale(root)

    def contract(self, instrument: Instrument) -> ContractMark | None:
        """Return the mark of a contract we hold; None for one we do not hold."""
        row = self.table.row(instrument)
        return None if row is None else self.at(row)

    def at(self, row: int) -> ContractMark:
        """Return the mark of the contract in a row of the table."""
        numbers, codes = self.columns.numbers[:, row].tolist(), self.columns.codes[:, row].tolist()
        return ContractMark(
            instrument=self.table.contracts[row],
            status=QuoteStatus(codes[STATUS]),
            bid=numbers[BID],
            ask=numbers[ASK],
            mid=numbers[MID],
            stale=bool(codes[STALE]),
            forward=numbers[FORWARD],
            vol=numbers[VOL],
            delta=numbers[DELTA],
            gamma=numbers[GAMMA],
            vega=numbers[VEGA],
            theta=numbers[THETA],
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

    def _row(self, place: int) -> F8:
        row: F8 = self.columns.numbers[place]
        return row


def mark_book(book: Book, view: View, before: Marks | None = None) -> Marks:
    """Mark every position of a book at a view.

    Parameters
    ----------
    before : Marks, optional
        The last marks of this account: for contracts without a quote today, and, when they were made at this very
        view, so that a trade costs only the contracts it brought.

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
    again = before is not None and before.view is view
    columns = look(table, view, None if before is None else (before.table, before.columns), again=again)
    return _add(table, columns, view)


def _add(table: LegTable, columns: ContractColumns, view: View) -> Marks:
    p = len(table.positions)
    positions, totals = np.zeros((3, p)), np.zeros((2, 8))
    closable, stale_of = np.ones(p, dtype=np.int8), np.zeros(p, dtype=np.int64)
    stale_legs = _add_up(
        table.leg_contract,
        table.leg_position,
        table.leg_ratio,
        table.leg_usd,
        table.entry_usd,
        table.hedge,
        table.family,
        columns.numbers,
        columns.codes,
        view.spot,
        positions,
        closable,
        stale_of,
        totals,
    )
    return Marks(
        session=view.session,
        view=view,
        spot=view.spot,
        vix=view.vix,
        table=table,
        columns=columns,
        value=positions[0],
        close_mid=positions[1],
        close_natural=positions[2],
        closable=closable,
        stale_of=stale_of,
        condor=SleeveTotals(*totals[0].tolist()),
        hedge=SleeveTotals(*totals[1].tolist()),
        stale_legs=stale_legs,
    )


@compiled
def _add_up(
    leg_contract: I8,
    leg_position: I8,
    leg_ratio: F8,
    leg_usd: F8,
    entry_usd: F8,
    hedge: I8,
    family: I1,
    numbers: F8,
    codes: I1,
    spot: float,
    positions: F8,
    closable: I1,
    stale_of: I8,
    totals: F8,
) -> int:
    stale = 0
    for leg in range(leg_contract.shape[0]):
        c, p = leg_contract[leg], leg_position[leg]
        ratio, usd = leg_ratio[leg], leg_usd[leg]
        sleeve, status = hedge[p], codes[_STATUS, c]
        mid = numbers[_MID, c]
        worth = usd * mid - entry_usd[leg]
        positions[0, p] += worth
        positions[1, p] += ratio * mid
        positions[2, p] += ratio * (numbers[_BID, c] if ratio > 0.0 else numbers[_ASK, c])
        if not (status == _OK or (status == _ZERO_BID and ratio < 0.0)):
            closable[p] = 0
        stale_of[p] += codes[_STALE, c]
        stale += codes[_STALE, c]
        totals[sleeve, 0] += worth
        totals[sleeve, 7] += usd * numbers[_THETA, c] / _DAYS
        if family[c] == _SPX:
            slope = numbers[_FORWARD, c] / spot
            totals[sleeve, 1] += usd * numbers[_DELTA, c] * slope
            totals[sleeve, 2] += usd * numbers[_GAMMA, c] * slope * slope
            totals[sleeve, 3] += usd * numbers[_VEGA, c] / _POINTS
        elif family[c] == _VIX:
            totals[sleeve, 4] += usd * numbers[_DELTA, c]
            totals[sleeve, 5] += usd * numbers[_GAMMA, c]
            totals[sleeve, 6] += usd * numbers[_VEGA, c] / _POINTS
    return stale
