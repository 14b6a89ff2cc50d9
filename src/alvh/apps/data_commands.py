"""``alvh data``: import, status, export."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from alvh.adapters.importing import ImportReport, Progress, TableReport, import_paths
from alvh.apps import output
from alvh.core.errors import RefusedError

_SHOWN = 3
"""Refused days named on the terminal for one file."""


def import_files(
    paths: tuple[Path, ...],
    store: Path,
    *,
    day: date | None,
    root: str | None,
    any_day: bool,
    replace: bool,
    as_json: bool,
) -> None:
    """Import files and say what became of each.

    Raises
    ------
    RefusedError
        At least one file was refused whole; the others are in the store.
    """
    with _bar(show=not as_json and sys.stderr.isatty()) as progress:
        report = import_paths(paths, store, day=day, root=root, any_day=any_day, replace=replace, progress=progress)
    if as_json:
        output.document({"store": str(store), "tables": [_record(table) for table in report.tables]})
    else:
        _say(report, store)
    if report.refused and not as_json:
        raise RefusedError(
            f"{len(report.refused)} of {len(report.tables)} tables were refused",
            where="data import",
            fix=f"The first: {report.refused[0].refused}",
        )
    if report.refused:
        sys.exit(RefusedError.exit_code)


def _record(table: TableReport) -> dict[str, Any]:
    made = msgspec.to_builtins(table)
    made["findings"] = _by_defect(table)
    return dict(made)


def _by_defect(table: TableReport) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in table.findings:
        counts[str(finding.defect)] = counts.get(str(finding.defect), 0) + finding.count
    return counts


def _say(report: ImportReport, store: Path) -> None:
    for table in report.tables:
        if table.refused is not None:
            output.line(f"refused  {table.refused}")
            continue
        days = f", {len(table.days)} chain days" if table.days else ""
        same = f" ({table.unchanged} already there)" if table.unchanged else ""
        output.line(f"imported {table.where}: {table.format}, {table.rows:,} rows{days}{same} -> {_short(table.names)}")
        for day, why in table.days_refused[:_SHOWN]:
            output.line(f"         {day} refused: {why}")
        if len(table.days_refused) > _SHOWN:
            output.line(f"         and {len(table.days_refused) - _SHOWN} more days (all with --json)")
        found = ", ".join(f"{count} {defect}" for defect, count in _by_defect(table).items())
        if found:
            output.line(f"         findings: {found}")
    output.line(f"{report.rows:,} rows in {store}")


def _short(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:6])
    return shown if len(names) <= 6 else f"{shown} and {len(names) - 6} more"


@contextmanager
def _bar(*, show: bool) -> Iterator[Callable[[Progress], None] | None]:
    if not show:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tell(progress: Progress) -> None:
            words = f"{progress.file} of {progress.files}: {progress.where} {progress.rows:,} rows"
            bar.update(task, description=words)

        yield tell
