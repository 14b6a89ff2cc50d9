"""Write the tables of docs/simulation.md and its pictures from an imported store.

python docs/make_simulation.py STORE
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from chromium_picture import save_picture

import alvh
from alvh.apps.simulated_markets import open_bootstrap
from alvh.market.view import MarketSource
from alvh.pricing.implied import implied_vol
from alvh.simulation.facts import Fact, common_columns, stylised_facts
from alvh.simulation.joint import THIRTY_DAYS
from alvh.simulation.mixture import mixture_price
from alvh.simulation.opening import open_simulated
from alvh.simulation.quintic import total_variances
from alvh.simulation.quintic_market import house
from alvh.simulation.quintic_paths import conditional_paths
from alvh.simulation.quotes import exact
from alvh.simulation.slices import VIX_SHARES, levelled, vix_mixture
from alvh.simulation.smiles import SHARES
from alvh.simulation.svj import call_prices
from alvh.simulation.svj_market import svj_market

HERE = Path(__file__).parent
SEEDS = range(10)
HISTORY = (date(2006, 1, 3), date(2025, 12, 31))
LONG_HISTORY = (date(1990, 1, 2), date(2025, 12, 31))
MODELS = ("quintic", "quintic-jumps", "svj")
BEGIN, END = "<!-- {}: written by docs/make_simulation.py -->", "<!-- end -->"
BLUE, ORANGE, GREEN, GREY, INK = "#0072b2", "#d55e00", "#009e73", "#9aa3ad", "#1b1f24"


def axis_id(letter: str, place: int) -> str:
    """Name an axis as plotly does: the first has no number."""
    return letter if place == 1 else f"{letter}{place}"


def facts_of(source: MarketSource, first: date, last: date) -> tuple[Fact, ...]:
    """Stylised facts of one market."""
    return stylised_facts(source.series, first, last)


def number(value: float | None) -> str:
    """Write a number with about three digits."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def pooled(runs: Sequence[tuple[Fact, ...]], place: int) -> str:
    """Median of the seeds and their range."""
    values = [facts[place].value for facts in runs if facts[place].value is not None]
    if not values:
        return "–"
    return f"{number(float(np.median(values)))} ({number(min(values))} to {number(max(values))})"


def facts_table(store: Path, market: MarketSource) -> Iterator[str]:
    """History beside ten seeds of every model."""
    history = facts_of(market, *HISTORY)
    long = facts_of(market, *LONG_HISTORY)
    made = {name: [facts_of(open_simulated(f"simulated:{name}:{seed}"), *HISTORY) for seed in SEEDS] for name in MODELS}
    made["bootstrap"] = [facts_of(open_bootstrap(store, seed), *HISTORY) for seed in SEEDS]
    yield "| stylised fact | unit | 1990-2025 | 2006-2025 | " + " | ".join(made) + " |"
    yield "|---" * (4 + len(made)) + "|"
    for place, fact in enumerate(history):
        cells = " | ".join(pooled(runs, place) for runs in made.values())
        yield f"| {fact.meaning} | {fact.unit} | {number(long[place].value)} | {number(fact.value)} | {cells} |"


def smile_table() -> Iterator[str]:
    """Compare tabulated smiles with direct Monte-Carlo and with Fourier prices, vol points."""
    yield "| market | state | days | −2.5 sd | −1.5 sd | −0.75 sd | forward | +0.75 sd |"
    yield "|---" * 8 + "|"
    places = np.array([-2.5, -1.5, -0.75, 0.0, 0.75])
    market, affine = house(), svj_market()
    for state in ((0.0, 0.0), (0.05, 0.7), (0.3, 1.2), (-0.1, -1.2)):
        for days in (9.0, 37.0, 120.0):
            tau = days / 365.0
            strikes = np.exp(places * math.sqrt(market.total_variance(state, np.array([tau]))[0]))
            exact = direct(market.model, state, tau, strikes)
            gap = vols(levelled(market.smile(state, tau)), strikes, tau) - exact
            yield f"| quintic | {state} | {days:.0f} | " + " | ".join(f"{100 * value:+.2f}" for value in gap) + " |"
    for variance in (0.012, 0.03, 0.09):
        for days in (9.0, 37.0, 120.0):
            tau, own = days / 365.0, (variance, 0.0)
            strikes = np.exp(places * math.sqrt(affine.total_variance(own, np.array([tau]))[0]))
            calls = call_prices(1.0, strikes, variance, tau, affine.model)
            put = strikes < 1.0
            exact, _ = implied_vol(np.where(put, calls - 1.0 + strikes, calls), 1.0, strikes, tau, put, 1.0)
            gap = vols(levelled(affine.smile(own, tau)), strikes, tau) - exact
            yield f"| svj | v = {variance} | {days:.0f} | " + " | ".join(f"{100 * value:+.2f}" for value in gap) + " |"


