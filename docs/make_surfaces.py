"""Write docs/surfaces.md and its pictures from an imported store.

python docs/make_surfaces.py STORE
"""

# ruff: noqa: E501 - rows of Markdown tables do not break
from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from chromium_picture import save_picture

import alvh
from alvh.adapters.chain_store import ChainStore
from alvh.market.view import MarketSource
from alvh.pricing.surface import FittedExpiry, FittedSurface, fit, fit_ssvi
from alvh.pricing.vix_smile import smile_from_vvix
from alvh.pricing.vix_smile_fit import FittedVixSmile, fit_vix_smiles

HERE = Path(__file__).parent
ROOTS = ("SPX", "SPXW")
SHOWN = date(2023, 9, 14)
VIX_DAY = date(2016, 6, 1)
BUCKETS = ((0, 2), (2, 7), (7, 21), (21, 60), (60, 120), (120, 365), (365, 2000))
PANEL_DAYS = (8, 36, 92, 372)
BLUE, ORANGE, GREY, INK = "#0072b2", "#d55e00", "#9aa3ad", "#1b1f24"


def surfaces(store: Path, market: MarketSource) -> list[FittedSurface]:
    """Fit every session with whole SPX and SPXW chains."""
    chains = ChainStore.open(store)
    both = sorted(set(chains.sessions("SPX")) & set(chains.sessions("SPXW")))
    found = []
    for session in both:
        made = fit([chains.chain(root, session) for root in ROOTS], rate_hint=market.view(session).rate(30.0))
        assert isinstance(made, FittedSurface)
        found.append(made)
    return found


def milliseconds(store: Path) -> list[float]:
    """Processor time of one thread for whole days of 10 000 quotes and more, warm."""
    chains = ChainStore.open(store)
    spent = []
    for session in sorted(set(chains.sessions("SPX")) & set(chains.sessions("SPXW"))):
        day = [chains.chain(root, session) for root in ROOTS]
        if sum(chain.strike.size for chain in day) >= 10_000:
            start = time.thread_time()
            fit(day, rate_hint=0.03)
            spent.append(1000.0 * (time.thread_time() - start))
    return spent


def by_tenor(fitted: Sequence[FittedSurface]) -> Iterator[str]:
    """Quality by time to expiry, all sessions together."""
    yield "| days to expiry | expiries | quotes, median | within 2.5 deviations: rms, vol points, median (90th percentile) | all quotes: median difference, half-spreads | inside bid-ask | all quotes: rms, vol points, median |"
    yield "|---" * 7 + "|"
    items = [item for surface in fitted for item in surface.expiries]
    for low, high in BUCKETS:
        own = [item.quality for item in items if low <= item.quotes.tau * 365 < high]
        core = [one.rms_core for one in own]
        yield (
            f"| {low} to {high} | {len(own)} | {np.median([one.quotes for one in own]):.0f} "
            f"| {np.median(core):.2f} ({np.quantile(core, 0.9):.2f}) | {np.median([one.half_spreads for one in own]):.2f} "
            f"| {100 * np.average([one.inside for one in own], weights=[one.quotes for one in own]):.0f} % "
            f"| {np.median([one.rms for one in own]):.2f} |"
        )


