"""Earnings, dividends and what prices are compared with: P/E, P/CF, quick ratios, offerings, debt.

Earnings follow the price with a lag of years, so that the price-earnings ratio wanders and comes back; dividends follow
earnings more slowly still. Sectors lie around the index by fixed offsets that breathe with a dispersion factor.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from alvh.core.arrays import F8
from alvh.market.series import Series
from alvh.simulation.economy import Economics, Economy, autoregression, stream
from alvh.simulation.equities import SECTORS
from alvh.simulation.published import published

__all__ = ["valuation_series"]

_MEAN_PE = 16.5
_PAYOUT = 0.38


def valuation_series(ground: Economics, economy: Economy, spot: F8) -> Iterable[Series]:
    """Publish valuations.

    Parameters
    ----------
    ground : Economics
    economy : Economy
    spot : (n,) array, index points
        Close of every session.
    """
    draw = stream(ground.seed, 21)
    count = np.maximum(ground.monthly(np.ones(ground.days.size)), 1.0)
    price = ground.monthly(spot) / count
    noise = draw.standard_normal((2, price.size))
    earnings = _following(np.log(price / _MEAN_PE), 0.03, 0.004 + 0.001 * (economy.growth - 2.4) + 0.006 * noise[0])
    dividend = _following(np.log(_PAYOUT) + earnings, 0.02, 0.004 + 0.002 * noise[1])
    level = np.exp(earnings)
    yield published("SHILLER.PRICE", ground.months, np.round(price, 2))
    yield published("SHILLER.EARNINGS", ground.months, np.round(level, 3))
    yield published("SHILLER.DIVIDEND", ground.months, np.round(np.exp(dividend), 3))
    yield published("SHILLER.PE10", ground.months, np.round(price / _ten_years(level), 2))
    ratio = spot / level[ground.month_of_day]
    yield published("SPX.FORWARD_PE", ground.days, np.round(0.88 * ratio, 2))
    yield from _groups(ground, ratio)
    yield from _quarterly(ground, economy)
    mood = 12.0 * ground.monthly(ground.returns) / 0.5 - 0.04 * (ground.monthly(ground.vix) / count - 18.0)
    rate = 12.0 * np.exp(np.clip(autoregression(0.25 * mood, 0.75), -1.5, 1.5))
    yield published("IPO.COUNT", ground.months, draw.poisson(rate).astype(np.float64))


def _following(target: F8, speed: float, push: F8) -> F8:
    """Return a logarithm that closes a share of the gap to its target every month."""
    out = np.empty(target.size)
    here = float(target[0])
    for place, (goal, extra) in enumerate(zip(target.tolist(), push.tolist(), strict=True)):
        here += speed * (goal - here) + extra
        out[place] = here
    return out


def _ten_years(level: F8) -> F8:
    """Mean of the last ten years, fewer at the beginning."""
    total = np.concatenate(([0.0], np.cumsum(level)))
    end = np.arange(1, level.size + 1)
    start = np.maximum(end - 120, 0)
    mean: F8 = (total[end] - total[start]) / (end - start)
    return mean


def _groups(ground: Economics, ratio: F8) -> Iterable[Series]:
    draw = stream(ground.seed, 22)
    days = ground.days
    spread = np.exp(autoregression(0.02 * draw.standard_normal(days.size), 0.99))
    cash = np.exp(autoregression(0.006 * draw.standard_normal(days.size), 0.99))
    yield published("SPX.PCF", days, np.round(0.66 * ratio * cash, 3))
    for place, name in enumerate(SECTORS):
        offset = 0.35 * np.sin(2.4 * place + 0.5)
        own = autoregression(0.008 * draw.standard_normal(days.size), 0.99)
        log = offset * spread + own
        yield published(f"PE.{name}", days, np.round(ratio * np.exp(log), 3))
        flow = autoregression(0.006 * draw.standard_normal(days.size), 0.99)
        yield published(f"PCF.{name}", days, np.round(0.66 * ratio * np.exp(log + flow), 3))


def _quarterly(ground: Economics, economy: Economy) -> Iterable[Series]:
    draw = stream(ground.seed, 23)
    starts = ground.months[ground.months.astype(np.int64) % 3 == 0]
    place = (starts - ground.months[0]).astype(np.int64)
    health = 0.02 * (economy.growth[place] - 2.4)
    names = {"QUICK.SPX": 1.10, "QUICK.REIT": 0.90}
    names.update({f"QUICK.{name}": 0.8 + 0.07 * rank for rank, name in enumerate(SECTORS)})
    for name, level in names.items():
        own = autoregression(0.03 * draw.standard_normal(starts.size), 0.9)
        yield published(name, starts, np.round(level + health + own, 3))
    own = autoregression(0.01 * draw.standard_normal(starts.size), 0.92)
    yield published("DEBT_RATIO", starts, np.round(np.clip(0.25 + own - 0.3 * health, 0.08, 0.6), 4))
