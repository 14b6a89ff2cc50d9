"""Read a chain file in pieces of whole sessions, without holding the file in memory.

1. Text is read in blocks cut at line ends; Parquet in batches of rows. Each gives a frame of the format's own columns
   with the place of every row in the file.
2. The rows of the last session of a piece wait for the next piece, so that every frame holds whole sessions.
3. A cell that is not a number, a row with too many or too few cells, a file that ends in the middle of a row: the
   file is refused with line, column and reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl
import pyarrow.parquet as pq

from alvh.adapters.formats.normal import NORMAL
from alvh.adapters.formats.source import Container, Sniff, cells, open_bytes
from alvh.adapters.formats.words import ChainFormat, Preamble, ReadOptions
from alvh.core.errors import RefusedError

_BLOCK_BYTES = 8 << 20
_BATCH_ROWS = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Whole sessions of a file.

    Attributes
    ----------
    rows : int
        Rows of the file in this piece.
    raw : DataFrame
        The file's own columns, for messages.
    frame : DataFrame
        The normal columns.
    """

    rows: int
    raw: pl.DataFrame
    frame: pl.DataFrame


def read_pieces(table: Sniff, format_: ChainFormat, preamble: Preamble) -> Iterator[Piece]:
    """Read a table as pieces of whole sessions, in the order of the file.

    Raises
    ------
    RefusedError
        The file cannot be believed; nothing of it should be kept.
    """
    source = _parquet(table, format_) if table.container is Container.PARQUET else _text(table, format_)
    waiting: pl.DataFrame | None = None
    for frame in _ahead(source):
        whole = frame if waiting is None else pl.concat([waiting, frame])
        ready, waiting = _cut(whole, format_.session_column)
        if ready.height:
            yield _piece(ready, format_, preamble)
    if waiting is None:
        raise RefusedError("the file has a header and no rows.", where=table.where)
    yield _piece(waiting, format_, preamble)


