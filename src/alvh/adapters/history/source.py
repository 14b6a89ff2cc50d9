"""A history as a market: recorded chains where there are some, modelled ones elsewhere, and who says which."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Literal, TypeAlias

import numpy as np

from alvh.adapters.history.inputs import ChainSource, SeriesLookup, Snapshots
from alvh.adapters.history.levels import LevelColumns, level_columns
from alvh.adapters.history.notes import history_notes
from alvh.adapters.history.settlements import Settlements
from alvh.adapters.history.timetable import timetable
from alvh.adapters.history.view import LEAST_QUOTES, HistoryView, ModelTerms, Row
from alvh.adapters.series_alignment import align
from alvh.adapters.vx_curves import VxHistory
from alvh.core.arrays import B1, F8
from alvh.core.digest import digest_of
from alvh.core.errors import CoverageError
from alvh.market.chain import OptionChain, Origin
from alvh.market.contracts import Instrument
from alvh.market.curve import CurveOrigin, VxCurve
from alvh.market.series import Observation, Series
from alvh.market.view import SettlementValue
from alvh.pricing.modelled import (
    DIVIDEND_YIELD,
    SPX_ROOTS,
    VIX_ROOTS,
    Levels,
    VarianceClock,
    surface_tables,
    variance_clock,
)

__all__ = ["Chains", "HistoryInputs", "HistorySource"]

Chains: TypeAlias = Literal["auto", "recorded", "modelled"]

_KEPT_VIEWS = 4
_YEARS_AHEAD = 6
_ORIGINS = (CurveOrigin.SETTLED, CurveOrigin.TRADED, CurveOrigin.RECONSTRUCTED)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HistoryInputs:
    """Where the data of a history come from.

    Attributes
    ----------
    name : str
        What a person calls this market.
    lookup : callable
        Series by canonical name, None where absent.
    digest : str
        Digest of every value `lookup`, `curves` and `chains` can give.
    curves : VxHistory or None
        Recorded VX curves and final settlements.
    chains : ChainSource or None
        Recorded chains.
    """

    name: str
    lookup: SeriesLookup
    digest: str
    curves: VxHistory | None = None
    chains: ChainSource | None = None


class HistorySource:
    """A market of the past; implements `market.view.MarketSource`.

    Parameters
    ----------
    inputs : HistoryInputs
    start, end : date, optional
        First and last session wanted; the data's own range where left out.
    chains : {"auto", "recorded", "modelled"}
        Recorded quotes where there are some and modelled ones elsewhere, expiry by expiry; recorded only, skipping
        sessions without; modelled only.
    dividend_yield : float, optional
        Of the index in modelled forwards, continuous, decimal per year.
    spread_factor : float, optional
        Scenario multiplier of modelled bid-ask half-spreads.

    Raises
    ------
    CoverageError
        No session in the range has a usable snapshot.
    """

    def __init__(
        self,
        inputs: HistoryInputs,
        *,
        start: date | None = None,
        end: date | None = None,
        chains: Chains = "auto",
        dividend_yield: float = DIVIDEND_YIELD,
        spread_factor: float = 1.0,
    ) -> None:
        self._inputs = inputs
        # Its own object: a method of this source handed to its parts would tie a knot only the collector can undo.
        self._series: SeriesLookup = cache(inputs.lookup)
        self._policy = chains
        recorded = inputs.chains if chains != "modelled" else None
        self._recorded = _recorded_roots(recorded)
        plan = timetable(self.series, recorded, self._recorded, start=start, end=end)
        levels = level_columns(self.series, plan)
        usable = plan.recorded | (levels.usable if chains != "recorded" else np.zeros(len(plan.sessions), np.bool_))
        self._skipped = _skipped(plan, levels, usable, chains)
        if not usable.any():
            raise CoverageError(_nothing(inputs.name, plan, self._skipped, chains), fix=_HINTS[chains])
        # Sessions outside the usable stretch were never asked for by name, unless the caller gave the range.
        self._snapshots = plan.take(usable)
        self._levels = _taken(levels, usable)
        first = start or self._snapshots.sessions[0]
        last = end or self._snapshots.sessions[-1]
        self._skipped = tuple(item for item in self._skipped if first <= item[0] <= last)
        self._place = {session: place for place, session in enumerate(self._snapshots.sessions)}
        self._terms = ModelTerms(
            clock=variance_clock(self._snapshots.sessions[0], _later(self._snapshots.sessions[-1])),
            dividend_yield=dividend_yield,
            spread_factor=spread_factor,
        )
        self._rows = _RowLists(self._levels, self._snapshots, self._terms.clock)
        self._settlements = Settlements(lookup=self._series, curves=inputs.curves)
        self._views: OrderedDict[date, HistoryView] = OrderedDict()
        self._notes: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """What a person calls this market."""
        return self._inputs.name

    @property
    def digest(self) -> str:
        """Digest of the data and of how they are used."""
        terms = self._terms
        return digest_of(
            {
                "data": self._inputs.digest,
                "chains": self._policy,
                "first": str(self._snapshots.sessions[0]),
                "last": str(self._snapshots.sessions[-1]),
                "dividend_yield": terms.dividend_yield,
                "spread_factor": terms.spread_factor,
            }
        )

    @property
    def origin(self) -> Origin:
        """RECORDED only where the SPX quotes of every session were recorded."""
        return Origin.RECORDED if bool(self._snapshots.recorded.all()) else Origin.MODELLED

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences every report shows."""
        if self._notes is None:
            self._notes = history_notes(
                self._snapshots,
                self._levels,
                self._curve_origins(),
                dividend_yield=self._terms.dividend_yield,
                spread_factor=self._terms.spread_factor,
                vix_recorded=sum(1 for day in self._place if self._chain_roots(day, VIX_ROOTS)),
                least_quotes=LEAST_QUOTES if self._policy == "auto" else None,
            )
        return self._notes

    def sessions(self) -> tuple[date, ...]:
        """Sessions with a usable snapshot, ascending."""
        return self._snapshots.sessions

    def skipped(self) -> tuple[tuple[date, str], ...]:
        """Trading sessions inside the range without a usable snapshot, each with its reason."""
        return self._skipped

    def instant(self, session: date) -> datetime:
        """Aware UTC instant of a session's snapshot, without opening it."""
        return self._snapshots.asof(self._row_of(session))

    def view(self, session: date) -> HistoryView:
        """Open the market as known at the session's snapshot; the last few views are kept.

        Raises
        ------
        CoverageError
            The session has no usable snapshot.
        """
        found = self._views.get(session)
        if found is None:
            found = self._views[session] = self._open(session)
            if len(self._views) > _KEPT_VIEWS:
                self._views.popitem(last=False)
        return found

    def settlement(self, instrument: Instrument) -> SettlementValue | None:
        """Settlement value of a contract, official or a labelled proxy; None when no value is known at all."""
        return self._settlements.value(instrument)

    def series(self, name: str) -> Series | None:
        """Whole history of a series by canonical name; None where absent."""
        return self._series(name)

    def column(self, name: str) -> F8 | None:
        """Values of a series aligned to `sessions()` as known at each snapshot; NaN where absent or stale."""
        series = self.series(name)
        return None if series is None else align(series, self._snapshots.instants).value

    def _row_of(self, session: date) -> int:
        place = self._place.get(session)
        if place is None:
            why = next((reason for day, reason in self._skipped if day == session), "it is outside the range")
            raise CoverageError(
                f"{session} has no usable snapshot: {why}.", where=self.name, fix="Ask for one of its sessions()."
            )
        return place

    def _open(self, session: date) -> HistoryView:
        place = self._row_of(session)
        chains = self._chains_of(session)
        curve_day = session if self._snapshots.closed[place] else self._snapshots.previous[place].item()
        return HistoryView(
            self._rows.row(place, self._spot(place, chains)),
            self._terms,
            chains=chains,
            fill=self._policy == "auto",
            recorded_curve=lambda: self._recorded_curve(curve_day),
            latest=self._latest,
        )

    def _spot(self, place: int, chains: Mapping[str, OptionChain]) -> float:
        for root, scale in (("SPX", 1.0), ("SPXW", 1.0), ("XSP", 10.0)):
            chain = chains.get(root)
            if chain is not None and chain.spot is not None:
                return scale * chain.spot
        return float(self._levels.spot[place])

    def _chain_roots(self, session: date, roots: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(root for root in roots if session in self._recorded.get(root, ()))

    def _chains_of(self, session: date) -> dict[str, OptionChain]:
        source = self._inputs.chains
        if source is None:
            return {}
        return {root: source.chain(root, session) for root in self._chain_roots(session, SPX_ROOTS + VIX_ROOTS)}

    def _recorded_curve(self, session: date) -> VxCurve | None:
        return self._inputs.curves.curve(session) if self._inputs.curves is not None else None

    def _latest(self, name: str, instant: datetime) -> Observation | None:
        series = self.series(name)
        return series.asof(instant) if series is not None else None

    def _curve_origins(self) -> Counter[CurveOrigin]:
        """Count sessions by the weakest contract of their VX curve."""
        known = self._levels.vix > 0.0
        curves = self._inputs.curves
        if curves is None or curves.sessions.size == 0:
            return Counter({CurveOrigin.MODELLED: int(known.sum())})
        weakest = np.maximum.reduceat(curves.origin, curves.offsets[:-1])
        enough = np.diff(curves.offsets) > 1
        place = np.minimum(np.searchsorted(curves.sessions, self._snapshots.days), curves.sessions.size - 1)
        found = (curves.sessions[place] == self._snapshots.days) & enough[place]
        counts = np.bincount(weakest[place[found]], minlength=len(_ORIGINS)).tolist()
        origins = Counter(dict(zip(_ORIGINS, counts, strict=False)))
        origins[CurveOrigin.MODELLED] = int((known & ~found).sum())
        return origins


class _RowLists:
    """Columns as Python lists, so that opening a view touches no array element by element."""

    def __init__(self, levels: LevelColumns, snapshots: Snapshots, clock: VarianceClock) -> None:
        self._snapshots = snapshots
        self._levels = levels
        self._clock = clock
        self._tables: F8 | None = None
        self._vix = _optional(levels.vix)
        self._spot = _optional(levels.spot)
        self._vvix = _optional(levels.vvix)
        self._rate = _optional(levels.rate)
        self._nodes = levels.nodes.tolist()
        self._usable = levels.usable.tolist()
        self._log_vx = levels.log_vx
        self._now = snapshots.now.tolist()
        self._timed = snapshots.timed.tolist()
        self._early = snapshots.early_close.tolist()

    def row(self, place: int, spot: float) -> Row:
        vix = self._vix[place]
        vix9d, _, vix3m, vix6m = self._nodes[place]
        levels = None
        if vix is not None and self._usable[place]:
            levels = Levels(spot=spot, vix9d=vix9d, vix=vix, vix3m=vix3m, vix6m=vix6m)
        return Row(
            session=self._snapshots.sessions[place],
            asof=self._snapshots.asof(place),
            now=float(self._now[place]),
            timed=self._timed[place],
            early_close=self._early[place],
            spot=spot,
            vix=vix,
            levels=levels,
            vvix=self._vvix[place],
            log_vx=self._log_vx[place] if vix is not None else None,
            rate=self._rate[place],
            table=partial(self._table, place),
        )

    def _table(self, place: int) -> F8:
        """Return the term structure of a session; the first to ask pays for all."""
        if self._tables is None:
            plan = self._snapshots
            self._tables = surface_tables(plan.sessions, plan.now, plan.early_close, self._levels.nodes, self._clock)
        table: F8 = self._tables[place]
        return table


def _optional(column: F8) -> list[float | None]:
    return [None if value != value else value for value in column.tolist()]  # noqa: PLR0124 - NaN differs from itself


def _recorded_roots(source: ChainSource | None) -> dict[str, frozenset[date]]:
    if source is None:
        return {}
    return {root: frozenset(source.sessions(root)) for root in SPX_ROOTS + VIX_ROOTS}


def _later(day: date) -> date:
    return date(day.year + _YEARS_AHEAD, 12, 31)


def _taken(levels: LevelColumns, keep: B1) -> LevelColumns:
    return LevelColumns(
        spot=levels.spot[keep],
        vix=levels.vix[keep],
        nodes=levels.nodes[keep],
        estimated=levels.estimated[keep],
        vvix=levels.vvix[keep],
        vvix_estimated=levels.vvix_estimated[keep],
        log_vx=np.ascontiguousarray(levels.log_vx[keep]),
        rate=levels.rate[keep],
        bills=levels.bills,
    )


_HINTS = {
    "auto": "Import SPX and VIX closes (or chains) that cover it, or choose other dates.",
    "recorded": "Import chains that cover it, choose other dates, or allow modelled chains.",
    "modelled": "Import SPX and VIX closes that cover it, or choose other dates.",
}


def _nothing(name: str, plan: Snapshots, skipped: tuple[tuple[date, str], ...], chains: Chains) -> str:
    if not plan.sessions:
        return f"{name} has no trading session in the range asked for"
    span = f"from {plan.sessions[0]} to {plan.sessions[-1]}"
    why = f"; on {skipped[0][0]}: {skipped[0][1]}" if skipped else ""
    return f"{name} has no usable session {span} with {chains} chains{why}."


def _skipped(plan: Snapshots, levels: LevelColumns, usable: B1, chains: Chains) -> tuple[tuple[date, str], ...]:
    found = []
    for place in np.flatnonzero(~usable).tolist():
        missing = [
            name for name, column in (("SPX close", levels.spot), ("VIX close", levels.vix)) if not column[place] > 0.0
        ]
        reason = "no recorded SPX, SPXW or XSP chain" if chains != "modelled" else ""
        if chains != "recorded":
            reason += f"{' and ' if reason else ''}no {' and no '.join(missing)} to model one from"
        found.append((plan.sessions[place], reason))
    return tuple(found)