def by_session(fitted: Sequence[FittedSurface]) -> Iterator[str]:
    """One row per session."""
    yield "| session | quotes in the chains | fitted to | expiries fitted, refused | within 2.5 deviations: rms, median over expiries | inside bid-ask | least g of all slices | least g half-way between expiries | crossings between quotes, worst | crossings of extrapolated wings, worst | SSVI: ρ, η, γ, weighted rms |"
    yield "|---" * 11 + "|"
    for surface in fitted:
        quality = [item.quality for item in surface.expiries]
        inside = np.average([one.inside for one in quality], weights=[one.quotes for one in quality])
        middles = 0.5 * (surface.taus[1:] + surface.taus[:-1])
        g = surface.g(np.linspace(-1.5, 0.6, 421)[None, :], middles[:, None])
        quoted = [item.shortfall for item in surface.crossings if item.quoted]
        wings = [item.shortfall for item in surface.crossings if not item.quoted]
        three = fit_ssvi(surface)
        listed = sum(item.quotes.k.size + item.quotes.dropped for item in surface.expiries)
        yield (
            f"| {surface.session} | {2 * listed:,} | {sum(one.quotes for one in quality):,} "
            f"| {len(quality)}, {len(surface.refused)} | {np.median([one.rms_core for one in quality]):.2f} | {100 * inside:.0f} % "
            f"| {min(item.least_g.value for item in surface.expiries):.4f} | {g.min():.4f} "
            f"| {worst(quoted)} | {worst(wings)} | {three.rho:.2f}, {three.eta:.2f}, {three.gamma:.2f}, {three.rms:.2f} |"
        )


def worst(shortfalls: Sequence[float]) -> str:
    """Write how many and how deep."""
    return f"{len(shortfalls)}, {max(shortfalls):.3f}" if shortfalls else "0"


def vix_rows(fitted: Sequence[FittedVixSmile], market: MarketSource) -> Iterator[str]:
    """Lay out the recorded VIX chain: fitted, and made from VVIX as if there were none."""
    vvix, curve = level(market, "VVIX", VIX_DAY), market.view(VIX_DAY).curve
    assert curve is not None
    yield "| expiry | days | forward of the options | VX settlement | quotes | fitted: rms, vol points | fitted: inside bid-ask | log-contract volatility: fitted, from VVIX | from VVIX: bias, rms, vol points |"
    yield "|---" * 9 + "|"
    for item in fitted:
        smile, quotes = item.smile, item.quotes
        bare = smile_from_vvix(smile.forward, smile.tau, vvix, discount=smile.discount)
        away = 100.0 * (bare.vol(quotes.strike)[0] - quotes.mid)
        known = quotes.expiry in curve.expiries
        future = f"{curve.price[curve.expiries.index(quotes.expiry)]:.3f}" if known else "weekly, none recorded"
        yield (
            f"| {quotes.expiry} | {365 * smile.tau:.0f} | {smile.forward:.3f} | {future} | {quotes.k.size} | {item.rms:.1f} "
            f"| {100 * item.inside:.0f} % | {100 * smile.log_contract_vol:.1f}, {100 * bare.log_contract_vol:.1f} "
            f"| {away.mean():+.1f}, {np.sqrt(np.mean(away**2)):.1f} |"
        )


def level(market: MarketSource, name: str, session: date) -> float:
    """Value of a series for one session."""
    series = market.series(name)
    assert series is not None
    return float(series.value[np.searchsorted(series.period, np.datetime64(session))])


def bars(x: Any, bid: Any, ask: Any, axis: str, *, first: bool) -> dict[str, Any]:
    """Draw bid to ask as vertical bars."""
    mid = 0.5 * (bid + ask)
    return {
        "type": "scatter", "mode": "markers", "x": x.tolist(), "y": mid.tolist(), "name": "bid to ask",
        "xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": first, "marker": {"size": 2, "color": GREY},
        "error_y": {"type": "data", "array": (ask - mid).tolist(), "width": 0, "color": GREY, "thickness": 1.6},
    }  # fmt: skip


def curve_of(x: Any, y: Any, axis: str, name: str, color: str, *, first: bool, dash: str = "solid") -> dict[str, Any]:
    """Draw a line."""
    return {
        "type": "scatter", "mode": "lines", "x": x.tolist(), "y": y.tolist(), "name": name, "showlegend": first,
        "xaxis": f"x{axis}", "yaxis": f"y{axis}", "line": {"color": color, "width": 1.8, "dash": dash},
    }  # fmt: skip


