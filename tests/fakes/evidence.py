"""One signal over a handful of made-up series, in one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from alvh.market.series import Series
from alvh.signals.column import SignalColumn
from alvh.signals.inputs import with_derived
from alvh.signals.registry import BY_ID
from fakes.market import daily, weekdays
from fakes.runs import policy

DAYS = weekdays(date(2010, 1, 4), 3200)


def snapshots(days: Sequence[date]) -> np.ndarray:
    """A quarter past nine in the evening, UTC: a quarter of an hour after `daily` series are known."""
    return np.array(days, "datetime64[D]").astype("datetime64[s]") + np.timedelta64(21 * 60 + 15, "m")


def series(name: str, values: Sequence[float] | np.ndarray, days: Sequence[date] = DAYS) -> Series:
    """A daily series known at nine in the evening, UTC, of its own day."""
    return daily(name, days[: len(values)], np.asarray(values, dtype=float).tolist())


def lookup(*known: Series) -> Callable[[str], Series | None]:
    return {item.name: item for item in known}.get


def parts(identifier: str, *known: Series, days: Sequence[date] | None = None, changes: Sequence[str] = ()):
    """Compute a signal on given series; its columns by the name of the part.

    Parameters
    ----------
    days : sequence of date, optional
        Sessions to be asked about; those of the longest series if left out.
    changes : sequence of str
        Policy changes such as ``signals.S-MACD.valid=3``.
    """
    if days is None:
        days = DAYS[: max((item.value.size for item in known), default=1)]
    kind = BY_ID[identifier]
    numbers = policy(*changes).parameters.signals.of(identifier)
    made = kind(numbers).compute(with_derived(lookup(*known)), snapshots(days))
    return {column.id.removeprefix(f"{identifier}."): column for column in made}


def why(column: SignalColumn, row: int = -1) -> str:
    """The reason for which a row is absent; empty where it is present."""
    return column.reasons[column.code[row]]


def walk(count: int, seed: int, step: float = 0.01, level: float = 100.0) -> np.ndarray:
    """A geometric random walk."""
    return level * np.exp(np.cumsum(step * np.random.default_rng(seed).standard_normal(count)))
