"""VIX exchange-traded products on the simulated curve: what their indices hold, levered as promised, less a fee.

The short-term index holds the first two monthly futures, the mid-term one the fourth to the seventh. A fraction moves
out of the nearest into the farthest every session, so that nothing of the nearest is left at its settlement. Weights
are those of the evening before (S&P methodology).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from alvh.core.arrays import D8, F8, I8
from alvh.market.leverage import VIX_ETPS, leverage
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar
from alvh.signals.inputs.vx import VxColumns, vx_columns
from alvh.simulation.published import published

__all__ = ["product_series", "rolled_returns"]

_FEE = 0.0089
_START = 400.0
_SHORT, _MID = 30, 150
_RANKS = {_SHORT: (0, 1), _MID: (3, 4, 5, 6)}


def product_series(curve: tuple[Series, Series], bill: F8, days: D8) -> Iterable[Series]:
    """Publish the products from the session on which each was listed.

    Parameters
    ----------
    curve : (Series, Series)
        ``VX.CURVE`` and ``VX.CURVE.expiry``.
    bill : (n,) array, % per year
    days : (n,) datetime64[D] array
        Sessions of `bill`.
    """
    by_name = {item.name: item for item in curve}
    columns = vx_columns(by_name.get)
    if columns is None:
        return
    interest = 0.01 * bill[np.searchsorted(days, columns.session)] / 252.0
    returns = {tenor: rolled_returns(columns, ranks) for tenor, ranks in _RANKS.items()}
    sessions = columns.session.tolist()
    for name, promises in VIX_ETPS.items():
        first = int(np.searchsorted(columns.session, np.datetime64(promises[0].since, "D")))
        if first >= len(sessions):
            continue
        multiple = np.array([promise.multiple if (promise := leverage(name, day)) else 0.0 for day in sessions])
        change = multiple * returns[promises[0].tenor] + interest - _FEE / 252.0
        # What falls by more than everything is worth nothing; a product that lost 95 % in a day keeps a twentieth.
        growth = np.cumsum(np.log(np.maximum(1.0 + change[first:], 0.05)))
        yield published(name, columns.session[first:], np.round(np.maximum(_START * np.exp(growth), 0.01), 2))


def rolled_returns(columns: VxColumns, ranks: tuple[int, ...]) -> F8:
    """Return the daily excess return of holding futures of some ranks and rolling from the first to the last.

    Parameters
    ----------
    columns : VxColumns
    ranks : tuple of int
        From 0 for the first future, ascending.

    Returns
    -------
    (n,) array
        Zero where the curve is too short.
    """
    price = columns.price
    front = columns.session + columns.days[:, 0].astype("timedelta64[D]")
    share = _left(columns.session, front)
    out = np.zeros(price.shape[0])
    for row in range(1, price.shape[0]):
        weights = np.ones(len(ranks))
        weights[0], weights[-1] = share[row - 1], 1.0 - share[row - 1]
        # On a settlement day yesterday's second future is today's first.
        shift = 0 if front[row] == front[row - 1] else 1
        before = price[row - 1, list(ranks)]
        now = np.array([price[row, rank - shift] if rank >= shift else before[0] for rank in ranks])
        base = float(weights @ before)
        if np.isfinite(base) and np.isfinite(now).all() and base > 0.0:
            out[row] = float(weights @ now) / base - 1.0
    return out


def _left(session: D8, front: D8) -> F8:
    """Return the share still in the nearest future on the evening of each session."""
    calendar = trading_calendar(session[0].item(), front[-1].item())
    place: I8 = np.searchsorted(calendar.sessions, session)
    ahead: I8 = np.searchsorted(calendar.sessions, front)
    starts = np.flatnonzero(np.concatenate(([True], front[1:] != front[:-1])))
    first = place[starts][np.searchsorted(starts, np.arange(session.size), side="right") - 1]
    share: F8 = np.clip((ahead - place - 1) / np.maximum(ahead - first, 1), 0.0, 1.0)
    return share
