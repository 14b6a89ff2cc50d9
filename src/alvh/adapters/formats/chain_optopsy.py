"""optopsy's CSV and optopsy-mcp's Parquet, with whatever of level, volatility and volume they carry."""

from __future__ import annotations

import polars as pl

from alvh.adapters.formats.file_name import root_in_name
from alvh.adapters.formats.normal import day, normal, plain_symbol, positive, put
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble, ReadOptions

_PLAIN = {"underlying_symbol", "option_type", "expiration", "quote_date", "strike", "bid", "ask"}
_MCP = {"datetime", "expiration", "strike", "option_type", "bid", "ask"}


def _plain(frame: pl.DataFrame, _: Preamble) -> pl.DataFrame:
    return normal(
        frame,
        session=day(frame, "quote_date"),
        underlying=plain_symbol("underlying_symbol"),
        spot=positive("underlying_price"),
        expiry=day(frame, "expiration"),
        strike=pl.col("strike"),
        is_put=put("option_type"),
        bid=pl.col("bid"),
        ask=pl.col("ask"),
        iv=pl.col("iv"),
        delta=pl.col("delta"),
        volume=pl.col("volume"),
        open_interest=pl.col("open_interest"),
    )


def _mcp(frame: pl.DataFrame, preamble: Preamble) -> pl.DataFrame:
    return normal(
        frame,
        session=day(frame, "datetime"),
        underlying=pl.lit(preamble.root),
        expiry=day(frame, "expiration"),
        strike=pl.col("strike"),
        is_put=put("option_type"),
        bid=pl.col("bid"),
        ask=pl.col("ask"),
        delta=pl.col("delta"),
    )


def _name_is_symbol(table: Sniff, _: ReadOptions) -> Preamble:
    """Take the underlying from the file name (``SPX.parquet``), which is the only place it stands."""
    return Preamble(root=root_in_name(table.name))


def _is_plain(table: Sniff) -> bool:
    return set(table.columns) >= _PLAIN


def _is_mcp(table: Sniff) -> bool:
    return set(table.columns) >= _MCP


_SAYS = {"expiry": "expiration", "strike": "strike", "is_put": "option_type", "bid": "bid", "ask": "ask"}

FORMATS = (
    ChainFormat(
        name="optopsy",
        title="optopsy CSV or Parquet",
        header="underlying_symbol,option_type,expiration,quote_date,strike,bid,ask,delta[,underlying_price,iv,volume,...]",
        matches=_is_plain,
        normalise=_plain,
        text=("underlying_symbol", "option_type", "expiration", "quote_date"),
        numbers=("underlying_price", "strike", "bid", "ask", "delta", "iv", "volume", "open_interest"),
        says=_SAYS | {"session": "quote_date", "spot": "underlying_price"},
        session_column="quote_date",
        notes="Carries dates only; the root is told from the expiry or given with --root.",
        rank=20,
    ),
    ChainFormat(
        name="optopsy-mcp",
        title="optopsy-mcp Parquet",
        header="datetime,expiration,strike,option_type,bid,ask,delta",
        matches=_is_mcp,
        normalise=_mcp,
        text=("datetime", "expiration", "option_type"),
        numbers=("strike", "bid", "ask", "delta"),
        says=_SAYS | {"session": "datetime"},
        session_column="datetime",
        preamble=_name_is_symbol,
        notes="Carries no symbol and no level: the symbol is the first word of the file name, or --root.",
        rank=21,
    ),
)
