"""Options a second and accuracy: price with Greeks, and implied volatility, against C and the peers.

Run ``python benchmarks/bench_pricing.py [--peer-python VENV/bin/python ...] [--options 16384] [--rounds 9]``. Every
contestant of a table runs once a round, in turns, those of another environment in a process there; a ratio is the
median of the ratios within rounds. Who is absent is said so. Scalar peers do 2 000 options a round. All use one
thread except where the table says two. gcc is needed for the C kernel, mpmath for the exact answers.

py_vollib_vectorized works only with py_vollib 1.0.1, py_lets_be_rational 1.0.1, numpy < 2, pandas < 2.3; fast-vollib
needs pandas. Accuracy: 800 options of 1 hour to 3 years, 3 % to 200 %, up to 25 standard deviations out of the money,
prices down to 1e-130 of the forward, against 60 digits.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import mpmath as mp
import numpy as np

Columns = dict[str, np.ndarray]
SCALAR = 2000
WORKER = Path(__file__).with_name("pricing_contestants.py")


def workload(count: int) -> Columns:
    """A shuffled SPX-like chain: 1 day to 2 years, 8 % to 90 % volatility, within four standard deviations."""
    rng = np.random.default_rng(7)
    forward = rng.uniform(3000, 6000, count)
    tau = np.exp(rng.uniform(np.log(1 / 365), np.log(2.0), count))
    vol = rng.uniform(0.08, 0.9, count)
    away = np.clip(rng.standard_normal(count) * 1.2, -4, 4) * vol * np.sqrt(tau)
    strike = np.maximum(5.0, np.round(forward * np.exp(away) / 5) * 5)
    rate = rng.uniform(0.0, 0.05, count)
    return {
        "forward": forward,
        "strike": strike,
        "tau": tau,
        "vol": vol,
        "rate": rate,
        "is_put": rng.random(count) < 0.5,
    }


def quoted(count: int) -> Columns:
    """The same chain, out of the money, undiscounted, with prices of at least 1e-4 points."""
    from alvh.pricing.black76 import price

    c = workload(count)
    c["is_put"] = c["strike"] < c["forward"]
    c["rate"] = np.zeros(count)
    c["quote"] = price(c["forward"], c["strike"], c["tau"], c["vol"], c["is_put"], 1.0)
    seen = c["quote"] > 1e-4
    return {name: np.resize(column[seen], count) for name, column in c.items()}


def hard(count: int = 800) -> tuple[Columns, np.ndarray, np.ndarray]:
    """Options of every distance, the exact price of each, and the exact volatility of that price as a double."""
    rng = np.random.default_rng(5)
    rows: list[tuple[float, ...]] = []
    with mp.workdps(60):
        while len(rows) < count:
            tau = float(np.exp(rng.uniform(np.log(1 / 8760), np.log(3))))
            vol = float(np.exp(rng.uniform(np.log(0.03), np.log(2))))
            away = float(rng.choice([rng.uniform(0, 0.01), rng.uniform(0, 3), rng.uniform(3, 8), rng.uniform(8, 25)]))
            put = bool(rng.random() < 0.5)
            forward = float(rng.uniform(100, 6000))
            strike = float(forward * math.exp((-away if put else away) * vol * math.sqrt(tau)))
            dev = mp.mpf(vol) * mp.sqrt(mp.mpf(tau))
            exact, _ = exact_price(forward, strike, dev, put)
            quote = float(exact)
            if quote < 1e-130 * forward:
                continue
            solved = dev
            for _ in range(6):
                value, vega = exact_price(forward, strike, solved, put)
                solved += (mp.log(mp.mpf(quote)) - mp.log(value)) * value / vega
            rows.append((forward, strike, tau, vol, put, quote, float(solved / mp.sqrt(mp.mpf(tau)))))
    f, k, t, s, p, q, exact_vol = np.array(rows, dtype=float).T.copy()
    columns = {"forward": f, "strike": k, "tau": t, "vol": s, "rate": np.zeros(count), "is_put": p > 0.5, "quote": q}
    return columns, q, exact_vol


def exact_price(forward: float, strike: float, dev: mp.mpf, put: bool) -> tuple[mp.mpf, mp.mpf]:
    sign, f, k = (-1 if put else 1), mp.mpf(forward), mp.mpf(strike)
    d1 = mp.log(f / k) / dev + dev / 2
    upper, lower = (mp.erfc(-sign * d / mp.sqrt(2)) / 2 for d in (d1, d1 - dev))
    return sign * (f * upper - k * lower), f * mp.npdf(d1)


class Worker:
    """One environment, waiting to be told whose turn it is."""

    def __init__(self, python: str, table: str, folder: Path, mark: str) -> None:
        # Ours asks for its threads by name; a peer that would take all gets one.
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        if python == sys.executable:
            environment["OMP_NUM_THREADS"] = environment["NUMBA_NUM_THREADS"] = "2"
        else:
            environment["NUMBA_NUM_THREADS"] = "1"
        self.process = subprocess.Popen(
            [python, str(WORKER), table, str(folder), mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        said = json.loads(self._line())
        self.have: list[str] = said["have"]
        self.absent: dict[str, str] = said["absent"]

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def seconds(self, name: str, repeats: int) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([name, repeats]) + "\n")
        self.process.stdin.flush()
        return float(self._line())

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def run(table: str, pythons: list[str], folder: Path, options: int, rounds: int, exact: np.ndarray) -> None:
    workers = [Worker(python, table, folder, str(place)) for place, python in enumerate(pythons)]
    owner: dict[str, tuple[int, Worker]] = {}
    absent: dict[str, str] = {}
    for place, worker in enumerate(workers):
        absent.update(worker.absent)
        owner.update({name: (place, worker) for name in worker.have if name not in owner})
    done = {name: (SCALAR if name.startswith("QuantLib") else options) for name in owner}
    once = {name: worker.seconds(name, 1) for name, (_, worker) in owner.items()}
    repeats = {name: max(1, min(40, int(0.02 / seconds))) for name, seconds in once.items()}
    rates: dict[str, list[float]] = {name: [] for name in owner}
    for _ in range(rounds):
        for name, (_, worker) in owner.items():
            rates[name].append(done[name] / worker.seconds(name, repeats[name]) / 1e6)
    print(f"{'contestant':36} {'M/s':>8} {'best':>8} {'alvh is':>9} {'max err':>9} {'median':>9} {'bad':>6}")
    for name, (place, _) in sorted(owner.items(), key=lambda item: -statistics.median(rates[item[0]])):
        ratio = statistics.median(ours / theirs for ours, theirs in zip(rates["alvh"], rates[name], strict=True))
        with np.load(folder / f"{table}-{place}.npz") as answers:
            error = np.abs(answers[name][: exact.size] / exact[: answers[name].size] - 1.0)
        found = error[np.isfinite(error)]
        bad = 1.0 - np.count_nonzero(found <= 1e-6) / error.size
        print(
            f"{name:36} {statistics.median(rates[name]):8.3f} {max(rates[name]):8.3f} {ratio:8.2f}x "
            f"{found.max():9.1e} {np.median(found):9.1e} {bad:6.1%}"
        )
    for name, why in absent.items():
        if name not in owner:
            print(f"{name:36} absent: {why}")
    for worker in workers:
        worker.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--options", type=int, default=16_384)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--peer-python", action="append", default=[])
    asked = parser.parse_args()
    columns, exact_prices, exact_vols = hard()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.savez(folder / "greeks.npz", **workload(asked.options))
        np.savez(folder / "vols.npz", **quoted(asked.options))
        np.savez(folder / "hard.npz", **columns)
        pythons = [sys.executable, *asked.peer_python]
        print(f"{asked.options} options a call, {asked.rounds} rounds; price with delta, gamma, vega, theta, rho")
        run("greeks", pythons, folder, asked.options, asked.rounds, exact_prices)
        print("\nimplied volatility")
        run("vols", pythons, folder, asked.options, asked.rounds, exact_vols)


if __name__ == "__main__":
    main()
