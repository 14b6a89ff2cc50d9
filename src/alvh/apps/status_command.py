"""``alvh data status`` and ``alvh data export``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from alvh.adapters.exporting import export
from alvh.adapters.status import COLUMNS, status
from alvh.apps import output
from alvh.core.errors import UsageError


def show_status(store: Path, *, as_json: bool) -> None:
    """Print what a store covers.

    Raises
    ------
    UsageError
        There is no store in the folder.
    """
    if not store.is_dir():
        raise UsageError("there is no store in this folder", where=str(store), fix="alvh data import PATH makes one.")
    found = status(store)
    if as_json:
        output.document(found.as_json())
        return
    rows = [(*row[:-2], _short(row[-2]), _short(row[-1])) for row in found.as_rows()]
    output.table(f"Store {store}", COLUMNS, rows, numeric=False)
    counts: dict[str, int] = {}
    for finding in found.findings:
        counts[str(finding.defect)] = counts.get(str(finding.defect), 0) + finding.count
    for defect, count in sorted(counts.items()):
        first = next(finding for finding in found.findings if str(finding.defect) == defect)
        output.line(f"{defect}: {count:,} rows; the first: {first.detail}")
    if not counts:
        output.line("No quality findings.")


def export_data(name: str, path: Path, store: Path, *, day: date | None, as_json: bool) -> None:
    """Write a series or a chain day to a file."""
    rows = export(store, name, path, session=day)
    if as_json:
        output.document({"name": name, "path": str(path), "rows": rows})
    else:
        output.line(f"{rows:,} rows of {name} in {path}")


def _short(text: str) -> str:
    """Keep the first of a list; the rest is in the JSON."""
    parts = text.split(", ")
    return text if len(parts) < 3 else f"{parts[0]} and {len(parts) - 1} more"
