import json
from pathlib import Path

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.money.curve import (
    Curve,
    cagr,
    excess_kurtosis,
    expected_shortfall,
    sharpe,
    skew,
    sortino,
    total_return,
    value_at_risk,
    volatility,
)
from alvh.money.returns import falls

DAYS = np.arange("2020-01-01", "2021-01-01", dtype="datetime64[D]")


def curve(values: list[float], initial: float = 100.0, days: np.ndarray = DAYS) -> Curve:
    return Curve(name="x", dates=days[: len(values)], value=np.array(values, float), initial=initial)


def test_growth_counts_the_move_from_the_initial_wealth() -> None:
    assert total_return(curve([99.0, 110.0])) == pytest.approx(0.10)
    assert curve([99.0, 110.0]).returns == pytest.approx([110 / 99 - 1])


def test_cagr_is_per_year_of_365_days() -> None:
    whole = Curve(name="x", dates=DAYS[[0, 365]], value=np.array([100.0, 121.0]), initial=100.0)
    assert cagr(whole) == pytest.approx(0.21)


def test_nothing_is_annualised_under_thirty_days_or_after_ruin() -> None:
    assert cagr(curve([100.0, 110.0])) is None
    ruined = Curve(name="x", dates=DAYS[[0, 100, 200]], value=np.array([100.0, -1.0, 5.0]), initial=100.0)
    assert cagr(ruined) is None


def test_a_curve_with_a_hole_is_refused() -> None:
    with pytest.raises(UsageError, match="not finite"):
        curve([100.0, float("nan")])
    with pytest.raises(UsageError, match="as many dates"):
        Curve(name="x", dates=DAYS[:3], value=np.ones(2), initial=1.0)


def test_flat_returns_have_no_ratio() -> None:
    flat = np.full(100, 0.001)
    assert sharpe(flat) is None
    assert skew(flat) is None
    assert excess_kurtosis(flat) is None
    assert sortino(np.abs(flat)) is None
    assert volatility(np.array([0.1])) is None


def test_tails_of_a_known_sample() -> None:
    returns = np.linspace(-0.5, 0.5, 101)
    assert value_at_risk(returns) == pytest.approx(0.45)
    assert expected_shortfall(returns) == pytest.approx(0.475)
    assert value_at_risk(returns[:59]) is None


def test_es_is_at_least_var() -> None:
    returns = np.random.default_rng(1).standard_t(3, 500)
    assert expected_shortfall(returns) >= value_at_risk(returns)


@pytest.mark.shared
def test_monthly_statistics_agree_with_the_reference(shared_reference: Path) -> None:
    known = json.loads((shared_reference / "capm_perf.json").read_text())
    portfolio, bills = np.array(known["portfolio"]), np.array(known["rf"])
    want = known["result"]
    assert sharpe(portfolio - bills, 12) == pytest.approx(want["sharpe_annual"], abs=1e-9)
    assert sortino(portfolio - bills, 12) == pytest.approx(want["sortino_annual_mar_rf"], abs=1e-9)
    assert volatility(portfolio, 12) == pytest.approx(want["vol"], abs=1e-9)
    assert skew(portfolio) == pytest.approx(want["skew_pop"], abs=1e-9)
    assert excess_kurtosis(portfolio) == pytest.approx(want["ex_kurt_pop"], abs=1e-9)


def test_a_ratio_to_a_fall_of_nothing_is_absent() -> None:
    dates = np.arange("2019-01-01", "2019-03-01", dtype="datetime64[D]")
    barely = Curve(
        name="cash",
        initial=100.0,
        dates=dates,
        value=np.linspace(100.0, 101.0, dates.size) - 0.02 * (np.arange(dates.size) == 20),
    )
    mar = next(measure for measure in falls(barely) if measure.name == "mar")
    assert mar.value is None
    assert mar.reason == "equity never fell by 0.1%"
