"""The VX curve in columns: contracts by rank, constant maturities, and the continuous first future.

1. ``VX.CURVE`` gives one row per session and monthly contract, ``VX.CURVE.expiry`` the final settlement day of each
   row; a contract is on the curve only before its settlement day.
2. ``VX1`` ... ``VX8`` are the contracts of a session by expiry.
3. ``VX30`` ... ``VX180`` are linear in calendar days between two contracts. After a settlement the first contract may
   lie up to seven days beyond thirty: then the line through the first two is followed back, no further than that. A
   tenor beyond the last contract is absent.
4. ``VX1.CONTINUOUS`` follows the first contract and leaves it for the second at the close five sessions before its
   settlement. From then on prices are multiplied by old over new price at the roll, so returns are those of holding
   and rolling, and the first day's scale is kept: what is known on a day never depends on a later roll.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8, I8
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar
from alvh.signals.column import SeriesLookup
from alvh.signals.inputs.known import made

__all__ = ["ROLL_SESSIONS", "TENORS", "VxColumns", "by_rank", "constant_maturity", "continuous", "vx_columns"]

TENORS = (30, 60, 90, 120, 180)
RANKS = 8
ROLL_SESSIONS = 5
"""Sessions before final settlement at whose close the continuous future is rolled."""
REACH_DAYS = 7.0
"""How far before the first contract its line to the second is followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VxColumns:
    """Curves of n sessions as a matrix of m ranks, NaN where fewer contracts are listed.

    Attributes
    ----------
    session : (n,) datetime64[D] array
    known_at : (n,) datetime64[s] array, UTC
    price : (n, m) array, VIX points
    days : (n, m) array, calendar days to final settlement, ascending
    source : str
    """

    session: D8
    known_at: D8
    price: F8
    days: F8
    source: str


def vx_columns(lookup: SeriesLookup) -> VxColumns | None:
    """Read the curve; None where the market has no VX futures."""
    prices, expiries = lookup("VX.CURVE"), lookup("VX.CURVE.expiry")
    if prices is None or expiries is None:
        return None
    session, start, count = np.unique(prices.period, return_index=True, return_counts=True)
    row = np.repeat(np.arange(session.size), count)
    rank = np.arange(row.size) - np.repeat(start, count)
    settles = _days(expiries.value)
    keep = rank < RANKS
    shape = (session.size, RANKS)
    price, days = np.full(shape, np.nan), np.full(shape, np.nan)
    price[row[keep], rank[keep]] = prices.value[keep]
    days[row[keep], rank[keep]] = (settles - prices.period).astype(np.float64)[keep]
    return VxColumns(session=session, known_at=prices.known_at[start], price=price, days=days, source=prices.source)


def _days(number: F8) -> D8:
    """Read days written yyyymmdd."""
    whole = number.astype(np.int64)
    months = (12 * (whole // 10000 - 1970) + whole // 100 % 100 - 1).astype("datetime64[M]")
    days: D8 = months.astype("datetime64[D]") + (whole % 100 - 1).astype("timedelta64[D]")
    return days


def by_rank(curve: VxColumns, rank: int) -> Series:
    """Return ``VX<rank>``, the settlement of the rank-th monthly future."""
    return made(f"VX{rank}", curve.session, curve.known_at, curve.price[:, rank - 1], curve.source)


def constant_maturity(curve: VxColumns, tenor: int) -> Series:
    """Return ``VX<tenor>``, the curve at a tenor in calendar days."""
    rows = np.arange(curve.session.size)
    after = np.sum(curve.days < tenor, axis=1)
    right = np.clip(after, 1, RANKS - 1)
    near, far = curve.days[rows, right - 1], curve.days[rows, right]
    weight = (tenor - near) / (far - near)
    level = (1.0 - weight) * curve.price[rows, right - 1] + weight * curve.price[rows, right]
    level[curve.days[:, 0] - tenor > REACH_DAYS] = np.nan
    level[after == RANKS] = np.nan
    exact = np.any(curve.days == tenor, axis=1)
    level[exact] = curve.price[exact][curve.days[exact] == tenor]
    return made(f"VX{tenor}", curve.session, curve.known_at, level, curve.source)


def continuous(curve: VxColumns) -> Series:
    """Return ``VX1.CONTINUOUS``.

    The return of a session is that of the contract held at the close before, which is the new one if that close was a
    roll. A session on which the held contract has no price has no value.
    """
    if curve.session.size == 0:
        return made("VX1.CONTINUOUS", curve.session, curve.known_at, np.zeros(0), curve.source)
    settles = curve.session[:, None] + np.nan_to_num(curve.days).astype(np.int64).astype("timedelta64[D]")
    rank = np.where(_sessions_left(curve.session, settles[:, 0]) > ROLL_SESSIONS, 0, 1)
    rows = np.arange(curve.session.size)
    contract, price = settles[rows, rank], curve.price[rows, rank]
    same = settles[1:] == contract[:-1, None]
    later = curve.price[rows[1:], same.argmax(axis=1)]
    step = np.log(np.where(same.any(axis=1), later, np.nan) / price[:-1])
    known = np.isfinite(step)
    level = curve.price[0, 0] * np.exp(np.cumsum(np.where(known, step, 0.0)))
    level = np.concatenate([curve.price[:1, 0], np.where(known, level, np.nan)])
    return made("VX1.CONTINUOUS", curve.session, curve.known_at, level, curve.source)


def _sessions_left(session: D8, settles: D8) -> I8:
    """Count the sessions after each session, up to and including a day."""
    first, last = session.min().item(), settles.max().item()
    open_days = trading_calendar(first, last).sessions
    left: I8 = np.searchsorted(open_days, settles, side="right") - np.searchsorted(open_days, session, side="right")
    return left
