from dataclasses import replace

import polars as pl
import pytest

from alvh.engine.run import Run
from alvh.ledger.events import Accrued, Closed, Opened, Settled
from alvh.report.columns import FILL_MEANINGS, TRADE_MEANINGS
from alvh.report.fills import FILL_COLUMNS, fills_frame
from alvh.report.trades import TRADE_COLUMNS, trades_csv, trades_frame
from fakes.made_up_runs import of_days

OPTION_OMEGA = (
    "Date Opened, Time Opened, Opening Price, Legs, Premium, Closing Price, Date Closed, Time Closed, "
    "Avg. Closing Cost, Reason For Close, P/L, P/L %, No. of Contracts, Funds at Close, Margin Req., "
    "Strategy, Opening Commissions + Fees, Closing Commissions + Fees, Opening Short/Long Ratio, Closing "
    "Short/Long Ratio, Opening VIX, Closing VIX, Gap, Movement, Max Profit, Max Loss"
)


def test_columns_are_option_omegas(runs: tuple[Run, Run]) -> None:
    assert trades_frame(runs[0]).columns == OPTION_OMEGA.split(", ")


def test_every_column_has_a_meaning() -> None:
    assert list(TRADE_COLUMNS) == list(TRADE_MEANINGS)
    assert list(FILL_COLUMNS) == list(FILL_MEANINGS)


def test_profit_and_interest_explain_equity_to_the_cent(runs: tuple[Run, Run]) -> None:
    for run in runs:
        interest = sum(event.cash for event in run.events if isinstance(event, Accrued))
        profit = trades_frame(run)["P/L"].sum()
        gained = run.equity["equity"][-1] - run.initial_equity
        # Each mark of an open trade is rounded to the cent on its own.
        assert profit + float(interest) == pytest.approx(gained, abs=0.005 * (1 + len(run.open_marks)))


def test_the_csv_is_the_frame_whatever_it_is_cut_into(runs: tuple[Run, Run], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trades_frame(runs[0]).write_csv(float_precision=2)
    for size in (1, 7, 512):
        monkeypatch.setattr("alvh.report.trades._AT_ONCE", size)
        assert b"".join(trades_csv(runs[0])).decode() == whole


def test_one_row_per_position(runs: tuple[Run, Run]) -> None:
    opened = [event for event in runs[0].events if isinstance(event, Opened)]
    assert trades_frame(runs[0]).height == len(opened)


def test_open_trades_are_marked_and_named(runs: tuple[Run, Run]) -> None:
    frame = trades_frame(runs[0]).filter(pl.col("Date Closed").is_null())
    assert frame.height == len(runs[0].open_marks) > 0
    assert set(frame["Reason For Close"]) == {"open at end"}
    assert frame["P/L"].null_count() == 0


def test_an_open_trade_without_a_mark_has_no_profit(runs: tuple[Run, Run]) -> None:
    frame = trades_frame(replace(runs[0], open_marks={})).filter(pl.col("Date Closed").is_null())
    assert frame["P/L"].null_count() == frame.height


def test_a_condors_bounds_and_margin(runs: tuple[Run, Run]) -> None:
    row = trades_frame(runs[0]).filter(pl.col("Strategy") == "condor/C-ENTRY").row(0, named=True)
    width = 20.0
    count = row["No. of Contracts"]
    assert row["Margin Req."] == width * 100 * count
    assert row["Max Profit"] == row["Premium"] * count
    assert row["Max Loss"] == pytest.approx(row["Max Profit"] - row["Margin Req."])
    assert row["Legs"].count("|") == 3
    assert "STO" in row["Legs"]


def test_a_long_call_can_lose_its_premium_and_earn_without_bound(runs: tuple[Run, Run]) -> None:
    row = trades_frame(runs[0]).filter(pl.col("Strategy") == "hedge/L-BASE").row(0, named=True)
    assert row["Premium"] < 0
    assert row["Max Loss"] == pytest.approx(row["Premium"] * row["No. of Contracts"])
    assert row["Max Profit"] is None
    assert row["Opening Price"] == row["Opening VIX"]


def test_fills_hold_every_leg_of_the_ledger(runs: tuple[Run, Run]) -> None:
    frame = fills_frame(runs[0])
    legs = sum(len(event.fills) for event in runs[0].events if isinstance(event, Opened | Closed))
    settled = sum(isinstance(event, Settled) for event in runs[0].events)
    assert frame.height == legs + settled
    held = (
        frame.filter(~pl.col("position").is_in(list(runs[0].open_marks)))
        .group_by("position")
        .agg(pl.col("contracts").sum())
    )
    assert set(held["contracts"]) == {0}


def test_a_run_without_trades_has_an_empty_log(runs: tuple[Run, Run]) -> None:
    idle = of_days(runs[0], [replace(day, entries=()) for day in runs[0].kept_days], open_marks={})
    assert trades_frame(idle).height == 0
    assert fills_frame(idle).height == 0
    assert trades_frame(idle).columns == OPTION_OMEGA.split(", ")
