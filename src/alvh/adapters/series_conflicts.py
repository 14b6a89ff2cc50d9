"""Where two sources of one series disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from alvh.core.arrays import D8
from alvh.market.quality import Defect, Finding
from alvh.market.series import Series

_ABSOLUTE, _RELATIVE = 0.0051, 1e-5
"""Half a hundredth, the rounding of a published index, or a part in a hundred thousand of a large number."""


def conflicts(pairs: Iterable[tuple[str, Sequence[Series]]]) -> tuple[Finding, ...]:
    """Compare the preferred source of each series with its other sources.

    Parameters
    ----------
    pairs : iterable of (subject, series)
        The same series from several sources, preferred first; pairs with one subject share one finding per source.
    """
    counts: dict[tuple[str, str, str], list[tuple[int, float, date, float, float]]] = {}
    for subject, versions in pairs:
        for other in versions[1:]:
            seen = _differences(versions[0], other)
            if seen is not None:
                counts.setdefault((subject, versions[0].source, other.source), []).append(seen)
    return tuple(_finding(key, seen) for key, seen in counts.items())


def _differences(first: Series, second: Series) -> tuple[int, float, date, float, float] | None:
    """Return how many common periods differ, and the worst of them; None where none does."""
    periods: D8
    periods, left, right = np.intersect1d(first.period, second.period, return_indices=True)
    one, two = first.value[left], second.value[right]
    gap = np.abs(one - two)
    differs = gap > np.maximum(_ABSOLUTE, _RELATIVE * np.abs(one))
    if not differs.any():
        return None
    worst = int(np.argmax(np.where(differs, gap, 0.0)))
    day: date = periods[worst].astype(date)
    return int(differs.sum()), float(gap[worst]), day, float(one[worst]), float(two[worst])


def _finding(key: tuple[str, str, str], seen: list[tuple[int, float, date, float, float]]) -> Finding:
    subject, preferred, other = key
    count = sum(item[0] for item in seen)
    _, _, day, one, two = max(seen, key=lambda item: item[1])
    detail = f"{preferred} and {other} differ; most on {day}: {one:g} against {two:g}. The first is used"
    return Finding(subject=subject, defect=Defect.CONFLICT, session=None, count=count, detail=detail)
