"""The four variance nodes VIX9D, VIX, VIX3M, VIX6M of every day, missing ones estimated from those that are there.

A missing node is estimated by a log-linear regression on VIX and its longer or shorter neighbour where that is known,
else on VIX and its slow mean (`calibration.NODE_FITS`): the longer the tenor the smaller the power of VIX, which is
mean reversion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, F8
from alvh.pricing.modelled.calibration import NODE_FITS, SLOW_SESSIONS, VVIX_FIT, Regression

__all__ = ["Nodes", "complete_nodes", "complete_vvix", "slow_mean"]


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


def _fit(name: str, beside: str, *known: F8) -> F8:
    return _apply(NODE_FITS[name, beside], *known)


def _missing(column: F8) -> B1:
    absent: B1 = ~(column > 0.0)
    return absent


def slow_mean(vix: F8) -> F8:
    """Return the geometric mean of VIX over the last 63 sessions up to each, fewer at the beginning.

    Parameters
    ----------
    vix : (n,) array, vol points
        Positive, ascending in time.
    """
    total = np.concatenate(([0.0], np.cumsum(np.log(vix))))
    end = np.arange(1, vix.size + 1)
    start = np.maximum(end - SLOW_SESSIONS, 0)
    mean: F8 = np.exp((total[end] - total[start]) / (end - start))
    return mean


def complete_nodes(
    vix: F8,
    vix9d: F8 | None = None,
    vix3m: F8 | None = None,
    vix6m: F8 | None = None,
    *,
    slow: F8 | None = None,
) -> Nodes:
    """Fill the nodes that are missing.

    Parameters
    ----------
    vix : (n,) array, vol points
        Positive on every day.
    slow : (n,) array, vol points, optional
        See `slow_mean`; VIX itself where left out.
    vix9d, vix3m, vix6m : (n,) arrays, vol points, optional
        NaN where missing; None where missing throughout.
    """
    absent = np.full(vix.shape, np.nan)
    calm = slow if slow is not None else vix
    short, medium, long = (column if column is not None else absent for column in (vix9d, vix3m, vix6m))
    no_short, no_medium, no_long = _missing(short), _missing(medium), _missing(long)
    one = np.ones(vix.shape)
    safe_medium, safe_long = np.where(no_medium, one, medium), np.where(no_long, one, long)
    # The medium node, known or estimated from VIX6M, tells more of the curve's tilt than VIX alone.
    alone = no_medium & no_long
    medium_guess = np.where(no_long, _fit("VIX3M", "", vix, calm), _fit("VIX3M", "VIX6M", vix, safe_long))
    long_guess = np.where(no_medium, _fit("VIX6M", "", vix, calm), _fit("VIX6M", "VIX3M", vix, safe_medium))
    medium_full = np.where(no_medium, medium_guess, medium)
    long_full = np.where(no_long, long_guess, long)
    short_guess = np.where(alone, _fit("VIX9D", "", vix, calm), _fit("VIX9D", "VIX3M", vix, medium_full))
    short_full = np.where(no_short, short_guess, short)
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
