"""Contestants of `bench_pricing.py`; also the worker process in which those of another environment run.

Each contestant is made from the workload and answers with a function without arguments that does the work once and
returns prices or volatilities. ``python pricing_contestants.py WORKLOAD.npz`` says which of them this environment has
and then times one for each line it reads: ``NAME REPEATS``.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Columns = dict[str, np.ndarray]
Run = Callable[[], Any]


def alvh_greeks(c: Columns, threads: int = 1) -> Run:
    from alvh.pricing.greeks import first_greeks

    out = np.empty((6, c["forward"].size))
    args = (c["forward"], c["strike"], c["tau"], c["vol"], c["is_put"])
    return lambda: first_greeks(*args, rate=c["rate"], out=out, threads=threads).price


def alvh_all_greeks(c: Columns) -> Run:
    from alvh.pricing.greeks import greeks

    out = np.empty((9, c["forward"].size))
    args = (c["forward"], c["strike"], c["tau"], c["vol"], c["is_put"])
    return lambda: greeks(*args, rate=c["rate"], out=out).price


def c_greeks(c: Columns) -> Run:
    folder = Path(tempfile.mkdtemp())
    flags = ["-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-fopenmp", "-shared", "-fPIC"]
    source = Path(__file__).with_name("black_kernel.c")
    subprocess.run(["gcc", *flags, str(source), "-o", str(folder / "black.so"), "-lm"], check=True)
    library = ctypes.CDLL(str(folder / "black.so"))
    library.omp_set_num_threads(1)
    kernel = library.black
    n = c["forward"].size
    call = (~c["is_put"]).astype(np.int8)
    arrays = [c[name] for name in ("forward", "strike", "tau", "rate", "vol")] + [call]
    outputs = [np.empty(n) for _ in range(6)]
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in arrays + outputs]

    def run() -> np.ndarray:
        kernel(ctypes.c_long(n), *pointers)
        return outputs[0]

    return run


def numpy_greeks(c: Columns) -> Run:
    from scipy.special import ndtr

    def run() -> np.ndarray:
        sign = np.where(c["is_put"], -1.0, 1.0)
        root = np.sqrt(c["tau"])
        v = c["vol"] * root
        d1 = np.log(c["forward"] / c["strike"]) / v + 0.5 * v
        discount = np.exp(-c["rate"] * c["tau"])
        n1 = ndtr(sign * d1)
        price = discount * sign * (c["forward"] * n1 - c["strike"] * ndtr(sign * (d1 - v)))
        density = discount * 0.3989422804014327 * np.exp(-0.5 * d1 * d1)
        vega = density * c["forward"] * root
        theta = c["rate"] * price - 0.5 * vega * c["vol"] / c["tau"]
        _ = (discount * sign * n1, density / (c["forward"] * v), theta, -c["tau"] * price)
        return price

    return run


def vectorized_greeks(c: Columns) -> Run:
    import py_vollib_vectorized as peer

    flag = np.where(c["is_put"], "p", "c")
    args = (flag, c["forward"], c["strike"], c["tau"], c["rate"], c["vol"])

    def run() -> np.ndarray:
        price = peer.vectorized_black(*args, return_as="numpy")
        peer.get_all_greeks(*args, model="black", return_as="dict")
        return np.asarray(price)

    return run


def fast_greeks(c: Columns) -> Run:
    import fast_vollib as peer

    flag = np.where(c["is_put"], "p", "c")
    args = (flag, c["forward"], c["strike"], c["tau"], c["rate"], c["vol"])

    def run() -> np.ndarray:
        price = peer.fast_black(*args, return_as="numpy", backend="numba")
        peer.get_all_greeks(*args, model="black", return_as="dict", backend="numba")
        return np.asarray(price)

    return run


def quantlib_greeks(c: Columns) -> Run:
    import QuantLib as ql

    rows = list(
        zip(*(c[n][:2000].tolist() for n in ("is_put", "forward", "strike", "tau", "vol", "rate")), strict=True)
    )

    def run() -> list[float]:
        prices = []
        for put, f, k, t, s, r in rows:
            payoff = ql.PlainVanillaPayoff(ql.Option.Put if put else ql.Option.Call, k)
            b = ql.BlackCalculator(payoff, f, s * math.sqrt(t), math.exp(-r * t))
            _ = (b.deltaForward(), b.gammaForward(), b.vega(t), b.theta(f, t), b.rho(t))
            prices.append(b.value())
        return prices

    return run


def alvh_vols(c: Columns, threads: int = 1) -> Run:
    from alvh.pricing.implied import implied_vol

    n = c["forward"].size
    out, one = (np.empty(n), np.empty(n, dtype=np.int8)), np.ones(n)
    return lambda: implied_vol(
        c["quote"], c["forward"], c["strike"], c["tau"], c["is_put"], one, out=out, threads=threads
    )[0]


def numpy_vols(c: Columns) -> Run:
    from scipy.special import ndtr

    def run() -> np.ndarray:
        sign = np.where(c["is_put"], -1.0, 1.0)
        target, money = np.log(c["quote"]), np.log(c["forward"] / c["strike"])
        v = np.sqrt(2.0 * np.abs(money)) + 1e-3
        for _ in range(8):
            d1 = money / v + 0.5 * v
            value = sign * (c["forward"] * ndtr(sign * d1) - c["strike"] * ndtr(sign * (d1 - v)))
            value = np.maximum(value, 1e-300)
            slope = c["forward"] * 0.3989422804014327 * np.exp(-0.5 * d1 * d1) / value
            with np.errstate(all="ignore"):
                v = np.clip(v + (target - np.log(value)) / slope, 0.3 * v, 3.0 * v)
        return v / np.sqrt(c["tau"])

    return run


def vectorized_vols(c: Columns) -> Run:
    import py_vollib_vectorized as peer

    flag = np.where(c["is_put"], "p", "c")
    return lambda: np.asarray(
        peer.vectorized_implied_volatility_black(
            c["quote"], c["forward"], c["strike"], 0.0, c["tau"], flag, return_as="numpy", on_error="ignore"
        )
    )


def jackel_vols(c: Columns) -> Run:
    from fast_vollib.jackel import jackel_iv_black as peer

    return lambda: np.asarray(peer(c["quote"], c["forward"], c["strike"], c["tau"], ~c["is_put"]))


def quantlib_vols(c: Columns) -> Run:
    import QuantLib as ql

    names = ("is_put", "forward", "strike", "tau", "quote")
    rows = list(zip(*(c[n][:2000].tolist() for n in names), strict=True))

    def one(put: bool, f: float, k: float, t: float, quote: float) -> float:
        side, root = ql.Option.Put if put else ql.Option.Call, math.sqrt(t)
        try:
            return float(ql.blackFormulaImpliedStdDev(side, k, f, quote, 1.0, 0.0, 0.2 * root, 1e-15, 100) / root)
        except RuntimeError:
            return math.nan

    return lambda: [one(*row) for row in rows]


CONTESTANTS: dict[str, dict[str, Callable[[Columns], Run]]] = {
    "greeks": {
        "alvh": alvh_greeks,
        "alvh, two threads": lambda c: alvh_greeks(c, threads=2),
        "alvh, all eight": alvh_all_greeks,
        "C with libmvec": c_greeks,
        "numpy with scipy": numpy_greeks,
        "py_vollib_vectorized": vectorized_greeks,
        "fast-vollib (numba)": fast_greeks,
        "QuantLib BlackCalculator": quantlib_greeks,
    },
    "vols": {
        "alvh": alvh_vols,
        "alvh, two threads": lambda c: alvh_vols(c, threads=2),
        "numpy with scipy, 8 Newton steps": numpy_vols,
        "py_vollib_vectorized": vectorized_vols,
        "fast_vollib.jackel": jackel_vols,
        "QuantLib blackFormulaImpliedStdDev": quantlib_vols,
    },
}


def ready(table: str, folder: Path) -> tuple[dict[str, Run], dict[str, np.ndarray], dict[str, str]]:
    """Make the contestants this environment has: what runs, what it answers on the hard set, and who is absent."""
    speed = dict(np.load(folder / f"{table}.npz"))
    hard = dict(np.load(folder / "hard.npz"))
    runs: dict[str, Run] = {}
    answers: dict[str, np.ndarray] = {}
    absent: dict[str, str] = {}
    for name, make in CONTESTANTS[table].items():
        try:
            made = make(speed)
            made()
            answers[name] = np.asarray(make(hard)(), dtype=float)
            runs[name] = made
        except Exception as why:
            absent[name] = f"{type(why).__name__}: {str(why)[:100]}"
    return runs, answers, absent


def main() -> None:
    table, folder, mark = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    # Peers print; only our own lines may reach the controller.
    say = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    runs, answers, absent = ready(table, folder)
    np.savez(folder / f"{table}-{mark}.npz", **answers)
    print(json.dumps({"have": list(runs), "absent": absent}), file=say, flush=True)
    for line in sys.stdin:
        name, repeats = json.loads(line)
        # Seconds of the processor do not count what other work takes; two threads need the clock.
        clock = time.perf_counter if name.endswith("two threads") else time.thread_time
        start = clock()
        for _ in range(repeats):
            runs[name]()
        print((clock() - start) / repeats, file=say, flush=True)


if __name__ == "__main__":
    main()
