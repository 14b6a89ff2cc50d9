"""The condor ladder: strikes of every condor from opening to end, against the index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from alvh.book.condor import spot_scale
from alvh.money.trades import Trade, Wings
from alvh.report.figures.figure import BLUE, INK, ORANGE, Figure, axis, line, rounded
from alvh.report.study import Study
from alvh.report.wording import day, percent

_SHOWN_SESSIONS = 378
"""Sessions shown at first: a year and a half; buttons show more."""


def ladder_figure(made: Study) -> Figure | None:
    """Boxes between short and long strikes, lines at the break-evens, and the index through them."""
    condors = [(trade, wings) for trade in made.history.trades if (wings := trade.wings) is not None]
    if not condors:
        return None
    last = str(made.history.curve.day(-1))
    columns = _columns(condors, last) | {"spot": rounded(made.history.spot, 2)}
    start = max(0, made.history.dates.size - _SHOWN_SESSIONS)
    first = made.history.curve.day(start)
    traces = [
        _boxes("put wing", "@ladder.box", "@ladder.puts", BLUE, "rgba(0,114,178,0.20)"),
        _boxes("call wing", "@ladder.box", "@ladder.calls", ORANGE, "rgba(213,94,0,0.20)"),
        line("break-evens", "@ladder.even", "#5b6470", x="@ladder.line", width=0.8, dash="dot", hoverinfo="skip"),
        line("SPX", "@spot", INK, width=1.8),
    ]
    return Figure(
        key="ladder",
        title="Condor ladder",
        caption=_caption(made, condors) + (f" Shown from {day(first)}; the buttons show more." if start else ""),
        traces=traces,
        layout={
            "xaxis": {"range": [str(first), last], "rangeselector": _selector()},
            "yaxis": axis("SPX points", ",.0f"),
            "hovermode": "closest",
        },
        columns=columns,
        height=460,
        follow=True,
    )


def _columns(condors: Sequence[tuple[Trade, Wings]], last: str) -> dict[str, Sequence[Any]]:
    box: list[str | None] = []
    puts: list[float | None] = []
    calls: list[float | None] = []
    flat: list[str | None] = []
    even: list[float | None] = []
    for trade, wings in condors:
        start, end = str(trade.opened), str(trade.closed) if trade.closed is not None else last
        to_spx = 1.0 / spot_scale(wings.root)
        credit = trade.price
        box += [start, end, end, start, start, None]
        puts += _rectangle(wings.put_short * to_spx, wings.put_long * to_spx)
        calls += _rectangle(wings.call_short * to_spx, wings.call_long * to_spx)
        low, high = (wings.put_short - credit) * to_spx, (wings.call_short + credit) * to_spx
        flat += [start, end, None, start, end, None]
        even += [round(low, 2), round(low, 2), None, round(high, 2), round(high, 2), None]
    return {
        "ladder.box": box,
        "ladder.puts": puts,
        "ladder.calls": calls,
        "ladder.line": flat,
        "ladder.even": even,
    }


def _rectangle(short: float, long: float) -> list[float | None]:
    near, far = round(short, 2), round(long, 2)
    return [near, near, far, far, near, None]


def _boxes(name: str, x: str, y: str, color: str, fill: str) -> dict[str, Any]:
    made = line(name, y, color, x=x, width=0.6)
    return made | {"fill": "toself", "fillcolor": fill, "hoveron": "points", "hovertemplate": "%{y:,.0f} on %{x}"}


def _caption(made: Study, condors: Sequence[tuple[Trade, Wings]]) -> str:
    expiries = len({wings.expiry for _, wings in condors})
    below, above, breached = [], [], 0
    rows = {item: place for place, item in enumerate(made.history.dates.tolist())}
    for trade, wings in condors:
        scale = spot_scale(wings.root)
        spot = float(made.history.spot[rows[trade.opened]]) * scale
        below.append(1.0 - wings.put_short / spot)
        above.append(wings.call_short / spot - 1.0)
        end = rows.get(trade.closed, made.history.dates.size - 1) if trade.closed is not None else -1
        path = made.history.spot[rows[trade.opened] : end + 1 if end >= 0 else None] * scale
        breached += bool(np.any((path <= wings.put_short) | (path >= wings.call_short)))
    put_side, call_side = percent(float(np.mean(below))), percent(float(np.mean(above)))
    return (
        f"{len(condors):,} condors on {expiries:,} expiries. Boxes reach from the short to the long strike, from "
        f"opening to end; dotted lines are break-evens before fees. When sold, the short put stood {put_side} below "
        f"the index on average and the short call {call_side} above it. In {breached:,} of them a session's "
        f"snapshot was at or beyond a short strike."
    )


def _selector() -> dict[str, Any]:
    steps = [("6 m", 6, "month"), ("1 y", 1, "year"), ("5 y", 5, "year")]
    buttons: list[dict[str, Any]] = [
        {"label": label, "count": count, "step": step, "stepmode": "backward"} for label, count, step in steps
    ]
    return {
        "buttons": [*buttons, {"label": "all", "step": "all"}],
        "font": {"size": 11},
        "x": 1,
        "xanchor": "right",
        "y": 1.02,
    }
