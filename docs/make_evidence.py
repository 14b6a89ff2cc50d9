"""Write docs/evidence.md from an imported store: what the method did on real history.

python docs/make_evidence.py STORE > docs/evidence.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

import alvh
from alvh.engine.run import Run
from alvh.ledger.events import Closed, Opened, Settled

EVENTS = (
    ("2008, Lehman to the low", date(2008, 9, 12), date(2008, 11, 20)),
    ("August 2011", date(2011, 7, 22), date(2011, 8, 8)),
    ("August 2015", date(2015, 8, 17), date(2015, 8, 25)),
    ("February 2018", date(2018, 1, 26), date(2018, 2, 8)),
    ("Q4 2018", date(2018, 10, 3), date(2018, 12, 24)),
    ("February-March 2020", date(2020, 2, 19), date(2020, 3, 23)),
    ("2022", date(2022, 1, 3), date(2022, 10, 12)),
    ("August 2024", date(2024, 7, 31), date(2024, 8, 5)),
    ("April 2025", date(2025, 4, 2), date(2025, 4, 8)),
)


def table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Lay rows out as a Markdown table."""
    yield "| " + " | ".join(header) + " |"
    yield "|---" * len(header) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def percent(value: float) -> str:
    """Write a fraction as a signed percentage."""
    return f"{100 * value:+.1f} %"


def change(run: Run, first: date, last: date, column: str = "equity") -> float:
    """Change of a column between two closes."""
    inside = run.equity.filter(pl.col("session").is_between(first, last))[column]
    return float(inside[-1]) / float(inside[0]) - 1.0


def hedge_result(run: Run, first: date, last: date) -> float:
    """Hedge sleeve P&L between two closes over equity at the first."""
    flows = 0.0
    for event in run.events:
        if first < event.session <= last:
            if isinstance(event, Opened | Closed) and event.sleeve == "hedge":
                flows += float(event.cash - event.fees)
            elif isinstance(event, Settled) and event.sleeve == "hedge":
                flows += float(event.cash)
    inside = run.equity.filter(pl.col("session").is_between(first, last))
    marks = float(inside["hedge_mark"][-1]) - float(inside["hedge_mark"][0])
    return (flows + marks) / float(inside["equity"][0])


def long_history(store: Path) -> Iterator[str]:
    """Twenty years, hedged and unhedged."""
    done = alvh.backtest(
        alvh.open_market(store, start=date(2006, 1, 1), end=date(2025, 12, 31), chains="modelled"), sensitivity=True
    )
    hedged, bare = done.run, done.rivals[0]
    yield "## 2006-2025, hedged and unhedged, option quotes modelled"
    yield ""
    header, rows = done.headline
    yield from table(tuple(header), [tuple(row) for row in rows])
    yield ""
    checks = [check for run in done.runs for check in run.checks]
    yield f"{sum(check.holds for check in checks)} of {len(checks)} invariants hold. Starting equity 1,000,000 USD."
    yield ""
    yield "Equity from the first to the last close of each window; the last column is the hedge sleeve alone:"
    yield ""
    lines = [
        (
            name,
            f"{first} to {last}",
            percent(change(hedged, first, last)),
            percent(change(bare, first, last)),
            percent(change(hedged, first, last, "spot")),
            percent(hedge_result(hedged, first, last)),
        )
        for name, first, last in EVENTS
    ]
    yield from table(("window", "closes", "alvh", "unhedged", "SPX", "hedge sleeve, of equity"), lines)
    yield ""
    fees = {run.strategy: sum(float(e.fees) for e in run.events if isinstance(e, Opened | Closed)) for run in done.runs}
    slip = {
        run.strategy: sum(
            (e.mid - float(e.price)) * 100 * e.quantity for e in run.events if isinstance(e, Opened | Closed)
        )
        for run in done.runs
    }
    yield "What it cost, and how much of the result is the fill model:"
    yield ""
    lines = [
        ("fees, hedged / unhedged", f"{fees['alvh']:,.0f} / {fees['unhedged']:,.0f} USD"),
        ("distance to mid, hedged / unhedged", f"{slip['alvh']:,.0f} / {slip['unhedged']:,.0f} USD"),
    ]
    lines += [
        (f"final equity filled at {label}", f"{run.equity['equity'][-1]:,.0f} USD") for label, run in done.other_fills
    ]
    lines.append(("final equity as run", f"{hedged.equity['equity'][-1]:,.0f} USD"))
    yield from table(("what", "figure"), lines)
    yield ""
    yield "Notes the run prints with it:"
    yield ""
    for note in hedged.notes:
        yield f"- {note}"
    yield ""


def recorded_months(store: Path) -> Iterator[str]:
    """Run the months with recorded quotes, and the same days modelled."""
    yield "## Recorded quotes, and the same days modelled"
    yield ""
    first, last = date(2019, 4, 25), date(2019, 6, 28)
    made = {
        kind: alvh.backtest(alvh.open_market(store, start=first, end=last, chains=kind), start=first, end=last)
        for kind in ("recorded", "modelled")
    }
    yield f"{first} to {last}. Sessions without quotes in the recorded run:"
    yield ""
    for day, why in made["recorded"].run.skipped:
        yield f"- {day}: {why}"
    yield ""
    lines = []
    for kind, done in made.items():
        for run in done.runs:
            opened = [e for e in run.events if isinstance(e, Opened) and e.sleeve == "condor"]
            credit = sum(float(e.price) * e.quantity for e in opened) / max(sum(e.quantity for e in opened), 1)
            lines.append(
                (
                    kind,
                    run.strategy,
                    str(len(run.equity)),
                    str(len(opened)),
                    f"{credit:.2f}",
                    percent(run.equity["equity"][-1] / 1_000_000 - 1),
                    f"{sum(check.holds for check in run.checks)} of {len(run.checks)}",
                )
            )
    header = ("chains", "strategy", "sessions", "condors sold", "mean credit, points", "result", "invariants")
    yield from table(header, lines)
    yield ""
    january = alvh.backtest(
        alvh.open_market(store, start=date(2018, 1, 2), end=date(2018, 1, 31), chains="recorded"),
        policy=alvh.load_policy(changes=["condor.C-SHAPE.dte_min=20", "condor.C-MANAGE.time_exit=0"]),
        start=date(2018, 1, 2),
        end=date(2018, 1, 31),
    )
    yield "January 2018, SPXW of one expiry (31 January), `dte_min = 20` and the time exit off:"
    yield ""
    lines = [
        (
            run.strategy,
            str(len(run.equity)),
            str(sum(isinstance(e, Opened) and e.sleeve == "condor" for e in run.events)),
            percent(run.equity["equity"][-1] / 1_000_000 - 1),
            f"{sum(check.holds for check in run.checks)} of {len(run.checks)}",
        )
        for run in january.runs
    ]
    yield from table(("strategy", "sessions", "condors sold", "result", "invariants"), lines)
    yield ""


def main() -> None:
    """Write the page to standard output."""
    store = Path(sys.argv[1])
    lines = [
        "# What the method did",
        "",
        "Written by `python docs/make_evidence.py STORE` from imported history, which the project does not ship.",
        "In it are the condor's first rules, the ladder of layers, the tree for tested condors and the votes.",
        "Not in yet: C-WINGS to C-STYLE, L-HORIZON, L-VEGA, L-SHIFT, L-THETA, L-CARRY, L-BETA, L-ENGINE and L-PARITY.",
        "",
        *long_history(store),
        *recorded_months(store),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
