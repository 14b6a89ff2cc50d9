"""historicaloptiondata.com / DeltaNeutral L2 and L3, and the dated concatenations of Cboe tables in the same layout.

``optionroot`` holds the whole OCC symbol, whose root decides settlement; ``underlying`` may name the root or the
index. Dates are mm/dd/yyyy or ISO. A leading row index, a blank before ``exchange`` and missing Greeks are met.
"""

from __future__ import annotations

import polars as pl

from alvh.adapters.formats.normal import day, normal, plain_symbol, positive, put, symbol_root
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble

_NEEDED = {"underlying", "underlying_last", "optionroot", "type", "expiration", "quotedate", "strike", "bid", "ask"}
_SAYS = {
    "session": "quotedate",
    "expiry": "expiration",
    "strike": "strike",
    "is_put": "type",
    "bid": "bid",
    "ask": "ask",
    "spot": "underlying_last",
    "root": "optionroot",
}


def _normalise(frame: pl.DataFrame, _: Preamble) -> pl.DataFrame:
    return normal(
        frame,
        session=day(frame, "quotedate"),
        root=symbol_root("optionroot"),
        underlying=plain_symbol("underlying"),
        spot=positive("underlying_last"),
        expiry=day(frame, "expiration"),
        strike=pl.col("strike"),
        is_put=put("type"),
        bid=pl.col("bid"),
        ask=pl.col("ask"),
        iv=pl.col("impliedvol"),
        delta=pl.col("delta"),
        volume=pl.col("volume"),
        open_interest=pl.col("openinterest"),
    )


def _matches(table: Sniff) -> bool:
    return set(table.columns) >= _NEEDED


FORMATS = (
    ChainFormat(
        name="deltaneutral",
        title="historicaloptiondata.com / DeltaNeutral L2 and L3",
        header="underlying,underlying_last,exchange,optionroot,optionext,type,expiration,quotedate,strike,last,bid,ask,...",
        matches=_matches,
        normalise=_normalise,
        text=("underlying", "optionroot", "type", "expiration", "quotedate"),
        numbers=("underlying_last", "strike", "bid", "ask", "volume", "openinterest", "impliedvol", "delta"),
        says=_SAYS,
        session_column="quotedate",
        notes="Carries dates only: the quotes are taken at 16:15 New York (13:15 on early closes).",
    ),
)
