"""One import into the chain store: all of it shows at once, or none of it.

Days gather until the month of their root is over; a finished month is written under a name made of its content, in
the background while the next one is read. When the file has been read to its end, everything is brought to the disk
and the manifest is replaced. Until then no reader and no later run sees anything of it; what an interrupted import
leaves behind is never referred to and is removed by the next one.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl

from alvh.adapters.chain_days import ChainDay
from alvh.adapters.store.blocks import BlockFile, block_parts, block_size, fill_block, fill_table, table_size
from alvh.adapters.store.files import replace_bytes, sync
from alvh.adapters.store.findings import merged_findings
from alvh.adapters.store.manifest import NAME, DayEntry, Manifest, MonthEntry
from alvh.core.arrays import I8
from alvh.core.digest import digest
from alvh.core.errors import DataError
from alvh.market.quality import Finding

COLUMNS = ".cols"
PARQUET = ".parquet"


class Fate(Enum):
    """What became of a day that was offered to the store."""

    NEW = auto()
    SAME = auto()
    """The store holds it already, quote for quote."""
    CONFLICT = auto()
    """The store holds other quotes for this root and session, and replacing was not asked for."""


@dataclass(slots=True)
class _Month:
    root: str
    month: str
    days: list[tuple[ChainDay, str]] = field(default_factory=list)


class ImportTransaction:
    """Gather days and findings, then commit them all or none.

    Parameters
    ----------
    folder : Path
        The folder of chains, held for writing.
    source : str
        Name of the file the days come from.
    replace : bool
        Let other quotes of a stored day take its place.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, source: str, replace: bool = False) -> None:
        self._folder = folder
        self._manifest = manifest
        self._source = source
        self._replace = replace
        self._stored = {
            (root, day.session): day
            for root, months in manifest.roots.items()
            for month in months
            for day in month.days
        }
        self._open: dict[str, _Month] = {}
        self._done: dict[tuple[str, str], MonthEntry] = {}
        self._written: list[Path] = []
        self._findings: list[Finding] = []
        self._changed: set[tuple[str, str]] = set()
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._pending: Future[None] | None = None

    def add(self, day: ChainDay, findings: Iterable[Finding] = ()) -> Fate:
        """Offer one day; days of one root must come in ascending order."""
        name = day_digest(day)
        stored = self._stored.get((day.root, day.session.isoformat()))
        if stored is not None and stored.digest == name:
            return Fate.SAME
        if stored is not None and not self._replace:
            return Fate.CONFLICT
        month = f"{day.session:%Y-%m}"
        gathered = self._open.setdefault(day.root, _Month(root=day.root, month=month))
        if gathered.month != month:
            self._finish(gathered)
            gathered = self._open[day.root] = _Month(root=day.root, month=month)
        gathered.days.append((day, name))
        self._changed.add((day.root, day.session.isoformat()))
        self._findings.extend(findings)
        return Fate.NEW

    def note(self, findings: Iterable[Finding]) -> None:
        """Record findings that belong to no stored day."""
        self._findings.extend(findings)

    def source_of(self, root: str, session: str) -> str:
        """Name the file from which a stored day came."""
        return self._stored[root, session].source

    def commit(self) -> Manifest:
        """Make everything visible at once; return the new manifest.

        Raises
        ------
        DataError
            The disk is full or the folder cannot be written; the store is as it was.
        """
        for month in self._open.values():
            self._finish(month)
        self._wait()
        self._worker.shutdown()
        with _told(self._folder):
            return self._publish()

    def discard(self) -> None:
        """Drop everything; the store is as it was."""
        self._worker.shutdown()
        for path in self._written:
            path.unlink(missing_ok=True)
            _temporary(path).unlink(missing_ok=True)
        for folder in {path.parent for path in self._written}:
            # Only a folder that this import made is empty now.
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _finish(self, month: _Month) -> None:
        self._wait()
        self._pending = self._worker.submit(self._write, month)

    def _wait(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            with _told(self._folder):
                pending.result()

    def _write(self, month: _Month) -> None:
        old = self._old_month(month.root, month.month)
        fresh = {day.session.isoformat() for day, _ in month.days}
        kept = [day for day in old.days if day.session not in fresh] if old else []
        names = sorted(
            [(day.session, day.digest) for day in kept] + [(d.session.isoformat(), n) for d, n in month.days]
        )
        stem = f"{month.month}-{digest(*(name.encode() for _, name in names))[:16]}"
        folder = self._folder / month.root
        folder.mkdir(exist_ok=True)
        blocks = folder / f"{stem}{COLUMNS}"
        table = folder / f"{stem}{PARQUET}"
        # A name that stands is the same content, which the manifest may refer to: not ours to remove on failure.
        self._written += [path for path in (blocks, table) if not path.exists()]
        source = folder / old.stem if old else None
        days = _write_blocks(blocks, kept, source, month.days, self._source)
        _write_table(table, kept, source, month.days)
        self._done[month.root, month.month] = MonthEntry(month=month.month, stem=stem, days=days)

    def _old_month(self, root: str, month: str) -> MonthEntry | None:
        return next((entry for entry in self._manifest.roots.get(root, ()) if entry.month == month), None)

    def _publish(self) -> Manifest:
        roots = {root: {entry.month: entry for entry in months} for root, months in self._manifest.roots.items()}
        for (root, month), entry in self._done.items():
            roots.setdefault(root, {})[month] = entry
        findings = merged_findings(self._folder, self._manifest.findings, self._changed, self._findings)
        manifest = Manifest(
            roots={root: tuple(roots[root][month] for month in sorted(roots[root])) for root in sorted(roots)},
            findings=findings,
        )
        if manifest != self._manifest:
            written, self._written = self._written, []
            for path in [*written, *{path.parent for path in written}]:
                sync(path)
            # From here on the files may be referred to, so an interruption must not remove them.
            replace_bytes(self._folder / NAME, msgspec.json.encode(manifest))
        _sweep(self._folder, manifest)
        return manifest


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say a failure of the disk as a sentence."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(
            f"the store cannot be written ({getattr(error, 'strerror', None) or error}).",
            where=str(folder),
            fix="Free space or choose another folder; the store is as it was.",
        ) from error


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp")


