"""Equity and drawdown of every strategy and reference."""

from __future__ import annotations

from typing import Any

from alvh.money.curve import Curve, total_return
from alvh.money.drawdown import max_drawdown, under_water
from alvh.report.figures.figure import DASHES, REFERENCES, STRATEGIES, Figure, axis, line, rounded
from alvh.report.study import Study
from alvh.report.wording import day, percent, usd


def equity_figure(made: Study) -> Figure:
    """Equity of the runs beside the index and bills, same dates, same money."""
    curves = _curves(made)
    traces = [line(curve.name, f"@equity.{curve.name}", **style) for curve, style in curves]
    first, last = made.history.curve.day(0), made.history.curve.day(-1)
    grown = "; ".join(
        f"{curve.name} to {usd(float(curve.value[-1]))} ({percent(total_return(curve))})" for curve, _ in curves
    )
    notes = "; ".join(f"{curve.name}: {curve.note}" for curve in made.references if curve.note)
    caption = (
        f"Equity from {day(first)} to {day(last)}, starting with {usd(made.history.initial)} USD: {grown}. "
        f"Marks at mid each session. {notes}."
    )
    return Figure(
        key="equity",
        title="Equity",
        caption=caption,
        traces=traces,
        layout={"yaxis": axis("USD", ",.0f"), "updatemenus": [_scale_menu()]},
        columns={f"equity.{curve.name}": rounded(curve.value, 0) for curve, _ in curves},
        height=420,
    )


def drawdown_figure(made: Study) -> Figure:
    """Path under water of the runs and the index."""
    curves = [(curve, style) for curve, style in _curves(made) if curve.name != "cash"]
    traces = [line(curve.name, f"@water.{curve.name}", **style) for curve, style in curves]
    traces[0] |= {"fill": "tozeroy", "fillcolor": "rgba(0,114,178,0.12)"}
    parts = []
    for curve, _ in curves:
        deepest = max_drawdown(curve)
        if deepest is not None:
            parts.append(f"{curve.name} {percent(deepest.depth)} on {day(deepest.trough)}")
    return Figure(
        key="drawdown",
        title="Drawdown",
        caption="Fall from the running maximum at daily marks. Deepest: " + "; ".join(parts) + ".",
        traces=traces,
        layout={"yaxis": axis("from the maximum", ".1%")},
        columns={f"water.{curve.name}": rounded(under_water(curve), 5) for curve, _ in curves},
        height=300,
    )


def _curves(made: Study) -> list[tuple[Curve, dict[str, Any]]]:
    runs = [
        (
            history.curve,
            {"color": STRATEGIES[place % 6], "width": 2.2 if place == 0 else 1.5, "dash": DASHES[place % 6]},
        )
        for place, history in enumerate(made.histories)
    ]
    return runs + [
        (curve, {"color": REFERENCES[curve.name], "width": 1.3, "dash": "solid" if curve.name == "SPX" else "dot"})
        for curve in made.references
    ]


def _scale_menu() -> dict[str, Any]:
    buttons = [
        {"label": name, "method": "relayout", "args": [{"yaxis.type": kind}]}
        for name, kind in (("linear", "linear"), ("log", "log"))
    ]
    place = {"x": 1, "xanchor": "right", "y": 0, "yanchor": "bottom", "pad": {"r": 6, "b": 6}}
    return {
        "type": "buttons",
        "direction": "left",
        "showactive": True,
        "buttons": buttons,
        "font": {"size": 11},
    } | place
