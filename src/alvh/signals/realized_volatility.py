"""S-RV: realised volatility of SPX, its jumps, and what VIX charges above it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.series import Series
from alvh.signals.column import SeriesLookup, SignalColumn, absent, all_absent, join
from alvh.signals.fresh import daily, fresh, fresh_rows, on_rows
from alvh.signals.realized import close_to_close, jump_share, log_returns, yang_zhang
from alvh.signals.signal import Family, Signal, level

_PRICES = ("SPX.open", "SPX.high", "SPX.low")


@dataclass(frozen=True, slots=True, kw_only=True)
class RealizedParameters:
    """S-RV."""

    short: Threshold[int] = declare(int, "sessions", "short window of close-to-close volatility", low=2, high=63)
    long: Threshold[int] = declare(int, "sessions", "long window of close-to-close volatility", low=5, high=252)
    yang_zhang: Threshold[int] = declare(int, "sessions", "window of Yang-Zhang volatility", low=5, high=252)
    jumps: Threshold[int] = declare(int, "sessions", "window of the jump share", low=5, high=252)


class RealizedVolatility(Signal[RealizedParameters]):
    """Measure what SPX did, against what VIX expected.

    Close-to-close volatility is the root of the mean squared log return over `short` (5) and `long` (20) sessions, the
    mean taken as zero, annualised by 252, in vol points; `ratio` is short over long. Yang-Zhang volatility uses open,
    high and low too, over `yang_zhang` sessions, and is absent where the market has closes only. The jump share is the
    part of realised variance over `jumps` sessions that bipower variation does not explain. The variance risk premium
    is (VIX / 100) squared less the long close-to-close variance, both a year, in variance; `premium` is VIX less the
    long volatility in vol points, for reading.

    Before about 2008 the published open of SPX often repeats the close of the day before; Yang-Zhang then sees no
    overnight move on those days and all of it during the day.
    """

    id = "S-RV"
    title = "Realised volatility"
    family = Family.VOLATILITY
    seeds = ("004",)
    inputs = ("SPX", *_PRICES, "VIX")
    parts = (
        level("short", "vol points", "close-to-close volatility over the short window"),
        level("long", "vol points", "close-to-close volatility over the long window"),
        level("ratio", "ratio", "short over long volatility", vote=1),
        level("yang_zhang", "vol points", "Yang-Zhang volatility"),
        level("jump_share", "fraction", "part of realised variance that came in jumps"),
        level("vrp", "variance a year", "VIX squared less realised variance", vote=-1),
        level("premium", "vol points", "VIX less long realised volatility"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        numbers = self.parameters
        return 1 + max(numbers.short.value, numbers.long.value, numbers.yang_zhang.value, numbers.jumps.value)

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        spx = daily(lookup, "SPX")
        if spx is None:
            return all_absent(self.part_ids(), snapshots, "the market has no series SPX")
        numbers = self.parameters
        returns = log_returns(spx.value)
        short = close_to_close(returns, numbers.short.value)
        long = close_to_close(returns, numbers.long.value)
        ratio = np.where(long > 0.0, short / np.where(long > 0.0, long, 1.0), np.nan)
        at = fresh(snapshots, spx)

        def part(name: str, values: F8, window: int) -> SignalColumn:
            young = f"fewer than {window + 1} closes of SPX were known"
            return at.column(self.part_id(name), values, young=young)

        return (
            part("short", 100.0 * short, numbers.short.value),
            part("long", 100.0 * long, numbers.long.value),
            part("ratio", ratio, numbers.long.value),
            self._yang_zhang(spx, lookup, snapshots),
            part("jump_share", jump_share(returns, numbers.jumps.value), numbers.jumps.value),
            *self._premium(spx, long, lookup, snapshots),
        )

    def _yang_zhang(self, spx: Series, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        identifier, window = self.part_id("yang_zhang"), self.parameters.yang_zhang.value
        prices = [daily(lookup, name) for name in _PRICES]
        if any(series is None for series in prices):
            return absent(identifier, snapshots, "the market has no open, high and low of SPX, only closes")
        open_, high, low = (on_rows(spx.period, series) for series in prices)
        values = 100.0 * yang_zhang(open_, high, low, spx.value, window)
        young = f"not each of the last {window} sessions has an open, high and low of SPX"
        return fresh(snapshots, spx).column(identifier, values, young=young)

    def _premium(self, spx: Series, long: F8, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        identifiers = (self.part_id("vrp"), self.part_id("premium"))
        vix = daily(lookup, "VIX")
        if vix is None:
            return all_absent(identifiers, snapshots, "the market has no series VIX")
        joined = join(spx, vix)
        expected = joined.values[1] / 100.0
        realized = long[np.searchsorted(spx.period, joined.period)]
        at = fresh_rows(snapshots, joined, spx, vix)
        young = f"fewer than {self.parameters.long.value + 1} closes of SPX were known"
        return (
            at.column(identifiers[0], expected * expected - realized * realized, young=young),
            at.column(identifiers[1], 100.0 * (expected - realized), young=young),
        )
