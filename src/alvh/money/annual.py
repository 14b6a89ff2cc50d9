"""Returns by year and by month, as people read them."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.money.curve import Curve
from alvh.money.periods import months, years


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """One calendar year.

    Attributes
    ----------
    value : float
        Return of the year, or of the part of it that the run covers.
    partial : bool
        The run begins after the first week of January or ends before the last week of December.
    months : tuple of 12 floats or None
        None where the run has no session in the month.
    """

    year: int
    value: float
    partial: bool
    months: tuple[float | None, ...]


def annual_returns(curve: Curve) -> tuple[YearRow, ...]:
    """Split a curve into years and months, ascending."""
    by_month = months(curve.dates)
    monthly: dict[tuple[int, int], float] = {}
    for end, value in zip(by_month.end, by_month.returns(curve), strict=True):
        day = end.item()
        monthly[day.year, day.month] = float(value)
    by_year = years(curve.dates)
    first, last = curve.day(0), curve.day(-1)
    rows: list[YearRow] = []
    for end, value in zip(by_year.end, by_year.returns(curve), strict=True):
        year = end.item().year
        late = year == first.year and (first.month, first.day) > (1, 7)
        early = year == last.year and (last.month, last.day) < (12, 24)
        rows.append(
            YearRow(
                year=year,
                value=float(value),
                partial=late or early,
                months=tuple(monthly.get((year, month)) for month in range(1, 13)),
            )
        )
    return tuple(rows)
