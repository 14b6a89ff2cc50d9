"""A flat market: Black-76 at one volatility, a given path of spot and VIX, Friday SPXW and Wednesday VIX expiries.

It is small enough to check by hand and complete enough to run every strategy through the session loop.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from alvh.core.arrays import B1, F8
from alvh.market.chain import Origin, Quotes, QuoteStatus
from alvh.market.contracts import Future, Instrument, Option
from alvh.market.curve import CurveOrigin, VxCurve
from alvh.market.expirations import settlement_session
from alvh.market.series import Observation, Series
from alvh.market.view import SettlementValue
from alvh.pricing.black76 import price

SNAPSHOT = time(21, 15)


def instant(day: date) -> datetime:
    return datetime.combine(day, SNAPSHOT, UTC)


def weekdays(first: date, count: int) -> list[date]:
    days: list[date] = []
    while len(days) < count:
        if first.weekday() < 5:
            days.append(first)
        first += timedelta(days=1)
    return days


@dataclass(frozen=True, kw_only=True)
class FlatSlice:
    root: str
    expiry: date
    tau: float
    forward: float
    discount: float
    vol: float
    half_spread: float
    step: float
    origin: Origin = Origin.MODELLED
    without: frozenset[tuple[float, bool]] = frozenset()

    @property
    def strikes(self) -> F8:
        low = max(self.step, math.floor(0.5 * self.forward / self.step) * self.step)
        return np.arange(low, 2.5 * self.forward, self.step)

    def quote(self, strikes: F8, is_put: B1) -> Quotes:
        strikes = np.asarray(strikes, dtype=float)
        worth = price(self.forward, strikes, max(self.tau, 1e-9), self.vol, np.asarray(is_put), self.discount)
        bid = np.floor((worth - self.half_spread) / 0.05 + 1e-9) * 0.05
        ask = np.ceil((worth + self.half_spread) / 0.05 - 1e-9) * 0.05
        bid = np.where(bid < 0.05, 0.0, np.round(bid, 2))
        status = np.where(bid > 0, QuoteStatus.OK, QuoteStatus.ZERO_BID).astype(np.int8)
        listed = np.isclose(np.mod(strikes, self.step), 0.0)
        gone = np.array([(float(k), bool(p)) in self.without for k, p in zip(strikes, is_put, strict=True)], dtype=bool)
        status = np.where(listed & ~gone, status, QuoteStatus.ABSENT).astype(np.int8)
        seen = status != QuoteStatus.ABSENT
        return Quotes(bid=np.where(seen, bid, 0.0), ask=np.where(seen, np.round(ask, 2), 0.0), status=status)


@dataclass(kw_only=True)
class FlatView:
    session: date
    asof: datetime
    spot: float
    vix: float | None
    curve: VxCurve | None
    market: FlatMarket
    timed: bool = False
    _slices: dict[tuple[str, date], FlatSlice | None] = field(default_factory=dict)

    def rate(self, days: float) -> float | None:  # the curve is flat
        return self.market.bill_rate

    def expiries(self, root: str) -> tuple[date, ...]:
        weekday = {"SPXW": 4, "VIX": 2}.get(root)
        if weekday is None or root in self.market.unlisted:
            return ()
        days = (self.session + timedelta(days=ahead) for ahead in range(1, 100))
        return tuple(day for day in days if day.weekday() == weekday)

    def slice(self, root: str, expiry: date) -> FlatSlice | None:
        key = (root, expiry)
        if key not in self._slices:
            self._slices[key] = self._make(root, expiry)
        return self._slices[key]

    def _make(self, root: str, expiry: date) -> FlatSlice | None:
        if expiry <= self.session or root in self.market.unlisted or self.vix is None:
            return None
        years = (expiry - self.session).days / 365.0
        vix = root == "VIX"
        return FlatSlice(
            root=root,
            expiry=expiry,
            tau=years,
            forward=self.vix if vix else self.spot,
            discount=math.exp(-self.market.bill_rate * years) if self.market.bill_rate else 1.0,
            vol=0.9 if vix else self.market.vol_ratio * self.vix / 100.0,
            half_spread=0.05 if vix else self.market.half_spread,
            step=0.5 if vix else 5.0,
            without=self.market.missing,
        )

    def latest(self, name: str) -> Observation | None:
        series = self.market.series(name)
        return None if series is None else series.asof(self.asof)


@dataclass(kw_only=True)
class FlatMarket:
    """A market source over given paths."""

    days: Sequence[date]
    spot: Sequence[float]
    vix: Sequence[float | None]
    bill_rate: float | None = 0.02
    vol_ratio: float = 1.0
    half_spread: float = 0.1
    unlisted: frozenset[str] = frozenset()
    missing: frozenset[tuple[float, bool]] = frozenset()
    unsettled: bool = False
    extra: Mapping[str, Series] = field(default_factory=dict)
    name: str = "flat market"
    origin: Origin = Origin.MODELLED
    notes: tuple[str, ...] = ("invented for tests",)

    @property
    def digest(self) -> str:
        return f"{self.days[0]}{self.days[-1]}{sum(self.spot):.6f}"

    def sessions(self) -> tuple[date, ...]:
        return tuple(self.days)

    def skipped(self) -> tuple[tuple[date, str], ...]:
        return ()

    def instant(self, session: date) -> datetime:
        return instant(session)

    def view(self, session: date) -> FlatView:
        place = self.days.index(session)
        vix = self.vix[place]
        curve = None
        if vix is not None:
            curve = VxCurve(
                session=session,
                expiries=(session + timedelta(days=30), session + timedelta(days=60)),
                days=np.array([30.0, 60.0]),
                price=np.array([vix, vix]),
                origin=(CurveOrigin.MODELLED, CurveOrigin.MODELLED),
            )
        return FlatView(
            session=session, asof=instant(session), spot=self.spot[place], vix=vix, curve=curve, market=self
        )

    def settlement(self, instrument: Instrument) -> SettlementValue | None:
        if self.unsettled or not isinstance(instrument, Option | Future):
            return None
        # An expiry listed on a holiday settles before it, whatever this market's own weekdays say.
        last = settlement_session(instrument.expiry)
        known = [place for place, day in enumerate(self.days) if day <= last]
        path = self.vix if instrument.root in {"VIX", "VX"} else self.spot
        value = path[known[-1]] if known else None
        if value is None:
            return None
        return SettlementValue(value=value, known_at=instant(instrument.expiry), proxy=None)

    def series(self, name: str) -> Series | None:
        if name in self.extra:
            return self.extra[name]
        if name != "VIX":
            return None
        rows = [(day, level) for day, level in zip(self.days, self.vix, strict=True) if level is not None]
        return daily("VIX", [day for day, _ in rows], [level for _, level in rows])


def daily(name: str, days: Sequence[date], values: Sequence[float]) -> Series:
    """A daily series known at 21:00 UTC of its own day."""
    known = [datetime.combine(day, time(21, 0)) for day in days]
    return Series(
        name=name,
        unit="points",
        period=np.array(days, "datetime64[D]"),
        known_at=np.array(known, "datetime64[s]"),
        value=np.array(values, dtype=float),
        source="test",
    )


def random_market(seed: int, count: int = 200, **options: object) -> FlatMarket:
    """A market with jumps and a VIX that answers them; long enough for entries after the 63-session warm-up."""
    draw = np.random.default_rng(seed)
    days = weekdays(date(2018, 1, 1), count)
    vix, spot = 16.0, 2700.0
    spots: list[float] = []
    vixes: list[float | None] = []
    for _ in days:
        shock = float(draw.standard_normal()) * vix / 100 / math.sqrt(252)
        if draw.random() < 0.01:
            shock -= 0.04
        spot *= math.exp(shock)
        vix = max(
            9.0, vix * math.exp(-4.0 * shock + 0.05 * math.log(16.0 / vix) + 0.02 * float(draw.standard_normal()))
        )
        spots.append(round(spot, 2))
        vixes.append(round(vix, 2))
    return FlatMarket(days=days, spot=spots, vix=vixes, **options)
