"""The page: one self-contained HTML file, the same bytes for the same runs.

plotly's script is read from the installed package's data and written into the page, so that it opens without a
network; plotly itself is not imported. Columns that several traces share stand on the page once.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from markupsafe import Markup

from alvh.core.cache import cache_folder
from alvh.core.errors import UsageError
from alvh.engine.run import Run
from alvh.money.definitions import DEFINITIONS
from alvh.report import wording
from alvh.report.execution import fill_rows, repriced, reruns
from alvh.report.extras import Extras
from alvh.report.figures.figure import Figure, days
from alvh.report.figures.hedge import hedge_figure, weeks_figure
from alvh.report.figures.ladder import ladder_figure
from alvh.report.figures.risk import coverage_figure, margin_figure, results_figure
from alvh.report.figures.wealth import drawdown_figure, equity_figure
from alvh.report.labels import labels
from alvh.report.lead import lead, verdict
from alvh.report.manifest import identity
from alvh.report.study import Study, study
from alvh.report.tables import asides, cards, closing_reasons, measure_groups, month_header, month_rows, worst_drawdowns

_FIGURES = (
    equity_figure,
    drawdown_figure,
    ladder_figure,
    results_figure,
    margin_figure,
    coverage_figure,
    hedge_figure,
    weeks_figure,
)
_HERE = Markup("<!-- plotly -->")
"""Where the script goes; no text of the data can say this, as every < of theirs is escaped."""


def render(runs: Sequence[Run], extras: Extras | None = None) -> bytes:
    """Write the page about the first run, beside the others.

    Raises
    ------
    UsageError
        No run, or plotly's script is not installed.
    """
    return render_study(study(runs, extras))


def render_study(made: Study) -> bytes:
    """Write the page of a study."""
    figures = {figure.key: figure for figure in (make(made) for make in _FIGURES) if figure is not None}
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            study=made,
            run=made.main,
            columns=[run.strategy for run in made.runs] + [curve.name for curve in made.references],
            figures=figures,
            lead=lead(made),
            verdict=verdict(made),
            cards=cards(made),
            groups=measure_groups(made),
            asides=asides(made),
            month_header=month_header(made),
            months=month_rows(made),
            reasons={sleeve: closing_reasons(made, sleeve) for sleeve in ("condor", "hedge")},
            falls=worst_drawdowns(made),
            funnel=made.main.tally.funnel,
            rules=made.main.tally.rules,
            repriced=repriced(made),
            reruns=reruns(made),
            fills=fill_rows(made.history),
            labels=labels(made),
            identity=msgspec.to_builtins(identity(made)),
            definitions=DEFINITIONS,
            data=Markup(_data(made, tuple(figures.values()))),  # JSON in which every < is escaped
            plotly=_HERE,
        )
    )
    # The script is five megabytes of bytes that nobody has to look at: it joins the page last.
    return page.encode().replace(_HERE.encode(), _plotly(), 1)


@cache
def _environment() -> Environment:
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


def _data(made: Study, figures: Sequence[Figure]) -> str:
    columns: dict[str, Any] = {"sessions": days(made.history.dates)}
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
    return msgspec.json.encode(document).decode().replace("<", "\\u003c")


def _plotly() -> bytes:
    """Read plotly's own script from its package."""
    found = importlib.util.find_spec("plotly")
    for folder in (found.submodule_search_locations or []) if found is not None else []:
        script = Path(folder) / "package_data" / "plotly.min.js"
        if script.is_file():
            return script.read_bytes()
    raise UsageError("plotly's script (package_data/plotly.min.js) is not installed", fix="Install plotly.")
