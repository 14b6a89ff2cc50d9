"""Cap-weighted realised volatility of the sectors, from their funds.

Capitalisations are rarely at hand, but the index *is* the cap-weighted sum of its sectors: the weights follow from a
regression of its returns on theirs. On the first session of every quarter the last 252 returns of SPY are regressed on
those of the sector funds with a full year of prices, weights summing to one, negative ones dropped. Where a user
brings ``CAP.<FUND>`` for every fund, those are the weights instead. A value never changes when later data arrive.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from alvh.core.arrays import D8, F8, I8
from alvh.market.series import Series
from alvh.signals.column import SeriesLookup
from alvh.signals.inputs.breadth import SESSIONS_PER_YEAR, VOL_SESSIONS
from alvh.signals.inputs.known import known_before, made

__all__ = ["SECTORS", "inferred_weights", "sector_vol"]

SECTORS = ("XLB", "XLC", "XLE", "XLF", "XLI", "XLK", "XLP", "XLRE", "XLU", "XLV", "XLY")
"""Select Sector funds by symbol; XLRE since 2015, XLC since 2018."""

_WINDOW = 252
_LEAST_FUNDS = 5
_QUARTER = 3


def sector_vol(lookup: SeriesLookup) -> Series | None:
    """Return ``SECTOR.VOL``, vol points; None where the market has fewer than five sector funds, or no SPY."""
    index = lookup("SPY.adjclose")
    found = [series for name in SECTORS if (series := lookup(f"{name}.adjclose")) is not None]
    if index is None or len(found) < _LEAST_FUNDS:
        return None
    day, instants, price = _panel(index, found)
    with np.errstate(invalid="ignore"):
        change = np.diff(np.log(price), axis=0, prepend=np.full((1, price.shape[1]), np.nan))
    caps = _capitalisations(lookup, found, instants)
    weight = inferred_weights(change[:, 0], change[:, 1:], day) if caps is None else caps
    source = "weights inferred from returns" if caps is None else "weights from capitalisations"
    return made("SECTOR.VOL", day, instants, _weighted(change[:, 1:], weight), f"{len(found)} sector funds, {source}")


def _panel(index: Series, funds: list[Series]) -> tuple[D8, D8, F8]:
    """Put the funds on the days of the index, the index first; NaN where a fund has no price."""
    price = np.full((index.period.size, 1 + len(funds)), np.nan)
    instants = index.known_at.copy()
    price[:, 0] = index.value
    for place, fund in enumerate(funds, start=1):
        _, rows, theirs = np.intersect1d(index.period, fund.period, return_indices=True)
        price[rows, place] = fund.value[theirs]
        instants[rows] = np.maximum(instants[rows], fund.known_at[theirs])
    return index.period, instants, price


def _capitalisations(lookup: SeriesLookup, funds: list[Series], instants: D8) -> F8 | None:
    """Return a user's capitalisations as known at each day; None unless every fund has one."""
    series = [lookup(f"CAP.{fund.name.split('.', maxsplit=1)[0]}") for fund in funds]
    if any(item is None for item in series):
        return None
    columns = [known_before(item, instants) for item in series if item is not None]
    return np.column_stack([np.where(present, value, np.nan) for value, present in columns])


def inferred_weights(index: F8, funds: F8, day: D8) -> F8:
    """Infer the cap weights of sectors from returns, anew on the first session of every quarter.

    Parameters
    ----------
    index : (n,) array
        Log returns of the index.
    funds : (n, m) array
        Those of the sectors; NaN where one has no price.
    day : (n,) datetime64[D] array

    Returns
    -------
    (n, m) array
        Weights that sum to one on each row; NaN before the first estimate. Row i uses returns up to row i.
    """
    weight = np.full(funds.shape, np.nan)
    quarter = day.astype("datetime64[M]").astype(np.int64) // _QUARTER
    starts: I8 = np.flatnonzero(np.diff(quarter, prepend=quarter[:1] - 1) > 0)
    ends = np.append(starts, day.size)[1:]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        window = slice(start - _WINDOW + 1, start + 1)
        if start < _WINDOW or not np.isfinite(index[window]).all():
            continue
        full = np.isfinite(funds[window]).all(axis=0)
        if full.sum() >= _LEAST_FUNDS:
            weight[start:end] = 0.0
            weight[start:end, full] = _simplex_fit(index[window], funds[window][:, full])
    return weight


def _simplex_fit(target: F8, parts: F8) -> F8:
    """Fit weights that sum to one by least squares; while one is negative, the most negative is set to zero."""
    weight = np.zeros(parts.shape[1])
    active = list(range(parts.shape[1]))
    while True:
        base = parts[:, active[-1]]
        others = parts[:, active[:-1]] - base[:, None]
        free = np.linalg.solve(others.T @ others, others.T @ (target - base)) if len(active) > 1 else np.zeros(0)
        fitted = np.append(free, 1.0 - free.sum())
        if fitted.min() >= 0.0:
            weight[active] = fitted
            return weight
        active.pop(int(fitted.argmin()))


def _weighted(change: F8, weight: F8) -> F8:
    """Average the funds' 21-session volatilities by weight over the funds that have both."""
    n = change.shape[0]
    out = np.full(n, np.nan)
    if n < VOL_SESSIONS:
        return out
    squares = sliding_window_view(change**2, VOL_SESSIONS, axis=0).mean(axis=2)
    vol = 100.0 * np.sqrt(SESSIONS_PER_YEAR * squares)
    share = weight[VOL_SESSIONS - 1 :]
    both = np.isfinite(vol) & np.isfinite(share)
    total = np.where(both, share, 0.0).sum(axis=1)
    mean = np.where(both, vol * share, 0.0).sum(axis=1)
    out[VOL_SESSIONS - 1 :] = np.divide(mean, total, out=np.full(total.size, np.nan), where=total > 0.0)
    return out
