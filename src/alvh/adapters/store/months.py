"""Write one month of one root: blocks for the day loop and Parquet beside them, both named by their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl

from alvh.adapters.chain_days import ChainDay
from alvh.adapters.store.blocks import BlockFile, block_parts, block_size, fill_block, fill_table, table_size
from alvh.adapters.store.manifest import COLUMNS, PARQUET, DayEntry, MonthEntry
from alvh.core.arrays import I8
from alvh.core.digest import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A day on its way into the store, with the name of its content and of its file."""

    day: ChainDay
    content: str
    source: str

    @property
    def session(self) -> str:
        """ISO date."""
        return self.day.session.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFiles:
    """What a month will hold and where: days that stay, days that come, and the files of both.

    Attributes
    ----------
    old : Path or None
        Stem of the files from which the days that stay are copied.
    stem : Path
        Stem of the files to be written.
    """

    month: str
    kept: tuple[DayEntry, ...]
    fresh: tuple[Offer, ...]
    old: Path | None
    stem: Path

    @property
    def paths(self) -> tuple[Path, Path]:
        """The two files that `write` makes."""
        return Path(f"{self.stem}{COLUMNS}"), Path(f"{self.stem}{PARQUET}")

    def write(self) -> MonthEntry:
        """Write both files, each whole or not at all."""
        blocks, table = self.paths
        days = _write_blocks(blocks, self)
        _write_table(table, self)
        return MonthEntry(month=self.month, stem=self.stem.name, days=days)


def plan_month(folder: Path, month: str, old: MonthEntry | None, fresh: tuple[Offer, ...]) -> MonthFiles:
    """Join the days of a stored month with new ones, which win, and name the result by its content."""
    sessions = {offer.session for offer in fresh}
    kept = tuple(day for day in old.days if day.session not in sessions) if old else ()
    names = {day.session: day.digest for day in kept} | {offer.session: offer.content for offer in fresh}
    content = digest(*(f"{session} {names[session]}".encode() for session in sorted(names)))
    return MonthFiles(
        month=month,
        kept=kept,
        fresh=fresh,
        old=folder / old.stem if old and kept else None,
        stem=folder / f"{month}-{content[:16]}",
    )


def temporary(path: Path) -> Path:
    """Name under which a file is written before it is whole."""
    return path.with_name(f".{path.name}.tmp")


def day_digest(day: ChainDay) -> str:
    """Name the content of a day: its clock, its level and every column, blanks told from zeros."""
    total = hashlib.sha256(repr((day.root, day.session.isoformat(), day.asof, day.timed, day.spot)).encode())
    for column in (*block_parts(day), day.blank, day.volume, day.open_interest):
        total.update(np.ascontiguousarray(column))
    return total.hexdigest()[:32]


def _write_blocks(path: Path, files: MonthFiles) -> tuple[DayEntry, ...]:
    """Write the blocks of a month in the order of sessions: old ones copied, new ones from their columns."""
    old = BlockFile(f"{files.old}{COLUMNS}") if files.old is not None else None
    parts: list[DayEntry | Offer] = [*files.kept, *files.fresh]
    parts.sort(key=lambda part: part.session)
    entries: list[DayEntry] = []
    # One write of the whole month lets the system keep it in large pages, which makes mapping it several times faster.
    start = table_size(len(parts))
    month = np.zeros(start + sum(_size(part) for part in parts), np.int8)
    for part in parts:
        size = _size(part)
        if isinstance(part, DayEntry):
            assert old is not None
            month[start : start + size] = old.bytes_of(part.start, size)
            entries.append(msgspec.structs.replace(part, start=start))
        else:
            fill_block(month[start : start + size], part.day)
            entries.append(_entry(part, start))
        start += size
    fill_table(month[: table_size(len(parts))], _table_rows(entries))
    with temporary(path).open("wb") as stream:
        stream.write(month)
    temporary(path).replace(path)
    return tuple(entries)


def _table_rows(entries: list[DayEntry]) -> I8:
    epoch = date(1970, 1, 1).toordinal()
    return np.array(
        [
            (date.fromisoformat(day.session).toordinal() - epoch, day.start // 8, day.rows, day.expiries)
            for day in entries
        ],
        np.int64,
    )


def _size(part: DayEntry | Offer) -> int:
    if isinstance(part, DayEntry):
        return block_size(part.rows, part.expiries)
    return block_size(part.day.rows, int(part.day.expiries.size))


def _entry(offer: Offer, start: int) -> DayEntry:
    day = offer.day
    return DayEntry(
        session=offer.session,
        asof=day.asof,
        timed=day.timed,
        spot=day.spot,
        rows=day.rows,
        expiries=int(day.expiries.size),
        start=start,
        digest=offer.content,
        source=offer.source,
    )


def _write_table(path: Path, files: MonthFiles) -> None:
    """Write the Parquet file of a month: every column, blanks as nulls."""
    days = sorted((offer.day for offer in files.fresh), key=lambda day: day.session)
    table = _table(days)
    if files.old is not None:
        sessions = pl.Series([day.session for day in files.kept]).str.to_date()
        old = pl.read_parquet(f"{files.old}{PARQUET}").filter(pl.col("session").is_in(sessions.implode()))
        table = pl.concat([old, table]).sort("session", maintain_order=True)
    table.write_parquet(temporary(path), compression="zstd", compression_level=1, statistics=True)
    temporary(path).replace(path)


def _table(days: list[ChainDay]) -> pl.DataFrame:
    rows = [day.rows for day in days]

    def each(values: list[Any], kind: pl.DataType) -> pl.Series:
        return pl.Series(values, dtype=kind).gather(np.repeat(np.arange(len(days)), rows))

    def column(name: str) -> pl.Series:
        return pl.Series(np.concatenate([getattr(day, name) for day in days]), nan_to_null=True)

    expiry = np.concatenate([np.repeat(day.expiries, np.diff(day.offsets)) for day in days])
    blank = pl.Series(np.concatenate([day.blank for day in days]))
    return pl.DataFrame(
        {
            "root": each([day.root for day in days], pl.String()),
            "session": each([day.session for day in days], pl.Date()),
            "asof": each([datetime.fromtimestamp(day.asof, UTC) for day in days], pl.Datetime("us", "UTC")),
            "timed": each([day.timed for day in days], pl.Boolean()),
            "spot": each([day.spot for day in days], pl.Float64()),
            "expiry": pl.Series(expiry).cast(pl.Date),
            "strike": column("strike"),
            "is_put": column("is_put"),
            "bid": column("bid").set(blank.is_in([1, 3]), None),
            "ask": column("ask").set(blank.is_in([2, 3]), None),
            "status": column("status"),
            "iv": column("iv"),
            "delta": column("delta"),
            "volume": column("volume"),
            "open_interest": column("open_interest"),
        }
    )
