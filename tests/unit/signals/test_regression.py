from __future__ import annotations

import numpy as np
import pytest

from alvh.signals.regression import trailing_autoregression, trailing_ols

DRAW = np.random.default_rng(5)


def test_slopes_and_r2_are_those_of_linear_algebra() -> None:
    x = DRAW.standard_normal((300, 2)) * [1.0, 50.0] + [3.0, 900.0]
    y = 0.5 + x @ [1.2, -0.03] + DRAW.standard_normal(300)
    fit = trailing_ols(y, x, 60)
    for place in (59, 123, 299):
        rows = slice(place - 59, place + 1)
        design = np.column_stack([np.ones(60), x[rows]])
        answer, rest, *_ = np.linalg.lstsq(design, y[rows], rcond=None)
        assert fit.intercept[place] == pytest.approx(answer[0], rel=1e-9)
        assert fit.slopes[place] == pytest.approx(answer[1:], rel=1e-9)
        assert fit.r2[place] == pytest.approx(1.0 - rest[0] / ((y[rows] - y[rows].mean()) ** 2).sum(), rel=1e-9)
    assert np.isnan(fit.r2[:59]).all()


def test_a_window_grows_at_the_start_where_fewer_rows_are_enough() -> None:
    x, y = DRAW.standard_normal(50), DRAW.standard_normal(50)
    fit = trailing_ols(y, x, 40, at_least=20)
    assert np.isnan(fit.r2[18])
    assert fit.slopes[24, 0] == pytest.approx(np.polyfit(x[:25], y[:25], 1)[0], rel=1e-10)


def test_a_missing_value_or_a_constant_regressor_has_no_answer() -> None:
    x, y = DRAW.standard_normal(40), DRAW.standard_normal(40)
    x[20] = np.nan
    fit = trailing_ols(y, x, 10)
    assert np.isnan(fit.slopes[20:30]).all()
    assert np.isfinite(fit.slopes[30:]).all()
    assert np.isnan(trailing_ols(y, np.ones(40), 10).slopes).all()
    twice = np.column_stack([y, 2.0 * y])
    assert np.isnan(trailing_ols(y, twice, 10).slopes).all()


def test_a_forecast_uses_the_past_only_and_a_surprise_is_in_units_of_past_errors() -> None:
    values = np.zeros(120)
    for i in range(1, 120):
        values[i] = 0.2 + 0.6 * values[i - 1] + 0.1 * DRAW.standard_normal()
    kwargs = {"order": 2, "window": 60, "at_least": 24, "errors": 36, "least_errors": 12}
    whole = trailing_autoregression(values, **kwargs)
    place = 100
    past = values[:place]
    rows = np.arange(place - 60, place)
    design = np.column_stack([np.ones(60), past[rows - 1], past[rows - 2]])
    answer = np.linalg.lstsq(design, past[rows], rcond=None)[0]
    assert whole.forecast[place] == pytest.approx(answer @ [1.0, past[-1], past[-2]], rel=1e-9)
    errors = (values - whole.forecast)[place - 36 : place]
    assert whole.surprise[place] == pytest.approx(
        (values[place] - whole.forecast[place]) / errors.std(ddof=1), rel=1e-9
    )
    for cut in (40, 77, 119):
        part = trailing_autoregression(values[:cut], **kwargs)
        assert np.array_equal(part.surprise, whole.surprise[:cut], equal_nan=True)
    assert np.isnan(whole.forecast[:26]).all()
    assert np.isfinite(whole.forecast[26:]).all()


def test_a_history_too_short_for_a_fit_has_no_surprise() -> None:
    short = trailing_autoregression(np.ones(5), order=2, window=60, at_least=24, errors=36, least_errors=12)
    assert np.isnan(short.surprise).all()


def test_the_compiled_fit_is_the_plain_one() -> None:
    from alvh.signals import regression

    x, y = DRAW.standard_normal((40, 2)), DRAW.standard_normal(40)
    machine = regression._fit(y, x, 10, 10, 0)
    plain = regression._fit.py_func(y, x, 10, 10, 0)  # type: ignore[attr-defined]  # numba's own name for the twin
    for fast, slow in zip(machine, plain, strict=True):
        np.testing.assert_allclose(fast, slow, rtol=1e-10)
