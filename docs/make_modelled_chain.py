"""Write the measured parts of docs/modelled_chain.md, its picture and the committed error table from a store.

python docs/make_modelled_chain.py STORE

Every day is modelled with coefficients that have not seen its month (cross-fitted) and, apart, its year (unseen).
"""

# ruff: noqa: E501 - rows of Markdown tables do not break
from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from chromium_picture import save_picture
from modelled_days import Day, recorded_days

from alvh.core.arrays import B1, F8
from alvh.pricing.modelled import Levels
from alvh.pricing.modelled.calibration import SHAPE
from alvh.pricing.modelled.comparison import condor_errors, on_forward, quote_errors
from alvh.pricing.modelled.refits import SHAPE_WITHOUT
from alvh.pricing.modelled.stress import stress_range

HERE = Path(__file__).parent
PAGE = HERE / "modelled_chain.md"
ERRORS = HERE.parent / "src" / "alvh" / "pricing" / "modelled" / "error_table.py"
TENORS = ((7, 21), (21, 45), (45, 91), (91, 200))
DELTAS = ((0.02, 0.05), (0.05, 0.10), (0.10, 0.20), (0.20, 0.30), (0.30, 0.50))
PERIODS: dict[str, tuple[int, ...]] = {"2011": (2011,), "2018": (2018,), "2019": (2019,), "2022-23": (2022, 2023)}
K = np.array([0.75, 1.0, 1.25])
WIDTHS = np.array([0.005, 0.01, 0.02])
CONDOR_DAYS = (30, 45)
SHOWN = (date(2023, 9, 14), date(2019, 5, 28), date(2022, 2, 18))
BLUE, ORANGE, GREY, INK, GREEN = "#0072b2", "#d55e00", "#9aa3ad", "#1b1f24", "#009e73"

