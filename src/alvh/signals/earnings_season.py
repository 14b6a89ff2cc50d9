"""S-EARN: windows in which most companies report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.market.calendar import earnings_season_starts, sessions_since, sessions_until
from alvh.signals.column import SeriesLookup, SignalColumn
from alvh.signals.session_days import days_of, on_calendar
from alvh.signals.signal import Family, Signal, flag, level

_YEAR = np.timedelta64(366, "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsParameters:
    """S-EARN."""

    length: Threshold[int] = declare(int, "sessions", "length of a season, its first day included", low=1, high=60)


class EarningsSeason(Signal[EarningsParameters]):
    """Mark earnings seasons: `length` sessions from the second Friday of January, April, July and October.

    Context for R-EVENT and C-EVENT; it does not vote.
    """

    id = "S-EARN"
    title = "Earnings season"
    family = Family.CONTEXT
    seeds = ("000",)
    inputs = ()
    parts = (
        flag("season", "most companies report in these weeks"),
        level("until", "sessions", "sessions to the start of the next season, 0 on its first day"),
        level("since", "sessions", "sessions since the start of the last season"),
    )

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:  # noqa: ARG002 - the calendar is all it needs
        """Compute every part at session snapshots; the calendar is all it needs."""
        days = days_of(snapshots)
        starts = earnings_season_starts((days.min() - _YEAR).item(), (days.max() + _YEAR).item())
        # A season is scheduled, so today's start counts from the first moment of the day.
        since = sessions_since(starts, days, snapshots)
        until = sessions_until(starts, days, snapshots)
        inside = since.sessions < self.parameters.length.value
        return (
            on_calendar(self.part_id("season"), snapshots, since.present, inside),
            on_calendar(self.part_id("until"), snapshots, until.present, until.sessions),
            on_calendar(self.part_id("since"), snapshots, since.present, since.sessions),
        )
