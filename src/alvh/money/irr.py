"""Internal rate of return, act/365: all roots in (-0.99, 10], or none; never a guess.

1. Merge flows of one day and drop zeros; flows of one sign have no root.
2. With u = ln(1 + r) the value is sum(c exp(-u t)), smooth in u. Scan it on a grid over the whole interval.
3. Each change of sign holds a root, found by bisection.
4. Where the slope changes sign inside a cell and the value does not, the extremum is found too; if it touches or
   crosses zero there are one or two roots in the cell, which a plain scan would miss.

With one change of sign in time order there is at most one root (Descartes), so the answer is then complete for certain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.money.curve import DAYS_PER_YEAR

LOWEST, HIGHEST = -0.99, 10.0
_CELLS = 1024
_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """Every rate at which flows are worth nothing.

    Attributes
    ----------
    rates : tuple of float, per year, ascending
    changes : int
        Changes of sign in time order; more than one means several roots were possible.
    """

    rates: tuple[float, ...]
    changes: int

    @property
    def only(self) -> float | None:
        """The rate, when there is exactly one."""
        return self.rates[0] if len(self.rates) == 1 else None

    @property
    def sentence(self) -> str:
        """Why there is no single rate; empty when there is one."""
        if len(self.rates) == 1:
            return ""
        if not self.rates:
            why = "the flows have one sign only" if self.changes == 0 else "the flows are never worth zero"
            return f"no rate in ({LOWEST:g}, {HIGHEST:g}]: {why}"
        return f"{len(self.rates)} rates fit the flows: " + ", ".join(f"{rate:.2%}" for rate in self.rates)


def xirr(dates: D8, flows: F8) -> Roots:
    """Find the annual rates of dated flows.

    Parameters
    ----------
    dates : (n,) datetime64[D] array
        In any order; the earliest is the origin.
    flows : (n,) array, USD
        Paid negative, received positive.
    """
    if flows.size == 0:
        return Roots(rates=(), changes=0)
    days = dates.astype("datetime64[D]").astype(np.int64)
    when, inverse = np.unique(days - days.min(), return_inverse=True)
    return _roots(when / DAYS_PER_YEAR, np.bincount(inverse, weights=flows).astype(np.float64))


def irr(flows: F8) -> Roots:
    """Find the rates per period of flows one period apart."""
    return _roots(np.arange(flows.size, dtype=np.float64), np.asarray(flows, np.float64))


def mirr(flows: F8, finance: float, reinvest: float) -> float | None:
    """Return the modified rate per period: outflows discounted at `finance`, inflows grown at `reinvest`."""
    n = flows.size - 1
    place = np.arange(flows.size)
    paid = -np.sum(np.minimum(flows, 0.0) / (1.0 + finance) ** place)
    received = np.sum(np.maximum(flows, 0.0) * (1.0 + reinvest) ** (n - place))
    return None if n < 1 or paid <= 0.0 or received <= 0.0 else float((received / paid) ** (1.0 / n) - 1.0)


def _roots(time: F8, flows: F8) -> Roots:
    kept = flows != 0.0
    time, flows = time[kept], flows[kept]
    changes = int(np.count_nonzero(np.diff(np.sign(flows)))) if flows.size else 0
    if changes == 0:
        return Roots(rates=(), changes=0)

    def value(u: float) -> float:
        return float(np.sum(flows * np.exp(-u * time)))

    def slope(u: float) -> float:
        return -float(np.sum(flows * time * np.exp(-u * time)))

    grid = np.linspace(np.log1p(LOWEST), np.log1p(HIGHEST), _CELLS + 1)
    values, slopes, noise = _on_grid(grid, time, flows)
    found: list[float] = []
    for cell in range(_CELLS):
        low, high = float(grid[cell]), float(grid[cell + 1])
        if abs(values[cell + 1]) <= noise[cell + 1]:
            found.append(high)
        elif values[cell] * values[cell + 1] < 0.0 and abs(values[cell]) > noise[cell]:
            found.append(_bisect(value, low, high))
        elif slopes[cell] * slopes[cell + 1] < 0.0 and abs(values[cell]) > noise[cell]:
            found.extend(_around(value, slope, low, high, float(noise[cell])))
    rates = sorted({round(float(np.expm1(u)), 12) for u in found})
    return Roots(rates=tuple(rate for rate in rates if LOWEST < rate <= HIGHEST), changes=changes)


def _on_grid(grid: F8, time: F8, flows: F8) -> tuple[F8, F8, F8]:
    """Value, slope and rounding at each log rate; a value below its rounding is zero for all we know."""
    columns = np.column_stack([flows, -flows * time, 4e-15 * np.abs(flows)])
    found = np.empty((grid.size, 3))
    # A few rates at a time: all at once would take megabytes for each year of daily flows.
    for first in range(0, grid.size, _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        found[part] = np.exp(-np.outer(grid[part], time)) @ columns
    return found[:, 0], found[:, 1], found[:, 2]


def _around(
    value: Callable[[float], float], slope: Callable[[float], float], low: float, high: float, noise: float
) -> list[float]:
    turn = _bisect(slope, low, high)
    at_turn = value(turn)
    if abs(at_turn) <= noise:
        return [turn]
    if at_turn * value(low) > 0.0:
        return []
    return [_bisect(value, low, turn), _bisect(value, turn, high)]


def _bisect(function: Callable[[float], float], low: float, high: float) -> float:
    """Halve a bracket until it cannot be halved; the two ends have opposite signs."""
    at_low = function(low)
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        at_middle = function(middle)
        if at_middle == 0.0:
            return middle
        if (at_middle > 0.0) == (at_low > 0.0):
            low, at_low = middle, at_middle
        else:
            high = middle
    return 0.5 * (low + high)
