"""Trade log as a frame or as CSV, in the column names that traders exchange (Option Omega's).

Amounts are USD and follow one sign convention: received is positive. `Premium` and `Avg. Closing Cost` are per
contract (package), `Max Profit` and `Max Loss` are what the whole trade could earn or lose at expiry before fees. A
column that cannot be known from the data stays empty: times of day where the data carry only dates, `Gap` and
`Movement` without an index open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from alvh.engine.run import Run
from alvh.ledger.entries import Entries
from alvh.market.products import product_of
from alvh.money.trades import Trade, trades_of
from alvh.report.wording import MONTHS

TRADE_COLUMNS: dict[str, pl.DataType] = {
    "Date Opened": pl.Date(),
    "Time Opened": pl.String(),
    "Opening Price": pl.Float64(),
    "Legs": pl.String(),
    "Premium": pl.Float64(),
    "Closing Price": pl.Float64(),
    "Date Closed": pl.Date(),
    "Time Closed": pl.String(),
    "Avg. Closing Cost": pl.Float64(),
    "Reason For Close": pl.String(),
    "P/L": pl.Float64(),
    "P/L %": pl.Float64(),
    "No. of Contracts": pl.Int64(),
    "Funds at Close": pl.Float64(),
    "Margin Req.": pl.Float64(),
    "Strategy": pl.String(),
    "Opening Commissions + Fees": pl.Float64(),
    "Closing Commissions + Fees": pl.Float64(),
    "Opening Short/Long Ratio": pl.Float64(),
    "Closing Short/Long Ratio": pl.Float64(),
    "Opening VIX": pl.Float64(),
    "Closing VIX": pl.Float64(),
    "Gap": pl.Float64(),
    "Movement": pl.Float64(),
    "Max Profit": pl.Float64(),
    "Max Loss": pl.Float64(),
}
"""Option Omega's trade log, in its order."""

_OCC_LENGTH = 21
_AT_ONCE = 512


def trades_frame(run: Run, trades: Sequence[Trade] | None = None) -> pl.DataFrame:
    """Return one row per position, closed or still open, both sleeves, in order of opening.

    Parameters
    ----------
    trades : sequence of Trade, optional
        The run's trades, where they have been folded already.
    """
    return pl.concat(_frames(run, trades), rechunk=True)


def trades_csv(run: Run, trades: Sequence[Trade] | None = None) -> Iterator[bytes]:
    """Yield the same as lines of CSV, a few hundred trades at a time."""
    for number, part in enumerate(_frames(run, trades)):
        yield part.write_csv(float_precision=2, include_header=number == 0).encode()


def _frames(run: Run, trades: Sequence[Trade] | None) -> Iterator[pl.DataFrame]:
    levels, legs = _Levels(run), _LegsInWords(run.entries)
    folded = trades_of(run.entries, run.open_marks) if trades is None else trades
    for first in range(0, max(len(folded), 1), _AT_ONCE):
        rows = [_row(trade, levels, legs) for trade in folded[first : first + _AT_ONCE]]
        columns = zip(*rows, strict=True) if rows else ((),) * len(TRADE_COLUMNS)
        made = zip(TRADE_COLUMNS.items(), columns, strict=True)
        yield pl.DataFrame([pl.Series(name, values, kind) for (name, kind), values in made])


class _Levels:
    """Spot, VIX and equity by session, to two decimals."""

    def __init__(self, run: Run) -> None:
        frame = run.equity
        sessions = frame["session"].to_list()
        self.spot = dict(zip(sessions, frame["spot"].round(2).to_list(), strict=True))
        self.vix = dict(zip(sessions, frame["vix"].cast(pl.Float64).round(2).to_list(), strict=True))
        self._equity = dict(zip(sessions, frame["equity"].round(2).to_list(), strict=True))
        self._last: date = sessions[-1]

    def equity(self, when: date | None) -> float | None:
        """Equity on a session; at the end of the run for a trade that has no end."""
        return self._equity.get(self._last if when is None else when)

    def underlying(self, trade: Trade, when: date | None) -> float | None:
        """Level of what the trade is written on."""
        if when is None:
            return None
        name = product_of(trade.instrument).underlying
        if name == "VIX":
            return self.vix.get(when)
        spot = self.spot.get(when)
        if name == "SPX" or spot is None:
            return spot
        return round(spot / 10.0, 2) if name == "XSP" else None


class _LegsInWords:
    """Legs of packages as traders write them: ``3 Mar 16 2018 2600 P STO 12.30 | ...``."""

    def __init__(self, entries: Entries) -> None:
        legs = entries.legs
        self._first = entries.packages.legs.tolist()
        self._symbol, self._ratio, self._price = legs.symbol, legs.ratio.tolist(), legs.price.tolist()

    def words(self, package: int, quantity: int) -> str:
        """Write the legs of a package."""
        return " | ".join(
            f"{abs(self._ratio[leg]) * quantity} {_contract_in_words(bytes(self._symbol[leg]))} "
            f"{'BTO' if self._ratio[leg] > 0 else 'STO'} {self._price[leg]:.2f}"
            for leg in range(self._first[package], self._first[package + 1])
        )

    def short_long(self, package: int | None, *, closing: bool = False) -> float | None:
        """Price of the short legs over price of the long legs, None where one of them is nothing."""
        if package is None:
            return None
        # A closing trade buys the short legs back, so its signs are mirrored.
        side = -1 if closing else 1
        short = long = 0.0
        for leg in range(self._first[package], self._first[package + 1]):
            ratio = self._ratio[leg] * side
            if ratio < 0:
                short -= ratio * self._price[leg]
            else:
                long += ratio * self._price[leg]
        return round(short / long, 4) if short > 0 and long > 0 else None


def _row(trade: Trade, levels: _Levels, legs: _LegsInWords) -> tuple[Any, ...]:
    """Return the values of TRADE_COLUMNS, in their order."""
    opened, ended, count = trade.opened, trade.closed, trade.quantity
    pnl, received = trade.pnl, trade.received / 100
    margin = trade.margin
    profit, loss = _extremes(trade)
    return (
        opened,
        None,
        levels.underlying(trade, opened),
        legs.words(trade.package, count),
        round(received / count, 2),
        levels.underlying(trade, ended),
        ended,
        None,
        round(trade.paid_back / 100 / count, 2) if ended is not None else None,
        trade.reason,
        None if pnl is None else pnl / 100,
        round(100.0 * (pnl / 100) / abs(received), 2) if pnl is not None and received else None,
        count,
        levels.equity(ended),
        round(float(margin), 2) if margin is not None else max(-received, 0.0),
        f"{trade.sleeve}/{trade.rule}",
        trade.opening_fees / 100,
        trade.closing_fees / 100,
        legs.short_long(trade.package),
        legs.short_long(trade.closing, closing=True),
        levels.vix.get(opened),
        levels.vix.get(ended) if ended is not None else None,
        None,
        None,
        profit,
        loss,
    )


def _extremes(trade: Trade) -> tuple[float | None, float | None]:
    """Most that the trade could earn and lose at expiry, before fees; None where there is no bound."""
    margin, received = trade.margin, trade.received / 100
    if margin is not None:
        return received, round(received - float(margin), 2)
    return None, received if trade.bounded else None


def _contract_in_words(symbol: bytes) -> str:
    if len(symbol) != _OCC_LENGTH:
        return symbol.decode()
    year, month, day, mills = int(symbol[6:8]), int(symbol[8:10]), int(symbol[10:12]), int(symbol[13:])
    return f"{MONTHS[month - 1]} {day} {2000 + year} {mills / 1000:g} {symbol[12:13].decode()}"
