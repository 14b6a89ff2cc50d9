"""The economy around a simulated market: inflation, growth, policy, yields, credit, the dollar.

Month by month: growth follows the index with a lag, inflation follows growth slowly, the policy rate follows both by a
smoothed Taylor rule; day by day: yields move around their anchors with the index, credit spreads with VIX, the dollar
against the index and with the rate differential. Levels and spreads of the processes are round figures near those of
the United States of 1990-2024; they are meant to be crossed by the thresholds of the rules, not to forecast anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8, I8
from alvh.core.errors import UsageError
from alvh.market.calendar import Release, fomc_meetings, release_days
from alvh.market.series import Series
from alvh.market.wall_clock import eastern_instants
from alvh.simulation.published import published, vintaged

__all__ = ["ECONOMIES", "Economics", "Economy", "autoregression", "economic_series", "simulate_economy", "stream"]

ECONOMIES = {"US": "US", "EA": "EZ", "JP": "JP", "GB": "GB", "CH": "CH", "AU": "AU"}
"""Economies by the code of their interbank rate's FRED id."""
_FOREIGN = {"EA": (1.9, 0.75), "JP": (0.4, 0.15), "GB": (2.8, 0.85), "CH": (0.9, 0.5), "AU": (3.6, 0.75)}
_EVENING = 18 * 60
_MORNING = 8 * 60 + 30
_GDP_DAYS = (28, 58, 88)


def stream(seed: int, place: int) -> np.random.Generator:
    """Return a counter-based generator of one purpose of one seed."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, 7_000 + place], np.uint64)))


def autoregression(shocks: F8, persistence: float, start: float = 0.0) -> F8:
    """Return ``x_t = persistence x_(t-1) + shock_t``."""
    out = np.empty(shocks.size)
    here = start
    for place, shock in enumerate(shocks.tolist()):
        here = persistence * here + shock
        out[place] = here
    return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Economics:
    """Month and day grids of a simulated market with what drives the economy.

    Attributes
    ----------
    seed : int
    days : (n,) datetime64[D] array
        Sessions.
    returns : (n,) array
        Log change of the index over each session, without carry.
    vix : (n,) array, vol points
    """

    seed: int
    days: D8
    returns: F8
    vix: F8

    @property
    def months(self) -> D8:
        """Months from the first to the last session, datetime64[M]."""
        first, last = self.days[0].astype("datetime64[M]"), self.days[-1].astype("datetime64[M]")
        months: D8 = np.arange(first, last + 1)
        return months

    @property
    def month_of_day(self) -> I8:
        """Place of each session's month."""
        place: I8 = (self.days.astype("datetime64[M]") - self.months[0]).astype(np.int64)
        return place

    def monthly(self, values: F8) -> F8:
        """Sum a daily column by month."""
        total: F8 = np.bincount(self.month_of_day, weights=values, minlength=self.months.size).astype(np.float64)
        return total


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Economy:
    """Columns of the economy: per month (m) or per session (n), in per cent where nothing else is said.

    Attributes
    ----------
    growth, inflation, energy : (m,) arrays
        Real growth and core inflation per year; monthly energy surprise.
    policy : (m,) array
    bill, two_year, ten_year : (n,) arrays
    foreign : mapping of economy to (m,) array
    """

    growth: F8
    inflation: F8
    energy: F8
    policy: F8
    bill: F8
    two_year: F8
    ten_year: F8
    foreign: dict[str, F8]


def simulate_economy(ground: Economics) -> Economy:
    """Draw the economy of a market."""
    draw = stream(ground.seed, 1)
    months = ground.months.size
    push = ground.monthly(ground.returns) / 0.045
    lagged = np.concatenate((np.zeros(2), push[:-2])) if months > 2 else np.zeros(months)
    growth = 2.4 + autoregression(0.45 * lagged + 0.55 * draw.standard_normal(months), 0.93)
    drift = 0.02 * (growth - 2.4) + 0.20 * draw.standard_normal(months)
    inflation = 2.3 + autoregression(drift, 0.97)
    energy = autoregression(0.18 * draw.standard_normal(months), 0.4)
    policy = _policy(growth, inflation)
    noise = draw.standard_normal((2, ground.days.size))
    place = ground.month_of_day
    wanted = _wanted(growth, inflation)
    # Yields rise with shares day by day and come back within a quarter or so.
    common = autoregression(0.035 * noise[0] + 1.2 * ground.returns, 0.985)
    bill = policy[place] - 0.05 + 0.2 * autoregression(0.03 * noise[1], 0.97)
    two_year = policy[place] + 0.45 * (wanted - policy)[place] + 0.25 + common
    ten_year = 2.2 + 0.55 * policy[place] + 0.15 * (wanted - policy)[place] + 0.8 * common
    foreign = {"US": np.maximum(policy + 0.15, 0.05)}
    for economy, (mean, load) in _FOREIGN.items():
        own = autoregression(0.12 * draw.standard_normal(months), 0.98)
        foreign[economy] = mean + load * (policy - 2.6) * 0.6 + own
    return Economy(
        growth=growth,
        inflation=inflation,
        energy=energy,
        policy=policy,
        bill=np.maximum(bill, 0.03),
        two_year=np.maximum(two_year, 0.1),
        ten_year=np.maximum(ten_year, 0.6),
        foreign=foreign,
    )


