"""The page of the evidence: the regimes of a day, every signal in a table, and all of their history in figures."""

from __future__ import annotations

from typing import Any

from alvh.governance.stances import VOTING, StanceTable
from alvh.method.evidence import EvidenceTable
from alvh.report.figures.figure import Figure, days
from alvh.report.figures.signals import (
    curve_figure,
    first_and_last,
    picked_rows,
    regimes_figure,
    score_figure,
    signal_figure,
    spx_figure,
    vix_figure,
)
from alvh.report.figures.stances import stances_figure
from alvh.report.html import PLOTLY, environment, page_data, with_plotly
from alvh.report.standing import Standing
from alvh.report.standing_words import HEADER, by_reason, cells, heading
from alvh.signals.registry import SIGNALS
from alvh.signals.session_days import days_of
from alvh.signals.signal import Family


def render_signals(table: EvidenceTable, stances: StanceTable, now: Standing, *, market: str) -> bytes:
    """Write the page.

    Parameters
    ----------
    now : Standing
        Of the last snapshot of the table.

    Raises
    ------
    UsageError
        plotly's script is not installed.
    """
    picked = picked_rows(table.snapshots.size, table)
    large = [
        spx_figure(table, table.series("SPX")),
        vix_figure(table, table.series("VIX"), table.series("VIX3M")),
        curve_figure(table),
        regimes_figure(table),
        score_figure(table),
        stances_figure(table, stances, picked),
    ]
    top = [figure for figure in large if figure is not None]
    families: list[tuple[str, list[Figure], list[tuple[str, ...]]]] = []
    for family in (*VOTING, Family.CONTEXT):
        drawn = [
            figure
            for kind in SIGNALS
            if kind.family is family and (figure := signal_figure(table, kind, picked)) is not None
        ]
        rows = [cells(line) for line in now.present if line.family is family]
        if drawn or rows:
            families.append((heading(now, family), drawn, rows))
    figures = [*top, *(figure for _, drawn, _ in families for figure in drawn)]
    sessions = days(days_of(table.snapshots))
    shared: dict[str, Any] = {"sessions": sessions, "picked": [sessions[row] for row in picked.tolist()]}
    first, last = first_and_last(table)
    return with_plotly(
        environment()
        .get_template("signals.html.j2")
        .render(
            market=market,
            now=now,
            first=first,
            last=last,
            count=table.snapshots.size,
            top=top,
            families=families,
            header=HEADER,
            absent=by_reason(now.absent),
            data=page_data(shared, figures),
            plotly=PLOTLY,
        )
    )
