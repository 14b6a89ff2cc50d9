"""The event calendar: what is scheduled, since when it was known to be, and how many sessions away it is."""

from alvh.market.calendar.events import Distance, Events, sessions_since, sessions_until
from alvh.market.calendar.expiries import (
    earnings_season_starts,
    in_earnings_season,
    quarterly_rebalancing,
    russell_reconstitution,
    third_fridays,
    vix_expiries,
)
from alvh.market.calendar.fomc import fomc_meetings, fomc_minutes
from alvh.market.calendar.releases import Release, release_days

__all__ = [
    "Distance",
    "Events",
    "Release",
    "earnings_season_starts",
    "fomc_meetings",
    "fomc_minutes",
    "in_earnings_season",
    "quarterly_rebalancing",
    "release_days",
    "russell_reconstitution",
    "sessions_since",
    "sessions_until",
    "third_fridays",
    "vix_expiries",
]