def vols(mixture: Any, strikes: Any, tau: float) -> Any:
    """Implied volatilities of a mixture at strikes in units of the forward."""
    values = [mixture_price.py_func(mixture, SHARES, 1.0, k, np.empty(mixture.shape))[0] for k in strikes.tolist()]
    found, _ = implied_vol(np.array(values), 1.0, strikes, tau, strikes < 1.0, 1.0)
    return found


def direct(model: Any, state: tuple[float, float], tau: float, strikes: Any) -> Any:
    """Price by 2^19 conditional paths with fine steps."""
    from alvh.pricing.black76 import price  # noqa: PLC0415

    steps = max(60, int(2 * tau * 365))
    dt, marks = np.full(steps, tau / steps), np.array([float(steps)])
    clouds = [conditional_paths(model, dt, marks, state=state, paths=1 << 17, seed=seed)[0] for seed in (5, 6, 7, 8)]
    cloud = np.concatenate(clouds, axis=1)
    level = np.exp(cloud[0])
    level /= level.mean()
    own = np.sqrt((1.0 - model.rho**2) * cloud[1])
    values = [float(price(level, np.full(level.size, k), 1.0, own, k < 1.0, 1.0).mean()) for k in strikes.tolist()]
    found, _ = implied_vol(np.array(values), 1.0, strikes, tau, strikes < 1.0, 1.0)
    return found


