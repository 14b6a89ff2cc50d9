"""Import files into a store: find the format, read, check, keep or refuse, and say what became of everything.

A file that cannot be believed leaves the store as it was and is reported with its sentence; the other files are still
read. Files show whole or not at all: small ones are read to their end before any of their days is offered, and many of
them are committed together; a large one streams through a transaction of its own. An interruption keeps what was
committed before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from alvh.adapters.chain_days import DayMaker, JudgedDay, RefusedDay
from alvh.adapters.chain_reader import preamble_of, read_pieces
from alvh.adapters.chain_store import ChainStore
from alvh.adapters.formats.registry import detect
from alvh.adapters.formats.source import SUFFIXES, Sniff, sniff
from alvh.adapters.formats.words import ChainFormat, Kind, Preamble, ReadOptions, SeriesFormat
from alvh.adapters.series_store import SeriesStore
from alvh.adapters.session_clock import SessionClock
from alvh.adapters.store.writing import Fate, ImportTransaction
from alvh.core.errors import DataError, FormatError, RefusedError
from alvh.market.quality import Defect, Finding

_HELD_ROWS = 250_000
"""Rows of a file that may wait in memory until its end; a larger file is committed alone."""
_BATCH_ROWS = 1_000_000
"""Quotes of small files after which they are committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import is.

    Attributes
    ----------
    where : str
        The table being read.
    file, files : int
        Number of this file, from 1, and of all.
    rows : int
        Rows of this table read so far.
    """

    where: str
    file: int
    files: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """What became of one table: a file, or a member of a zip archive.

    Attributes
    ----------
    where : str
        The table as messages name it.
    format : str or None
        Name of the format; None where no importer knows the header.
    rows : int
        Rows of the file that were read.
    names : tuple of str
        Roots or series that the table gave.
    days : tuple of date
        Sessions of chains now in the store from this table, new or already there.
    unchanged : int
        Chain days (root and session) that the store already held, quote for quote.
    days_refused : tuple of (date, sentence)
        Days kept out while the rest of the table was imported.
    findings : tuple of Finding
    refused : str or None
        Why nothing of the table was kept; None where at least a part was.
    """

    where: str
    format: str | None = None
    kind: Kind | None = None
    rows: int = 0
    names: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    unchanged: int = 0
    days_refused: tuple[tuple[date, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of every table, in the order in which they were read."""

    tables: tuple[TableReport, ...]

    @property
    def refused(self) -> tuple[TableReport, ...]:
        """Tables of which nothing was kept."""
        return tuple(table for table in self.tables if table.refused is not None)

    @property
    def rows(self) -> int:
        """Rows read of all tables that were kept."""
        return sum(table.rows for table in self.tables if table.refused is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where a run imports to, and what the person said about its files."""

    store: Path
    options: ReadOptions
    clock: SessionClock
    batch: _Batch


def import_paths(
    paths: Sequence[Path],
    store: Path,
    *,
    day: date | None = None,
    root: str | None = None,
    any_day: bool = False,
    replace: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Import files and folders into a store.

    Parameters
    ----------
    paths : sequence of Path
        Files; of a folder, every file whose name ends in .csv, .txt, .gz, .zip or .parquet.
    store : Path
        Folder of the store; made if absent.
    day : date, optional
        Session of quote tables that do not say it.
    root : str, optional
        Option root of files that do not say it; without it, options on SPX are told apart by their expiry.
    any_day : bool
        Accept quote dates on which the exchange was closed: for synthetic data.
    replace : bool
        Let quotes of a session that is stored with other quotes take their place; else the day is refused.
    progress : callable, optional
        Called with a `Progress` after every piece.

    Raises
    ------
    DataError
        The store cannot be read or written.
    UsageError
        Another import is writing to the store.
    """
    batch = _Batch(store, replace=replace)
    target = _Target(
        store=store, options=ReadOptions(day=day, root=root), clock=SessionClock(any_day=any_day), batch=batch
    )
    files = list(_files(paths))
    reports: list[TableReport] = []
    try:
        for number, path in enumerate(files, start=1):

            def tell(where: str, rows: int, number: int = number) -> None:
                if progress is not None:
                    progress(Progress(where=where, file=number, files=len(files), rows=rows))

            reports.extend(_import_file(path, target, tell))
        batch.close()
    except BaseException:
        batch.discard()
        raise
    return ImportReport(tables=tuple(reports))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(item for item in path.rglob("*") if item.is_file() and item.suffix.lower() in SUFFIXES)
        else:
            yield path


def _import_file(path: Path, target: _Target, tell: Callable[[str, int], None]) -> Iterator[TableReport]:
    try:
        tables = sniff(path)
    except DataError as error:
        yield TableReport(where=path.name, refused=error.sentence)
        return
    for table in tables:
        tell(table.where, 0)
        yield _import_table(table, target, tell)


def _import_table(table: Sniff, target: _Target, tell: Callable[[str, int], None]) -> TableReport:
    """Import one table; what is wrong with the table is reported, what is wrong with the store is raised."""
    try:
        format_ = detect(table)
    except FormatError as error:
        return TableReport(where=table.where, refused=error.sentence)
    try:
        if isinstance(format_, ChainFormat):
            return _import_chains(table, format_, target, tell)
        return _import_series(table, format_, target)
    except RefusedError as error:
        return TableReport(where=table.where, format=format_.name, kind=format_.kind, refused=error.sentence)


def _import_series(table: Sniff, format_: SeriesFormat, target: _Target) -> TableReport:
    read = format_.read(table, target.options)
    SeriesStore.open(target.store).write(read.series, read.findings)
    return TableReport(
        where=table.where,
        format=format_.name,
        kind=format_.kind,
        rows=read.rows,
        names=tuple(series.name for series in read.series),
        days_refused=read.days_refused,
        findings=read.findings,
    )


def _import_chains(
    table: Sniff, format_: ChainFormat, target: _Target, tell: Callable[[str, int], None]
) -> TableReport:
    """Read a table of chains; a small one joins the open transaction, a large one streams through its own."""
    tally = _Tally(table.where)
    preamble = preamble_of(table, format_, target.options)
    days = _days(table, format_, preamble, target, tally, tell)
    held: list[JudgedDay | RefusedDay] = []
    for item in days:
        held.append(item)
        if tally.rows > _HELD_ROWS:
            break
    # Nothing was offered yet: a small file has been read to its end, and a large one may still prove bad.
    if tally.rows > _HELD_ROWS:
        target.batch.close()
    transaction = target.batch.transaction()
    try:
        for item in chain(held, days):
            tally.take(item, transaction)
    except RefusedError:
        target.batch.discard()
        raise
    tally.note(preamble.findings, transaction)
    if transaction.rows > _BATCH_ROWS:
        target.batch.close()
    return tally.report(format_)


def _days(
    table: Sniff,
    format_: ChainFormat,
    preamble: Preamble,
    target: _Target,
    tally: _Tally,
    tell: Callable[[str, int], None],
) -> Iterator[JudgedDay | RefusedDay]:
    maker = DayMaker(table.where, format_, target.options.root, target.clock)
    for piece in read_pieces(table, format_, preamble):
        tally.rows += piece.rows
        yield from maker.days(piece)
        tell(table.where, tally.rows)


class _Batch:
    """One transaction over many small files: writing a month once costs less than once for each of its days."""

    def __init__(self, store: Path, *, replace: bool) -> None:
        self._store = store
        self._replace = replace
        self._stack = ExitStack()
        self._open: ImportTransaction | None = None

    def transaction(self) -> ImportTransaction:
        """Return the open transaction, or open one."""
        if self._open is None:
            self._open = self._stack.enter_context(ChainStore.open(self._store).importing(replace=self._replace))
        return self._open

    def close(self) -> None:
        """Commit what was gathered."""
        self._open = None
        self._stack.close()

    def discard(self) -> None:
        """Drop what was gathered since the last commit; the store is as it was then."""
        self._open = None
        with suppress(_Dropped):
            self._stack.__exit__(_Dropped, _Dropped(), None)


class _Dropped(Exception):
    """Tells a transaction that it ends without a commit."""


class _Tally:
    """Count what becomes of the days of one table."""

    def __init__(self, where: str) -> None:
        self._where = where
        self.rows = 0
        self.unchanged = 0
        self.roots: set[str] = set()
        self.sessions: set[date] = set()
        self.refused: list[tuple[date, str]] = []
        self.findings: list[Finding] = []

    def take(self, item: JudgedDay | RefusedDay, transaction: ImportTransaction) -> None:
        """Offer a day to the store and remember its fate."""
        if isinstance(item, RefusedDay):
            self._refuse(item.finding, transaction)
            return
        fate = transaction.add(item.day, item.findings, source=self._where)
        if fate is Fate.CONFLICT:
            self._refuse(_conflict(item, transaction), transaction)
            return
        self.unchanged += fate is Fate.SAME
        self.roots.add(item.day.root)
        self.sessions.add(item.day.session)
        self.findings.extend(item.findings)

    def note(self, findings: tuple[Finding, ...], transaction: ImportTransaction) -> None:
        """Record findings that concern the whole table."""
        self.findings.extend(findings)
        transaction.note(findings)

    def report(self, format_: ChainFormat) -> TableReport:
        """Say what became of the table."""
        return TableReport(
            where=self._where,
            format=format_.name,
            kind=format_.kind,
            refused=None if self.sessions else f"{self._where}: no day was kept. {self.refused[0][1]}",
            rows=self.rows,
            names=tuple(sorted(self.roots)),
            days=tuple(sorted(self.sessions)),
            unchanged=self.unchanged,
            days_refused=tuple(self.refused),
            findings=tuple(self.findings),
        )

    def _refuse(self, finding: Finding, transaction: ImportTransaction) -> None:
        assert finding.session is not None
        self.refused.append((finding.session, finding.detail))
        self.note((finding,), transaction)


def _conflict(item: JudgedDay, transaction: ImportTransaction) -> Finding:
    day = item.day
    source = transaction.source_of(day.root, day.session.isoformat())
    return Finding(
        subject=day.root,
        defect=Defect.CONFLICT,
        session=day.session,
        count=day.rows,
        detail=(
            f"{day.root} {day.session} is stored from {source} with other quotes, which were kept. "
            "Import with --replace to take these instead."
        ),
    )
