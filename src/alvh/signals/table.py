"""Every signal of the program, computed once over a whole history."""

from __future__ import annotations

from alvh.core.arrays import D8
from alvh.signals.column import SeriesLookup, SignalColumn
from alvh.signals.exchange_rate import reer_stable
from alvh.signals.valuation import pe_stable
from alvh.signals.volatility import vix_mean


def compute(lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
    """Compute all signals at session snapshots.

    Parameters
    ----------
    lookup : callable
        Finds a series by canonical name with its whole history before the first snapshot.
    snapshots : (n,) datetime64[s] array, UTC, ascending

    Returns
    -------
    tuple of SignalColumn
        One per signal part, each causal: row i uses only what was known at ``snapshots[i]``.
    """
    return (
        vix_mean(lookup, snapshots, 63),
        vix_mean(lookup, snapshots, 252),
        reer_stable(lookup, snapshots),
        pe_stable(lookup, snapshots),
    )
