"""S-MACD: moving-average convergence-divergence of SPX and of VIX, with crossovers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent
from alvh.signals.fresh import daily, fresh, needed_row, rows_of
from alvh.signals.oscillators import crossed_above, crossed_below, macd
from alvh.signals.signal import Family, Part, Signal, flag, level
from alvh.signals.swings import recently

_SERIES = {"spx": "SPX", "vix": "VIX"}
_WARM_UP = 3
"""Slow spans after which the seed no longer counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MacdParameters:
    """S-MACD."""

    fast: Threshold[int] = declare(int, "sessions", "span of the fast mean", low=2, high=100)
    slow: Threshold[int] = declare(int, "sessions", "span of the slow mean", low=3, high=250)
    smooth: Threshold[int] = declare(int, "sessions", "span of the signal line", low=2, high=100)
    valid: Threshold[int] = declare(
        int, "sessions", "how long a crossover counts, its own day included", low=1, high=63
    )


def _parts(prefix: str, name: str, unit: str, family: Family, vote: int) -> tuple[Part, ...]:
    return (
        level(f"{prefix}", unit, f"MACD line of {name}", family=family),
        level(f"{prefix}_signal", unit, f"signal line of {name}'s MACD", family=family),
        level(f"{prefix}_histogram", unit, f"MACD line minus signal line of {name}", vote=vote, family=family),
        flag(f"{prefix}_above", f"MACD of {name} is above its signal line", family=family),
        flag(f"{prefix}_crossed_up", f"MACD of {name} crossed above its signal line", family=family),
        flag(f"{prefix}_crossed_down", f"MACD of {name} crossed below its signal line", family=family),
    )


class MacdSignal(Signal[MacdParameters]):
    """Follow trend with MACD: the exponential mean over `fast` sessions minus that over `slow`.

    The signal line is the exponential mean of that difference over `smooth`. Means start at the first close the market
    has and the parts are absent for the first three slow spans, until the seed no longer counts. A crossover is dated
    on the session on which the line is on the other side of its signal line for the first time, and counts for `valid`
    sessions.
    """

    id = "S-MACD"
    title = "Moving-average convergence-divergence"
    family = Family.VOLATILITY
    seeds = ("000", "001", "002", "003", "004")
    inputs = tuple(_SERIES.values())
    parts = (
        *_parts("spx", "SPX", "index points", Family.PRICE, -1),
        *_parts("vix", "VIX", "vol points", Family.VOLATILITY, 1),
    )

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        return tuple(column for prefix, name in _SERIES.items() for column in self._of(prefix, name, lookup, snapshots))

    def _of(self, prefix: str, name: str, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        numbers = self.parameters
        own = tuple(identifier for identifier in self.part_ids() if identifier.startswith(f"{self.id}.{prefix}"))
        series = daily(lookup, name)
        if series is None:
            return all_absent(own, snapshots, f"the market has no series {name}")
        made = macd(series.value, numbers.fast.value, numbers.slow.value, numbers.smooth.value)
        # The recursion needs every close, what is made of it only the rows that are asked about.
        start = needed_row(series, snapshots, numbers.valid.value + 2)
        line, signal = made.line[start:], made.signal[start:]
        columns: tuple[F8, ...] = (
            line,
            signal,
            line - signal,
            (line > signal).astype(float),
            self._counting(crossed_above(line, signal)),
            self._counting(crossed_below(line, signal)),
        )
        warm = _WARM_UP * numbers.slow.value
        young = f"fewer than {warm + 1} values of {name} were known"
        at = fresh(snapshots, rows_of(series, slice(start, None)))
        for values in columns:
            values[: max(warm - start, 0)] = np.nan
        return tuple(
            at.column(identifier, values, young=young) for identifier, values in zip(own, columns, strict=True)
        )

    def _counting(self, crossed: B1) -> F8:
        return recently(np.flatnonzero(crossed), crossed.size, self.parameters.valid.value).astype(float)
