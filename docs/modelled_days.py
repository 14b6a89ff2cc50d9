"""Recorded SPX days beside what the modelled chain is made from: read once by the fit and by the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec
import numpy as np

import alvh
from alvh.adapters.chain_store import ChainStore
from alvh.core.arrays import F8
from alvh.market.chain import OptionChain
from alvh.market.sessions import trading_calendar
from alvh.market.view import MarketSource
from alvh.pricing.modelled import Levels, SpxSurface, complete_nodes, fit_surface, variance_clock
from alvh.pricing.modelled.calibration import SHAPE
from alvh.pricing.modelled.capture_levels import capture_levels
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes, expiry_quotes

ROOTS = ("SPX", "SPXW", "SPXPM", "XSP")
NAMES = ("VIX9D", "VIX", "VIX3M", "VIX6M")
MEAN_SESSIONS = 63
FARTHEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One session with recorded quotes that have parity forwards.

    Attributes
    ----------
    closes : Levels
        SPX and the four indices at their closes; VIX9D estimated where it did not exist.
    capture : Levels
        The four recomputed from the chain itself; the closes where it lacks the expiries.
    recomputed : bool
        Whether the whole of `capture` but VIX9D comes from the chain.
    mean_vix : float, vol points
        Mean of the last 63 closes of VIX, as C-CENTER takes it.
    level : float, points
        SPX printed with the quotes.
    """

    session: date
    quotes: tuple[ExpiryQuotes, ...]
    closes: Levels
    capture: Levels
    recomputed: bool
    mean_vix: float
    level: float
    timed: bool
    rate: float

    @property
    def period(self) -> int:
        """Year of the recording: an unseen period is a year that a fit left out."""
        return self.session.year

    @property
    def group(self) -> int:
        """Month of the recording, e.g. 201904: what a cross-fit leaves out."""
        return 100 * self.session.year + self.session.month

    def surface(self, levels: Levels, shape: F8 = SHAPE) -> SpxSurface:
        """Model this session."""
        calendar = trading_calendar(self.session, self.session)
        return fit_surface(
            self.session,
            calendar.snapshot_instant(self.session).timestamp(),
            levels,
            clock=variance_clock(date(2010, 1, 1), date(2026, 12, 31)),
            rate=_flat(self.rate),
            early_close=calendar.is_early_close(self.session),
            shape=shape,
        )


def _flat(rate: float) -> Callable[[float], float]:
    return lambda _days: rate


def on(market: MarketSource, name: str, session: date) -> float:
    """Value of a series for one session; NaN where it has none."""
    series = market.series(name)
    if series is None:
        return float("nan")
    place = int(np.searchsorted(series.period, np.datetime64(session)))
    hit = place < series.period.size and series.period[place] == np.datetime64(session)
    return float(series.value[place]) if hit else float("nan")


def recorded_days(store: Path) -> Iterator[Day]:
    """Read every session whose SPX, SPXW or XSP quotes give forwards."""
    chains, market = ChainStore.open(store), alvh.open_market(store, chains="modelled")
    for session in sorted({day for root in ROOTS for day in chains.sessions(root)}):
        given = [_as_spxw(chains.chain(root, session)) for root in ROOTS if session in chains.sessions(root)]
        rate = market.view(session).rate(30.0) or 0.0
        quotes, _ = expiry_quotes(given, rate_hint=rate)
        near = tuple(item for item in quotes if 0 < (item.expiry - session).days <= FARTHEST)
        if not near:
            continue
        closes = _closes(market, session)
        found = capture_levels([chain for chain in given if chain.root != "XSP"], rate=rate)
        own = [value or close for value, close in zip(found, _nodes(closes), strict=True)]
        yield Day(
            session=session,
            quotes=near,
            closes=closes,
            capture=msgspec.structs.replace(closes, **dict(zip(("vix9d", "vix", "vix3m", "vix6m"), own, strict=True))),
            recomputed=all(found[1:]),
            mean_vix=_mean_vix(market, session),
            level=float(given[0].spot or closes.spot),
            timed=given[0].timed,
            rate=rate,
        )


def _as_spxw(chain: OptionChain) -> OptionChain:
    """Rename the PM-settled third-Friday root of 2011, a class of SPXW today."""
    return dataclasses.replace(chain, root="SPXW") if chain.root == "SPXPM" else chain


def _nodes(levels: Levels) -> tuple[float, float, float, float]:
    return levels.vix9d, levels.vix, levels.vix3m, levels.vix6m


def _closes(market: MarketSource, session: date) -> Levels:
    value = [np.array([on(market, name, session)]) for name in NAMES]
    node = complete_nodes(value[1], value[0], value[2], value[3]).level[0].tolist()
    return Levels(spot=on(market, "SPX", session), vix9d=node[0], vix=node[1], vix3m=node[2], vix6m=node[3])


def _mean_vix(market: MarketSource, session: date) -> float:
    series = market.series("VIX")
    assert series is not None
    last = int(np.searchsorted(series.period, np.datetime64(session + timedelta(days=1))))
    return float(np.mean(series.value[max(last - MEAN_SESSIONS, 0) : last]))
