"""Milliseconds a surface: whole recorded SPX days, or a made-up day of the same size.

Run ``python benchmarks/bench_surface.py [--store STORE] [--rounds 5]``. The time is processor time of one thread, warm:
forwards, volatilities, slices, calendars and quality, everything `fit` does.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from alvh.market.chain import OptionChain, Origin, QuoteStatus
from alvh.market.expirations import tau as years_to
from alvh.pricing.black76 import price
from alvh.pricing.surface import FittedSurface, fit
from alvh.pricing.surface.ssvi import ssvi_slice

SESSION, ASOF = date(2023, 9, 14), datetime(2023, 9, 14, 20, 15, tzinfo=UTC)
SPOT, RATE = 4505.0, 0.053


def made_up_day(quotes: int = 17_000) -> list[OptionChain]:
    """50 SPXW expiries, quotes rounded to five cents around an SSVI smile."""
    expiries = [day for day in (SESSION + timedelta(days=n) for n in range(1, 700)) if day.weekday() < 5]
    chosen = expiries[:20] + expiries[20::10][:30]
    parts, offsets = [], [0]
    for expiry in chosen:
        tau = years_to("SPXW", expiry, ASOF)
        forward = SPOT * np.exp(RATE * tau)
        theta = 0.15**2 * tau
        strike = np.linspace(0.55 * SPOT, 1.25 * SPOT, quotes // (2 * len(chosen))).round(-1).repeat(2)
        is_put = np.tile([False, True], strike.size // 2)
        smile = ssvi_slice(theta, -0.65, 1.2 / np.sqrt(theta))
        vol = np.sqrt(smile.variance(np.log(strike / forward)) / tau)
        mid = price(forward, strike, tau, vol, is_put, np.exp(-RATE * tau))
        half = 0.05 + 0.01 * mid
        parts.append((strike, is_put, np.floor(20 * (mid - half)) / 20, np.ceil(20 * (mid + half)) / 20))
        offsets.append(offsets[-1] + strike.size)
    strike, puts, bid, ask = (np.concatenate([part[n] for part in parts]) for n in range(4))
    bid = np.maximum(bid, 0.0)
    status = np.where(bid > 0.0, QuoteStatus.OK, QuoteStatus.ZERO_BID).astype(np.int8)
    return [
        OptionChain(
            root="SPXW", session=SESSION, asof=ASOF, timed=True, spot=SPOT, origin=Origin.RECORDED,
            expiries=tuple(chosen), offsets=np.array(offsets, dtype=np.int64), strike=strike, is_put=puts, bid=bid,
            ask=ask, status=status,
        )
    ]  # fmt: skip


def recorded_days(store: Path) -> dict[str, list[OptionChain]]:
    from alvh.adapters.chain_store import ChainStore

    chains = ChainStore.open(store)
    both = sorted(set(chains.sessions("SPX")) & set(chains.sessions("SPXW")))
    return {str(day): [chains.chain(root, day) for root in ("SPX", "SPXW")] for day in both}


def milliseconds(chains: Sequence[OptionChain], rounds: int) -> tuple[float, FittedSurface]:
    spent = []
    for _ in range(rounds + 1):
        start = time.thread_time()
        made = fit(chains, rate_hint=RATE)
        spent.append(1000.0 * (time.thread_time() - start))
    assert isinstance(made, FittedSurface)
    return statistics.median(spent[1:]), made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    days = recorded_days(asked.store) if asked.store else {"made up": made_up_day()}
    rows = []
    print(f"{'day':>12} {'quotes':>8} {'expiries':>9} {'ms':>7}")
    for name, chains in days.items():
        spent, made = milliseconds(chains, asked.rounds)
        rows.append((sum(chain.strike.size for chain in chains), len(made.expiries), spent))
        print(f"{name:>12} {rows[-1][0]:8d} {rows[-1][1]:9d} {spent:7.1f}")
    large = [row[2] for row in rows if row[0] >= 10_000]
    print(f"days of 10 000 quotes and more: median {statistics.median(large):.0f} ms, worst {max(large):.0f} ms")


if __name__ == "__main__":
    main()
