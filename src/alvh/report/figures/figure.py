"""A figure: traces and layout as plain values, and a caption that says in words and numbers what it shows.

Columns that several traces share are stored once on the page; a trace names one as ``@name``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from alvh.core.arrays import B1, D8, F8

INK, GREY, RULE = "#1b1f24", "#6b7280", "#e2e5e9"
BLUE, ORANGE, GREEN, PURPLE, SKY, AMBER = "#0072b2", "#d55e00", "#009e73", "#9f5f9f", "#56b4e9", "#b58900"
"""Okabe and Ito's palette, which colour-blind readers can tell apart (the yellow and the purple darkened for white)."""
STRATEGIES = (BLUE, ORANGE, GREEN, PURPLE, AMBER, SKY)
REFERENCES: Mapping[str, str] = {"SPX": GREY, "cash": "#a3a9b3"}
DASHES = ("solid", "solid", "dash", "dashdot", "dot", "longdash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of the page.

    Attributes
    ----------
    key : str
        Unique on the page; names its element.
    traces, layout : plain values
        As plotly.js reads them.
    caption : str
        Says what the figure shows, with its numbers; it stands below it and is read aloud in its place.
    follow : bool
        The vertical range follows the columns within the horizontal range.
    """

    key: str
    title: str
    caption: str
    traces: Sequence[Mapping[str, Any]]
    layout: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    height: int = 360
    follow: bool = False


def days(dates: D8) -> list[str]:
    """Write dates as ISO text."""
    return [str(item) for item in dates.astype("datetime64[D]")]


def rounded(values: F8, places: int) -> list[float]:
    """Round a column for the page; the run folder keeps every digit."""
    found: list[float] = np.round(values, places).tolist()
    return found


def gapped(values: F8, known: B1, places: int) -> list[float | None]:
    """Round a column and leave a gap where it is not known."""
    numbers = np.round(values, places).tolist()
    return [value if ok else None for value, ok in zip(numbers, known.tolist(), strict=True)]


def line(
    name: str,
    y: str | Sequence[float | None],
    color: str,
    *,
    x: str = "@sessions",
    width: float = 1.6,
    dash: str = "solid",
    **more: Any,
) -> dict[str, Any]:
    """Specify a line over the sessions."""
    style = {"color": color, "width": width, "dash": dash}
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": style} | more


def axis(title: str, form: str = "", **more: Any) -> dict[str, Any]:
    """Specify an axis with its title and number format."""
    made: dict[str, Any] = {"title": {"text": title}}
    if form:
        made["tickformat"] = form
        made["hoverformat"] = form
    return made | more
