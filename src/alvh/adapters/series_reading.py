"""Tables of dated values as text: every cell is checked before it becomes a number or a day.

A cell is a value, an accepted way of saying that there is none, or a reason to refuse the file with its line and
column. Nothing is guessed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import polars as pl

from alvh.adapters.formats.source import Container, Sniff, read_text
from alvh.core.arrays import B1, D8, F8
from alvh.core.errors import RefusedError

ABSENT = ("", ".", "NA", "N/A", "#N/A", "n/a", "null", "None", "-")
"""Cells by which publishers say that there is no value."""

_FIRST_YEAR, _LAST_YEAR = 1700, 2200
"""A day outside is a two-digit year or a slip of the pen."""
_ISO_DAY, _AMERICAN_DAY = "%Y-%m-%d", "%m/%d/%Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table read from a file, text cells only, with what messages need to name a place in it.

    Attributes
    ----------
    line : (n,) array of int
        Line of each row in the file, counted from one.
    """

    where: str
    frame: pl.DataFrame
    line: np.ndarray[tuple[int], np.dtype[np.int64]]

    @property
    def columns(self) -> list[str]:
        """Column names as the file writes them, stripped of blanks."""
        return self.frame.columns

    def place(self, row: int, column: str) -> str:
        """Name a cell for a message."""
        return f'{self.where}, line {int(self.line[row])}, column "{column}"'

    def cell(self, row: int, column: str) -> str:
        """Return a cell as the file writes it."""
        return str(self.frame[column][row] or "")

    def keep(self, rows: B1) -> Table:
        """Return the table with some rows only."""
        return Table(where=self.where, frame=self.frame.filter(pl.Series(rows)), line=self.line[rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Numbers of one column; read `value` only where `present`."""

    value: F8
    present: B1


def read_table(sniff: Sniff, *, key: int = 0) -> Table:
    """Read a text table whole, dropping lines without a cell in the key column.

    Raises
    ------
    RefusedError
        Truncated or damaged compression, a line with more cells than the header, a last line cut short, no rows.
    """
    if sniff.container is Container.PARQUET:
        return _read_parquet(sniff)
    raw = read_text(sniff)
    _refuse_cut_end(raw, sniff)
    try:
        frame = pl.read_csv(io.BytesIO(raw), infer_schema=False)
    except pl.exceptions.ComputeError as error:
        raise _ragged(raw, sniff) from error
    frame = frame.rename({name: name.strip() for name in frame.columns})
    line = np.arange(frame.height, dtype=np.int64) + 2
    keyed = frame[frame.columns[key]].str.strip_chars().fill_null("").ne("").to_numpy()
    table = Table(where=sniff.where, frame=frame, line=line).keep(keyed)
    if table.frame.is_empty():
        raise RefusedError("there is a header and no row under it.", where=sniff.where, fix="Fetch the file again.")
    return table


def days(table: Table, column: str) -> D8:
    """Read a column of days: ISO (a time of day is ignored) or month/day/year.

    Raises
    ------
    RefusedError
        A cell is not a day in the notation of the first one.
    """
    text = table.frame[column].str.strip_chars().fill_null("")
    notation = _AMERICAN_DAY if "/" in str(text[0]) else _ISO_DAY
    found = text.str.slice(0, 10).str.to_date(notation, strict=False)
    bad = (~found.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR)).fill_null(True).to_numpy()
    if bad.any():
        row = int(np.argmax(bad))
        raise RefusedError(
            f'"{table.cell(row, column)}" is not a day written {"mm/dd/yyyy" if "/" in notation else "yyyy-mm-dd"}.',
            where=table.place(row, column),
            fix="Correct the cell or fetch the file again; nothing of it was kept.",
        )
    return found.to_numpy().astype("datetime64[D]")


def numbers(table: Table, column: str) -> Column:
    """Read a column of numbers, with a mask of the cells that hold one.

    Raises
    ------
    RefusedError
        A cell is neither a finite number nor an accepted way of saying that there is none.
    """
    text = table.frame[column].str.strip_chars().fill_null("")
    present = (~text.is_in(list(ABSENT))).to_numpy()
    parsed = text.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    bad = present & ~np.isfinite(parsed)
    if bad.any():
        row = int(np.argmax(bad))
        raise RefusedError(
            f'"{table.cell(row, column)}" is not a finite number.',
            where=table.place(row, column),
            fix="Correct the cell, or leave it empty where there is no value; nothing of the file was kept.",
        )
    return Column(value=np.where(present, parsed, 0.0), present=present)


def texts(table: Table, column: str) -> list[str]:
    """Read a column of names, stripped of blanks."""
    return table.frame[column].str.strip_chars().fill_null("").to_list()


def _read_parquet(sniff: Sniff) -> Table:
    try:
        frame = pl.read_parquet(sniff.path)
    except pl.exceptions.PolarsError as error:
        raise RefusedError(
            "the Parquet file is damaged.", where=sniff.where, fix="Fetch it again; nothing of it was kept."
        ) from error
    # One reader serves both containers; the null of Parquet becomes the blank of text.
    frame = frame.with_columns(pl.col(pl.Float32).cast(pl.Float64)).cast(pl.String)
    if frame.is_empty():
        raise RefusedError("the table has no row.", where=sniff.where, fix="Fetch the file again.")
    return Table(where=sniff.where, frame=frame, line=np.arange(frame.height, dtype=np.int64) + 1)


def _refuse_cut_end(raw: bytes, sniff: Sniff) -> None:
    """Refuse a file whose last line has fewer cells than its header: a download that stopped half-way."""
    lines = raw.rstrip(b"\r\n").rsplit(b"\n", 1)
    header = raw.lstrip(b"\r\n").split(b"\n", 1)[0]
    if len(lines) == 2 and b'"' not in lines[1] and lines[1].count(b",") < header.count(b","):
        raise RefusedError(
            f"the last line has {lines[1].count(b',') + 1} cells where the header has {header.count(b',') + 1}, "
            "so the file was cut short.",
            where=f"{sniff.where}, line {raw.count(bytes([10])) + (not raw.endswith(bytes([10])))}",
            fix="Fetch it again; nothing of it was kept.",
        )


def _ragged(raw: bytes, sniff: Sniff) -> RefusedError:
    lines = raw.splitlines()
    width = lines[0].count(b",")
    wide = next((at for at, line in enumerate(lines) if line.count(b",") > width), 0)
    return RefusedError(
        f"the line has {lines[wide].count(b',') + 1} cells where the header has {width + 1}.",
        where=f"{sniff.where}, line {wide + 1}",
        fix="Correct the line or fetch the file again; nothing of it was kept.",
    )
