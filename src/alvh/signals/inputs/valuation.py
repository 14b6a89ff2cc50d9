"""Valuation inputs: P/E on reported earnings, its dispersion over groups, growth of dividends."""

from __future__ import annotations

import numpy as np

from alvh.market.series import Series
from alvh.signals.column import SeriesLookup
from alvh.signals.inputs.known import known_before, made
from alvh.signals.inputs.sectors import SECTORS

__all__ = ["LEAST_GROUPS", "dividend_growth", "pe_dispersion", "trailing_pe"]

LEAST_GROUPS = 5
_YEAR = 12


def trailing_pe(lookup: SeriesLookup) -> Series | None:
    """Return ``SPX.TRAILING_PE``: the close over the last twelve months' earnings known at it (Shiller).

    Earnings older than their greatest age give no value.
    """
    index, earnings = lookup("SPX"), lookup("SHILLER.EARNINGS")
    if index is None or earnings is None:
        return None
    value, present = known_before(earnings, index.known_at)
    ratio = np.divide(index.value, value, out=np.full(value.size, np.nan), where=present & (value > 0.0))
    return made("SPX.TRAILING_PE", index.period, index.known_at, ratio, f"SPX / {earnings.source}")


def dividend_growth(lookup: SeriesLookup) -> Series | None:
    """Return ``DIVIDEND.GROWTH``: twelve-month dividends year on year, a ratio minus one, known with Shiller's table.

    Where several months become known at once the latest of them is the value.
    """
    dividends = lookup("SHILLER.DIVIDEND")
    if dividends is None:
        return None
    month = dividends.period.astype("datetime64[M]")
    _, now, then = np.intersect1d(month, month + _YEAR, return_indices=True)
    value = dividends.value[now] / dividends.value[then] - 1.0
    instants = np.maximum(dividends.known_at[now], dividends.known_at[then])
    return made("DIVIDEND.GROWTH", dividends.period[now], instants, value, dividends.source)


def pe_dispersion(lookup: SeriesLookup) -> Series | None:
    """Return ``PE.DISPERSION``: the standard deviation of ln P/E over the sectors of a user's ``PE.<FUND>`` files.

    A day needs the P/E of five groups that are known and fresh. None where the market has fewer than five.
    """
    groups = [series for name in SECTORS if (series := lookup(f"PE.{name}")) is not None]
    if len(groups) < LEAST_GROUPS:
        return None
    instants, first = np.unique(np.concatenate([group.known_at for group in groups]), return_index=True)
    period = np.concatenate([group.period for group in groups])[first]
    columns = [known_before(group, instants) for group in groups]
    log = np.column_stack([np.log(np.where(present, value, 1.0)) for value, present in columns])
    present = np.column_stack([mask for _, mask in columns])
    count = present.sum(axis=1)
    mean = np.where(present, log, 0.0).sum(axis=1) / np.maximum(count, 1)
    square = np.where(present, (log - mean[:, None]) ** 2, 0.0).sum(axis=1)
    enough = count >= LEAST_GROUPS
    spread = np.sqrt(np.divide(square, count - 1, out=np.full(count.size, np.nan), where=enough))
    return made("PE.DISPERSION", period, instants, spread, f"{len(groups)} groups, {groups[0].source}")
