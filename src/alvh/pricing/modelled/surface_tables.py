"""Term structures of all sessions of a history, fitted in one call instead of one by one.

The same numbers as `surface.fit_surface` finds for each session alone; a test holds one to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from alvh.core.arrays import B1, F8, I8
from alvh.core.compiled import compiled
from alvh.pricing.modelled.clock import VarianceClock, cboe_pair
from alvh.pricing.modelled.surface import cboe_minutes, placed_settlement
from alvh.pricing.modelled.term import TABLE_SIZE, fit_term

__all__ = ["surface_tables"]

_DAY = 86_400.0
_THIRTY_DAYS = 43_200


def surface_tables(sessions: Sequence[date], now: I8, early_close: B1, nodes: F8, clock: VarianceClock) -> F8:
    """Fit the term structure of every session whose nodes are known.

    Parameters
    ----------
    sessions : sequence of date, length n
    now : (n,) array, seconds since 1970 UTC
    early_close : (n,) array of bool
    nodes : (n, 4) array, vol points
        VIX9D, VIX, VIX3M, VIX6M; rows that are not all positive are left out.
    clock : VarianceClock

    Returns
    -------
    (n, 11) array
        See `term.fit_term`; rows left out are zero.
    """
    n = len(sessions)
    pairs = [cboe_pair(session) for session in sessions]
    minutes = np.array(
        [
            [cboe_minutes(session, expiry, early=early) for expiry in pair]
            for session, pair, early in zip(sessions, pairs, early_close.tolist(), strict=True)
        ],
        dtype=np.float64,
    ).reshape(n, 2)
    settled = np.array([[placed_settlement(*expiry) for expiry in pair] for pair in pairs]).reshape(n, 2, 3)
    tables = np.zeros((n, TABLE_SIZE))
    _fit(
        np.array([session.toordinal() for session in sessions], dtype=np.int64),
        now.astype(np.float64),
        nodes,
        np.ascontiguousarray(settled),
        minutes,
        clock.elapsed_days,
        clock.first,
        clock.friday_days,
        clock.friday_closes,
        tables,
    )
    return tables


@compiled
def _fit(
    session: I8,
    now: F8,
    nodes: F8,
    settled: F8,
    minutes: F8,
    elapsed: F8,
    first: int,
    fridays: I8,
    closes: F8,
    tables: F8,
) -> None:
    days, ratio = np.empty(2), np.empty(2)
    for i in range(session.shape[0]):
        if not (nodes[i, 0] > 0.0 and nodes[i, 1] > 0.0 and nodes[i, 2] > 0.0 and nodes[i, 3] > 0.0):
            continue
        start = elapsed[session[i] - first]
        for j in range(2):
            settles, day, night = settled[i, j, 0], int(settled[i, j, 1]), settled[i, j, 2]
            days[j] = (settles - now[i]) / _DAY
            own = elapsed[day - first] - start - night
            place = int(np.searchsorted(closes, settles))
            before, before_days = now[i], 0.0
            if place > 0 and closes[place - 1] > now[i]:
                before = closes[place - 1]
                before_days = elapsed[fridays[place - 1] - first] - start
            after_days = elapsed[fridays[place] - first] - start
            usual = before_days + (after_days - before_days) * (settles - before) / (closes[place] - before)
            ratio[j] = own / usual
        weight = (minutes[i, 1] - _THIRTY_DAYS) / (minutes[i, 1] - minutes[i, 0])
        tables[i] = fit_term(
            nodes[i, 0], nodes[i, 1], nodes[i, 2], nodes[i, 3], days[0], ratio[0], days[1], ratio[1], weight
        )
