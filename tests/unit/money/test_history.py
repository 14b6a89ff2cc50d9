from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from alvh.core.errors import InvariantError
from alvh.ledger.entries import entries_of
from alvh.money.condors import condor_measures
from alvh.money.hedge import drawn_measures, hedge_measures, worst_weeks
from alvh.money.history import History
from alvh.money.measure import Measure, present
from alvh.money.reference_curves import bills_held, spx_held
from alvh.money.returns import Backdrop, return_measures
from alvh.report.history import history_of
from fakes.made_up_runs import made_up_runs


@pytest.fixture(scope="module")
def pair() -> tuple[History, History]:
    hedged, plain = made_up_runs(1.5)
    return history_of(hedged), history_of(plain)


def named(measures: tuple[Measure, ...]) -> dict[str, Measure]:
    return {measure.name: measure for measure in measures}


def backdrop(history: History) -> Backdrop:
    return Backdrop(
        bills=history.bill_returns,
        known=history.rate_known[1:],
        market=history.spot[1:] / history.spot[:-1] - 1,
    )


def test_equity_is_the_sum_of_its_sources_every_day(pair: tuple[History, History]) -> None:
    for history in pair:
        total = history.initial + history.condor.pnl + history.hedge.pnl + history.interest
        assert total == pytest.approx(history.equity, abs=0.01)


def test_irr_of_one_deposit_is_the_growth_rate(pair: tuple[History, History]) -> None:
    found = named(return_measures(pair[0].curve, backdrop(pair[0]), pair[0].deposits))
    assert found["irr"].value == pytest.approx(found["cagr"].value, abs=1e-9)


def test_the_index_on_itself_has_beta_one(pair: tuple[History, History]) -> None:
    history = pair[0]
    curve = spx_held(history.dates, history.spot, 1e6)
    found = named(return_measures(curve, backdrop(history)))
    assert found["beta"].value == pytest.approx(1.0)
    assert found["alpha"].value == pytest.approx(0.0, abs=1e-12)


def test_idle_cash_is_the_cash_curve(pair: tuple[History, History]) -> None:
    history = pair[0]
    curve = bills_held(history.dates, history.rate, history.rate_known, 1e6)
    assert curve is not None
    assert curve.returns == pytest.approx(history.bill_returns)
    assert named(return_measures(curve, backdrop(history)))["sharpe"].value is None


def test_no_rate_no_cash_curve(pair: tuple[History, History]) -> None:
    history = pair[0]
    assert bills_held(history.dates, history.rate, np.zeros(history.dates.size, bool), 1e6) is None


def test_condor_measures_agree_with_the_trades(pair: tuple[History, History]) -> None:
    history = pair[0]
    found = named(condor_measures(history))
    closed = [trade for trade in history.trades if trade.sleeve == "condor" and trade.closed]
    pnl = np.array([trade.pnl / 100 for trade in closed])
    assert found["condor_trades"].value == len(closed)
    assert found["win_rate"].value == pytest.approx(np.mean(pnl > 0))
    mean = found["win_rate"].value * found["average_winner"].value
    mean += (1 - found["win_rate"].value) * found["average_loser"].value
    assert mean == pytest.approx(pnl.mean())
    assert found["premium_kept"].value > found["capture_rate"].value


def test_few_trades_carry_a_caution(pair: tuple[History, History]) -> None:
    first = [event for event in made_up_runs(1.5)[0].events if event.session < date(2014, 2, 20)]
    few = replace(pair[0], entries=entries_of(first))
    found = named(condor_measures(few))
    assert 0 < found["condor_trades"].value < 30
    assert "fewer than 30" in found["win_rate"].caution


def test_an_unhedged_run_has_no_hedge_measures(pair: tuple[History, History]) -> None:
    assert {measure.value for measure in hedge_measures(pair[1], None)} == {None}
    assert all(measure.reason for measure in hedge_measures(pair[1], None))


def test_worst_weeks_are_the_twins(pair: tuple[History, History]) -> None:
    weeks = worst_weeks(*pair)
    assert len(weeks) == 10
    losses = [week.unhedged for week in weeks]
    assert losses == sorted(losses)
    assert worst_weeks(pair[0], None)[0].unhedged is None


def test_without_a_twin_there_is_no_cut(pair: tuple[History, History]) -> None:
    drawn, cut, per_cost = drawn_measures(pair[0], None, np.random.default_rng(1))
    assert drawn.value is not None
    assert cut.value is None
    assert "unhedged" in cut.reason
    assert per_cost.value is None


def test_the_cut_is_the_difference_of_drawdowns(pair: tuple[History, History]) -> None:
    drawn, cut, per_cost = drawn_measures(*pair, np.random.default_rng(1))
    depths = [named(return_measures(item.curve, backdrop(item)))["max_drawdown"].value for item in pair]
    assert cut.value == pytest.approx(depths[0] - depths[1])
    assert cut.interval is not None
    cost = named(hedge_measures(*pair))["hedge_cost"].value
    assert drawn.value == cost
    assert drawn.interval is not None
    assert drawn == drawn_measures(pair[0], None, np.random.default_rng(1))[0]
    if cost > 0:
        assert per_cost.value == pytest.approx(cut.value / cost)
    else:
        assert "earned money" in per_cost.reason


def test_the_draws_follow_the_generator(pair: tuple[History, History]) -> None:
    first = drawn_measures(*pair, np.random.default_rng(1))[1].interval
    assert first == drawn_measures(*pair, np.random.default_rng(1))[1].interval
    assert first != drawn_measures(*pair, np.random.default_rng(2))[1].interval


def test_a_measure_is_never_nan() -> None:
    with pytest.raises(InvariantError, match="cagr came out as nan"):
        present("cagr", float("nan"))
