"""Time the modelled chain: microseconds per slice, per quote and per session of a backtest.

Run it from the repository: ``python benchmarks/bench_modelled.py [STORE]``. Without a store the built-in sample is
used; with one, twenty years of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np

from alvh.adapters.history import HistorySource, builtin, open_store
from alvh.market.view import View
from alvh.pricing.modelled.calibration import SHAPE
from alvh.pricing.modelled.svi import solve_slice


def best_of(work: Callable[[], object], times: int, rounds: int = 5) -> float:
    """Return the least microseconds per call over some rounds."""
    work()
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, (time.perf_counter() - start) / times)
    return 1e6 * best


def one_session(view: View) -> int:
    """Look at a session as a strategy does: six SPX and two VIX expiries, about sixty quotes."""
    count = 0
    for expiry in view.expiries("SPX")[:6]:
        item = view.slice("SPX", expiry)
        if item is not None:
            strikes = 5.0 * np.rint(item.forward * np.array([0.85, 0.9, 0.95, 1.0, 1.02, 1.05, 1.1]) / 5.0)
            count += item.quote(strikes, strikes < item.forward).bid.size
    for expiry in view.expiries("VIX")[:2]:
        item = view.slice("VIX", expiry)
        if item is not None:
            strikes = np.array([15.0, 17.0, 20.0, 22.0, 25.0, 30.0, 35.0, 40.0, 50.0])
            count += item.quote(strikes, np.zeros(9, np.bool_)).bid.size
    return count


def every_session(source: HistorySource) -> tuple[float, float]:
    """Return microseconds and quotes per session, every view opened anew."""
    start = time.perf_counter()
    count = sum(one_session(source.view(session)) for session in source.sessions())
    sessions = len(source.sessions())
    return 1e6 * (time.perf_counter() - start) / sessions, count / sessions


def main() -> None:
    """Print the table."""
    store = sys.argv[1] if len(sys.argv) > 1 else None

    def opened() -> HistorySource:
        return open_store(store, date(2006, 1, 3), date(2025, 12, 31), "modelled") if store else builtin()

    start = time.perf_counter()
    source = opened()
    first = time.perf_counter() - start
    start = time.perf_counter()
    source = opened()
    again = time.perf_counter() - start
    view = source.view(source.sessions()[len(source.sessions()) // 2])
    spx = view.slice("SPX", view.expiries("SPX")[1])
    vix = view.slice("VIX", view.expiries("VIX")[1])
    assert spx is not None
    assert vix is not None
    strikes = 5.0 * np.rint(spx.forward * np.linspace(0.8, 1.15, 40) / 5.0)
    puts = strikes < spx.forward
    calls = np.zeros(40, np.bool_)
    every_session(source)
    per_session, quotes = every_session(source)
    rows = (
        ("open, first in the process (calendar included), s", first),
        (f"open again, {len(source.sessions())} sessions, s", again),
        ("solve one SPX slice, us", best_of(lambda: solve_slice(4000.0, 0.0021, 30.0, 0.1, 0.05, SHAPE), 2000)),
        ("quote 40 SPX options, us", best_of(lambda: spx.quote(strikes, puts), 2000)),
        ("quote 40 VIX options, us", best_of(lambda: vix.quote(np.arange(12.0, 52.0), calls), 2000)),
        (f"view, 6 SPX + 2 VIX slices, {quotes:.0f} quotes, us", per_session),
    )
    for name, value in rows:
        print(f"{name:<58}{value:>12.3g}")


if __name__ == "__main__":
    main()
