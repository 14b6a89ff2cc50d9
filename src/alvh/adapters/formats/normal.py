"""The normal columns of option quotes, and the expressions that make them.

Every chain format ends in one frame with these columns, in any row order within a session:

=============  =======  ==============================================================================
column         type     meaning
=============  =======  ==============================================================================
line           UInt32   place in the file (line of text, row of Parquet, first is 1)
session        Date     quote date
asof           Int64    seconds since 1970 UTC of the quotes; null where the file carries only a date
root           String   option root; null where the file has none
underlying     String   underlying symbol; null where the file has none
spot           Float64  underlying level printed with the quotes; null where there is none
expiry         Date
strike         Float64  points
is_put         Boolean
bid, ask       Float64  points; null where the file has a blank
iv             Float64  the vendor's implied volatility, decimal per year
delta          Float64  the vendor's delta, negative for puts
volume         Float64  contracts
open_interest  Float64  contracts
=============  =======  ==============================================================================
"""

from __future__ import annotations

import re

import polars as pl

NORMAL: dict[str, pl.DataType] = {
    "line": pl.UInt32(),
    "session": pl.Date(),
    "asof": pl.Int64(),
    "root": pl.String(),
    "underlying": pl.String(),
    "spot": pl.Float64(),
    "expiry": pl.Date(),
    "strike": pl.Float64(),
    "is_put": pl.Boolean(),
    "bid": pl.Float64(),
    "ask": pl.Float64(),
    "iv": pl.Float64(),
    "delta": pl.Float64(),
    "volume": pl.Float64(),
    "open_interest": pl.Float64(),
}

_PATTERNS = (
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}$"), "%Y-%m-%d"),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}$"), "%m/%d/%Y"),
    (re.compile(r"\d{8}$"), "%Y%m%d"),
    (re.compile(r"[A-Za-z]{3} [A-Za-z]{3} \d{1,2} \d{4}$"), "%a %b %d %Y"),
)


def normal(frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """Build the normal frame from one expression per known column; the rest is null."""
    given = {"line": pl.col("line")} | columns
    exprs = [(given[name] if name in given else pl.lit(None)).cast(kind).alias(name) for name, kind in NORMAL.items()]
    return frame.select(exprs)


def day(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Read a date column: Date, Datetime, or text in one of the four spellings met in the wild.

    The first cell decides the spelling of the whole piece, so a month is never taken for a day half-way through a
    file; a cell in another spelling becomes null and is refused by the checks.
    """
    kind = frame.schema[column]
    if kind == pl.Date:
        return pl.col(column)
    if isinstance(kind, pl.Datetime):
        return pl.col(column).dt.date()
    text = pl.col(column).cast(pl.String)
    first = frame.get_column(column).drop_nulls().head(1)
    sample = str(first[0]).strip() if first.len() else ""
    for pattern, spelling in _PATTERNS:
        if pattern.match(sample):
            return text.str.to_date(spelling, strict=False)
    if re.match(r"\d{4}-\d{2}-\d{2}[ T]", sample):
        return text.str.head(10).str.to_date("%Y-%m-%d", strict=False)
    return pl.lit(None, dtype=pl.Date)


def put(column: str) -> pl.Expr:
    """Read a right: anything that begins with c or p, in either case; null otherwise."""
    letter = pl.col(column).cast(pl.String).str.strip_chars_start().str.head(1)
    return pl.when(letter.is_in(["p", "P"])).then(True).when(letter.is_in(["c", "C"])).then(False).otherwise(None)


def symbol_root(column: str) -> pl.Expr:
    """Take the root out of an OCC symbol, padded or compact; a text too short to be one is the root itself."""
    text = pl.col(column).cast(pl.String)
    root = pl.when(text.str.len_bytes() > 15).then(text.str.head(-15)).otherwise(text)
    return blank_to_null(root.str.strip_chars(" ^$"))


def plain_symbol(column: str) -> pl.Expr:
    """Drop the caret, dollar sign and blanks around an index symbol."""
    return blank_to_null(pl.col(column).cast(pl.String).str.strip_chars(" ^$").str.to_uppercase())


def blank_to_null(text: pl.Expr) -> pl.Expr:
    """Turn empty text into a missing value."""
    return pl.when(text.str.len_bytes() > 0).then(text).otherwise(None)


def positive(column: str) -> pl.Expr:
    """Turn a zero that stands for "not known" into a missing value."""
    return pl.when(pl.col(column) != 0.0).then(pl.col(column)).otherwise(None)
