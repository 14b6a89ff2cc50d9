"""Tables of the page as rows of words: what the template prints, and nothing it has to think about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alvh.money.annual import YearRow, annual_returns
from alvh.money.condors import ReasonRow, reasons_for_closing
from alvh.money.definitions import DEFINITIONS
from alvh.money.drawdown import Drawdown, drawdowns
from alvh.money.measure import Measure
from alvh.report.study import Study
from alvh.report.wording import ABSENT, MONTHS, interval_of, number, of_measure, percent

LOSS, GAIN = (213, 94, 0), (0, 114, 178)
_LEAST_FALL = 0.0005
"""A fall that rounds to nothing is not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: what it shows, what hovering adds, and how it is coloured."""

    text: str
    hint: str = ""
    small: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure across strategies and references."""

    label: str
    unit: str
    definition: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureGroup:
    """Measures that stand together."""

    title: str
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """One year of the monthly table."""

    year: int
    months: tuple[Cell, ...]
    total: Cell
    beside: tuple[str, ...]


def measure_groups(made: Study) -> tuple[MeasureGroup, ...]:
    """Return every measure, grouped as the definitions are; a row that is absent everywhere says why in its cells."""
    columns = [*made.measures, *made.reference_measures]
    titles = dict.fromkeys(about.group for about in DEFINITIONS.values())
    return tuple(
        MeasureGroup(
            title=title,
            rows=tuple(_measure_row(name, columns) for name, about in DEFINITIONS.items() if about.group == title),
        )
        for title in titles
    )


def cards(made: Study) -> tuple[tuple[Measure, str], ...]:
    """Return the figures that stand at the top, with what stands beside them in small print."""
    twin = made.histories.index(made.twin) if made.twin is not None else None
    names = ("total_return", "cagr", "max_drawdown", "sharpe", "win_rate", "hedge_cost")
    return tuple((made.measure(name), _beside(made, name, twin)) for name in names)


def asides(made: Study) -> tuple[tuple[str, str], ...]:
    """Say of the main run's measures why they are absent and what to hold against them."""
    return tuple((item.label, item.reason or item.caution) for item in made.measures[0] if item.reason or item.caution)


def month_rows(made: Study) -> tuple[MonthRow, ...]:
    """Return the main run's months, coloured by size, with the other curves' years beside them."""
    if not made.history.curve.solvent:
        return ()
    rows = annual_returns(made.history.curve)
    sizes = sorted(abs(value) for row in rows for value in row.months if value is not None)
    # The darkest colour stands for the 95th percentile, so that one crash does not bleach every other month.
    full = sizes[int(0.95 * (len(sizes) - 1))] if sizes else 1.0
    others = [history.curve for history in made.histories[1:]] + list(made.references)
    beside = [annual_returns(curve) if curve.solvent else () for curve in others]
    return tuple(
        MonthRow(
            year=row.year,
            months=tuple(_month(value, full) for value in row.months),
            total=Cell(text=_short(row.value), hint="part of the year" if row.partial else "", small="*" * row.partial),
            beside=tuple(_year_of(rows_of, row.year) for rows_of in beside),
        )
        for row in rows
    )


def month_header(made: Study) -> tuple[str, ...]:
    """Return the header of the monthly table."""
    others = [run.strategy for run in made.runs[1:]] + [curve.name for curve in made.references]
    return ("", *MONTHS, made.main.strategy, *others)


def closing_reasons(made: Study, sleeve: str) -> tuple[ReasonRow, ...]:
    """Return why trades of a sleeve ended."""
    return reasons_for_closing(made.history.trades, sleeve)


def worst_drawdowns(made: Study) -> tuple[tuple[Drawdown, str], ...]:
    """Return the deepest falls that show in a rounded number, each with what the index did from peak to trough."""
    history = made.history
    rows = {day: place for place, day in enumerate(history.dates.tolist())}
    return tuple(
        (fall, percent(float(history.spot[rows[fall.trough]] / history.spot[rows[fall.peak]] - 1.0)))
        for fall in drawdowns(history.curve, 8)
        if fall.depth <= -_LEAST_FALL
    )


def _measure_row(name: str, columns: Sequence[tuple[Measure, ...]]) -> MeasureRow:
    about = DEFINITIONS[name]
    found = (next((item for item in measures if item.name == name), None) for measures in columns)
    return MeasureRow(
        label=about.label, unit=about.unit, definition=about.text, cells=tuple(_measure_cell(item) for item in found)
    )


def _measure_cell(measure: Measure | None) -> Cell:
    if measure is None:
        return Cell(text="")
    if measure.value is None:
        return Cell(text=ABSENT, hint=measure.reason)
    dates = " to ".join(str(day) for day in measure.dates)
    hint = "; ".join(part for part in (dates, measure.caution) if part)
    return Cell(text=of_measure(measure), hint=hint, small=_small(measure))


def _small(measure: Measure) -> str:
    # The index on itself has an interval without width, which says nothing.
    exact = measure.interval is not None and measure.interval[1] - measure.interval[0] < 1e-9
    return ("" if exact else interval_of(measure)) + ("!" if measure.caution else "")


def _beside(made: Study, name: str, twin: int | None) -> str:
    measure = made.measure(name)
    if measure.value is None:
        return measure.reason
    parts = [measure.caution] if measure.caution else []
    if twin is not None and made.measure(name, twin).value is not None:
        parts.append(f"unhedged {of_measure(made.measure(name, twin))}")
    index = next((item for item in made.reference_measures[0] if item.name == name), None)
    if index is not None:
        parts.append(f"SPX {of_measure(index)}")
    if name == "hedge_cost":
        parts.append("of equity a year")
    return " · ".join(parts)


def _month(value: float | None, full: float) -> Cell:
    if value is None:
        return Cell(text="")
    red, green, blue = GAIN if value > 0 else LOSS
    strength = min(abs(value) / full, 1.0) * 0.5 if full > 0 else 0.0
    return Cell(text=_short(value), style=f"background:rgba({red},{green},{blue},{strength:.2f})")


def _short(value: float) -> str:
    return number(100.0 * value, 1)


def _year_of(rows: Sequence[YearRow], year: int) -> str:
    return next((_short(row.value) for row in rows if row.year == year), "")
