"""Laws: what was not known changes no answer; what is stored comes back."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.adapters.series_alignment import align
from alvh.adapters.series_making import make_series
from alvh.adapters.series_store import SeriesStore
from alvh.market.catalogue import CATALOGUE, entry
from alvh.market.release import known_at

NAMES = sorted(name for name in CATALOGUE if not set("*?[") & set(name))
days = st.lists(st.dates(date(1970, 1, 1), date(2030, 12, 31)), min_size=1, max_size=30, unique=True).map(sorted)
finite = st.floats(allow_nan=False, allow_infinity=False)


def series_of(name, periods, source="fred:x.csv"):
    values = np.arange(1.0, len(periods) + 1)
    return make_series(entry(name), np.array(periods, "datetime64[D]"), values, source)


@given(name=st.sampled_from(NAMES), periods=days)
def test_no_value_is_known_before_its_period_begins(name, periods):
    period = np.array(periods, "datetime64[D]")
    assert (known_at(entry(name).release, period) >= period).all()


@given(name=st.sampled_from(NAMES), periods=days)
def test_later_periods_are_never_known_earlier(name, periods):
    instants = known_at(entry(name).release, np.array(periods, "datetime64[D]"))
    assert (np.diff(instants) >= np.timedelta64(0, "s")).all()


@given(name=st.sampled_from(NAMES), periods=days, cut=st.integers(0, 29))
def test_truncating_the_future_changes_no_aligned_value(name, periods, cut):
    whole = series_of(name, periods)
    asked = np.unique(whole.known_at)
    instant = asked[cut % asked.size]
    seen = whole.known_at <= instant
    part = series_of(name, whole.period[seen].tolist())
    early = asked[asked <= instant]
    limit = 1e6
    assert np.array_equal(align(whole, early, limit).value, align(part, early, limit).value)


@settings(max_examples=20, deadline=None)
@given(rows=st.dictionaries(st.dates(date(1900, 1, 1), date(2100, 1, 1)), finite, min_size=1, max_size=20))
def test_a_series_survives_the_store_bit_for_bit(rows):
    periods = np.array(sorted(rows), "datetime64[D]")
    sent = make_series(entry("NOBODY"), periods, np.array([rows[day] for day in sorted(rows)]), "date_value:x.csv")
    with TemporaryDirectory() as folder:
        SeriesStore.open(Path(folder)).write([sent])
        got = SeriesStore.open(Path(folder)).series("NOBODY")
    assert got.value.tobytes() == sent.value.tobytes()
    assert np.array_equal(got.period, sent.period)
    assert np.array_equal(got.known_at, sent.known_at)
