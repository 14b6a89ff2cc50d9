"""The last value known at each instant, until it is stale."""

import numpy as np
import pytest

from alvh.adapters.series_alignment import align
from alvh.adapters.series_making import make_series
from alvh.market.catalogue import entry


def instants(*texts):
    return np.array(texts, "datetime64[s]")


@pytest.fixture
def vix():
    periods = np.array(["2024-01-02", "2024-01-03"], "datetime64[D]")
    return make_series(entry("VIX"), periods, np.array([13.2, 14.04]), "test")


def test_a_close_is_seen_at_its_own_snapshot_and_not_a_second_before(vix):
    got = align(vix, instants("2024-01-03T21:14:59", "2024-01-03T21:15:00"))
    assert got.value.tolist() == [13.2, 14.04]
    assert got.age.tolist() == [pytest.approx(1.0, abs=1e-4), 0.0]


def test_nothing_is_seen_before_the_first_release(vix):
    got = align(vix, instants("2024-01-02T21:00"))
    assert np.isnan(got.value[0])
    assert np.isnan(got.age[0])


def test_a_stale_value_is_not_seen_but_its_age_is(vix):
    got = align(vix, instants("2024-01-08T21:15", "2024-01-08T21:15:01"))
    assert got.value[0] == 14.04
    assert np.isnan(got.value[1])
    assert got.age[1] > 5.0


def test_the_limit_can_be_given(vix):
    assert np.isnan(align(vix, instants("2024-01-05T21:15"), max_age=1.0).value[0])


def test_a_month_is_seen_until_the_next_release_is_long_due():
    periods = np.array(["2024-01-01", "2024-02-01"], "datetime64[D]")
    cpi = make_series(entry("CPIAUCSL"), periods, np.array([308.4, 310.3]), "test")
    got = align(cpi, instants("2024-03-10T21:15", "2024-04-30T21:15", "2024-09-30T21:15"))
    assert got.value[:2].tolist() == [308.4, 310.3]
    assert np.isnan(got.value[2])


def test_later_values_change_no_earlier_answer(vix):
    asked = instants("2024-01-02T21:15", "2024-01-03T20:00")
    shorter = make_series(entry("VIX"), vix.period[:1], vix.value[:1], "test")
    assert np.array_equal(align(vix, asked).value, align(shorter, asked).value)
