"""Open a history from a store folder, from the built-in sample, or from series in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from alvh.adapters.builtin_sample import SAMPLE_END, SAMPLE_NAME, SAMPLE_START, builtin_sample
from alvh.adapters.chain_store import ChainStore
from alvh.adapters.history.inputs import series_digest
from alvh.adapters.history.source import Chains, HistoryInputs, HistorySource
from alvh.adapters.series_store import SeriesStore
from alvh.core.digest import digest_of
from alvh.core.errors import UsageError
from alvh.market.series import Series

__all__ = ["builtin", "from_series", "open_store"]


def open_store(
    path: Path | str,
    start: date | None = None,
    end: date | None = None,
    chains: Chains = "auto",
    *,
    spread_factor: float = 1.0,
) -> HistorySource:
    """Open a folder of imported data as a market.

    Parameters
    ----------
    path : Path or str
        Folder of a store.
    start, end : date, optional
        First and last session wanted; the data's own range where left out.
    chains : {"auto", "recorded", "modelled"}
        See `HistorySource`.
    spread_factor : float, optional
        Scenario multiplier of modelled bid-ask half-spreads.

    Raises
    ------
    UsageError
        The folder is not there.
    CoverageError
        It holds nothing for the range.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is not a folder.", where="market", fix="Import data into it first: alvh data import."
        )
    series, recorded = SeriesStore.open(folder), ChainStore.open(folder, forward=True)
    wanted = recorded if chains != "modelled" and recorded.roots() else None
    inputs = HistoryInputs(
        name=folder.name or str(folder),
        lookup=series.get,
        digest=digest_of([series.digest, wanted.digest if wanted is not None else ""]),
        curves=series.vx_history(),
        chains=wanted,
    )
    return HistorySource(inputs, start=start, end=end, chains=chains, spread_factor=spread_factor)


def from_series(
    name: str,
    series: Mapping[str, Series],
    *,
    start: date | None = None,
    end: date | None = None,
    spread_factor: float = 1.0,
) -> HistorySource:
    """Open series in memory, by canonical name, as a market with modelled chains."""
    inputs = HistoryInputs(name=name, lookup=series.get, digest=series_digest(list(series.values())))
    return HistorySource(inputs, start=start, end=end, chains="modelled", spread_factor=spread_factor)


def builtin(start: date | None = None, end: date | None = None, *, spread_factor: float = 1.0) -> HistorySource:
    """Open the built-in sample, 2014-01-03 to 2018-12-31: recorded index closes, modelled option quotes.

    Parameters
    ----------
    start, end : date, optional
        A shorter range.
    spread_factor : float, optional
        Scenario multiplier of modelled bid-ask half-spreads.
    """
    first, last = max(start or SAMPLE_START, SAMPLE_START), min(end or SAMPLE_END, SAMPLE_END)
    return from_series(SAMPLE_NAME, builtin_sample(), start=first, end=last, spread_factor=spread_factor)
