"""Turn normal rows into sorted chain days, and refuse what must not be believed.

1. Check every needed cell; the first bad one refuses the file with its line and column.
2. Give every row a root: its own, the one the person gave, or one told from the expiry (said as a finding).
3. Sort by (session, root, expiry, strike, right) through one integer key.
4. Drop repeated rows that say the same (a finding); refuse the file where one contract has two quotes.
5. Cut into one `ChainDay` per root and session; refuse the days that are no sessions, copies or blanks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from alvh.adapters.chain_checks import check_cells, check_order
from alvh.adapters.chain_quality import blanked, judge, same_quotes, violations
from alvh.adapters.chain_reader import Piece
from alvh.adapters.chain_roots import with_roots
from alvh.adapters.formats.words import ChainFormat
from alvh.adapters.session_clock import SessionClock
from alvh.core.arrays import B1, F8, I1, I4, I8
from alvh.core.errors import RefusedError
from alvh.market.chain import QuoteStatus
from alvh.market.quality import Defect, Finding

_EXPIRY_BITS, _STRIKE_BITS, _RIGHT_BITS, _ROOT_BITS = 15, 27, 1, 6
_DAY_SHIFT = _EXPIRY_BITS + _STRIKE_BITS + _RIGHT_BITS
_FIRST_ORDINAL = date(1970, 1, 1).toordinal()
_VENDOR = ("iv", "delta", "volume", "open_interest")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDay:
    """All quotes of one root on one session, sorted by (expiry, strike, right), calls before puts.

    Attributes
    ----------
    asof : int
        Seconds since 1970 UTC.
    timed : bool
        False where the file carries only a date and `asof` is the convention.
    spot : float or None
        Level of the underlying printed with the quotes, points.
    expiries : (m,) array of days since 1970
    offsets : (m + 1,) array
        Rows of expiry i are ``offsets[i]:offsets[i + 1]``.
    strike, bid, ask : (n,) arrays, points
        Zero where the file has a blank; `blank` says which.
    status : (n,) array of QuoteStatus codes
    blank : (n,) array
        1 where the bid is blank in the file, 2 where the ask is, 3 where both are.
    iv, delta, volume, open_interest : (n,) arrays
        The vendor's own columns; NaN where the file has a blank or no such column.
    """

    root: str
    session: date
    asof: int
    timed: bool
    spot: float | None
    expiries: I4
    offsets: I8
    strike: F8
    is_put: B1
    bid: F8
    ask: F8
    status: I1
    blank: I1
    iv: F8
    delta: F8
    volume: F8
    open_interest: F8

    @property
    def rows(self) -> int:
        """Number of quotes."""
        return int(self.strike.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDay:
    """A day that may be stored, with what is wrong in it."""

    day: ChainDay
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDay:
    """A session of a file that is kept out, and why."""

    root: str
    session: date
    finding: Finding

    @property
    def sentence(self) -> str:
        """Why the day is kept out."""
        return self.finding.detail


class DayMaker:
    """Make chain days of the pieces of one file, in the order of the file.

    Parameters
    ----------
    where : str
        The file as messages name it.
    root : str or None
        Root the person gave, for files without one.
    """

    def __init__(self, where: str, format_: ChainFormat, root: str | None, clock: SessionClock) -> None:
        self._where = where
        self._format = format_
        self._root = root
        self._clock = clock
        self._last: date | None = None
        self._previous: dict[str, ChainDay] = {}

    def days(self, piece: Piece) -> Iterator[JudgedDay | RefusedDay]:
        """Yield the days of one piece: sessions ascending, within a session roots in alphabetical order.

        Raises
        ------
        RefusedError
            A cell, the order of dates or a contract with two quotes forbids believing the file.
        """
        check_cells(piece, self._format, self._where)
        frame, assumed = with_roots(piece.frame, self._root, self._clock, self._where)
        rows = _Sorted(frame, self._where)
        check_order(rows.first, self._last, int(piece.raw["line"][0]), self._format, self._where)
        self._last = rows.last
        for place in range(rows.groups):
            yield self._judged(rows, place, assumed)

    def _judged(self, rows: _Sorted, place: int, assumed: bool) -> JudgedDay | RefusedDay:
        root, session = rows.root(place), rows.session(place)
        clocks = rows.clocks(place)
        asof = clocks[0] if clocks else self._clock.snapshot(session)
        day = rows.day(place, asof=asof, timed=bool(clocks))
        refused = self._refusal(day, len(clocks))
        if refused is not None:
            return RefusedDay(root=root, session=session, finding=refused)
        self._previous[root] = day
        return JudgedDay(day=day, findings=rows.findings(place, day, assumed and root in ("SPX", "SPXW")))

    def _refusal(self, day: ChainDay, clocks: int) -> Finding | None:
        before = self._previous.get(day.root)
        name = f"{day.root} {day.session}"
        if not self._clock.is_session(day.session):
            same = before is not None and before.spot is not None and before.spot == day.spot
            copy = (
                f"; its level {day.spot:g} repeats {before.session}, so it is a stale copy" if before and same else ""
            )
            defect, detail = Defect.NOT_A_SESSION, f"{name} was no trading session{copy}. The day is refused."
        elif clocks > 1:
            defect = Defect.DUPLICATE
            detail = f"{name} holds {clocks} snapshots and the store keeps one a session. Import an end-of-day file."
        elif blanked(day):
            empty = int(np.count_nonzero((day.bid == 0.0) & (day.ask == 0.0)))
            defect = Defect.BLANKED
            detail = f"{name} has no bid and no ask on {empty} of {day.rows} quotes. The day is refused."
        elif before is not None and same_quotes(day, before):
            defect, detail = Defect.STALE, f"{name} repeats every quote and the level of {before.session}; refused."
        else:
            return None
        return Finding(subject=day.root, defect=defect, session=day.session, count=day.rows, detail=detail)


class _Sorted:
    """Rows of a piece in order, with the edges of every (session, root) group."""

    def __init__(self, frame: pl.DataFrame, where: str) -> None:
        names = frame.get_column("root").unique().sort().to_list()
        if len(names) > 1 << _ROOT_BITS:
            raise RefusedError(f"{len(names)} roots in one file; split it by underlying.", where=where)
        self._names: list[str] = names
        key, self._origin = _key(frame, names)
        kept = frame.select(
            "line",
            "session",
            "expiry",
            "strike",
            "is_put",
            "bid",
            "ask",
            *_VENDOR,
            "spot",
            pl.col("asof").fill_null(-1),
        )
        if not np.all(key[1:] > key[:-1]):
            # Stable, so that of rows that repeat each other the first in the file is the one that is kept.
            order = np.argsort(key, kind="stable")
            kept, key = kept[order], key[order]
        self._clocks = _clocks(kept.get_column("asof").to_numpy(), key >> _DAY_SHIFT)
        repeated = np.flatnonzero(key[1:] == key[:-1]) + 1
        if repeated.size:
            _refuse_conflicts(kept, repeated, where)
        self._repeated_keys = key[repeated] >> _DAY_SHIFT
        if repeated.size:
            keep = np.ones(key.size, np.bool_)
            keep[repeated] = False
            kept, key = kept.filter(pl.Series(keep)), key[keep]
        self._edges = _edges(key >> _DAY_SHIFT)
        self._group = (key >> _DAY_SHIFT)[self._edges[:-1]]
        self._take_columns(kept, key)

    def _take_columns(self, frame: pl.DataFrame, key: I8) -> None:
        bid, ask = frame.get_column("bid"), frame.get_column("ask")
        self._expiry = frame.get_column("expiry").to_physical().to_numpy()
        self._spot = _filled(frame.get_column("spot"))
        self._columns: dict[str, Any] = {
            "strike": frame.get_column("strike").to_numpy(),
            "is_put": frame.get_column("is_put").to_numpy(),
            "bid": _filled(bid, 0.0),
            "ask": _filled(ask, 0.0),
            "blank": bid.is_null().to_numpy().astype(np.int8) + 2 * ask.is_null().to_numpy().astype(np.int8),
            **{name: _filled(frame.get_column(name)) for name in _VENDOR},
        }
        self._columns["status"] = quote_status(self._columns["bid"], self._columns["ask"])
        self._count_arbitrage(key)

    def _count_arbitrage(self, key: I8) -> None:
        """Count per group at once: a piece holds many days, and each array operation has its price."""
        run = key >> (_STRIKE_BITS + _RIGHT_BITS)
        wanted = {name: self._columns[name] for name in ("strike", "is_put", "bid", "ask", "status")}
        self._verticals, self._butterflies = (
            np.bincount(np.searchsorted(self._edges, rows, side="right") - 1, minlength=self.groups)
            for rows in violations(run, **wanted)
        )

    @property
    def groups(self) -> int:
        return int(self._edges.size) - 1

    @property
    def first(self) -> date:
        return self.session(0)

    @property
    def last(self) -> date:
        return self.session(self.groups - 1)

    def root(self, place: int) -> str:
        return self._names[int(self._group[place]) & ((1 << _ROOT_BITS) - 1)]

    def session(self, place: int) -> date:
        days = (int(self._group[place]) >> _ROOT_BITS) + self._origin
        return date.fromordinal(days + _FIRST_ORDINAL)

    def clocks(self, place: int) -> list[int]:
        """Distinct instants of a group's rows; empty where the rows carry only a date."""
        return self._clocks[place]

    def findings(self, place: int, day: ChainDay, root_assumed: bool) -> tuple[Finding, ...]:
        """List what is wrong with the day of a group."""
        return judge(
            day,
            duplicates=int(np.count_nonzero(self._repeated_keys == self._group[place])),
            verticals=int(self._verticals[place]),
            butterflies=int(self._butterflies[place]),
            root_assumed=root_assumed,
        )

    def day(self, place: int, *, asof: int, timed: bool) -> ChainDay:
        part = slice(int(self._edges[place]), int(self._edges[place + 1]))
        expiry = self._expiry[part]
        starts = _edges(expiry)
        spots = self._spot[part]
        known = spots[~np.isnan(spots)]
        return ChainDay(
            root=self.root(place),
            session=self.session(place),
            asof=asof,
            timed=timed,
            spot=float(known[0]) if known.size else None,
            expiries=expiry[starts[:-1]].astype(np.int32),
            offsets=starts,
            **{name: column[part] for name, column in self._columns.items()},
        )


