"""One session of a history as a decision sees it; slices are made when asked for and kept with the view."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from alvh.adapters.history.recorded import recorded_slice
from alvh.core.arrays import F8
from alvh.market.chain import ExpirySlice, OptionChain
from alvh.market.curve import VxCurve
from alvh.market.listing import is_listed, listed_between, listed_expiries
from alvh.market.series import Observation
from alvh.pricing.modelled import (
    SPX_ROOTS,
    VIX_ROOTS,
    Levels,
    SpxSurface,
    VarianceClock,
    fit_surface,
    modelled_curve,
    vix_slice,
)

__all__ = ["HistoryView", "ModelTerms", "Row"]

_LEAST_CONTRACTS = 2
_NO_EXPIRY: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTerms:
    """What every modelled session of a history shares.

    Attributes
    ----------
    dividend_yield : float, decimal per year, continuous
    spread_factor : float
        Scenario multiplier of modelled half-spreads.
    """

    clock: VarianceClock
    dividend_yield: float
    spread_factor: float


class Row(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """Numbers of one session, None where not known.

    Attributes
    ----------
    now : float, seconds since 1970 UTC
    levels : Levels or None
        None where no chain can be modelled.
    vvix : float or None
    log_vx : (7,) array or None
    rate : float or None
    table : callable
        Term structure of the session, see `pricing.modelled.surface_tables`.
    """

    session: date
    asof: datetime
    now: float
    timed: bool
    early_close: bool
    spot: float
    vix: float | None
    levels: Levels | None
    vvix: float | None
    log_vx: F8 | None
    rate: float | None
    table: Callable[[], F8]


LEAST_QUOTES = 40
"""Quotes from which a recorded expiry counts as a chain in a history that fills gaps with the model."""


class HistoryView:
    """The market of one session as known at its snapshot; implements `market.view.View`.

    Attributes
    ----------
    session : date
    spot : float
        SPX level at the snapshot, points.
    vix : float or None
        VIX level at the snapshot, vol points.
    """

    __slots__ = (
        "_chains",
        "_curve",
        "_expiries",
        "_fill",
        "_latest",
        "_recorded_curve",
        "_row",
        "_slices",
        "_spx_modelled",
        "_surface",
        "_terms",
        "_vix_modelled",
        "session",
        "spot",
        "vix",
    )

    def __init__(
        self,
        row: Row,
        terms: ModelTerms,
        *,
        chains: dict[str, OptionChain],
        fill: bool,
        recorded_curve: Callable[[], VxCurve | None],
        latest: Callable[[str, datetime], Observation | None],
    ) -> None:
        self.session: date = row.session
        self.spot: float = row.spot
        self.vix: float | None = row.vix
        self._row = row
        self._terms = terms
        self._chains = chains
        self._fill = fill
        self._recorded_curve = recorded_curve
        self._latest = latest
        self._curve: VxCurve | bool | None = False
        self._surface: SpxSurface | None = None
        self._slices: dict[tuple[str, date], ExpirySlice | None] = {}
        self._expiries: dict[str, tuple[date, ...]] = {}
        # On a day with recorded quotes the model only fills what they lack.
        self._spx_modelled = row.levels is not None and (fill or not self.recorded)
        self._vix_modelled = row.vvix is not None and (fill or not any(root in chains for root in VIX_ROOTS))

    @property
    def asof(self) -> datetime:
        """Aware UTC instant of the snapshot."""
        return self._row.asof

    @property
    def timed(self) -> bool:
        """False when the instant is a convention because the data carry only dates."""
        return self._row.timed

    @property
    def recorded(self) -> bool:
        """Whether SPX quotes of this session were recorded."""
        return bool(self._chains) and any(root in self._chains for root in SPX_ROOTS)

    @property
    def curve(self) -> VxCurve | None:
        """Monthly VX futures: recorded ones, or modelled from index levels where none were recorded."""
        if isinstance(self._curve, bool):
            self._curve = self._make_curve()
        return self._curve

    def rate(self, days: float) -> float | None:  # noqa: ARG002 - one bill tenor stands for all
        """Bill rate, continuously compounded, decimal per year; one tenor stands for all."""
        return self._row.rate

    def latest(self, name: str) -> Observation | None:
        """Last value of a series known at the snapshot."""
        return self._latest(name, self._row.asof)

    def expiries(self, root: str) -> tuple[date, ...]:
        """List expiries of a root, ascending; empty where there is no chain of that root."""
        found = self._expiries.get(root)
        if found is None:
            found = self._expiries[root] = self._list(root)
        return found

    def expiries_between(self, root: str, first: date, last: date) -> tuple[date, ...]:
        """List expiries of a root from `first` to `last`, ascending."""
        if root not in self._chains:
            return listed_between(root, self._row.session, first, last) if self._models(root) else _NO_EXPIRY
        listed = self.expiries(root)
        return listed[bisect_left(listed, first) : bisect_right(listed, last)]

    def slice(self, root: str, expiry: date) -> ExpirySlice | None:
        """Quotes of one expiry; None where it is not listed or its forward cannot be known."""
        key = (root, expiry)
        if key not in self._slices:
            self._slices[key] = self._make_slice(root, expiry)
        return self._slices[key]

    def _list(self, root: str) -> tuple[date, ...]:
        chain = self._chains.get(root)
        listed = listed_expiries(root, self._row.session) if self._models(root) else _NO_EXPIRY
        if chain is None:
            return listed
        recorded = (expiry for expiry in chain.expiries if expiry > self._row.session)
        return tuple(sorted({*recorded, *listed}))

    def _models(self, root: str) -> bool:
        """Whether quotes of a root may be modelled."""
        return self._vix_modelled if root in VIX_ROOTS else root in SPX_ROOTS and self._spx_modelled

    def _make_slice(self, root: str, expiry: date) -> ExpirySlice | None:
        chain = self._chains.get(root)
        if chain is None:
            if not (self._models(root) and is_listed(root, self.session, expiry)):
                return None
            return self._model_vix(root, expiry) if root in VIX_ROOTS else self._model_spx(root, expiry)
        if expiry not in self.expiries(root):
            return None
        if self._whole(chain, expiry):
            found = recorded_slice(chain, expiry, rate_hint=self._row.rate)
            if found is not None or not self._models(root):
                return found
        if not self._models(root):
            return None
        return self._model_vix(root, expiry) if root in VIX_ROOTS else self._model_spx(root, expiry)

    def _whole(self, chain: OptionChain, expiry: date) -> bool:
        """Whether a recorded expiry is more than a few contracts somebody followed, when a model could stand in."""
        rows = chain.rows(expiry)
        count: int = rows.stop - rows.start
        return count >= (LEAST_QUOTES if self._fill else 1)

    def _model_spx(self, root: str, expiry: date) -> ExpirySlice | None:
        row, terms = self._row, self._terms
        if self._surface is None:
            if row.levels is None:
                return None
            self._surface = fit_surface(
                row.session,
                row.now,
                row.levels,
                clock=terms.clock,
                rate=_flat_bill(self._row.rate),
                dividend_yield=terms.dividend_yield,
                spread_factor=terms.spread_factor,
                early_close=row.early_close,
                table=row.table(),
            )
        return self._surface.slice(root, expiry)

    def _model_vix(self, root: str, expiry: date) -> ExpirySlice | None:
        row = self._row
        forward = self._vx_forward(expiry)
        if forward is None or row.vvix is None:
            return None
        return vix_slice(
            root,
            expiry,
            session=row.session,
            now=row.now,
            forward=forward,
            vvix=row.vvix,
            rate=_flat_bill(self._row.rate),
            spread_factor=self._terms.spread_factor,
        )

    def _vx_forward(self, expiry: date) -> float | None:
        """Return the VX price of a settlement date; before the front month on the line from the VIX itself."""
        curve = self.curve
        if curve is None:
            return None
        days = float((expiry - self._row.session).days)
        if self._row.vix is not None and days < curve.days[0]:
            share = days / float(curve.days[0])
            return (1.0 - share) * self._row.vix + share * float(curve.price[0])
        return curve.forward(expiry)

    def _make_curve(self) -> VxCurve | None:
        row = self._row
        found = self._recorded_curve()
        if found is not None and found.session != row.session:
            found = _moved(found, row.session)
        if found is not None and len(found.expiries) >= _LEAST_CONTRACTS:
            return found
        if row.log_vx is None:
            return None
        return modelled_curve(row.session, row.log_vx, listed_expiries("VX", row.session))


def _moved(curve: VxCurve, session: date) -> VxCurve:
    """See a curve of an earlier session from a later one."""
    keep = [place for place, expiry in enumerate(curve.expiries) if expiry > session]
    return VxCurve(
        session=session,
        expiries=tuple(curve.expiries[place] for place in keep),
        days=curve.days[keep] - float((session - curve.session).days),
        price=curve.price[keep],
        origin=tuple(curve.origin[place] for place in keep),
    )


def _flat_bill(rate: float | None) -> Callable[[float], float]:
    """Return the bill rate of every tenor; a free function, so that a slice does not hold on to the view it came from.

    Without a bill series forwards carry no interest; the notes of the history say so.
    """
    level = 0.0 if rate is None else rate
    return lambda days: level  # noqa: ARG005 - one bill tenor stands for all
