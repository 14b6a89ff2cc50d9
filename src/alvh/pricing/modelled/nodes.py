"""The four variance nodes VIX9D, VIX, VIX3M, VIX6M of every day, missing ones estimated from those that are there.

A missing node is estimated by a log-linear regression on VIX and, where known, on its longer or shorter neighbour
(`calibration.NODE_FITS`): the longer the tenor the smaller the power of VIX, which is mean reversion to a level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, F8
from alvh.pricing.modelled.calibration import NODE_FITS, VVIX_FIT, Regression

__all__ = ["Nodes", "complete_nodes", "complete_vvix"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nodes:
    """Volatility nodes of n days.

    Attributes
    ----------
    level : (n, 4) array, vol points
        VIX9D, VIX, VIX3M, VIX6M.
    estimated : (n, 4) array of bool
        Where a level stands in for a missing one.
    """

    level: F8
    estimated: B1


def _apply(fit: Regression, *known: F8) -> F8:
    total = np.full(known[0].shape, fit.coefficients[0])
    for coefficient, column in zip(fit.coefficients[1:], known, strict=True):
        total += coefficient * np.log(column)
    estimate: F8 = np.exp(total)
    return estimate


def _missing(column: F8) -> B1:
    absent: B1 = ~(column > 0.0)
    return absent


def complete_nodes(vix: F8, vix9d: F8 | None = None, vix3m: F8 | None = None, vix6m: F8 | None = None) -> Nodes:
    """Fill the nodes that are missing.

    Parameters
    ----------
    vix : (n,) array, vol points
        Positive on every day.
    vix9d, vix3m, vix6m : (n,) arrays, vol points, optional
        NaN where missing; None where missing throughout.
    """
    absent = np.full(vix.shape, np.nan)
    short, medium, long = (column if column is not None else absent for column in (vix9d, vix3m, vix6m))
    no_short, no_medium, no_long = _missing(short), _missing(medium), _missing(long)
    one = np.ones(vix.shape)
    safe_medium, safe_long = np.where(no_medium, one, medium), np.where(no_long, one, long)
    medium_full = np.where(
        no_medium,
        np.where(no_long, _apply(NODE_FITS["VIX3M", ""], vix), _apply(NODE_FITS["VIX3M", "VIX6M"], vix, safe_long)),
        medium,
    )
    long_full = np.where(
        no_long,
        np.where(no_medium, _apply(NODE_FITS["VIX6M", ""], vix), _apply(NODE_FITS["VIX6M", "VIX3M"], vix, safe_medium)),
        long,
    )
    # The medium node, known or estimated from VIX6M, tells more of the curve's tilt than VIX alone.
    alone = no_medium & no_long
    short_full = np.where(
        no_short,
        np.where(alone, _apply(NODE_FITS["VIX9D", ""], vix), _apply(NODE_FITS["VIX9D", "VIX3M"], vix, medium_full)),
        short,
    )
    return Nodes(
        level=np.column_stack((short_full, vix, medium_full, long_full)),
        estimated=np.column_stack((no_short, np.zeros(vix.shape, dtype=np.bool_), no_medium, no_long)),
    )


def complete_vvix(vix: F8, vvix: F8 | None = None) -> tuple[F8, B1]:
    """Fill missing VVIX from VIX; also return where that was done."""
    if vvix is None:
        return _apply(VVIX_FIT, vix), np.ones(vix.shape, dtype=np.bool_)
    absent = _missing(vvix)
    return np.where(absent, _apply(VVIX_FIT, vix), vvix), absent
