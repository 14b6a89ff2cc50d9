"""iVolatility end-of-day chains, where the ask stands before the bid.

Two headers are met: the historical download (``option_expiration``, ``call/put``, ``stock_price_close``) and the
later service (``expiration``, ``call_put``, ``underlying_price``). In the later one ``open_interest`` repeats the
underlying price and ``volume`` is not volume, so neither is imported.
"""

from __future__ import annotations

import polars as pl

from alvh.adapters.formats.normal import day, normal, plain_symbol, positive, put, symbol_root
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble

_CLASSIC = {"symbol", "date", "stock_price_close", "option_symbol", "option_expiration", "call/put", "ask", "bid"}
_SERVICE = {"symbol", "date", "underlying_price", "option_symbol", "expiration", "call_put", "ask", "bid"}


def _classic(frame: pl.DataFrame, _: Preamble) -> pl.DataFrame:
    return normal(
        frame,
        session=day(frame, "date"),
        root=symbol_root("option_symbol"),
        underlying=plain_symbol("symbol"),
        spot=positive("stock_price_close"),
        expiry=day(frame, "option_expiration"),
        strike=pl.col("strike"),
        is_put=put("call/put"),
        bid=pl.col("bid"),
        ask=pl.col("ask"),
        iv=pl.col("iv"),
        delta=pl.col("delta"),
        volume=pl.col("volume"),
        open_interest=pl.col("open_interest"),
    )


def _service(frame: pl.DataFrame, _: Preamble) -> pl.DataFrame:
    return normal(
        frame,
        session=day(frame, "date"),
        root=symbol_root("option_symbol"),
        underlying=plain_symbol("symbol"),
        spot=positive("underlying_price"),
        expiry=day(frame, "expiration"),
        strike=pl.col("strike"),
        is_put=put("call_put"),
        bid=pl.col("bid"),
        ask=pl.col("ask"),
        iv=pl.col("iv"),
        delta=pl.col("delta"),
    )


def _is_classic(table: Sniff) -> bool:
    return set(table.columns) >= _CLASSIC


def _is_service(table: Sniff) -> bool:
    return set(table.columns) >= _SERVICE


_SAYS = {"session": "date", "strike": "strike", "bid": "bid", "ask": "ask", "root": "option_symbol"}

FORMATS = (
    ChainFormat(
        name="ivolatility",
        title="iVolatility end of day (ask before bid)",
        header="symbol,exchange,company_name,date,stock_price_close,option_symbol,option_expiration,strike,call/put,...",
        matches=_is_classic,
        normalise=_classic,
        text=("symbol", "date", "option_symbol", "option_expiration", "call/put"),
        numbers=("stock_price_close", "strike", "ask", "bid", "iv", "volume", "open_interest", "delta"),
        says=_SAYS | {"expiry": "option_expiration", "is_put": "call/put", "spot": "stock_price_close"},
        session_column="date",
        notes="Carries dates only: the quotes are taken at 16:15 New York (13:15 on early closes).",
    ),
    ChainFormat(
        name="ivolatility-service",
        title="iVolatility end of day, later service (ask before bid)",
        header="symbol,exchange,date,underlying_price,option_symbol,expiration,strike,call_put,style,ask,bid,...",
        matches=_is_service,
        normalise=_service,
        text=("symbol", "date", "option_symbol", "expiration", "call_put"),
        numbers=("underlying_price", "strike", "ask", "bid", "iv", "delta"),
        says=_SAYS | {"expiry": "expiration", "is_put": "call_put", "spot": "underlying_price"},
        session_column="date",
        notes="Carries dates only. Its volume and open_interest columns hold other things and are not imported.",
    ),
)
