"""How far condor credits in a crisis depend on what the fit does not know.

No recorded chain stands above VIX 28. The same crisis is modelled with every set of coefficients of `refits`, each
fitted without one month or year, with both slopes of the term structure moved from where the fit's range ends, and
with VIX a point higher and lower; the range of the credits is what the model cannot say. It is a range of this family
of smiles, not a bound on what a market may do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from alvh.core.arrays import F8
from alvh.pricing.modelled.calibration import SHAPE, SHAPE_LONG_SLOPE, SHAPE_SLOPE
from alvh.pricing.modelled.nodes import complete_nodes
from alvh.pricing.modelled.refits import SHAPE_WITHOUT
from alvh.pricing.modelled.surface import Levels
from alvh.pricing.modelled.svi import otm_price, solve_slice

__all__ = ["STRESS_LEVELS", "StressRange", "stress_range"]

STRESS_LEVELS = (28.0, 40.0, 60.0, 80.0)
"""VIX levels, vol points: the highest recorded and three beyond."""
_SLOW = 25.0
"""Slow mean of VIX beside a spike: what the longer indices come back to."""
_SPOT = 3000.0
_DAYS = 38.0
_WIDTH = 0.01
_MEAN = 0.8
"""Mean of VIX over 63 sessions, which sets the strikes, as a fraction of VIX."""
_TILTS = (-0.1, 0.0, 0.1)
_LONG_TILTS = (-0.05, 0.0, 0.05)
_LEVELS = (-1.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StressRange:
    """Credits of a condor of 38 days, short strikes one expected move out, wings 1 % of spot; % of width, undiscounted.

    Attributes
    ----------
    vix : float, vol points
    levels : Levels
        With the longer indices estimated from VIX and a slow mean of 25.
    put, call, condor : float
        With the coefficients fitted to all days.
    put_low, put_high, call_low, call_high, low, high : float
        Least and most over all refits, slopes and levels.
    """

    vix: float
    levels: Levels
    put: float
    call: float
    condor: float
    put_low: float
    put_high: float
    call_low: float
    call_high: float
    low: float
    high: float


def stress_range(levels: tuple[float, ...] = STRESS_LEVELS) -> tuple[StressRange, ...]:
    """Return the range of credits at each level of VIX, vol points."""
    return tuple(_at(vix) for vix in levels)


def _at(vix: float) -> StressRange:
    node = np.array([vix])
    known = complete_nodes(node, slow=np.array([min(_SLOW, vix)])).level[0].tolist()
    levels = Levels(spot=_SPOT, vix9d=known[0], vix=vix, vix3m=known[2], vix6m=known[3])
    put, call = _credits(levels, SHAPE, 0.0, 0.0, 0.0)
    shapes = (SHAPE, *SHAPE_WITHOUT.values())
    found = np.array([_credits(levels, *case) for case in product(shapes, _TILTS, _LONG_TILTS, _LEVELS)])
    total = found.sum(axis=1)
    return StressRange(
        vix=vix,
        levels=levels,
        put=put,
        call=call,
        condor=put + call,
        put_low=float(found[:, 0].min()),
        put_high=float(found[:, 0].max()),
        call_low=float(found[:, 1].min()),
        call_high=float(found[:, 1].max()),
        low=float(total.min()),
        high=float(total.max()),
    )


def _credits(levels: Levels, shape: F8, tilt: float, long_tilt: float, more: float) -> tuple[float, float]:
    """Return the credit of the put and of the call vertical, % of width."""
    years = _DAYS / 365.0
    slope = _within(math.log(levels.vix3m / levels.vix), SHAPE_SLOPE) + tilt
    long_slope = _within(math.log(levels.vix6m / levels.vix3m), SHAPE_LONG_SLOPE) + long_tilt
    # Between the nodes of 30 and 93 days total variance is nearly a line.
    near, far = levels.vix**2 * 30.0, levels.vix3m**2 * 93.0
    total = (near + max(far - near, 0.1 * near) * (_DAYS - 30.0) / 63.0) / 365.0 / 1e4
    total *= (1.0 + more / levels.vix) ** 2
    made = solve_slice(levels.spot, total, _DAYS, slope, long_slope, shape)
    move = levels.spot * _MEAN * levels.vix / 100.0 * math.sqrt(years)
    wing = _WIDTH * levels.spot
    strikes = (-move - wing, -move, move, move + wing)
    long_put, short_put, short_call, long_call = (otm_price(made, levels.spot + step)[0] for step in strikes)
    return 100.0 * (short_put - long_put) / wing, 100.0 * (short_call - long_call) / wing


def _within(value: float, bounds: tuple[float, float]) -> float:
    return min(max(value, bounds[0]), bounds[1])
