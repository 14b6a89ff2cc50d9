"""Series with two clocks: the period a value describes and the instant it became known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One value of a series as a decision sees it."""

    name: str
    value: float
    period: date
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A named series, ascending by known-at.

    Attributes
    ----------
    name : str
        Canonical name, e.g. ``VIX``, ``SPX``, ``SPX.open``, ``DGS3MO``.
    unit : str
        e.g. "index points", "vol points", "% p.a.".
    period : (n,) datetime64[D] array
        The day, month or quarter start the value describes.
    known_at : (n,) datetime64[s] array, UTC
        When the value became public.
    value : (n,) array
        Finite; a missing value has no row.
    source : str
        Where it came from, for the manifest.
    """

    name: str
    unit: str
    period: D8
    known_at: D8
    value: F8
    source: str

    def asof(self, instant: datetime) -> Observation | None:
        """Return the last value known at or before an aware instant; None when nothing was known yet.

        Raises
        ------
        UsageError
            When the instant carries no time zone.
        """
        if instant.tzinfo is None:
            raise UsageError(
                f"{instant} has no time zone, so what {self.name} was known at it cannot be said.",
                fix="Pass an aware instant, for example datetime(..., tzinfo=UTC).",
            )
        moment = np.datetime64(instant.astimezone(UTC).replace(tzinfo=None), "s")
        place = int(np.searchsorted(self.known_at, moment, side="right")) - 1
        if place < 0:
            return None
        return Observation(
            name=self.name,
            value=float(self.value[place]),
            period=self.period[place].astype(date),
            known_at=self.known_at[place].astype(datetime).replace(tzinfo=UTC),
        )
