"""Figures of the evidence: SPX with its regimes, VIX and the curve, one small figure for each signal.

A small figure has the last session of each week, and every session of its last two years; the large ones have all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from alvh.core.arrays import F8, I8
from alvh.market.series import Series
from alvh.method.evidence import EvidenceTable
from alvh.report.figures.figure import AMBER, BLUE, GREEN, GREY, INK, ORANGE, PURPLE, Figure, axis, gapped, line
from alvh.report.wording import day
from alvh.signals.column import SignalColumn
from alvh.signals.fresh import first_prints
from alvh.signals.session_days import days_of
from alvh.signals.signal import Signal

RECENT = 504
COLORS = (BLUE, ORANGE, GREEN)

SHOWN: dict[str, tuple[tuple[str, ...], str | None]] = {
    "S-RSI": (("spx", "vix"), None),
    "S-RSIDIV": ((), "bearish"),
    "S-MACD": (("vix_histogram",), "vix_above"),
    "S-AD": (("change",), "divergence"),
    "S-NARROW": (("gap",), "narrow"),
    "S-TERM": (("slope", "long_slope"), "inverted"),
    "S-MIGRATE": (("centroid",), "moving_out"),
    "S-VIXHIST": (("percentile",), "below_mean"),
    "S-RV": (("long", "yang_zhang"), None),
    "S-CAPVOL": (("volatility",), "spike"),
    "S-CONE": (("low_21", "high_21"), None),
    "S-INFL": (("cpi", "ppi"), "contained"),
    "S-GDP": (("growth", "trend"), "accelerating"),
    "S-FOMC": (("change_2y",), "minutes_stable"),
    "S-RATE": (("differential",), "elevated"),
    "S-REER": (("sd",), "risk_off"),
    "S-PE": (("ratio",), "stable"),
    "S-PCF": (("ratio",), "below"),
    "S-QUICK": (("level", "reit"), None),
    "S-DDM": (("ratio",), None),
    "S-WACC": (("level",), None),
    "S-DIV": (("growth",), None),
    "S-REIT": (("relative",), "resilient"),
    "S-BETA": (("defensive", "reits"), "decline"),
    "S-IPO": (("activity",), None),
    "S-ROT": (("momentum",), None),
    "S-FLOW": (("equity",), None),
    "S-EARN": ((), "season"),
    "S-LIQ": (("ratio",), None),
}
"""Parts that the small figure of a signal draws, and the flag it shades."""

_BANDS = (
    ("promoter", "R-STEWARD.promoter", "rgba(213,94,0,0.20)"),
    ("steward", "R-STEWARD.steward", "rgba(0,114,178,0.18)"),
)
_ROWS = (
    ("theta conditions", "R-THETA.conditions", None),
    ("motion, put side", None, "R-MOTION.put_motion"),
    ("motion, call side", None, "R-MOTION.motion"),
    ("event window", "R-EVENT.window", None),
    ("range-bound", "R-RANGE.bound", None),
    ("compressed / stressed", "R-VOL.compressed", "R-VOL.stressed"),
    ("GDP accelerating", "R-GROWTH.accelerating", None),
    ("disinflation", "R-INFL.disinflation", None),
    ("inflation contained", "R-INFL.contained", None),
    ("steward / promoter", "R-STEWARD.steward", "R-STEWARD.promoter"),
)


def spx_figure(table: EvidenceTable, spx: Series | None) -> Figure | None:
    """SPX on a log scale, promoter and steward regimes shaded."""
    if spx is None:
        return None
    closes, known = closes_at(table, spx)
    traces = [_shade(name, _flag(table[identifier]), color) for name, identifier, color in _BANDS]
    traces.append(line("SPX", gapped(closes, known, 1), INK, width=1.2))
    shares = "; ".join(f"{name} on {_share(table[identifier])} of the sessions" for name, identifier, _ in _BANDS)
    return Figure(
        key="spx",
        title="SPX and who holds the market",
        caption=f"SPX closes, log scale. Shaded: R-STEWARD, {shares}. White: neither, or too few inputs to say.",
        traces=traces,
        layout={
            "yaxis": axis("SPX", ",.0f", type="log", dtick="D2", **_ABOVE | {"tickmode": "linear"}),
            "yaxis2": _HIDDEN,
        },
        height=380,
    )


def vix_figure(table: EvidenceTable, vix: Series | None, vix3m: Series | None) -> Figure | None:
    """VIX, its three-month sister and VX at thirty days, stressed and compressed volatility shaded."""
    if vix is None:
        return None
    traces = [
        _shade("stressed", _flag(table["R-VOL.stressed"]), "rgba(213,94,0,0.16)"),
        _shade("compressed", _flag(table["R-VOL.compressed"]), "rgba(0,158,115,0.13)"),
    ]
    if vix3m is not None:
        closes, known = closes_at(table, vix3m)
        traces.append(line("VIX3M", gapped(closes, known, 2), AMBER, width=1.0))
    vx30 = table["S-TERM.vx30"]
    if vx30.present.any():
        traces.append(line("VX30", gapped(vx30.value, vx30.present, 2), PURPLE, width=1.0))
    closes, known = closes_at(table, vix)
    traces.append(line("VIX", gapped(closes, known, 2), INK, width=1.2))
    return Figure(
        key="vix",
        title="VIX and its sisters",
        caption=(
            f"VIX, VIX3M and VX at thirty days. Shaded: R-VOL, stressed on {_share(table['R-VOL.stressed'])} and "
            f"compressed on {_share(table['R-VOL.compressed'])} of the sessions."
        ),
        traces=traces,
        layout={"yaxis": axis("vol points", ".0f", **_ABOVE, hoverformat=".2f"), "yaxis2": _HIDDEN},
        height=320,
    )


def curve_figure(table: EvidenceTable) -> Figure | None:
    """Contango of the VX curve."""
    slope, long = table["S-TERM.slope"], table["S-TERM.long_slope"]
    if not slope.present.any():
        return None
    return Figure(
        key="curve",
        title="The VX curve",
        caption=(
            "VX60 over VX30 less one, and VX120 over VX30 less one; shaded where R-THETA's three conditions hold: "
            f"volatility compressed, VIX below its month, contango of at least 5% "
            f"({_share(table['R-THETA.conditions'])} of the sessions)."
        ),
        traces=[
            _shade("theta conditions", _flag(table["R-THETA.conditions"]), "rgba(0,158,115,0.18)"),
            line("VX120/VX30", gapped(long.value, long.present, 4), AMBER, width=1.0),
            line("VX60/VX30", gapped(slope.value, slope.present, 4), INK, width=1.2),
        ],
        layout={"yaxis": axis("contango", ".0%", **_ABOVE, hoverformat=".1%"), "yaxis2": _HIDDEN},
        height=260,
    )


def regimes_figure(table: EvidenceTable) -> Figure:
    """One ribbon for each regime."""
    ribbons = [_ribbon(table, low, high) for _, low, high in _ROWS]
    heat = {
        "type": "heatmap",
        "x": "@sessions",
        "y": [name for name, _, _ in _ROWS],
        "z": ribbons,
        "zmin": -1,
        "zmax": 1,
        "colorscale": [[0, BLUE], [0.33, BLUE], [0.34, "#eef0f2"], [0.66, "#eef0f2"], [0.67, ORANGE], [1, ORANGE]],
        "showscale": False,
        "hovertemplate": "%{y}, %{x|%d %b %Y}: %{z}<extra></extra>",
        "ygap": 3,
    }
    return Figure(
        key="regimes",
        title="Every regime, session by session",
        caption=(
            "Orange: promoter, stressed, motion. Blue: steward, compressed, and the other flags where they hold. Grey: "
            "it does not hold. White: absent. R-THETA is shown by its three conditions; the fourth, the carry of "
            "L-SHIFT's pair, is priced by whoever trades it."
        ),
        traces=[heat],
        layout={"yaxis": {"automargin": True, "ticks": "", "showgrid": False}, "hovermode": "closest"},
        height=330,
    )


def score_figure(table: EvidenceTable) -> Figure | None:
    """Draw the score of R-STEWARD between its thresholds."""
    score = table["R-STEWARD.score"]
    if not score.present.any():
        return None
    bounds: list[dict[str, Any]] = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": value,
            "y1": value,
            "line": {"color": GREY, "width": 1, "dash": "dash" if abs(value) > 0.2 else "dot"},
        }
        for value in (-0.25, -0.10, 0.10, 0.25)
    ]
    traces = [_shade(name, _flag(table[identifier]), color) for name, identifier, color in _BANDS]
    traces.append(line("score", gapped(score.value, score.present, 3), INK, width=1.1))
    return Figure(
        key="score",
        title="R-STEWARD: the score",
        caption="From -1, steward, to +1, promoter. Entered at the dashed lines and left at the dotted ones.",
        traces=traces,
        layout={
            "yaxis": axis("score", ".1f", **_ABOVE, hoverformat=".2f"),
            "yaxis2": _HIDDEN,
            "shapes": bounds,
        },
        height=240,
    )


def signal_figure(table: EvidenceTable, kind: type[Signal[Any]], picked: I8) -> Figure | None:
    """Draw one signal, or None where nothing of it is ever present."""
    names, shaded = SHOWN[kind.id]
    parts = {part.name: part for part in kind.parts}
    columns = {name: table[kind.part_id(name)] for name in (*names, *([shaded] if shaded else []))}
    drawn = [name for name in names if columns[name].present.any()]
    flagged = shaded is not None and columns[shaded].present.any()
    if not drawn and not flagged:
        return None
    traces: list[dict[str, Any]] = []
    if flagged and shaded is not None:
        traces.append(_shade(shaded, _flag(columns[shaded])[picked], "rgba(213,94,0,0.22)", x="@picked"))
    for name, color in zip(drawn, COLORS, strict=False):
        column = columns[name]
        values = _digits(column.value[picked])
        traces.append(line(name, gapped(values, column.present[picked], 6), color, x="@picked", width=1.1))
    unit = parts[drawn[0]].unit if drawn else ""
    hidden = _HIDDEN if drawn else {**_HIDDEN, "overlaying": None}
    y: dict[str, Any] = axis(unit, **_ABOVE) if drawn else {"visible": False, "range": [0, 1]}
    return Figure(
        key=kind.id.lower(),
        title=f"{kind.id}: {kind.title}",
        caption=_caption(kind, drawn, shaded if flagged else None),
        traces=traces,
        layout={"yaxis": y, "yaxis2": hidden},
        height=230 if drawn else 130,
    )


def picked_rows(count: int, table: EvidenceTable) -> I8:
    """Rows of the small figures: the last session of each week, and the last two years whole."""
    week = (days_of(table.snapshots).astype(np.int64) + 3) // 7
    last = np.append(week[1:] != week[:-1], True)
    last[max(0, count - RECENT) :] = True
    rows: I8 = np.flatnonzero(last)
    return rows


def closes_at(table: EvidenceTable, series: Series) -> tuple[F8, Any]:
    """Close of each session, and whether the series has one."""
    first, sessions = first_prints(series), days_of(table.snapshots)
    row = np.minimum(np.searchsorted(first.period, sessions), first.period.size - 1)
    known = first.period[row] == sessions
    return first.value[row], known


_ABOVE: dict[str, Any] = {"overlaying": "y2", "side": "left", "tickmode": "auto"}
"""An axis in front of the shading, with round ticks of its own."""
_HIDDEN: dict[str, Any] = {"visible": False, "range": [0, 1], "fixedrange": True, "side": "right"}


def _caption(kind: type[Signal[Any]], drawn: Sequence[str], shaded: str | None) -> str:
    parts = {part.name: part for part in kind.parts}
    said = [f"{name}: {parts[name].meaning}" for name in drawn]
    if shaded is not None:
        said.append(f"shaded: {parts[shaded].meaning}")
    return "; ".join(said) + "."


def _shade(name: str, on: I8, color: str, *, x: str = "@sessions") -> dict[str, Any]:
    """Fill the background where a flag is set."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": on.tolist(),
        "yaxis": "y2",
        "line": {"width": 0, "shape": "hv", "color": color},
        "fill": "tozeroy",
        "fillcolor": color,
        "hoverinfo": "skip",
    }


def _flag(column: SignalColumn) -> I8:
    held: I8 = np.where(column.present, column.value, 0.0).astype(np.int64)
    return held


def _ribbon(table: EvidenceTable, low: str | None, high: str | None) -> list[int | None]:
    columns = [table[identifier] for identifier in (low, high) if identifier is not None]
    state = np.zeros(columns[0].value.size)
    if low is not None:
        state -= table[low].value
    if high is not None:
        state += table[high].value
    present = columns[-1].present
    return [int(value) if here else None for value, here in zip(state.tolist(), present.tolist(), strict=True)]


def _share(column: SignalColumn) -> str:
    here = column.present
    return f"{float(column.value[here].mean()):.0%}" if here.any() else "none"


def _digits(values: F8) -> F8:
    """Four digits that matter."""
    size = np.abs(values)
    scale = 10.0 ** (3 - np.floor(np.log10(np.where(size > 0.0, size, 1.0))))
    rounded: F8 = np.round(values * scale) / scale
    return rounded


def first_and_last(table: EvidenceTable) -> tuple[str, str]:
    """First and last session in words."""
    days = days_of(table.snapshots).astype("datetime64[D]")
    return day(days[0].item()), day(days[-1].item())
