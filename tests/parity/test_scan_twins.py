"""The scan of whole batches says what one plain loop over quotes says, and what polars joins say."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from alvh.research.condor_scan import ScanParameters, ScanResult, scan, scan_days
from fakes.quote_rows import quote_batch, quote_rows

Trade = tuple[date, date, tuple[float, ...], float, float]

CASES = [
    ScanParameters(),
    ScanParameters(pricing="natural"),
    ScanParameters(pricing=0.66, exit_dte=14, max_dte=30),
    ScanParameters(deltas=(0.10, 0.30, 0.25, 0.12), tolerance=0.03, exit_dte=0),
    ScanParameters(tolerance=0.001),
]


def plain_scan(rows: pl.DataFrame, parameters: ScanParameters) -> list[Trade]:
    """Scan with dictionaries and loops, one decision at a time."""
    quotes: dict[tuple[date, date, bool], list[tuple[float, float, float, float]]] = {}
    for right, expiry, day, strike, bid, ask, delta in rows.select(
        "option_type", "expiration", "quote_date", "strike", "bid", "ask", "delta"
    ).iter_rows():
        quotes.setdefault((day, expiry, right == "p"), []).append((strike, bid, ask, abs(delta)))
    extra = {"mid": 0.0, "natural": 0.5}.get(str(parameters.pricing))
    paid = float(parameters.pricing) - 0.5 if extra is None else extra
    found = []
    for day, expiry in sorted({(day, expiry) for day, expiry, _ in quotes}):
        if not parameters.exit_dte < (expiry - day).days <= parameters.max_dte:
            continue
        legs = []
        for target, put in zip(parameters.deltas, (True, True, False, False), strict=True):
            low, high = max(0.01, target - parameters.tolerance), target + parameters.tolerance
            near = [
                (abs(delta - target), strike, bid, ask)
                for strike, bid, ask, delta in quotes.get((day, expiry, put), [])
                if low <= delta <= high and bid > 0.0
            ]
            legs.append(min(near) if near else None)
        if None in legs or not all(a[1] < b[1] for a, b in pairwise(legs)):
            continue
        credit = cost = 0.0
        for (_, strike, bid, ask), put, side in zip(legs, (True, True, False, False), (1, -1, -1, 1), strict=True):
            leaving = expiry - timedelta(days=parameters.exit_dte)
            out = [quote for quote in quotes.get((leaving, expiry, put), []) if quote[0] == strike]
            if not out:
                break
            credit -= side * (bid + ask) / 2 + paid * (ask - bid)
            cost -= side * (out[0][1] + out[0][2]) / 2 - paid * (out[0][2] - out[0][1])
        else:
            found.append((day, expiry, tuple(leg[1] for leg in legs), credit, cost))
    return found


def trades(result: ScanResult) -> list[Trade]:
    table = result.trades
    return [
        (entry, expiry, tuple(strike), credit, cost)
        for entry, expiry, strike, credit, cost in zip(
            table.entry.tolist(),
            table.expiry.tolist(),
            table.strike.tolist(),
            table.credit.tolist(),
            table.cost.tolist(),
            strict=True,
        )
    ]


@pytest.mark.parametrize("parameters", CASES, ids=str)
def test_batches_agree_with_a_plain_loop(parameters: ScanParameters) -> None:
    rows = quote_rows(90)
    expected = plain_scan(rows, parameters)
    got = trades(scan_days([quote_batch(rows)], parameters))
    assert [trade[:3] for trade in got] == [trade[:3] for trade in expected]
    np.testing.assert_allclose([t[3:] for t in got], [t[3:] for t in expected], atol=1e-12)


def test_the_cases_are_worth_comparing() -> None:
    rows = quote_rows(90)
    counts = scan_days([quote_batch(rows)]).counts
    assert min(counts.traded, counts.without_quote, counts.still_open) > 5
    assert scan_days([quote_batch(rows)], CASES[-1]).counts.without_leg > 5


def polars_scan(rows: pl.DataFrame, tolerance: float = 0.04) -> pl.DataFrame:
    """Scan with sorts and joins: the nearest quote of each leg, joined to the quote of the exit day, four times."""
    dte = (pl.col("expiration") - pl.col("quote_date")).dt.total_days()
    rows = rows.with_columns(mid=(pl.col("bid") + pl.col("ask")) / 2, size=pl.col("delta").abs(), dte=dte)
    out = rows.filter(pl.col("dte") == 21).select("option_type", "expiration", "strike", out="mid")
    entry = rows.filter((pl.col("dte") > 21) & (pl.col("dte") <= 45) & (pl.col("bid") > 0))
    pair = ["quote_date", "expiration"]
    joined: pl.DataFrame | None = None
    for leg, (word, target) in enumerate((("p", 0.05), ("p", 0.16), ("c", 0.16), ("c", 0.05))):
        low, high = max(0.01, target - tolerance), target + tolerance
        table = (
            entry.filter((pl.col("option_type") == word) & (pl.col("size") >= low) & (pl.col("size") <= high))
            .with_columns(miss=(pl.col("size") - target).abs())
            .sort("miss", "strike")
            .unique(pair, keep="first", maintain_order=True)
            .join(out, on=["option_type", "expiration", "strike"])
            .select(*pair, pl.col("strike").alias(f"k{leg}"), (pl.col("out") - pl.col("mid")).alias(f"gain{leg}"))
        )
        joined = table if joined is None else joined.join(table, on=pair)
    assert joined is not None
    joined = joined.filter(
        (pl.col("k0") < pl.col("k1")) & (pl.col("k1") < pl.col("k2")) & (pl.col("k2") < pl.col("k3"))
    )
    pnl = pl.col("gain0") - pl.col("gain1") - pl.col("gain2") + pl.col("gain3")
    return joined.with_columns(pnl=pnl).sort(pair)


def test_files_agree_with_polars_joins(tmp_path: Path) -> None:
    rows = quote_rows(120, seed=8)
    rows.write_parquet(tmp_path / "quotes.parquet", row_group_size=5000)
    expected = polars_scan(rows)
    got = scan(tmp_path / "quotes.parquet").trades
    assert expected.height > 100
    assert got.entry.tolist() == expected["quote_date"].to_list()
    assert got.expiry.tolist() == expected["expiration"].to_list()
    assert got.strike.tolist() == [list(row) for row in expected.select("k0", "k1", "k2", "k3").iter_rows()]
    np.testing.assert_allclose(got.pnl, expected["pnl"].to_numpy(), atol=1e-12)


def test_windows_and_days_agree_with_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alvh.research.scan_files._ROWS_A_WINDOW", 7_000)
    rows = quote_rows(80)
    rows.write_parquet(tmp_path / "quotes.parquet")
    once = scan_days([quote_batch(rows)])
    daily = scan_days(quote_batch(day) for day in rows.partition_by("quote_date", maintain_order=True))
    windowed = scan(tmp_path / "quotes.parquet")
    for other in (daily, windowed):
        assert trades(other) == trades(once)
        assert astuple(other.counts) == astuple(once.counts)
