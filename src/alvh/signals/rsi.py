"""S-RSI: relative strength of SPX, of VIX and of the continuous first VX future."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.signals.column import SeriesLookup, SignalColumn, absent
from alvh.signals.fresh import daily, fresh
from alvh.signals.oscillators import rsi
from alvh.signals.signal import Family, Signal, level

_SERIES = {"spx": "SPX", "vix": "VIX", "vx": "VX1.CONTINUOUS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RsiParameters:
    """S-RSI."""

    period: Threshold[int] = declare(int, "sessions", "Wilder's period", low=2, high=100)


class Rsi(Signal[RsiParameters]):
    """Measure relative strength with Wilder's RSI over `period` sessions.

    The averages of gains and losses start as simple means of the first `period` changes and then move a `period`-th of
    the way to each new one, from the first close the market has. The VX series is the first monthly future,
    ratio-adjusted at a roll five sessions before its settlement, so a roll is no gain. 50 where a price has not moved.
    """

    id = "S-RSI"
    title = "Relative strength index"
    family = Family.VOLATILITY
    seeds = ("000", "001", "002", "003", "004")
    inputs = tuple(_SERIES.values())
    parts = (
        level("spx", "RSI points", "RSI of SPX", vote=1, family=Family.PRICE),
        level("vix", "RSI points", "RSI of VIX", vote=1),
        level("vx", "RSI points", "RSI of the continuous first VX future", vote=1),
    )

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        return tuple(self._part(part, name, lookup, snapshots) for part, name in _SERIES.items())

    def _part(self, part: str, name: str, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        identifier, period = self.part_id(part), self.parameters.period.value
        series = daily(lookup, name)
        if series is None:
            return absent(identifier, snapshots, f"the market has no series {name}")
        young = f"fewer than {period + 1} values of {name} were known"
        return fresh(snapshots, series).column(identifier, rsi(series.value, period), young=young)
