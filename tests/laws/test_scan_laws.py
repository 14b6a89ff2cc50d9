"""Laws of the condor scan: what may not change its trades, and what its counts add up to."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.research.condor_scan import ScanParameters, ScanResult, scan_days
from fakes.quote_rows import quote_batch, quote_rows

SEEDS = st.integers(0, 5)
SHAPES = st.builds(
    ScanParameters,
    exit_dte=st.integers(0, 21),
    max_dte=st.integers(22, 50),
    deltas=st.tuples(*[st.sampled_from([0.05, 0.1, 0.16, 0.3])] * 4),
    tolerance=st.sampled_from([0.01, 0.04]),
    pricing=st.sampled_from(["mid", "natural", 0.6]),
)
QUICK = settings(max_examples=25, deadline=None)


def rows(seed: int) -> pl.DataFrame:
    return quote_rows(60, seed=seed)


def same(left: ScanResult, right: ScanResult) -> bool:
    return (
        left.trades.frame().equals(right.trades.frame())
        and left.counts.traded == right.counts.traded
        and left.counts.offered == right.counts.offered
    )


@QUICK
@given(SEEDS, SHAPES, st.integers(0, 2**32 - 1))
def test_the_order_of_rows_is_irrelevant(seed: int, shape: ScanParameters, shuffle: int) -> None:
    shuffled = rows(seed).sample(fraction=1.0, shuffle=True, seed=shuffle)
    assert same(scan_days([quote_batch(shuffled)], shape), scan_days([quote_batch(rows(seed))], shape))


@QUICK
@given(SEEDS, SHAPES)
def test_a_quote_that_is_never_selected_changes_nothing(seed: int, shape: ScanParameters) -> None:
    far = rows(seed).filter(pl.col("strike") == 100.0).with_columns(strike=pl.lit(500.0), delta=pl.lit(0.0001))
    more = pl.concat([rows(seed), far])
    assert same(scan_days([quote_batch(more)], shape), scan_days([quote_batch(rows(seed))], shape))


@QUICK
@given(SEEDS, SHAPES, st.integers(1, 59))
def test_the_cut_into_batches_is_irrelevant(seed: int, shape: ScanParameters, cut: int) -> None:
    days = rows(seed)["quote_date"].unique().sort()
    early = pl.col("quote_date") < days[cut]
    parts = [quote_batch(rows(seed).filter(early)), quote_batch(rows(seed).filter(~early))]
    assert same(scan_days(parts, shape), scan_days([quote_batch(rows(seed))], shape))


@QUICK
@given(SEEDS, SHAPES, st.integers(1, 59))
def test_the_future_changes_no_finished_trade(seed: int, shape: ScanParameters, cut: int) -> None:
    day = rows(seed)["quote_date"].unique().sort()[cut]
    past = scan_days([quote_batch(rows(seed).filter(pl.col("quote_date") <= day))], shape).trades.frame()
    whole = scan_days([quote_batch(rows(seed))], shape).trades.frame()
    assert past.equals(whole.filter(pl.col("exit") <= day))


@QUICK
@given(SEEDS, SHAPES)
def test_counts_add_up(seed: int, shape: ScanParameters) -> None:
    found = scan_days([quote_batch(rows(seed))], shape).counts
    reasons = found.without_leg + found.out_of_order + found.without_session + found.without_quote + found.still_open
    assert found.offered == found.traded + reasons


@QUICK
@given(SEEDS, SHAPES)
def test_legs_keep_their_bounds_and_order(seed: int, shape: ScanParameters) -> None:
    trades = scan_days([quote_batch(rows(seed))], shape).trades
    assert (np.diff(trades.strike, axis=1) > 0.0).all()
    for leg in range(4):
        low, high = shape.bounds(leg)
        size = np.abs(trades.delta[:, leg])
        assert ((size >= low) & (size <= high)).all()
    assert ((trades.dte > shape.exit_dte) & (trades.dte <= shape.max_dte)).all()


@QUICK
@given(SEEDS, st.sampled_from([0.5, 0.6, 0.9]))
def test_paying_more_of_the_width_earns_less(seed: int, share: float) -> None:
    cheap = scan_days([quote_batch(rows(seed))], ScanParameters(pricing=share)).trades.pnl
    dear = scan_days([quote_batch(rows(seed))], ScanParameters(pricing=share + 0.1)).trades.pnl
    assert (dear < cheap).all()
