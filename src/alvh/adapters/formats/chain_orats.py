"""ORATS strikes: both rights on one row, ``delta`` of the call, implied future in ``stockPrice`` of an index."""

from __future__ import annotations

import polars as pl

from alvh.adapters.formats.normal import day, normal, plain_symbol, positive
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble

_NEEDED = {"ticker", "tradeDate", "expirDate", "strike", "callBidPrice", "callAskPrice", "putBidPrice", "putAskPrice"}


def _side(frame: pl.DataFrame, side: str) -> pl.DataFrame:
    spot = pl.coalesce(positive("spotPrice"), positive("stockPrice").first().over("tradeDate", "ticker"))
    delta = pl.col("delta") if side == "call" else pl.col("delta") - 1.0
    return normal(
        frame,
        session=day(frame, "tradeDate"),
        underlying=plain_symbol("ticker"),
        spot=spot,
        expiry=day(frame, "expirDate"),
        strike=pl.col("strike"),
        is_put=pl.lit(side == "put"),
        bid=pl.col(f"{side}BidPrice"),
        ask=pl.col(f"{side}AskPrice"),
        iv=pl.col(f"{side}MidIv"),
        delta=delta,
        volume=pl.col(f"{side}Volume"),
        open_interest=pl.col(f"{side}OpenInterest"),
    )


def _normalise(frame: pl.DataFrame, _: Preamble) -> pl.DataFrame:
    return pl.concat([_side(frame, "call"), _side(frame, "put")])


def _matches(table: Sniff) -> bool:
    return set(table.columns) >= _NEEDED


FORMATS = (
    ChainFormat(
        name="orats",
        title="ORATS strikes (delta is the call's)",
        header="ticker,tradeDate,expirDate,dte,strike,stockPrice,...,callBidPrice,...,putAskPrice,...,delta,...",
        matches=_matches,
        normalise=_normalise,
        text=("ticker", "tradeDate", "expirDate"),
        numbers=(
            "strike",
            "stockPrice",
            "spotPrice",
            "delta",
            *(
                f"{side}{name}"
                for side in ("call", "put")
                for name in ("BidPrice", "AskPrice", "MidIv", "Volume", "OpenInterest")
            ),
        ),
        says={
            "session": "tradeDate",
            "expiry": "expirDate",
            "strike": "strike",
            "spot": "spotPrice",
            "bid": "callBidPrice or putBidPrice",
            "ask": "callAskPrice or putAskPrice",
        },
        session_column="tradeDate",
        notes="The put's delta is the call's minus one. Without spotPrice, the first row's stockPrice of the session.",
    ),
)
