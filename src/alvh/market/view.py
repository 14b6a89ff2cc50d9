"""A view answers only with what was known at its instant; a market source makes views.

The engine walks `sessions()`, asks for one `View` each, and asks for official settlement values of contracts that
fall due. Nothing else of the outside world reaches a decision.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from alvh.market.chain import ExpirySlice, Origin
from alvh.market.contracts import Instrument
from alvh.market.curve import VxCurve
from alvh.market.series import Observation, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementValue:
    """The value a contract settles to.

    Attributes
    ----------
    value : float, points
    known_at : datetime
        Aware UTC instant from which it counts.
    proxy : str or None
        None for the official print; otherwise the sentence that says what stands in for it.
    """

    value: float
    known_at: datetime
    proxy: str | None


class View(Protocol):
    """The market as known at `asof` on one session."""

    @property
    def session(self) -> date: ...
    @property
    def asof(self) -> datetime:
        """Aware UTC instant of the decision snapshot."""
        ...

    @property
    def timed(self) -> bool:
        """False when the snapshot's instant is a convention because the data carry only dates."""
        ...

    @property
    def spot(self) -> float:
        """SPX level at the snapshot, points."""
        ...

    @property
    def vix(self) -> float | None:
        """VIX level at the snapshot, vol points."""
        ...

    @property
    def curve(self) -> VxCurve | None:
        """Monthly VX futures known at the snapshot."""
        ...

    def rate(self, days: float) -> float | None:
        """Bill rate for a tenor in calendar days, continuously compounded, decimal per year."""
        ...

    def expiries(self, root: str) -> tuple[date, ...]:
        """List expiries of a root, ascending; empty where no chain of that root exists on the day."""
        ...

    def slice(self, root: str, expiry: date) -> ExpirySlice | None:
        """Quotes of one expiry; None where it is not listed or its forward cannot be known."""
        ...

    def latest(self, name: str) -> Observation | None:
        """Last known value of a named series."""
        ...


def expiries_between(view: View, root: str, first: date, last: date) -> tuple[date, ...]:
    """List a view's expiries of a root from `first` to `last`, ascending.

    A view that has many and can say this without listing them all has a method of this name.
    """
    own = getattr(view, "expiries_between", None)
    if own is not None:
        found: tuple[date, ...] = own(root, first, last)
        return found
    listed = view.expiries(root)
    return listed[bisect_left(listed, first) : bisect_right(listed, last)]


class MarketSource(Protocol):
    """A history of views: recorded chains, modelled chains, or simulated markets."""

    @property
    def name(self) -> str:
        """What a person calls this market, e.g. ``built-in sample``."""
        ...

    @property
    def digest(self) -> str:
        """Digest of everything this source can say; part of a run's identity."""
        ...

    @property
    def origin(self) -> Origin:
        """Whether the option quotes are recorded or modelled."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences every report shows: proxies used, data absent, extrapolations."""
        ...

    def sessions(self) -> tuple[date, ...]:
        """Sessions with a usable snapshot, ascending."""
        ...

    def skipped(self) -> tuple[tuple[date, str], ...]:
        """Trading sessions inside the range without a usable snapshot, each with its reason."""
        ...

    def instant(self, session: date) -> datetime:
        """Aware UTC instant of a session's snapshot, without opening it."""
        ...

    def view(self, session: date) -> View:
        """Open the market as known at the session's snapshot."""
        ...

    def settlement(self, instrument: Instrument) -> SettlementValue | None:
        """Official (or labelled proxy) settlement value; None when no value is known at all."""
        ...

    def series(self, name: str) -> Series | None:
        """Whole history of a series by canonical name, from before the first session; None where absent.

        Signals read it once; they align it by known-at themselves.
        """
        ...
