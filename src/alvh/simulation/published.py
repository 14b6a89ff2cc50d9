"""Stamp simulated values as their publishers would: unit and moment of release from the catalogue."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from alvh.core.arrays import D8, F8, frozen
from alvh.market.catalogue import entry
from alvh.market.release import known_at
from alvh.market.series import Series

__all__ = ["SOURCE", "published", "vintaged"]

SOURCE = "simulated"


def published(name: str, period: D8, value: NDArray[np.floating[Any]], released: D8 | None = None) -> Series:
    """Return a series released by the catalogue's rule.

    Parameters
    ----------
    name : str
        Canonical name.
    period : (n,) datetime64 array
        Days, or month or quarter starts, ascending.
    value : (n,) array
    released : (n,) datetime64[s] array, UTC, optional
        Instants that replace the rule.
    """
    days = period.astype("datetime64[D]")
    instants = known_at(entry(name).release, days) if released is None else released
    order = np.argsort(instants, kind="stable")
    return _series(name, days[order], instants[order].astype("datetime64[s]"), np.asarray(value, np.float64)[order])


def vintaged(name: str, period: D8, released: D8, value: F8) -> Series:
    """Return a series with several values per period, ordered by release and then by period."""
    order = np.lexsort((period.astype("datetime64[D]"), released))
    return _series(name, period.astype("datetime64[D]")[order], released[order], value[order])


def _series(name: str, period: D8, instants: D8, value: F8) -> Series:
    for column in (period, instants, value):
        frozen(column)
    return Series(name=name, unit=entry(name).unit, period=period, known_at=instants, value=value, source=SOURCE)
