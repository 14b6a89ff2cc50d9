"""Cboe DataShop end-of-day files, with or without calcs.

The 15:45 quotes are taken, at their instant: 15:45 New York, 12:45 on early closes since February 2020. A session
whose 15:45 quotes are all empty falls back to its end-of-day quotes, which carry no instant (16:15 by convention).
The level of the underlying is the middle of its own bid and ask at the same moment; for the VIX that is what the
vendor prints, not the cash close.
"""

from __future__ import annotations

import polars as pl

from alvh.adapters.formats.clock import afternoon_instants
from alvh.adapters.formats.normal import day, normal, plain_symbol
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble

_NEEDED = {"underlying_symbol", "quote_date", "root", "expiration", "strike", "option_type", "bid_1545", "ask_1545"}
_CLOSE = {"underlying_symbol", "quote_date", "root", "expiration", "strike", "option_type", "bid_eod", "ask_eod"}


def _normalise(frame: pl.DataFrame, _: Preamble) -> pl.DataFrame:
    frame = frame.with_columns(day(frame, "quote_date").alias("session"))
    # A session is quoted at 15:45 as soon as one of its contracts has an ask there.
    frame = frame.with_columns((pl.col("ask_1545").fill_null(0.0).max().over("session") > 0.0).alias("timed"))
    instants = afternoon_instants(frame.get_column("session"))
    frame = frame.join(instants, on="session", how="left", maintain_order="left")
    timed = pl.col("timed")

    def either(name: str) -> pl.Expr:
        return pl.when(timed).then(pl.col(f"{name}_1545")).otherwise(pl.col(f"{name}_eod"))

    middle = 0.5 * (either("underlying_bid") + either("underlying_ask"))
    return normal(
        frame,
        session=pl.col("session"),
        asof=pl.when(timed).then(pl.col("instant")).otherwise(None),
        root=plain_symbol("root"),
        underlying=plain_symbol("underlying_symbol"),
        spot=pl.when(middle > 0.0).then(middle).otherwise(None),
        expiry=day(frame, "expiration"),
        strike=pl.col("strike"),
        is_put=pl.col("option_type").str.to_uppercase().replace_strict({"P": True, "C": False}, default=None),
        bid=either("bid"),
        ask=either("ask"),
        iv=pl.when(timed).then(pl.col("implied_volatility_1545")).otherwise(None),
        delta=pl.when(timed).then(pl.col("delta_1545")).otherwise(None),
        volume=pl.col("trade_volume"),
        open_interest=pl.col("open_interest"),
    )


def _matches(table: Sniff) -> bool:
    columns = set(table.columns)
    return columns >= _NEEDED or columns >= _CLOSE


FORMATS = (
    ChainFormat(
        name="cboe-datashop",
        title="Cboe DataShop end of day, with or without calcs",
        header="underlying_symbol,quote_date,root,expiration,strike,option_type,...,bid_1545,...,ask_1545,...,bid_eod,...",
        matches=_matches,
        normalise=_normalise,
        text=("underlying_symbol", "quote_date", "root", "expiration", "option_type"),
        numbers=(
            "strike",
            "trade_volume",
            "open_interest",
            "implied_volatility_1545",
            "delta_1545",
            *(
                f"{name}_{when}"
                for when in ("1545", "eod")
                for name in ("bid", "ask", "underlying_bid", "underlying_ask")
            ),
        ),
        says={
            "session": "quote_date",
            "expiry": "expiration",
            "strike": "strike",
            "is_put": "option_type",
            "bid": "bid_1545",
            "ask": "ask_1545",
            "spot": "underlying_bid_1545",
            "root": "root",
        },
        session_column="quote_date",
        notes="15:45 New York (12:45 on early closes); a session without 15:45 quotes uses its end-of-day ones.",
    ),
)
