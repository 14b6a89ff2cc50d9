"""Every signal of the program over a whole history, each computed when it is first asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from alvh.core.arrays import D8
from alvh.core.errors import UsageError
from alvh.market.series import Series
from alvh.signals.column import SeriesLookup, SignalColumn
from alvh.signals.fresh import rows_of
from alvh.signals.inputs import with_derived
from alvh.signals.parameters import SignalParameters
from alvh.signals.registry import BY_ID, PARTS, SIGNALS
from alvh.signals.signal import Signal

_DAYS_A_SESSION, _HOLIDAYS = 365.25 / 250.0, 14
"""Calendar days that surely hold a session, and a margin for closures."""


class SignalTable:
    """The evidence of a market at session snapshots.

    Parameters
    ----------
    lookup : callable
        Finds a series by canonical name with its whole history before the first snapshot.
    snapshots : (n,) datetime64[s] array, UTC, ascending
    parameters : SignalParameters
        Section ``signals`` of the policy.
    """

    def __init__(self, lookup: SeriesLookup, snapshots: D8, parameters: SignalParameters) -> None:
        self.snapshots = snapshots
        self._lookup = with_derived(lookup)
        self._parameters = parameters
        self._pieces: dict[str, tuple[SignalColumn, ...]] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """Full id of every part, in the order of the rulebook."""
        return PARTS

    def __getitem__(self, identifier: str) -> SignalColumn:
        """Return one part's column, causal: row i uses only what was known at ``snapshots[i]``.

        Raises
        ------
        UsageError
            No signal has this part.
        """
        if identifier not in self._pieces:
            self._compute(identifier)
        first, *later = self._pieces[identifier]
        if later:
            first = first.followed_by(*later)
            self._pieces[identifier] = (first,)
        return first

    def last(self, identifier: str, count: int) -> SignalColumn:
        """Return the last rows of one part, or all where there are fewer, without joining those before."""
        if identifier not in self._pieces:
            self._compute(identifier)
        return last_of(self._pieces[identifier], count)

    def __contains__(self, identifier: str) -> bool:
        """Whether a signal has this part."""
        return identifier in PARTS

    def columns(self) -> tuple[SignalColumn, ...]:
        """Compute what has not been asked for yet and return every column in the order of `ids`."""
        return tuple(self[identifier] for identifier in PARTS)

    def extended(self, lookup: SeriesLookup, snapshots: D8) -> SignalTable:
        """Add later snapshots: what was computed is kept, and only the new rows of the same signals are computed.

        A signal with a look-back is given no more history than it needs, so a new day costs a window; the new rows are
        joined to the old ones when a column is read.

        Parameters
        ----------
        lookup : callable
            Finds the same series, with what has become known since.
        snapshots : (m,) datetime64[s] array, UTC, ascending
            After the snapshots of this table.
        """
        longer = SignalTable(lookup, np.concatenate((self.snapshots, snapshots)), self._parameters)
        for signal in SIGNALS:
            if signal.part_ids()[0] in self._pieces:
                made = self._rows(signal, longer._lookup, snapshots)
                longer._pieces.update((column.id, (*self._pieces[column.id], column)) for column in made)
        return longer

    def _rows(self, kind: type[Signal[Any]], lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        signal = kind(self._parameters.of(kind.id))
        reach = signal.look_back()
        return signal.compute(lookup if reach is None else recent(lookup, snapshots, reach), snapshots)

    def _compute(self, identifier: str) -> None:
        signal = BY_ID.get(identifier.partition(".")[0])
        if signal is None or identifier not in signal.part_ids():
            known = ", ".join(signal.part_ids()) if signal else ", ".join(BY_ID)
            raise UsageError(f"no signal has the part {identifier!r}", fix=f"Known: {known}.")
        made = signal(self._parameters.of(signal.id)).compute(self._lookup, self.snapshots)
        self._pieces.update((column.id, (column,)) for column in made)


def last_of(pieces: Sequence[SignalColumn], count: int) -> SignalColumn:
    """Return the last rows of a column that lies in pieces, each later than the one before."""
    kept: list[SignalColumn] = []
    for piece in reversed(pieces):
        if count <= 0:
            break
        rows = slice(max(0, piece.value.size - count), None)
        kept.append(replace(piece, value=piece.value[rows], code=piece.code[rows], known_at=piece.known_at[rows]))
        count -= piece.value.size
    return kept[-1].followed_by(*reversed(kept[:-1])) if len(kept) > 1 else kept[0]


def recent(lookup: SeriesLookup, snapshots: D8, sessions: int) -> SeriesLookup:
    """Cut every series to what the first snapshot needs when it looks back so many sessions."""
    days = math.ceil(sessions * _DAYS_A_SESSION) + _HOLIDAYS
    since = snapshots[0] - np.timedelta64(days, "D")
    found: dict[str, Series | None] = {}

    def find(name: str) -> Series | None:
        if name not in found:
            series = lookup(name)
            found[name] = (
                None if series is None else rows_of(series, slice(int(np.searchsorted(series.known_at, since)), None))
            )
        return found[name]

    return find


def compute(lookup: SeriesLookup, snapshots: D8, parameters: SignalParameters) -> tuple[SignalColumn, ...]:
    """Compute all signals at session snapshots.

    Returns
    -------
    tuple of SignalColumn
        One per signal part, each causal: row i uses only what was known at ``snapshots[i]``.
    """
    return SignalTable(lookup, snapshots, parameters).columns()
