"""The forward and the discount factor of one expiry, implied from put-call parity.

1. Keep strikes whose call and put both have a bid and an uncrossed ask. Each says ``C - P = D (F - K)``.
2. With the rate hint each strike says a forward of its own, ``K + (C - P) / D``. The weighted median of those near the
   money, weights one over squared spreads, is a centre that stale quotes cannot move.
3. Within 10 % of the centre (wider where that holds fewer than eight strikes) fit those forwards as a line in the
   strike, Tukey's biweight on residuals measured in half spreads. Where the line meets ``F = K`` is the forward; its
   slope corrects the discount.
4. Believe the slope only where it pins the rate (enough strikes, standard error at most 25 basis points, within 5
   percentage points of the hint). Otherwise the hint is the rate and the fit is repeated without a slope; under five
   pairs the weighted median of step 2 is the forward.
5. Check against Cboe's shortcut, the strike with the least ``|C - P|`` among the strikes the fit kept: where they
   differ by more than 0.3 of that pair's spread the shortcut wins.

References
----------
.. [1] Cboe (2022). Volatility index methodology: Cboe Volatility Index: the K* shortcut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import F8

__all__ = ["NoForward", "ParityForward", "RateSource", "parity_forward"]

_NEAR = 0.10
# VIX strikes are far apart for their level: widen until this many pairs are in, but not beyond this distance.
_WANTED_PAIRS = 8
_FAR = 0.6
_LEAST_PAIRS = 5
_RATE_ERROR_LIMIT = 0.0025
_RATE_GAP_LIMIT = 0.05
_RATE_LIMIT = 1.0
_SHORTCUT_LIMIT = 0.3
_BIWEIGHT = 4.685
_MAD_TO_SD = 1.4826
_PASSES = 3
# Spreads below this fraction of the strike count as this: exact prices would otherwise have infinite weight.
_LEAST_SPREAD = 1e-9
_FARTHEST = 3.0
# Strikes and quotes outside are no prices of anything, and weights made of them would leave the range of a double.
_LEAST = 1e-6
_MOST = 1e9
_MOST_YEARS = 100.0


class RateSource(StrEnum):
    """Where the discount factor came from."""

    PARITY = "parity"
    """The slope of call minus put against strike."""
    HINT = "hint"
    """The rate handed in, because the quotes do not pin one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityForward:
    """Forward and discount of one expiry.

    Attributes
    ----------
    forward : float, points
    discount : float
        Discount factor to the expiry.
    rate : float, decimal per year
        Continuously compounded, ``-ln(discount) / tau``.
    rate_source : RateSource
    pairs : int
        Strikes whose quotes carry weight.
    spread : float, points
        Weighted mean absolute deviation of the strike-wise forwards from the fit.
    shortcut : float, points
        Cboe's forward from the single strike with the least difference of call and put.
    by_shortcut : bool
        Whether `forward` is the shortcut because the fit strayed from it.
    """

    forward: float
    discount: float
    rate: float
    rate_source: RateSource
    pairs: int
    spread: float
    shortcut: float
    by_shortcut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoForward:
    """Why an expiry has no parity forward, in one sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Usable strikes: difference of mids and the noise of that difference, points."""

    strike: F8
    difference: F8
    noise: F8

    def within(self, centre: float) -> _Pairs:
        distance = np.abs(self.strike - centre)
        limit = _NEAR * centre
        if distance.size > _WANTED_PAIRS:
            limit = max(limit, float(np.partition(distance, _WANTED_PAIRS - 1)[_WANTED_PAIRS - 1]))
        near = distance <= min(max(limit, float(distance.min())), _FAR * centre)
        return _Pairs(self.strike[near], self.difference[near], self.noise[near])


@dataclass(frozen=True, slots=True)
class _Line:
    """Strike-wise forwards as a line: `forward` at ``F = K``, `tilt` its slope in the strike."""

    forward: float
    tilt: float
    tilt_error: float
    weight: F8
    spread: float


def parity_forward(
    strike: ArrayLike,
    call_bid: ArrayLike,
    call_ask: ArrayLike,
    put_bid: ArrayLike,
    put_ask: ArrayLike,
    *,
    tau: float,
    spot: float | None,
    rate_hint: float | None,
) -> ParityForward | NoForward:
    """Imply the forward and discount factor of one expiry.

    Parameters
    ----------
    strike : (n,) array, points
        One entry per strike, any order.
    call_bid, call_ask, put_bid, put_ask : (n,) arrays, points
        NaN or a zero bid where there is no quote; such strikes are left out.
    tau : float, years
    spot : float or None, points
        Level of the underlying, a plausibility check only: the forward must lie within a factor of three.
    rate_hint : float or None, decimal per year
        Bill rate for the tenor, continuously compounded; used where the quotes do not pin the rate.

    Returns
    -------
    ParityForward or NoForward
        The second says why there is none; this is a value, not an error.
    """
    if not 0.0 < tau <= _MOST_YEARS:
        return NoForward(
            reason=f"the expiry is {tau!r} years away; a time above 0 and up to {_MOST_YEARS:g} is needed."
        )
    if rate_hint is not None and not abs(rate_hint) < _RATE_LIMIT:
        return NoForward(reason=f"the rate handed in is {rate_hint!r}; a decimal per year is needed, 0.05 for 5 %.")
    pairs = _usable(strike, call_bid, call_ask, put_bid, put_ask)
    if pairs.strike.size == 0:
        return NoForward(reason="no strike has a bid and an uncrossed ask on both its call and its put.")
    growth = math.exp(rate_hint * tau) if rate_hint is not None else 1.0
    centre = _centre(pairs, growth)
    near = pairs.within(centre)
    if near.strike.size == 0:
        return NoForward(reason=f"call minus put points to {centre:.2f}, away from every strike with quotes.")
    line = _fit(near, growth, sloped=True)
    pinned = _pinned(line, growth, tau, rate_hint)
    if not pinned and rate_hint is None:
        return NoForward(
            reason=f"{near.strike.size} pairs of quotes near the money do not pin a discount factor; a rate is needed."
        )
    if not pinned:
        line = _fit(near, growth, sloped=False)
    found = _answer(near, line, growth, tau, RateSource.PARITY if pinned else RateSource.HINT)
    return _plausible(found, spot)


