"""Mixtures: what buckets keep, and that any shape prices without arbitrage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh.pricing.black76 import price
from alvh.simulation.mixture import bucket_weights, buckets, fitted, log_moments, normalised
from alvh.simulation.quotes import exact
from alvh.simulation.slices import levelled, vix_mixture
from alvh.simulation.smiles import COMPONENTS, SHARES

SHAPES = st.lists(st.tuples(st.floats(-6.0, 3.0), st.floats(-3.0, 1.0)), min_size=COMPONENTS, max_size=COMPONENTS).map(
    lambda rows: np.array(rows).T.copy()
)


def cloud(count=4096, seed=1):
    draw = np.random.default_rng(seed)
    mean = np.sort(0.08 * draw.standard_normal(count) - 0.02 * draw.exponential(size=count))
    return mean, 0.001 + 0.002 * draw.random(count), draw.random(count) + 0.5


def test_weights_sum_to_one():
    for count in (2, 24, 96):
        assert bucket_weights(count, -3.0, 3.0).sum() == pytest.approx(1.0, abs=1e-15)
        assert bucket_weights(count, -3.0, 3.0).min() > 0.0


def test_buckets_keep_the_first_two_moments():
    mean, variance, weight = cloud()
    share = weight / weight.sum()
    found = buckets(mean, variance, weight, SHARES)
    assert SHARES @ np.exp(found[0]) == pytest.approx(share @ np.exp(mean), rel=1e-12)
    assert SHARES @ np.exp(2 * found[0] + found[1]) == pytest.approx(share @ np.exp(2 * mean + variance), rel=1e-12)


def test_a_mixture_prices_like_its_cloud():
    mean, variance, weight = cloud()
    share = weight / weight.sum()
    level = share @ np.exp(mean)
    found = buckets(mean - math.log(level), variance, weight, SHARES)
    mixture = np.array([np.exp(found[0]), np.sqrt(found[1])])
    for strike in (0.8, 0.9, 1.0, 1.05, 1.15):
        values = price(np.exp(mean) / level, np.full(mean.size, strike), 1.0, np.sqrt(variance), strike < 1.0, 1.0)
        ours = exact(mixture, SHARES, 1.0, np.array([strike]), np.array([strike < 1.0]))[0]
        assert ours == pytest.approx(share @ values, rel=2e-2, abs=2e-6)


def test_normalising_and_fitting_undo_each_other():
    mean, variance, weight = cloud()
    found = buckets(mean, variance, weight, SHARES)
    shift = math.log(SHARES @ np.exp(found[0]))
    w = float(SHARES @ (found[1] - 2.0 * (found[0] - shift)))
    again = fitted(normalised(found, SHARES), SHARES, w)
    assert again[0] == pytest.approx(found[0] - shift, abs=1e-12)
    assert again[1] ** 2 == pytest.approx(found[1], abs=1e-12)


@given(SHAPES, st.floats(1e-5, 1.5))
def test_any_shape_is_fitted_to_mean_one_and_its_variance(shape, target):
    mixture = fitted(shape, SHARES, target)
    assert float(SHARES @ np.exp(mixture[0])) == pytest.approx(1.0, abs=1e-12)
    mean, variance, _ = log_moments(mixture, SHARES)
    assert -2.0 * mean == pytest.approx(target, rel=1e-9)
    assert variance > 0.0


@given(SHAPES, st.floats(1e-4, 1.0))
def test_prices_of_any_shape_are_free_of_arbitrage(shape, target):
    mixture = levelled(fitted(shape, SHARES, target))
    strikes = np.exp(np.linspace(-4.0, 4.0, 161) * math.sqrt(target))
    calls = exact(mixture, SHARES, 1.0, strikes, np.zeros(strikes.size, bool))
    puts = exact(mixture, SHARES, 1.0, strikes, np.ones(strikes.size, bool))
    assert calls - puts == pytest.approx(1.0 - strikes, abs=1e-13 + 1e-13 * strikes.max())
    slope = np.diff(calls) / np.diff(strikes)
    assert slope.max() <= 1e-10
    assert slope.min() >= -1.0 - 1e-10
    assert np.diff(slope).min() > -1e-8
    assert min(calls.min(), puts.min()) >= 0.0


def test_skewness_of_a_mixture_against_sampling():
    mixture = np.array([[math.log(0.8), math.log(1.1)], [0.3, 0.1]])
    shares = np.array([0.2, 0.8])
    draw = np.random.default_rng(2)
    left = draw.random(400_000) < shares[0]
    place = np.where(left, 0, 1)
    logs = mixture[0, place] - 0.5 * mixture[1, place] ** 2 + mixture[1, place] * draw.standard_normal(left.size)
    mean, variance, third = log_moments(mixture, shares)
    assert mean == pytest.approx(logs.mean(), abs=2e-3)
    assert variance == pytest.approx(logs.var(), rel=1e-2)
    assert third == pytest.approx(((logs - logs.mean()) ** 3).mean(), rel=4e-2)


def test_vix_mixture_has_the_forward_of_its_law():
    draw = np.random.default_rng(3)
    values = np.exp(3.0 + 0.3 * draw.standard_normal(500))
    weights = draw.random(500)
    weights /= weights.sum()
    forward, mixture = vix_mixture(values, weights)
    from alvh.simulation.slices import VIX_SHARES

    assert forward == pytest.approx(weights @ values, rel=1e-14)
    assert VIX_SHARES @ mixture[0] == pytest.approx(1.0, abs=1e-13)
    for strike in (15.0, 20.0, 30.0, 45.0):
        ours = exact(mixture, VIX_SHARES, forward, np.array([strike]), np.array([False]))[0]
        assert ours == pytest.approx(weights @ np.maximum(values - strike, 0.0), abs=0.03)
