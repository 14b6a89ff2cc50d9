"""Small histories: a few weeks of index closes, and chains quoted from a modelled surface."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import pytest

from alvh.adapters.history import HistoryInputs, from_series
from alvh.adapters.history.view import HistoryView
from alvh.market.chain import OptionChain, Origin
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar

FIRST, LAST = date(2019, 3, 1), date(2019, 7, 31)
DAYS = trading_calendar(FIRST, LAST).between(FIRST, LAST)


def daily(name: str, value: np.ndarray | float, days: np.ndarray = DAYS) -> Series:
    """A series of session closes, known at each session's snapshot."""
    calendar = trading_calendar(FIRST, LAST)
    instants = [calendar.snapshot_instant(day).replace(tzinfo=None) for day in days.tolist()]
    return Series(
        name=name,
        unit="points",
        period=days,
        known_at=np.array(instants, "datetime64[s]"),
        value=np.broadcast_to(np.asarray(value, np.float64), days.shape).copy(),
        source="test",
    )


def closes() -> dict[str, Series]:
    wave = np.sin(np.arange(DAYS.size) / 7.0)
    found = {
        "SPX": 2850.0 + 60.0 * wave,
        "SPX.open": 2848.0 + 60.0 * wave,
        "VIX": 15.0 - 3.0 * wave,
        "VIX.open": 15.2 - 3.0 * wave,
        "VIX9D": 14.0 - 4.0 * wave,
        "VIX3M": 16.5 - 2.0 * wave,
        "VIX6M": 17.5 - 1.5 * wave,
        "VVIX": 90.0 - 10.0 * wave,
        "DGS3MO": 2.4,
    }
    return {name: daily(name, value) for name, value in found.items()}


@pytest.fixture
def series() -> dict[str, Series]:
    return closes()


class RecordedChains:
    """Chains in memory by root and session."""

    digest = "in memory"

    def __init__(self, chains: list[OptionChain]) -> None:
        self.chains = {(chain.root, chain.session): chain for chain in chains}

    def sessions(self, root: str) -> tuple[date, ...]:
        return tuple(sorted(day for name, day in self.chains if name == root))

    def chain(self, root: str, session: date) -> OptionChain:
        return self.chains[root, session]


def quoted_chain(view: HistoryView, root: str, expiries: tuple[date, ...], asof: datetime | None = None) -> OptionChain:
    """Write down the modelled quotes of some expiries as if they had been recorded."""
    columns: list[tuple[np.ndarray, ...]] = []
    offsets = [0]
    for expiry in expiries:
        item = view.slice(root, expiry)
        assert item is not None
        strikes = np.repeat(np.arange(2400.0, 3200.0, 10.0), 2)
        is_put = np.tile([False, True], strikes.size // 2)
        quotes = item.quote(strikes, is_put)
        columns.append((strikes, is_put, quotes.bid, quotes.ask, quotes.status))
        offsets.append(offsets[-1] + strikes.size)
    strike, is_put, bid, ask, status = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return OptionChain(
        root=root,
        session=view.session,
        asof=asof or view.asof,
        timed=asof is not None,
        spot=view.spot,
        origin=Origin.RECORDED,
        expiries=expiries,
        offsets=np.array(offsets),
        strike=strike,
        is_put=is_put,
        bid=bid,
        ask=ask,
        status=status,
    )


RecordedDays = Callable[..., HistoryInputs]


@pytest.fixture
def recorded_inputs(series: dict[str, Series]) -> RecordedDays:
    """Inputs with SPXW chains recorded on the given sessions."""

    def make(*days: date, at: tuple[int, int] | None = None) -> HistoryInputs:
        modelled = from_series("model", series)
        chains = []
        for day in days:
            view = modelled.view(day)
            asof = datetime(day.year, day.month, day.day, *at, tzinfo=UTC) if at else None
            chains.append(quoted_chain(view, "SPXW", view.expiries("SPXW")[:4], asof))
        return HistoryInputs(name="recorded", lookup=series.get, digest="x", chains=RecordedChains(chains))

    return make
