"""Stylised facts of a market, by the same arithmetic for one that happened and one that did not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.errors import CoverageError
from alvh.market.series import Series
from alvh.signals.inputs import with_derived

__all__ = ["Fact", "common_columns", "spike_half_life", "stylised_facts"]

_SESSIONS = 252.0
_LEAST = 250
_SPIKE, _SPIKE_MEAN = 1.5, 20
_AHEAD = 21

Lookup = Callable[[str], Series | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number about a market.

    Attributes
    ----------
    key : str
    meaning : str
    value : float or None
        None where the market lacks what it is computed from.
    unit : str
    """

    key: str
    meaning: str
    value: float | None
    unit: str


def common_columns(lookup: Lookup, names: tuple[str, ...], first: date, last: date) -> tuple[D8, tuple[F8, ...]]:
    """Return the days on which all of some series have a value, and their values then."""
    found = [lookup(name) for name in names]
    if any(item is None or item.value.size == 0 for item in found):
        return np.zeros(0, "datetime64[D]"), tuple(np.zeros(0) for _ in names)
    series = [item for item in found if item is not None]
    days = series[0].period
    for item in series[1:]:
        days = np.intersect1d(days, item.period)
    days = days[(days >= np.datetime64(first, "D")) & (days <= np.datetime64(last, "D"))]
    return days, tuple(item.value[np.searchsorted(item.period, days)] for item in series)


def stylised_facts(lookup: Lookup, first: date, last: date) -> tuple[Fact, ...]:
    """Describe index, VIX and the VX curve over a range of days.

    Parameters
    ----------
    lookup : callable
        Series by canonical name.
    first, last : date

    Raises
    ------
    CoverageError
        Fewer than 250 sessions have closes of both SPX and VIX.
    """
    known = with_derived(lookup)
    days, (spot, vix) = common_columns(known, ("SPX", "VIX"), first, last)
    if days.size < _LEAST:
        raise CoverageError(
            f"{days.size} sessions from {first} to {last} have closes of both SPX and VIX, {_LEAST} are needed.",
            where="stylised facts",
            fix="Choose a longer range.",
        )
    returns, steps = np.diff(np.log(spot)), np.diff(np.log(vix))
    return (
        *_of_returns(returns, spot),
        *_of_vix(vix, steps),
        *_of_both(returns, steps, vix),
        *_of_curve(known, first, last),
    )


def _of_returns(returns: F8, spot: F8) -> Iterable[Fact]:
    centred = returns - returns.mean()
    sd = float(returns.std())
    fall = spot / np.maximum.accumulate(spot) - 1.0
    yield _fact("spx_mean", "SPX price return a year, mean of logs", 100.0 * _SESSIONS * float(returns.mean()), "%")
    yield _fact("spx_vol", "SPX realised volatility", 100.0 * math.sqrt(_SESSIONS) * sd, "%")
    yield _fact("spx_skew", "Skewness of daily returns", float((centred**3).mean()) / sd**3, "")
    yield _fact("spx_kurtosis", "Kurtosis of daily returns", float((centred**4).mean()) / sd**4, "")
    yield _fact("spx_worst", "Worst day", 100.0 * math.expm1(float(returns.min())), "%")
    yield _fact("spx_best", "Best day", 100.0 * math.expm1(float(returns.max())), "%")
    yield _fact("spx_drawdown", "Deepest fall from a high", 100.0 * float(fall.min()), "%")


