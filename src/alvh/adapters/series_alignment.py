"""A series as many decisions see it: the last value known at each instant, and how old it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.adapters.series_making import frequency_of
from alvh.core.arrays import D8, F8
from alvh.market.catalogue import entry
from alvh.market.series import Series

_SECONDS_PER_DAY = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """Values known at n instants.

    Attributes
    ----------
    value : (n,) array
        NaN where nothing was known yet or the last value is stale; for columns of signals only.
    age : (n,) array, calendar days
        Since the value became known; NaN where nothing was known yet.
    """

    value: F8
    age: F8


def align(series: Series, instants: D8, max_age: float | None = None) -> Aligned:
    """Look up the last value known at each of many instants.

    Parameters
    ----------
    series : Series
    instants : (n,) datetime64[s] array, UTC
        Moments of decisions, in any order.
    max_age : float, optional
        Calendar days after which a value is stale; the catalogue's limit if left out.
    """
    limit = entry(series.name, frequency_of(np.unique(series.period))).max_age if max_age is None else max_age
    place = np.searchsorted(series.known_at, instants, side="right") - 1
    held = np.maximum(place, 0)
    age = (instants - series.known_at[held]).astype("timedelta64[s]").astype(np.float64) / _SECONDS_PER_DAY
    fresh = (place >= 0) & (age <= limit)
    return Aligned(
        value=np.where(fresh, series.value[held], np.nan),
        age=np.where(place >= 0, age, np.nan),
    )
