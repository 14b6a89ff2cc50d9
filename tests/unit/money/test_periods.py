from datetime import date

import numpy as np
import pytest

from alvh.money.annual import annual_returns
from alvh.money.curve import Curve
from alvh.money.periods import months, weeks, worst


def test_weeks_run_from_monday_to_sunday() -> None:
    days = np.array(["2020-01-03", "2020-01-05", "2020-01-06", "2020-01-10", "2020-01-13"], dtype="datetime64[D]")
    assert [day.item() for day in weeks(days).end] == [date(2020, 1, 5), date(2020, 1, 10), date(2020, 1, 13)]


def test_period_returns_multiply_to_the_total() -> None:
    days = np.arange("2020-01-01", "2021-06-01", dtype="datetime64[D]")
    value = 100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0, 0.01, days.size)))
    curve = Curve(name="x", dates=days, value=value, initial=100.0)
    for spans in (weeks(days), months(days)):
        assert np.prod(1 + spans.returns(curve)) == pytest.approx(value[-1] / 100)
    rows = annual_returns(curve)
    assert np.prod([1 + row.value for row in rows]) == pytest.approx(value[-1] / 100)
    assert [row.partial for row in rows] == [False, True]
    assert rows[1].months[5] is None


def test_changes_of_an_amount_sum_to_its_end() -> None:
    days = np.arange("2020-01-01", "2020-03-01", dtype="datetime64[D]")
    amount = np.cumsum(np.ones(days.size))
    assert weeks(days).changes(amount).sum() == amount[-1]


def test_worst_names_the_day_it_ends() -> None:
    ends = np.array(["2020-01-03", "2020-01-10"], dtype="datetime64[D]")
    assert worst(np.array([0.1, -0.2]), ends) == (-0.2, date(2020, 1, 10))
    assert worst(np.array([]), ends[:0]) is None