def panels(titles: Sequence[str], x_title: str, y_title: str, heading: str) -> dict[str, Any]:
    """Lay out four panels with their titles."""
    layout: dict[str, Any] = {
        "grid": {"rows": 2, "columns": 2, "pattern": "independent", "ygap": 0.24, "xgap": 0.1},
        "title": {"text": heading},
        "legend": {"orientation": "h", "y": 1.09, "x": 0.55},
        "margin": {"l": 60, "r": 20, "t": 90, "b": 55},
        "annotations": [
            {"text": title, "xref": f"x{n} domain", "yref": f"y{n} domain", "x": 0.5, "y": 1.08, "showarrow": False}
            for n, title in zip(("", "2", "3", "4"), titles, strict=True)
        ],
    }
    for n in ("", "2", "3", "4"):
        layout[f"xaxis{n}"] = {"title": {"text": x_title if n in ("3", "4") else ""}}
        layout[f"yaxis{n}"] = {"title": {"text": y_title if n in ("", "3") else ""}}
    return layout


def smiles_picture(surface: FittedSurface) -> None:
    """Quotes and slices of four expiries."""
    chosen = [min(surface.expiries, key=lambda item: abs(item.quotes.tau * 365 - days)) for days in PANEL_DAYS]
    three = fit_ssvi(surface)
    traces, titles = [], []
    for n, item in zip(("", "2", "3", "4"), chosen, strict=True):
        quotes = item.quotes
        deviation = float(surface.vol(0.0, quotes.tau)) * np.sqrt(quotes.tau)
        near = (quotes.k > -7 * deviation) & (quotes.k < 4 * deviation)
        k = np.linspace(-7 * deviation, 3.2 * deviation, 200)
        first = n == ""
        traces += [
            bars(quotes.strike[near], 100 * quotes.bid[near], 100 * quotes.ask[near], n, first=first),
            curve_of(quotes.forward * np.exp(k), 100 * surface.vol(k, quotes.tau), n, "raw SVI", BLUE, first=first),
            curve_of(
                quotes.forward * np.exp(k), 100 * three.vol(k, quotes.tau), n, "SSVI, three numbers for all", ORANGE,
                first=first, dash="dot",
            ),
        ]  # fmt: skip
        titles.append(label(item))
    layout = panels(titles, "strike", "volatility, %", f"SPX {surface.session}: quotes and fit")
    save_picture(traces, layout, HERE / "images" / "surface_smiles.png", width=1200, height=800)


def label(item: FittedExpiry) -> str:
    """Name an expiry and its quality."""
    quality = item.quality
    return (
        f"{item.quotes.root} {item.quotes.expiry}, {365 * item.quotes.tau:.0f} d: {quality.rms_core:.2f} vol points rms "
        f"in the core, {100 * quality.inside:.0f} % inside"
    )


def map_picture(surface: FittedSurface) -> None:
    """Volatility over strike and time."""
    days = np.exp(np.linspace(np.log(2.0), np.log(730.0), 160))
    k = np.linspace(-0.4, 0.2, 181)
    vol = 100 * surface.vol(k[None, :], days[:, None] / 365)
    trace = {
        "type": "contour", "x": (100 * np.exp(k)).tolist(), "y": days.tolist(), "z": np.minimum(vol, 70.0).tolist(),
        "colorscale": "Viridis", "contours": {"start": 8, "end": 60, "size": 2, "coloring": "heatmap"},
        "line": {"width": 0.6, "color": "white"}, "colorbar": {"title": {"text": "volatility, %"}},
    }  # fmt: skip
    # Where the outermost quotes of each expiry lie; beyond them the surface is extrapolated.
    edges = []
    for side, name in ((0, "outermost quote of an expiry"), (-1, "")):
        x = [100 * float(np.exp(item.quotes.k[side])) for item in surface.expiries]
        edges.append(
            {
                "type": "scatter", "mode": "markers", "x": x, "y": (365 * surface.taus).tolist(), "name": name,
                "showlegend": side == 0, "marker": {"size": 5, "color": ORANGE},
            }
        )  # fmt: skip
    layout = {
        "title": {"text": f"SPX {surface.session}: the fitted surface"},
        "xaxis": {"title": {"text": "strike, % of the forward"}, "range": [67, 122]},
        "yaxis": {
            "title": {"text": "days to expiry"},
            "type": "log",
            "range": [np.log10(2.0), np.log10(730.0)],
            "tickvals": [2, 5, 10, 20, 30, 60, 90, 180, 365, 730],
        },
        "legend": {"orientation": "h", "y": 1.06, "x": 0.6},
    }
    save_picture([trace, *edges], layout, HERE / "images" / "surface_map.png", width=1100, height=640)


