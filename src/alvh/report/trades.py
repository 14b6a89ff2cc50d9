"""Trade log and fills as frames; the log has the column names that traders exchange (Option Omega's).

Amounts are USD and follow one sign convention: received is positive. `Premium` and `Avg. Closing Cost` are per
contract (package), `Max Profit` and `Max Loss` are what the whole trade could earn or lose at expiry before fees. A
column that cannot be known from the data stays empty: times of day where the data carry only dates, `Gap` and
`Movement` without an index open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from alvh.engine.run import Run
from alvh.ledger.events import Closed, LegFill, Opened, Settled
from alvh.ledger.symbols import parse_instrument
from alvh.market.contracts import Option
from alvh.market.products import product_of
from alvh.money.trades import Trade, trades_of

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
    return pl.DataFrame([_row(trade, levels) for trade in folded], schema=TRADE_COLUMNS)


def fills_frame(run: Run) -> pl.DataFrame:
    """Return one row per leg traded or settled, in the order of the ledger."""
    rows: list[dict[str, Any]] = []
    for event in run.events:
        if isinstance(event, Opened | Closed):
            rows.extend(_leg_row(event, leg) for leg in event.fills)
        elif isinstance(event, Settled):
            rows.append(_settled_row(event))
    return pl.DataFrame(rows, schema=FILL_COLUMNS)


def legs_in_words(legs: Sequence[LegFill], quantity: int) -> str:
    """Write legs as traders do: ``3 Mar 16 2018 2600 P STO 12.30 | ...``."""
    return " | ".join(_leg_in_words(leg, quantity) for leg in legs)


class _Levels:
    """Spot, VIX and equity by session."""

    def __init__(self, run: Run) -> None:
        frame = run.equity
        sessions = frame["session"].to_list()
        self.spot = dict(zip(sessions, frame["spot"].to_list(), strict=True))
        self.vix = dict(zip(sessions, frame["vix"].to_list(), strict=True))
        self.equity = dict(zip(sessions, frame["equity"].to_list(), strict=True))
        self.last: date = sessions[-1]

    def underlying(self, trade: Trade, when: date | None) -> float | None:
        """Level of what the trade is written on."""
        if when is None:
            return None
        name = product_of(trade.instruments[0]).underlying
        if name == "VIX":
            return _rounded(self.vix.get(when))
        spot = self.spot.get(when)
        if name == "SPX" or spot is None:
            return _rounded(spot)
        return _rounded(spot / 10.0) if name == "XSP" else None


def _row(trade: Trade, levels: _Levels) -> dict[str, Any]:
    ended = trade.closed
    pnl, received = trade.pnl, trade.received
    paid_back = trade.paid_back / trade.quantity if ended is not None else None
    profit, loss = _extremes(trade)
    return {
        "Date Opened": trade.opened,
        "Time Opened": None,
        "Opening Price": levels.underlying(trade, trade.opened),
        "Legs": legs_in_words(trade.legs, trade.quantity),
        "Premium": _cents(received / trade.quantity),
        "Closing Price": levels.underlying(trade, ended),
        "Date Closed": ended,
        "Time Closed": None,
        "Avg. Closing Cost": _cents(paid_back),
        "Reason For Close": trade.reason,
        "P/L": _cents(pnl),
        "P/L %": round(100.0 * float(pnl / abs(received)), 2) if pnl is not None and received else None,
        "No. of Contracts": trade.quantity,
        "Funds at Close": _rounded(levels.equity.get(ended if ended is not None else levels.last)),
        "Margin Req.": _cents(trade.margin if trade.margin is not None else max(-received, Decimal(0))),
        "Strategy": f"{trade.sleeve}/{trade.rule}",
        "Opening Commissions + Fees": _cents(trade.opening_fees),
        "Closing Commissions + Fees": _cents(trade.closing_fees),
        "Opening Short/Long Ratio": _short_long(trade.legs),
        "Closing Short/Long Ratio": _short_long(trade.closing_legs, closing=True),
        "Opening VIX": _rounded(levels.vix.get(trade.opened)),
        "Closing VIX": _rounded(levels.vix.get(ended)) if ended is not None else None,
        "Gap": None,
        "Movement": None,
        "Max Profit": _cents(profit),
        "Max Loss": _cents(loss),
    }


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
    instrument = parse_instrument(leg.symbol)
    side = "BTO" if leg.ratio > 0 else "STO"
    count = abs(leg.ratio) * quantity
    if isinstance(instrument, Option):
        when = f"{instrument.expiry:%b} {instrument.expiry.day} {instrument.expiry.year}"
        return f"{count} {when} {instrument.strike:g} {instrument.right} {side} {leg.price:.2f}"
    return f"{count} {leg.symbol} {side} {leg.price:.2f}"


def _leg_row(event: Opened | Closed, leg: LegFill) -> dict[str, Any]:
    return {
        "session": event.session,
        "position": event.position,
        "proposal": event.proposal,
        "kind": "opened" if isinstance(event, Opened) else "closed",
        "sleeve": str(event.sleeve),
        "rule": event.rule,
        "reason": "" if isinstance(event, Opened) else event.reason,
        "symbol": leg.symbol,
        "contracts": leg.ratio * event.quantity,
        "bid": leg.bid,
        "ask": leg.ask,
        "price": leg.price,
        "fee": float(leg.fee),
        "origin": leg.origin,
        "package_price": float(event.price),
        "package_mid": event.mid,
        "package_natural": event.natural,
        "package_cash": float(event.cash),
    }


def _settled_row(event: Settled) -> dict[str, Any]:
    return {
        "session": event.session,
        "position": event.position,
        "proposal": None,
        "kind": "settled",
        "sleeve": str(event.sleeve),
        "rule": None,
        "reason": event.proxy or "official settlement value",
        "symbol": event.symbol,
        # Settlement takes away what was held.
        "contracts": -event.contracts,
        "bid": None,
        "ask": None,
        "price": event.value,
        "fee": 0.0,
        "origin": None,
        "package_price": None,
        "package_mid": None,
        "package_natural": None,
        "package_cash": float(event.cash),
    }


def _cents(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount.quantize(Decimal("0.01")))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
