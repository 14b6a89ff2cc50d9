"""Smiles of a recorded VIX chain.

1. `expiry_quotes` implies each expiry's forward from parity: the VX future that settles with it, as options see it.
2. The mixture's four free numbers (weight, lower mean, two volatilities) minimise squared differences to the mids of
   the out-of-the-money quotes, in half bid-asks of at least half a tick, by Levenberg-Marquardt from two starts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled, inlined
from alvh.market.chain import OptionChain
from alvh.pricing.black76 import black_kernel, price
from alvh.pricing.damped_step import damped_step
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes, RateHint, RefusedExpiry, expiry_quotes
from alvh.pricing.vix_smile import VixSmile

__all__ = ["FittedVixSmile", "fit_vix_smile", "fit_vix_smiles"]

_UNKNOWNS = 4
_LEAST_QUOTES = 6
_LEAST_UNIT = 0.025
_STEPS = 200
_NUDGE = 1e-6
_LEAST_VOL = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedVixSmile:
    """A smile with the quotes it was fitted to.

    Attributes
    ----------
    quotes : ExpiryQuotes
    smile : VixSmile
    rms : float, vol points
    half_spreads : float
        Median absolute price difference to mid in half bid-asks.
    inside : float
        Share of quotes whose bid and ask hold the smile between them.
    """

    quotes: ExpiryQuotes
    smile: VixSmile
    rms: float
    half_spreads: float
    inside: float


def fit_vix_smiles(
    chain: OptionChain, *, rate_hint: RateHint = None
) -> tuple[tuple[FittedVixSmile, ...], tuple[RefusedExpiry, ...]]:
    """Fit every expiry of a VIX chain.

    Parameters
    ----------
    chain : OptionChain
    rate_hint : float, callable or None
        Bill rate where parity does not pin the discount, which VIX strikes seldom do.

    Returns
    -------
    tuple of FittedVixSmile, tuple of RefusedExpiry
        The second says of each expiry left out why.
    """
    quotes, refused = expiry_quotes((chain,), rate_hint=rate_hint)
    fitted: list[FittedVixSmile] = []
    for item in quotes:
        found = fit_vix_smile(item)
        if isinstance(found, FittedVixSmile):
            fitted.append(found)
        else:
            refused.append(found)
    return tuple(fitted), tuple(refused)


def fit_vix_smile(quotes: ExpiryQuotes) -> FittedVixSmile | RefusedExpiry:
    """Fit one expiry."""
    if quotes.k.size < _LEAST_QUOTES:
        return RefusedExpiry(
            root=quotes.root,
            expiry=quotes.expiry,
            reason=f"{quotes.k.size} quotes out of the money are usable; four parameters want {_LEAST_QUOTES}.",
        )
    unit_strike = quotes.strike / quotes.forward
    low = unit_strike < 1.0
    bid, mid, ask = (price(1.0, unit_strike, quotes.tau, vol, low, 1.0) for vol in (quotes.bid, quotes.mid, quotes.ask))
    unit = np.maximum(0.5 * (ask - bid), _LEAST_UNIT / quotes.forward)
    at_the_money = float(np.interp(0.0, quotes.k, quotes.mid)) * math.sqrt(quotes.tau)
    best = min(_starts(at_the_money, unit_strike, mid, unit), key=lambda found: found[0])[1]
    weight, first, vol_1, vol_2 = _mixture(best)
    smile = VixSmile(
        forward=quotes.forward,
        tau=quotes.tau,
        discount=quotes.discount,
        weight=weight,
        mean_1=first * quotes.forward,
        vol_1=vol_1,
        mean_2=(1.0 - weight * first) / (1.0 - weight) * quotes.forward,
        vol_2=vol_2,
    )
    value = smile.price(quotes.strike, low) / (smile.discount * smile.forward)
    vol, _ = smile.vol(quotes.strike)
    return FittedVixSmile(
        quotes=quotes,
        smile=smile,
        rms=100.0 * float(np.sqrt(np.mean((vol - quotes.mid) ** 2))),
        half_spreads=float(np.median(np.abs(value - mid) / np.maximum(0.5 * (ask - bid), 1e-12))),
        inside=float(np.mean((value >= bid) & (value <= ask))),
    )


def _starts(at_the_money: float, strike: F8, mid: F8, unit: F8) -> Sequence[tuple[float, F8]]:
    found = []
    for weight, shift, narrow in ((0.7, 0.4, 0.55), (0.5, 0.2, 0.8)):
        z = np.array(
            (
                math.log(weight / (1.0 - weight)),
                math.log(shift * at_the_money),
                math.log(narrow * at_the_money),
                math.log(1.2 * at_the_money),
            )
        )
        found.append((_descend(z, strike, mid, unit), z))
    return found


@inlined
def _mixture(z: F8) -> tuple[float, float, float, float]:
    """Return weight, first mean over the forward, and the two total volatilities."""
    return 1.0 / (1.0 + math.exp(-z[0])), math.exp(-math.exp(z[1])), math.exp(z[2]), math.exp(z[3])


@inlined
def _value(z: F8, strike: float) -> float:
    weight, first, vol_1, vol_2 = _mixture(z)
    second = (1.0 - weight * first) / (1.0 - weight)
    put = strike < 1.0
    return weight * black_kernel(first, strike, vol_1, put) + (1.0 - weight) * black_kernel(second, strike, vol_2, put)


@compiled
def _outside(z: F8, strike: F8) -> F8:
    """Out-of-the-money prices over the forward; black_kernel's in-the-money part of a component is its own."""
    out = np.empty(strike.size)
    for i in range(strike.size):
        out[i] = _value(z, strike[i])
    return out


