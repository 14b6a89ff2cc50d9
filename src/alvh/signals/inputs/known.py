"""What was known of one series at the instants of another: the joins every derived input is made of.

A derived value is known when the last of its inputs was. A value of another series is used only while it is younger
than the greatest age the catalogue gives it, so nothing is filled forward beyond it.
"""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import B1, D8, F8, I8, frozen
from alvh.market.catalogue import entry
from alvh.market.series import Series

__all__ = ["common", "known_before", "made"]


def known_before(series: Series, instants: D8, max_age: float | None = None) -> tuple[F8, B1]:
    """Look up the last value of a series known at each of many instants.

    Parameters
    ----------
    series : Series
    instants : (n,) datetime64[s] array, UTC
    max_age : float, calendar days, optional
        The catalogue's limit if left out.

    Returns
    -------
    value : (n,) array
        Zero where absent.
    present : (n,) array of bool
        Known by then, and no older than `max_age`.
    """
    if series.value.size == 0:
        return np.zeros(instants.size), np.zeros(instants.size, np.bool_)
    limit = entry(series.name).max_age if max_age is None else max_age
    place = np.searchsorted(series.known_at, instants, side="right") - 1
    row = np.maximum(place, 0)
    age = (instants - series.known_at[row]).astype("timedelta64[s]").astype(np.float64)
    present: B1 = (place >= 0) & (age <= 86400.0 * limit)
    return np.where(present, series.value[row], 0.0), present


def common(first: Series, second: Series) -> tuple[D8, D8, I8, I8]:
    """Match two series by period.

    Returns
    -------
    period, known_at : (n,) arrays
        Periods both have, and the later of their two instants.
    left, right : (n,) arrays
        Rows of `first` and of `second`.
    """
    period, left, right = np.intersect1d(first.period, second.period, return_indices=True)
    instants: D8 = np.maximum(first.known_at[left], second.known_at[right])
    return period, instants, left, right


def made(name: str, period: D8, instants: D8, value: F8, source: str) -> Series:
    """Make a derived series, ascending by known-at and then by period; values that are not finite have no row."""
    keep = np.isfinite(value)
    period, instants, value = period[keep], instants[keep], value[keep]
    order = np.lexsort((period, instants))
    columns = (period[order].astype("datetime64[D]"), instants[order].astype("datetime64[s]"), value[order])
    for column in columns:
        frozen(column)
    return Series(
        name=name, unit=entry(name).unit, period=columns[0], known_at=columns[1], value=columns[2], source=source
    )
