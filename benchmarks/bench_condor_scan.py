"""The condor scan against optopsy, each as a whole process from a Parquet file.

    python benchmarks/bench_condor_scan.py --peer-python VENV/bin/python [--years 4] [--rounds 5]

VENV holds optopsy 2.3 and pyarrow (Python 3.12 or later). The chain is made by the generator given by --genchain, 15
expiries of 150 strikes a day. Both enter every day on every expiry of 22 to 45 days, legs nearest to deltas of 0.05,
0.16, 0.16 and 0.05 within 0.04, at mid, and leave at 21 days. Trade counts and summed profits of both, and of the
reference program given by --reference, must agree; otherwise the exit code is 1.

Without --peer-python only the scan is timed. --years takes several numbers, e.g. 4,10,20, to show how peak memory
goes with the length of history; the peer runs on the first of them, and ratios are against it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from processes import Contestant, Done, in_turns, run, table

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"

OURS = """
import sys
from alvh.research.condor_scan import scan_file
print(*scan_file(sys.argv[1]))
"""

OPTOPSY = """
import sys
import optopsy as op
import pandas as pd
columns = ["underlying_symbol", "underlying_price", "option_type", "expiration", "quote_date", "strike", "bid", "ask",
           "delta"]
quotes = pd.read_parquet(sys.argv[1], columns=columns)
for name in ("expiration", "quote_date"):
    quotes[name] = pd.to_datetime(quotes[name]).astype("datetime64[ns]")
def near(target):
    return dict(target=target, min=max(0.01, target - 0.04), max=target + 0.04)
found = op.iron_condor(quotes, raw=True, max_entry_dte=45, exit_dte=21, leg1_delta=near(0.05), leg2_delta=near(0.16),
                       leg3_delta=near(0.16), leg4_delta=near(0.05), slippage="mid", min_bid_ask=0.01)
print(len(found), float((found.total_exit_proceeds - found.total_entry_cost).sum()))
"""

REFERENCE = """
import sys
from types import SimpleNamespace
sys.path.insert(0, sys.argv[2])
import condor
for make in (condor.polars_, condor.numba_):
    _, _, found = make(SimpleNamespace(opt={"file": sys.argv[1]}))
    print(found["trades"], found["pnl"])
"""


def chain(genchain: Path, folder: Path, years: str) -> Path:
    """Generate a chain, or take the one that lies there."""
    path = folder / f"chain_{float(years):g}y_15x150.parquet"
    if not path.exists():
        run([sys.executable, genchain, folder, "--years", years, "--expiries", "15", "--strikes", "150"])
    return path


def answers(output: str) -> set[tuple[int, float]]:
    """Read lines of trade count and summed profit."""
    return {(int(count), round(float(total), 4) + 0.0) for count, total in map(str.split, output.splitlines())}


def ours(years: str, path: Path) -> Contestant:
    """Scan a chain with this program."""
    return Contestant(name=f"alvh scan, {years} years", command=[sys.executable, "-c", OURS, path])


def peer(python: Path, years: str, path: Path) -> Contestant:
    """Scan a chain with optopsy."""
    return Contestant(name=f"optopsy, {years} years", command=[python, "-c", OPTOPSY, path])


def agree(years: str, path: Path, done: dict[str, list[Done]], reference: Path) -> bool:
    """Say whether all who looked at a chain found the same."""
    runs = [each for name, several in done.items() if name.endswith(f", {years} years") for each in several]
    seen = {answer for each in runs for answer in answers(each.output)}
    if reference.is_file():
        seen |= answers(run([sys.executable, "-c", REFERENCE, path, reference.parent]).output)
    listed = ", ".join(f"{count} trades, {total:.4f} points" for count, total in sorted(seen))
    verdict = "same answer" if len(seen) == 1 else "DIFFERENT ANSWERS"
    print(f"{years} years, {path.stat().st_size >> 20} MiB of Parquet: {verdict}: {listed}")
    return len(seen) == 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--genchain", type=Path, default=BENCH / "genchain.py")
    parser.add_argument("--reference", type=Path, default=BENCH / "condor.py")
    parser.add_argument("--peer-python", type=Path)
    parser.add_argument("--years", default="4")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="folder for generated chains, so that the next call finds them")
    arguments = parser.parse_args()
    if not arguments.genchain.is_file():
        sys.exit(f"There is no generator at {arguments.genchain}; give its path with --genchain.")
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        chains = {years: chain(arguments.genchain, folder, years) for years in arguments.years.split(",")}
        contestants = [ours(years, path) for years, path in chains.items()]
        if arguments.peer_python:
            contestants.insert(1, peer(arguments.peer_python, *next(iter(chains.items()))))
        for contestant in contestants:
            run(contestant.command)  # what is compiled to bytecode on first use is not part of the race
        done = in_turns(contestants, arguments.rounds)
        against = next((name for name in done if name.startswith("optopsy")), None)
        print(table(done, against), end="\n\n")
        agreed = [agree(years, path, done, arguments.reference) for years, path in chains.items()]
    sys.exit(0 if all(agreed) else 1)


if __name__ == "__main__":
    main()
