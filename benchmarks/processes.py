"""Run whole processes in turns and tell how long each took and how much memory it touched.

All contestants run once a round, in the same order, so that a drift of the machine hits all alike; ratios are taken
within a round and their median is quoted. Peak memory is what the kernel counts for the child (``ru_maxrss``), which
includes pages of files it mapped. The kernel starts that count at the size of the parent, so a script that uses this
module imports nothing large itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One finished process: wall seconds, processor seconds, peak MiB, and what it printed."""

    wall: float
    cpu: float
    peak: float
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A command to be timed; `environment` is asked anew for every round."""

    name: str
    command: Sequence[str | Path]
    environment: Callable[[], Mapping[str, str]] = dict


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None, cwd: Path | None = None) -> Done:
    """Run a command to its end; show what it said and stop when it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=said,
            env=os.environ | dict(environment or {}),
            cwd=cwd,
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said.seek(0)
        if child.returncode:
            sys.exit(f"{' '.join(map(str, command))} ended with {child.returncode}:\n{said.read().decode()[-2000:]}")
        unit = 1 if sys.platform == "darwin" else 1024
        return Done(
            wall=wall,
            cpu=used.ru_utime + used.ru_stime,
            peak=used.ru_maxrss * unit / 2**20,
            output=out.read().decode(),
        )


def in_turns(contestants: Sequence[Contestant], rounds: int, cwd: Path | None = None) -> dict[str, list[Done]]:
    """Run every contestant once a round."""
    done: dict[str, list[Done]] = {contestant.name: [] for contestant in contestants}
    for turn in range(rounds):
        for contestant in contestants:
            done[contestant.name].append(run(contestant.command, contestant.environment(), cwd))
        print(f"round {turn + 1} of {rounds} done", file=sys.stderr)
    return done


def table(done: Mapping[str, list[Done]], reference: str | None = None) -> str:
    """Print medians as a Markdown table; with a reference, how many times faster and smaller each one is."""
    head = "| process | median s | best s | CPU s | peak MiB |"
    lines = [head + (" faster | memory |" if reference else ""), "|---" * (7 if reference else 5) + "|"]
    for name, runs in done.items():
        walls = [each.wall for each in runs]
        cells = [
            name,
            f"{median(walls):.2f}",
            f"{min(walls):.2f}",
            f"{median(each.cpu for each in runs):.2f}",
            f"{max(each.peak for each in runs):.0f}",
        ]
        if reference:
            pairs = list(zip(runs, done[reference], strict=True))
            cells.append(f"{median(other.wall / mine.wall for mine, other in pairs):.1f}x")
            cells.append(f"1/{median(other.peak / mine.peak for mine, other in pairs):.1f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
