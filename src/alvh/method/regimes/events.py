"""R-EVENT: windows around what is scheduled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from alvh.core.threshold import Threshold, declare
from alvh.market.calendar import Events, Release, quarterly_rebalancing, release_days, sessions_until
from alvh.method.regimes.logic import either, renamed, tested
from alvh.method.regimes.regime import Known, Regime
from alvh.signals.column import SignalColumn
from alvh.signals.session_days import days_of, on_calendar
from alvh.signals.signal import flag
from alvh.strategy.decision import Verdict
from alvh.strategy.facts import Facts

_BEHIND, _AHEAD = np.timedelta64(40, "D"), np.timedelta64(130, "D")
"""Days around a snapshot that surely hold the event before it and the next ones, by fixed spans: a row never depends on
where the history ends."""
_RELEASES = {"cpi": Release.CPI, "ppi": Release.PPI, "gdp": Release.GDP}
_WORDS = {
    "fomc": "an FOMC decision",
    "cpi": "the CPI release",
    "ppi": "the PPI release",
    "gdp": "the GDP release",
    "earnings": "earnings season",
    "rebalancing": "index rebalancing",
    "expiry": "quarterly expiry",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventParameters:
    """R-EVENT."""

    fomc_before: Threshold[int] = declare(int, "sessions", "window before an FOMC decision", low=0, high=42)
    fomc_after: Threshold[int] = declare(int, "sessions", "window after an FOMC decision", low=0, high=42)
    release_before: Threshold[int] = declare(int, "sessions", "window before CPI, PPI and GDP", low=0, high=21)


class REvent(Regime[EventParameters]):
    """Mark the windows around scheduled events, in sessions.

    FOMC: from `fomc_before` sessions before a decision to `fomc_after` after it; an unscheduled decision opens its
    window when it is announced. CPI, PPI and GDP: from `release_before` sessions before a release to its day. Earnings
    season (S-EARN), the days on which index funds rebalance (S-FLOW), and the quarterly expiry of options and futures.
    Days that the calendar does not list are placed by rule (see the event calendar). `window`: any of them.
    """

    id = "R-EVENT"
    title = "Event windows"
    seeds = ("000", "001", "003", "004")
    inputs = (
        "S-FOMC.until",
        "S-FOMC.since",
        "S-EARN.season",
        "S-FLOW.rebalancing",
        *(release.series for release in _RELEASES.values()),
    )
    parts = (
        flag("window", "an event is near"),
        flag("fomc", "an FOMC decision is near"),
        flag("cpi", "a CPI release is near"),
        flag("ppi", "a PPI release is near"),
        flag("gdp", "a GDP release is near"),
        flag("earnings", "most companies report in these weeks"),
        flag("rebalancing", "index funds rebalance at today's close"),
        flag("expiry", "quarterly expiry is today"),
    )
    headline = "window"

    def look_back(self) -> int:
        """Return how many sessions of series its row depends on; releases of the last month are enough."""
        return 21

    def compute(self, known: Known) -> tuple[SignalColumn, ...]:
        """Compute every part."""
        events = (
            self._fomc(known),
            *(self._release(part, release, known) for part, release in _RELEASES.items()),
            renamed(self.part_id("earnings"), known.column("S-EARN.season")),
            renamed(self.part_id("rebalancing"), known.column("S-FLOW.rebalancing")),
            self._expiry(known),
        )
        return (either(self.part_id("window"), *events), *events)

    def judge(self, facts: Facts) -> Verdict:
        """Name the windows that are open."""
        inside = [words for part, words in _WORDS.items() if self.holds(facts, part)]
        if not inside:
            return self.said(facts, "No event is near.", fired=False)
        return self.said(facts, f"Inside the window of {', '.join(inside)}.", fired=True)

    def _fomc(self, known: Known) -> SignalColumn:
        until, since = known.column("S-FOMC.until"), known.column("S-FOMC.since")
        before = tested("before", until, until.value <= self.parameters.fomc_before.value)
        after = tested("after", since, since.value <= self.parameters.fomc_after.value)
        return either(self.part_id("fomc"), before, after)

    def _release(self, part: str, release: Release, known: Known) -> SignalColumn:
        days = days_of(known.snapshots)
        if not days.size:
            return on_calendar(self.part_id(part), known.snapshots, np.zeros(0, np.bool_), np.zeros(0))
        first, last = _month(days.min() - _BEHIND), _month(days.max() + _AHEAD)
        true = known.series(release.series)
        found = _placed(release, first, last) if true is None else release_days(release, first, last, true)
        until = sessions_until(found, days, known.snapshots)
        inside = until.sessions <= self.parameters.release_before.value
        return on_calendar(self.part_id(part), known.snapshots, until.present, inside)

    def _expiry(self, known: Known) -> SignalColumn:
        days = days_of(known.snapshots)
        if not days.size:
            return on_calendar(self.part_id("expiry"), known.snapshots, np.zeros(0, np.bool_), np.zeros(0))
        found = quarterly_rebalancing(days.min().item(), (days.max() + _AHEAD).item())
        until = sessions_until(found, days, known.snapshots)
        return on_calendar(self.part_id("expiry"), known.snapshots, until.present, until.sessions == 0)


def _month(day: np.datetime64) -> date:
    first: date = day.astype("datetime64[M]").astype("datetime64[D]").item()
    return first


@lru_cache(maxsize=64)
def _placed(release: Release, first: date, last: date) -> Events:
    """Place the releases of some months by the calendar's own rules; the next day asks for nearly the same months."""
    return release_days(release, first, last)
