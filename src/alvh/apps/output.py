"""What commands print: words and tables for people, one JSON document for machines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from alvh.core.errors import AlvhError

_PIPE_WIDTH = 160
_GIVES_WAY = 24


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
        width = max(len(name), *(len(row[place]) for row in rows)) if rows else len(name)
        made.add_column(
            name,
            justify="right" if numeric and place else "left",
            no_wrap=True,
            overflow="ellipsis",
            # Long texts give way on a narrow terminal, dates and numbers do not.
            min_width=width if width <= _GIVES_WAY else None,
        )
    for row in rows:
        made.add_row(*row)
    # A file or a pipe has no width of its own; a person's terminal has.
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(made)


def failure(error: AlvhError, *, as_json: bool) -> None:
    """Say what went wrong: one sentence on standard error, and as JSON on standard output when asked."""
    sys.stderr.write(f"alvh: {error.sentence}\n")
    if as_json:
        document({"error": {"kind": type(error).__name__, "seen": error.seen, "where": error.where, "fix": error.fix}})
