"""Calendar conditions between neighbouring expiries: where they fail, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from alvh.core.arrays import F8
from alvh.pricing.surface.between import GRID
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes

__all__ = ["Crossing", "Neighbour", "bounds_between", "crossings"]

# A crossing under a millionth of a volatility point is rounding.
_LEAST_SHORTFALL = 1e-8
# Every other place of the grid bounds a slice that is fitted again.
_EVERY = 2
_UNIT = 0.0005
# Where neither expiry is quoted a shortfall weighs less: slices bent there would miss their quotes at the money.
_BEYOND = 5.0


class Neighbour(NamedTuple):
    """An expiry next to the one that is fitted: its quotes, and its total variance on `GRID`."""

    quotes: ExpiryQuotes
    variance: F8


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Total variance that falls from one expiry to the next at equal log-moneyness.

    Attributes
    ----------
    root, expiry : str, date
        The earlier expiry.
    next_root, next_expiry : str, date
        The later one, whose variance is too low.
    k : float
        Log-moneyness of the worst place.
    shortfall : float, vol points
        By how much the later expiry's volatility is too low there.
    k_from, k_to : float
        Range of log-moneyness that fails; at most four either way is looked at.
    quoted : bool
        Whether the worst place lies between the outermost quotes of both expiries; otherwise the wings cross where
        one of them is extrapolated.
    """

    root: str
    expiry: date
    next_root: str
    next_expiry: date
    k: float
    shortfall: float
    k_from: float
    k_to: float
    quoted: bool


def crossings(variances: F8, quotes: Sequence[ExpiryQuotes]) -> tuple[Crossing, ...]:
    """Compare neighbours, inside and outside their quotes apart.

    Parameters
    ----------
    variances : (n, p) array
        Total variance of n slices, ascending by time, on `GRID`.
    quotes : sequence of n ExpiryQuotes
    """
    found = []
    grid = GRID
    for place in range(len(quotes) - 1):
        near, far = quotes[place], quotes[place + 1]
        deep = np.sqrt(variances[place] / far.tau) - np.sqrt(variances[place + 1] / far.tau)
        inside = (max(near.k[0], far.k[0]) <= grid) & (grid <= min(near.k[-1], far.k[-1]))
        for region, quoted in ((inside, True), (~inside, False)):
            failing = np.flatnonzero(region & (deep > _LEAST_SHORTFALL))
            if failing.size == 0:
                continue
            worst = int(failing[np.argmax(deep[failing])])
            found.append(
                Crossing(
                    root=near.root,
                    expiry=near.expiry,
                    next_root=far.root,
                    next_expiry=far.expiry,
                    k=float(grid[worst]),
                    shortfall=100.0 * float(deep[worst]),
                    k_from=float(grid[failing[0]]),
                    k_to=float(grid[failing[-1]]),
                    quoted=quoted,
                )
            )
    return tuple(found)


def bounds_between(below: Neighbour | None, above: Neighbour | None, quotes: ExpiryQuotes, deviation: float) -> F8:
    """Return bounds on a slice: the earlier expiry below it, the later above it where it has no quotes of its own.

    Where an expiry is only extrapolated its neighbour knows better; where both are quoted the later one gives way.

    Parameters
    ----------
    below, above : Neighbour or None
    quotes : ExpiryQuotes
    deviation : float
        Standard deviation of the slice at the money.

    Returns
    -------
    (4, q) array
        Log-moneyness, least and most total variance, and the unit of volatility a shortfall is measured in.
    """
    sides = [side for side in (below, above) if side is not None]
    low = min([quotes.k[0]] + [side.quotes.k[0] for side in sides])
    high = max([quotes.k[-1]] + [side.quotes.k[-1] for side in sides])
    k = GRID[::_EVERY]
    beyond = np.where((low <= k) & (high >= k), 1.0, _BEYOND)
    unit = _UNIT * (1.0 + np.abs(k) / deviation) * beyond
    own = (k >= quotes.k[0]) & (k <= quotes.k[-1])
    least = np.zeros(k.size) if below is None else below.variance[::_EVERY]
    most = np.full(k.size, np.inf) if above is None else np.where(own, np.inf, above.variance[::_EVERY])
    return np.array((k, least, np.maximum(most, least), unit))
