"""Profit and loss of each sleeve through time, from the ledger's entries and the daily marks.

Equity is the sum of its sources on every date: initial equity + condors + hedge + interest. That this holds is one of
the invariants; here the same identity tells where the money came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.ledger.events import Accrued, Closed, Event, Opened, Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class SleevePath:
    """Cumulative sources of one sleeve's P/L, USD, one row per session.

    Attributes
    ----------
    premium : (n,) array
        Net cash of openings: credits of condors, premiums paid (negative) of long options.
    closing : (n,) array
        Net cash of closing trades.
    settlement : (n,) array
        Net cash of settlements.
    fees : (n,) array
        Zero or negative.
    mark : (n,) array
        Value of what is held, at mid; not cumulative.
    """

    premium: F8
    closing: F8
    settlement: F8
    fees: F8
    mark: F8

    @property
    def pnl(self) -> F8:
        """Cumulative profit or loss after fees, marks included."""
        return self.premium + self.closing + self.settlement + self.fees + self.mark


def sleeve_path(events: Iterable[Event], sleeve: str, dates: D8, mark: F8) -> SleevePath:
    """Add up a sleeve's entries by source.

    Parameters
    ----------
    sleeve : str
        ``condor`` or ``hedge``.
    dates : (n,) datetime64[D] array
        Sessions, ascending; an entry between two sessions counts at the later one.
    mark : (n,) array, USD
        Value of the sleeve at the end of each session.
    """
    mine = [event for event in events if isinstance(event, Opened | Closed | Settled) and event.sleeve == sleeve]
    traded = [event for event in mine if not isinstance(event, Settled)]
    return SleevePath(
        premium=_cumulate(dates, [event for event in mine if isinstance(event, Opened)], _cash),
        closing=_cumulate(dates, [event for event in mine if isinstance(event, Closed)], _cash),
        settlement=_cumulate(dates, [event for event in mine if isinstance(event, Settled)], _cash),
        fees=_cumulate(dates, traded, _fees),
        mark=mark,
    )


def interest_path(events: Iterable[Event], dates: D8) -> F8:
    """Return (n,) cumulative interest, USD."""
    return _cumulate(dates, [event for event in events if isinstance(event, Accrued)], _cash)


def _cumulate(dates: D8, events: Sequence[Event], amount: Callable[[Event], float]) -> F8:
    total = np.zeros(dates.size)
    if events:
        when = np.array([event.session for event in events], dtype="datetime64[D]")
        rows = np.minimum(np.searchsorted(dates, when), dates.size - 1)
        np.add.at(total, rows, [amount(event) for event in events])
    return np.cumsum(total)


def _cash(event: Event) -> float:
    return float(event.cash)


def _fees(event: Event) -> float:
    return -float(event.fees) if isinstance(event, Opened | Closed) else 0.0