def _wanted(growth: F8, inflation: F8) -> F8:
    rule: F8 = np.maximum(0.4 + inflation + 0.5 * (inflation - 2.0) + 0.5 * (growth - 2.4), 0.1)
    return rule


def _policy(growth: F8, inflation: F8) -> F8:
    wanted = _wanted(growth, inflation)
    out = np.empty(wanted.size)
    here = float(wanted[0])
    for place, target in enumerate(wanted.tolist()):
        # Central banks move in quarter points and slowly.
        here += 0.25 * round(0.12 * (target - here) / 0.25 + 0.5 * math.copysign(1.0, target - here) * 0.5)
        here = max(here, 0.125)
        out[place] = here
    return out


def economic_series(ground: Economics, economy: Economy) -> Iterable[Series]:
    """Publish the economy."""
    yield from _prices(ground, economy)
    yield from _output(ground, economy)
    yield from _yields(ground, economy)
    yield from _dollar(ground, economy)
    meetings = fomc_meetings(ground.days[-1].item())
    inside = (meetings.day >= ground.days[0]) & (meetings.day <= ground.days[-1]) & np.isin(meetings.day, ground.days)
    chosen = np.unique(meetings.day[inside])
    yield published("FOMC", chosen, np.ones(chosen.size))


def _prices(ground: Economics, economy: Economy) -> Iterable[Series]:
    draw = stream(ground.seed, 2)
    noise = draw.standard_normal((3, ground.months.size))
    core = economy.inflation / 12.0
    cpi = core + 0.10 * noise[0] + economy.energy
    ppi = core + 0.25 * noise[1] + 2.2 * economy.energy
    final = core + 0.18 * noise[2] + 1.4 * economy.energy
    columns = (
        ("CPIAUCSL", Release.CPI, cpi, 160.0),
        ("PPIACO", Release.PPI, ppi, 130.0),
        ("PPIFIS", Release.PPI, final, 90.0),
    )
    for name, release, change, base in columns:
        released = _released(ground, release)
        yield published(name, ground.months, np.round(base * np.exp(np.cumsum(0.01 * change)), 3), released)


def _released(ground: Economics, release: Release) -> D8:
    """Return when the value of each month came out, by the event calendar: in the month after."""
    calendar = release_days(release, ground.days[0].item(), (ground.days[-1] + 62).item())
    kept = calendar.withdrawn >= calendar.instant
    months, place = np.unique(calendar.day[kept].astype("datetime64[M]"), return_index=True)
    row = np.searchsorted(months, ground.months + 1)
    if row[-1] >= months.size or not np.array_equal(months[row], ground.months + 1):
        raise UsageError(
            f"the event calendar has no {release.value} release in some month from {ground.months[0]} on.",
            where="simulation",
        )
    instants: D8 = calendar.instant[kept][place][row]
    return instants