def recomputed_table() -> Iterator[str]:
    """VIX recomputed from a market's own quotes, over 200 sessions each."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    from fakes.recomputed import recomputed_vix  # noqa: PLC0415

    yield "| market | sessions | exact prices: median, largest difference | bids and asks on ticks: median, largest |"
    yield "|---|---|---|---|"
    for name in ("quintic:1", "quintic-jumps:1", "svj:1", "2008", "1987"):
        source = open_simulated(f"simulated:{name}")
        sessions = source.sessions()
        middle = len(sessions) // 2
        chosen = sessions[2250::13][:200] if ":" in name else sessions[middle - 10 : middle + 60]
        views = [source.view(day) for day in chosen]
        gaps = np.array(
            [[abs(recomputed_vix(view, ticks=ticks) - view.vix) for ticks in (False, True)] for view in views]
        )
        middle_gap, most = np.median(gaps, axis=0), gaps.max(axis=0)
        yield f"| {name} | {len(views)} | {middle_gap[0]:.3f}, {most[0]:.3f} | {middle_gap[1]:.3f}, {most[1]:.3f} |"


def series_pair(source: MarketSource, first: date, last: date) -> tuple[Any, Any, Any]:
    """Days, index and VIX."""
    days, (spot, vix) = common_columns(source.series, ("SPX", "VIX"), first, last)
    return days, spot, vix


def picture_paths(market: MarketSource) -> None:
    """Show VIX of the history above VIX of three seeds."""
    panels = [
        ("history", market),
        *((f"quintic, seed {seed}", open_simulated(f"simulated:{seed}")) for seed in (0, 2, 5)),
    ]
    traces, layout = (
        [],
        {
            "height": 760,
            "width": 1100,
            "showlegend": False,
            "title": {"text": "VIX, 2006 to 2025: what happened, and three markets that did not"},
        },
    )
    for place, (name, source) in enumerate(panels, 1):
        days, _, vix = series_pair(source, *HISTORY)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [str(d) for d in days],
                "y": vix.tolist(),
                "yaxis": axis_id("y", place),
                "line": {"width": 1, "color": INK if place == 1 else BLUE},
            }
        )
        top = 1.0 - (place - 1) * 0.255
        layout["yaxis" if place == 1 else f"yaxis{place}"] = {
            "domain": [top - 0.215, top],
            "range": [5, 90],
            "title": {"text": name},
        }
    save_picture(traces, layout, HERE / "images" / "simulated_vix.png", width=1100, height=760)


def picture_distributions(store: Path, market: MarketSource) -> None:
    """Show the distribution of VIX and of the daily change of its logarithm."""
    columns: dict[str, list[Any]] = {"history 1990-2025": [series_pair(market, *LONG_HISTORY)]}
    for name in (*MODELS[:2], "svj"):
        columns[name] = [series_pair(open_simulated(f"simulated:{name}:{seed}"), *HISTORY) for seed in SEEDS]
    columns["bootstrap"] = [series_pair(open_bootstrap(store, seed), *HISTORY) for seed in range(4)]
    colors = (INK, BLUE, GREEN, ORANGE, GREY)
    traces = []
    for (name, runs), color in zip(columns.items(), colors, strict=True):
        vix = np.concatenate([run[2] for run in runs])
        steps = np.concatenate([np.diff(np.log(run[2])) for run in runs])
        returns = np.concatenate([np.diff(np.log(run[1])) for run in runs])
        for axis, (values, edges) in enumerate(
            (
                (vix, np.geomspace(8, 100, 60)),
                (100 * steps, np.linspace(-25, 30, 80)),
                (100 * returns, np.linspace(-6, 6, 80)),
            ),
            1,
        ):
            density = np.histogram(values, edges, density=True)[0]
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": name,
                    "showlegend": axis == 1,
                    "x": (0.5 * (edges[1:] + edges[:-1])).tolist(),
                    "y": density.tolist(),
                    "xaxis": axis_id("x", axis),
                    "yaxis": axis_id("y", axis),
                    "line": {"color": color, "width": 2.4 if color == INK else 1.6},
                }
            )
    layout = {
        "height": 460,
        "width": 1200,
        "title": {"text": "Densities: history against markets that did not happen"},
        "legend": {"orientation": "h", "y": -0.2},
    }
    titles = ("VIX, points", "daily change of ln VIX, %", "daily return of the index, %")
    for axis, title in enumerate(titles, 1):
        layout["xaxis" if axis == 1 else f"xaxis{axis}"] = {
            "domain": [(axis - 1) * 0.345, (axis - 1) * 0.345 + 0.3],
            "title": {"text": title},
            "anchor": axis_id("y", axis),
        }
        layout["yaxis" if axis == 1 else f"yaxis{axis}"] = {"anchor": axis_id("x", axis)}
    layout["xaxis"]["type"] = "log"
    layout["xaxis"]["tickvals"] = [10, 15, 20, 30, 40, 60, 80]
    save_picture(traces, layout, HERE / "images" / "simulated_densities.png", width=1200, height=460)


def picture_beta(market: MarketSource) -> None:
    """Show daily returns against changes of ln VIX."""
    traces, layout = (
        [],
        {
            "height": 470,
            "width": 1200,
            "showlegend": False,
            "title": {"text": "Daily return of the index against change of ln VIX, 20 years each"},
        },
    )
    panels = [
        ("history 2006-2025", market, INK),
        ("quintic, seed 2", open_simulated("simulated:2"), BLUE),
        ("svj, seed 2", open_simulated("simulated:svj:2"), ORANGE),
    ]
    for axis, (name, source, color) in enumerate(panels, 1):
        _, spot, vix = series_pair(source, *HISTORY)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": (100 * np.diff(np.log(spot))).tolist(),
                "y": (100 * np.diff(np.log(vix))).tolist(),
                "xaxis": axis_id("x", axis),
                "yaxis": axis_id("y", axis),
                "marker": {"size": 2.6, "color": color, "opacity": 0.55},
            }
        )
        layout["xaxis" if axis == 1 else f"xaxis{axis}"] = {
            "domain": [(axis - 1) * 0.345, (axis - 1) * 0.345 + 0.3],
            "title": {"text": f"{name}: return, %"},
            "range": [-10, 10],
            "anchor": axis_id("y", axis),
        }
        layout["yaxis" if axis == 1 else f"yaxis{axis}"] = {
            "anchor": axis_id("x", axis),
            "range": [-40, 60],
            "title": {"text": "change of ln VIX, %" if axis == 1 else ""},
        }
    save_picture(traces, layout, HERE / "images" / "simulated_beta.png", width=1200, height=470)


def picture_quotes() -> None:
    """Show what the house market quotes in calm and in stress: SPX smiles, VIX smiles, the VX curve."""
    market = house()
    states = (
        ("calm, VIX {:.0f}", (-0.02, -0.7), GREEN),
        ("average, VIX {:.0f}", (0.0, 0.0), BLUE),
        ("stress, VIX {:.0f}", (0.3, 1.2), ORANGE),
    )
    traces = []
    for name, state, color in states:
        vix = float(market.index(np.array([state]), THIRTY_DAYS)[0])
        label = name.format(vix)
        tau = 30.0 / 365.0
        spread = math.sqrt(total_variances(market.model.vector, *state, np.array([tau]))[0])
        strikes = np.exp(np.linspace(-4.0, 2.0, 60) * spread)
        smile = vols(levelled(market.smile(state, tau)), strikes, tau)
        line = {"color": color, "width": 2}
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": label,
                "x": (100 * (strikes - 1)).tolist(),
                "y": (100 * smile).tolist(),
                "line": line,
                "xaxis": "x",
                "yaxis": "y",
            }
        )
        forward, mixture = vix_mixture(*market.vix_cloud(state, tau))
        ratio = np.geomspace(0.75, 2.5, 60)
        out: Any = ratio < 1.0
        prices = exact(mixture, VIX_SHARES, 1.0, ratio, out)
        found, status = implied_vol(prices, 1.0, ratio, tau, out, 1.0)
        usable = (status == 0) & (prices * forward > 0.01)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "showlegend": False,
                "x": ratio[usable].tolist(),
                "y": (100 * found[usable]).tolist(),
                "line": line,
                "xaxis": "x2",
                "yaxis": "y2",
            }
        )
        days = np.linspace(1.0, 260.0, 60)
        curve = market.futures(np.tile(state, (days.size, 1)), days / 365.0)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "showlegend": False,
                "x": days.tolist(),
                "y": curve.tolist(),
                "line": line,
                "xaxis": "x3",
                "yaxis": "y3",
            }
        )
    layout: dict[str, Any] = {
        "height": 470,
        "width": 1200,
        "title": {
            "text": "Quotes of the house market in three states: SPX and VIX smiles at 30 days, and the VX curve"
        },
        "legend": {"orientation": "h", "y": -0.22},
    }
    titles = (
        ("strike from forward, %", "SPX implied volatility, %"),
        ("strike over VX", "VIX implied volatility, %"),
        ("days", "VX"),
    )
    for axis, (x, y) in enumerate(titles, 1):
        layout["xaxis" if axis == 1 else f"xaxis{axis}"] = {
            "domain": [(axis - 1) * 0.35, (axis - 1) * 0.35 + 0.29],
            "title": {"text": x},
            "anchor": axis_id("y", axis),
        }
        layout["yaxis" if axis == 1 else f"yaxis{axis}"] = {"anchor": axis_id("x", axis), "title": {"text": y}}
    save_picture(traces, layout, HERE / "images" / "simulated_quotes.png", width=1200, height=470)


def put(text: str, key: str, rows: Iterator[str]) -> str:
    """Replace what stands between a table's marks."""
    head, tail = text.split(BEGIN.format(key), 1)
    return head + BEGIN.format(key) + "\n" + "\n".join(rows) + "\n" + END + tail.split(END, 1)[1]


def main() -> None:
    """Write tables and pictures."""
    store = Path(sys.argv[1])
    market = alvh.open_market(store, chains="modelled")
    page = HERE / "simulation.md"
    text = page.read_text("utf-8")
    text = put(text, "facts", facts_table(store, market))
    text = put(text, "smiles", smile_table())
    text = put(text, "recomputed", recomputed_table())
    page.write_text(text, "utf-8")
    picture_paths(market)
    picture_distributions(store, market)
    picture_beta(market)
    picture_quotes()


if __name__ == "__main__":
    main()
