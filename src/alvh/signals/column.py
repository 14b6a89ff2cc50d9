"""One signal over a whole history: a value per session, or the reason why it is absent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from alvh.core.arrays import B1, D8, F8, I1, I8
from alvh.market.series import Series

SeriesLookup: TypeAlias = Callable[[str], Series | None]
"""Finds a series by canonical name; None where the market does not have it."""

_YOUNG, _STALE, _UNKNOWN = 1, 2, 3
_NEVER = np.datetime64("NaT", "s")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalColumn:
    """A causal signal aligned to session snapshots.

    Attributes
    ----------
    id : str
        Rulebook id, with a part after a dot where a signal has parts: ``S-REER.stable``.
    value : (n,) array
        Zero where absent; read it only through `code`.
    code : (n,) array
        0 where present, else an index into `reasons`.
    reasons : tuple of str
        ``reasons[0]`` is empty.
    known_at : (n,) datetime64[s] array, UTC
        When the newest input behind the value became known; NaT where nothing was known.
    """

    id: str
    value: F8
    code: I1
    reasons: tuple[str, ...]
    known_at: D8

    def followed_by(self, *later: SignalColumn) -> SignalColumn:
        """Append the rows of the same part at later snapshots."""
        reasons = list(self.reasons)
        codes = [self.code]
        for column in later:
            reasons.extend(reason for reason in column.reasons if reason not in reasons)
            codes.append(np.array([reasons.index(reason) for reason in column.reasons], np.int8)[column.code])
        return SignalColumn(
            id=self.id,
            value=np.concatenate((self.value, *(column.value for column in later))),
            code=np.concatenate(codes),
            reasons=tuple(reasons),
            known_at=np.concatenate((self.known_at, *(column.known_at for column in later))),
        )

    @property
    def present(self) -> B1:
        """Mask of the sessions that have a value."""
        present: B1 = self.code == 0
        return present


class Dated(Protocol):
    """Rows with the instant at which each became known, ascending: a `Series`, or several joined (`Joined`)."""

    @property
    def name(self) -> str:
        """Name to use in reasons."""
        ...

    @property
    def known_at(self) -> D8:
        """When each row became public, ascending."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Several series on the periods they share; a row is known when the last of its values is.

    Attributes
    ----------
    name : str
        Their names: ``SPX and VIX``.
    values : tuple of (n,) arrays
        In the order in which the series were given.
    """

    name: str
    period: D8
    known_at: D8
    values: tuple[F8, ...]

    def since(self, row: int) -> Joined:
        """Leave out the rows before one."""
        return Joined(
            name=self.name,
            period=self.period[row:],
            known_at=self.known_at[row:],
            values=tuple(column[row:] for column in self.values),
        )


def join(*series: Series) -> Joined:
    """Join daily series on their common periods."""
    places = [places_of(item.period, series[0].period) for item in series]
    shared = np.logical_and.reduce([place >= 0 for place in places])
    period = series[0].period[shared]
    rows = [place[shared] for place in places]
    known = series[0].known_at[rows[0]]
    for item, row in zip(series[1:], rows[1:], strict=True):
        known = np.maximum(known, item.known_at[row])
    return Joined(
        name=" and ".join(item.name for item in series),
        period=period,
        known_at=known,
        values=tuple(item.value[row] for item, row in zip(series, rows, strict=True)),
    )


def places_of(own: D8, wanted: D8) -> I8:
    """Row of each wanted day in a column of days, -1 where it has none; by address, which is quicker than a search."""
    places = np.full(wanted.size, -1, np.int64)
    if own.size and wanted.size:
        days, asked = (column.astype("datetime64[D]").view(np.int64) for column in (own, wanted))
        first = days.min()
        table = np.full(days.max() - first + 1, -1, np.int64)
        table[days - first] = np.arange(days.size)
        inside = (asked >= first) & (asked - first < table.size)
        places[inside] = table[asked[inside] - first]
    return places


class Alignment:
    """The last known row at each snapshot, and whether it is fresh.

    Parameters
    ----------
    dated : Dated
    snapshots : (n,) datetime64[s] array, UTC
    max_age_days : float
        Calendar days a row may be used after it became known.

    Attributes
    ----------
    row : (n,) array
        Place of the last known row; 0 where there is none.
    known_at : (n,) datetime64[s] array
        NaT where nothing was known.
    """

    def __init__(self, dated: Dated, snapshots: D8, *, max_age_days: float) -> None:
        place = np.searchsorted(dated.known_at, snapshots, side="right") - 1
        known = place >= 0
        self.row = np.maximum(place, 0)
        self.known_at = np.full(snapshots.size, _NEVER)
        if dated.known_at.size:
            self.known_at = np.where(known, dated.known_at[self.row], _NEVER)
        seconds = np.timedelta64(round(max_age_days * 86400), "s")
        self._code = np.where(known, 0, _UNKNOWN).astype(np.int8)
        self._code[known & (snapshots - self.known_at > seconds)] = _STALE
        self._stale = f"the last {dated.name} is more than {max_age_days:g} days old"
        self._unknown = f"no {dated.name} was known yet"

    def column(self, identifier: str, values: F8, *, young: str) -> SignalColumn:
        """Hand out a signal that has one value per row.

        Parameters
        ----------
        values : (m,) array
            NaN where the signal cannot be said.
        young : str
            Reason to give there, usually that a window is not full.
        """
        if not values.size:
            return SignalColumn(
                id=identifier,
                value=np.zeros(self.row.size),
                code=self._code,
                reasons=("", young, self._stale, self._unknown),
                known_at=self.known_at,
            )
        value = values[self.row]
        code = self._code.copy()
        code[~np.isfinite(value) & (code == 0)] = _YOUNG
        return SignalColumn(
            id=identifier,
            value=np.where(code == 0, value, 0.0),
            code=code,
            reasons=("", young, self._stale, self._unknown),
            known_at=self.known_at,
        )


def absent(identifier: str, snapshots: D8, reason: str) -> SignalColumn:
    """Make a column that is absent on every session, for one reason."""
    n = snapshots.size
    return SignalColumn(
        id=identifier,
        value=np.zeros(n),
        code=np.ones(n, np.int8),
        reasons=("", reason),
        known_at=np.full(n, _NEVER),
    )


def all_absent(identifiers: Sequence[str], snapshots: D8, reason: str) -> tuple[SignalColumn, ...]:
    """Make columns that are all absent on every session, for one reason."""
    return tuple(absent(identifier, snapshots, reason) for identifier in identifiers)


def aligned(
    identifier: str, dated: Dated, signal: F8, snapshots: D8, *, max_age_days: float, young: str
) -> SignalColumn:
    """Align one signal computed on a series' own observations to session snapshots.

    Parameters
    ----------
    signal : (m,) array
        One value per observation; NaN where the window is not yet full.
    snapshots : (n,) datetime64[s] array, UTC
    max_age_days : float
        Calendar days a value may be used after the last observation became known.
    young : str
        Reason to give while the window is not full.
    """
    return Alignment(dated, snapshots, max_age_days=max_age_days).column(identifier, signal, young=young)


def combined(identifier: str, value: F8 | B1, *columns: SignalColumn) -> SignalColumn:
    """Make a column from several: present where they all are, else absent for the first one's reason."""
    code = np.zeros(value.size, np.int8)
    reasons: list[str] = [""]
    known_at = columns[0].known_at
    for column in reversed(columns):
        offset = len(reasons) - 1
        code = np.where(column.code > 0, column.code + offset, code).astype(np.int8)
        reasons.extend(column.reasons[1:])
        known_at = np.fmax(known_at, column.known_at)
    return SignalColumn(
        id=identifier,
        value=np.where(code == 0, value, 0.0),
        code=code,
        reasons=tuple(reasons),
        known_at=known_at,
    )


def first_present(identifier: str, *columns: SignalColumn) -> SignalColumn:
    """Take each session from the first column that has it; absent for the last column's reason."""
    last = columns[-1]
    value, code, known_at = last.value, last.code, last.known_at
    for column in reversed(columns[:-1]):
        value = np.where(column.present, column.value, value)
        known_at = np.where(column.present, column.known_at, known_at)
        code = np.where(column.present, np.int8(0), code)
    return SignalColumn(id=identifier, value=value, code=code, reasons=last.reasons, known_at=known_at)
