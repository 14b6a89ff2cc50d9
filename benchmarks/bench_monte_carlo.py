"""Monte-Carlo of the two joint models against plain NumPy, interleaved rounds in one process.

python benchmarks/bench_monte_carlo.py [--paths 20480] [--rounds 7] [--json FILE]

SVJ: Heston by full-truncation Euler with lognormal jumps, terminal mean only, 252 steps (the workload of the peers'
comparison). Quintic: two-factor, conditional Monte-Carlo with Milstein's correction, 252 steps. The NumPy twins draw
with SFC64, the fastest generator NumPy has, and do the same arithmetic on whole columns. Figures are steps a second;
ratios are medians of the rounds' ratios, the last column compares the fastest rounds. Run it alone: with other work on
the machine the second thread has no processor, and the two-thread rows say so.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from alvh.simulation.quintic_market import house_model
from alvh.simulation.quintic_paths import quintic_mean, step_table
from alvh.simulation.svj import SvjParameters
from alvh.simulation.svj_paths import svj_mean, svj_paths

STEPS = 252
DT = 1.0 / 252.0
SVJ = SvjParameters(kappa=3.0, theta=0.04, xi=0.6, rho=-0.7, jump_rate=0.5, jump_mean=-0.05, jump_sd=0.08)
QUINTIC = house_model(level=0.205**2)
LENGTHS = np.full(STEPS, DT)


def numpy_svj(paths: int) -> float:
    generator = np.random.Generator(np.random.SFC64(1))
    x, v = np.zeros(paths), np.full(paths, 0.04)
    drift = (0.02 - SVJ.jump_rate * SVJ.compensator) * DT
    rest = math.sqrt(1.0 - SVJ.rho**2)
    for _ in range(STEPS):
        one = generator.standard_normal(paths)
        other = SVJ.rho * one + rest * generator.standard_normal(paths)
        level = np.maximum(v, 0.0)
        root = np.sqrt(level * DT)
        x += drift - 0.5 * level * DT + root * one
        v += SVJ.kappa * (SVJ.theta - level) * DT + SVJ.xi * root * other
        jumped = np.flatnonzero(generator.random(paths) < SVJ.jump_rate * DT)
        x[jumped] += SVJ.jump_mean + SVJ.jump_sd * generator.standard_normal(jumped.size)
    return float(np.exp(x).mean())


def numpy_quintic(paths: int) -> float:
    """Mirror `quintic_paths`: the same steps, correction and antithetic halves."""
    generator = np.random.Generator(np.random.SFC64(1))
    a, theta, scale = QUINTIC.alpha, QUINTIC.theta, math.sqrt(QUINTIC.vector[0])
    x, y, stochastic, square = (np.zeros(paths) for _ in range(4))
    sigma, slope = np.full(paths, scale * a[0]), np.full(paths, 0.5 * scale * a[1])
    for fast, slow, root, x_w, x_own, y_w, y_x, y_own, dt in step_table(QUINTIC, LENGTHS):
        half = generator.standard_normal((3, paths // 2))
        one, two, three = np.concatenate((half, -half), axis=1)
        w = root * one
        x = fast * x + x_w * one + x_own * two
        y = slow * y + y_w * one + y_x * two + y_own * three
        stochastic += sigma * w + slope * (w * w - dt)
        z = theta * x + (1.0 - theta) * y
        level = scale * (a[0] + z * (a[1] + z * (a[2] + z * (a[3] + z * (a[4] + z * a[5])))))
        slope = 0.5 * scale * (a[1] + z * (2 * a[2] + z * (3 * a[3] + z * (4 * a[4] + z * 5 * a[5]))))
        square += 0.5 * dt * (sigma * sigma + level * level)
        sigma = level
    return float(np.exp(QUINTIC.rho * stochastic - 0.5 * QUINTIC.rho**2 * square).mean())


def svj(paths: int, threads: int) -> float:
    return svj_mean(SVJ, variance=0.04, growth=0.02, paths=paths, steps=STEPS, dt=DT, seed=1, threads=threads)


def svj_stored(paths: int, threads: int) -> float:
    logs, _ = svj_paths(SVJ, variance=0.04, growth=0.02, paths=paths, steps=STEPS, dt=DT, seed=1, threads=threads)
    return float(np.exp(logs[:, -1]).mean())


def quintic(paths: int, threads: int) -> float:
    return quintic_mean(QUINTIC, LENGTHS, paths=paths, seed=1, threads=threads)


def variants(paths: int) -> dict[str, tuple[str, Callable[[], float]]]:
    return {
        "SVJ, NumPy": ("SVJ", lambda: numpy_svj(paths)),
        "SVJ, 1 thread": ("SVJ", lambda: svj(paths, 1)),
        "SVJ, 2 threads": ("SVJ", lambda: svj(paths, 2)),
        "SVJ, 1 thread, every path stored": ("SVJ", lambda: svj_stored(paths, 1)),
        "quintic, NumPy": ("quintic", lambda: numpy_quintic(paths)),
        "quintic, 1 thread": ("quintic", lambda: quintic(paths, 1)),
        "quintic, 2 threads": ("quintic", lambda: quintic(paths, 2)),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--paths", type=int, default=20_480)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    table = variants(arguments.paths)
    answers = {name: run() for name, (_, run) in table.items()}
    assert answers["SVJ, 1 thread"] == answers["SVJ, 2 threads"], "the thread count must change nothing"
    assert answers["quintic, 1 thread"] == answers["quintic, 2 threads"]
    wall: dict[str, list[float]] = {name: [] for name in table}
    busy: dict[str, list[float]] = {name: [] for name in table}
    for _ in range(arguments.rounds):
        for name, (_, run) in table.items():
            start, used = time.perf_counter(), time.process_time()
            run()
            wall[name].append(time.perf_counter() - start)
            busy[name].append(time.process_time() - used)
    steps = arguments.paths * STEPS
    rows = []
    for name, (model, _) in table.items():
        plain = f"{model}, NumPy"
        rows.append(
            {
                "variant": name,
                "million steps a second": steps / statistics.median(wall[name]) / 1e6,
                "against NumPy": statistics.median(a / b for a, b in zip(wall[plain], wall[name], strict=True)),
                "against NumPy, processor time": statistics.median(
                    a / b for a, b in zip(busy[plain], busy[name], strict=True)
                ),
                "against NumPy, fastest rounds": min(wall[plain]) / min(wall[name]),
                "mean": answers[name],
            }
        )
    print(f"{arguments.paths:,} paths of {STEPS} steps, {arguments.rounds} interleaved rounds")
    print(
        "| variant | million steps/s | against NumPy | by processor time | fastest rounds | mean of S |\n"
        "|---|---|---|---|---|---|"
    )
    for row in rows:
        print(
            f"| {row['variant']} | {row['million steps a second']:.0f} | {row['against NumPy']:.1f}x "
            f"| {row['against NumPy, processor time']:.1f}x "
            f"| {row['against NumPy, fastest rounds']:.1f}x | {row['mean']:.5f} |"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1), "utf-8")


if __name__ == "__main__":
    main()
