"""Write docs/vix_method.md and its picture from an imported store: the VIX recomputed on every recorded SPX day.

python docs/make_vix_method.py STORE
"""

# ruff: noqa: E501 - rows of Markdown tables do not break
from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

import alvh
from alvh.adapters.chain_store import ChainStore
from alvh.market.quality import Defect
from alvh.market.sessions import NEW_YORK
from alvh.market.view import MarketSource
from alvh.pricing.vix_method import NoTerm
from alvh.pricing.vix_of_chains import VixReading, vix_of_chains

HERE = Path(__file__).parent
ROOTS = ("SPX", "SPXW")
LIMIT = 0.15
CLOSE_TO_CLOSE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One session with recorded SPX quotes.

    Attributes
    ----------
    clock : str
        Capture time as far as the files tell; empty where they do not.
    level, spx_close : float, points
        SPX printed with the quotes, and its close.
    vix : tuple of float
        Open, high, low, close of the day.
    answer : VixReading or NoTerm
    """

    session: date
    clock: str
    level: float
    spx_close: float
    vix: tuple[float, float, float, float]
    answer: VixReading | NoTerm

    @property
    def at_the_close(self) -> bool:
        """Whether the stricter rule applies: a known time, and the index within a point of its close."""
        return bool(self.clock) and abs(self.level - self.spx_close) <= CLOSE_TO_CLOSE

    @property
    def error(self) -> float:
        """Computed VIX less the close."""
        assert isinstance(self.answer, VixReading)
        return self.answer.value - self.vix[3]

    @property
    def passes(self) -> bool:
        """Within 0.15 of the close where captured at it; elsewhere inside the day's range, 0.15 either side."""
        assert isinstance(self.answer, VixReading)
        if self.at_the_close:
            return abs(self.error) <= LIMIT
        return self.vix[2] - LIMIT <= self.answer.value <= self.vix[1] + LIMIT


def recorded_days(store: Path) -> list[Day]:
    """Recompute the VIX on every session that has SPX or SPXW quotes."""
    chains, market = ChainStore.open(store), alvh.open_market(store)
    tables = {source for root in ROOTS for source in chains.sources(root) if source.startswith("spx_quotes_")}
    dated = {source.removeprefix("spx_quotes_")[:8] for source in tables}
    found = []
    for session in sorted({day for root in ROOTS for day in chains.sessions(root)}):
        given = [chains.chain(root, session) for root in ROOTS if session in chains.sessions(root)]
        clock = given[0].asof.astimezone(NEW_YORK).strftime("%H:%M") if given[0].timed else ""
        # The quote tables carry a clock; where it reads after the close, the store keeps the close as the instant.
        clock = clock or ("after the close" if f"{session:%Y%m%d}" in dated else "")
        rate = market.view(session).rate(30.0)
        found.append(
            Day(
                session=session,
                clock=clock,
                level=float(given[0].spot or np.nan),
                spx_close=on(market, "SPX", session),
                vix=tuple(on(market, name, session) for name in ("VIX.open", "VIX.high", "VIX.low", "VIX")),
                answer=vix_of_chains(given, rate=rate if rate is not None else 0.0),
            )
        )
    return found


def on(market: MarketSource, name: str, session: date) -> float:
    """Value of a series for one session; NaN where it has none."""
    series = market.series(name)
    if series is None:
        return float("nan")
    place = int(np.searchsorted(series.period, np.datetime64(session)))
    hit = place < series.period.size and series.period[place] == np.datetime64(session)
    return float(series.value[place]) if hit else float("nan")


def remark(day: Day) -> str:
    """Say why a computed VIX is not the close, where it is not."""
    assert isinstance(day.answer, VixReading)
    if abs(day.error) <= LIMIT:
        return ""
    away = day.level - day.spx_close
    if abs(away) > CLOSE_TO_CLOSE:
        return f"captured with SPX {away:+.1f} points from its close"
    return "no time in the file; SPX had the level of its close, the VIX not yet its own"


