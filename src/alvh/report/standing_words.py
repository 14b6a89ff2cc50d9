"""The evidence of one day in words and cells; terminal and page say the same."""

from __future__ import annotations

from collections.abc import Sequence

from alvh.report.standing import Line, Standing
from alvh.report.wording import ABSENT, number, percent, signed
from alvh.signals.signal import Family, Kind

HEADER = ("signal", "value", "unit", "1 year", "5 years", "age", "vote")


_WHOLE = frozenset({"sessions", "calendar days", "issues", "points"})


def heading(now: Standing, family: Family) -> str:
    """Name a family with its stance."""
    stance = now.stances.get(family)
    if stance is None:
        return f"{family}: no stance" if family is not Family.CONTEXT else f"{family} (does not vote)"
    asks = "for protection" if stance > 0.0 else "for less protection" if stance < 0.0 else "neither way"
    return f"{family}: stance {signed(f'{stance:+.2f}')}, {asks}"


def cells(line: Line) -> tuple[str, ...]:
    """Write a line of the table; a percentile is a share of the sessions with a lower value."""
    return (
        line.id,
        value_text(line),
        line.unit,
        ABSENT if line.year is None else percent(line.year, 0),
        ABSENT if line.five_years is None else percent(line.five_years, 0),
        ABSENT if line.age is None else f"{line.age:.0f} d",
        "" if line.vote is None else signed(f"{line.vote:+.2f}"),
    )


def value_text(line: Line) -> str:
    """Write a value: yes or no for a flag, four digits that matter for a level."""
    if line.value is None:
        return ABSENT
    if line.kind is Kind.FLAG:
        return "yes" if line.value else "no"
    if line.unit in _WHOLE:
        return number(line.value, 0)
    size = abs(line.value)
    return number(line.value, 0 if size >= 1000.0 else 1 if size >= 100.0 else 2 if size >= 10.0 else 4)


def by_reason(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """Group lines by the reason why they are absent."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.reason, []).append(line)
    return found
