"""What the catalogue says about one series, and the release rules its rows share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from alvh.market.release import Anchor, Release


class Frequency(StrEnum):
    """How often a series has a value."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    IRREGULAR = "irregular"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesEntry:
    """What the catalogue says about one series.

    Attributes
    ----------
    publisher : str
        Who publishes it: FRED, Cboe, BIS, Shiller ... A FRED series is known there by its canonical name.
    max_age : float, calendar days
        A value older than this at the moment of a decision, counted from `known_at`, is stale and not shown.
    positive : bool
        Negative values are refused, and a zero means that no value was published.
    revised : bool
        History is rewritten by its publisher.
    vintages : bool
        Every period has one row per vintage; growth is compared only within one vintage.
    plausible : (float, float)
        Values outside are kept out with a finding.
    calendar : str or None
        Series of true release dates that replaces `release` where it is in the store.
    derived_from : tuple of str
        Names it is computed from; empty for a series that is imported. A derived value is known when the last of its
        inputs was.
    """

    name: str
    meaning: str
    unit: str
    frequency: Frequency
    release: Release
    max_age: float
    publisher: str = "unknown"
    positive: bool = True
    revised: bool = False
    vintages: bool = False
    plausible: tuple[float, float] = (-math.inf, math.inf)
    calendar: str | None = None
    derived_from: tuple[str, ...] = ()

    @property
    def on_sessions(self) -> bool:
        """Whether the series exists only on sessions of the exchange."""
        return self.release.anchor is Anchor.CLOSE


DAILY, WEEKLY, MONTHLY, QUARTERLY, IRREGULAR = (
    Frequency.DAILY,
    Frequency.WEEKLY,
    Frequency.MONTHLY,
    Frequency.QUARTERLY,
    Frequency.IRREGULAR,
)
AT_0830, AT_0930, AT_1400, AT_1615, AT_1800 = 510, 570, 840, 975, 1080

CLOSE = Release(anchor=Anchor.CLOSE)
EVENING = Release(anchor=Anchor.DAY, minute=AT_1800)
NEXT_MORNING = Release(anchor=Anchor.WEEKDAY, days=1, minute=AT_0930)
ONE_WEEK = Release(anchor=Anchor.DAY, days=8, minute=AT_1615)

# Fresh through a long weekend; yields skip bond holidays and are seen a session late; monthly values wait for the
# next release and a government shutdown.
MAX_AGE = {DAILY: 5.0, WEEKLY: 14.0, MONTHLY: 63.0, QUARTERLY: 140.0, IRREGULAR: 400.0}


def after_day(days: int, minute: int = AT_0930) -> Release:
    """Release some days after the day."""
    return Release(anchor=Anchor.DAY, days=days, minute=minute)


def after_month(days: int, minute: int = AT_0830) -> Release:
    """Release some days after the end of the month."""
    return Release(anchor=Anchor.MONTH_END, days=days, minute=minute)


def after_quarter(days: int, minute: int = AT_0830) -> Release:
    """Release some days after the end of the quarter."""
    return Release(anchor=Anchor.QUARTER_END, days=days, minute=minute)


def row(
    name: str,
    meaning: str,
    unit: str,
    frequency: Frequency,
    release: Release,
    *,
    publisher: str = "unknown",
    signed: bool = False,
    revised: bool = False,
    vintages: bool = False,
    max_age: float | None = None,
    plausible: tuple[float, float] = (-math.inf, math.inf),
    calendar: str | None = None,
    derived_from: tuple[str, ...] = (),
) -> SeriesEntry:
    """Write one row of the catalogue; `signed` series may be negative or zero."""
    return SeriesEntry(
        name=name,
        meaning=meaning,
        unit=unit,
        frequency=frequency,
        release=release,
        max_age=MAX_AGE[frequency] if max_age is None else max_age,
        publisher=publisher,
        positive=not signed,
        revised=revised,
        vintages=vintages,
        plausible=plausible,
        calendar=calendar,
        derived_from=derived_from,
    )
