"""What each family of evidence says, over time."""

from __future__ import annotations

from alvh.core.arrays import I8
from alvh.governance.stances import VOTING, StanceTable
from alvh.method.evidence import EvidenceTable
from alvh.report.figures.figure import BLUE, ORANGE, Figure, gapped


def stances_figure(table: EvidenceTable, stances: StanceTable, picked: I8) -> Figure | None:
    """Stance of each voting family that is ever present, one ribbon each."""
    value, present = stances.values()
    value, present = value[:, table.place][:, picked], present[:, table.place][:, picked]
    heard = [place for place in reversed(range(len(VOTING))) if present[place].any()]
    if not heard:
        return None
    heat = {
        "type": "heatmap",
        "x": "@picked",
        "y": [str(VOTING[place]) for place in heard],
        "z": [gapped(value[place], present[place], 2) for place in heard],
        "zmin": -1,
        "zmax": 1,
        "colorscale": [[0, BLUE], [0.4, "#d8e6f0"], [0.5, "#f4f5f6"], [0.6, "#f6ded0"], [1, ORANGE]],
        "colorbar": {"thickness": 10, "tickvals": [-1, 0, 1], "len": 0.9},
        "hovertemplate": "%{y}, %{x|%d %b %Y}: %{z:+.2f}<extra></extra>",
        "ygap": 3,
    }
    return Figure(
        key="stances",
        title="What the families say",
        caption=(
            "Stance of each family of evidence (G-VOTES), the mean of its voting parts. Orange asks for protection, "
            "blue for less; at 0.2 a family votes for a protective proposal, at -0.2 against."
        ),
        traces=[heat],
        layout={"yaxis": {"automargin": True, "ticks": "", "showgrid": False}, "hovermode": "closest"},
        height=230,
    )
