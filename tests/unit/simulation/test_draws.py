"""The generator: a small battery. Bounds are four to five standard errors wide."""

from __future__ import annotations

import math

import numpy as np
import pytest

from alvh.core.compiled import plain
from alvh.simulation.draws import normals, stream_key, uniforms, word

COUNT = 1 << 20


@pytest.fixture(scope="module")
def flat():
    return uniforms(7, 3, 0, COUNT)


@pytest.fixture(scope="module")
def bell():
    return normals(7, 3, 0, COUNT)


def test_numbers_depend_on_their_place_alone():
    whole = normals(5, 2, 0, 1000)
    assert np.array_equal(whole[333:777], normals(5, 2, 333, 444))
    assert np.array_equal(uniforms(5, 2, 0, 100)[60:], uniforms(5, 2, 60, 40))


def test_plain_python_counts_the_same():
    key = np.uint64(stream_key(3, 1))
    with np.errstate(over="ignore"):
        for count in (0, 1, 12, 1 << 40):
            assert int(plain(word)(key, np.uint64(count))) == int(word(key, np.uint64(count)))


def test_known_answers_stay():
    # The sequence of SplitMix64 from state 0, published with the algorithm.
    with np.errstate(over="ignore"):
        found = [int(plain(word)(np.uint64(0), np.uint64(i))) for i in (1, 2, 3)]
    assert found == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_streams_and_seeds_are_unrelated(bell):
    for other in (normals(7, 4, 0, COUNT), normals(8, 3, 0, COUNT)):
        assert abs(np.corrcoef(bell, other)[0, 1]) < 4.5 / math.sqrt(COUNT)


def test_uniforms_fill_the_unit_interval_evenly(flat):
    assert 0.0 < flat.min() < 1e-4
    assert 1.0 - 1e-4 < flat.max() < 1.0
    counts = np.histogram(flat, 1024, (0.0, 1.0))[0]
    chi_square = float(((counts - COUNT / 1024) ** 2).sum() / (COUNT / 1024))
    assert abs(chi_square - 1023) < 5.0 * math.sqrt(2 * 1023)


def test_pairs_fill_the_unit_square_evenly(flat):
    for lag in (1, 2, 511, 512):
        counts = np.histogram2d(flat[:-lag], flat[lag:], 32, ((0, 1), (0, 1)))[0]
        expected = (COUNT - lag) / 1024
        assert abs(float(((counts - expected) ** 2).sum() / expected) - 1023) < 5.0 * math.sqrt(2 * 1023), lag


def test_normals_have_normal_moments(bell):
    assert abs(bell.mean()) < 4.5 / math.sqrt(COUNT)
    assert abs(bell.var() - 1.0) < 4.5 * math.sqrt(2 / COUNT)
    assert abs((bell**3).mean()) < 4.5 * math.sqrt(15 / COUNT)
    assert abs((bell**4).mean() - 3.0) < 4.5 * math.sqrt(96 / COUNT)


def test_normals_have_normal_tails(bell):
    for level in (2.0, 3.0, 4.0):
        chance = math.erfc(level / math.sqrt(2.0))
        found = float((np.abs(bell) > level).sum())
        assert abs(found - COUNT * chance) < 5.0 * math.sqrt(COUNT * chance) + 1.0


def test_normals_pass_kolmogorov_and_smirnov(bell):
    ordered = np.sort(bell[: 1 << 17])
    exact = np.array([0.5 * math.erfc(-x / math.sqrt(2.0)) for x in ordered[::64]])
    gap = np.abs(exact - (np.arange(0, ordered.size, 64) + 0.5) / ordered.size).max()
    assert gap < 1.95 / math.sqrt(ordered.size)


def test_the_two_of_a_pair_are_independent(bell):
    one, other = bell[::2], bell[1::2]
    bound = 4.5 / math.sqrt(one.size)
    assert abs(np.corrcoef(one, other)[0, 1]) < bound
    assert abs(np.corrcoef(one**2, other**2)[0, 1]) < bound
    assert abs(np.corrcoef(np.abs(one), other)[0, 1]) < bound


@pytest.mark.parametrize("lag", [1, 2, 3, 64, 512, 1024])
def test_no_serial_correlation(bell, lag):
    assert abs(np.corrcoef(bell[:-lag], bell[lag:])[0, 1]) < 4.5 / math.sqrt(COUNT)


def test_bits_are_fair():
    with np.errstate(over="ignore"):
        counter = np.arange(1 << 16, dtype=np.uint64)
        bits = plain(word)(np.uint64(stream_key(1, 1)), counter)
    for place in range(64):
        ones = int(((bits >> np.uint64(place)) & np.uint64(1)).sum())
        assert abs(ones - (1 << 15)) < 5.0 * math.sqrt(1 << 14), place
