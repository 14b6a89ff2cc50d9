"""Option quotes from Parquet, in windows of sessions, with only the rows a condor could use.

1. Collect the files and look at their columns; both optopsy's names and those of an imported store are known.
2. Ask for the first and last session, which reads one column.
3. Read window after window of sessions. Row groups outside the window are skipped by their statistics, and of the
   others only the rows within reach are decoded, so memory does not depend on how many years the files hold. Files
   whose days are out of order are read just as well, only slower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from alvh.core.errors import CoverageError, FormatError, RefusedError
from alvh.research.quote_batch import QuoteBatch
from alvh.research.scan_parameters import ScanParameters

_ROWS_A_WINDOW = 2_000_000
_EPOCH = date(1970, 1, 1)
# The first name that a file has is taken.
_NAMES = {
    "session": ("quote_date", "session"),
    "expiry": ("expiration", "expiry"),
    "right": ("option_type", "is_put"),
    "strike": ("strike",),
    "bid": ("bid",),
    "ask": ("ask",),
    "delta": ("delta",),
}
_ROOT_NAMES = ("underlying_symbol", "root", "symbol")
_NUMBERS = [pl.col(name).cast(pl.Float64) for name in ("strike", "bid", "ask", "delta")]
_PUTS, _CALLS = ("p", "put"), ("c", "call")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFiles:
    """Parquet files of option quotes, seen as one table.

    Attributes
    ----------
    where : str
        Name of the file, for sentences.
    quotes : LazyFrame
        Columns under the names of this room.
    first, last : date
        First and last session.
    rows : int
        All rows, within reach or not.
    with_root : bool
        Whether the files name an option root or an underlying symbol.
    with_words : bool
        Whether puts and calls are told by a word, not by a boolean.
    roots : list of str
        Names of the roots met so far, in the order of their codes; it grows while windows are read.
    """

    where: str
    quotes: pl.LazyFrame
    first: date
    last: date
    rows: int
    with_root: bool
    with_words: bool
    roots: list[str]


def open_quotes(paths: Sequence[Path]) -> QuoteFiles:
    """Look at the columns and the extent of Parquet files, without reading their quotes.

    Raises
    ------
    FormatError
        A file is not Parquet, or lacks a column.
    CoverageError
        There is no file, or no row in it.
    RefusedError
        A date, an expiry or an underlying symbol is blank.
    """
    files = _files(paths)
    where = str(paths[0]) if len(paths) == 1 else f"{len(files)} files"
    try:
        table = pl.scan_parquet(files)
        schema = table.collect_schema()
        source = _source(schema, where)
        quotes = table.select(**{name: pl.col(column) for name, column in source.items()})
        quotes = quotes.with_columns(
            _day("session", schema[source["session"]]), _day("expiry", schema[source["expiry"]])
        )
        return _measured(quotes, where, with_root="root" in source, with_words=schema[source["right"]] != pl.Boolean)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(where, error) from error


def windows(files: QuoteFiles, parameters: ScanParameters) -> Iterator[QuoteBatch]:
    """Read the rows within reach, window after window of sessions in ascending order.

    Raises
    ------
    FormatError
        A file is damaged, or a column does not hold what its name says.
    RefusedError
        A row within reach is neither a put nor a call.
    """
    span = (files.last - files.first).days + 1
    days = timedelta(days=ceil(span / ceil(files.rows / _ROWS_A_WINDOW)))
    start = files.first
    near = _within_reach(parameters)
    while start <= files.last:
        end = min(start + days, files.last + timedelta(days=1))
        inside = pl.col("session").is_between(start, end, closed="left")
        rows = files.quotes.filter(inside & near).with_columns(_is_put(files), *_NUMBERS)
        try:
            frame = rows.collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _unreadable(files.where, error) from error
        yield _batch(frame, files, end - timedelta(days=1))
        start = end


def _unreadable(where: str, error: Exception) -> FormatError:
    return FormatError(
        f"this does not read as Parquet quotes ({str(error).splitlines()[0]})",
        where=where,
        fix="Import other formats with 'alvh data import' and scan the store.",
    )


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(item for item in path.rglob("*.parquet") if not item.name.startswith("."))
        elif path.is_file():
            found.append(path)
        else:
            raise CoverageError("there is no such file or folder", where=str(path))
    if not found:
        raise CoverageError("no Parquet file was found", where=", ".join(map(str, paths)), fix="Give a .parquet file.")
    return found


def _source(schema: pl.Schema, where: str) -> dict[str, str]:
    """Match the columns of a file to the names of this room."""
    source: dict[str, str] = {}
    for name, known in _NAMES.items():
        column = next((column for column in known if column in schema), None)
        if column is None:
            raise FormatError(
                f"there is no column {' or '.join(known)}; seen are {', '.join(schema)}",
                where=where,
                fix="A scan needs quote_date, expiration, option_type, strike, bid, ask and delta.",
            )
        source[name] = column
    root = next((column for column in _ROOT_NAMES if column in schema), None)
    return source | ({"root": root} if root else {})


def _day(name: str, kind: Any) -> pl.Expr:
    """Make a column of dates; a date stays as it is, so that row groups can be skipped by their statistics."""
    if kind == pl.Date:
        return pl.col(name)
    if kind == pl.String:
        return pl.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d")
    return pl.col(name).cast(pl.Date)


def _measured(quotes: pl.LazyFrame, where: str, *, with_root: bool, with_words: bool) -> QuoteFiles:
    session = pl.col("session")
    asked = {
        "rows": pl.len(),
        "first": session.min(),
        "last": session.max(),
        "session": session.null_count(),
        "expiry": pl.col("expiry").null_count(),
    }
    if with_root:
        asked["root"] = pl.col("root").null_count()
    row = quotes.select(**asked).collect(engine="streaming").row(0, named=True)
    blank = {name: row[name] for name in ("session", "expiry", "root") if row.get(name)}
    if blank:
        listed = ", ".join(f"{count} of {name}" for name, count in blank.items())
        raise RefusedError(f"blank cells among {row['rows']} rows: {listed}", where=where, fix="Repair the file.")
    if not row["rows"]:
        raise CoverageError("there are no rows", where=where)
    return QuoteFiles(
        where=where,
        quotes=quotes,
        first=row["first"],
        last=row["last"],
        rows=row["rows"],
        with_root=with_root,
        with_words=with_words,
        roots=[] if with_root else [""],
    )


def _within_reach(parameters: ScanParameters) -> pl.Expr:
    low, high = parameters.reach
    dte = (pl.col("expiry") - pl.col("session")).dt.total_days()
    delta = pl.col("delta").cast(pl.Float64)
    near = delta.abs().is_between(low, high) | delta.is_null() | delta.is_nan()
    return dte.is_between(parameters.exit_dte, parameters.max_dte) & (near | (dte == parameters.exit_dte))


def _is_put(files: QuoteFiles) -> pl.Expr:
    if not files.with_words:
        return pl.col("right").alias("is_put")
    word = pl.col("right").cast(pl.String).str.to_lowercase()
    return pl.when(word.is_in(_PUTS)).then(True).when(word.is_in(_CALLS)).then(False).alias("is_put")


def _root_codes(frame: pl.DataFrame, files: QuoteFiles) -> Any:
    """Return the code of each row's root; a root met for the first time gets the next number."""
    if not files.with_root:
        return np.zeros(frame.height, np.int64)
    names = frame["root"].cast(pl.String)
    files.roots.extend(sorted(set(names.unique().to_list()) - set(files.roots)))
    return names.cast(pl.Enum(files.roots)).to_physical().cast(pl.Int64).to_numpy()


def _batch(frame: pl.DataFrame, files: QuoteFiles, last: date) -> QuoteBatch:
    odd = frame.filter(pl.col("is_put").is_null())
    if odd.height:
        raise RefusedError(
            f"{odd.height} quotes from {odd['session'][0]} on are neither put nor call, e.g. {odd['right'][0]!r}",
            where=files.where,
            fix="option_type is c, p, call or put.",
        )

    def whole(name: str) -> Any:
        return frame[name].to_physical().cast(pl.Int64).to_numpy()

    def number(name: str) -> Any:
        return frame[name].fill_null(np.nan).to_numpy()

    return QuoteBatch(
        session=whole("session"),
        expiry=whole("expiry"),
        root=_root_codes(frame, files),
        strike=number("strike"),
        is_put=frame["is_put"].to_numpy(),
        bid=number("bid"),
        ask=number("ask"),
        delta=number("delta"),
        last=(last - _EPOCH).days,
    )
