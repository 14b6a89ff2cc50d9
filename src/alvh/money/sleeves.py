"""Profit and loss of each sleeve through time, from the ledger's entries and the daily marks.

Equity is the sum of its sources on every date: initial equity + condors + hedge + interest. That this holds is one of
the invariants; here the same identity tells where the money came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.ledger.entries import Cash, Entries


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


def sleeve_path(entries: Entries, sleeve: str, dates: D8, mark: F8) -> SleevePath:
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
    packages, settled = entries.packages, entries.settlements
    mine, ended = _are(packages.sleeve, sleeve), _are(settled.sleeve, sleeve)

    def traded(rows: B1, amount: F8) -> F8:
        return _cumulate(dates, packages.session[rows], amount[rows])

    return SleevePath(
        premium=traded(mine & packages.opened, packages.cash),
        closing=traded(mine & ~packages.opened, packages.cash),
        settlement=_cumulate(dates, settled.session[ended], settled.cash[ended]),
        fees=traded(mine, -packages.fees),
        mark=mark,
    )


def interest_path(interest: Cash, dates: D8) -> F8:
    """Return (n,) cumulative interest, USD."""
    return _cumulate(dates, interest.session, interest.amount)


def _are(sleeves: Sequence[str], sleeve: str) -> B1:
    return np.fromiter((each == sleeve for each in sleeves), np.bool_, len(sleeves))


def _cumulate(dates: D8, when: D8, amount: F8) -> F8:
    total = np.zeros(dates.size)
    rows = np.minimum(np.searchsorted(dates, when), dates.size - 1)
    np.add.at(total, rows, amount)
    return np.cumsum(total)
