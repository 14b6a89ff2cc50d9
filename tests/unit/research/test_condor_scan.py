from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from alvh.core.errors import RefusedError
from alvh.research.condor_scan import ScanParameters, ScanResult, scan, scan_days, scan_file
from fakes.quote_rows import quote_batch, quote_rows

ENTRY = date(2021, 3, 5)
EXPIRY = date(2021, 4, 2)
EXIT = EXPIRY - timedelta(days=21)

# right, strike, bid, ask, delta at the entry, then bid and ask at the exit
CONDOR = [
    ("p", 90.0, 0.40, 0.60, -0.05, 0.10, 0.20),
    ("p", 95.0, 1.90, 2.10, -0.16, 0.80, 1.00),
    ("c", 105.0, 1.40, 1.60, 0.16, 2.40, 2.60),
    ("c", 110.0, 0.30, 0.50, 0.05, 0.90, 1.10),
]


def rows(condor: list[tuple[str, float, float, float, float, float, float]], *, leave: date = EXIT) -> pl.DataFrame:
    entry = [("SPX", right, EXPIRY, ENTRY, k, bid, ask, delta) for right, k, bid, ask, delta, _, _ in condor]
    out = [("SPX", right, EXPIRY, leave, k, bid, ask, delta) for right, k, _, _, delta, bid, ask in condor]
    names = ["underlying_symbol", "option_type", "expiration", "quote_date", "strike", "bid", "ask", "delta"]
    return pl.DataFrame(entry + out, schema=names, orient="row")


def found(table: pl.DataFrame, **parameters: object) -> ScanResult:
    return scan_days([quote_batch(table)], ScanParameters(**parameters))


def changed(leg: int, **fields: float) -> list[tuple[str, float, float, float, float, float, float]]:
    names = ("right", "strike", "bid", "ask", "delta", "bid_out", "ask_out")
    condor = list(CONDOR)
    condor[leg] = tuple(fields.get(name, value) for name, value in zip(names, CONDOR[leg], strict=True))
    return condor


def test_one_condor_by_hand() -> None:
    result = found(rows(CONDOR))
    assert result.trades.credit.tolist() == pytest.approx([2.0 + 1.5 - 0.5 - 0.4])
    assert result.trades.cost.tolist() == pytest.approx([0.9 + 2.5 - 0.15 - 1.0])
    assert result.total == pytest.approx(0.35)
    assert result.trades.entry.tolist() == [ENTRY]
    assert result.trades.exit.tolist() == [EXIT]
    assert result.trades.strike.tolist() == [[90.0, 95.0, 105.0, 110.0]]
    assert result.trades.dte.tolist() == [28]
    assert result.trades.width.tolist() == [5.0]
    assert (result.counts.offered, result.counts.traded) == (1, 1)
    assert (result.first, result.last) == (ENTRY, EXIT)


def test_natural_pays_the_far_side_both_ways() -> None:
    trades = found(rows(CONDOR), pricing="natural").trades
    assert trades.credit.tolist() == pytest.approx([1.9 + 1.4 - 0.6 - 0.5])
    assert trades.cost.tolist() == pytest.approx([1.0 + 2.6 - 0.1 - 0.9])


def test_a_fraction_lies_between_mid_and_natural() -> None:
    mid, half, natural = (found(rows(CONDOR), pricing=p).total for p in ("mid", 0.75, "natural"))
    assert half == pytest.approx((mid + natural) / 2)


def test_no_entry_on_the_exit_day_or_beyond_the_farthest_expiry() -> None:
    assert found(rows(CONDOR), exit_dte=10).counts.still_open == 2  # 28 and 21 days
    assert found(rows(CONDOR), exit_dte=28).counts.offered == 0
    assert found(rows(CONDOR), max_dte=28).counts.offered == 1
    assert found(rows(CONDOR), max_dte=27).counts.offered == 0


def test_the_nearest_delta_wins_and_the_lower_strike_of_a_tie() -> None:
    nearer = [*CONDOR, ("c", 104.0, 1.5, 1.7, 0.161, 1.0, 1.2), ("c", 106.0, 1.2, 1.4, 0.17, 1.0, 1.2)]
    assert found(rows(nearer)).trades.strike[0, 2] == 105.0
    tie = [*CONDOR, ("c", 104.0, 1.5, 1.7, 0.16, 1.0, 1.2)]
    assert found(rows(tie)).trades.strike[0, 2] == 104.0


def test_a_leg_without_a_bid_is_not_entered() -> None:
    counts = found(rows(changed(3, bid=0.0))).counts
    assert (counts.offered, counts.without_leg, counts.traded) == (1, 1, 0)


