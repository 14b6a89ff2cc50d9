"""Funds, breadth and the volatility of constituents around a simulated index.

Sector funds follow the index with betas that drift, plus noise of their own; a common breadth factor moves
equal-weighted against cap-weighted returns and the advance-decline line; a rotation factor with momentum moves growth
against value.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from alvh.core.arrays import F8
from alvh.market.series import Series
from alvh.simulation.economy import Economics, autoregression, stream
from alvh.simulation.published import published

__all__ = ["SECTORS", "Breadth", "breadth_factor", "equity_series"]

SECTORS = {
    "XLB": (1.05, 0.10),
    "XLC": (1.00, 0.11),
    "XLE": (1.00, 0.18),
    "XLF": (1.15, 0.12),
    "XLI": (1.05, 0.07),
    "XLK": (1.15, 0.10),
    "XLP": (0.60, 0.08),
    "XLRE": (0.90, 0.13),
    "XLU": (0.50, 0.13),
    "XLV": (0.75, 0.09),
    "XLY": (1.10, 0.08),
}
"""Beta and own volatility per year of the sector funds; round figures."""
_YIELD = 0.019
_ISSUES = 3_000
_SESSIONS = 252.0

Breadth = tuple[F8, F8]


def breadth_factor(ground: Economics) -> Breadth:
    """Return the daily return of equal against cap weight, and of growth against value."""
    draw = stream(ground.seed, 11)
    noise = draw.standard_normal((4, ground.days.size))
    lean = autoregression(0.00006 * noise[0] + 0.002 * ground.returns / 20.0, 0.985)
    equal = 0.0028 * noise[1] + lean + 0.04 * ground.returns
    swing = autoregression(0.00007 * noise[2], 0.99)
    growth = 0.0042 * noise[3] + swing + 0.08 * ground.returns
    return equal, growth


def equity_series(ground: Economics, spot: F8, breadth: Breadth) -> Iterable[Series]:
    """Publish funds, the advance-decline counts and constituents' volatility.

    Parameters
    ----------
    ground : Economics
    spot : (n,) array, index points
        Close of every session.
    breadth : Breadth
    """
    days = ground.days
    total = np.diff(np.log(spot), prepend=np.log(spot[0])) + _YIELD / _SESSIONS
    equal, growth = breadth
    draw = stream(ground.seed, 12)
    funds = {"SPY": total - 0.0009 / _SESSIONS, "RSP": total + equal, "IWF": total + 0.5 * growth}
    funds["IWD"] = total - 0.5 * growth
    for name, (beta, own) in SECTORS.items():
        drift = autoregression(0.012 * draw.standard_normal(days.size), 0.993)
        funds[name] = (beta + drift) * total + own / np.sqrt(_SESSIONS) * draw.standard_normal(days.size)
    estate = 0.013 * autoregression(0.006 * draw.standard_normal(days.size), 0.99)
    real = (0.95 + estate) * total + 0.12 / np.sqrt(_SESSIONS) * draw.standard_normal(days.size)
    funds["VNQ"] = real
    funds["IYR"] = real + 0.01 / np.sqrt(_SESSIONS) * draw.standard_normal(days.size)
    for name, change in funds.items():
        yield published(f"{name}.adjclose", days, 50.0 * np.exp(np.cumsum(change)))
    yield from _counts(ground, equal)
    yield from _volatilities(ground)
    yield from _flows(ground)
    caps = 9_000.0 * spot / spot[0]
    lead = np.cumsum(growth)
    yield published("CAP.GROWTH", days, caps * np.exp(0.5 * lead))
    yield published("CAP.VALUE", days, caps * np.exp(-0.5 * lead))


def _counts(ground: Economics, equal: F8) -> Iterable[Series]:
    """Split the day's issues: most follow the index in units of its own volatility, breadth does the rest."""
    draw = stream(ground.seed, 13)
    size = np.maximum(ground.vix, 5.0) / 100.0 / np.sqrt(_SESSIONS)
    push = 1.1 * ground.returns / size + 70.0 * equal + 0.15 * draw.standard_normal(ground.days.size)
    share = 0.5 + 0.46 * np.tanh(0.6 * push)
    advances = np.round(_ISSUES * share)
    yield published("NYSE.ADVANCES", ground.days, advances)
    yield published("NYSE.DECLINES", ground.days, _ISSUES - advances)


def _volatilities(ground: Economics) -> Iterable[Series]:
    draw = stream(ground.seed, 14)
    own = np.exp(autoregression(0.012 * draw.standard_normal(ground.days.size), 0.98))
    single = np.sqrt((22.0 * own) ** 2 + (1.05 * ground.vix) ** 2)
    correlation = np.clip(0.9 * (ground.vix / single) ** 2, 0.02, 0.95)
    yield published("VIXEQ", ground.days, np.round(single, 2))
    yield published("COR1M", ground.days, np.round(100.0 * correlation, 2))
    yield published("DSPX", ground.days, np.round(np.sqrt(np.maximum(single**2 - ground.vix**2, 4.0)), 2))


def _flows(ground: Economics) -> Iterable[Series]:
    """Money follows returns for weeks, into shares, REITs and, more loosely, a public ledger."""
    draw = stream(ground.seed, 15)
    for name, size in (("FLOW.SPY", 1_500.0), ("FLOW.VNQ", 40.0), ("ONCHAIN.NETFLOW", 8.0)):
        chased = autoregression(12.0 * ground.returns, 0.9)
        own = autoregression(0.4 * draw.standard_normal(ground.days.size), 0.7)
        yield published(name, ground.days, np.round(size * (0.1 + chased + own), 2))
