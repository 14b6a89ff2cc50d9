"""VX futures from volatility-index levels, for days on which no future was recorded.

Constant-maturity levels at 30, 60 .. 180 days are log-linear in VIX and, where known, VIX3M and VIX6M
(`calibration.VX_FROM_*`); between tenors ln VX is linear in days, at zero days it is ln VIX, beyond 180 days flat.
With VIX alone its slow mean takes part (`nodes.slow_mean`): VX reverts. Prices are positive by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from alvh.core.arrays import B1, F8
from alvh.market.curve import CurveOrigin, VxCurve
from alvh.pricing.modelled.calibration import VX_FROM_BOTH, VX_FROM_VIX, VX_FROM_VIX3M, VX_FROM_VIX6M, VX_TENORS

__all__ = ["modelled_curve", "vx_log_levels"]

_DAYS = np.array((0.0, *VX_TENORS))


def vx_log_levels(vix: F8, vix3m: F8 | None = None, vix6m: F8 | None = None, *, slow: F8 | None = None) -> F8:
    """Return ln VX at 0, 30, 60 .. 180 days.

    Parameters
    ----------
    vix : (n,) array, vol points
        Positive.
    vix3m, vix6m : (n,) arrays, vol points, optional
        Recorded values, NaN where missing; an estimate from VIX would add nothing.
    slow : (n,) array, vol points, optional
        See `nodes.slow_mean`; VIX itself where left out.

    Returns
    -------
    (n, 7) array
    """
    spot = np.log(vix)
    calm = np.log(slow) if slow is not None else spot
    medium, no_medium = _log_or_zero(vix3m, vix)
    long, no_long = _log_or_zero(vix6m, vix)
    levels = _map(VX_FROM_BOTH, spot, calm, medium, long)
    levels = np.where(no_long[:, None], _map(VX_FROM_VIX3M, spot, calm, medium, long), levels)
    levels = np.where(no_medium[:, None], _map(VX_FROM_VIX6M, spot, calm, medium, long), levels)
    levels = np.where((no_medium & no_long)[:, None], _map(VX_FROM_VIX, spot, calm, medium, long), levels)
    return np.column_stack((spot, levels))


def _log_or_zero(column: F8 | None, like: F8) -> tuple[F8, B1]:
    if column is None:
        return np.zeros(like.shape), np.ones(like.shape, dtype=np.bool_)
    absent: B1 = ~(column > 0.0)
    return np.log(np.where(absent, 1.0, column)), absent


def _map(table: F8, spot: F8, calm: F8, medium: F8, long: F8) -> F8:
    known = np.column_stack((np.ones(spot.shape), spot, calm, medium, long))
    levels: F8 = known @ table[:, :5].T
    return levels


def modelled_curve(session: date, log_levels: F8, expiries: Sequence[date]) -> VxCurve:
    """Return the curve of one day at given settlement dates.

    Parameters
    ----------
    session : date
    log_levels : (7,) array
        A row of `vx_log_levels`.
    expiries : sequence of date
        Settlement dates after the session, ascending.
    """
    today = session.toordinal()
    days = np.array([expiry.toordinal() - today for expiry in expiries], dtype=np.float64)
    return VxCurve(
        session=session,
        expiries=tuple(expiries),
        days=days,
        price=np.exp(np.interp(days, _DAYS, log_levels)),
        origin=(CurveOrigin.MODELLED,) * len(days),
    )