def table(days: list[Day]) -> Iterator[str]:
    """Lay out the days with a computed VIX."""
    yield (
        "| session | captured | SPX with the quotes | SPX close | terms | VIX computed | VIX open / high / low / close "
        "| computed − close | rule | verdict | remark |"
    )
    yield "|---" * 11 + "|"
    for day in days:
        answer = day.answer
        assert isinstance(answer, VixReading)
        near = f"{answer.near_root} {(answer.near_expiry - day.session).days} d"
        following = f"{answer.following_root} {(answer.following_expiry - day.session).days} d"
        prices = " / ".join(f"{value:.2f}" for value in day.vix)
        rule = "close ± 0.15" if day.at_the_close else "low–high ± 0.15"
        yield (
            f"| {day.session} | {day.clock or 'unknown'} | {day.level:.2f} | {day.spx_close:.2f} | {near}, {following} "
            f"| {answer.value:.2f} | {prices} | {round(day.error, 2) + 0.0:+.2f} | {rule} | {'pass' if day.passes else 'FAIL'} "
            f"| {remark(day)} |"
        )


def without(days: list[Day], refused: list[tuple[date, str]]) -> Iterator[str]:
    """List the days without a computed VIX, runs with one cause together."""
    yield "| sessions | days | why there is no VIX |"
    yield "|---|---|---|"
    runs: list[tuple[list[date], str]] = []
    for day in days:
        assert isinstance(day.answer, NoTerm)
        # The listed dates move with every session; the cause does not.
        cause = day.answer.reason.split("; listed are ")[0]
        if runs and runs[-1][1] == cause and (day.session - runs[-1][0][-1]).days < 30:
            runs[-1][0].append(day.session)
        else:
            runs.append(([day.session], cause))
    for sessions, cause in runs:
        yield f"| {sessions[0]} to {sessions[-1]} | {len(sessions)} | {cause}; the files follow a few contracts only |"
    for session, reason in refused:
        yield f"| {session} | 1 | {reason} |"


def refused_days(store: Path) -> list[tuple[date, str]]:
    """Days whose files hold no quotes."""
    found = ChainStore.open(store).findings()
    defects = (Defect.BLANKED, Defect.NOT_A_SESSION, Defect.STALE)
    named = [(item.session, item.detail) for item in found if item.subject == "SPX" and item.defect in defects]
    return [(session, detail) for session, detail in named if session is not None]


def picture(days: list[Day]) -> None:
    """Draw the computed VIX against the day's range and close."""
    # The test of the page reads this script without plotly or a browser.
    from chromium_picture import save_picture  # noqa: PLC0415

    x = [str(day.session) for day in days]
    low, high, close = (np.array([day.vix[place] for day in days]) for place in (2, 1, 3))
    computed = np.array([day.answer.value for day in days if isinstance(day.answer, VixReading)])
    exact = np.array([day.at_the_close for day in days])
    traces = [
        {
            "type": "bar", "x": x, "y": (high - low).tolist(), "base": low.tolist(), "width": 0.35,
            "marker": {"color": "#d5dbe3"}, "name": "low to high of the day",
        },
        {
            "type": "scatter", "mode": "markers", "x": x, "y": close.tolist(), "name": "close",
            "marker": {"symbol": "line-ew", "size": 11, "line": {"width": 2, "color": "#1b1f24"}},
        },
    ]  # fmt: skip
    for mask, name, color in (
        (exact, "computed, captured at the close", "#009e73"),
        (~exact, "computed, time of capture unknown or before the close", "#d55e00"),
    ):
        traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [x[i] for i in np.flatnonzero(mask)],
                "y": computed[mask].tolist(), "name": name, "marker": {"size": 7, "color": color},
            }
        )  # fmt: skip
    layout = {
        "title": {"text": f"VIX recomputed on {len(days)} recorded sessions"},
        "xaxis": {"type": "category", "tickangle": -90, "tickfont": {"size": 9}},
        "yaxis": {"title": {"text": "vol points"}, "range": [10, 31]},
        "legend": {"orientation": "h", "y": 1.06, "x": 0},
        "margin": {"l": 60, "r": 20, "t": 90, "b": 90},
    }
    save_picture(traces, layout, HERE / "images" / "vix_recomputed.png", width=1200, height=560)


