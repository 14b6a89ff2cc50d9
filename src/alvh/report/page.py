"""The page: one self-contained HTML file, the same bytes for the same runs."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from alvh.engine.run import Run
from alvh.money.definitions import DEFINITIONS
from alvh.report.execution import fill_rows, repriced, reruns
from alvh.report.extras import Extras
from alvh.report.figures.figure import days
from alvh.report.figures.hedge import hedge_figure, weeks_figure
from alvh.report.figures.ladder import ladder_figure
from alvh.report.figures.risk import coverage_figure, margin_figure, results_figure
from alvh.report.figures.wealth import drawdown_figure, equity_figure
from alvh.report.html import PLOTLY, environment, page_data, with_plotly
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
        environment()
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
            data=page_data({"sessions": days(made.history.dates)}, tuple(figures.values())),
            plotly=PLOTLY,
        )
    )
    return with_plotly(page)
