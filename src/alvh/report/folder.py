"""The run folder: written whole or not at all.

::

    summary.json      every measure with definition and unit, by strategy
    equity.parquet    one row per session
    trades.csv        one row per position, Option Omega's columns
    fills.parquet     one row per leg traded or settled
    decisions.jsonl   one line per session
    ledger.jsonl      every entry of the ledger
    manifest.json     what identifies the run, and the SHA-256 of every file
    report.html       the page
    rivals/NAME/      the same tables for each rival

1. Everything is written into a hidden folder beside the target: decisions and entries of the ledger as they are made,
   the rest when the runs are over.
2. The hidden folder takes the target's name. A run folder that stood there is put aside first and removed after.
3. Whatever goes wrong, Ctrl-C included, the hidden folder is removed and the old one is back in its place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import msgspec
import polars as pl

from alvh.core.errors import UsageError
from alvh.engine.run import Run
from alvh.report.extras import Extras
from alvh.report.fills import fills_frame
from alvh.report.journal import FileJournal, ledger_digest, sha256_of
from alvh.report.manifest import KIND, NAME, manifest_bytes
from alvh.report.page import render_study
from alvh.report.study import Study, check_names, study
from alvh.report.summary import summary_of
from alvh.report.trades import trades_csv


def write_run(folder: Path, runs: Sequence[Run], extras: Extras | None = None) -> Path:
    """Write the folder of runs whose days were kept in memory.

    Parameters
    ----------
    folder : Path
        Absent, empty, or a run folder, which is then replaced.
    runs : sequence of Run
        The run itself, then its rivals.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    UsageError
        The folder holds something else, or cannot be written, or the days went elsewhere.
    """
    check_writable(folder)
    study(runs, extras)
    with writing(folder) as made:
        for run in runs:
            journal = made.journal(run.strategy)
            for day in run.kept_days:
                journal.write(day)
        made.finish(runs, extras)
    return folder


class RunFolder:
    """A run folder while it is being written; `writing` makes one.

    Parameters
    ----------
    place : Path
        The hidden folder.
    target : Path
        What it will be called; for messages.
    """

    def __init__(self, place: Path, target: Path) -> None:
        self._place = place
        self._target = target
        self._journals: dict[str, FileJournal] = {}

    def journal(self, strategy: str) -> FileJournal:
        """Open the journal of a strategy; the first one asked for is what the folder is about, the others are rivals.

        Raises
        ------
        UsageError
            The name cannot name a folder, or was taken before.
        """
        check_names([*self._journals, strategy])
        place = self._place / "rivals" / strategy if self._journals else self._place
        try:
            place.mkdir(parents=True, exist_ok=True)
            made = self._journals[strategy] = FileJournal(place, self._refuse)
        except OSError as error:
            raise self._refuse(error) from error
        return made

    def finish(self, runs: Sequence[Run], extras: Extras | None = None) -> Study:
        """Write everything that counts over whole runs: tables, summary, page, manifest.

        Parameters
        ----------
        runs : sequence of Run
            One per journal, in their order, all days written.

        Returns
        -------
        Study
            What was measured, for whoever wants to say some of it elsewhere.
        """
        try:
            self.close()
            places = [self._journals[run.strategy].place for run in runs]
            made = study(runs, extras, [ledger_digest(place) for place in places])
            for number, place in enumerate(places):
                _write_tables(made, number, place)
            (self._place / "summary.json").write_bytes(_json(summary_of(made)))
            (self._place / "report.html").write_bytes(render_study(made))
            (self._place / NAME).write_bytes(manifest_bytes(made, self._digests()))
        except OSError as error:
            raise self._refuse(error) from error
        return made

    def close(self) -> None:
        """Let go of the journals' files."""
        for journal in self._journals.values():
            journal.close()

    def _digests(self) -> dict[str, str]:
        files = (path for path in self._place.rglob("*") if path.is_file())
        return {path.relative_to(self._place).as_posix(): sha256_of(path) for path in files}

    def _refuse(self, error: OSError) -> UsageError:
        return _unwritable(self._target, error)


