"""Which sessions a history could have, and the instant at which each is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from alvh.adapters.history.inputs import ChainSource, SeriesLookup, Snapshots
from alvh.core.arrays import B1, I8
from alvh.core.errors import CoverageError, UsageError
from alvh.market.sessions import trading_calendar
from alvh.pricing.modelled import SPX_ROOTS

__all__ = ["timetable"]

_AFTER_CLOSE = 15 * 60
_WEEK = timedelta(days=14)


def timetable(
    lookup: SeriesLookup,
    chains: ChainSource | None,
    recorded: Mapping[str, frozenset[date]],
    *,
    start: date | None,
    end: date | None,
) -> Snapshots:
    """List the trading sessions of a range with their snapshot instants.

    Parameters
    ----------
    lookup : callable
        Series by canonical name.
    chains : ChainSource or None
        Recorded chains, whose own quote times count where the files carry them.
    recorded : mapping of root to sessions
    start, end : date or None
        The data's own range where None: that of the recorded chains and of the common days of SPX and VIX.

    Raises
    ------
    UsageError
        `end` lies before `start`.
    CoverageError
        There are no data at all.
    """
    if start is not None and end is not None and end < start:
        raise UsageError(f"the range from {start} to {end} runs backwards.", fix="Swap start and end.")
    days = sorted({day for root in SPX_ROOTS for day in recorded.get(root, ())})
    own = _own_range(lookup, days)
    if own is None and (start is None or end is None):
        raise CoverageError(
            "there are neither recorded SPX chains nor closes of both SPX and VIX.",
            fix="Import SPX and VIX index histories, or option chains.",
        )
    first = start if start is not None else own[0] if own is not None else date.max
    last = end if end is not None else own[1] if own is not None else date.min
    if last < first:
        raise CoverageError(
            f"the data cover {own[0]} to {own[1]} and the range asked for lies outside." if own else "no data.",
            fix="Choose dates inside that range.",
        )
    return _snapshots(first, last, chains, recorded, frozenset(days))


def _own_range(lookup: SeriesLookup, days: list[date]) -> tuple[date, date] | None:
    ranges = [(days[0], days[-1])] if days else []
    spx, vix = lookup("SPX"), lookup("VIX")
    if spx is not None and vix is not None and spx.value.size and vix.value.size:
        first = max(spx.period[0], vix.period[0]).item()
        last = min(spx.period[-1], vix.period[-1]).item()
        if first <= last:
            ranges.append((first, last))
    if not ranges:
        return None
    return min(first for first, _ in ranges), max(last for _, last in ranges)


def _snapshots(
    first: date,
    last: date,
    chains: ChainSource | None,
    recorded: Mapping[str, frozenset[date]],
    spx_days: frozenset[date],
) -> Snapshots:
    calendar = trading_calendar(first - _WEEK, last)
    start = int(np.searchsorted(calendar.sessions, np.datetime64(first, "D")))
    end = int(np.searchsorted(calendar.sessions, np.datetime64(last, "D"), side="right"))
    sessions: tuple[date, ...] = tuple(calendar.sessions[start:end].tolist())
    usual: I8 = calendar.closes[start:end] + _AFTER_CLOSE
    now = usual.copy()
    timed: B1 = np.zeros(len(sessions), dtype=np.bool_)
    is_recorded: B1 = np.array([day in spx_days for day in sessions], dtype=np.bool_)
    if chains is not None:
        for place in np.flatnonzero(is_recorded).tolist():
            now[place], timed[place] = _quoted(chains, recorded, sessions[place], int(usual[place]))
    previous = calendar.sessions[start - 1 : end - 1] if start else calendar.sessions[[0, *range(end - 1)]][:end]
    return Snapshots(
        sessions=sessions,
        now=now,
        timed=timed,
        recorded=is_recorded,
        early_close=calendar.early[start:end].copy(),
        closed=now >= usual,
        previous=previous,
    )


def _quoted(
    chains: ChainSource, recorded: Mapping[str, frozenset[date]], session: date, usual: int
) -> tuple[int, bool]:
    """Return when the quotes of a recorded session stood: the latest of its roots, so that all are known."""
    found = [chains.chain(root, session) for root in SPX_ROOTS if session in recorded.get(root, ())]
    if not any(chain.timed for chain in found):
        return usual, False
    return max(int(chain.asof.timestamp()) for chain in found), True
