"""Files as they lie on disk: plain, gzip, zip or Parquet, and what their first bytes say.

Only the first bytes are read to recognise a format. Text is UTF-8, with or without a byte-order mark.
"""

from __future__ import annotations

import csv
import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from alvh.core.errors import DataError, RefusedError

_HEAD_BYTES = 1 << 16
_HEAD_LINES = 20
SUFFIXES = (".csv", ".txt", ".gz", ".zip", ".parquet", ".pq")


class Container(StrEnum):
    """How the rows are written."""

    TEXT = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniff:
    """One table on disk and what its first bytes say.

    Attributes
    ----------
    path : Path
        The file; `member` names the table inside a zip archive.
    name : str
        File name in lower case without folder and without ``.gz``, ``.zip``, ``.csv``, ``.txt``, ``.parquet``.
    lines : tuple of str
        First lines of a text file, without line ends; empty for Parquet.
    columns : tuple of str
        Cells of the first non-blank line, stripped of blanks, or the columns of a Parquet file.
    """

    path: Path
    member: str | None
    name: str
    container: Container
    lines: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def where(self) -> str:
        """The table as messages name it."""
        return f"{self.path.name}[{self.member}]" if self.member else self.path.name


def sniff(path: Path) -> tuple[Sniff, ...]:
    """Read the first bytes of every table in a file: one, or one per member of a zip archive.

    Raises
    ------
    DataError
        The file is missing, unreadable or empty.
    RefusedError
        The file is not what its name says (a ``.gz`` that is not gzip, a truncated zip).
    """
    try:
        if path.stat().st_size == 0:
            raise RefusedError("the file is empty.", where=path.name, fix="Fetch it again.")
        if path.suffix == ".zip":
            return tuple(_sniff_text(path, member) for member in _members(path))
        if path.suffix in (".parquet", ".pq"):
            return (_sniff_parquet(path),)
        return (_sniff_text(path, None),)
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror or error}).", where=str(path)) from error


@contextmanager
def open_bytes(table: Sniff) -> Iterator[BinaryIO]:
    """Open a text table for reading, decompressed.

    Raises
    ------
    RefusedError
        On reading, where the compressed file is truncated or damaged.
    """
    try:
        if table.member is not None:
            with zipfile.ZipFile(table.path) as archive, archive.open(table.member) as stream:
                yield cast(BinaryIO, stream)
        elif table.path.suffix == ".gz":
            with gzip.open(table.path, "rb") as stream:
                yield cast(BinaryIO, stream)
        else:
            with table.path.open("rb") as stream:
                yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise _damaged(table.where, error) from error


def read_text(table: Sniff) -> bytes:
    """Read a whole text table, decompressed, without a byte-order mark."""
    with open_bytes(table) as stream:
        return stream.read().removeprefix(b"\xef\xbb\xbf")


def cells(line: str) -> tuple[str, ...]:
    """Split one line of comma-separated text into cells stripped of blanks."""
    return tuple(cell.strip() for cell in next(csv.reader([line]), []))


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith((".csv", ".txt"))]
    except zipfile.BadZipFile as error:
        raise _damaged(path.name, error) from error
    if not names:
        raise RefusedError("the archive holds no .csv or .txt file.", where=path.name)
    return sorted(names)


def _sniff_text(path: Path, member: str | None) -> Sniff:
    head = _head(path, member).removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    lines = tuple(head.splitlines()[:_HEAD_LINES])
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise RefusedError("the file is empty.", where=f"{path.name}[{member}]" if member else path.name)
    return Sniff(
        path=path,
        member=member,
        name=_stem(member or path.name),
        container=Container.TEXT,
        lines=lines,
        columns=cells(first),
    )


def _head(path: Path, member: str | None) -> bytes:
    """First bytes of a text table; a truncated gzip still shows its header here and is refused when read."""
    if member is not None:
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            return stream.read(_HEAD_BYTES)
    with path.open("rb") as plain:
        raw = plain.read(_HEAD_BYTES)
    if path.suffix != ".gz":
        return raw
    try:
        return zlib.decompressobj(wbits=31).decompress(raw, _HEAD_BYTES)
    except zlib.error as error:
        raise _damaged(path.name, error) from error


def _sniff_parquet(path: Path) -> Sniff:
    try:
        columns = tuple(pl.read_parquet_schema(path))
    except pl.exceptions.PolarsError as error:
        raise RefusedError(
            "the file ends in .parquet but is not a whole Parquet file.", where=path.name, fix="Fetch it again."
        ) from error
    return Sniff(path=path, member=None, name=_stem(path.name), container=Container.PARQUET, lines=(), columns=columns)


def _stem(name: str) -> str:
    stem = Path(name).name.lower()
    for suffix in (".gz", ".zip", ".csv", ".txt", ".parquet", ".pq"):
        stem = stem.removesuffix(suffix)
    return stem


def _damaged(where: str, error: Exception) -> RefusedError:
    return RefusedError(
        f"the compressed file is truncated or damaged ({error}).", where=where, fix="Fetch it again; nothing was kept."
    )
