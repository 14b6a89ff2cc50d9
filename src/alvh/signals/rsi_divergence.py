"""S-RSIDIV: divergence of relative strength between SPX and VIX."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from alvh.core.arrays import B1, D8, F8, I8
from alvh.core.threshold import Threshold, declare
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent, join
from alvh.signals.fresh import fresh_rows, needed, needed_row
from alvh.signals.oscillators import rsi
from alvh.signals.signal import Family, Signal, flag
from alvh.signals.swings import Margins, diverging_highs, recently
from alvh.signals.windows import trailing_std

_SPREAD = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class RsiDivergenceParameters:
    """S-RSIDIV."""

    period: Threshold[int] = declare(int, "sessions", "Wilder's period", low=2, high=100)
    arm: Threshold[int] = declare(
        int, "sessions", "neighbours on each side of a swing, and the wait until it is confirmed", low=1, high=30
    )
    nearest: Threshold[int] = declare(int, "sessions", "least distance between two swings", low=1, high=250)
    farthest: Threshold[int] = declare(int, "sessions", "greatest distance between two swings", low=2, high=500)
    price_margin: Threshold[float] = declare(
        float, "multiple of the mean absolute move over 14 sessions", "how much higher a higher high is", low=0, high=10
    )
    rsi_margin: Threshold[float] = declare(
        float, "multiple of the standard deviation over 63 sessions", "how much lower a lower RSI is", low=0, high=10
    )
    valid: Threshold[int] = declare(int, "sessions", "how long a divergence counts once confirmed", low=1, high=250)


class RsiDivergence(Signal[RsiDivergenceParameters]):
    """Find divergence between SPX and its RSI that VIX's RSI confirms.

    Bearish: of two swing highs of SPX in a row, `nearest` to `farthest` sessions apart, the second is higher, the RSI
    of SPX there is lower, and the lowest RSI of VIX around the second (`arm` sessions on each side) is above the lowest
    around the first. Bullish is the mirror image on swing lows: SPX lower, its RSI higher, the highest RSI of VIX
    lower. A swing is confirmed when `arm` later sessions have not exceeded it; the divergence is dated then, never at
    the swing, and counts for `valid` sessions. Higher and lower mean by more than the margins.
    """

    id = "S-RSIDIV"
    title = "RSI divergence between SPX and VIX"
    family = Family.BREADTH
    seeds = ("000", "002")
    inputs = ("SPX", "VIX")
    parts = (
        flag("bearish", "a bearish divergence was confirmed lately", vote=1),
        flag("bullish", "a bullish divergence was confirmed lately", vote=-1),
    )

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        found = needed(lookup, "SPX", "VIX")
        if isinstance(found, str):
            return all_absent(self.part_ids(), snapshots, found)
        spx, vix = found
        numbers = self.parameters
        joined = join(spx, vix)
        joined = joined.since(needed_row(joined, snapshots, self._rows()))
        price = joined.values[0]
        strength = _rsi_on(joined.period, spx.period, rsi(spx.value, numbers.period.value))
        fear = _rsi_on(joined.period, vix.period, rsi(vix.value, numbers.period.value))
        at = fresh_rows(snapshots, joined, spx, vix)
        young = f"fewer than {_SPREAD} RSIs of SPX and VIX were known"
        return (
            at.column("S-RSIDIV.bearish", self._flag(price, strength, fear), young=young),
            at.column("S-RSIDIV.bullish", self._flag(-price, -strength, -fear), young=young),
        )

    def _rows(self) -> int:
        """Rows that a flag depends on once the RSIs are known."""
        numbers = self.parameters
        return numbers.valid.value + 2 * numbers.arm.value + numbers.farthest.value + 2 * _SPREAD

    def _flag(self, price: F8, strength: F8, fear: F8) -> F8:
        numbers = self.parameters
        margins = Margins(
            arm=numbers.arm.value,
            nearest=numbers.nearest.value,
            farthest=numbers.farthest.value,
            price=numbers.price_margin.value,
            indicator=numbers.rsi_margin.value,
        )
        pairs = diverging_highs(price, strength, margins)
        low = _lowest_around(fear, margins.arm)
        rise = margins.indicator * trailing_std(fear, _SPREAD)
        agreed: B1 = low[pairs.second] > low[pairs.first] + rise[pairs.second]
        rows: I8 = pairs.confirmed[agreed]
        values = recently(rows, price.size, numbers.valid.value).astype(float)
        values[~np.isfinite(rise)] = np.nan
        return values


def _rsi_on(period: D8, own: D8, values: F8) -> F8:
    """Take an RSI from its own series' rows to the common ones."""
    picked: F8 = values[np.searchsorted(own, period)]
    return picked


def _lowest_around(values: F8, arm: int) -> F8:
    """Lowest value within `arm` rows on each side; NaN at the ends. Known `arm` rows later."""
    out = np.full(values.size, np.nan)
    width = 2 * arm + 1
    if values.size >= width:
        out[arm : values.size - arm] = sliding_window_view(values, width).min(axis=1)
    return out
