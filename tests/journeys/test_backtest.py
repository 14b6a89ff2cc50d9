"""`alvh backtest` on the built-in sample, from the command line and from Python."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

import alvh as package
from alvh.engine.run import EQUITY_COLUMNS
from fakes.market import daily

FILES = (
    "summary.json",
    "equity.parquet",
    "trades.csv",
    "fills.parquet",
    "decisions.jsonl",
    "manifest.json",
    "report.html",
)
SPAN = ("--start", "2014-01-03", "--end", "2015-03-31")


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    done = package.backtest(start=date_of(SPAN[1]), end=date_of(SPAN[3]), sensitivity=True)
    return done.write(tmp_path_factory.mktemp("journey") / "run")


def date_of(text: str):
    from datetime import date

    return date.fromisoformat(text)


def test_the_run_folder_holds_every_file(folder: Path) -> None:
    for name in FILES:
        assert (folder / name).stat().st_size > 0, name


def test_the_command_line_gives_the_same_bytes_as_the_call_and_as_itself(alvh, folder: Path, tmp_path: Path) -> None:
    said = alvh("backtest", *SPAN, "--sensitivity", "--out", tmp_path / "run")
    assert said.code == 0, said.err
    assert digests(tmp_path / "run") == digests(folder)
    assert alvh("backtest", *SPAN, "--sensitivity", "--out", tmp_path / "run").code == 0
    assert digests(tmp_path / "run") == digests(folder)


def test_what_is_printed_says_the_result_the_books_the_labels_and_the_report(alvh, tmp_path: Path) -> None:
    said = alvh("backtest", *SPAN, "--out", tmp_path / "run")
    for words in (
        "Max drawdown",
        "unhedged",
        "SPX",
        "cash",
        "invariants hold",
        "MODELLED",
        "report.html",
        "not investment advice",
    ):
        assert words in said.out
    assert said.err == ""


def test_json_is_one_document_and_nothing_else(alvh, tmp_path: Path) -> None:
    said = alvh("backtest", *SPAN, "--out", tmp_path / "run", "--json")
    assert said.code == 0
    assert said.document["holds"] is True
    assert said.document["folder"] == str(tmp_path / "run")
    assert said.err == ""


def test_every_measure_of_the_summary_has_a_definition_and_a_unit(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text())
    found = [node for node in walk(summary) if "definition" in node]
    assert len(found) > 40
    for node in found:
        assert node["definition"]
        assert "unit" in node
        assert "value" in node


def walk(node: object):
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from walk(child)
    elif isinstance(node, list):
        for child in node:
            yield from walk(child)


def test_the_equity_table_adds_up_on_every_date(folder: Path) -> None:
    equity = pl.read_parquet(folder / "equity.parquet")
    assert set(EQUITY_COLUMNS) <= set(equity.columns)
    gap = (equity["equity"] - equity["cash"] - equity["condor_mark"] - equity["hedge_mark"]).abs().max()
    assert isinstance(gap, float)
    assert gap < 1e-6
    assert equity["session"].is_sorted()
    assert equity["equity"][0] == 1_000_000.0


def test_decisions_are_one_line_a_date_with_verdicts_and_reasons(folder: Path) -> None:
    equity = pl.read_parquet(folder / "equity.parquet")
    lines = [json.loads(line) for line in (folder / "decisions.jsonl").read_text().splitlines()]
    assert [line["session"] for line in lines] == [str(day) for day in equity["session"]]
    for line in lines:
        assert line["verdicts"]
        assert line["proposals"] or line["reasons"]
        granted = {item["proposal"]: item["ground"] for item in line["outcome"]["grounds"]}
        assert set(line["outcome"]["filled"]) <= set(granted), "nothing fills without a recorded ground"
        for proposal in line["proposals"]:
            if proposal["mandatory"]:
                ground = granted[proposal["id"]]
                assert ground.startswith(f"{proposal['rule']}: ")
                assert "mandatory" in ground
        for verdict in line["verdicts"]:
            assert verdict["sentence"]
            assert verdict["rule"]


def test_trades_have_the_columns_traders_exchange_and_sum_to_the_result(folder: Path) -> None:
    with (folder / "trades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = (
        "Date Opened,Opening Price,Legs,Premium,Closing Price,Date Closed,Reason For Close,P/L,No. of Contracts,"
        "Margin Req.,Strategy"
    )
    assert set(wanted.split(",")) <= set(rows[0])
    equity = pl.read_parquet(folder / "equity.parquet")
    ledger = [json.loads(line) for line in (folder / "ledger.jsonl").read_text().splitlines()]
    interest = sum(float(entry["cash"]) for entry in ledger if entry["type"] == "accrued")
    total = sum(float(row["P/L"]) for row in rows)
    assert total + interest == pytest.approx(equity["equity"][-1] - 1_000_000, abs=0.5)


def test_the_manifest_names_what_identifies_the_run_and_nothing_that_varies(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    for key in ("code_version", "policy_digest", "data_digest", "seed"):
        assert key in manifest
    text = (folder / "manifest.json").read_text()
    assert str(folder) not in text


def test_the_report_is_self_contained_and_labels_what_is_modelled(folder: Path) -> None:
    page = (folder / "report.html").read_text()
    assert "modelled" in page.lower()
    assert 'src="http' not in page
    assert "Nothing here is investment advice" in page


def test_one_number_changed_changes_the_policy_digest_and_the_hedge(alvh, tmp_path: Path) -> None:
    few = ("--against", "none", "--json", *SPAN)
    base = alvh("backtest", *few, "--out", tmp_path / "base")
    more = alvh("backtest", *few, "--out", tmp_path / "more", "--set", "layers.L-BASE.unstable=0.30")
    assert base.code == more.code == 0
    left, right = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("base", "more"))
    assert left["policy_digest"] != right["policy_digest"]
    assert left["data_digest"] == right["data_digest"]
    held = [pl.read_parquet(tmp_path / name / "equity.parquet")["hedges"].sum() for name in ("base", "more")]
    assert held[1] > held[0]


def test_explain_tells_a_day_in_prose_and_in_json(alvh, folder: Path) -> None:
    told = alvh("explain", "2014-10-15", "--run", folder)
    assert told.code == 0
    for words in ("S&P 500", "VIX", "Held", "What the rules said"):
        assert words in told.out
    assert alvh("explain", "2014-10-15", "--run", folder, "--json").document["session"] == "2014-10-15"


def test_explaining_a_day_that_was_no_session_names_the_nearest_ones(alvh, folder: Path) -> None:
    told = alvh("explain", "2014-07-04", "--run", folder)
    assert told.code != 0
    assert "2014-07-03" in told.err


def test_frames_convert_to_pandas() -> None:
    done = package.backtest(start=date_of("2014-01-03"), end=date_of("2014-06-30"))
    assert list(done.equity.to_pandas().columns) == done.equity.columns
    assert done.trades.height > 0
    assert done.fills.height > 0
    assert done.holds


def test_dividends_are_counted_where_the_market_has_the_total_return_index() -> None:
    from alvh.apps.backtest import Backtest

    done = package.backtest(start=date_of("2014-01-03"), end=date_of("2014-02-28"), against=[])
    price = dict(zip(done.equity["session"], done.equity["spot"], strict=True))
    index = daily("SPXT", list(price), [2.0 * level * 1.001**place for place, level in enumerate(price.values())])

    class WithDividends:
        def series(self, name: str) -> object:
            return index if name == "SPXT" else None

    paid = Backtest(
        run=done.run, rivals=done.rivals, other_fills=done.other_fills, policy=done.policy, source=WithDividends()
    )
    plain, reinvested = ({row[0]: row[-2] for row in made.headline[1]} for made in (done, paid))
    assert plain["Total return"] != reinvested["Total return"]


def test_any_strategy_with_a_pure_decide_runs_through_the_same_loop() -> None:
    from alvh.strategy.decision import Decision

    class Idle:
        name = "idle"
        policy_digest = "0"

        def decide(self, facts, view, book, memory):
            del facts, book
            return Decision(session=view.session, verdicts=(), proposals=(), reasons=("I never trade",), memory=memory)

    done = package.backtest(strategy=Idle(), against=[], start=date_of("2014-01-03"), end=date_of("2014-03-31"))
    assert done.run.strategy == "idle"
    assert done.equity["condors"].sum() == 0
    interest = done.equity["equity"][-1] - 1_000_000
    assert 0 <= interest < 1_000, "an idle account earns the bill rate and nothing else"


def test_the_public_names_are_what_the_package_says() -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'martingale'"):
        _ = package.martingale
