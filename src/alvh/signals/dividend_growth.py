"""S-DIV: growth of dividends, and what reinvesting them adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.signals.clock import OLDEST, Clock, Held, first_prints, stood_in, with_stand_in
from alvh.signals.column import SeriesLookup, SignalColumn, absent, all_absent
from alvh.signals.dividends import SMOOTH, TOTAL_RETURN, YEAR, implied_dividends, reinvested
from alvh.signals.fresh import fresh
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change, trailing_std

REPORTED = "DIVIDEND.GROWTH"
_MONTHS_A_YEAR, _SESSIONS_A_MONTH = 12, 21


@dataclass(frozen=True, slots=True, kw_only=True)
class DividendGrowthParameters:
    """S-DIV."""

    years: Threshold[int] = declare(int, "years", "window of the standard deviation", low=1, high=20)


class DividendGrowth(Signal[DividendGrowthParameters]):
    """Read how dividends grow, how steadily, and what reinvesting them adds.

    `growth` is twelve months of dividends over the twelve before, less one, as known (Shiller; a quarter late), and
    `sd` its standard deviation over `years`. Where they are not known, the dividends that total less price return
    implies stand in, month by month for `sd`, and `implied` says so. `reinvested` (DRIP) is the log return of the index
    with dividends reinvested less that without, over 252 sessions.
    """

    id = "S-DIV"
    title = "Dividend growth"
    family = Family.VALUATION
    seeds = ("000",)
    inputs = (REPORTED, TOTAL_RETURN, "SPX")
    parts = (
        level("growth", "fraction a year", "dividends year on year", vote=-1),
        level("sd", "fraction a year", "standard deviation of the growth"),
        level("reinvested", "log points a year", "total less price return"),
        flag("implied", "dividends are implied by a fund, not reported"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return YEAR * (self.parameters.years.value + 2) + SMOOTH + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        reported = self._reported(lookup, snapshots)
        implied, added = self._implied(lookup, snapshots)
        growth, sd = (with_stand_in(own, other) for own, other in zip(reported, implied, strict=True))
        return growth, sd, added, stood_in(self.part_id("implied"), growth, reported[0])

    def _reported(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, SignalColumn]:
        names, series = (self.part_id("growth"), self.part_id("sd")), lookup(REPORTED)
        if series is None:
            gone = f"the market has no series {REPORTED} and none with dividends ({TOTAL_RETURN})"
            return absent(names[0], snapshots, gone), absent(names[1], snapshots, gone)
        first, months = first_prints(series), _MONTHS_A_YEAR * self.parameters.years.value
        at = fresh(snapshots, first)
        return (
            at.column(names[0], first.value, young=f"no {REPORTED} was known"),
            at.column(names[1], trailing_std(first.value, months), young=f"fewer than {months} months were known"),
        )

    def _implied(self, lookup: SeriesLookup, snapshots: D8) -> tuple[tuple[SignalColumn, SignalColumn], SignalColumn]:
        names = tuple(self.part_id(part) for part in ("growth", "sd", "reinvested"))
        spx, total = lookup("SPX"), lookup(TOTAL_RETURN)
        if spx is None or total is None:
            gone = all_absent(names, snapshots, f"the market has no series SPX or none with dividends ({TOTAL_RETURN})")
            return (gone[0], gone[1]), gone[2]
        clock, months = Clock(spx, snapshots), _MONTHS_A_YEAR * self.parameters.years.value
        paid: Held = implied_dividends(clock, total)
        growth = np.expm1(change(np.log(paid.value), YEAR))
        added = reinvested(clock, total, YEAR)
        sd = clock.late(lambda values: _monthly_std(values, months), growth, _reach(months))
        young = f"{TOTAL_RETURN} was not known on each close that is needed"
        return (
            clock.column(names[0], growth, paid, young=young),
            clock.column(names[1], sd, paid, young=young),
        ), clock.column(names[2], added.value, added, young=young)


def _monthly_std(values: F8, months: int) -> F8:
    """Take the standard deviation of the last `months` values, each a month of sessions after the one before.

    NaN before, and where one is NaN. Added up month by month, so that a row does not depend on how many there are.
    """
    out, rows = np.full(values.size, np.nan), values.size - _reach(months) + 1
    if rows > 0:
        sampled = [values[start : start + rows] for start in range(0, _reach(months), _SESSIONS_A_MONTH)]
        mean = sum(sampled, np.zeros(rows)) / months
        square = sum(((value - mean) ** 2 for value in sampled), np.zeros(rows))
        out[-rows:] = np.sqrt(square / (months - 1))
    return out


def _reach(months: int) -> int:
    """Sessions from the first to the last of so many values, both included."""
    return _SESSIONS_A_MONTH * (months - 1) + 1
