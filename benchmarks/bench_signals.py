"""All signals and regimes over a store's whole history, and one more day: `python benchmarks/bench_signals.py STORE`.

Processor seconds, the least of several rounds in one process, after imports, opening and loading, with warm kernels.
The derived inputs (the VX curve by maturity, advance-decline lines, sector volatility ...) are timed by themselves; the
lines of the evidence, signals with regimes, are given with them and without. With --bars a figure beyond its bar makes
the exit code 1: a second for the whole history, 20 ms for one more day.
"""

from __future__ import annotations

import argparse
from time import process_time

import numpy as np

import alvh
from alvh.method.evidence import EvidenceNumbers, EvidenceTable
from alvh.signals.inputs import with_derived
from alvh.signals.registry import SIGNALS
from alvh.signals.table import SignalTable, recent

ROUNDS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", help="folder of an imported store, or 'sample'")
    parser.add_argument("--bars", action="store_true", help="fail beyond the bars")
    asked = parser.parse_args()
    market = alvh.open_market(asked.store)
    policy = alvh.load_policy().parameters
    numbers, evidence = policy.signals, EvidenceNumbers(signals=policy.signals, regimes=policy.regimes)
    sessions = market.sessions()
    snapshots = np.array([market.instant(day).replace(tzinfo=None) for day in sessions], "datetime64[s]")
    known = with_derived(market.series)
    SignalTable(known, snapshots, numbers).columns()  # loads every series and every kernel

    print(f"{len(sessions):,} sessions from {sessions[0]} to {sessions[-1]}")
    print(f"{'derived inputs':24}{least(lambda: derive(market)):9.1f} ms")
    every, tail = {}, {}
    for kind in SIGNALS:
        signal = kind(numbers.of(kind.id))
        reach = signal.look_back()

        def one_day(signal=signal, reach=reach) -> None:
            signal.compute(known if reach is None else recent(known, snapshots[-1:], reach), snapshots[-1:])

        every[kind.id] = least(lambda signal=signal: signal.compute(known, snapshots))
        tail[kind.id] = least(one_day)
    print(f"{'signal':24}{'history':>9}   {'one day':>9}")
    for identifier, spent in every.items():
        print(f"{identifier:24}{spent:9.2f}   {tail[identifier]:9.2f} ms")
    whole = least(lambda: SignalTable(known, snapshots, numbers).columns())
    before = SignalTable(known, snapshots[:-1], numbers)
    before.columns()
    day = least(lambda: before.extended(known, snapshots[-1:]))
    print(f"{'the whole table':24}{whole:9.2f}   {day:9.2f} ms")
    table = evidence(known, snapshots[:-1])
    judge(table)
    for name, lookup in (("with regimes", known), ("... and derived inputs", market.series)):
        whole = least(lambda lookup=lookup: judge(evidence(lookup, snapshots)))
        day = least(lambda lookup=lookup: last_row(table.extended(lookup, snapshots[-1:])))
        print(f"{name:24}{whole:9.2f}   {day:9.2f} ms")
    if asked.bars and (whole > 1000.0 or day > 20.0):
        raise SystemExit(1)


def judge(table: EvidenceTable) -> None:
    for identifier in table.ids:
        table.whole(identifier)


def last_row(table: EvidenceTable) -> None:
    for identifier in table.ids:
        table.last(identifier, 1)


def derive(market) -> None:
    lookup = with_derived(market.series)
    for kind in SIGNALS:
        for name in kind.inputs:
            lookup(name)


def least(work) -> float:
    """Least processor milliseconds of several rounds."""
    spent = []
    for _ in range(ROUNDS):
        start = process_time()
        work()
        spent.append(process_time() - start)
    return 1e3 * min(spent)


if __name__ == "__main__":
    main()
