"""Real history in another order: a stationary block bootstrap whose blocks are joined where VIX agrees.

1. Rows are sessions of the history on which both the S&P 500 and the VIX closed; every column of a drawn session is
   taken together, so what happened jointly stays joint.
2. Blocks have geometric lengths (Politis and Romano). A new block starts after a session whose VIX lies close to the
   VIX just reached, drawn evenly among such sessions: volatility persists across the join, and a level never jumps by
   more than the history did or the match allows. Blocks run around the end of the history.
3. Prices are rebuilt from returns, yields and the dollar from changes (yields reflected at 0.05 %); volatility indices
   keep the levels of their session, so VIX, its relatives, VVIX, SKEW and the VX curve agree with each other as they
   did.

Option quotes of such a market are modelled from these levels, as those of the history are.

References
----------
.. [1] Politis, D., Romano, J. (1994). The stationary bootstrap. J. American Statistical Association 89.
.. [2] Carlstein, E. et al. (1998). Matched-block bootstrap for dependent data. Bernoulli 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import B1, D8, F8, I8
from alvh.core.errors import CoverageError
from alvh.market.listing import listed_expiries
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar
from alvh.signals.inputs import with_derived
from alvh.simulation.draws import uniforms
from alvh.simulation.path import LAST_YEAR, PRELUDE_YEARS
from alvh.simulation.published import published, vintaged

__all__ = ["BLOCK_SESSIONS", "Drawn", "bootstrap_series", "draw_rows"]

BLOCK_SESSIONS = 63.0
"""Mean length of a block: a quarter."""
_MATCH = 0.05
_LEAST_MATCHES = 40
_LEAST_ROWS = 750
_STREAM = 30
_ENOUGH = 0.95
_START_LEVEL = 2_500.0

_RETURNS = ("SPXT", "SPY.adjclose", "RSP.adjclose", "IWF.adjclose", "IWD.adjclose", "VNQ.adjclose", "IYR.adjclose")
_SECTORS = ("XLB", "XLE", "XLF", "XLI", "XLK", "XLP", "XLU", "XLV", "XLY")
_YIELDS = ("DGS3MO", "DGS2", "DGS10", "DFF")
_LEVELS = ("VIX", "VIX9D", "VIX3M", "VIX6M", "VVIX", "SKEW", "VIXEQ", "NYSE.ADVANCES", "NYSE.DECLINES", "BAMLC0A0CM")
_TENORS = (30.0, 60.0, 90.0, 120.0, 180.0)
_WITHIN_DAY = ("open", "high", "low")

Lookup = Callable[[str], Series | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """Rows of the history in their new order.

    Attributes
    ----------
    row : (n,) array
        Row of the history for each new session.
    joined : (n,) array of bool
        Whether a new block begins there.
    """

    row: I8
    joined: B1


def draw_rows(log_vix: F8, count: int, seed: int, *, mean_length: float = BLOCK_SESSIONS) -> Drawn:
    """Draw rows by matched stationary blocks.

    Parameters
    ----------
    log_vix : (m,) array
        Logarithm of VIX on every row.
    count : int
        Rows to draw.
    seed : int
    mean_length : float, sessions
    """
    m = log_vix.size
    order = np.argsort(log_vix, kind="stable")
    ranked = log_vix[order]
    chance = uniforms(seed, _STREAM, 0, 2 * count).reshape(count, 2)
    row, joined = np.empty(count, np.int64), np.zeros(count, np.bool_)
    here = int(chance[0, 1] * m)
    for place in range(count):
        if place and chance[place, 0] < 1.0 / mean_length:
            near = _near(ranked, float(log_vix[here]), m)
            here = int(order[near[0] + int(chance[place, 1] * (near[1] - near[0]))])
            joined[place] = True
        here = (here + 1) % m
        row[place] = here
    return Drawn(row=row, joined=joined)


def _near(ranked: F8, level: float, count: int) -> tuple[int, int]:
    """Return the range of ranks within the match, widened until there is a choice."""
    low = int(np.searchsorted(ranked, level - _MATCH))
    high = int(np.searchsorted(ranked, level + _MATCH, side="right"))
    missing = _LEAST_MATCHES - (high - low)
    if missing > 0:
        low, high = max(0, low - missing), min(count, high + missing)
    return low, high


def bootstrap_series(lookup: Lookup, seed: int, *, years: int = 20) -> dict[str, Series]:
    """Return the series of a bootstrapped market, by canonical name.

    Parameters
    ----------
    lookup : callable
        Series of the history by canonical name.
    seed : int
    years : int
        Whole years, ending with 2025; ten more come before.

    Returns
    -------
    dict of str to Series
        ``VX.CURVE`` and ``VX.CURVE.expiry`` among them where the history has VX futures.

    Raises
    ------
    CoverageError
        The history has fewer than 750 sessions with both SPX and VIX.
    """
    known = with_derived(lookup)
    days = _rows(known)
    first = date(LAST_YEAR + 1 - years - PRELUDE_YEARS, 1, 1)
    calendar = trading_calendar(first, date(LAST_YEAR, 12, 31))
    sessions = calendar.between(first, date(LAST_YEAR, 12, 31))
    vix = _aligned(known("VIX"), days)
    drawn = draw_rows(np.log(vix), sessions.size, seed)
    made = (
        *_index(known, days, drawn, sessions),
        *_levels(known, days, drawn, sessions),
        *_changes(known, days, drawn, sessions),
        *_curve(known, days, drawn, sessions, vix),
    )
    return {item.name: item for item in made}


def _rows(lookup: Lookup) -> D8:
    spx, vix = lookup("SPX"), lookup("VIX")
    days = np.zeros(0, "datetime64[D]")
    if spx is not None and vix is not None:
        days = np.intersect1d(spx.period, vix.period)
    if days.size < _LEAST_ROWS:
        raise CoverageError(
            f"the history has {days.size} sessions with closes of both SPX and VIX, {_LEAST_ROWS} are needed.",
            where="bootstrap",
            fix="Import longer SPX and VIX histories.",
        )
    return days


def _aligned(series: Series | None, days: D8) -> F8:
    """Return a column on the rows; NaN where a row has no value."""
    out = np.full(days.size, np.nan)
    if series is None or series.value.size == 0:
        return out
    place = np.minimum(np.searchsorted(series.period, days), series.value.size - 1)
    found = series.period[place] == days
    out[found] = series.value[place[found]]
    return out


def _moves(column: F8) -> F8:
    """Return log changes between rows, none for the first."""
    moves: F8 = np.diff(np.log(column), prepend=np.log(column[:1]))
    return moves


def _index(lookup: Lookup, days: D8, drawn: Drawn, sessions: D8) -> Iterable[Series]:
    close = _aligned(lookup("SPX"), days)
    path = _START_LEVEL * np.exp(np.cumsum(_moves(close)[drawn.row]))
    yield published("SPX", sessions, path)
    for field in _WITHIN_DAY:
        share = _aligned(lookup(f"SPX.{field}"), days)[drawn.row] / close[drawn.row]
        yield from _where_known(f"SPX.{field}", sessions, path * share)


def _levels(lookup: Lookup, days: D8, drawn: Drawn, sessions: D8) -> Iterable[Series]:
    for name in _LEVELS:
        yield from _where_known(name, sessions, _aligned(lookup(name), days)[drawn.row])
    for field in _WITHIN_DAY:
        yield from _where_known(f"VIX.{field}", sessions, _aligned(lookup(f"VIX.{field}"), days)[drawn.row])


def _where_known(name: str, sessions: D8, column: F8) -> Iterable[Series]:
    kept = np.isfinite(column)
    if kept.any():
        yield published(name, sessions[kept], column[kept])


def _changes(lookup: Lookup, days: D8, drawn: Drawn, sessions: D8) -> Iterable[Series]:
    for name in (*_RETURNS, *(f"{fund}.adjclose" for fund in _SECTORS), "DTWEXBGS"):
        column = _aligned(lookup(name), days)
        moves = _moves(column)
        if np.isfinite(moves).mean() > _ENOUGH:
            # A day without a value in an otherwise full column, such as a bond holiday, counts as no change.
            yield published(name, sessions, 100.0 * np.exp(np.cumsum(np.nan_to_num(moves)[drawn.row])))
    for name in _YIELDS:
        column = _aligned(lookup(name), days)
        if np.isfinite(column).mean() > _ENOUGH:
            filled = _filled(column)
            steps = np.diff(filled, prepend=filled[:1])[drawn.row]
            yield published(name, sessions, np.round(_reflected(float(filled.mean()), steps), 3))


def _filled(column: F8) -> F8:
    place = np.where(np.isfinite(column), np.arange(column.size), 0)
    np.maximum.accumulate(place, out=place)
    first = int(np.flatnonzero(np.isfinite(column))[0])
    place[:first] = first
    return column[place]


def _reflected(start: float, steps: F8, low: float = 0.05, high: float = 9.0) -> F8:
    """Add up steps and fold what would leave [low, high] back in."""
    width = high - low
    free = start - low + np.cumsum(steps)
    folded: F8 = low + width - np.abs(np.mod(free, 2.0 * width) - width)
    return folded


def _curve(lookup: Lookup, days: D8, drawn: Drawn, sessions: D8, vix: F8) -> Iterable[Series]:
    """Move the constant-maturity curve of each drawn session to the contracts listed on the new one."""
    ratios = np.column_stack([_aligned(lookup(f"VX{tenor:.0f}"), days) / vix for tenor in _TENORS])
    ratios = np.log(ratios)[drawn.row]
    level = vix[drawn.row]
    tenors = np.array([0.0, *_TENORS])
    period, price, expiries = [], [], []
    for place in np.flatnonzero(np.isfinite(ratios).all(axis=1)).tolist():
        session = sessions[place].item()
        listed = listed_expiries("VX", session)
        ahead = np.array([(expiry - session).days for expiry in listed], dtype=np.float64)
        price.append(level[place] * np.exp(np.interp(ahead, tenors, np.concatenate(([0.0], ratios[place])))))
        period.append(np.repeat(sessions[place : place + 1], len(listed)))
        expiries += [10_000 * expiry.year + 100 * expiry.month + expiry.day for expiry in listed]
    if not period:
        return
    days_of = np.concatenate(period)
    released = published("VIX", days_of, np.ones(days_of.size)).known_at
    yield vintaged("VX.CURVE", days_of, released, np.concatenate(price))
    yield vintaged("VX.CURVE.expiry", days_of, released, np.array(expiries, dtype=np.float64))