Rows = dict[str, F8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Columns of quotes and of condors of all days under one choice of coefficients and levels."""

    quotes: Rows
    condors: Rows


def cross_fitted(day: Day) -> F8:
    """Coefficients that have not seen the day's month."""
    return SHAPE_WITHOUT.get(day.group, SHAPE)


def unseen(day: Day) -> F8:
    """Coefficients that have not seen the day's year."""
    return SHAPE_WITHOUT.get(day.period, SHAPE)


def at_close(day: Day) -> Levels:
    """Index levels at their closes."""
    return day.closes


def at_capture(day: Day) -> Levels:
    """Levels recomputed from the chain."""
    return day.capture


def study(days: Sequence[Day], shape: Callable[[Day], F8], levels: Callable[[Day], Levels]) -> Study:
    """Compare every expiry of every day."""
    quotes: list[Rows] = []
    condors: list[Rows] = []
    for number, day in enumerate(days):
        surface = day.surface(levels(day), shape(day))
        for item in day.quotes:
            made = on_forward(surface, item)
            if made is None:
                continue
            dte = (item.expiry - day.session).days
            about = {
                "day": float(number),
                "period": float(day.period),
                "dte": float(dte),
                "xsp": float(item.root == "XSP"),
            }
            found = quote_errors(item, made)
            own = {"delta": found.delta, "vol": found.vol, "half": found.half, "made_half": found.modelled_half}
            quotes.append(_stacked(own | {"clear": found.clear.astype(float)}, about))
            if CONDOR_DAYS[0] <= dte <= CONDOR_DAYS[1]:
                move = item.forward * day.mean_vix / 100.0 * item.tau**0.5
                sold = condor_errors(item, made, move=move, k=K, widths=WIDTHS)
                names = ("k", "width", "put_credit", "call_credit", "put_error", "call_error", "package_half")
                condors.append(_stacked({name: getattr(sold, name) for name in names}, about))
    return Study(quotes=_joined(quotes), condors=_joined(condors))


def _stacked(columns: Rows, about: dict[str, float]) -> Rows:
    size = next(iter(columns.values())).size
    return columns | {name: np.full(size, value) for name, value in about.items()}


def _joined(parts: list[Rows]) -> Rows:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def core(rows: Rows) -> B1:
    """5-30 delta, 7-90 days, clear quotes of SPX and SPXW."""
    size = np.abs(rows["delta"])
    tenor = (rows["dte"] >= 7) & (rows["dte"] <= 90)
    found: B1 = (size >= 0.05) & (size <= 0.30) & tenor & (rows["clear"] > 0) & (rows["xsp"] == 0)
    return found


def within(rows: Rows, years: Sequence[int]) -> B1:
    """Rows of some years."""
    return np.isin(rows["period"], years)


def spread_of(error: F8) -> str:
    """Median and 90th percentile of the absolute error, and the mean."""
    size = np.abs(error)
    return f"{np.median(size):.2f} / {np.percentile(size, 90):.2f} / {error.mean():+.2f}"


def headline(cross: Study, new: Study, capture: Study) -> Iterator[str]:
    """Volatility errors by period."""
    yield "| period | sessions | quotes | cross-fitted | puts | calls | unseen year | cross-fitted, capture-time levels |"
    yield "|---" * 8 + "|"
    for name, years in PERIODS.items():
        rows = cross.quotes
        keep = core(rows) & within(rows, years)
        puts = rows["delta"] < 0
        yield (
            f"| {name} | {np.unique(rows['day'][keep]).size} | {keep.sum():,} | {spread_of(rows['vol'][keep])} "
            f"| {spread_of(rows['vol'][keep & puts])} | {spread_of(rows['vol'][keep & ~puts])} "
            f"| {spread_of(new.quotes['vol'][keep])} | {spread_of(capture.quotes['vol'][keep])} |"
        )


def buckets(cross: Study) -> Iterator[str]:
    """Volatility errors and half-spreads by side, delta and tenor, 2019 and 2022-23 apart."""
    rows = cross.quotes
    usual = (rows["clear"] > 0) & (rows["xsp"] == 0)
    for name in ("2019", "2022-23"):
        yield f"{name}, vol points, median / p90 / bias, then mean half-spread recorded : modelled in points:"
        yield ""
        yield "| side, delta |" + "".join(f" {low}-{high - 1} days |" for low, high in TENORS)
        yield "|---" * (1 + len(TENORS)) + "|"
        for sign, side in ((-1, "put"), (1, "call")):
            for low, high in DELTAS:
                cells = []
                for first, last in TENORS:
                    keep = usual & within(rows, PERIODS[name]) & (rows["dte"] >= first) & (rows["dte"] < last)
                    keep &= (sign * rows["delta"] >= low) & (sign * rows["delta"] < high)
                    both = keep & np.isfinite(rows["made_half"])
                    cells.append(
                        f"{spread_of(rows['vol'][keep])}; {rows['half'][both].mean():.2f} : {rows['made_half'][both].mean():.2f}"
                        if keep.sum() >= 20
                        else "–"
                    )
                yield f"| {side} {100 * low:.0f}-{100 * high:.0f} | " + " | ".join(cells) + " |"
        yield ""


def credit_table(cross: Study, new: Study) -> Iterator[str]:
    """Condor credits at the policy's strikes."""
    yield "| period, coefficients | condors (sessions) | recorded credit | bias put side | bias call side | bias condor | median / p90 absolute | half-spread of the package |"
    yield "|---" * 8 + "|"
    for name, years in (*PERIODS.items(), ("all", (2011, 2018, 2019, 2022, 2023))):
        for label, found in (("cross-fitted", cross), ("unseen year", new)):
            rows = found.condors
            keep = within(rows, years) & (rows["xsp"] == 0)
            if not keep.any():
                continue
            put, call = 100.0 * rows["put_error"][keep], 100.0 * rows["call_error"][keep]
            credit = 100.0 * (rows["put_credit"] + rows["call_credit"])[keep]
            both = np.abs(put + call)
            yield (
                f"| {name}, {label} | {keep.sum()} ({np.unique(rows['day'][keep]).size}) | {credit.mean():.1f} | {put.mean():+.2f} "
                f"| {call.mean():+.2f} | {(put + call).mean():+.2f} | {np.median(both):.2f} / {np.percentile(both, 90):.2f} "
                f"| {100.0 * rows['package_half'][keep].mean():.1f} |"
            )


def every_day(days: Sequence[Day], cross: Study) -> Iterator[str]:
    """One row per session."""
    yield "| session | SPX with the quotes, less its close | VIX close | quotes | median / p90 / bias, closes | bias half-spread, modelled over recorded |"
    yield "|---" * 6 + "|"
    rows = cross.quotes
    keep = core(rows)
    for number, day in enumerate(days):
        own = keep & (rows["day"] == number)
        if not own.any():
            continue
        both = own & np.isfinite(rows["made_half"])
        ratio = rows["made_half"][both].mean() / rows["half"][both].mean() if both.any() else float("nan")
        away = day.level - day.closes.spot
        yield f"| {day.session} | {away + 0.0:+.2f} | {day.closes.vix:.2f} | {own.sum()} | {spread_of(rows['vol'][own])} | {ratio:.2f} |"


def mini(cross: Study) -> Iterator[str]:
    """XSP in a sentence."""
    rows = cross.quotes
    size = np.abs(rows["delta"])
    keep = (
        (rows["xsp"] > 0)
        & (size >= 0.05)
        & (size <= 0.30)
        & (rows["dte"] >= 7)
        & (rows["dte"] <= 90)
        & (rows["clear"] > 0)
    )
    both = keep & np.isfinite(rows["made_half"])
    yield (
        f"XSP, 2023-09-14, {keep.sum()} quotes of 5-30 delta and 7-90 days: {spread_of(rows['vol'][keep])} vol points; half-spread "
        f"recorded {rows['half'][both].mean():.3f}, modelled {rows['made_half'][both].mean():.3f} points."
    )


def stress_table() -> Iterator[str]:
    """Ranges of condor credits where nothing was recorded."""
    yield "| VIX | VIX9D, VIX3M, VIX6M | put side, all days (range of refits) | call side | condor | range of the condor |"
    yield "|---" * 6 + "|"
    for row in stress_range():
        yield (
            f"| {row.vix:g} | {row.levels.vix9d:.0f}, {row.levels.vix3m:.0f}, {row.levels.vix6m:.0f} "
            f"| {row.put:.1f} ({row.put_low:.1f} to {row.put_high:.1f}) | {row.call:.1f} ({row.call_low:.1f} to {row.call_high:.1f}) "
            f"| {row.condor:.1f} | {row.low:.1f} to {row.high:.1f} |"
        )


def smile_traces(days: Sequence[Day]) -> tuple[list[dict[str, Any]], list[str]]:
    """Draw recorded and cross-fitted smiles of three days at about a month."""
    traces: list[dict[str, Any]] = []
    titles = []
    for panel, shown in enumerate(SHOWN, start=1):
        day = next(item for item in days if item.session == shown)
        item = min((q for q in day.quotes if q.root != "XSP"), key=lambda q: abs((q.expiry - shown).days - 31))
        made = on_forward(day.surface(day.closes, cross_fitted(day)), item)
        assert made is not None
        found = quote_errors(item, made)
        keep = np.abs(found.delta) >= 0.01
        axes = {"xaxis": f"x{panel}", "yaxis": f"y{panel}", "showlegend": panel == 1}
        x = item.k[keep].tolist()
        bars = {"type": "data", "symmetric": False, "color": GREY, "thickness": 1, "width": 0}
        bars |= {
            "array": (100 * (item.ask - item.mid)[keep]).tolist(),
            "arrayminus": (100 * (item.mid - item.bid)[keep]).tolist(),
        }
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": x,
                "y": (100 * item.mid[keep]).tolist(),
                "error_y": bars,
                "marker": {"size": 4, "color": INK},
                "name": "recorded bid, mid, ask",
                **axes,
            }
        )
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": x,
                "y": (100 * item.mid[keep] + found.vol[keep]).tolist(),
                "line": {"color": ORANGE, "width": 2.5},
                "name": "modelled, coefficients without that month",
                **axes,
            }
        )
        titles.append(f"{shown}, VIX {day.closes.vix:.1f}, {(item.expiry - shown).days} days")
    return traces, titles


