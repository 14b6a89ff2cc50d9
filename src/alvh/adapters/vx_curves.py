"""The monthly VX curve of every session, from contract files, with missing contracts reconstructed and labelled.

1. For each session and monthly contract the price is the exchange's settlement, from the preferred source that has
   one; where no source has a settlement the day's last trade stands in, labelled TRADED.
2. A monthly contract of which no source has a row, or none after some day, is missing; `vx_reconstruction` rebuilds
   its prices from the constant-maturity series or from its neighbours, labelled RECONSTRUCTED. A weekly contract is
   never used.
3. A contract is on the curve of a session only before its settlement day: on that morning it is settled.
4. The final settlement is the exchange's archive value, or the settlement printed on the contract's last row, which is
   the same number (they agree in 103 of 104 months that have both); a last trade in its place is not official.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np

from alvh.adapters.vx_reconstruction import Rebuilt, rebuild, serial_expiries
from alvh.core.arrays import B1, D8, F8, I1, I8, frozen
from alvh.market.curve import CurveOrigin, VxCurve
from alvh.market.quality import Defect, Finding
from alvh.market.series import Series

_ORIGINS = (CurveOrigin.SETTLED, CurveOrigin.TRADED, CurveOrigin.RECONSTRUCTED)
_SETTLED, _TRADED, _RECONSTRUCTED = 0, 1, 2
_MONTHLY = "VX/"


class SeriesSource(Protocol):
    """What a curve is built from: series by name and source."""

    def names(self) -> tuple[str, ...]: ...  # noqa: D102
    def sources(self, name: str) -> tuple[str, ...]: ...  # noqa: D102
    def series(self, name: str, source: str | None = None) -> Series: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class VxHistory:
    """Monthly VX curves of many sessions in columns, ascending by session and expiry.

    Attributes
    ----------
    sessions : (n,) datetime64[D] array
    offsets : (n + 1,) array
        Rows of session i are ``offsets[i]:offsets[i + 1]``.
    expiry : (m,) datetime64[D] array
    price : (m,) array, vol points
    origin : (m,) array of codes: 0 settled, 1 traded, 2 reconstructed
    final_expiry, final_value, final_official : (k,) arrays
        Final settlements by expiry.
    """

    sessions: D8
    offsets: I8
    expiry: D8
    price: F8
    origin: I1
    final_expiry: D8
    final_value: F8
    final_official: B1
    _row: dict[date, int] = field(init=False, repr=False, compare=False)
    _dates: list[date] = field(init=False, repr=False, compare=False)
    _origins: list[CurveOrigin] = field(init=False, repr=False, compare=False)
    _days: F8 = field(init=False, repr=False, compare=False)
    _final: dict[date, tuple[float, bool]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        counts = np.diff(self.offsets)
        days = (self.expiry - np.repeat(self.sessions, counts)).astype(np.float64)
        for column in (self.sessions, self.offsets, self.expiry, self.price, self.origin, days):
            frozen(column)
        finals = zip(self.final_value.tolist(), self.final_official.tolist(), strict=True)
        made = {
            "_row": {day: row for row, day in enumerate(self.sessions.tolist())},
            "_dates": self.expiry.tolist(),
            "_origins": [_ORIGINS[code] for code in self.origin.tolist()],
            "_days": days,
            "_final": dict(zip(self.final_expiry.tolist(), finals, strict=True)),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def curve(self, session: date) -> VxCurve | None:
        """Return the curve of one session, or None where no contract has a price."""
        row = self._row.get(session)
        if row is None:
            return None
        start, end = int(self.offsets[row]), int(self.offsets[row + 1])
        return VxCurve(
            session=session,
            expiries=tuple(self._dates[start:end]),
            days=self._days[start:end],
            price=self.price[start:end],
            origin=tuple(self._origins[start:end]),
        )

    def vx_final_settlement(self, expiry: date) -> tuple[float, bool] | None:
        """Return the final settlement of a monthly contract in VIX points and whether it is the official value.

        None where no source has one.
        """
        return self._final.get(expiry)

    def findings(self) -> tuple[Finding, ...]:
        """Say which contracts were reconstructed, and which prices are last trades, one finding per contract."""
        said = (
            (
                _RECONSTRUCTED,
                Defect.RECONSTRUCTED,
                "no price in any file on these sessions; rebuilt, never from a weekly",
            ),
            (_TRADED, Defect.ZERO_SETTLE, "no settlement in any file; the day's last trade stands in"),
        )
        found = []
        for code, defect, detail in said:
            expiries, counts = np.unique(self.expiry[self.origin == code], return_counts=True)
            for expiry, count in zip(expiries.tolist(), counts.tolist(), strict=True):
                name = f"{_MONTHLY}{expiry.isoformat()}"
                found.append(Finding(subject=name, defect=defect, session=None, count=count, detail=detail))
        return tuple(found)


def build_vx_history(source: SeriesSource) -> VxHistory:
    """Build the curve of every session from the contract series of a store."""
    contracts = _contracts(source)
    rows = [_rows_of(source, expiry) for expiry in contracts]
    sessions = np.concatenate([part[0] for part in rows]) if rows else np.zeros(0, "datetime64[D]")
    expiry = np.repeat(np.array(contracts, "datetime64[D]"), [part[0].size for part in rows])
    price = np.concatenate([part[1] for part in rows]) if rows else np.zeros(0)
    origin = np.concatenate([part[2] for part in rows]) if rows else np.zeros(0, np.int8)
    alive = sessions < expiry
    known = Rebuilt(session=sessions[alive], expiry=expiry[alive], price=price[alive])
    extra = rebuild(known, serial_expiries(contracts), _constant_maturity(source), _optional(source, "VIX"))
    finals = _finals(source, contracts)
    return _assemble(known, origin[alive], extra, finals)


def _contracts(source: SeriesSource) -> list[date]:
    """List the monthly contracts with daily prices, ascending."""
    names = (name for name in source.names() if name.startswith(_MONTHLY))
    fields = (name.removeprefix(_MONTHLY).split(".") for name in names)
    return sorted({date.fromisoformat(day) for day, kind in fields if kind in ("settle", "close")})


def _rows_of(source: SeriesSource, expiry: date) -> tuple[D8, F8, I1]:
    """Merge the sources of one contract: settlements by preference, then last trades."""
    versions = [
        (item, code)
        for kind, code in (("settle", _SETTLED), ("close", _TRADED))
        for item in _versions(source, f"{_MONTHLY}{expiry.isoformat()}.{kind}")
    ]
    sessions = np.concatenate([item.period for item, _ in versions])
    price = np.concatenate([item.value for item, _ in versions])
    origin = np.repeat(np.array([code for _, code in versions], np.int8), [item.period.size for item, _ in versions])
    # np.unique keeps the first of equal sessions, which is the most preferred.
    unique, first = np.unique(sessions, return_index=True)
    return unique, price[first], origin[first]


def _versions(source: SeriesSource, name: str) -> list[Series]:
    return [source.series(name, where) for where in source.sources(name)]


def _optional(source: SeriesSource, name: str) -> Series | None:
    return source.series(name) if source.sources(name) else None


def _constant_maturity(source: SeriesSource) -> dict[int, Series]:
    """Return the constant-maturity series by months ahead."""
    found = {month: _optional(source, f"VX.CM{month}") for month in range(1, 7)}
    return {month: series for month, series in found.items() if series is not None}


def _finals(source: SeriesSource, contracts: list[date]) -> dict[date, tuple[float, bool]]:
    finals: dict[date, tuple[float, bool]] = {}
    for expiry in contracts:
        sessions, price, origin = _rows_of(source, expiry)
        if sessions.size and sessions[-1] == np.datetime64(expiry):
            finals[expiry] = (float(price[-1]), bool(origin[-1] == _SETTLED))
    for name in source.names():
        if name.startswith(_MONTHLY) and name.endswith(".final"):
            archived = source.series(name)
            finals[date.fromisoformat(name[len(_MONTHLY) : -len(".final")])] = (float(archived.value[-1]), True)
    return finals


def _assemble(known: Rebuilt, origin: I1, extra: Rebuilt, finals: Mapping[date, tuple[float, bool]]) -> VxHistory:
    sessions = np.concatenate([known.session, extra.session])
    expiry = np.concatenate([known.expiry, extra.expiry])
    price = np.concatenate([known.price, extra.price])
    origins = np.concatenate([origin, np.full(extra.price.size, _RECONSTRUCTED, np.int8)])
    order = np.lexsort((expiry, sessions))
    unique, starts = np.unique(sessions[order], return_index=True)
    ordered = sorted(finals)
    return VxHistory(
        sessions=unique,
        offsets=np.append(starts, order.size).astype(np.int64),
        expiry=expiry[order],
        price=price[order],
        origin=origins[order],
        final_expiry=np.array(ordered, "datetime64[D]"),
        final_value=np.array([finals[day][0] for day in ordered], np.float64),
        final_official=np.array([finals[day][1] for day in ordered], np.bool_),
    )


_ARRAYS = ("sessions", "offsets", "expiry", "price", "origin", "final_expiry", "final_value", "final_official")


def save_vx_history(history: VxHistory, path: Path) -> None:
    """Keep a built history beside the series; a folder that cannot be written costs only the time to build again."""
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp")
    try:
        for old in path.parent.glob("vx_history-*.npz"):
            old.unlink(missing_ok=True)
        with temporary.open("wb") as stream:
            np.savez(stream, **{name: getattr(history, name) for name in _ARRAYS})
        os.replace(temporary, path)
    except OSError:
        return


def load_vx_history(path: Path) -> VxHistory | None:
    """Read a history kept earlier; None where there is none or it is damaged."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            return VxHistory(**{name: kept[name] for name in _ARRAYS})
    except (OSError, ValueError, KeyError, EOFError):
        return None
