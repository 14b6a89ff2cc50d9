"""Steps of a simulated path: nights and half hours of real trading sessions.

Time is calendar time, in which options are priced and VIX is defined: a weekend is three days of variance. A step ends
at every half hour of a session, at its open and at its close; a night is cut into steps of at most six hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import D8, F8, I8
from alvh.core.errors import UsageError
from alvh.market.sessions import trading_calendar

__all__ = ["Timeline", "timeline"]

_YEAR = 365.0 * 86_400.0
_HALF_HOUR = 1800
_NIGHT = 6 * 3600


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timeline:
    """Steps over n sessions; the path starts at the close of the session before the first.

    Attributes
    ----------
    sessions : tuple of date, length n
    days : (n,) datetime64[D] array
    opens, closes : (n,) array, seconds since 1970 UTC
    early : (n,) array of bool
    dt : (m,) array, years
        Length of each step.
    open_step, close_step : (n,) array
        Step that ends at the session's open and at its close.
    """

    sessions: tuple[date, ...]
    days: D8
    opens: I8
    closes: I8
    early: np.ndarray[tuple[int], np.dtype[np.bool_]]
    dt: F8
    open_step: I8
    close_step: I8

    @property
    def session_of_step(self) -> I8:
        """Session to which each step belongs, its night included."""
        found: I8 = np.searchsorted(self.close_step, np.arange(self.dt.size))
        return found


def timeline(first: date, last: date) -> Timeline:
    """Return the steps over the sessions in [first, last].

    Raises
    ------
    UsageError
        There is no session in the range.
    """
    calendar = trading_calendar(first, last)
    start = int(np.searchsorted(calendar.sessions, np.datetime64(first, "D")))
    end = int(np.searchsorted(calendar.sessions, np.datetime64(last, "D"), side="right"))
    if end <= start or start == 0:
        raise UsageError(f"there is no session to simulate from {first} to {last}.", where="simulation")
    opens, closes = calendar.opens[start:end], calendar.closes[start:end]
    before = calendar.closes[start - 1 : end - 1]
    nights = -(-(opens - before) // _NIGHT)
    halves = (closes - opens) // _HALF_HOUR
    steps = nights + halves
    close_step = np.cumsum(steps) - 1
    dt = np.concatenate(
        [
            np.concatenate((np.full(n, (opened - left) / n), np.full(h, (closed - opened) / h)))
            for left, opened, closed, n, h in zip(
                before.tolist(), opens.tolist(), closes.tolist(), nights.tolist(), halves.tolist(), strict=True
            )
        ]
    )
    return Timeline(
        sessions=tuple(calendar.sessions[start:end].tolist()),
        days=calendar.sessions[start:end],
        opens=opens,
        closes=closes,
        early=calendar.early[start:end],
        dt=dt / _YEAR,
        open_step=close_step - halves,
        close_step=close_step,
    )