def vix_picture(fitted: Sequence[FittedVixSmile], vvix: float) -> None:
    """Four expiries of the recorded VIX chain."""
    chosen = [fitted[place] for place in (1, 4, 5, 7)]
    traces, titles = [], []
    for n, item in zip(("", "2", "3", "4"), chosen, strict=True):
        quotes, smile = item.quotes, item.smile
        strike = np.linspace(quotes.strike[0], min(quotes.strike[-1], 45.0), 200)
        shown = quotes.strike <= 45.0
        bare = smile_from_vvix(smile.forward, smile.tau, vvix, discount=smile.discount)
        first = n == ""
        traces += [
            bars(quotes.strike[shown], 100 * quotes.bid[shown], 100 * quotes.ask[shown], n, first=first),
            curve_of(strike, 100 * smile.vol(strike)[0], n, "two lognormals, fitted", BLUE, first=first),
            curve_of(strike, 100 * bare.vol(strike)[0], n, "from VVIX alone", ORANGE, first=first, dash="dot"),
        ]
        titles.append(f"VIX {quotes.expiry}, {365 * smile.tau:.0f} d, future {smile.forward:.2f}")
    layout = panels(titles, "strike", "volatility, %", f"VIX options {VIX_DAY}, 15:45")
    save_picture(traces, layout, HERE / "images" / "vix_smiles.png", width=1200, height=800)


HEAD = """# Surfaces

`alvh.pricing.surface` fits an arbitrage-free volatility surface to a recorded chain; `alvh.pricing.vix_smile` does the
same for VIX options. This page is written by `docs/make_surfaces.py`.

```python
from alvh.pricing.surface import Sticky, fit

surface = fit([spx_chain, spxw_chain], rate_hint=0.053)     # FittedSurface, or NoSurface with its reason
surface.vol(k=-0.05, tau=30 / 365)                          # k = ln(K / F)
surface.price(strike, tau, is_put)                          # discounted, points
surface.greeks(strike, tau, is_put, sticky=Sticky.MONEYNESS)
surface.expiries[3].quality, surface.crossings, surface.refused, surface.findings
```

## How a surface is fitted

| step | what | where |
|---|---|---|
| quotes | parity gives forward and discount per expiry; out-of-the-money quotes with a bid, outward to the first two strikes in a row without; bid, mid and ask become volatilities | `expiry_quotes` |
| slice | raw SVI, least squares in volatility. A residual counts in units of half its bid-ask, joined with 0.1 vol points times one plus the squared standard deviations from the forward. Tukey's biweight takes out stale quotes | `slice_fit` |
| wings | slopes of total variance stay below Lee's 2 by the parametrisation | `slice_fit` |
| butterfly | Durrleman's g below 0.002 is penalised along the whole line until it is nowhere negative; what is left is taken out along the jump wings, towards the SSVI slice with the same money (Gatheral and Jacquier, section 5.1) | `raw_svi`, `jump_wings` |
| calendar | expiries that cross a neighbour are fitted again: under the next one where they have no quotes of their own, above the one before everywhere. What is left is reported with place and depth | `calendars` |
| surface | at an expiry the greatest of all slices so far, between expiries linear in total variance at equal log-moneyness, before the first proportional to time, after the last with the last forward variance | `between` |
| SSVI | power law, three numbers for all expiries inside the bounds that exclude arbitrage | `ssvi` |

The greatest of butterfly-free slices is butterfly-free (prices rise with variance, and the greatest of convex functions
is convex), so at every expiry the surface has neither butterflies nor calendars, by construction. Between expiries a
line in total variance keeps calendars out; butterflies are not excluded by a theorem, so the table gives the least g
half-way between expiries: it was negative on no recorded day.

**Sticky rules.** `STRIKE` keeps the volatility of a strike, `MONEYNESS` that of K / F, `LOCAL_VOL` moves a strike's
volatility by the slope of the smile the other way. Delta and gamma follow the rule, the other Greeks are at fixed
volatility.

**What is refused.** An expiry is left out, with one sentence, when it has settled, has no forward, fewer than eight
usable quotes or fewer than two on a side, or settles together with one that has more quotes. `NoSurface` says why a
whole chain has no surface. Crossed, absent and NaN quotes count as not quoted.
"""


