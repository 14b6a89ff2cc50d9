"""What the book is worth at a view: marks at mid, Greeks, and what closing would bring.

1. Every (root, expiry) is asked once for all its contracts.
2. A contract is marked at the mid of its quote; with a zero bid the mid is half the ask. A contract that is absent
   or crossed today keeps its last mark, or else the price it was filled at, and its legs are counted stale.
3. Volatility is implied from each contract's own mid. A mid without a volatility (below
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
from alvh.book.contract_columns import (
    ABSENT,
    ASK,
    BID,
    CODES,
    DELTA,
    DISCOUNT,
    FORWARD,
    GAMMA,
    MID,
    MODEL,
    NUMBERS,
    STALE,
    STATUS,
    TAU,
    THETA,
    VEGA,
    VOL,
    VOL_STATUS,
    ContractColumns,
)
from alvh.book.leg_table import LegTable, leg_table
from alvh.book.looking import look, quote_linear
from alvh.book.positions import Book, Position, Sleeve
from alvh.book.valuation import (
    CLOSABLE,
    CLOSE_MID,
    CLOSE_NATURAL,
    NOTIONAL,
    STALE_LEGS,
    SUMS,
    TOTALS,
    VALUE,
    mark_modelled,
    mark_quoted,
)
from alvh.core.arrays import F8, I1
from alvh.market.chain import QuoteStatus
from alvh.market.contracts import Instrument
from alvh.market.view import View
from alvh.pricing.greeks import greeks
from alvh.pricing.modelled.together import modelled_rows

__all__ = ["ContractMark", "Marks", "PositionMark", "SleeveTotals", "mark_book"]


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


class SleeveTotals(msgspec.Struct, frozen=True, gc=False):
    """Value and Greeks of one sleeve, in USD; see the module for the units."""

    value: float
    spx_delta: float
    spx_gamma: float
    spx_vega: float
    vx_delta: float
    vx_gamma: float
    vx_vega: float
    theta: float
    vx_notional: float
    """VX notional as coverage counts it, USD; without shares and packages whose legs share a term."""
    not_plain: float
    """Positions of which `vx_notional` does not say all."""
    stale_legs: float
    """Legs marked without a quote of the day."""


class Marks(msgspec.Struct, frozen=True, gc=False, kw_only=True):
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
    sums : (6, p) array
        Per position: see the properties `value`, `close_mid`, `close_natural`, `closable`, `stale_of`, `vx_notional`.
    condor, hedge : SleeveTotals
    """

    session: date
    view: View
    spot: float
    vix: float | None
    table: LegTable
    columns: ContractColumns
    sums: F8
    condor: SleeveTotals
    hedge: SleeveTotals

    @property
    def positions(self) -> tuple[Position, ...]:
        """The positions these marks are of."""
        return self.table.positions

    @property
    def total(self) -> float:
        """Value of all positions, USD."""
        return self.condor.value + self.hedge.value

    @property
    def stale_legs(self) -> int:
        """Legs of all positions marked without a quote of the day."""
        return int(self.condor.stale_legs + self.hedge.stale_legs)

    @property
    def value(self) -> F8:
        """Value of each position, USD."""
        return self._sum(VALUE)

    @property
    def close_mid(self) -> F8:
        """Net of closing each position at mid, points per package, positive when received."""
        return self._sum(CLOSE_MID)

    @property
    def close_natural(self) -> F8:
        """Net of closing each position at the far side of every leg, points per package."""
        return self._sum(CLOSE_NATURAL)

    @property
    def closable(self) -> F8:
        """1 for each position of which every leg has a quote and what must be sold has a bid, else 0."""
        return self._sum(CLOSABLE)

    @property
    def stale_of(self) -> F8:
        """Legs of each position marked without a quote of the day."""
        return self._sum(STALE_LEGS)

    @property
    def vx_notional(self) -> F8:
        """VX notional of each position, USD; see `SleeveTotals.vx_notional`."""
        return self._sum(NOTIONAL)

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

    def mid_of(self, instrument: Instrument) -> float | None:
        """Return the mark of a contract we hold, points; None for one we do not hold."""
        row = self.table.row(instrument)
        return None if row is None else self.columns.numbers.item(MID, row)

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

    def _sum(self, place: int) -> F8:
        row: F8 = self.sums[place]
        return row


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
    n = table.size
    columns = ContractColumns(np.empty((NUMBERS, n)), np.empty((CODES, n), dtype=np.int8))
    sums, totals = np.empty((SUMS, len(table.positions))), np.empty((2, TOTALS))
    if not _mark_modelled(table, view, columns, sums, totals):
        _mark_any(table, view, before, columns, sums, totals)
    return Marks(
        session=view.session,
        view=view,
        spot=view.spot,
        vix=view.vix,
        table=table,
        columns=columns,
        sums=sums,
        condor=SleeveTotals(*totals[0].tolist()),
        hedge=SleeveTotals(*totals[1].tolist()),
    )


def _mark_modelled(table: LegTable, view: View, columns: ContractColumns, sums: F8, totals: F8) -> bool:
    """Mark a book whose options all have modelled quotes, in one call; False where one has not."""
    if table.options < table.size and not quote_linear(table, view, columns):
        return False
    rows = modelled_rows([view.slice(group.root, group.expiry) for group in table.groups])
    if rows is None:
        return False
    return not mark_modelled(
        table.options,
        rows,
        table.group_start,
        table.strike,
        table.is_put,
        table.family,
        table.leg_contract,
        table.leg_start,
        table.legs,
        table.facts,
        view.spot,
        columns.numbers,
        columns.codes,
        sums,
        totals,
    )


def _mark_any(
    table: LegTable, view: View, before: Marks | None, columns: ContractColumns, sums: F8, totals: F8
) -> None:
    numbers, codes = columns.numbers, columns.codes
    numbers[:] = 0.0
    codes[:] = 0
    codes[STATUS] = ABSENT
    numbers[DISCOUNT] = 1.0
    look(table, view, None if before is None else (before.table, before.columns), columns)
    options = table.options
    broken = mark_quoted(
        options,
        table.strike,
        table.is_put,
        table.family,
        table.leg_contract,
        table.leg_start,
        table.legs,
        table.facts,
        view.spot,
        numbers,
        codes,
        sums,
        totals,
    )
    if broken:
        # Say which option, and what is wrong with it.
        forward, strike, years = numbers[FORWARD, :options], table.strike[:options], numbers[TAU, :options]
        greeks(forward, strike, years, numbers[VOL, :options], table.is_put[:options], numbers[DISCOUNT, :options])
