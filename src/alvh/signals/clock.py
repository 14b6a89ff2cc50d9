"""One clock for signals made of several series: the closes of SPX.

Each input is held at every close as it was known then, never beyond the greatest age the catalogue gives it; windows
in sessions are rows of this clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.market.series import Series
from alvh.signals.column import Alignment, Dated, SignalColumn, first_present
from alvh.signals.fresh import fresh
from alvh.signals.inputs.known import known_before
from alvh.signals.windows import trailing_sum

__all__ = [
    "OLDEST",
    "Clock",
    "Held",
    "first_prints",
    "first_row",
    "said",
    "stood_in",
    "trailing_mean_present",
    "with_stand_in",
]

OLDEST = 120
"""Sessions that surely hold the greatest age of any input, so that a look-back reaches what was still fresh."""
_FIRST = np.datetime64("1960-01-01")
"""No signal looks back farther from 1990 on, and earlier closes would only cost time."""
_NEVER = np.datetime64("NaT", "s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A series as known at the closes.

    Attributes
    ----------
    value : (n,) array
        NaN where nothing fresh was known.
    known_at : (n,) datetime64[s] array
        NaT there.
    """

    value: F8
    known_at: D8

    def otherwise(self, other: Held) -> Held:
        """Take the other where this one is absent."""
        here = np.isfinite(self.value)
        return Held(
            value=np.where(here, self.value, other.value), known_at=np.where(here, self.known_at, other.known_at)
        )


class Clock:
    """The closes of SPX with inputs held at them.

    Parameters
    ----------
    spx : Series
    snapshots : (n,) datetime64[s] array, UTC

    Attributes
    ----------
    spx : Series
        First print of each session.
    """

    def __init__(self, spx: Series, snapshots: D8) -> None:
        first = first_prints(spx)
        start = int(np.searchsorted(first.period, _FIRST))
        self.spx = _rows(first, slice(start, None))
        self._at: Alignment = fresh(snapshots, self.spx)
        self._first = first_row(self.spx, snapshots)

    @property
    def close(self) -> Held:
        """The closes themselves."""
        return Held(value=self.spx.value, known_at=self.spx.known_at)

    def late(self, trailing: Callable[[F8], F8], values: F8, window: int) -> F8:
        """Apply a trailing function only to the rows that are handed out, and the window before them; NaN elsewhere."""
        start = max(self._first - window + 1, 0)
        out = np.full(values.size, np.nan)
        out[self._first :] = trailing(values[start:])[self._first - start :]
        return out

    def known(self, held: Held) -> bool:
        """Whether a value is present on every row that is handed out."""
        return bool(np.isfinite(held.value[self._first :]).all())

    def held(self, series: Series | None) -> Held:
        """Hold a series at the closes; absent throughout where there is none."""
        n = self.spx.value.size
        if series is None or not series.value.size:
            return Held(value=np.full(n, np.nan), known_at=np.full(n, _NEVER))
        value, present = known_before(series, self.spx.known_at)
        place = np.maximum(np.searchsorted(series.known_at, self.spx.known_at, side="right") - 1, 0)
        return Held(value=np.where(present, value, np.nan), known_at=np.where(present, series.known_at[place], _NEVER))

    def column(self, identifier: str, values: F8, *inputs: Held, young: str) -> SignalColumn:
        """Hand out a signal with one value per close; its age is that of the newest input.

        Parameters
        ----------
        values : (m,) array
            NaN where the signal cannot be said.
        inputs : Held
            What it was made of.
        young : str
            Reason to give where it cannot be said.
        """
        column = self._at.column(identifier, values, young=young)
        if not inputs or not self.spx.value.size:
            return column
        newest = inputs[0].known_at
        for other in inputs[1:]:
            newest = np.fmax(newest, other.known_at)
        return replace(column, known_at=np.where(np.isnat(column.known_at), _NEVER, newest[self._at.row]))


def first_prints(series: Series) -> Series:
    """Leave out revisions of earlier periods, so that a daily series is ascending in both of its clocks."""
    if series.period.size < 2 or (series.period[1:] > series.period[:-1]).all():
        return series
    highest = np.maximum.accumulate(series.period)
    return _rows(series, np.append(True, series.period[1:] > highest[:-1]))


def with_stand_in(own: SignalColumn, stand_in: SignalColumn) -> SignalColumn:
    """Let another input stand in where the signal's own is absent; one that never speaks gives no reasons either."""
    return first_present(own.id, own, stand_in) if stand_in.present.any() else own


def stood_in(identifier: str, chosen: SignalColumn, own: SignalColumn) -> SignalColumn:
    """Say where the stand-in spoke: 1 there, 0 where the signal's own input did, absent where neither."""
    value = np.where(chosen.present & ~own.present, 1.0, 0.0)
    return replace(chosen, id=identifier, value=value)


def first_row(dated: Dated, snapshots: D8) -> int:
    """Row that the first snapshot reads; no earlier row of a signal is handed out."""
    if not snapshots.size:
        return int(dated.known_at.size)
    return max(int(np.searchsorted(dated.known_at, snapshots[0], side="right")) - 1, 0)


def said(condition: B1, *needed: F8) -> F8:
    """Turn a condition into a flag, NaN where a value it needs is absent."""
    known = np.isfinite(needed[0])
    for other in needed[1:]:
        known &= np.isfinite(other)
    return np.where(known, condition.astype(float), np.nan)


def trailing_mean_present(values: F8, window: int, at_least: int) -> F8:
    """Mean of the finite values among the last `window` rows, NaN where fewer than `at_least` are finite."""
    here = np.isfinite(values)
    seen = np.concatenate([np.zeros(window, np.int64), np.cumsum(here)])
    count = seen[window:] - seen[:-window]
    mean = np.full(values.size, np.nan)
    enough = np.flatnonzero(count >= max(at_least, 1))
    if enough.size:
        start = enough[0]
        padded = np.concatenate([np.zeros(max(window - 1 - start, 0)), np.where(here, values, 0.0)])
        total = trailing_sum(padded[max(start - window + 1, 0) :], window)[window - 1 :]
        mean[start:] = np.divide(total, count[start:], out=mean[start:], where=count[start:] >= max(at_least, 1))
    return mean


def _rows(series: Series, keep: B1 | slice) -> Series:
    return replace(series, period=series.period[keep], known_at=series.known_at[keep], value=series.value[keep])
