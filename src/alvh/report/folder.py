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

1. Everything is made in memory, then written into a hidden folder beside the target.
2. The hidden folder takes the target's name. A run folder that stood there is put aside first and removed after.
3. Whatever goes wrong, Ctrl-C included, the hidden folder is removed and the old one is back in its place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import msgspec
import polars as pl

from alvh.core.errors import UsageError
from alvh.engine.run import Run
from alvh.report.decisions import decision_lines
from alvh.report.extras import Extras
from alvh.report.manifest import KIND, NAME, manifest_bytes
from alvh.report.page import render_study
from alvh.report.study import Study, study
from alvh.report.summary import summary_of
from alvh.report.trades import fills_frame, trades_frame


def write_run(folder: Path, runs: Sequence[Run], extras: Extras | None = None) -> Path:
    """Write a run folder.

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
        The folder holds something else, or cannot be written.
    """
    check_writable(folder)
    files = run_files(study(runs, extras))
    try:
        with _replacing(folder) as fresh:
            for name, content in files.items():
                place = fresh / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder


def run_files(made: Study) -> dict[str, bytes]:
    """Make every file of a run folder in memory, by relative name."""
    files = {"summary.json": _json(summary_of(made)), "report.html": render_study(made)}
    for place, run in enumerate(made.runs):
        prefix = f"rivals/{run.strategy}/" if place else ""
        files |= {prefix + name: content for name, content in _tables(made, place).items()}
    return files | {NAME: manifest_bytes(made, files)}


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


def _tables(made: Study, place: int) -> dict[str, bytes]:
    run = made.runs[place]
    trades = trades_frame(run, made.histories[place].trades)
    return {
        "equity.parquet": parquet_bytes(run.equity),
        "trades.csv": trades.write_csv(float_precision=2).encode(),
        "fills.parquet": parquet_bytes(fills_frame(run)),
        "decisions.jsonl": decision_lines(run),
        "ledger.jsonl": made.ledgers[place],
    }


def _probe(standing: Path, folder: Path) -> None:
    """Make a folder and take it away again: permissions alone do not tell of read-only and special file systems."""
    place = standing / f".alvh.{os.getpid()}.probe"
    try:
        place.mkdir()
        place.rmdir()
    except OSError as error:
        raise _unwritable(folder, error) from error


@contextmanager
def _replacing(folder: Path) -> Iterator[Path]:
    """Give a hidden folder to write into, and put it in the target's place when the block ends well."""
    target = folder.absolute()
    made = _make_parents(target.parent)
    fresh = target.parent / f".{target.name}.{os.getpid()}.partial"
    aside = target.parent / f".{target.name}.{os.getpid()}.before"
    try:
        # A process of this very number that was killed may have left one behind.
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        yield fresh
        _swap(fresh, target, aside)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        for parent in made:
            _remove_empty(parent)
        raise


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