@compiled
def _cost(z: F8, strike: F8, mid: F8, unit: F8, normal: F8, gradient: F8) -> float:
    normal[:] = 0.0
    gradient[:] = 0.0
    here = _outside(z, strike)
    slopes = np.empty((_UNKNOWNS, strike.size))
    for j in range(_UNKNOWNS):
        moved = z.copy()
        moved[j] += _NUDGE
        slopes[j] = (_outside(moved, strike) - here) / (_NUDGE * unit)
    cost = 0.0
    for i in range(strike.size):
        miss = (here[i] - mid[i]) / unit[i]
        cost += miss * miss
        for j in range(_UNKNOWNS):
            gradient[j] += slopes[j, i] * miss
            for q in range(j + 1):
                normal[j, q] += slopes[j, i] * slopes[q, i]
    return cost


@compiled
def _descend(z: F8, strike: F8, mid: F8, unit: F8) -> float:
    normal, trial_normal = np.zeros((_UNKNOWNS, _UNKNOWNS)), np.zeros((_UNKNOWNS, _UNKNOWNS))
    gradient, trial_gradient = np.zeros(_UNKNOWNS), np.zeros(_UNKNOWNS)
    move = np.zeros(_UNKNOWNS)
    cost = _cost(z, strike, mid, unit, normal, gradient)
    damping = 1e-3
    for _ in range(_STEPS):
        if not damped_step(normal, gradient, damping, move):
            damping *= 10.0
            continue
        trial = z + move
        trial[0] = min(max(trial[0], -4.0), 4.0)
        trial[1] = min(max(trial[1], -12.0), 1.0)
        for j in range(2, _UNKNOWNS):
            trial[j] = min(max(trial[j], math.log(_LEAST_VOL)), 1.5)
        found = _cost(trial, strike, mid, unit, trial_normal, trial_gradient)
        if found < cost:
            gain = cost - found
            z[:] = trial
            normal[:] = trial_normal
            gradient[:] = trial_gradient
            cost = found
            damping = max(0.2 * damping, 1e-12)
            if gain <= 1e-10 * cost:
                break
        else:
            damping *= 5.0
            if damping > 1e12:
                break
    return cost
