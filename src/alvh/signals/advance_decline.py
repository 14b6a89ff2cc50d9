"""S-AD: the advance-decline line and its divergence against SPX."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.series import Series
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent, join
from alvh.signals.fresh import fresh, fresh_rows, needed, needed_row
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.swings import Margins, diverging_highs, recently
from alvh.signals.windows import change, trailing_std

_FIRST_SPREAD = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceDeclineParameters:
    """S-AD."""

    span: Threshold[int] = declare(int, "sessions", "span of the change of the line", low=2, high=252)
    window: Threshold[int] = declare(int, "sessions", "window of the standard deviation of daily changes", low=10)
    arm: Threshold[int] = declare(
        int, "sessions", "neighbours on each side of a swing, and the wait until it is confirmed", low=1, high=30
    )
    nearest: Threshold[int] = declare(int, "sessions", "least distance between two swings", low=1, high=250)
    farthest: Threshold[int] = declare(int, "sessions", "greatest distance between two swings", low=2, high=500)
    price_margin: Threshold[float] = declare(
        float, "multiple of the mean absolute move over 14 sessions", "how much higher a higher high is", low=0, high=10
    )
    line_margin: Threshold[float] = declare(
        float, "multiple of the standard deviation over 63 sessions", "how much lower a lower line is", low=0, high=10
    )
    valid: Threshold[int] = declare(int, "sessions", "how long a divergence counts once confirmed", low=1, high=250)


class AdvanceDecline(Signal[AdvanceDeclineParameters]):
    """Follow breadth with the advance-decline line, the running sum of advancing minus declining issues.

    The line comes from the exchange's counts where the market has them, else from the closes of index members. Its
    level is arbitrary; what counts are its change over `span` sessions and the standard deviation of the daily net
    share of advances over `window`.

    Negative divergence: of two swing highs of SPX in a row, `nearest` to `farthest` sessions apart, the second is
    higher and the line there lower, by more than the margins; confirmed `arm` sessions later, dated then, counting for
    `valid` sessions. Constructive: the change is positive and no negative divergence counts.

    An exchange's counts are published in the evening, so a snapshot at the close sees those of the session before.
    """

    id = "S-AD"
    title = "Advance-decline line"
    family = Family.BREADTH
    seeds = ("000", "001", "002", "003", "004")
    inputs = ("AD.LINE", "AD.NET", "SPX")
    parts = (
        level("line", "issues", "advance-decline line; its level is arbitrary"),
        level("change", "issues", "change of the line over the span", vote=-1),
        level("spread", "ratio", "standard deviation of the daily net share of advances"),
        flag("divergence", "a negative divergence against SPX was confirmed lately", vote=1),
        flag("constructive", "the line rose and no negative divergence counts", vote=-1),
    )

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        found = needed(lookup, "AD.LINE", "AD.NET")
        if isinstance(found, str):
            return all_absent(self.part_ids(), snapshots, found)
        line, net = found
        numbers = self.parameters
        at = fresh(snapshots, line)
        span, window = numbers.span.value, numbers.window.value
        return (
            at.column("S-AD.line", line.value, young="the line has not begun"),
            at.column("S-AD.change", change(line.value, span), young=f"fewer than {span + 1} days of it were known"),
            fresh(snapshots, net).column(
                "S-AD.spread", trailing_std(net.value, window), young=f"fewer than {window} days of it were known"
            ),
            *self._against(line, lookup, snapshots),
        )

    def _against(self, line: Series, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        identifiers = (self.part_id("divergence"), self.part_id("constructive"))
        found = needed(lookup, "SPX")
        if isinstance(found, str):
            return all_absent(identifiers, snapshots, found)
        (spx,) = found
        whole = join(spx, line)
        start = needed_row(whole, snapshots, self._rows())
        joined = whole.since(start)
        diverging = self._divergence(*joined.values, before=start)
        rising = change(joined.values[1], self.parameters.span.value) > 0
        constructive = np.where(np.isfinite(diverging), (rising & (diverging == 0)).astype(float), np.nan)
        at = fresh_rows(snapshots, joined, spx, line)
        young = f"fewer than {_FIRST_SPREAD} days of both were known"
        return (
            at.column(identifiers[0], diverging, young=young),
            at.column(identifiers[1], constructive, young=young),
        )

    def _rows(self) -> int:
        """Rows of price and line that a flag depends on."""
        numbers = self.parameters
        recent = numbers.valid.value + 2 * numbers.arm.value + numbers.farthest.value + _FIRST_SPREAD
        return max(recent, numbers.span.value) + _FIRST_SPREAD

    def _divergence(self, price: F8, line: F8, *, before: int) -> F8:
        """Flag divergences on rows that `before` others precede."""
        numbers = self.parameters
        margins = Margins(
            arm=numbers.arm.value,
            nearest=numbers.nearest.value,
            farthest=numbers.farthest.value,
            price=numbers.price_margin.value,
            indicator=numbers.line_margin.value,
        )
        pairs = diverging_highs(price, line, margins)
        values = recently(pairs.confirmed, price.size, numbers.valid.value).astype(float)
        values[: max(0, max(_FIRST_SPREAD, numbers.span.value) - before)] = np.nan
        return values
