"""A whole made-up world of inputs: every canonical name the evidence reads, ten years of them, from one seed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np

from alvh.market.catalogue import Frequency, entry
from alvh.market.expirations import vx_monthly_expiry
from alvh.market.release import known_at
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar
from alvh.signals.inputs.sectors import SECTORS

FUNDS = ("SPY", "RSP", "IWF", "IWD", "IYR", "VNQ", *SECTORS)
INDICES = ("SPX", "VIX", "VIX3M", "VIX6M", "VIX9D", "VVIX", "VIXEQ", "DSPX", "COR1M", "SKEW", "SPXT")
DAILY = (
    "DGS2",
    "DGS10",
    "DGS3MO",
    "DTWEXBGS",
    "BAA10Y",
    "BAMLC0A0CM",
    "SPX.FORWARD_PE",
    "SPX.PCF",
    "NYSE.ADVANCES",
    "NYSE.DECLINES",
    "MEMBERS.ADVANCES",
    "MEMBERS.DECLINES",
    "MEMBERS.VOL",
    *(f"PE.{fund}" for fund in SECTORS),
    *(f"PCF.{fund}" for fund in SECTORS),
    *(f"YIELD2Y.{place}" for place in ("EA", "JP", "GB", "CH", "AU")),
)
MONTHLY = (
    "CPIAUCSL",
    "PPIACO",
    "PPIFIS",
    "AAA",
    "BAA",
    "RBUSBIS",
    "IPO.COUNT",
    "SHILLER.PRICE",
    "SHILLER.DIVIDEND",
    "SHILLER.EARNINGS",
    "SHILLER.PE10",
    *(f"IR3TIB01{place}M156N" for place in ("US", "EZ", "JP", "GB", "CH", "AU")),
)
QUARTERLY = ("GDPC1", "QUICK.SPX", "QUICK.REIT", *(f"QUICK.{fund}" for fund in SECTORS))
VINTAGES = ("ROUTPUT", "GDP.VINTAGE.US", "GDP.VINTAGE.JP", "GDP.VINTAGE.EA")


def made(name: str, period: np.ndarray, value: np.ndarray, instants: np.ndarray | None = None) -> Series:
    said = entry(name)
    stamps = known_at(said.release, period) if instants is None else instants
    order = np.lexsort((period, stamps))
    return Series(
        name=name, unit=said.unit, period=period[order], known_at=stamps[order], value=value[order], source="made up"
    )


@cache
def world(first: date = date(2010, 1, 4), last: date = date(2020, 12, 31), seed: int = 11) -> Mapping[str, Series]:
    """Make every input between two dates, by canonical name; ask it with `.get`."""
    random = np.random.default_rng(seed)
    sessions = trading_calendar(first, last).between(first, last)
    found = [*_prices(sessions, random), *_curve(sessions, random)]
    found += [made(name, sessions, _walk(sessions.size, random, 0.01, _level(name))) for name in DAILY]
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)
    for name in MONTHLY:
        assert entry(name).frequency is Frequency.MONTHLY
        found.append(made(name, months.astype("datetime64[D]"), _walk(months.size, random, 0.004, _level(name))))
    quarters = months[months.astype(int) % 3 == 0].astype("datetime64[D]")
    found += [made(name, quarters, _walk(quarters.size, random, 0.01, 2.0)) for name in QUARTERLY]
    found += [_vintages(name, quarters, random) for name in VINTAGES]
    decisions = np.array([day for day in sessions if day.astype(date).weekday() == 2][::6])
    found.append(made("FOMC", decisions, np.ones(decisions.size)))
    return {series.name: series for series in found}


def _level(name: str) -> float:
    return 1000.0 if name.endswith(("ADVANCES", "DECLINES")) else 18.0 if "PE" in name else 3.0


def _walk(count: int, random: np.random.Generator, step: float, level: float) -> np.ndarray:
    shocks = random.standard_normal(count) * step
    return level * np.exp(np.cumsum(shocks) - 0.02 * np.linspace(0.0, 1.0, count))


def _prices(sessions: np.ndarray, random: np.random.Generator) -> list[Series]:
    market = random.standard_normal(sessions.size) * 0.01
    found = []
    for name in INDICES:
        vol = name.startswith(("V", "D", "COR", "SKEW"))
        close = 18.0 * np.exp(_reverting(sessions.size, random)) if vol else 1200.0 * np.exp(np.cumsum(market))
        found.append(made(name, sessions, close))
        if name in ("SPX", "VIX"):
            spread = np.abs(random.standard_normal((2, sessions.size))) * 0.004
            found.append(made(f"{name}.open", sessions, close * np.exp(random.standard_normal(close.size) * 0.002)))
            opened = found[-1].value
            found.append(made(f"{name}.high", sessions, np.maximum(close, opened) * (1.0 + spread[0])))
            found.append(made(f"{name}.low", sessions, np.minimum(close, opened) * (1.0 - spread[1])))
    for fund in FUNDS:
        own = random.uniform(0.7, 1.3) * market + random.standard_normal(sessions.size) * 0.004
        found.append(made(f"{fund}.adjclose", sessions, 50.0 * np.exp(np.cumsum(own))))
    return found


def _reverting(count: int, random: np.random.Generator) -> np.ndarray:
    level, out = 0.0, np.empty(count)
    for place, shock in enumerate(random.standard_normal(count) * 0.06):
        level = 0.97 * level + shock
        out[place] = level
    return out


def _curve(sessions: np.ndarray, random: np.random.Generator) -> list[Series]:
    """Eight monthly futures a day, between the front and a long-run level."""
    years = range(sessions[0].astype(date).year, sessions[-1].astype(date).year + 2)
    expiries = np.array([vx_monthly_expiry(year, month) for year in years for month in range(1, 13)], "datetime64[D]")
    front = 16.0 * np.exp(_reverting(sessions.size, random))
    start = np.searchsorted(expiries, sessions, side="right")
    listed = expiries[start[:, None] + np.arange(8)]
    days = (listed - sessions[:, None]).astype(float)
    weight = np.exp(-days / 90.0)
    price = weight * front[:, None] + (1.0 - weight) * 20.0
    period = np.repeat(sessions, 8)
    text = np.char.replace(listed.ravel().astype(str), "-", "").astype(float)
    return [made("VX.CURVE", period, price.ravel()), made("VX.CURVE.expiry", period, text)]


def _vintages(name: str, quarters: np.ndarray, random: np.random.Generator) -> Series:
    """Every quarter a new vintage of the whole history, known two months after its last quarter began to be over."""
    true = _walk(quarters.size, random, 0.006, 15000.0)
    parts = []
    for last in range(4, quarters.size):
        stamp = quarters[last].astype("datetime64[s]") + np.timedelta64(150, "D")
        noise = 1.0 + random.standard_normal(last + 1) * 0.001
        parts.append((quarters[: last + 1], np.full(last + 1, stamp), true[: last + 1] * noise))
    period, stamps, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    return made(name, period, value, stamps)
