"""The strip of the Cboe VIX white paper: both rights on one row, the quote date only as days to expiry."""

from __future__ import annotations

import polars as pl

from alvh.adapters.formats.normal import day, normal
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble

_NEEDED = {"Expiration", "Days", "Strike", "Call Bid", "Call Ask", "Put Bid", "Put Ask"}


def _side(frame: pl.DataFrame, side: str) -> pl.DataFrame:
    expiry = day(frame, "Expiration")
    return normal(
        frame,
        session=expiry - pl.duration(days=pl.col("Days")),
        underlying=pl.lit("SPX"),
        expiry=expiry,
        strike=pl.col("Strike"),
        is_put=pl.lit(side == "Put"),
        bid=pl.col(f"{side} Bid"),
        ask=pl.col(f"{side} Ask"),
    )


def _normalise(frame: pl.DataFrame, _: Preamble) -> pl.DataFrame:
    return pl.concat([_side(frame, "Call"), _side(frame, "Put")])


def _matches(table: Sniff) -> bool:
    return set(table.columns) >= _NEEDED


FORMATS = (
    ChainFormat(
        name="vix-white-paper",
        title="Strip of the Cboe VIX white paper",
        header="Expiration,Days,Strike,Call Bid,Call Ask,Put Bid,Put Ask",
        matches=_matches,
        normalise=_normalise,
        text=("Expiration",),
        numbers=("Days", "Strike", "Call Bid", "Call Ask", "Put Bid", "Put Ask"),
        says={
            "session": "Days",
            "expiry": "Expiration",
            "strike": "Strike",
            "bid": "Call Bid or Put Bid",
            "ask": "Call Ask or Put Ask",
        },
        session_column=None,
        notes="The quote date is the expiry less Days. No level of the underlying.",
    ),
)
