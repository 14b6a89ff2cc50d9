"""Strike grids: the finest spacing an exchange lists, by root and strike.

The minimum spacing of the specifications, which listed expiries near the money follow; far wings and far months
are coarser, and a recorded chain says exactly which strikes it lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from alvh.core.arrays import F8
from alvh.core.errors import UsageError

__all__ = ["FINE_DAYS", "nearest_strike", "strike_grid", "strike_step"]

FINE_DAYS: Final = 120
"""SPX expiries further out than this many calendar days are listed every 25 points, nearer ones every 5."""

_SPX_FINE, _SPX_COARSE = 5.0, 25.0
# (strike from which it holds, spacing), ascending.
_BANDS: Mapping[str, tuple[tuple[float, float], ...]] = MappingProxyType(
    {
        "SPX": ((0.0, _SPX_FINE),),
        "SPXW": ((0.0, _SPX_FINE),),
        "XSP": ((0.0, 1.0),),
        "VIX": ((0.0, 0.5), (15.0, 1.0), (200.0, 5.0)),
        "VIXW": ((0.0, 0.5), (15.0, 1.0), (200.0, 5.0)),
        "SPY": ((0.0, 1.0),),
        "VXX": ((0.0, 0.5), (25.0, 1.0)),
    }
)
_PENCE: Final = 1e-9


def strike_step(root: str, strike: float, *, dte: int | None = None) -> float:
    """Return the spacing from a strike to the next one above, in points.

    Parameters
    ----------
    root : str
        Option root.
    strike : float, points
        Positive.
    dte : int, optional
        Calendar days to expiry; SPX and SPXW beyond `FINE_DAYS` are spaced 25. Default: the finest grid.

    Raises
    ------
    UsageError
        When the root has no known grid or the strike is not positive.
    """
    if not strike > 0.0:
        raise UsageError(f"A strike of {strike} was asked for, a positive one is needed.")
    bands = _grid(root, dte)
    return next(step for start, step in reversed(bands) if strike >= start)


def strike_grid(root: str, low: float, high: float, *, dte: int | None = None) -> F8:
    """Return the grid strikes in [low, high], ascending, as an (n,) array of points; zero is no strike.

    Raises
    ------
    UsageError
        When the root has no known grid, or `low` and `high` are no finite range.
    """
    if not 0.0 <= low <= high < float("inf"):
        raise UsageError(
            f"Strikes from {low} to {high} were asked for.", fix="Ask for a finite range 0 <= low <= high."
        )
    bands = _grid(root, dte)
    parts: list[F8] = []
    for place, (start, step) in enumerate(bands):
        end = bands[place + 1][0] if place + 1 < len(bands) else float("inf")
        first = max(1.0, np.ceil((max(low, start) - _PENCE) / step))
        last = np.floor((min(high, end - step) + _PENCE) / step)
        parts.append(np.arange(first, last + 1.0) * step)
    return np.concatenate(parts)


def nearest_strike(root: str, target: float, *, dte: int | None = None) -> float:
    """Return the grid strike nearest a level, the lower one in a tie."""
    step = strike_step(root, target, dte=dte)
    below = strike_grid(root, max(target - 2.0 * step, 0.0), target + 2.0 * step, dte=dte)
    return float(below[int(np.argmin(np.abs(below - target)))])


def _grid(root: str, dte: int | None) -> tuple[tuple[float, float], ...]:
    bands = _BANDS.get(root)
    if bands is None:
        raise UsageError(f"No strike grid is known for the root {root!r}.", fix=f"Known: {', '.join(_BANDS)}.")
    if dte is not None and dte > FINE_DAYS and bands[0][1] == _SPX_FINE:
        return ((0.0, _SPX_COARSE),)
    return bands
