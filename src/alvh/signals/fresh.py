"""Alignment under the greatest age that the catalogue gives an input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.market.catalogue import entry
from alvh.market.series import Series
from alvh.signals.column import Alignment, Dated, Joined, SeriesLookup, join, places_of


def fresh(snapshots: D8, *series: Series) -> Alignment:
    """Align one series, or several on their common periods, under the strictest of their greatest ages."""
    limit = min(entry(item.name).max_age for item in series)
    return Alignment(series[0] if len(series) == 1 else join(*series), snapshots, max_age_days=limit)


def fresh_rows(snapshots: D8, joined: Joined, *series: Series) -> Alignment:
    """Align rows that were joined before, under the strictest greatest age of what they were joined from."""
    return Alignment(joined, snapshots, max_age_days=min(entry(item.name).max_age for item in series))


def needed_row(dated: Dated, snapshots: D8, rows: int) -> int:
    """Return the first row that snapshots need when each needs so many rows up to its last known one."""
    return max(int(np.searchsorted(dated.known_at, snapshots[0], side="right")) - rows, 0) if snapshots.size else 0


def first_prints(series: Series) -> Series:
    """Leave out revisions of earlier periods, so that a daily series is ascending in both of its clocks."""
    if series.period.size < 2 or (series.period[1:] > series.period[:-1]).all():
        return series
    highest = np.maximum.accumulate(series.period)
    return rows_of(series, np.append(True, series.period[1:] > highest[:-1]))


def rows_of(series: Series, keep: B1 | slice) -> Series:
    """Keep some of the rows of a series."""
    return replace(series, period=series.period[keep], known_at=series.known_at[keep], value=series.value[keep])


def daily(lookup: SeriesLookup, name: str) -> Series | None:
    """Look up a daily series by its first prints; None where the market has none."""
    series = lookup(name)
    return None if series is None else first_prints(series)


def needed(lookup: SeriesLookup, *names: str) -> tuple[Series, ...] | str:
    """Look up daily series, by their first prints; where one of them is missing, the sentence that says which."""
    found = [(name, daily(lookup, name)) for name in names]
    gone = [name for name, series in found if series is None]
    if gone:
        return f"the market has no series {' and no series '.join(gone)}"
    return tuple(series for _, series in found if series is not None)


def on_rows(period: D8, series: Series | None) -> F8:
    """Values of a series on given periods, NaN where it has none."""
    out = np.full(period.size, np.nan)
    if series is not None:
        place = places_of(series.period, period)
        out[place >= 0] = series.value[place[place >= 0]]
    return out
