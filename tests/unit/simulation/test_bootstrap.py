"""History in another order: what blocks keep, and how they are joined."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.core.errors import CoverageError
from alvh.simulation.bootstrap import bootstrap_series, draw_rows
from alvh.simulation.opening import open_simulated


@pytest.fixture(scope="module")
def history():
    return open_simulated("simulated:5", years=8)


@pytest.fixture(scope="module")
def made(history):
    return bootstrap_series(history.series, 3, years=6)


def test_rows_run_on_inside_a_block():
    drawn = draw_rows(np.log(np.linspace(10.0, 40.0, 500)), 4000, 1)
    inside = ~drawn.joined[1:]
    assert (drawn.row[1:][inside] == (drawn.row[:-1][inside] + 1) % 500).all()


def test_blocks_have_the_asked_mean_length():
    log_vix = 3.0 + 0.3 * np.sin(np.arange(3000) / 50.0)
    joins = draw_rows(log_vix, 60_000, 2, mean_length=30.0).joined.sum()
    assert joins == pytest.approx(2000, abs=5 * 2000**0.5)


def test_joins_match_the_level_reached():
    log_vix = 3.0 + 0.3 * np.sin(np.arange(3000) / 50.0)
    drawn = draw_rows(log_vix, 20_000, 2)
    joins = np.flatnonzero(drawn.joined)
    reached, continued = log_vix[drawn.row[joins - 1]], log_vix[(drawn.row[joins] - 1) % 3000]
    assert np.abs(reached - continued).max() <= 0.05 + 1e-12


def test_every_row_is_drawn_about_equally_often():
    draw = np.random.default_rng(1)
    log_vix = 3.0 + 0.2 * draw.standard_normal(400)
    counts = np.bincount(draw_rows(log_vix, 200_000, 3, mean_length=10.0).row, minlength=400)
    assert counts.min() > 100
    assert counts.max() < 1200


def test_same_seed_same_order():
    log_vix = 3.0 + 0.3 * np.sin(np.arange(1000) / 50.0)
    assert np.array_equal(draw_rows(log_vix, 3000, 7).row, draw_rows(log_vix, 3000, 7).row)
    assert not np.array_equal(draw_rows(log_vix, 3000, 7).row, draw_rows(log_vix, 3000, 8).row)


def test_levels_are_rows_of_the_history(history, made):
    found = np.isin(made["VIX"].value, history.series("VIX").value)
    assert found.all()
    rows = {(vix, quarter) for vix, quarter in zip(
        history.series("VIX").value.tolist(), history.series("VIX3M").value.tolist(), strict=True
    )}  # fmt: skip
    assert set(zip(made["VIX"].value.tolist(), made["VIX3M"].value.tolist(), strict=True)) <= rows


def test_returns_are_those_of_the_history(history, made):
    theirs = np.sort(np.diff(np.log(history.series("SPX").value)))
    ours = np.diff(np.log(made["SPX"].value))
    place = np.clip(np.searchsorted(theirs, ours), 1, theirs.size - 1)
    gap = np.minimum(np.abs(theirs[place] - ours), np.abs(theirs[place - 1] - ours))
    # The first row of the history has no return of its own and counts as none.
    assert np.quantile(gap, 0.995) < 1e-10


def test_curve_is_the_drawn_one_at_its_maturities(made):
    curve = made["VX.CURVE"]
    assert curve.value.min() > 5.0
    assert curve.period[0].astype(object) >= date(2010, 1, 1)
    assert curve.value.size == made["VX.CURVE.expiry"].value.size


def test_yields_stay_positive(made):
    assert made["DGS3MO"].value.min() >= 0.05
    assert made["DGS3MO"].value.max() <= 9.0


def test_too_short_a_history_is_refused():
    with pytest.raises(CoverageError, match="750 are needed"):
        bootstrap_series(lambda name: None, 1)
