from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from alvh.engine.run import Run
from alvh.report.measures_page import measures_page
from alvh.report.study import study
from alvh.report.summary import headline, summarise
from fakes.made_up_runs import of_days


def test_adding_a_rival_changes_no_measure(runs: tuple[Run, Run]) -> None:
    alone = {measure.name: measure for measure in study(runs[:1]).measures[0]}
    beside = {measure.name: measure for measure in study(runs).measures[0]}
    against_twin = {"hedge_tail_payoff", "drawdown_cut", "drawdown_cut_per_cost"}
    for name in alone.keys() - against_twin:
        assert alone[name] == beside[name]


def test_intervals_are_drawn_from_the_seed_of_the_run(runs: tuple[Run, Run]) -> None:
    first, second = study(runs), study(runs)
    assert first.measure("drawdown_cut").interval == second.measure("drawdown_cut").interval
    other = study((replace(runs[0], seed=8), runs[1]))
    assert other.measure("drawdown_cut").interval != first.measure("drawdown_cut").interval
    assert other.measure("drawdown_cut").value == first.measure("drawdown_cut").value


def test_summary_is_plain_values(runs: tuple[Run, Run]) -> None:
    summary = summarise(runs)
    assert set(summary["strategies"]) == {"alvh", "unhedged"}
    assert summary["strategies"]["alvh"]["measures"]["max_drawdown"]["dates"][0].startswith("20")
    assert summary["references"]["SPX"]["note"] == "price index, dividends not included"


def test_headline_has_a_column_per_strategy_and_reference(runs: tuple[Run, Run]) -> None:
    header, rows = headline(runs)
    assert header == ("", "alvh", "unhedged", "SPX", "cash")
    assert all(len(row) == 5 for row in rows)
    assert rows[0][0] == "Total return"


def test_every_session_stands_in_one_line_of_the_funnel(runs: tuple[Run, Run]) -> None:
    rows = runs[0].tally.funnel
    assert sum(row.sessions for row in rows) == len(runs[0].decisions)
    assert rows[0].reason == "a condor was opened"
    assert {row.rule for row in rows[1:]} == {"C-ENTRY", "C-CREDIT"}


def test_a_refused_entry_is_its_own_reason(runs: tuple[Run, Run]) -> None:
    run = runs[0]
    days = list(run.kept_days)
    place = next(place for place, day in enumerate(days) if any(p.rule == "C-ENTRY" for p in day.decision.proposals))
    refused = tuple((proposal.id, "the margin is short of 300 USD") for proposal in days[place].decision.proposals)
    outcome = replace(days[place].outcome, filled=(), refused=refused)
    days[place] = replace(days[place], outcome=outcome, entries=days[place].entries[:1])
    changed = of_days(run, days)
    assert "proposed and refused: the margin is short" in {row.reason for row in changed.tally.funnel}


def test_rules_are_counted_by_what_they_said(runs: tuple[Run, Run]) -> None:
    base = next(row for row in runs[0].tally.rules if row.rule == "L-BASE")
    assert base.abstained == len(runs[0].decisions)


def test_measures_document_is_up_to_date() -> None:
    written = Path(__file__).parents[3] / "docs" / "measures.md"
    assert written.read_text("utf-8") == measures_page(), "write measures_page() into docs/measures.md"


def test_sessions_without_a_rate_are_left_out_and_counted(runs: tuple[Run, Run]) -> None:
    rate = [None if place < 20 else value for place, value in enumerate(runs[0].equity["rate"])]
    made = study((replace(runs[0], equity=runs[0].equity.with_columns(rate=pl.Series(rate, dtype=pl.Float64))),))
    assert made.measure("sharpe").caution == "19 of 377 sessions are left out, their bill rate is not known"
    assert made.measure("sharpe").value == pytest.approx(study(runs).measure("sharpe").value, rel=0.5)
