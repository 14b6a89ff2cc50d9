"""Markets that did not happen, by name: joint models, and history in another order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from alvh.adapters.history.inputs import series_digest
from alvh.adapters.history.source import HistoryInputs, HistorySource
from alvh.adapters.series_store import SeriesStore
from alvh.adapters.vx_curves import VxHistory
from alvh.core.digest import digest_of
from alvh.core.errors import UsageError
from alvh.market.series import Series
from alvh.market.view import MarketSource
from alvh.simulation.bootstrap import bootstrap_series
from alvh.simulation.opening import BOOTSTRAP, open_simulated, parse_name
from alvh.simulation.path import LAST_YEAR

__all__ = ["DEFAULT_STORE", "open_bootstrap", "open_simulated_market"]

DEFAULT_STORE = Path("store")
_RECONSTRUCTED = 2


def open_simulated_market(
    spec: str, *, years: int = 20, start: date | None = None, end: date | None = None, store: Path | None = None
) -> MarketSource:
    """Open ``simulated[:MODEL][:SCENARIO[@DATE]][:SEED]``; ``simulated:bootstrap[:SEED]`` needs a store.

    Parameters
    ----------
    spec : str
    years : int, optional
        Whole years, ending with 2025.
    start, end : date, optional
        First and last session wanted.
    store : Path, optional
        Folder of the history that is bootstrapped; ``store`` where left out.

    Raises
    ------
    UsageError
        The name is not understood, or the store is not there.
    CoverageError
        Dates outside the years on offer, or too little history.
    """
    wanted = parse_name(spec)
    if wanted.model != BOOTSTRAP:
        return open_simulated(wanted, years=years, start=start, end=end)
    return open_bootstrap(store or DEFAULT_STORE, wanted.seed, years=years, start=start, end=end)


def open_bootstrap(
    store: Path, seed: int, *, years: int = 20, start: date | None = None, end: date | None = None
) -> HistorySource:
    """Open the history of a store in another order, with modelled quotes."""
    if not store.is_dir():
        raise UsageError(
            f"{store} is not a folder, and a bootstrap needs a history to draw from.",
            where="--market",
            fix="Import data into it first (alvh data import), or run where the store lies.",
        )
    history = SeriesStore.open(store)
    made = bootstrap_series(history.get, seed, years=years)
    inputs = HistoryInputs(
        name=f"simulated bootstrap of {store.name}, seed {seed}",
        lookup=made.get,
        digest=digest_of([history.digest, "bootstrap", seed, years, series_digest(list(made.values()))]),
        curves=_curves(made),
    )
    first = start or date(LAST_YEAR + 1 - years, 1, 1)
    return HistorySource(inputs, start=first, end=end or date(LAST_YEAR, 12, 31), chains="modelled")


def _curves(made: dict[str, Series]) -> VxHistory | None:
    prices, expiries = made.get("VX.CURVE"), made.get("VX.CURVE.expiry")
    if prices is None or expiries is None:
        return None
    sessions, start = np.unique(prices.period, return_index=True)
    number = expiries.value.astype(np.int64)
    months = (12 * (number // 10_000 - 1970) + number // 100 % 100 - 1).astype("datetime64[M]")
    return VxHistory(
        sessions=sessions,
        offsets=np.append(start, prices.period.size).astype(np.int64),
        expiry=months.astype("datetime64[D]") + (number % 100 - 1).astype("timedelta64[D]"),
        price=prices.value.copy(),
        origin=np.full(prices.value.size, _RECONSTRUCTED, np.int8),
        final_expiry=np.zeros(0, "datetime64[D]"),
        final_value=np.zeros(0),
        final_official=np.zeros(0, np.bool_),
    )
