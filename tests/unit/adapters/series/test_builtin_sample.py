"""The sample inside every installation."""

import subprocess
import sys
from datetime import UTC, date, datetime

import numpy as np
import pytest

from alvh.adapters.builtin_sample import SAMPLE_END, SAMPLE_START, builtin_sample


@pytest.fixture(scope="module")
def sample():
    return builtin_sample()


def test_sample_names_its_series(sample):
    assert {"SPX", "SPX.open", "SPX.high", "SPX.low", "VIX", "BILL1M", "AAA", "BAA"} == set(sample)


def test_sample_has_a_vix_on_every_session_of_its_range(sample):
    start, end = np.datetime64(SAMPLE_START), np.datetime64(SAMPLE_END)
    spx, vix = sample["SPX"].period, sample["VIX"].period
    spx, vix = (days[(days >= start) & (days <= end)] for days in (spx, vix))
    assert np.array_equal(spx, vix)
    assert spx.size == 1257


def test_sample_knows_the_close_of_february_2018(sample):
    seen = sample["SPX"].asof(datetime(2018, 2, 5, 21, 15, tzinfo=UTC))
    assert (seen.period, round(seen.value, 2)) == (date(2018, 2, 5), 2648.94)


def test_close_is_not_known_before_a_quarter_past_four(sample):
    seen = sample["VIX"].asof(datetime(2018, 2, 5, 21, 14, 59, tzinfo=UTC))
    assert seen.period == date(2018, 2, 2)


def test_close_of_an_early_close_is_known_at_a_quarter_past_one(sample):
    seen = sample["SPX"].asof(datetime(2017, 11, 24, 18, 15, tzinfo=UTC))
    assert seen.period == date(2017, 11, 24)


def test_holidays_of_the_vix_file_have_no_row(sample):
    assert np.all(np.isfinite(sample["VIX"].value))
    assert np.datetime64("2014-07-04") not in sample["VIX"].period


def test_bill_rate_is_annual_percent(sample):
    seen = sample["BILL1M"].asof(datetime(2018, 11, 15, 21, 15, tzinfo=UTC))
    assert seen.value == pytest.approx(12 * 0.18)


def test_reading_the_sample_loads_neither_pandas_nor_arch():
    code = (
        "import sys; from alvh.adapters.builtin_sample import builtin_sample; builtin_sample(); "
        "assert not {'pandas', 'arch', 'scipy', 'polars'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