def _ahead(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Read the next piece while the last one is being checked."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, frames, None)
        while (frame := coming.result()) is not None:
            coming = reader.submit(next, frames, None)
            yield frame


def preamble_of(table: Sniff, format_: ChainFormat, options: ReadOptions) -> Preamble:
    """Read what stands above the rows, or an empty preamble."""
    return format_.preamble(table, options) if format_.preamble else Preamble(root=options.root)


def _piece(raw: pl.DataFrame, format_: ChainFormat, preamble: Preamble) -> Piece:
    frame = format_.normalise(raw, preamble)
    assert frame.columns == list(NORMAL), f"{format_.name} gives {frame.columns}"
    return Piece(rows=raw.height, raw=raw, frame=frame)


def _cut(frame: pl.DataFrame, column: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split off the rows of the last session, which may go on in the next piece."""
    if column is None:
        return frame.clear(), frame
    cell = frame.get_column(column)
    if cell.dtype == pl.String:
        # A session may be written with its time of day.
        cell = cell.str.head(10)
    elif isinstance(cell.dtype, pl.Datetime):
        cell = cell.dt.date()
    changes = (cell != cell.shift(1)).arg_true()
    place = int(changes[-1]) if changes.len() else 0
    return frame.slice(0, place), frame.slice(place)


def _complete(frame: pl.DataFrame, format_: ChainFormat) -> pl.DataFrame:
    """Add the optional columns a file lacks, as nulls, and keep only the format's own."""
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in format_.text if name not in frame.columns]
    absent += [pl.lit(None, dtype=pl.Float64).alias(name) for name in format_.numbers if name not in frame.columns]
    return frame.with_columns(absent).select("line", *format_.text, *format_.numbers)


# ----------------------------------------------------------------------------------------------------------- Parquet


def _parquet(table: Sniff, format_: ChainFormat) -> Iterator[pl.DataFrame]:
    wanted = [name for name in (*format_.text, *format_.numbers) if name in table.columns]
    line = 1
    try:
        for batch in pq.ParquetFile(table.path).iter_batches(batch_size=_BATCH_ROWS, columns=wanted):
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            yield _complete(_typed(frame, table, format_).with_row_index("line", offset=line), format_)
            line += frame.height
    except OSError as error:
        raise RefusedError(f"the Parquet file cannot be read ({error}).", where=table.where) from error


def _typed(frame: pl.DataFrame, table: Sniff, format_: ChainFormat) -> pl.DataFrame:
    """Give numbers as float64 and text as dates or text, whatever the writer of the file chose."""
    for name in format_.numbers:
        if name in frame.columns and not (frame.schema[name].is_numeric() or frame.schema[name] == pl.Null):
            raise RefusedError(f"holds {frame.schema[name]}, not numbers.", where=f'{table.where}, column "{name}"')
    numbers = [pl.col(name).cast(pl.Float64) for name in format_.numbers if name in frame.columns]
    text = [
        pl.col(name) if frame.schema[name].is_temporal() else pl.col(name).cast(pl.String)
        for name in format_.text
        if name in frame.columns
    ]
    return frame.select(text + numbers)


# -------------------------------------------------------------------------------------------------------------- text


def _text(table: Sniff, format_: ChainFormat) -> Iterator[pl.DataFrame]:
    header = format_.header_line(table)
    columns = _unique(cells(table.lines[header]))
    line = header + 2
    for block in _blocks(table, skip=header + 1):
        clean = format_.clean(block) if format_.clean else block
        yield _parse(clean, columns, line, table, format_)
        line += block.count(b"\n") + (not block.endswith(b"\n"))


def _unique(names: Sequence[str]) -> list[str]:
    """Tell repeated column names apart: the second ``Bid`` becomes ``Bid_2``."""
    seen: dict[str, int] = {}
    told: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return told


def _blocks(table: Sniff, skip: int) -> Iterator[bytes]:
    """Yield the text after the header in blocks that end at line ends."""
    with open_bytes(table) as stream:
        for _ in range(skip):
            stream.readline()
        rest = b""
        while fresh := stream.read(_BLOCK_BYTES):
            cut = fresh.rfind(b"\n") + 1
            if cut == 0:
                rest += fresh
                continue
            yield rest + fresh[:cut]
            rest = fresh[cut:]
        if rest.strip():
            yield rest


def _parse(block: bytes, columns: list[str], line: int, table: Sniff, format_: ChainFormat) -> pl.DataFrame:
    if _ragged(block, len(columns)) and (refusal := _shape(block, columns, line, table)):
        raise refusal
    numbers = set(format_.numbers)
    wanted = [place for place, name in enumerate(columns) if name in numbers or name in format_.text]
    schema = {name: pl.Float64() if name in numbers else pl.String() for name in columns}
    try:
        frame = pl.read_csv(block, has_header=False, schema=schema, columns=wanted)
    except pl.exceptions.PolarsError as error:
        raise _unreadable(block, columns, line, table, format_, error) from error
    frame = _complete(frame.with_row_index("line", offset=line), format_)
    # A blank line has no cell at all and is no row.
    return frame.filter(~pl.all_horizontal(pl.exclude("line").is_null()))


def _ragged(block: bytes, width: int) -> bool:
    """Whether some row surely has too many or too few cells.

    Quoted cells may hold commas; where there are any, only the last row is counted, which shows a file cut off.
    """
    if b'"' in block:
        last = block.rstrip(b"\r\n").rpartition(b"\n")[2]
        return len(next(csv.reader([last.decode("utf-8", errors="replace")]))) != width
    rows = block.count(b"\n") + (not block.endswith(b"\n"))
    return block.count(b",") != rows * (width - 1)


def _shape(block: bytes, columns: list[str], line: int, table: Sniff) -> RefusedError | None:
    """Find the row whose number of cells is wrong."""
    for offset, row in enumerate(csv.reader(io.StringIO(block.decode("utf-8", errors="replace")))):
        if row and len(row) != len(columns):
            return RefusedError(
                f"the row has {len(row)} cells and the header has {len(columns)}; is the file cut off?",
                where=f'{table.where}, line {line + offset}, column "{columns[min(len(row), len(columns)) - 1]}"',
                fix="Fetch it again; nothing was kept.",
            )
    return None


def _unreadable(
    block: bytes, columns: list[str], line: int, table: Sniff, format_: ChainFormat, error: Exception
) -> RefusedError:
    """Find the first cell that is not a number, by reading the block again as text."""
    schema = dict.fromkeys(columns, pl.String())
    try:
        frame = pl.read_csv(block, has_header=False, schema=schema)
    except pl.exceptions.PolarsError:
        return _shape(block, columns, line, table) or RefusedError(f"cannot be parsed ({error}).", where=table.where)
    for name in (name for name in columns if name in format_.numbers):
        text = frame.get_column(name).str.strip_chars()
        wrong = (text.cast(pl.Float64, strict=False).is_null() & text.is_not_null()).arg_true()
        if wrong.len():
            place = int(wrong[0])
            return RefusedError(
                f'"{text[place]}" is not a number.',
                where=f'{table.where}, line {line + place}, column "{name}"',
                fix="Correct the file or fetch it again; nothing was kept.",
            )
    return RefusedError(f"cannot be parsed ({error}).", where=table.where)
