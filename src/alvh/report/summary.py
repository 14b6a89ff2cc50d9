"""The summary: every measure with definition and unit, by strategy, as plain values and as a short table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from alvh.engine.run import EQUITY_COLUMNS, Run
from alvh.money.annual import annual_returns
from alvh.money.condors import reasons_for_closing
from alvh.money.curve import Curve
from alvh.money.drawdown import drawdowns
from alvh.money.measure import Measure
from alvh.report.execution import fill_rows, repriced, reruns
from alvh.report.extras import Extras
from alvh.report.study import Study, study
from alvh.report.wording import ABSENT, of_measure

HEADLINE = (
    "total_return",
    "cagr",
    "volatility",
    "sharpe",
    "max_drawdown",
    "mar",
    "worst_day",
    "condor_trades",
    "win_rate",
    "return_on_margin",
    "hedge_cost",
)


def summarise(runs: Sequence[Run], extras: Extras | None = None) -> dict[str, Any]:
    """Return everything measured as plain values, ready for JSON."""
    return summary_of(study(runs, extras))


def headline(runs: Sequence[Run], extras: Extras | None = None) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the short table: header, and one row per measure with a column per strategy and reference."""
    return headline_of(study(runs, extras))


def headline_of(made: Study) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the short table of a study."""
    header = ("", *(run.strategy for run in made.runs), *(curve.name for curve in made.references))
    columns = [*made.quick, *made.reference_measures]
    rows = tuple(_row(name, columns) for name in HEADLINE)
    return header, tuple(row for row in rows if any(cell != ABSENT for cell in row[1:]))


def summary_of(made: Study) -> dict[str, Any]:
    """Return a study as plain values."""
    document = {
        "period": {
            "first": made.history.curve.day(0),
            "last": made.history.curve.day(-1),
            "sessions": made.history.dates.size,
        },
        "strategies": {
            run.strategy: _strategy(made, place, measures)
            for place, (run, measures) in enumerate(zip(made.runs, made.measures, strict=True))
        },
        "references": {
            curve.name: {"note": curve.note, "measures": _plain(measures), "annual_returns": _years(curve)}
            for curve, measures in zip(made.references, made.reference_measures, strict=True)
        },
        "execution": {
            "repriced": [asdict(row) for row in repriced(made)],
            "reruns": [asdict(row) for row in reruns(made)],
            "fills": [asdict(row) for row in fill_rows(made.history)],
        },
        "worst_weeks": [asdict(week) for week in made.weeks],
        "equity_columns": dict(EQUITY_COLUMNS),
        "notes": list(made.main.notes),
        "skipped": [{"session": when, "reason": why} for when, why in made.main.skipped],
    }
    plain: dict[str, Any] = msgspec.to_builtins(document)
    return plain


def _strategy(made: Study, place: int, measures: tuple[Measure, ...]) -> dict[str, Any]:
    history, run = made.histories[place], made.runs[place]
    return {
        "measures": _plain(measures),
        "annual_returns": _years(history.curve),
        "drawdowns": [asdict(fall) | {"days": fall.days} for fall in drawdowns(history.curve, 10)],
        "reasons_for_closing": {
            sleeve: [asdict(row) for row in reasons_for_closing(history.trades, sleeve)]
            for sleeve in ("condor", "hedge")
        },
        "invariants": [
            {"name": check.name, "holds": check.holds, "sentence": check.sentence, "worst": check.worst}
            for check in run.checks
        ],
    }


def _plain(measures: Sequence[Measure]) -> dict[str, Any]:
    return {
        measure.name: {
            key: value
            for key, value in asdict(measure).items()
            if key in ("label", "value", "unit", "definition") or (value and key != "name")
        }
        for measure in measures
    }


def _years(curve: Curve) -> list[dict[str, Any]]:
    if not curve.solvent:
        return []
    return [{"year": row.year, "return": row.value, "partial": row.partial} for row in annual_returns(curve)]


def _row(name: str, columns: Sequence[tuple[Measure, ...]]) -> tuple[str, ...]:
    cells = [next((item for item in measures if item.name == name), None) for measures in columns]
    label = next(item.label for item in cells if item is not None)
    return (label, *(ABSENT if item is None else of_measure(item) for item in cells))
