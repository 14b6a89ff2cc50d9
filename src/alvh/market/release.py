"""Release rules: from the period a value describes to the instant it became public.

Where the true calendar is not recorded, a rule errs late: a value may be used a little after it was public, never
before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

import numpy as np

from alvh.core.arrays import D8
from alvh.market.wall_clock import close_instants, eastern_instants, month_ends, quarter_ends


class Anchor(StrEnum):
    """What the lag of a release rule is counted from."""

    CLOSE = "the session's close"
    """16:15 New York on the day itself, 13:15 on early closes; no lag."""
    DAY = "the day"
    WEEKDAY = "the day, in weekdays"
    MONTH_END = "the end of the month"
    QUARTER_END = "the end of the quarter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """When a value becomes known.

    Attributes
    ----------
    anchor : Anchor
    days : int
        Days after the anchor (weekdays for Anchor.WEEKDAY).
    minute : int
        Minute of the day, New York.
    """

    anchor: Anchor
    days: int = 0
    minute: int = 18 * 60

    @property
    def sentence(self) -> str:
        """The rule in words."""
        if self.anchor is Anchor.CLOSE:
            return "16:15 New York on its day, 13:15 on early closes"
        clock = f"{self.minute // 60:02d}:{self.minute % 60:02d} New York"
        noun = "weekday" if self.anchor is Anchor.WEEKDAY else "day"
        after = f"{self.days} {noun}{'' if self.days == 1 else 's'} after " if self.days else "on "
        return f"{clock}, {after}{self.anchor.value.removesuffix(', in weekdays')}"


def known_at(release: Release, period: D8) -> D8:
    """Return the instants at which the values of many periods became known.

    Parameters
    ----------
    release : Release
    period : (n,) datetime64[D] array
        Days, or month or quarter starts.

    Returns
    -------
    (n,) datetime64[s] array, UTC
    """
    days = period.astype("datetime64[D]")
    match release.anchor:
        case Anchor.CLOSE:
            return close_instants(days)
        case Anchor.DAY:
            anchor: D8 = days
        case Anchor.WEEKDAY:
            return eastern_instants(np.busday_offset(days, release.days, roll="backward"), release.minute)
        case Anchor.MONTH_END:
            anchor = month_ends(days)
        case Anchor.QUARTER_END:
            anchor = quarter_ends(days)
        case _:
            assert_never(release.anchor)
    later = anchor + np.timedelta64(release.days, "D")
    return eastern_instants(later, release.minute)