def error_traces(cross: Study) -> list[dict[str, Any]]:
    """Bias and central 80 % of the error by delta, three tenors."""
    rows = cross.quotes
    edges = np.array([-0.5, -0.4, -0.3, -0.2, -0.1, -0.05, -0.02, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5])
    middle = [f"{100 * (0.5 * (a + b)):+.0f}" for a, b in pairwise(edges)]
    traces = []
    for panel, (low, high) in enumerate(TENORS[:3], start=4):
        for color, name, years in ((BLUE, "2019", (2019,)), (GREEN, "2022-23", (2022, 2023))):
            x, y, up, down = [], [], [], []
            for first, last, label in zip(edges[:-1], edges[1:], middle, strict=True):
                keep = (
                    (rows["clear"] > 0)
                    & (rows["xsp"] == 0)
                    & within(rows, years)
                    & (rows["dte"] >= low)
                    & (rows["dte"] < high)
                )
                keep &= (rows["delta"] >= first) & (rows["delta"] < last)
                if first == -0.02 or keep.sum() < 20:
                    continue
                error = rows["vol"][keep]
                mid = float(np.median(error))
                x.append(label)
                y.append(mid)
                up.append(float(np.percentile(error, 90)) - mid)
                down.append(mid - float(np.percentile(error, 10)))
            bars = {
                "type": "data",
                "symmetric": False,
                "array": up,
                "arrayminus": down,
                "color": color,
                "thickness": 1.3,
                "width": 3,
            }
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": x,
                    "y": y,
                    "error_y": bars,
                    "marker": {"size": 7, "color": color},
                    "name": f"{name}: median error, 10th to 90th percentile",
                    "xaxis": f"x{panel}",
                    "yaxis": f"y{panel}",
                    "showlegend": panel == 4,
                }
            )
    return traces


