"""Drawdowns at daily marks: the deepest, the list of them, and the path under water."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import F8
from alvh.money.curve import Curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawdown:
    """One fall from a maximum until it is reached again.

    Attributes
    ----------
    depth : float
        Negative fraction of the peak.
    peak, trough : date
    recovery : date or None
        First session at or above the peak; None when the run ends before.
    """

    depth: float
    peak: date
    trough: date
    recovery: date | None

    @property
    def days(self) -> int:
        """Calendar days from peak to trough."""
        return (self.trough - self.peak).days


def under_water(curve: Curve) -> F8:
    """Return (n,) wealth over its running maximum less one; the initial wealth is the first maximum."""
    top = np.maximum(np.maximum.accumulate(curve.value), curve.initial)
    return curve.value / top - 1.0


def drawdowns(curve: Curve, most: int = 5) -> tuple[Drawdown, ...]:
    """List the deepest falls, deepest first; equal depths in order of time."""
    path = under_water(curve)
    sunk = path < 0.0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], sunk, [False])).astype(np.int8)))
    spans = [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]
    falls = [_fall(curve, path, start, stop) for start, stop in spans]
    return tuple(sorted(falls, key=lambda fall: fall.depth)[:most])


def max_drawdown(curve: Curve) -> Drawdown | None:
    """Return the deepest fall; None when wealth never fell."""
    found = drawdowns(curve, 1)
    return found[0] if found else None


def depth(path: F8) -> F8:
    """Return the deepest fall of each path of wealth, as a positive fraction.

    Parameters
    ----------
    path : (..., n) array
        Wealth relative to its start; the start itself, 1, counts as a maximum.
    """
    top = np.maximum(np.maximum.accumulate(path, axis=-1), 1.0)
    fall: F8 = -np.min(path / top - 1.0, axis=-1)
    return np.maximum(fall, 0.0)


def _fall(curve: Curve, path: F8, start: int, stop: int) -> Drawdown:
    low = start + int(np.argmin(path[start:stop]))
    # A fall on the very first session starts from the initial wealth, which has no session of its own.
    peak = max(start - 1, 0)
    return Drawdown(
        depth=float(path[low]),
        peak=curve.day(peak),
        trough=curve.day(low),
        recovery=curve.day(stop) if stop < path.size else None,
    )
