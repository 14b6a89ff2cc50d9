"""What `alvh data export` writes of a chain, so that a store can be carried by its exports.

The export gives the instant of the quotes and not whether it was the convention, so an instant that is exactly the
convention (16:15 New York, 13:15 on early closes) counts as one.
"""

from __future__ import annotations

import polars as pl

from alvh.adapters.formats.normal import day, normal, plain_symbol, positive, put
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble
from alvh.adapters.session_clock import SessionClock

_NEEDED = {"root", "session", "asof", "expiry", "strike", "right", "bid", "ask"}


def _normalise(frame: pl.DataFrame, _: Preamble) -> pl.DataFrame:
    session = frame.select(day(frame, "session").alias("session")).get_column("session")
    days = session.drop_nulls().unique().to_list()
    clock = SessionClock()
    conventions = pl.DataFrame(
        {"session": days, "convention": [clock.snapshot(item) for item in days]},
        schema={"session": pl.Date, "convention": pl.Int64},
    )
    frame = frame.with_columns(session).join(conventions, on="session", how="left", maintain_order="left")
    asof = _seconds(frame)
    return normal(
        frame,
        session=pl.col("session"),
        asof=pl.when(asof == pl.col("convention")).then(None).otherwise(asof),
        root=plain_symbol("root"),
        spot=positive("spot"),
        expiry=day(frame, "expiry"),
        strike=pl.col("strike"),
        is_put=put("right"),
        bid=pl.col("bid"),
        ask=pl.col("ask"),
    )


def _seconds(frame: pl.DataFrame) -> pl.Expr:
    asof = pl.col("asof")
    if frame.schema["asof"] == pl.String:
        asof = asof.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", strict=False)
    return asof.dt.epoch("s")


def _matches(table: Sniff) -> bool:
    return set(table.columns) >= _NEEDED


FORMATS = (
    ChainFormat(
        name="alvh",
        title="Chain exported by this program",
        header="root,session,asof,spot,expiry,strike,right,bid,ask,status",
        matches=_matches,
        normalise=_normalise,
        text=("root", "session", "asof", "expiry", "right"),
        numbers=("spot", "strike", "bid", "ask"),
        says={
            "session": "session",
            "expiry": "expiry",
            "strike": "strike",
            "is_put": "right",
            "bid": "bid",
            "ask": "ask",
            "spot": "spot",
        },
        session_column="session",
        notes="Carries its instant. The vendor's volatility and delta are not part of an export.",
    ),
)
