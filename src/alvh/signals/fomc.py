"""S-FOMC: meetings, what rates and VIX made of them, and whether the minutes moved anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.calendar import Distance, Events, fomc_meetings, fomc_minutes, sessions_since, sessions_until
from alvh.market.series import Series
from alvh.signals.clock import OLDEST, first_prints, said
from alvh.signals.column import Alignment, SeriesLookup, SignalColumn, absent
from alvh.signals.interest_rate import PARTNERS, weighted_partners
from alvh.signals.signal import Family, Signal, flag, level

TWO_YEAR, VIX, DAYS = "DGS2", "VIX", "FOMC"
_YEAR = 366
_LAST_BEFORE = 5
"""Days within which a value must lie beside an event to count as the one before or after it."""
_ROUNDING = 1e-9
_NEVER = np.datetime64("NaT", "s")


@dataclass(frozen=True, slots=True, kw_only=True)
class FomcParameters:
    """S-FOMC."""

    stable: Threshold[float] = declare(
        float, "percentage points", "largest move of the differential on the minutes that is stable", low=0, high=2
    )
    valid: Threshold[int] = declare(int, "calendar days", "how long an outcome counts", low=14, high=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moves:
    """What moved over the events, ascending by the moment the move was known."""

    name: str
    known_at: D8
    value: F8
    stand_in: F8


class Fomc(Signal[FomcParameters]):
    """Count the sessions around FOMC decisions and tell what came of them.

    `until` counts the sessions to the next decision on the calendar, 0 on its day; an unscheduled one is not on it.
    `since` counts the sessions since the last decision that was announced. `change_2y` is the 2-year Treasury yield of
    the decision's day less that of the day before, known when the yield is published that evening; `change_vix` is the
    same of VIX closes. Both hold to the next decision, at most `valid` days.

    `minutes_stable`: on the day the minutes were released, three weeks after a scheduled meeting, the 2-year
    differential, dollar less trade partners (weights of S-RATE), moved by at most `stable`. It holds to the next
    minutes. Where no partner's 2-year yield is known, the move of the US 2-year stands in and `us_only` says so.
    """

    id = "S-FOMC"
    title = "FOMC decisions and minutes"
    family = Family.MACRO
    seeds = ("000", "001", "003", "004")
    inputs = (TWO_YEAR, VIX, *(f"YIELD2Y.{economy}" for economy in PARTNERS), DAYS)
    parts = (
        level("until", "sessions", "sessions to the next scheduled decision"),
        level("since", "sessions", "sessions since the last decision"),
        level("change_2y", "percentage points", "move of the 2-year yield over the last decision", vote=1),
        level("change_vix", "vol points", "move of VIX over the last decision", vote=1),
        flag("minutes_stable", "the last minutes left the 2-year differential where it was", vote=-1),
        flag("us_only", "the US 2-year stands in for the differential in `minutes_stable`"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return self.parameters.valid.value + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        if not snapshots.size:
            return tuple(absent(identifier, snapshots, "no session") for identifier in self.part_ids())
        meetings = fomc_meetings(_a_year_after(snapshots), lookup(DAYS))
        days = snapshots.astype("datetime64[D]")
        held = _happened(meetings)
        stable, us_only = self._minutes(lookup, fomc_minutes(meetings), snapshots)
        return (
            self._count("until", sessions_until(meetings, days, snapshots), meetings, snapshots),
            self._count("since", sessions_since(meetings, days, snapshots), meetings, snapshots),
            self._outcome("change_2y", lookup(TWO_YEAR), TWO_YEAR, held, snapshots),
            self._outcome("change_vix", lookup(VIX), VIX, held, snapshots),
            stable,
            us_only,
        )

    def _count(self, part: str, distance: Distance, meetings: Events, snapshots: D8) -> SignalColumn:
        column = absent(self.part_id(part), snapshots, "no decision was on the calendar (1994 to a year ahead)")
        known = np.maximum(meetings.announced, np.datetime64("1990-01-01")) if part == "until" else meetings.instant
        return replace(
            column,
            value=distance.sessions.astype(np.float64),
            code=(~distance.present).astype(np.int8),
            known_at=np.where(distance.present, known[np.maximum(distance.event, 0)], _NEVER),
        )

    def _outcome(self, part: str, series: Series | None, name: str, days: D8, snapshots: D8) -> SignalColumn:
        identifier = self.part_id(part)
        if series is None:
            return absent(identifier, snapshots, f"the market has no series {name}")
        value, known = _move(series, days)
        moves = _moves(f"{name} over a decision", known, value)
        return self._at(moves, snapshots).column(identifier, moves.value, young=f"no {name} beside the decision")

    def _minutes(self, lookup: SeriesLookup, minutes: Events, snapshots: D8) -> tuple[SignalColumn, SignalColumn]:
        names, dollar = (self.part_id("minutes_stable"), self.part_id("us_only")), lookup(TWO_YEAR)
        if dollar is None:
            gone = f"the market has no series {TWO_YEAR}"
            return absent(names[0], snapshots, gone), absent(names[1], snapshots, gone)
        value, known = _move(dollar, minutes.day)
        partners = []
        for economy in PARTNERS:
            series = lookup(f"YIELD2Y.{economy}")
            own, seen = _move(series, minutes.day) if series is not None else _nothing(minutes.day.size)
            known = np.fmax(known, np.where(np.isfinite(own), seen, _NEVER))
            partners.append(own)
        abroad = weighted_partners(partners)
        alone = ~np.isfinite(abroad)
        moved = value - np.where(alone, 0.0, abroad)
        moves = _moves(f"{TWO_YEAR} on the minutes", known, moved, alone)
        at, young = self._at(moves, snapshots), f"no {TWO_YEAR} beside the minutes"
        calm = said(np.abs(moves.value) <= self.parameters.stable.value + _ROUNDING, moves.value)
        return at.column(names[0], calm, young=young), at.column(names[1], moves.stand_in, young=young)

    def _at(self, moves: _Moves, snapshots: D8) -> Alignment:
        return Alignment(moves, snapshots, max_age_days=self.parameters.valid.value)


def _a_year_after(snapshots: D8) -> date:
    """Reach past the last snapshot by a fixed span, so that a row never depends on where the history ends."""
    day: date = (snapshots[-1].astype("datetime64[D]") + _YEAR).item()
    return day


def _happened(meetings: Events) -> D8:
    """Days of the decisions that were not called off."""
    days: D8 = meetings.day[meetings.withdrawn > meetings.instant]
    return days


def _move(series: Series, days: D8) -> tuple[F8, D8]:
    """Change from the last value before each day to the first one on or after it, and when that was known."""
    first = first_prints(series)
    after = np.searchsorted(first.period, days)
    inside = (after > 0) & (after < first.period.size)
    row = np.where(inside, after, min(1, max(first.period.size - 1, 0)))
    if first.period.size < 2:
        return _nothing(days.size)
    near = inside & _within(first.period[row], days) & _within(days, first.period[row - 1])
    value = np.where(near, first.value[row] - first.value[row - 1], np.nan)
    return value, np.where(inside, first.known_at[row], _NEVER)


def _within(later: D8, earlier: D8) -> B1:
    """Whether days lie at most `_LAST_BEFORE` apart."""
    days = (later - earlier).astype(np.int64)
    near: B1 = days <= _LAST_BEFORE
    return near


def _nothing(count: int) -> tuple[F8, D8]:
    return np.full(count, np.nan), np.full(count, _NEVER)


def _moves(name: str, known: D8, value: F8, stand_in: B1 | None = None) -> _Moves:
    """Order moves by the moment they were known; those that are not known yet have no row."""
    row = np.flatnonzero(~np.isnat(known))
    row = row[np.argsort(known[row], kind="stable")]
    alone = np.zeros(known.size) if stand_in is None else np.where(np.isfinite(value), stand_in.astype(float), np.nan)
    return _Moves(name=name, known_at=known[row], value=value[row], stand_in=alone[row])
