"""DoltHub post-no-preference/options: no underlying level, no volume; ``vol`` is the implied volatility."""

from __future__ import annotations

import polars as pl

from alvh.adapters.formats.normal import day, normal, plain_symbol, put
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble

_NEEDED = {"date", "act_symbol", "expiration", "strike", "call_put", "bid", "ask", "vol"}


def _normalise(frame: pl.DataFrame, _: Preamble) -> pl.DataFrame:
    return normal(
        frame,
        session=day(frame, "date"),
        underlying=plain_symbol("act_symbol"),
        expiry=day(frame, "expiration"),
        strike=pl.col("strike"),
        is_put=put("call_put"),
        bid=pl.col("bid"),
        ask=pl.col("ask"),
        iv=pl.col("vol"),
        delta=pl.col("delta"),
    )


def _matches(table: Sniff) -> bool:
    return set(table.columns) >= _NEEDED


FORMATS = (
    ChainFormat(
        name="dolthub",
        title="DoltHub post-no-preference/options",
        header="date,act_symbol,expiration,strike,call_put,bid,ask,vol,delta,gamma,theta,vega,rho",
        matches=_matches,
        normalise=_normalise,
        text=("date", "act_symbol", "expiration", "call_put"),
        numbers=("strike", "bid", "ask", "vol", "delta"),
        says={
            "session": "date",
            "expiry": "expiration",
            "strike": "strike",
            "is_put": "call_put",
            "bid": "bid",
            "ask": "ask",
        },
        session_column="date",
        notes="Carries no level of the underlying and dates only.",
    ),
)
