"""Import speed, streaming speed and peak memory of the chain store.

    python benchmarks/bench_import.py BASE [--rounds 3]

BASE is a chain file without its extension of which both ``BASE.parquet`` and ``BASE.csv`` exist, in optopsy's columns
with ``underlying_price``, ``iv`` and ``delta``. Prints rows a second of both imports, checks and writing included, the
speed of walking the stored chains day by day against a polars scan-and-filter of the same Parquet (both count the rows
with 21 to 45 days to expiry and a delta of at most 0.2, and must agree), and the peak memory of each import in a
process of its own. Each walk opens the store first, unless it says that the store is held open; maps of files stand for
the whole process, so the first walk of a process is the one that says "mapped anew". "chain by chain" counts all
quotes, as a chain holds no delta.

The walk is single-threaded. For a fair ratio give polars one thread as well:
``POLARS_MAX_THREADS=1 taskset -c 0 python benchmarks/bench_import.py BASE``; imports are then slower.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.importing import import_paths
from alvh.adapters.store import maps
from alvh.core.compiled import compiled

_PEAK = (
    "import resource, sys; from pathlib import Path; from alvh.adapters.importing import import_paths;"
    "import_paths([Path(sys.argv[1])], Path(sys.argv[2]), any_day=True);"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
)


@compiled
def count_in_reach(dte: np.ndarray, offsets: np.ndarray, delta: np.ndarray) -> int:
    """Count the rows that a condor would look at."""
    n = 0
    for expiry in range(dte.size):
        if 21 <= dte[expiry] <= 45:
            for row in range(offsets[expiry], offsets[expiry + 1]):
                if abs(delta[row]) <= 0.2:
                    n += 1
    return n


@compiled
def count_every_row(dte: np.ndarray, offsets: np.ndarray, delta: np.ndarray, bid: np.ndarray, ask: np.ndarray) -> int:
    """The same answer, reading every row of bid, ask and delta as a scan does."""
    n, total = 0, 0.0
    for expiry in range(dte.size):
        near = 21 <= dte[expiry] <= 45
        for row in range(offsets[expiry], offsets[expiry + 1]):
            total += bid[row] + ask[row]
            if near and abs(delta[row]) <= 0.2:
                n += 1
    return n if total > 0.0 else -1


def chains_of(store: Path | ChainStore) -> ChainStore:
    """Open a store where it is a folder."""
    return store if isinstance(store, ChainStore) else ChainStore.open(store)


def walk_days(store: Path | ChainStore) -> int:
    """Go from day to day in Python and count the rows in reach."""
    chains = chains_of(store)
    return sum(count_in_reach(day.dte, day.offsets, day.delta) for root in chains.roots() for day in chains.days(root))


def walk_days_every_row(store: Path | ChainStore) -> int:
    """The same, reading every row."""
    chains = chains_of(store)
    return sum(
        count_every_row(day.dte, day.offsets, day.delta, day.bid, day.ask)
        for root in chains.roots()
        for day in chains.days(root)
    )


def walk_chains(store: Path | ChainStore) -> int:
    """Ask for the whole chain of one session after the other, and count all quotes."""
    chains = chains_of(store)
    return sum(chains.chain(root, session).strike.size for root in chains.roots() for session in chains.sessions(root))


@compiled
def count_month(session, place, rows, expiries, words, edges, marks) -> int:
    """Walk the days of a month; look at the rows a condor would look at."""
    n = 0
    for day in range(session.size):
        first = place[day] + 5 * rows[day]
        delta = words[place[day] + 4 * rows[day] : first]
        listed = 2 * (first + expiries[day] + 1)
        for expiry in range(expiries[day]):
            if 21 <= marks[listed + expiry] - session[day] <= 45:
                for row in range(edges[first + expiry], edges[first + expiry + 1]):
                    if abs(delta[row]) <= 0.2:
                        n += 1
    return n


@compiled
def count_month_every_row(session, place, rows, expiries, words, edges, marks) -> int:
    """The same answer, reading every row of bid, ask and delta as a scan does."""
    n, total = 0, 0.0
    for day in range(session.size):
        size = rows[day]
        first = place[day] + 5 * size
        bid = words[place[day] + size : place[day] + 2 * size]
        ask = words[place[day] + 2 * size : place[day] + 3 * size]
        delta = words[place[day] + 4 * size : first]
        listed = 2 * (first + expiries[day] + 1)
        for expiry in range(expiries[day]):
            near = 21 <= marks[listed + expiry] - session[day] <= 45
            for row in range(edges[first + expiry], edges[first + expiry + 1]):
                total += bid[row] + ask[row]
                if near and abs(delta[row]) <= 0.2:
                    n += 1
    return n if total > 0.0 else -1


def stream(store: Path | ChainStore, kernel: Callable[..., int]) -> int:
    """Walk every day of every root inside compiled code."""
    chains = chains_of(store)
    return sum(
        kernel(t.session, t.place, t.rows, t.expiries, t.words, t.edges, t.marks)
        for root in chains.roots()
        for t in chains.stream(root)
    )


def scan(path: Path) -> int:
    """Scan and filter the same rows with polars."""
    dte = (pl.col("expiration") - pl.col("quote_date")).dt.total_days()
    columns = ["option_type", "expiration", "quote_date", "strike", "bid", "ask", "delta"]
    wanted = dte.is_between(21, 45) & (pl.col("delta").abs() <= 0.2)
    return len(pl.scan_parquet(path).select(columns).filter(wanted).collect())


def anew(run: Callable[[], int]) -> int:
    """Run with no file mapped before, as the first walk in a process."""
    maps.forget()
    return run()


def timed(run: Callable[[], int]) -> tuple[float, int]:
    """Return seconds and the answer."""
    start = time.perf_counter()
    answer = run()
    return time.perf_counter() - start, answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    files = {kind: arguments.base.with_name(f"{arguments.base.name}.{kind}") for kind in ("parquet", "csv")}
    with tempfile.TemporaryDirectory() as folder:
        stores = {kind: Path(folder) / kind for kind in files}
        for kind, path in files.items():
            seconds = []
            for turn in range(arguments.rounds):
                target = stores[kind] if turn == 0 else Path(folder) / f"{kind}-{turn}"
                spent, rows = timed(lambda path=path, target=target: import_paths([path], target, any_day=True).rows)
                seconds.append(spent)
            size = sum(item.stat().st_size for item in stores[kind].rglob("*") if item.is_file()) >> 20
            again, _ = timed(lambda path=path, kind=kind: import_paths([path], stores[kind], any_day=True).rows)
            print(
                f"import {kind:8s} {rows:,} rows  median {median(seconds):.2f} s  best {min(seconds):.2f} s  "
                f"{rows / median(seconds) / 1e6:.2f} M rows/s   store {size} MiB   again {again:.2f} s"
            )
            peak = subprocess.run(
                [sys.executable, "-c", _PEAK, path, Path(folder) / f"{kind}-peak"],
                check=True,
                capture_output=True,
                text=True,
            )
            print(f"       {kind:8s} peak memory {peak.stdout.strip()} MiB")
        folder_of, held = stores["parquet"], ChainStore.open(stores["parquet"])
        runs = {
            "stream, rows in reach": lambda: stream(folder_of, count_month),
            "stream, store held open": lambda: stream(held, count_month),
            "stream, mapped anew": lambda: anew(lambda: stream(folder_of, count_month)),
            "stream, every row": lambda: stream(folder_of, count_month_every_row),
            "days, rows in reach": lambda: walk_days(folder_of),
            "days, mapped anew": lambda: anew(lambda: walk_days(folder_of)),
            "days, every row": lambda: walk_days_every_row(folder_of),
            "chain by chain": lambda: walk_chains(folder_of),
            "polars scan and filter": lambda: scan(files["parquet"]),
        }
        times: dict[str, list[float]] = {name: [] for name in runs}
        answers = set()
        for _ in range(arguments.rounds + 3):
            for name, run in runs.items():
                spent, answer = timed(run)
                times[name].append(spent)
                if name != "chain by chain":
                    answers.add(answer)
        for name in times:
            times[name] = times[name][1:]
        reference = times["polars scan and filter"]
        for name, spent in times.items():
            # The ratio of each round, as all contestants of a round see the same machine.
            ratio = median(each / mine for each, mine in zip(reference, spent, strict=True))
            print(
                f"{name:24s} {median(spent) * 1e3:8.1f} ms   {rows / median(spent) / 1e6:7.1f} M rows/s   {ratio:5.1f}x"
            )
        print("same answer" if len(answers) == 1 else f"DIFFERENT ANSWERS {answers}")


if __name__ == "__main__":
    main()
