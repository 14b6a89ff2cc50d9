"""Options a second: price with Greeks and implied volatility against plain numpy.

Run ``python benchmarks/bench_pricing.py [--options 16384] [--rounds 15]``. Both sides run in turn within each round, so
that drift of a shared machine hits both; the ratio is the median of the per-round ratios. The numpy side needs scipy
for the normal distribution.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from alvh.pricing.black76 import price
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import implied_vol

Columns = dict[str, np.ndarray]


def workload(count: int) -> Columns:
    """A shuffled SPX-like chain: 1 day to 2 years, 8 % to 90 % volatility, within four standard deviations."""
    rng = np.random.default_rng(7)
    forward = rng.uniform(3000, 6000, count)
    tau = np.exp(rng.uniform(np.log(1 / 365), np.log(2.0), count))
    vol = rng.uniform(0.08, 0.9, count)
    away = np.clip(rng.standard_normal(count) * 1.2, -4, 4) * vol * np.sqrt(tau)
    strike = np.maximum(5.0, np.round(forward * np.exp(away) / 5) * 5)
    is_put = strike < forward
    columns = {
        "forward": forward,
        "strike": strike,
        "tau": tau,
        "vol": vol,
        "is_put": is_put,
        "discount": np.exp(-rng.uniform(0.0, 0.05, count) * tau),
    }
    quote = price(**columns)
    seen = quote > 1e-4
    return {name: np.resize(column[seen], count) for name, column in (columns | {"quote": quote}).items()}


def numpy_price_and_greeks(c: Columns) -> tuple[np.ndarray, ...]:
    """The textbook formulas, one array operation at a time: price and five Greeks."""
    sign = np.where(c["is_put"], -1.0, 1.0)
    root = np.sqrt(c["tau"])
    dev = c["vol"] * root
    d1 = np.log(c["forward"] / c["strike"]) / dev + 0.5 * dev
    n1 = ndtr(sign * d1)
    value = c["discount"] * sign * (c["forward"] * n1 - c["strike"] * ndtr(sign * (d1 - dev)))
    density = c["discount"] * 0.3989422804014327 * np.exp(-0.5 * d1 * d1)
    vega = density * c["forward"] * root
    theta = -np.log(c["discount"]) / c["tau"] * value - 0.5 * vega * c["vol"] / c["tau"]
    return value, c["discount"] * sign * n1, density / (c["forward"] * dev), vega, theta, -c["tau"] * value


def numpy_implied_vol(c: Columns, steps: int = 8) -> np.ndarray:
    """Newton on the logarithm of the price with a fixed number of array steps."""
    sign = np.where(c["is_put"], -1.0, 1.0)
    target = np.log(c["quote"] / c["discount"])
    money = np.log(c["forward"] / c["strike"])
    dev = np.sqrt(2.0 * np.abs(money)) + 1e-3
    for _ in range(steps):
        d1 = money / dev + 0.5 * dev
        value = sign * (c["forward"] * ndtr(sign * d1) - c["strike"] * ndtr(sign * (d1 - dev)))
        value = np.maximum(value, 1e-300)
        slope = c["forward"] * 0.3989422804014327 * np.exp(-0.5 * d1 * d1) / value
        dev = np.clip(dev + (target - np.log(value)) / slope, 0.3 * dev, 3.0 * dev)
    return dev / np.sqrt(c["tau"])


def seconds(run: Callable[[], object], repeat: int) -> float:
    start = time.perf_counter()
    for _ in range(repeat):
        run()
    return (time.perf_counter() - start) / repeat


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--options", type=int, default=16_384)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    columns = workload(asked.options)
    quote = columns.pop("quote")
    inverse = {name: column for name, column in columns.items() if name != "vol"}
    full = columns | {"quote": quote}
    error = np.max(np.abs(implied_vol(quote, **inverse)[0] / columns["vol"] - 1.0))
    rivals = (
        ("price", lambda: price(**columns), lambda: numpy_price_and_greeks(full)),
        ("price + 8 Greeks", lambda: greeks(**columns), lambda: numpy_price_and_greeks(full)),
        ("implied volatility", lambda: implied_vol(quote, **inverse), lambda: numpy_implied_vol(full)),
    )
    print(f"{asked.options} options a call, one thread, {asked.rounds} rounds")
    print("numpy computes price + 5 Greeks in the first two rows, 8 Newton steps in the third")
    print(f"{'':20} {'alvh M/s':>10} {'numpy M/s':>10} {'ratio':>7}")
    for name, ours, theirs in rivals:
        ours(), theirs()
        rounds = [(seconds(ours, 10), seconds(theirs, 10)) for _ in range(asked.rounds)]
        ratio = statistics.median(b / a for a, b in rounds)
        mine, other = (asked.options / statistics.median(side) / 1e6 for side in zip(*rounds, strict=True))
        print(f"{name:20} {mine:10.1f} {other:10.2f} {ratio:7.1f}")
    print(f"largest relative error of implied volatility on this sample: {error:.1e}")


if __name__ == "__main__":
    main()
