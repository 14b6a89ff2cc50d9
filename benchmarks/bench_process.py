"""What a person waits for: whole processes of the command line, with warm and with cold kernels.

    python benchmarks/bench_process.py [--market STORE] [--end 2025-12-31] [--rounds 5] [--bars]

Times ``alvh --help`` and ``alvh backtest`` on the built-in sample; with --market, also a backtest of the last twenty
years of that store, hedged alone and with its unhedged rival, and the peak memory of 5, 10 and 20 years. Warm runs
share one cache of compiled kernels; a cold run begins with an empty one. With --bars, a figure beyond its bar makes
the exit code 1: help within 0.5 s, the cold start within 60 s, twenty years hedged within 5 s, and a peak memory of
twenty years at most a twentieth above that of five.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median

from processes import Contestant, Done, in_turns, run, table

YEARS = (5, 10, 20)
HELP, SAMPLE, COLD = "help", "built-in sample, warm", "built-in sample, cold"


def hedged(years: int) -> str:
    """Name the run of so many years."""
    return f"{years} years, hedged"


def with_rival(years: int) -> str:
    """Name the run of so many years that also runs the unhedged twin."""
    return f"{years} years, hedged and unhedged"


def line_up(alvh: Path, folder: Path, arguments: argparse.Namespace) -> list[Contestant]:
    """List the commands; run folders and kernel caches lie in a temporary folder."""
    number = count()

    def fresh() -> dict[str, str]:
        return {"NUMBA_CACHE_DIR": str(folder / f"cold-{next(number)}")}

    def warm() -> dict[str, str]:
        return {"NUMBA_CACHE_DIR": str(folder / "warm")}

    def backtest(name: str, *options: str | Path) -> Contestant:
        out = folder / name.replace(" ", "-")
        return Contestant(name=name, command=[alvh, "backtest", "--json", "--out", out, *options], environment=warm)

    sample = backtest(SAMPLE)
    runs = [Contestant(name=HELP, command=[alvh, "--help"], environment=warm), sample]
    if arguments.market:
        for years in YEARS:
            start = arguments.end.replace(year=arguments.end.year - years, month=1, day=1)
            start = start.replace(year=start.year + 1)
            period = [
                "--market",
                arguments.market.resolve(),
                "--start",
                str(start),
                "--end",
                str(arguments.end),
                "--chains",
                "modelled",
            ]
            runs.append(backtest(hedged(years), *period, "--against", "none"))
        runs.append(backtest(with_rival(years), *period, "--against", "unhedged"))
    return [*runs, Contestant(name=COLD, command=sample.command, environment=fresh)]


def verdicts(done: dict[str, list[Done]]) -> list[tuple[bool, str]]:
    """Compare medians with the bars."""

    def wall(name: str, bar: float) -> tuple[bool, str]:
        seconds = median(each.wall for each in done[name])
        return seconds <= bar, f"{name}: {seconds:.2f} s, bar {bar:g} s"

    found = [wall(HELP, 0.5), wall(COLD, 60.0)]
    if hedged(YEARS[-1]) in done:
        found.append(wall(hedged(YEARS[-1]), 5.0))
        short, long = (median(each.peak for each in done[hedged(years)]) for years in (YEARS[0], YEARS[-1]))
        said = f"peak memory: {long:.0f} MiB for {YEARS[-1]} years, {short:.0f} MiB for {YEARS[0]}, bar 1.05 times"
        found.append((long <= 1.05 * short, said))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--market", type=Path, help="an imported store with at least twenty years")
    parser.add_argument("--end", type=date.fromisoformat, default=date(2025, 12, 31))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alvh", type=Path, default=Path(sys.executable).with_name("alvh"))
    parser.add_argument("--bars", action="store_true", help="fail when a bar is missed")
    parser.add_argument("--only", default="", help="run only what has this in its name")
    arguments = parser.parse_args()
    if not arguments.alvh.is_file():
        sys.exit(f"There is no command {arguments.alvh}; name it with --alvh.")
    os.environ.pop("NUMBA_CACHE_DIR", None)
    with tempfile.TemporaryDirectory() as temporary:
        contestants = [
            contestant
            for contestant in line_up(arguments.alvh, Path(temporary), arguments)
            if arguments.only in contestant.name
        ]
        for contestant in contestants:
            if contestant.name != COLD:
                run(contestant.command, contestant.environment())  # fills the cache of kernels
        done = in_turns(contestants, arguments.rounds)
    print(table(done))
    if not arguments.only:
        found = verdicts(done)
        print("\n".join(f"{'within' if holds else 'BEYOND'}  {said}" for holds, said in found))
        if arguments.bars and not all(holds for holds, _ in found):
            sys.exit(1)


if __name__ == "__main__":
    main()
