"""Whole-history columns of a modelled market: computed once, handed out as Python numbers by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.adapters.history.inputs import SeriesLookup, Snapshots, known_on_day, rates
from alvh.core.arrays import B1, F8
from alvh.market.series import Series
from alvh.pricing.modelled import complete_nodes, complete_vvix, slow_mean, vx_log_levels

__all__ = ["LevelColumns", "level_columns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelColumns:
    """Levels of n snapshots; NaN marks what was not known and never leaves the history.

    Attributes
    ----------
    spot : (n,) array, SPX points
    vix : (n,) array, vol points
    nodes : (n, 4) array, vol points
        VIX9D, VIX, VIX3M, VIX6M, missing ones estimated; NaN where VIX is.
    estimated : (n, 4) array of bool
    vvix : (n,) array, vol points
    vvix_estimated : (n,) array of bool
    log_vx : (n, 7) array
        ln VX at 0, 30 .. 180 days from index levels.
    rate : (n,) array, decimal per year, continuously compounded
    bills : tuple of (str, int)
        The series `rate` comes from, each with its number of sessions.
    """

    spot: F8
    vix: F8
    nodes: F8
    estimated: B1
    vvix: F8
    vvix_estimated: B1
    log_vx: F8
    rate: F8
    bills: tuple[tuple[str, int], ...]

    @property
    def usable(self) -> B1:
        """Where a chain can be modelled: both the index and the VIX are known."""
        found: B1 = (self.spot > 0.0) & (self.vix > 0.0)
        return found


def level_columns(lookup: SeriesLookup, snapshots: Snapshots) -> LevelColumns:
    """Read the levels of every snapshot as known then."""
    spot, vix, vix9d, vix3m, vix6m, vvix = (
        known_on_day(lookup(name), snapshots) for name in ("SPX", "VIX", "VIX9D", "VIX3M", "VIX6M", "VVIX")
    )
    present = vix > 0.0
    safe = np.where(present, vix, 1.0)
    slow = _slow(lookup("VIX"), snapshots, safe)
    nodes = complete_nodes(safe, vix9d, vix3m, vix6m, slow=slow)
    full_vvix, vvix_estimated = complete_vvix(safe, vvix)
    rate, bills = rates(lookup, snapshots)
    return LevelColumns(
        spot=spot,
        vix=np.where(present, vix, np.nan),
        nodes=np.where(present[:, None], nodes.level, np.nan),
        estimated=nodes.estimated,
        vvix=np.where(present, full_vvix, np.nan),
        vvix_estimated=vvix_estimated,
        log_vx=vx_log_levels(safe, vix3m, vix6m, slow=slow),
        rate=rate,
        bills=bills,
    )


def _slow(series: Series | None, snapshots: Snapshots, vix: F8) -> F8:
    """Return the slow mean of VIX known at each snapshot; the level itself before the first value."""
    if series is None or series.value.size == 0:
        return vix
    place = np.searchsorted(series.known_at, snapshots.instants, side="right") - 1
    return np.where(place >= 0, slow_mean(series.value)[np.maximum(place, 0)], vix)