@contextmanager
def writing(folder: Path, named: Callable[[], str] | None = None) -> Iterator[RunFolder]:
    """Write a run folder that shows whole when the block ends well, and not at all when it does not.

    Parameters
    ----------
    folder : Path
        The folder, which `check_writable` let pass.
    named : callable, optional
        Asked for the folder's last name when the block has ended, where the runs decide it.

    Raises
    ------
    UsageError
        The folder cannot be written.
    """
    with _replacing(folder, named) as place:
        made = RunFolder(place, folder)
        try:
            yield made
        finally:
            made.close()


def check_writable(folder: Path) -> None:
    """Refuse a folder that cannot become this run's, before hours are spent on it.

    Raises
    ------
    UsageError
        It is a file, holds something else than a run, or its place cannot be written.
    """
    try:
        taken = folder.is_symlink() or (folder.exists() and not folder.is_dir())
        occupied = folder.is_dir() and any(folder.iterdir())
    except OSError as error:
        raise _unwritable(folder, error) from error
    if taken:
        raise UsageError("this is a file or a link, not a folder", where=str(folder), fix="Choose another --out.")
    if occupied and not is_run_folder(folder):
        raise UsageError(
            "this folder holds files that are not a run of this program, and is left alone",
            where=str(folder),
            fix="Choose a new or empty folder.",
        )
    standing = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    _probe(standing, folder)


def is_run_folder(folder: Path) -> bool:
    """Whether a folder holds a manifest of this program."""
    try:
        found = msgspec.json.decode((folder / NAME).read_bytes())
    except (OSError, msgspec.DecodeError):
        return False
    return isinstance(found, dict) and found.get("kind") == KIND


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Write a frame as Parquet; the same frame gives the same bytes."""
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()


def _write_tables(made: Study, number: int, place: Path) -> None:
    run = made.runs[number]
    (place / "equity.parquet").write_bytes(parquet_bytes(run.equity))
    (place / "fills.parquet").write_bytes(parquet_bytes(fills_frame(run)))
    (place / "trades.csv").write_bytes(b"".join(trades_csv(run, made.histories[number].trades)))


def _probe(standing: Path, folder: Path) -> None:
    """Make a folder and take it away again: permissions alone do not tell of read-only and special file systems."""
    place = standing / f".alvh.{os.getpid()}.probe"
    try:
        place.mkdir()
        place.rmdir()
    except OSError as error:
        raise _unwritable(folder, error) from error


@contextmanager
def _replacing(folder: Path, named: Callable[[], str] | None) -> Iterator[Path]:
    """Give a hidden folder to write into, and put it in the target's place when the block ends well."""
    target = folder.absolute()
    fresh = target.parent / f".{target.name}.{os.getpid()}.partial"
    aside = target.parent / f".{target.name}.{os.getpid()}.before"
    made: tuple[Path, ...] = ()
    try:
        with _said(folder):
            made = _make_parents(target.parent)
            # A process of this very number that was killed may have left one behind.
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
        yield fresh
        if named is not None:
            target = target.with_name(named())
            check_writable(target)
        with _said(folder):
            _swap(fresh, target, aside)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        for parent in made:
            _remove_empty(parent)
        raise


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a sentence about the folder."""
    try:
        yield
    except OSError as error:
        raise _unwritable(folder, error) from error


def _swap(fresh: Path, target: Path, aside: Path) -> None:
    stood = target.exists()
    try:
        if stood:
            target.rename(aside)
        fresh.rename(target)
    except BaseException:
        if stood and not target.exists():
            aside.rename(target)
        raise
    if stood:
        # The new run stands; what cannot be removed of the old one does not make it fail.
        shutil.rmtree(aside, ignore_errors=True)


def _make_parents(parent: Path) -> tuple[Path, ...]:
    """Make missing parents and name them, innermost first, so that a failure can take them away again."""
    missing = tuple(place for place in (parent, *parent.parents) if not place.exists())
    parent.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_empty(place: Path) -> None:
    try:
        place.rmdir()
    except OSError:
        # Somebody else has put something into it meanwhile.
        return


def _unwritable(folder: Path, error: OSError) -> UsageError:
    why = error.strerror or type(error).__name__
    return UsageError(f"the run folder cannot be written ({why})", where=str(folder), fix="Choose another --out.")


def _json(document: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
