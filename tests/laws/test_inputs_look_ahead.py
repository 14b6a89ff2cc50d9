"""A wrong future changes nothing in the past: every derived input, every release rule, the event calendar."""

from __future__ import annotations

import numpy as np
import pytest

from alvh.market.catalogue import CATALOGUE
from alvh.market.release import known_at
from alvh.signals.inputs import DERIVED, growth, last_periods, with_derived
from fakes.futures import lies, revised_series, truncated_series
from fakes.worlds import MONTHLY, VINTAGES, world

WORLD = world()
INSTANTS = [np.datetime64(text, "s") for text in ("2012-02-15T21:15:00", "2015-08-24T20:15:00", "2019-03-29T20:15:00")]


def of(series, instant):
    """What a series says up to an instant, exactly."""
    kept = truncated_series(series, instant)
    return kept.period.tolist(), kept.known_at.tolist(), kept.value.tolist()


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
@pytest.mark.parametrize("name", sorted(DERIVED))
def test_a_derived_input_is_the_same_whatever_comes_later(name, instant):
    whole = with_derived(WORLD.get)(name)
    assert whole is not None
    for kind, lookup in lies(WORLD.get, instant):
        other = with_derived(lookup)(name)
        assert other is not None
        assert of(other, instant) == of(whole, instant), kind


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_a_derived_value_is_known_no_earlier_than_its_period_and_in_order(name):
    series = with_derived(WORLD.get)(name)
    assert series.value.size
    assert np.isfinite(series.value).all()
    assert (np.diff(series.known_at) >= np.timedelta64(0, "s")).all()
    assert (series.known_at >= series.period).all()


@pytest.mark.parametrize("name", [*MONTHLY[:3], *VINTAGES])
def test_what_a_release_showed_is_the_same_after_later_revisions(name):
    series, instant = WORLD[name], INSTANTS[1]
    whole, revised = (last_periods(item, 14) for item in (series, revised_series(series, instant)))
    now = whole.known_at <= instant
    then = revised.known_at <= instant
    assert whole.period[now].tolist() == revised.period[then].tolist()
    np.testing.assert_array_equal(whole.values[now], revised.values[then])
    np.testing.assert_array_equal(growth(whole, 4)[now], growth(revised, 4)[then])


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_a_release_rule_looks_at_its_own_period_only_and_never_precedes_it(name):
    release = CATALOGUE[name].release
    days = np.arange(np.datetime64("2007-01-01"), np.datetime64("2009-06-01"))
    instants = known_at(release, days)
    assert (instants >= days).all()
    assert (np.diff(instants) >= np.timedelta64(0, "s")).all()
    some = np.random.default_rng(3).permutation(days.size)[:200]
    np.testing.assert_array_equal(known_at(release, days[some]), instants[some])
