"""Which formats exist, and which one a file is in."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from alvh.adapters import formats as package
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import Format
from alvh.core.errors import FormatError


@cache
def known_formats() -> tuple[Format, ...]:
    """List every format in the order in which it is asked: by rank, then by name."""
    found: list[Format] = []
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith(("chain_", "series_")):
            found.extend(import_module(f"{package.__name__}.{module.name}").FORMATS)
    return tuple(sorted(found, key=lambda item: (item.rank, item.name)))


def detect(table: Sniff) -> Format:
    """Name the format of a table from its header.

    Raises
    ------
    FormatError
        No importer knows the header; the message shows it and lists the known formats.
    """
    for item in known_formats():
        if item.matches(table):
            return item
    seen = ", ".join(table.columns[:12]) + (", ..." if len(table.columns) > 12 else "")
    names = ", ".join(item.name for item in known_formats())
    raise FormatError(
        f'no importer knows the header "{seen}".',
        where=table.where,
        fix=f"Known formats: {names}. Rename the columns to one of them (see docs/data_formats.md).",
    )