def test_a_leg_without_a_bid_can_be_left() -> None:
    assert found(rows(changed(0, bid_out=0.0))).counts.traded == 1


def test_a_miss_beyond_the_tolerance_is_no_leg() -> None:
    assert found(rows(changed(1, delta=-0.2001))).counts.without_leg == 1
    assert found(rows(changed(0, delta=-0.009))).counts.without_leg == 1


def test_strikes_that_do_not_ascend_make_no_condor() -> None:
    assert found(rows(changed(0, strike=96.0))).counts.out_of_order == 1


def test_a_contract_absent_on_the_exit_day_has_no_result() -> None:
    table = rows(CONDOR)
    absent = table.filter(~((pl.col("quote_date") == EXIT) & (pl.col("strike") == 110.0)))
    assert found(absent).counts.without_quote == 1


def test_an_exit_day_without_a_session_has_no_result() -> None:
    assert found(rows(CONDOR, leave=EXIT + timedelta(days=1))).counts.without_session == 1


def test_a_condor_whose_exit_lies_ahead_is_open() -> None:
    table = rows(CONDOR).filter(pl.col("quote_date") == ENTRY)
    counts = found(table).counts
    assert (counts.still_open, counts.traded, counts.without_session) == (1, 0, 0)


@pytest.mark.parametrize(
    "bad", [{"bid": np.nan}, {"ask": np.nan}, {"bid": -0.1}, {"bid": 0.9}, {"bid": 0.0, "ask": 0.0}]
)
def test_what_is_no_price_is_counted_and_not_used(bad: dict[str, float]) -> None:
    counts = found(rows(changed(3, **bad))).counts
    assert (counts.unusable, counts.without_leg) == (1, 1)


def test_a_blank_delta_is_counted_and_not_used() -> None:
    table = rows(CONDOR).with_columns(delta=pl.when(pl.col("strike") == 90.0).then(np.nan).otherwise("delta"))
    counts = found(table).counts
    assert (counts.unusable, counts.without_leg) == (1, 1)


def test_a_delta_is_not_needed_to_leave() -> None:
    table = rows(CONDOR).with_columns(delta=pl.when(pl.col("quote_date") == EXIT).then(np.nan).otherwise("delta"))
    assert found(table).counts.traded == 1


def test_a_quote_said_twice_counts_once() -> None:
    table = rows(CONDOR)
    result = found(pl.concat([table, table]))
    assert (result.counts.traded, result.counts.repeated) == (1, 8)


def test_two_quotes_of_one_contract_are_refused() -> None:
    table = rows(CONDOR)
    other = table.with_columns(ask=pl.col("ask") + 1.0)
    with pytest.raises(
        RefusedError, match=r"the 105 call of 2021-04-02 is quoted twice on 2021-03-05: 1\.4 x 1\.6 delta 0\.16 and"
    ):
        found(pl.concat([table, other]))


def test_two_roots_do_not_mix() -> None:
    table = rows(CONDOR)
    dearer = table.with_columns(bid=pl.col("bid") + 1.0, ask=pl.col("ask") + 1.0)
    first, second = quote_batch(table), quote_batch(dearer, root=1)
    both = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in first.__slots__
        if name != "last"
    }
    result = scan_days([type(first)(**both, last=first.last)], roots=("SPX", "SPXW"))
    assert result.trades.frame()["root"].to_list() == ["SPX", "SPXW"]
    assert result.trades.pnl.tolist() == pytest.approx([0.35, 0.35])


def test_batches_out_of_order_are_refused() -> None:
    table = rows(CONDOR)
    days = [quote_batch(table.filter(pl.col("quote_date") == day)) for day in (EXIT, ENTRY)]
    with pytest.raises(RefusedError, match="outside its turn after 2021-03-12"):
        scan_days(days)


def test_a_session_cut_in_two_is_refused() -> None:
    table = rows(CONDOR)
    with pytest.raises(RefusedError, match="whole sessions"):
        scan_days([quote_batch(table[:6]), quote_batch(table[6:])])


def test_no_quotes_give_an_empty_result() -> None:
    result = scan_days([])
    assert (len(result.trades), result.total, result.first, result.counts.offered) == (0, 0.0, None, 0)
    assert result.distribution() == ()
    assert result.trades.frame().height == 0


def test_scan_file_gives_count_and_sum(tmp_path: Path) -> None:
    quote_rows(80).write_parquet(tmp_path / "quotes.parquet")
    result = scan(tmp_path / "quotes.parquet")
    assert scan_file(tmp_path / "quotes.parquet") == (result.counts.traded, result.total)
    assert scan_file(str(tmp_path / "quotes.parquet"))[0] > 100
