"""Series a store computes from many others: the VX curve row by row, and breadth over the index members.

Both would cost a reader hundreds of series. The curve comes from the history of curves, which is kept already; the
panel of members is summarised once after an import and kept beside the series, named by the digest of what it came
from.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from alvh.adapters.formats.tables import day_number
from alvh.adapters.series_making import make_series, stamped
from alvh.adapters.series_manifest import Group, Placed
from alvh.adapters.vx_curves import VxHistory
from alvh.core.arrays import D8, F8, I8
from alvh.market.catalogue import entry
from alvh.market.release import known_at
from alvh.market.series import Series
from alvh.signals.inputs.breadth import panel_of

__all__ = ["CURVE_NAMES", "MEMBER_NAMES", "MemberTable", "curve_series", "member_series", "member_table"]

CURVE_NAMES = ("VX.CURVE", "VX.CURVE.expiry")
MEMBER_NAMES = ("MEMBERS.ADVANCES", "MEMBERS.DECLINES", "MEMBERS.ISSUES", "MEMBERS.VOL")

_MEMBER_FORMATS = ("members_wide", "members_long")
_LEAST_MEMBERS = 50


def curve_series(history: VxHistory) -> dict[str, Series]:
    """Write the monthly VX curve of every session as two series of equal length; empty without VX files."""
    if history.sessions.size == 0:
        return {}
    period = np.repeat(history.sessions, np.diff(history.offsets))
    instants = known_at(entry("VX.CURVE").release, period)
    number = day_number(history.expiry)
    source = "monthly VX contract files"
    values = zip(CURVE_NAMES, (history.price, number), strict=True)
    # Rows of one session share one instant and are already ascending by expiry, which a stable sort keeps.
    return {name: stamped(entry(name), period, instants, value, source) for name, value in values}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTable:
    """The file of member prices a panel is made from.

    Attributes
    ----------
    source : str
    group : Group
    members : sequence of Placed
        Its closes, adjusted where the file adjusts them.
    """

    source: str
    group: Group
    members: Sequence[Placed]


def member_table(groups: Mapping[str, Group]) -> MemberTable | None:
    """Choose the file of member prices that reaches furthest; None where the store has none."""
    tables = [
        MemberTable(source=source, group=group, members=_closes(group))
        for source, group in sorted(groups.items())
        if source.split(":", 1)[0] in _MEMBER_FORMATS
    ]
    tables = [table for table in tables if len(table.members) >= _LEAST_MEMBERS]
    return max(tables, key=lambda table: max(place.last for place in table.members), default=None)


def _closes(group: Group) -> tuple[Placed, ...]:
    adjusted = tuple(place for place in group.series if place.name.endswith(".adjclose"))
    fields = (".open", ".high", ".low", ".volume")
    return adjusted or tuple(place for place in group.series if not place.name.endswith(fields))


def member_series(folder: Path, table: MemberTable, capitalisation: Mapping[str, Series]) -> dict[str, Series]:
    """Return breadth and volatility of the members, kept from an earlier call where the data are the same.

    Parameters
    ----------
    folder : Path
        Where the file of the table lies and the result is kept.
    capitalisation : mapping of str to Series
        By symbol; the volatility is weighted by it where it covers half of the members, else equally.
    """
    weighted = len(capitalisation) >= len(table.members) / 2
    kept = folder / f"members-{table.group.digest[:16]}{'-caps' if weighted else ''}.npz"
    columns = None if weighted else _load(kept)
    if columns is None:
        period, price = _panel(folder / table.group.file, table.members)
        weight = _weights(period, table.members, capitalisation) if weighted else None
        panel = panel_of(price, weight)
        columns = (period, panel.advances, panel.declines, panel.issues, panel.vol)
        if not weighted:
            _save(kept, columns)
    return _as_series(columns, f"{'cap' if weighted else 'equal'}-weighted, {table.source}")


_Columns = tuple[D8, F8, F8, F8, F8]


def _as_series(columns: _Columns, source: str) -> dict[str, Series]:
    period, *values = columns
    found = {}
    for name, value in zip(MEMBER_NAMES, values, strict=True):
        counted = np.isfinite(value) & (columns[3] > 0.0)
        found[name] = make_series(entry(name), period[counted], value[counted], source)
    return found


def _panel(path: Path, members: Sequence[Placed]) -> tuple[D8, F8]:
    """Read the closes of all members into one matrix, a row per day; NaN where a member has no price."""
    frame = pl.read_parquet(path, columns=["period", "value"])
    day = frame["period"].to_numpy().astype("datetime64[D]")
    value = frame["value"].to_numpy()
    rows = np.concatenate([np.arange(place.offset, place.offset + place.rows) for place in members])
    column: I8 = np.repeat(np.arange(len(members)), [place.rows for place in members])
    period, row = np.unique(day[rows], return_inverse=True)
    price = np.full((period.size, len(members)), np.nan)
    price[row, column] = value[rows]
    return period, price


def _weights(period: D8, members: Sequence[Placed], capitalisation: Mapping[str, Series]) -> F8:
    """Return each member's last capitalisation known at each day's close, NaN without one."""
    instants = known_at(entry("MEMBERS.VOL").release, period)
    weight = np.full((period.size, len(members)), np.nan)
    for place, member in enumerate(members):
        series = capitalisation.get(member.name.split(".adjclose", maxsplit=1)[0])
        if series is not None:
            row = np.searchsorted(series.known_at, instants, side="right") - 1
            weight[:, place] = np.where(row >= 0, series.value[np.maximum(row, 0)], np.nan)
    return weight


_ARRAYS = ("period", "advances", "declines", "issues", "vol")


def _save(path: Path, columns: _Columns) -> None:
    """Keep a summary; a folder that cannot be written costs only the time to make it again."""
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp")
    try:
        for old in path.parent.glob("members-*.npz"):
            old.unlink(missing_ok=True)
        with temporary.open("wb") as stream:
            period, advances, declines, issues, vol = columns
            np.savez(stream, period=period, advances=advances, declines=declines, issues=issues, vol=vol)
        os.replace(temporary, path)
    except OSError:
        return


def _load(path: Path) -> _Columns | None:
    try:
        with np.load(path, allow_pickle=False) as kept:
            period, advances, declines, issues, vol = (kept[name] for name in _ARRAYS)
    except (OSError, ValueError, KeyError, EOFError):
        return None
    return period, advances, declines, issues, vol
