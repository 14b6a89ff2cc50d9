"""`alvh simulate` and `--market simulated`."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
from click.testing import CliRunner

from alvh.apps.assembly import open_market
from alvh.apps.backtest import backtest
from alvh.apps.cli import cli
from alvh.core.errors import UsageError


def run(*arguments):
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def test_prints_stylised_facts():
    found = run("simulate", "--seed", "3", "--years", "4")
    assert found.exit_code == 0
    assert "simulated quintic, seed 3, 2022-01-03 to 2025-12-31" in found.output
    assert "Kurtosis of daily returns" in found.output
    assert "did not happen" in found.output


def test_json_and_a_table(tmp_path):
    path = tmp_path / "levels.parquet"
    found = run("simulate", "--model", "svj", "--years", "3", "--out", str(path), "--json")
    document = json.loads(found.output)
    assert document["facts"]["vix_mean"]["unit"] == "points"
    frame = pl.read_parquet(path)
    assert frame.height == document["sessions"]
    assert frame["VX30"].null_count() == 0
    assert frame["VIX"].mean() == pytest.approx(document["facts"]["vix_mean"]["value"])


def test_a_store_that_can_be_opened_again(tmp_path):
    folder = tmp_path / "made up"
    assert run("simulate", "--years", "2", "--seed", "4", "--out", str(folder)).exit_code == 0
    source = open_market("simulated:4")
    again = open_market(folder, start=date(2025, 2, 3), end=date(2025, 3, 31))
    view, other = again.view(date(2025, 2, 18)), open_market_years(4, 2).view(date(2025, 2, 18))
    assert view.spot == pytest.approx(other.spot, rel=1e-9)
    assert view.curve.price[:5] == pytest.approx(other.curve.price[:5], rel=1e-9)
    assert source.name == "simulated quintic, seed 4"
    with pytest.raises(UsageError, match="is not empty"):
        run("simulate", "--years", "2", "--out", str(folder))


def open_market_years(seed, years):
    from alvh.simulation.opening import open_simulated

    return open_simulated(f"simulated:{seed}", years=years)


def test_scenario_on_a_day(tmp_path):
    path = tmp_path / "crash.csv"
    found = run("simulate", "--years", "4", "--scenario", "1987", "--on", "2024-03-01", "--out", str(path))
    assert "1987 from 2024-03-01" in found.output
    frame = pl.read_csv(path, try_parse_dates=True)
    assert frame["VIX"].max() == pytest.approx(150.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--on", "2024-03-01"), "no scenario"),
        (("--model", "bootstrap", "--store", "nowhere"), "needs a history to draw from"),
        (("--model", "bootstrap", "--scenario", "2008"), "no scenarios"),
        (("--years", "2", "--out", "levels.xlsx"), r"ends in .xlsx"),
        (("--years", "99"), "1 to 24 years"),
    ],
)
def test_refusals_teach(arguments, message):
    with pytest.raises(UsageError, match=message):
        run("simulate", *arguments)


def test_recorded_chains_of_a_simulated_market_are_refused():
    with pytest.raises(UsageError, match="no recorded chains"):
        open_market("simulated", chains="recorded")


@pytest.mark.parametrize("market", ["simulated:1", "simulated:svj:1", "simulated:2020@2015-11-02"])
def test_a_backtest_runs_and_its_books_add_up(market):
    first, last = date(2015, 10, 1), date(2016, 2, 26)
    done = backtest(open_market(market, start=first, end=last), start=first, end=last)
    assert done.holds
    assert done.run.origin.value == "simulated"
    assert len(done.equity) > 90
