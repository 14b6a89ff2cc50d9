"""Lookups that end at an instant, or that lie about everything after it.

A causal computation gives, up to the instant, exactly what it gives on the whole history: on `truncated` because the
later rows are not there yet, on `planted` because they are wrong and must not be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from alvh.market.series import Series

Lookup = Callable[[str], Series | None]

STRUCTURAL = (".expiry", ".RELEASE")
"""Series whose values are days; a wrong one is another day of the same contract or release."""


def rows(series: Series, keep: np.ndarray) -> Series:
    return replace(series, period=series.period[keep], known_at=series.known_at[keep], value=series.value[keep])


def truncated_series(series: Series, instant: np.datetime64) -> Series:
    """Keep what was known at an instant; the series is still there, if only with no rows."""
    return rows(series, series.known_at <= instant)


def planted_series(series: Series, instant: np.datetime64, seed: int = 1) -> Series:
    """Keep what was known at an instant, replace every later value by a wrong one.

    Wrong values are positive multiples between a tenth and ten, so that series of prices stay prices.
    """
    later = series.known_at > instant
    if series.name.endswith(STRUCTURAL):
        return series
    random = np.random.default_rng([seed, len(series.name), series.value.size])
    value = np.where(later, series.value * np.exp(random.uniform(-2.3, 2.3, series.value.size)), series.value)
    return replace(series, value=value)


def revised_series(series: Series, instant: np.datetime64) -> Series:
    """Add, an hour after an instant, wrong new values for the last twenty periods known at it."""
    known = np.flatnonzero(series.known_at <= instant)[-20:]
    if not known.size or series.name.startswith("VX.CURVE"):
        return series
    stamps = np.full(known.size, instant + np.timedelta64(1, "h"))
    columns = (
        np.concatenate([series.period, series.period[known]]),
        np.concatenate([series.known_at, stamps]),
        np.concatenate([series.value, 3.0 * series.value[known] + 1.0]),
    )
    order = np.lexsort((columns[0], columns[1]))
    return replace(series, period=columns[0][order], known_at=columns[1][order], value=columns[2][order])


def changed(lookup: Lookup, change: Callable[[Series], Series]) -> Lookup:
    """Apply a change to every series a lookup gives."""

    def find(name: str) -> Series | None:
        series = lookup(name)
        return None if series is None else change(series)

    return find


def truncated(lookup: Lookup, instant: np.datetime64) -> Lookup:
    return changed(lookup, lambda series: truncated_series(series, instant))


def planted(lookup: Lookup, instant: np.datetime64, seed: int = 1) -> Lookup:
    return changed(lookup, lambda series: planted_series(series, instant, seed))


def lies(lookup: Lookup, instant: np.datetime64) -> Iterable[tuple[str, Lookup]]:
    """Give every kind of lie about the time after an instant, by name: the histories a causal result must agree on."""
    yield "truncated", truncated(lookup, instant)
    yield "planted", planted(lookup, instant)
    yield "planted otherwise", planted(lookup, instant, seed=2)
    yield "revised", changed(lookup, lambda series: revised_series(series, instant))
