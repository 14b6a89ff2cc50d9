"""Modelled quotes beside quotes: a chain compared with itself has no error, a moved one the error it was moved by."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest

from alvh.market.sessions import trading_calendar
from alvh.pricing.modelled import Levels, ModelledSpxSlice, SpxSurface, fit_surface, variance_clock
from alvh.pricing.modelled.calibration import SHAPE
from alvh.pricing.modelled.comparison import condor_errors, on_forward, quote_errors
from alvh.pricing.modelled.errors import cite, credit_errors, vol_errors
from alvh.pricing.modelled.refits import SHAPE_WITHOUT
from alvh.pricing.modelled.shape_fit import NEUTRAL, ShapeSample, fit_shape, shape_vols
from alvh.pricing.modelled.stress import stress_range
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes

SESSION, EXPIRY = date(2019, 5, 1), date(2019, 6, 5)


@pytest.fixture(scope="module")
def surface() -> SpxSurface:
    return fit_surface(
        SESSION,
        trading_calendar(SESSION, SESSION).snapshot_instant(SESSION).timestamp(),
        Levels(spot=2923.73, vix9d=14.95, vix=14.8, vix3m=16.19, vix6m=17.09),
        clock=variance_clock(date(2019, 1, 1), date(2022, 12, 31)),
        rate=lambda _: 0.024,
    )


@pytest.fixture(scope="module")
def made(surface: SpxSurface) -> ModelledSpxSlice:
    found = surface.slice("SPXW", EXPIRY)
    assert found is not None
    return found


def as_recorded(made: ModelledSpxSlice) -> ExpiryQuotes:
    strike = np.arange(2500.0, 3200.0, 5.0)
    vol = made.vol(strike)
    return ExpiryQuotes(
        root=made.root,
        expiry=made.expiry,
        tau=made.tau,
        forward=made.forward,
        discount=made.discount,
        strike=strike,
        k=np.log(strike / made.forward),
        bid=vol - 0.002,
        mid=vol,
        ask=vol + 0.002,
        dropped=0,
    )


def test_a_chain_has_no_error_against_itself(made: ModelledSpxSlice) -> None:
    quotes = as_recorded(made)
    found = quote_errors(quotes, made)
    assert np.abs(found.vol).max() < 1e-9
    assert np.all((found.delta < 0.0) == (quotes.k < 0.0))
    sold = condor_errors(quotes, made, move=130.0, k=np.array([0.75, 1.0]), widths=np.array([0.01, 0.02]))
    assert sold.k.tolist() == [0.75, 0.75, 1.0, 1.0]
    assert np.abs(sold.put_error).max() < 1e-9
    assert np.abs(sold.call_error).max() < 1e-9
    assert np.all(sold.put_credit > 0.0)


def test_a_vol_point_too_high_is_a_vol_point_too_low_in_the_model(made: ModelledSpxSlice) -> None:
    quotes = as_recorded(made)
    higher = dataclasses.replace(quotes, bid=quotes.bid + 0.01, mid=quotes.mid + 0.01, ask=quotes.ask + 0.01)
    assert quote_errors(higher, made).vol == pytest.approx(-1.0, abs=1e-6)


def test_a_width_that_is_not_listed_makes_no_condor(made: ModelledSpxSlice) -> None:
    sold = condor_errors(as_recorded(made), made, move=130.0, k=np.array([1.0]), widths=np.array([0.2]))
    assert sold.k.size == 0


def test_the_model_stands_on_the_recorded_forward(surface: SpxSurface, made: ModelledSpxSlice) -> None:
    moved = on_forward(surface, dataclasses.replace(as_recorded(made), forward=2950.0))
    assert moved is not None
    assert moved.forward == pytest.approx(2950.0)


def test_a_fit_finds_the_smiles_it_was_made_from() -> None:
    rng = np.random.default_rng(5)
    n, each = 40, 9
    variance = rng.uniform(0.0008, 0.006, n)
    empty = ShapeSample(
        forward=np.full(n, 3000.0),
        variance=variance,
        days=rng.uniform(10.0, 120.0, n),
        slope=rng.uniform(-0.05, 0.2, n),
        long_slope=rng.uniform(0.0, 0.15, n),
        tau=np.full(n, 0.1),
        weight=np.ones(n),
        place=np.repeat(np.arange(n), each),
        k=np.tile(np.linspace(-2.0, 1.2, each), n) * np.repeat(np.sqrt(variance), each),
        vol=np.zeros(n * each),
    )
    sample = dataclasses.replace(empty, vol=shape_vols(SHAPE, empty))
    before = np.abs(shape_vols(NEUTRAL, sample) - sample.vol)
    after = np.abs(shape_vols(fit_shape(sample), sample) - sample.vol)
    assert np.median(after) < 0.003
    assert np.median(after) < 0.4 * np.median(before)


def test_the_committed_errors_meet_the_bars() -> None:
    for error in vol_errors():
        assert error.median <= (0.45 if error.coefficients == "cross-fitted" else 0.8)
    for side in credit_errors():
        if side.period != "2011":
            assert max(abs(side.put_bias), abs(side.call_bias), abs(side.bias)) <= 1.0
    assert "vol points" in cite()


def test_the_range_of_a_crisis_holds_the_fitted_credit() -> None:
    for row in stress_range((40.0, 80.0)):
        assert row.low < row.condor < row.high
        assert row.put_low < row.put < row.put_high
        assert row.call_low < row.call < row.call_high


def test_every_refit_is_a_smile_near_the_fitted_one() -> None:
    assert len(SHAPE_WITHOUT) == 16
    assert all(table.shape == SHAPE.shape for table in SHAPE_WITHOUT.values())