def _filled(column: pl.Series, value: float = float("nan")) -> F8:
    return column.fill_null(value).to_numpy() if column.null_count() else column.to_numpy()


def _edges(group: I8 | I4) -> I8:
    """Where runs of equal values begin, and the end."""
    return np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1], [True])))


def _clocks(asof: I8, group: I8) -> list[list[int]]:
    """Distinct instants of each group's rows; empty where the rows carry only a date."""
    edges = _edges(group)
    lowest = np.minimum.reduceat(asof, edges[:-1])
    highest = np.maximum.reduceat(asof, edges[:-1])
    return [
        ([int(low)] if low >= 0 else []) if low == high else [int(clock) for clock in np.unique(asof[start:stop])]
        for low, high, start, stop in zip(lowest, highest, edges[:-1], edges[1:], strict=True)
    ]


def quote_status(bid: F8, ask: F8) -> I1:
    """Say of every quote whether it can be used; a blank is zero here."""
    status = np.full(bid.size, QuoteStatus.OK, np.int8)
    status[bid > ask] = QuoteStatus.CROSSED
    status[bid == 0.0] = QuoteStatus.ZERO_BID
    status[ask == 0.0] = QuoteStatus.ABSENT
    return status


def _key(frame: pl.DataFrame, names: list[str]) -> tuple[I8, int]:
    """Pack (session, root, expiry, strike, right) into one integer per row; also the day of the first session."""
    session = frame.get_column("session").to_physical().to_numpy().astype(np.int64)
    expiry = frame.get_column("expiry").to_physical().to_numpy().astype(np.int64)
    strike = np.rint(frame.get_column("strike").to_numpy() * 1000.0).astype(np.int64)
    origin = int(session.min())
    key = session - origin << _ROOT_BITS
    if len(names) > 1:
        key |= frame.get_column("root").cast(pl.Enum(names)).to_physical().to_numpy().astype(np.int64)
    # Within a session the order by days to expiry is the order by expiry.
    key = key << _EXPIRY_BITS | (expiry - session)
    key = key << _STRIKE_BITS | strike
    return key << _RIGHT_BITS | frame.get_column("is_put").to_numpy(), origin


def _refuse_conflicts(rows: pl.DataFrame, repeated: I8, where: str) -> None:
    """Refuse the file where one contract has two different quotes in one snapshot."""
    later = rows[repeated].select("line", "session", "expiry", "strike", "bid", "ask", "asof")
    earlier = rows[repeated - 1].select("line", "bid", "ask", "asof")
    differs = ~(later["bid"].eq_missing(earlier["bid"]) & later["ask"].eq_missing(earlier["ask"]))
    # Two instants are two snapshots, which is the day's fault and not the file's.
    differs &= later["asof"] == earlier["asof"]
    places = differs.arg_true()
    if places.len():
        row = later.row(int(places[0]), named=True)
        first = earlier.row(int(places[0]), named=True)
        raise RefusedError(
            f"the contract {row['expiry']} {row['strike']:g} has two quotes on {row['session']}: "
            f"{first['bid']} x {first['ask']} on line {first['line']} and {row['bid']} x {row['ask']}.",
            where=f"{where}, line {row['line']}",
            fix="Remove the wrong one; nothing of the file was kept.",
        )