def page(
    fitted: Sequence[FittedSurface], smiles: Sequence[FittedVixSmile], market: MarketSource, spent: Sequence[float]
) -> Iterator[str]:
    """Write the page."""
    yield HEAD
    yield "## How well it fits"
    yield ""
    yield (
        f"{len(fitted)} recorded sessions, {sum(len(one.expiries) for one in fitted):,} expiries, every quote counted, "
        "those the robust fit took for stale too:"
    )
    yield ""
    yield from by_tenor(fitted)
    yield ""
    yield (
        "Five numbers cannot follow SPX quotes from -20 to 4 standard deviations to the tick. The fit favours the region "
        "where condors are traded; far put wings are met within a few volatility points, and about half of all quotes "
        "have the surface between their bid and ask. Who needs a quote should look it up; the surface is for strikes and "
        "times between quotes, for Greeks with a moving smile, and for judging quotes."
    )
    yield ""
    yield "![Quotes and fit](images/surface_smiles.png)"
    yield ""
    yield "![The surface](images/surface_map.png)"
    yield ""
    yield "## Every recorded session"
    yield ""
    yield "Crossings are in vol points of the later expiry. `g` is Durrleman's function; negative would be a butterfly."
    yield ""
    yield from by_session(fitted)
    yield ""
    yield "## Speed"
    yield ""
    yield (
        f"A day of 13 000 to 20 500 quotes and 40 to 58 expiries, forwards and volatilities included, costs "
        f"{np.median(spent):.0f} ms at the median of {len(spent)} days and {max(spent):.0f} ms at most: one thread of a "
        "2-core EPYC (Zen 5), processor time, warm. `python benchmarks/bench_surface.py --store STORE` repeats it."
    )
    yield ""
    yield "## VIX options"
    yield ""
    yield (
        "Per expiry a mixture of two lognormals on the VX future that settles with it: positive and convex prices and "
        "parity on the future hold for any parameters. `fit_vix_smiles(chain)` fits them to a recorded chain, "
        "`smile_from_vvix(forward, tau, vvix)` scales one calm day's shape by VVIX where there is none. One VIX chain is "
        f"recorded, {VIX_DAY} at 15:45 (VVIX {level(market, 'VVIX', VIX_DAY):.2f} at the close), and the shape without a "
        "chain was fitted to that same day: the comparison describes, it does not validate."
    )
    yield ""
    yield from vix_rows(smiles, market)
    yield ""
    yield "![VIX smiles](images/vix_smiles.png)"


def main() -> None:
    """Write the page and its pictures."""
    store = Path(sys.argv[1])
    market = alvh.open_market(store)
    fitted = surfaces(store, market)
    smiles, _ = fit_vix_smiles(ChainStore.open(store).chain("VIX", VIX_DAY), rate_hint=market.view(VIX_DAY).rate(30.0))
    (HERE / "surfaces.md").write_text(
        "\n".join(page(fitted, smiles, market, milliseconds(store))) + "\n", encoding="utf-8"
    )
    shown = next(surface for surface in fitted if surface.session == SHOWN)
    smiles_picture(shown)
    map_picture(shown)
    vix_picture(smiles, level(market, "VVIX", VIX_DAY))


if __name__ == "__main__":
    main()
