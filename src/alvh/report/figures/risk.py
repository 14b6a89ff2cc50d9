"""Margin, coverage and stress coverage through time, and the distribution of condor results."""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8
from alvh.money.condors import closed_trades
from alvh.report.figures.figure import AMBER, BLUE, GREEN, ORANGE, Figure, axis, gapped, line, rounded
from alvh.report.history import column, masked
from alvh.report.study import Study
from alvh.report.wording import day, percent


def margin_figure(made: Study) -> Figure | None:
    """Margin and maximum loss of the condors as fractions of equity."""
    history = made.history
    if not history.curve.solvent or not history.margin.any():
        return None
    use = history.margin / history.equity
    loss = column(made.main.equity["max_loss"]) / history.equity
    top = int(np.argmax(use))
    caption = (
        f"Margin (wider wing x 100 x contracts) was {percent(float(np.mean(use)))} of equity on average and at most "
        f"{percent(float(use[top]))}, on {day(history.curve.day(top))}; the worst loss at expiry was at most "
        f"{percent(float(np.max(loss)))} of equity."
    )
    return Figure(
        key="margin",
        title="Margin use",
        caption=caption,
        traces=[
            line("margin", "@margin", BLUE, fill="tozeroy", fillcolor="rgba(0,114,178,0.12)"),
            line("max loss", "@max_loss", ORANGE),
        ],
        layout={"yaxis": axis("of equity", ".0%", rangemode="tozero")},
        columns={"margin": rounded(use, 4), "max_loss": rounded(loss, 4)},
        height=280,
    )


def coverage_figure(made: Study) -> Figure | None:
    """Coverage and both stress coverages."""
    frame = made.main.equity
    coverage, covered = masked(frame["coverage"])
    if not covered.any() or not coverage.any():
        return None
    down, fell = masked(frame["stress_down"])
    up, rose = masked(frame["stress_up"])
    parts = [f"coverage (VX notional of the hedge over condor max loss) {_mean(coverage[covered])} on average"]
    if fell.any():
        parts.append(f"in the down-shock the hedge gains {_mean(down[fell])} of what the condors lose")
    if rose.any():
        parts.append(f"in the up-shock hedge and condors together make {_mean(up[rose])} of the condors' max loss")
    return Figure(
        key="coverage",
        title="Coverage and stress coverage",
        caption="On sessions with condors: " + "; ".join(parts) + ". Gaps are sessions without condors.",
        traces=[
            line("coverage", "@coverage", BLUE),
            line("down-shock", "@stress_down", GREEN, width=1.2),
            line("up-shock", "@stress_up", AMBER, width=1.2, dash="dash"),
        ],
        layout={"yaxis": axis("fraction", ".0%")},
        columns={
            "coverage": gapped(coverage, covered, 4),
            "stress_down": gapped(down, fell, 4),
            "stress_up": gapped(up, rose, 4),
        },
        height=300,
    )


def results_figure(made: Study) -> Figure | None:
    """How many condors earned or lost how much of their credit."""
    closed = [trade for trade in closed_trades(made.history.trades, "condor") if trade.received > 0]
    if not closed:
        return None
    share = np.array([(trade.pnl or 0) / trade.received for trade in closed])
    edges = np.arange(np.floor(min(float(share.min()), 0.0) * 10) / 10, 1.0001 + 0.1, 0.1)
    counts, _ = np.histogram(np.minimum(share, edges[-1]), bins=edges)
    centres: F8 = 0.5 * (edges[1:] + edges[:-1])
    quarter, middle, three = np.quantile(share, [0.25, 0.5, 0.75])
    caption = (
        f"P/L after fees of {len(closed):,} closed condors as a fraction of the credit received: median "
        f"{percent(float(middle))}, half of them between {percent(float(quarter))} and {percent(float(three))}, worst "
        f"{percent(float(share.min()))}, best {percent(float(share.max()))}."
    )
    colors = [GREEN if centre > 0 else ORANGE for centre in centres]
    bars = {
        "type": "bar",
        "name": "condors",
        "x": rounded(centres, 3),
        "y": counts.tolist(),
        "width": 0.09,
        "marker": {"color": colors},
        "hovertemplate": "%{y} condors around %{x:.0%} of the credit<extra></extra>",
    }
    return Figure(
        key="results",
        title="Results of condors",
        caption=caption,
        traces=[bars],
        layout={
            "xaxis": axis("P/L as a fraction of the credit", ".0%"),
            "yaxis": axis("condors"),
            "showlegend": False,
            "hovermode": "closest",
        },
        height=280,
    )


def _mean(values: F8) -> str:
    return percent(float(np.mean(values)))
