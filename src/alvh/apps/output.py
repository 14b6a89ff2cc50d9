"""What commands print: words and tables for people, one JSON document for machines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from alvh.core.errors import AlvhError


def document(value: Any) -> None:
    """Print one JSON document on standard output."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.write(text.decode() + "\n")


def line(text: str = "") -> None:
    """Print a line for a person."""
    sys.stdout.write(text + "\n")


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: bool = True) -> None:
    """Print a table for a person; all but the first column are right-aligned when `numeric`."""
    from rich.console import Console
    from rich.table import Table

    line(title)
    made = Table(header_style="bold")
    for place, name in enumerate(header):
        made.add_column(name, justify="right" if numeric and place else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    Console().print(made)


def failure(error: AlvhError, *, as_json: bool) -> None:
    """Say what went wrong: one sentence on standard error, and as JSON on standard output when asked."""
    sys.stderr.write(f"alvh: {error.sentence}\n")
    if as_json:
        document({"error": {"kind": type(error).__name__, "seen": error.seen, "where": error.where, "fix": error.fix}})
