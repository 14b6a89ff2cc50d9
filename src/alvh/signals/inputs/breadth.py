"""The advance-decline line, and what a panel of member prices says about breadth and volatility.

The line comes from an exchange's counts (``NYSE.ADVANCES``, ``NYSE.DECLINES``) where the market has them, else from
the index members in the store. Members of today are survivors: their line is too strong in the past, its changes over
a month hardly are, and `source` says which was used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8
from alvh.market.series import Series
from alvh.signals.column import SeriesLookup
from alvh.signals.inputs.known import common, made

__all__ = ["VOL_SESSIONS", "Panel", "advance_decline", "panel_of"]

VOL_SESSIONS = 21
SESSIONS_PER_YEAR = 252.0
_SOURCES = ("NYSE", "MEMBERS")


def advance_decline(lookup: SeriesLookup) -> tuple[Series, Series] | None:
    """Return ``AD.NET`` and ``AD.LINE``; None where the market has no counts.

    ``AD.NET`` is (advances - declines) / (advances + declines), ``AD.LINE`` the running sum of advances - declines
    from the first day, so only its changes carry meaning.
    """
    for prefix in _SOURCES:
        advances, declines = lookup(f"{prefix}.ADVANCES"), lookup(f"{prefix}.DECLINES")
        if advances is None or declines is None:
            continue
        period, instants, left, right = common(advances, declines)
        net = advances.value[left] - declines.value[right]
        both = advances.value[left] + declines.value[right]
        share = np.divide(net, both, out=np.full(net.size, np.nan), where=both > 0.0)
        source = f"{prefix}: {advances.source}"
        line = made("AD.LINE", period, instants, np.cumsum(net), source)
        return made("AD.NET", period, instants, share, source), line
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What n days of member prices say.

    Attributes
    ----------
    advances, declines, issues : (n,) arrays
        Members that closed higher, lower, and that have a price on the day and on the day before.
    vol : (n,) array, vol points
        Mean over members, weighted by capitalisation where it is given, of the annualised standard deviation of the
        last 21 log changes around zero; NaN until half of the members of the day have a full window.
    """

    advances: F8
    declines: F8
    issues: F8
    vol: F8


def panel_of(price: F8, weight: F8 | None = None) -> Panel:
    """Summarise a panel of prices.

    Parameters
    ----------
    price : (n, m) array
        One row per session, one column per member; NaN where a member has no price.
    weight : (n, m) array, optional
        Capitalisations; equal weights where left out. A member without one does not count.
    """
    with np.errstate(invalid="ignore"):
        change = np.diff(np.log(price), axis=0, prepend=np.full((1, price.shape[1]), np.nan))
    known = np.isfinite(change)
    issues = known.sum(axis=1).astype(np.float64)
    return Panel(
        advances=(change > 0.0).sum(axis=1).astype(np.float64),
        declines=(change < 0.0).sum(axis=1).astype(np.float64),
        issues=issues,
        vol=_weighted_vol(np.where(known, change, 0.0), known.astype(np.float64), weight, issues),
    )


def _weighted_vol(change: F8, known: F8, weight: F8 | None, issues: F8) -> F8:
    """Average the members' volatilities; squares are summed window by window, so no error accumulates."""
    n = change.shape[0]
    vol = np.full(n, np.nan)
    for row in range(VOL_SESSIONS, n):
        window = slice(row - VOL_SESSIONS + 1, row + 1)
        full = known[window].sum(axis=0) == VOL_SESSIONS
        share = full.astype(np.float64) if weight is None else np.where(full, np.nan_to_num(weight[row]), 0.0)
        total = share.sum()
        if total > 0.0 and full.sum() >= 0.5 * issues[row]:
            each = np.sqrt((change[window] ** 2).mean(axis=0) * SESSIONS_PER_YEAR)
            vol[row] = 100.0 * float(share @ each) / total
    return vol
