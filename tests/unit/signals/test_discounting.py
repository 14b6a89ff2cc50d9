from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.signals.discounting import capm_cost, h_model_value, projected_drift, wacc


def at(*values: float) -> tuple[np.ndarray, ...]:
    return tuple(np.array([value]) for value in values)


def test_a_worked_h_model() -> None:
    dividend, short, long, rate = at(1.0, 0.2, 0.06, 0.12)
    assert h_model_value(dividend, short, long, 5.0, rate)[0] == pytest.approx(29.333333333333336, rel=1e-14)


def test_with_constant_growth_it_is_gordons_formula() -> None:
    dividend, growth, rate = at(2.0, 0.05, 0.10)
    assert h_model_value(dividend, growth, growth, 2.5, rate)[0] == pytest.approx(2.0 * 1.05 / 0.05, rel=1e-14)


def test_it_lies_near_the_exact_value_of_a_fading_stream() -> None:
    dividend, short, long, rate, half = 1.0, 0.08, 0.04, 0.09, 2.5
    worth, paid, factor = 0.0, dividend, 1.0
    for year in range(1, 600):
        fade = max(0.0, 1.0 - (year - 1) / (2 * half))
        paid *= 1.0 + long + (short - long) * fade
        factor /= 1.0 + rate
        worth += paid * factor
    assert h_model_value(*at(dividend, short, long), half, np.array([rate]))[0] == pytest.approx(worth, rel=0.03)


def test_a_discount_rate_at_or_below_growth_is_refused_with_what_to_do() -> None:
    dividend, growth, rate = at(1.0, 0.1, 0.1)
    with pytest.raises(UsageError, match="Raise the equity premium"):
        h_model_value(dividend, growth, growth, 2.0, rate)


def test_wacc_weighs_equity_and_taxed_debt() -> None:
    equity, debt, share = at(0.11, 0.06, 0.4)
    assert wacc(equity, debt, share, 0.21)[0] == pytest.approx(0.08496, rel=1e-14)
    assert capm_cost(np.array([0.04]), 1.2, 0.05)[0] == pytest.approx(0.10)


def test_drift_accrues_income_and_closes_half_the_gap_in_a_year() -> None:
    income, growth, gap = at(0.05, 0.02, 0.2)
    assert projected_drift(1.0, income, growth, gap)[0] == pytest.approx(0.07 + 0.5 * 0.2)
    assert projected_drift(0.0, income, growth, gap)[0] == 0.0
    assert projected_drift(0.5, income, growth, gap, 1.3)[0] == pytest.approx(1.3 * (0.035 + (1 - 0.5**0.5) * 0.2))


@pytest.mark.shared
def test_the_reference_values(shared_reference: Path) -> None:
    known = json.loads((shared_reference / "ddm_wacc.json").read_text())
    for case in known["gordon"]:
        dividend, growth, rate = at(case["D0"], case["g"], case["r"])
        assert h_model_value(dividend, growth, growth, 1.0, rate)[0] == pytest.approx(case["value"], rel=1e-12)
    for case in known["h_model"]:
        dividend, short, long, rate = at(case["D0"], case["g_short"], case["g_long"], case["r"])
        half = case["half_life_years_H"]
        assert h_model_value(dividend, short, long, half, rate)[0] == pytest.approx(case["value"], rel=1e-12)
    for case in known["wacc"]:
        share = case["Dbt"] / (case["E"] + case["Dbt"])
        equity, debt, given = at(case["re"], case["rd"], share)
        assert wacc(equity, debt, given, case["tax"])[0] == pytest.approx(case["value"], rel=1e-12)
    for case in known["invalid"]:
        dividend, growth, rate = at(case["D0"], case["g"], case["r"])
        with pytest.raises(UsageError):
            h_model_value(dividend, growth, growth, 1.0, rate)