def _of_vix(vix: F8, steps: F8) -> Iterable[Fact]:
    log = np.log(vix)
    yield _fact("vix_mean", "VIX, mean", float(vix.mean()), "points")
    yield _fact("vix_sd", "VIX, standard deviation", float(vix.std()), "points")
    for name, share in (("min", 0.0), ("q05", 0.05), ("median", 0.5), ("q95", 0.95), ("q99", 0.99), ("max", 1.0)):
        yield _fact(f"vix_{name}", f"VIX, {name}", float(np.quantile(vix, share)), "points")
    for lag in (1, 21, 63):
        value = float(np.corrcoef(log[:-lag], log[lag:])[0, 1])
        yield _fact(f"vix_ac{lag}", f"Autocorrelation of ln VIX over {lag} sessions", value, "")
    yield _fact("vix_step", "Standard deviation of daily ln VIX changes", 100.0 * float(steps.std()), "%")
    centred = steps - steps.mean()
    yield _fact("vix_step_skew", "Skewness of daily ln VIX changes", float((centred**3).mean() / steps.std() ** 3), "")
    yield _fact("vix_half_life", "Sessions in which half of a spike is gone, median", spike_half_life(vix), "sessions")
    spikes = float((vix >= 40.0).mean())
    yield _fact("vix_over_40", "Share of sessions with VIX at 40 or more", 100.0 * spikes, "%")


def _of_both(returns: F8, steps: F8, vix: F8) -> Iterable[Fact]:
    correlation = float(np.corrcoef(returns, steps)[0, 1])
    beta = correlation * float(steps.std() / returns.std())
    yield _fact("correlation", "Correlation of returns and ln VIX changes", correlation, "")
    yield _fact("beta", "Beta of ln VIX on returns", beta, "")
    ahead = np.convolve(returns**2, np.ones(_AHEAD), "valid")
    realised = 100.0 * np.sqrt(ahead * _SESSIONS / _AHEAD)
    gap = float((vix[: realised.size] - realised).mean())
    yield _fact("premium", "VIX minus the volatility realised over the next 21 sessions, mean", gap, "points")


def _of_curve(lookup: Lookup, first: date, last: date) -> Iterable[Fact]:
    _, (near, far) = common_columns(lookup, ("VX30", "VX60"), first, last)
    known = near.size >= _LEAST
    contango = 100.0 * float((far > near).mean()) if known else None
    slope = 100.0 * float((far / near).mean() - 1.0) if known else None
    yield _fact("contango", "Share of sessions with VX60 above VX30", contango, "%")
    yield _fact("slope", "VX60 over VX30, mean", slope, "%")
    _, (vix, quarter) = common_columns(lookup, ("VIX", "VIX3M"), first, last)
    inverted = 100.0 * float((vix > quarter).mean()) if vix.size >= _LEAST else None
    yield _fact("inverted", "Share of sessions with VIX above VIX3M", inverted, "%")
    for name, meaning in (("VVIX", "VVIX"), ("SKEW", "SKEW")):
        _, (level,) = common_columns(lookup, (name,), first, last)
        there = level.size >= _LEAST
        yield _fact(f"{name.lower()}_mean", f"{meaning}, mean", float(level.mean()) if there else None, "points")
        sd = float(level.std()) if there else None
        yield _fact(f"{name.lower()}_sd", f"{meaning}, standard deviation", sd, "points")


def spike_half_life(vix: F8) -> float | None:
    """Return the median number of sessions from a spike's peak until half of its excess is gone.

    A spike begins when VIX is at least 1.5 times the mean of the 20 sessions before, and peaks within the next ten; its
    excess is measured from that mean. None where there was no spike.
    """
    total = np.concatenate(([0.0], np.cumsum(vix)))
    lives: list[int] = []
    place = _SPIKE_MEAN
    while place < vix.size:
        base = float(total[place] - total[place - _SPIKE_MEAN]) / _SPIKE_MEAN
        if vix[place] < _SPIKE * base:
            place += 1
            continue
        peak = place + int(np.argmax(vix[place : place + 10]))
        half = 0.5 * (base + float(vix[peak]))
        below = np.flatnonzero(vix[peak:] <= half)
        if below.size == 0:
            break
        lives.append(int(below[0]))
        place = peak + int(below[0]) + 1
    return float(np.median(lives)) if lives else None


def _fact(key: str, meaning: str, value: float | None, unit: str) -> Fact:
    return Fact(key=key, meaning=meaning, value=value, unit=unit)
