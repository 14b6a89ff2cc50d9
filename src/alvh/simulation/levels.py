"""Index levels of a path as series: SPX and the volatility indices, VX, VVIX and SKEW."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.market.expirations import settlement_instant
from alvh.market.listing import listed_expiries
from alvh.market.series import Series
from alvh.pricing.modelled import DIVIDEND_YIELD
from alvh.simulation.joint import THIRTY_DAYS, JointModel
from alvh.simulation.mixture import log_moments
from alvh.simulation.path import Path
from alvh.simulation.published import published, vintaged
from alvh.simulation.smiles import SHARES

__all__ = ["HORIZONS", "contract_series", "costly_levels", "level_series"]

HORIZONS = {"VIX9D": 9.0, "VIX3M": 93.0, "VIX6M": 184.0, "VIX1Y": 365.0}
"""Calendar days of VIX's relatives."""
_YEAR = 365.0 * 86_400.0


def level_series(model: JointModel, path: Path) -> Iterable[Series]:
    """Publish what costs nothing: SPX and VIX with open, high and low, and VIX's relatives."""
    days = path.line.days
    for name, column in (("SPX", path.spot), ("VIX", path.vix)):
        close, opened, high, low = _day(path, column)
        yield published(name, days, close)
        yield published(f"{name}.open", days, opened)
        yield published(f"{name}.high", days, high)
        yield published(f"{name}.low", days, low)
    states = path.states.state[path.line.close_step]
    for name, horizon in HORIZONS.items():
        yield published(name, days, model.index(states, horizon / 365.0))
    elapsed = np.cumsum(path.line.dt)[path.line.close_step]
    dividends = np.exp(DIVIDEND_YIELD * elapsed)
    yield published("SPXT", days, 1.6 * path.spot[path.line.close_step] * dividends)


def _day(path: Path, column: F8) -> tuple[F8, F8, F8, F8]:
    """Return close, open, high and low of every session from the steps within it."""
    line = path.line
    close, opened = column[line.close_step], column[line.open_step]
    # Pairs of bounds: the steps from the open to the close, then the night after, which is thrown away.
    bounds = np.column_stack((line.open_step, line.close_step + 1)).ravel()[:-1]
    return close, opened, np.maximum.reduceat(column, bounds)[::2], np.minimum.reduceat(column, bounds)[::2]


def costly_levels(model: JointModel, path: Path) -> Iterable[Series]:
    """Publish what needs the laws of VIX and of the index: VX settlements, VVIX, SKEW, and constituents' volatility."""
    days = path.line.days
    states = np.ascontiguousarray(path.states.state[path.line.close_step])
    yield from _curve(model, path, states)
    yield published("VVIX", days, model.vix_of_vix(states))
    yield published("SKEW", days, _skew(model, states))


def _skew(model: JointModel, states: F8) -> F8:
    """Return ``100 - 10 S`` with S the skewness of the 30-day log return."""
    out = np.empty(states.shape[0])
    for place, (x, y) in enumerate(states.tolist()):
        _, variance, third = log_moments(model.smile((x, y), THIRTY_DAYS), SHARES)
        out[place] = 100.0 - 10.0 * third / variance**1.5
    return out


def _curve(model: JointModel, path: Path, states: F8) -> Iterable[Series]:
    rows, left, expiries = [], [], []
    for place, session in enumerate(path.line.sessions):
        closed = float(path.line.closes[place])
        for expiry in listed_expiries("VX", session):
            rows.append(place)
            left.append((settlement_instant("VX", expiry).timestamp() - closed) / _YEAR)
            expiries.append(10_000 * expiry.year + 100 * expiry.month + expiry.day)
    if not rows:
        return
    row = np.array(rows)
    prices = model.futures(np.ascontiguousarray(states[row]), np.array(left))
    period: D8 = path.line.days[row]
    released = published("VIX", path.line.days, np.ones(path.line.days.size)).known_at[row]
    yield vintaged("VX.CURVE", period, released, prices)
    yield vintaged("VX.CURVE.expiry", period, released, np.array(expiries, dtype=np.float64))


def contract_series(path: Path, prices: Series | None, expiries: Series | None) -> Iterable[Series]:
    """Cut the curve into contracts: ``VX/2018-02-14.settle`` by session and ``.final`` where the path reaches."""
    if prices is None or expiries is None:
        return
    place = {day: row for row, day in enumerate(path.line.sessions)}
    for number in np.unique(expiries.value).astype(int).tolist():
        rows = np.flatnonzero(expiries.value == number)
        expiry = date(number // 10_000, number // 100 % 100, number % 100)
        name = f"VX/{expiry}"
        yield published(f"{name}.settle", prices.period[rows], prices.value[rows])
        row = place.get(expiry)
        if row is not None:
            final = path.vix[path.line.open_step[row] : path.line.open_step[row] + 1]
            yield published(f"{name}.final", np.array([expiry], "datetime64[D]"), final)
