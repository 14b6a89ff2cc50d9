"""What every page of ours is made with: templates, the columns of its figures, plotly's script.

plotly's script is read from the installed package's data and written into the page, so that it opens without a
network; plotly itself is not imported. Columns that several traces share stand on the page once.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from markupsafe import Markup

from alvh.core.cache import cache_folder
from alvh.core.errors import UsageError
from alvh.report import wording
from alvh.report.figures.figure import Figure

__all__ = ["PLOTLY", "environment", "page_data", "with_plotly"]

PLOTLY = Markup("<!-- plotly -->")
"""Where the script goes; no text of the data can say this, as every < of theirs is escaped."""


def with_plotly(page: str) -> bytes:
    """Put plotly's script in its place: five megabytes of bytes that nobody has to look at join the page last.

    Raises
    ------
    UsageError
        It is not installed.
    """
    return page.encode().replace(PLOTLY.encode(), _plotly(), 1)


@cache
def environment() -> Environment:
    """Return the environment of our templates, which escape what they are given."""
    made = Environment(
        loader=PackageLoader("alvh.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled_templates(),
    )
    made.filters |= {
        "usd": wording.usd,
        "percent": wording.percent,
        "number": wording.number,
        "day": wording.day,
        "figure": wording.of_measure,
        "asset": _asset,
    }
    return made


def _compiled_templates() -> FileSystemBytecodeCache | None:
    """Keep compiled templates between processes, where the machine has a place for them."""
    folder = cache_folder("templates")
    return None if folder is None else FileSystemBytecodeCache(str(folder))


def _asset(name: str) -> Markup:
    return Markup((Path(__file__).parent / "templates" / name).read_text("utf-8"))  # our own file


def page_data(shared: Mapping[str, Any], figures: Sequence[Figure]) -> Markup:
    """Write the figures with their columns, and columns that all share, as JSON that may stand in a page."""
    columns: dict[str, Any] = dict(shared)
    for figure in figures:
        columns |= figure.columns
    document = {
        "columns": columns,
        "figures": [
            {
                "key": figure.key,
                "traces": figure.traces,
                "layout": figure.layout,
                "height": figure.height,
                "follow": figure.follow,
            }
            for figure in figures
        ],
    }
    # No text of the data can close the script element it stands in.
    return Markup(msgspec.json.encode(document).decode().replace("<", "\\u003c"))  # every < is escaped


def _plotly() -> bytes:
    """Read plotly's own script from its package."""
    found = importlib.util.find_spec("plotly")
    for folder in (found.submodule_search_locations or []) if found is not None else []:
        script = Path(folder) / "package_data" / "plotly.min.js"
        if script.is_file():
            return script.read_bytes()
    raise UsageError("plotly's script (package_data/plotly.min.js) is not installed", fix="Install plotly.")
