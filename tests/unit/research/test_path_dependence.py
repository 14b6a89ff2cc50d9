"""The path-dependent regression and the premium of VIX, on made-up paths and on the real history."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from alvh.research.path_dependence import PUBLISHED, Kernel, PathModel, fit, score
from alvh.research.variance_premium import implied_less_realized


def closes(path: Path, layout: str) -> dict[np.datetime64, float]:
    with gzip.open(path, "rt", encoding="utf-8") as text:
        found = {}
        for row in csv.DictReader(text):
            day = row["DATE"]
            if layout == "us":
                month, date, year = day.split("/")
                day = f"{year}-{month}-{date}"
            found[np.datetime64(day)] = float(row["CLOSE"])
        return found


@pytest.fixture(scope="module")
def history(shared_data: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days, closes of SPX, VIX with NaN where it has none."""
    spx = closes(shared_data / "index" / "spx_ohlc_daily.csv.gz", "us")
    vix = closes(shared_data / "index" / "vix_ohlc_daily.csv.gz", "iso")
    days = np.array(sorted(spx))
    days = days[days >= np.datetime64("1985-01-01")]
    return days, np.array([spx[day] for day in days]), np.array([vix.get(day, np.nan) for day in days])


def between(days: np.ndarray, first: str, last: str) -> np.ndarray:
    return np.flatnonzero((days >= np.datetime64(first)) & (days <= np.datetime64(last)))


@pytest.mark.shared
def test_the_published_regression_is_reproduced(history) -> None:
    days, spx, vix = history
    predicted = PUBLISHED.volatility(np.diff(spx) / spx[:-1])
    for first, last, r2, rmse in (
        ("2000-01-01", "2018-12-31", 0.9484, 0.0196),
        ("2019-01-01", "2022-05-15", 0.8694, 0.0334),
    ):
        rows = between(days, first, last)
        rows = rows[np.isfinite(vix[rows])]
        found = score(vix[rows] / 100.0, predicted[rows - 1])
        assert found.r2 == pytest.approx(r2, abs=0.0002)
        assert found.rmse == pytest.approx(rmse, abs=0.0001)


@pytest.mark.shared
def test_a_refit_is_no_worse_in_its_sample_and_near_the_published_one(history) -> None:
    days, spx, vix = history
    returns = np.diff(spx) / spx[:-1]
    rows = between(days, "2000-01-01", "2018-12-31")
    rows = rows[np.isfinite(vix[rows])]
    refitted = fit(returns[3000 - 1 :], rows - 3000, vix[rows] / 100.0)
    trained = score(vix[rows] / 100.0, refitted.volatility(returns)[rows - 1])
    assert trained.r2 >= 0.9484
    assert trained.r2 < 0.951
    later = between(days, "2019-01-01", "2022-05-15")
    assert score(vix[later] / 100.0, refitted.volatility(returns)[later - 1]).r2 == pytest.approx(0.8694, abs=0.01)


@pytest.mark.shared
def test_vix_was_four_points_above_what_followed(history) -> None:
    days, spx, vix = history
    found = implied_less_realized(spx, vix, between(days, "1990-01-01", "2018-12-31"))
    assert found.implied == pytest.approx(19.3, abs=0.05)
    assert found.realized == pytest.approx(15.1, abs=0.05)


def test_a_fit_finds_the_model_that_made_the_data() -> None:
    returns = 0.01 * np.random.default_rng(3).standard_t(4, 2600)
    true = PathModel(
        level=0.04,
        trend=-0.1,
        activity=0.8,
        past_returns=Kernel(fast=60.0, slow=6.0, mix=0.6),
        past_squares=Kernel(fast=25.0, slow=2.0, mix=0.5),
    )
    rows = np.arange(1000, 2600)
    found = fit(returns, rows, true.volatility(returns)[rows])
    assert score(true.volatility(returns)[rows], found.volatility(returns)[rows]).r2 > 0.99999
    assert found.past_squares.slow == pytest.approx(2.0, rel=0.05)


def test_a_prediction_uses_no_later_return() -> None:
    returns = 0.01 * np.random.default_rng(4).standard_normal(1500)
    other = returns.copy()
    other[900:] *= -3.0
    assert PUBLISHED.volatility(other)[:900] == pytest.approx(PUBLISHED.volatility(returns)[:900])


def test_the_premium_leaves_out_days_whose_month_is_not_over() -> None:
    spx = 100.0 * np.exp(np.cumsum(0.01 * np.where(np.arange(200) % 2, 1.0, -1.0)))
    found = implied_less_realized(spx, np.full(200, 20.0), np.arange(200))
    assert found.days == 178
    assert found.realized == pytest.approx(100 * 0.01 * np.sqrt(252))
    assert found.gap == pytest.approx(20.0 - found.realized)