def picture(days: Sequence[Day], cross: Study) -> None:
    """Draw smiles above, errors below."""
    traces, titles = smile_traces(days)
    traces += error_traces(cross)
    titles += [f"error by delta, {low} to {high - 1} days" for low, high in TENORS[:3]]
    layout: dict[str, Any] = {
        "legend": {"orientation": "h", "y": -0.09, "x": 0.0},
        "margin": {"l": 60, "r": 20, "t": 50, "b": 90},
    }
    layout["annotations"] = []
    for place, title in enumerate(titles):
        column, row = place % 3, place // 3
        left, right = column / 3 + 0.025, (column + 1) / 3 - 0.015
        bottom, top = (0.56, 1.0) if row == 0 else (0.03, 0.43)
        axis = str(place + 1)
        layout[f"xaxis{axis}"] = {
            "domain": [left, right],
            "anchor": f"y{axis}",
            "title": {"text": "ln(strike / forward)" if row == 0 else "delta, % (puts negative)", "standoff": 4},
        }
        layout[f"yaxis{axis}"] = {"domain": [bottom, top], "anchor": f"x{axis}"}
        if row == 1:
            layout[f"xaxis{axis}"] |= {"type": "category"}
            layout[f"yaxis{axis}"] |= {"range": [-3, 3], "zerolinecolor": INK}
        if column == 0:
            layout[f"yaxis{axis}"]["title"] = {
                "text": "implied vol, %" if row == 0 else "modelled less recorded, vol points"
            }
        layout["annotations"].append(
            {
                "text": f"<b>{title}</b>",
                "x": left,
                "y": top + 0.045,
                "xref": "paper",
                "yref": "paper",
                "showarrow": False,
                "xanchor": "left",
            }
        )
    save_picture(traces, layout, HERE / "images" / "modelled_chain.png", width=1350, height=820)


def error_source(cross: Study, new: Study) -> str:
    """Source text of the committed table of errors."""
    lines = [
        '"""Errors of modelled quotes against recorded ones, measured by docs/make_modelled_chain.py; see `errors`."""\n',
        "from __future__ import annotations\n",
        '__all__ = ["CREDIT", "VOL"]\n',
        "# period, coefficients, quotes, median, 90th percentile and mean of the error, vol points",
        "VOL = (",
    ]
    for name, years in PERIODS.items():
        for label, found in (("cross-fitted", cross), ("unseen year", new)):
            rows = found.quotes
            error = rows["vol"][core(rows) & within(rows, years)]
            size = np.abs(error)
            lines.append(
                f'    ("{name}", "{label}", {error.size}, {np.median(size):.2f}, {np.percentile(size, 90):.2f}, {error.mean():.2f}),'
            )
    lines += [
        ")",
        "# period, coefficients, condors, bias put side, bias call side, median and 90th percentile of the condor, % of width",
        "CREDIT = (",
    ]
    for name, years in (*PERIODS.items(), ("all", (2011, 2018, 2019, 2022, 2023))):
        for label, found in (("cross-fitted", cross), ("unseen year", new)):
            rows = found.condors
            keep = within(rows, years) & (rows["xsp"] == 0)
            if keep.any():
                put, call = 100.0 * rows["put_error"][keep], 100.0 * rows["call_error"][keep]
                size = np.abs(put + call)
                lines.append(
                    f'    ("{name}", "{label}", {keep.sum()}, {put.mean():.2f}, {call.mean():.2f}, {np.median(size):.2f}, {np.percentile(size, 90):.2f}),'
                )
    return "\n".join([*lines, ")", ""])


def replaced(text: str, name: str, rows: Iterator[str]) -> str:
    """Replace what stands between the markers of a part."""
    first, last = f"<!-- {name} -->", f"<!-- end {name} -->"
    before, rest = text.split(first)
    _, after = rest.split(last)
    return before + first + "\n\n" + "\n".join(rows).strip() + "\n\n" + last + after


def main() -> None:
    """Write the page, the picture and the error table."""
    days = list(recorded_days(Path(sys.argv[1])))
    cross, new = study(days, cross_fitted, at_close), study(days, unseen, at_close)
    capture = study(days, cross_fitted, at_capture)
    text = PAGE.read_text(encoding="utf-8")
    for name, rows in (
        ("headline", headline(cross, new, capture)),
        ("credits", credit_table(cross, new)),
        ("buckets", buckets(cross)),
        ("xsp", mini(cross)),
        ("stress", stress_table()),
        ("days", every_day(days, cross)),
    ):
        text = replaced(text, name, rows)
    PAGE.write_text(text, encoding="utf-8")
    ERRORS.write_text(error_source(cross, new), encoding="utf-8")
    picture(days, cross)


if __name__ == "__main__":
    main()
