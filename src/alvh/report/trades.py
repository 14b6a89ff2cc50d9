"""Trade log and fills as frames; the log has the column names that traders exchange (Option Omega's).

Amounts are USD and follow one sign convention: received is positive. `Premium` and `Avg. Closing Cost` are per
contract (package), `Max Profit` and `Max Loss` are what the whole trade could earn or lose at expiry before fees. A
column that cannot be known from the data stays empty: times of day where the data carry only dates, `Gap` and
`Movement` without an index open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import polars as pl

from alvh.engine.run import Run
from alvh.ledger.events import Closed, LegFill, Opened, Settled
from alvh.ledger.symbols import parse_instrument
from alvh.market.contracts import Option
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

FILL_COLUMNS: dict[str, pl.DataType] = {
    "session": pl.Date(),
    "position": pl.String(),
    "proposal": pl.String(),
    "kind": pl.String(),
    "sleeve": pl.String(),
    "rule": pl.String(),
    "reason": pl.String(),
    "symbol": pl.String(),
    "contracts": pl.Int64(),
    "bid": pl.Float64(),
    "ask": pl.Float64(),
    "price": pl.Float64(),
    "fee": pl.Float64(),
    "origin": pl.String(),
    "package_price": pl.Float64(),
    "package_mid": pl.Float64(),
    "package_natural": pl.Float64(),
    "package_cash": pl.Float64(),
}
"""One row per leg that was traded (`opened`, `closed`) or settled (`settled`, price = settlement value)."""


def trades_frame(run: Run, trades: Sequence[Trade] | None = None) -> pl.DataFrame:
    """Return one row per position, closed or still open, both sleeves, in order of opening.

    Parameters
    ----------
    trades : sequence of Trade, optional
        The run's trades, where they have been folded already.
    """
    levels = _Levels(run)
    folded = trades_of(run.events, run.open_marks) if trades is None else trades
    return _frame([_row(trade, levels) for trade in folded], TRADE_COLUMNS)


def fills_frame(run: Run) -> pl.DataFrame:
    """Return one row per leg traded or settled, in the order of the ledger."""
    rows: list[tuple[Any, ...]] = []
    for event in run.events:
        if isinstance(event, Opened | Closed):
            rows.extend(_leg_rows(event))
        elif isinstance(event, Settled):
            rows.append(_settled_row(event))
    return _frame(rows, FILL_COLUMNS)


def legs_in_words(legs: Sequence[LegFill], quantity: int) -> str:
    """Write legs as traders do: ``3 Mar 16 2018 2600 P STO 12.30 | ...``."""
    return " | ".join(_leg_in_words(leg, quantity) for leg in legs)


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
        name = product_of(trade.instruments[0]).underlying
        if name == "VIX":
            return self.vix.get(when)
        spot = self.spot.get(when)
        if name == "SPX" or spot is None:
            return spot
        return round(spot / 10.0, 2) if name == "XSP" else None


def _row(trade: Trade, levels: _Levels) -> tuple[Any, ...]:
    """Return the values of TRADE_COLUMNS, in their order."""
    opened, ended, count = trade.opened, trade.closed, trade.quantity
    pnl, received = _cents(trade.pnl), float(trade.received)
    margin, open_fees, close_fees = trade.margin, trade.opening_fees, trade.closing_fees
    profit, loss = _extremes(trade)
    return (
        opened,
        None,
        levels.underlying(trade, opened),
        legs_in_words(trade.legs, count),
        round(received / count, 2),
        levels.underlying(trade, ended),
        ended,
        None,
        round(float(trade.paid_back) / count, 2) if ended is not None else None,
        trade.reason,
        pnl,
        round(100.0 * pnl / abs(received), 2) if pnl is not None and received else None,
        count,
        levels.equity(ended),
        _cents(margin) if margin is not None else max(-received, 0.0),
        f"{trade.sleeve}/{trade.rule}",
        float(open_fees),
        float(close_fees),
        _short_long(trade.legs),
        _short_long(trade.closing_legs, closing=True),
        levels.vix.get(opened),
        levels.vix.get(ended) if ended is not None else None,
        None,
        None,
        _cents(profit),
        _cents(loss),
    )


def _extremes(trade: Trade) -> tuple[Decimal | None, Decimal | None]:
    """Most that the trade could earn and lose at expiry, before fees; None where there is no bound."""
    margin = trade.margin
    if margin is not None:
        return trade.received, trade.received - margin
    long_only = all(leg.ratio > 0 for leg in trade.legs)
    options = all(isinstance(item, Option) for item in trade.instruments)
    return None, trade.received if long_only and options else None


def _short_long(legs: Sequence[LegFill], *, closing: bool = False) -> float | None:
    # A closing trade buys the short legs back, so its signs are mirrored.
    side = -1 if closing else 1
    short = sum(abs(leg.ratio) * leg.price for leg in legs if leg.ratio * side < 0)
    long = sum(abs(leg.ratio) * leg.price for leg in legs if leg.ratio * side > 0)
    return round(short / long, 4) if short > 0 and long > 0 else None


def _leg_in_words(leg: LegFill, quantity: int) -> str:
    side = "BTO" if leg.ratio > 0 else "STO"
    return f"{abs(leg.ratio) * quantity} {_contract_in_words(leg.symbol)} {side} {leg.price:.2f}"


@lru_cache(maxsize=65536)
def _contract_in_words(symbol: str) -> str:
    instrument = parse_instrument(symbol)
    if not isinstance(instrument, Option):
        return symbol
    expiry = instrument.expiry
    return f"{MONTHS[expiry.month - 1]} {expiry.day} {expiry.year} {instrument.strike:g} {instrument.right}"


def _leg_rows(event: Opened | Closed) -> list[tuple[Any, ...]]:
    """Return the values of FILL_COLUMNS for each leg, in their order."""
    kind, reason = ("opened", "") if isinstance(event, Opened) else ("closed", event.reason)
    head = (event.session, event.position, event.proposal, kind, str(event.sleeve), event.rule, reason)
    tail = (float(event.price), event.mid, event.natural, float(event.cash))
    count = event.quantity
    return [
        (*head, leg.symbol, leg.ratio * count, leg.bid, leg.ask, leg.price, float(leg.fee), leg.origin, *tail)
        for leg in event.fills
    ]


def _settled_row(event: Settled) -> tuple[Any, ...]:
    reason = event.proxy or "official settlement value"
    head = (event.session, event.position, None, "settled", str(event.sleeve), None, reason, event.symbol)
    # Settlement takes away what was held.
    return (*head, -event.contracts, None, None, event.value, 0.0, None, None, None, None, float(event.cash))


def _frame(rows: Sequence[tuple[Any, ...]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pl.DataFrame(
        [pl.Series(name, values, kind) for (name, kind), values in zip(schema.items(), columns, strict=True)]
    )


def _cents(amount: Decimal | None) -> float | None:
    return None if amount is None else round(float(amount), 2)
