"""What a history is made of, and the levels of every session as they were known at its snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

import numpy as np

from alvh.adapters.series_alignment import align
from alvh.core.arrays import B1, D8, F8, I8
from alvh.core.digest import digest
from alvh.market.chain import OptionChain
from alvh.market.series import Series

__all__ = ["ChainSource", "SeriesLookup", "Snapshots", "known_on_day", "rates", "series_digest"]

SeriesLookup = Callable[[str], Series | None]

_BILLS = (("DGS3MO", 2.0, 2.0), ("BILL1M", 12.0, 12.0), ("DFF", 365.0, 360.0))
"""Short rates in order of preference: compounding periods a year, and the periods a quoted year is divided into."""


class ChainSource(Protocol):
    """Recorded chains by root and session, such as `chain_store.ChainStore`."""

    @property
    def digest(self) -> str: ...  # noqa: D102
    def sessions(self, root: str) -> tuple[date, ...]: ...  # noqa: D102
    def chain(self, root: str, session: date) -> OptionChain: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshots:
    """Instants at which n sessions are looked at.

    Attributes
    ----------
    sessions : tuple of date, length n
    now : (n,) array, seconds since 1970 UTC
    timed : (n,) array of bool
        False where the instant is the convention of 16:15 New York time, 13:15 on early closes.
    recorded : (n,) array of bool
        Whether recorded chains are used.
    early_close : (n,) array of bool
    closed : (n,) array of bool
        Whether the day's closing values are public at the snapshot.
    previous : (n,) datetime64[D] array
        The session before each.
    """

    sessions: tuple[date, ...]
    now: I8
    timed: B1
    recorded: B1
    early_close: B1
    closed: B1
    previous: D8

    @property
    def days(self) -> D8:
        """Sessions as datetime64[D]."""
        return np.array(self.sessions, "datetime64[D]")

    @property
    def instants(self) -> D8:
        """Snapshots as datetime64[s], UTC."""
        return self.now.astype("datetime64[s]")

    def take(self, keep: B1) -> Snapshots:
        """Return the snapshots where `keep` is true."""
        return Snapshots(
            sessions=tuple(day for day, kept in zip(self.sessions, keep.tolist(), strict=True) if kept),
            now=self.now[keep],
            timed=self.timed[keep],
            recorded=self.recorded[keep],
            early_close=self.early_close[keep],
            closed=self.closed[keep],
            previous=self.previous[keep],
        )

    def asof(self, place: int) -> datetime:
        """Return one snapshot as an aware UTC instant."""
        return datetime.fromtimestamp(int(self.now[place]), UTC)


def known_on_day(series: Series | None, snapshots: Snapshots) -> F8:
    """Return the day's value of a series at each snapshot, NaN where there is none.

    After the close that is the value of the session itself; before it, of the session before. An older value is not
    the day's and counts as missing.
    """
    count = len(snapshots.sessions)
    if series is None or series.value.size == 0:
        return np.full(count, np.nan)
    place = np.searchsorted(series.known_at, snapshots.instants, side="right") - 1
    held = np.maximum(place, 0)
    wanted = np.where(snapshots.closed, snapshots.days, snapshots.previous)
    return np.where((place >= 0) & (series.period[held] >= wanted), series.value[held], np.nan)


def rates(lookup: SeriesLookup, snapshots: Snapshots) -> tuple[F8, tuple[tuple[str, int], ...]]:
    """Return the short rate known at each snapshot, and which series gave it on how many sessions.

    Returns
    -------
    (n,) array, decimal per year, continuously compounded
        NaN where no series has a fresh value.
    tuple of (str, int)
        In order of preference: three-month bills, one-month bills, federal funds.
    """
    rate = np.full(len(snapshots.sessions), np.nan)
    used = []
    for name, periods, divided in _BILLS:
        series = lookup(name)
        missing = np.isnan(rate)
        if series is None or series.value.size == 0 or not missing.any():
            continue
        percent = align(series, snapshots.instants).value
        rate = np.where(missing, periods * np.log1p(0.01 * percent / divided), rate)
        count = int((missing & ~np.isnan(rate)).sum())
        if count:
            used.append((name, count))
    return rate, tuple(used)


def series_digest(items: Sequence[Series]) -> str:
    """Name series by their values and both of their clocks."""
    parts: list[bytes] = []
    for item in sorted(items, key=lambda series: series.name):
        parts += [item.name.encode(), item.unit.encode(), item.period.astype("<M8[D]").tobytes()]
        parts += [item.known_at.astype("<M8[s]").tobytes(), item.value.astype("<f8").tobytes()]
    return digest(*parts)