def day_digest(day: ChainDay) -> str:
    """Name the content of a day: its clock, its level and every column, blanks told from zeros."""
    total = hashlib.sha256(repr((day.root, day.session.isoformat(), day.asof, day.timed, day.spot)).encode())
    for column in (*block_parts(day), day.blank, day.volume, day.open_interest):
        total.update(np.ascontiguousarray(column))
    return total.hexdigest()[:32]


def _write_blocks(
    path: Path, kept: list[DayEntry], source: Path | None, fresh: list[tuple[ChainDay, str]], name: str
) -> tuple[DayEntry, ...]:
    """Write the blocks of a month in the order of sessions: old ones copied, new ones from their columns."""
    old = BlockFile(f"{source}{COLUMNS}") if source is not None and kept else None
    parts: list[tuple[str, DayEntry | tuple[ChainDay, str]]] = [(day.session, day) for day in kept]
    parts += [(item[0].session.isoformat(), item) for item in fresh]
    parts.sort(key=lambda item: item[0])
    entries: list[DayEntry] = []
    # One write of the whole month lets the system keep it in large pages, which makes mapping it several times faster.
    start = table_size(len(parts))
    month = np.zeros(start + sum(_size(part) for _, part in parts), np.int8)
    for _, part in parts:
        size = _size(part)
        if isinstance(part, DayEntry):
            assert old is not None
            month[start : start + size] = old.bytes_of(part.start, size)
            entries.append(msgspec.structs.replace(part, start=start))
        else:
            day, content = part
            fill_block(month[start : start + size], day)
            entries.append(_entry(day, content, start, name))
        start += size
    fill_table(month[: table_size(len(parts))], _table_rows(entries))
    temporary = _temporary(path)
    with temporary.open("wb") as stream:
        stream.write(month)
    temporary.replace(path)
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


def _size(part: DayEntry | tuple[ChainDay, str]) -> int:
    if isinstance(part, DayEntry):
        return block_size(part.rows, part.expiries)
    return block_size(part[0].rows, int(part[0].expiries.size))


def _entry(day: ChainDay, content: str, start: int, source: str) -> DayEntry:
    return DayEntry(
        session=day.session.isoformat(),
        asof=day.asof,
        timed=day.timed,
        spot=day.spot,
        rows=day.rows,
        expiries=int(day.expiries.size),
        start=start,
        digest=content,
        source=source,
    )


def _write_table(path: Path, kept: list[DayEntry], source: Path | None, fresh: list[tuple[ChainDay, str]]) -> None:
    """Write the Parquet file of a month: every column, blanks as nulls."""
    table = _table([day for day, _ in fresh])
    if source is not None and kept:
        sessions = pl.Series([day.session for day in kept]).str.to_date()
        old = pl.read_parquet(source.with_name(source.name + PARQUET)).filter(
            pl.col("session").is_in(sessions.implode())
        )
        table = pl.concat([old, table]).sort("session", maintain_order=True)
    temporary = _temporary(path)
    table.write_parquet(temporary, compression="zstd", compression_level=1, statistics=True)
    temporary.replace(path)


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


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Remove what no manifest refers to: replaced months, and what an interrupted import left."""
    used = {folder / root / month.stem for root, months in manifest.roots.items() for month in months}
    for root in (path for path in folder.iterdir() if path.is_dir()):
        for path in root.iterdir():
            if path.with_suffix("") not in used or path.name.startswith("."):
                # A reader on Windows may still map it; the next import tries again.
                with contextlib.suppress(OSError):
                    path.unlink()
    for path in folder.glob("findings-*.json"):
        if path.name != manifest.findings:
            with contextlib.suppress(OSError):
                path.unlink()
