"""Equity and drawdown of every strategy and reference."""

from __future__ import annotations

from typing import Any

import numpy as np

from alvh.money.curve import Curve, total_return
from alvh.money.drawdown import max_drawdown, under_water
from alvh.report.figures.figure import DASHES, REFERENCES, STRATEGIES, Figure, axis, line, rounded
from alvh.report.study import Study
from alvh.report.wording import day, percent, usd

_LOG_FROM = 5.0
"""Wealth that spans more than this factor is drawn on a log scale at first."""


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
    wealth = np.concatenate([curve.value for curve, _ in curves])
    log = bool(wealth.min() > 0.0 and wealth.max() > _LOG_FROM * wealth.min())
    scale = {"type": "log", "dtick": "D2"} if log else {"type": "linear"}
    return Figure(
        key="equity",
        title="Equity",
        caption=caption,
        traces=traces,
        layout={"yaxis": axis("USD", ",.0f", **scale), "updatemenus": [_scale_menu(log=log)]},
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
    runs = [(history.curve, _style(place)) for place, history in enumerate(made.histories)]
    return runs + [
        (curve, {"color": REFERENCES[curve.name], "width": 1.3, "dash": "solid" if curve.name == "SPX" else "dot"})
        for curve in made.references
    ]


def _style(place: int) -> dict[str, Any]:
    color, dash = STRATEGIES[place % 6], DASHES[(place + place // 6) % 6]
    return {"color": color, "width": 1.5 if place else 2.2, "dash": dash}


def _scale_menu(*, log: bool) -> dict[str, Any]:
    # Labels at 1, 2 and 5 of each decade; the linear axis chooses its own.
    buttons = [
        {"label": kind, "method": "relayout", "args": [{"yaxis.type": kind, "yaxis.dtick": step}]}
        for kind, step in (("linear", None), ("log", "D2"))
    ]
    return {
        "type": "buttons",
        "direction": "left",
        "buttons": buttons,
        "active": int(log),
        "showactive": True,
        "bgcolor": "#fff",
        "font": {"size": 11},
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "top",
        "pad": {"l": 8, "t": 6},
    }
