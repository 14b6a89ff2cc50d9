"""Check every needed cell of normal rows; the first bad one refuses the file with its line, column and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from alvh.adapters.chain_reader import Piece
from alvh.adapters.formats.words import ChainFormat
from alvh.core.errors import RefusedError

HIGHEST_STRIKE = 134_217.0
_FIX = "Correct the file or fetch it again; nothing of it was kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    column: str
    bad: pl.Expr
    reason: str


def _price(column: str) -> pl.Expr:
    return (pl.col(column) < 0.0) | pl.col(column).is_nan() | pl.col(column).is_infinite()


def _plausible(column: str) -> pl.Expr:
    return pl.col(column).is_between(date(1973, 1, 1), date(2100, 1, 1))


_CHECKS = (
    _Check(column="session", bad=pl.col("session").is_null(), reason="is not a date that can be read"),
    _Check(column="expiry", bad=pl.col("expiry").is_null(), reason="is not a date that can be read"),
    _Check(column="session", bad=~_plausible("session"), reason="is not a plausible quote date"),
    _Check(column="expiry", bad=~_plausible("expiry"), reason="is not a plausible expiry"),
    _Check(column="strike", bad=pl.col("strike").is_null(), reason="is empty"),
    _Check(
        column="strike",
        bad=~pl.col("strike").is_between(0.0, HIGHEST_STRIKE, closed="right") | pl.col("strike").is_nan(),
        reason=f"is not a strike between 0 and {HIGHEST_STRIKE:,.0f}",
    ),
    _Check(
        column="strike",
        bad=((pl.col("strike") * 1000.0).round() - pl.col("strike") * 1000.0).abs() > 1e-4,
        reason="is not a multiple of a thousandth, so no option symbol can name it",
    ),
    _Check(column="is_put", bad=pl.col("is_put").is_null(), reason="is neither call nor put"),
    _Check(column="bid", bad=_price("bid"), reason="is negative or not a number"),
    _Check(column="ask", bad=_price("ask"), reason="is negative or not a number"),
    _Check(column="spot", bad=_price("spot"), reason="is negative or not a number"),
    _Check(column="expiry", bad=pl.col("expiry") < pl.col("session"), reason="is before the quote date"),
    # Two sides of one row are stacked, so only a later line may be told to be out of order.
    _Check(
        column="session",
        bad=(pl.col("session") < pl.col("session").shift(1)) & (pl.col("line") > pl.col("line").shift(1)),
        reason="is before the date on the line above; the dates are out of order",
    ),
)


def check_cells(piece: Piece, format_: ChainFormat, where: str) -> None:
    """Refuse a piece for its first bad cell.

    Raises
    ------
    RefusedError
        With file, line, column, the cell as it stands in the file, and the reason.
    """
    counts = piece.frame.select(check.bad.sum().alias(str(place)) for place, check in enumerate(_CHECKS)).row(0)
    for check, count in zip(_CHECKS, counts, strict=True):
        if count:
            raise _refused(piece, format_, check, where)


def check_order(first: date, last: date | None, line: int, format_: ChainFormat, where: str) -> None:
    """Refuse a piece whose first session is not after the last session of the piece before it."""
    if last is not None and first <= last:
        raise RefusedError(
            f"{first} comes after {last}; the dates are out of order.",
            where=f'{where}, line {line}, column "{format_.says.get("session", "session")}"',
            fix="Sort the file by quote date.",
        )


def _refused(piece: Piece, format_: ChainFormat, check: _Check, where: str) -> RefusedError:
    row = piece.frame.filter(check.bad).row(0, named=True)
    column = format_.says.get(check.column, check.column)
    cell = row[check.column]
    if cell is None and column in piece.raw.columns:
        cell = piece.raw.filter(pl.col("line") == row["line"]).get_column(column)[0]
    seen = "an empty cell" if cell is None or cell == "" else f'"{cell}"'
    return RefusedError(f"{seen} {check.reason}.", where=f'{where}, line {row["line"]}, column "{column}"', fix=_FIX)