def _output(ground: Economics, economy: Economy) -> Iterable[Series]:
    """GDP as first estimated, revised twice, and again by every later vintage of the Philadelphia table."""
    draw = stream(ground.seed, 3)
    whole = ground.months.size // 3 * 3
    first = int(-ground.months[0].astype(np.int64) % 3)
    months = economy.growth[first : first + (whole - 3 if first else whole)]
    quarters = ground.months[first : first + months.size : 3]
    growth = months.reshape(-1, 3).mean(axis=1)
    level = 9_000.0 * np.exp(np.cumsum(0.0025 * growth))
    miss = np.array([0.0045, 0.0022, 0.0010])[:, None] * draw.standard_normal((3, quarters.size))
    ends = (quarters + 3).astype("datetime64[D]") - 1
    yield published("GDPC1", quarters, level * np.exp(miss[0]))
    parts: list[tuple[D8, D8, F8]] = []
    later = 0.0015 * draw.standard_normal(quarters.size)
    for place in range(4, quarters.size):
        # The middle of the quarter after: everything up to the last quarter is known, the newest as the advance said.
        released = eastern_instants(np.array([ends[place] + 46]), _EVENING)
        value = level[: place + 1] * np.exp(later[: place + 1])
        value[place] = level[place] * math.exp(float(miss[0, place]))
        value[place - 1] = level[place - 1] * math.exp(float(miss[2, place - 1]))
        parts.append((quarters[: place + 1], np.repeat(released, place + 1), value))
    period, released, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    yield vintaged("ROUTPUT", period, released.astype("datetime64[s]"), value)
    yield vintaged("GDP.VINTAGE.US", *_estimates(quarters, ends, level, miss))


def _estimates(quarters: D8, ends: D8, level: F8, miss: F8) -> tuple[D8, D8, F8]:
    """Return three estimates of every quarter, each beside its four predecessors so that growth can be formed."""
    period, released, value = [], [], []
    for round_, days in enumerate(_GDP_DAYS):
        instants = eastern_instants(ends + days, _MORNING)
        for place in range(4, quarters.size):
            known = level[place - 4 : place + 1].copy()
            known[-1] *= math.exp(float(miss[round_, place]))
            period.append(quarters[place - 4 : place + 1])
            released.append(np.repeat(instants[place : place + 1], 5))
            value.append(known)
    return np.concatenate(period), np.concatenate(released).astype("datetime64[s]"), np.concatenate(value)


def _yields(ground: Economics, economy: Economy) -> Iterable[Series]:
    draw = stream(ground.seed, 4)
    stress = autoregression(0.05 * (ground.vix - 18.0), 0.95)
    extra = autoregression(0.02 * draw.standard_normal(ground.days.size), 0.98)
    spread = np.maximum(1.0 + 0.07 * stress + extra, 0.5)
    daily = {
        "DGS3MO": economy.bill,
        "DGS2": economy.two_year,
        "DGS10": economy.ten_year,
        "DFF": np.maximum(economy.policy[ground.month_of_day], 0.03),
        "BAMLC0A0CM": spread,
        "BAMLH0A0HYM2": 1.2 + 3.0 * spread,
    }
    for name, value in daily.items():
        yield published(name, ground.days, np.round(value, 2))
    count = np.maximum(ground.monthly(np.ones(ground.days.size)), 1.0)
    ten, risk = ground.monthly(economy.ten_year) / count, ground.monthly(spread) / count
    yield published("AAA", ground.months, np.round(ten + 0.6 + 0.4 * risk, 2))
    yield published("BAA", ground.months, np.round(ten + 0.9 + 1.0 * risk, 2))
    for economy_code, rate in economy.foreign.items():
        yield published(f"IR3TIB01{ECONOMIES[economy_code]}M156N", ground.months, np.maximum(rate, -0.8))
    place = ground.month_of_day
    for offset, code in enumerate(_FOREIGN):
        own = autoregression(0.03 * stream(ground.seed, 40 + offset).standard_normal(ground.days.size), 0.99)
        yield published(f"YIELD2Y.{code}", ground.days, np.round(economy.foreign[code][place] + 0.3 + own, 3))


def _dollar(ground: Economics, economy: Economy) -> Iterable[Series]:
    draw = stream(ground.seed, 5)
    partners = np.mean([economy.foreign[code] for code in _FOREIGN], axis=0)
    lead = (economy.foreign["US"] - partners)[ground.month_of_day]
    calm = np.exp(autoregression(0.06 * draw.standard_normal(ground.days.size), 0.99))
    noise = 0.0027 * calm * draw.standard_normal(ground.days.size)
    level = autoregression(noise - 0.12 * ground.returns + 2e-5 * (lead - lead.mean()), 0.9996)
    index = 110.0 * np.exp(level)
    yield published("DTWEXBGS", ground.days, np.round(index, 4))
    count = np.maximum(ground.monthly(np.ones(ground.days.size)), 1.0)
    drift = autoregression(0.002 * draw.standard_normal(ground.months.size), 0.98)
    yield published("RBUSBIS", ground.months, np.round(ground.monthly(index) / count * np.exp(drift), 2))