def _usable(
    strike: ArrayLike, call_bid: ArrayLike, call_ask: ArrayLike, put_bid: ArrayLike, put_ask: ArrayLike
) -> _Pairs:
    k, cb, ca, pb, pa = (
        np.asarray(column, dtype=np.float64) for column in (strike, call_bid, call_ask, put_bid, put_ask)
    )
    # Comparisons with NaN are false, so an absent quote drops out here.
    sound = (cb > 0.0) & (pb > 0.0) & (ca >= cb) & (pa >= pb) & (ca + pa < _MOST) & (k > _LEAST) & (k < _MOST)
    k, cb, ca, pb, pa = k[sound], cb[sound], ca[sound], pb[sound], pa[sound]
    noise = 0.5 * np.sqrt((ca - cb) ** 2 + (pa - pb) ** 2) + _LEAST_SPREAD * k
    return _Pairs(k, 0.5 * ((cb + ca) - (pb + pa)), noise)


def _centre(pairs: _Pairs, growth: float) -> float:
    """Find a forward that a few bad quotes cannot move."""
    rough = float(pairs.strike[np.argmin(np.abs(pairs.difference))])
    near = pairs.within(rough)
    return _weighted_median(near.strike + growth * near.difference, near.noise**-2.0)


def _weighted_median(value: F8, weight: F8) -> float:
    order = np.argsort(value)
    share = np.cumsum(weight[order])
    return float(value[order[np.searchsorted(share, 0.5 * share[-1])]])


def _level(near: _Pairs, growth: float) -> _Line:
    """Take the weighted median of the strike-wise forwards; all that a few pairs allow."""
    guess = near.strike + growth * near.difference
    weight = near.noise**-2.0
    forward = _weighted_median(guess, weight)
    away = np.abs(guess - forward)
    spread = float(weight @ away / weight.sum())
    return _Line(forward, 0.0, math.inf, weight, spread)


def _fit(near: _Pairs, growth: float, *, sloped: bool) -> _Line:
    """Fit the strike-wise forwards by a line, or a level, bad quotes weighted down to nothing."""
    line = _level(near, growth)
    if near.strike.size < _LEAST_PAIRS:
        return line
    base = line.weight
    guess = near.strike + growth * near.difference
    centre = line.forward
    run = near.strike - centre
    away = guess - centre
    level, tilt, spread_square = 0.0, 0.0, 0.0
    weight = base
    middle = run.size // 2
    for _ in range(_PASSES):
        size = np.abs(away - level - tilt * run) / near.noise
        scale = _BIWEIGHT * (_MAD_TO_SD * float(np.partition(size, middle)[middle]) + 1e-12)
        weight = base * np.maximum(1.0 - (size / scale) ** 2, 0.0) ** 2
        total = float(weight.sum())
        mean_run = float(weight @ run) / total
        mean_away = float(weight @ away) / total
        spread_square = float(weight @ (run - mean_run) ** 2)
        if spread_square <= 0.0:
            return line
        if sloped:
            tilt = float(weight @ ((run - mean_run) * (away - mean_away))) / spread_square
        level = mean_away - tilt * mean_run
    rest = away - level - tilt * run
    kept = int(np.count_nonzero(weight))
    if kept < _LEAST_PAIRS or tilt >= 1.0:
        return line
    variance = float(weight @ rest**2) / (kept - 2)
    spread = float(weight @ np.abs(rest)) / float(weight.sum())
    # A line a + b (K - c) meets F = K where F - c = a / (1 - b).
    return _Line(centre + level / (1.0 - tilt), tilt, math.sqrt(variance / spread_square), weight, spread)


def _pinned(line: _Line, growth: float, tau: float, rate_hint: float | None) -> bool:
    """Say whether the slope tells the rate closely enough to be believed."""
    if not line.tilt_error / tau <= _RATE_ERROR_LIMIT:
        return False
    rate = (math.log(growth) - math.log1p(-line.tilt)) / tau
    return abs(rate - (rate_hint if rate_hint is not None else 0.03)) <= _RATE_GAP_LIMIT


def _answer(near: _Pairs, line: _Line, growth: float, tau: float, source: RateSource) -> ParityForward:
    discount = (1.0 - line.tilt) / growth
    kept = np.flatnonzero(line.weight > 0.0)
    star = kept[np.argmin(np.abs(near.difference[kept]))]
    shortcut = float(near.strike[star] + near.difference[star] / discount)
    strayed = abs(line.forward - shortcut) > _SHORTCUT_LIMIT * 2.0 * float(near.noise[star])
    return ParityForward(
        forward=shortcut if strayed else line.forward,
        discount=discount,
        rate=-math.log(discount) / tau,
        rate_source=source,
        pairs=int(kept.size),
        spread=line.spread,
        shortcut=shortcut,
        by_shortcut=strayed,
    )


def _plausible(found: ParityForward, spot: float | None) -> ParityForward | NoForward:
    if spot is None and found.forward > 0.0:
        return found
    if spot is not None and spot / _FARTHEST < found.forward < spot * _FARTHEST:
        return found
    return NoForward(
        reason=f"parity gives a forward of {found.forward:.2f} where the underlying stands at {spot}; "
        "one of the two is not what it claims to be."
    )