TEXT = """# The VIX, recomputed

`alvh.pricing.vix_method` holds Cboe's calculation term by term; `alvh.pricing.vix_of_chains` picks the two expiries of
a recorded chain and applies it. This page is written by `docs/make_vix_method.py`.

## The method

| step | weekly form (since 2014-10-06) | monthly form (2003 to then) |
|---|---|---|
| terms | Friday expiries 24 to 30 and 31 to 37 days away: SPX on third Fridays, SPXW on the others | the two nearest SPX monthlies, the first at least 8 days away; the line extrapolates where both lie beyond 30 days |
| time | minutes to 9:30 (SPX) or 16:00 (SPXW) of the expiry day over 525 600 | minutes to 9:30 |
| forward | strike of the least difference of call and put mids, both bid; F = K* + exp(RT) (C − P) | same |
| strip | out-of-the-money quotes with a bid, outward from K0 to the first two zero bids in a row; at K0 the mean of both | same |
| variance | 2/T Σ ΔK/K² exp(RT) Q(K) − 1/T (F/K0 − 1)² | same |

R is the three-month bill known at the snapshot. Cboe interpolates a Treasury curve; a quarter of a point of R moves the
index by a thousandth of a point.

## Published examples

| example | published | computed |
|---|---|---|
| white paper of 2003 to 2014: 9 and 37 days, R 0.38 % | F 920.50005, 921.00039; σ² 0.4727672, 0.3668182; VIX 61.22 | F 920.50005, 921.00039; σ² 0.4727672, 0.3668182; VIX 61.2180 |
| white paper of 2014 to 2019: 35 924 and 46 394 minutes | F 1962.89996, 1962.40006; σ² 0.01846292, 0.01882101; VIX 13.69 | σ² 0.01846291, 0.01882101; VIX 13.68582 (the paper's eighth digit carries its rounded T) |
| methodology of 2022: 34 484 and 44 954 minutes | σ² 0.019233906, 0.019423884; VIX 13.93 (0.13927842) | σ² 0.019233906, 0.019423884; VIX 13.927842 |

Tests: `tests/unit/pricing/test_vix_method.py`, `test_vix_of_chains.py`.
"""


def page(days: list[Day], refused: list[tuple[date, str]]) -> Iterator[str]:
    """Write the page."""
    computed = [day for day in days if isinstance(day.answer, VixReading)]
    bare = [day for day in days if isinstance(day.answer, NoTerm)]
    strict = [day for day in computed if day.at_the_close]
    near = [day for day in computed if abs(day.level - day.spx_close) <= CLOSE_TO_CLOSE]
    yield TEXT
    yield "## Every recorded session"
    yield ""
    yield (
        "Rule: where the capture time is known and SPX then stood within a point of its close, the computed VIX must "
        "lie within 0.15 of the day's close; elsewhere inside the day's range, 0.15 either side. The quote tables of "
        "2022 and 2023 print a clock, mostly after the close, when they show the closing market; the files of 2011 and "
        "2019 carry only a date."
    )
    yield ""
    yield (
        f"**{sum(day.passes for day in computed)} of {len(computed)} pass.** {len(strict)} were captured at the close: "
        f"largest difference {max(abs(day.error) for day in strict):.2f}, median "
        f"{np.median([abs(day.error) for day in strict]):.3f}. Of all {len(near)} with SPX within a point of its close, "
        f"timed or not, {sum(abs(day.error) <= LIMIT for day in near)} lie within 0.15; the others are explained in the "
        f"table."
    )
    yield ""
    yield "![VIX recomputed](images/vix_recomputed.png)"
    yield ""
    yield from table(computed)
    yield ""
    yield "## Sessions without a computed VIX"
    yield ""
    yield from without(bare, refused)


def main() -> None:
    """Write the page and its picture."""
    store = Path(sys.argv[1])
    days = recorded_days(store)
    (HERE / "vix_method.md").write_text("\n".join(page(days, refused_days(store))) + "\n", encoding="utf-8")
    picture([day for day in days if isinstance(day.answer, VixReading)])


if __name__ == "__main__":
    main()
