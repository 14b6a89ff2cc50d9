from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from alvh.signals.windows import change, share_below, trailing_max, trailing_mean, trailing_min, trailing_std

VALUES = np.random.default_rng(7).standard_normal(300)


def test_windows_are_the_plain_ones_and_absent_before_they_are_full() -> None:
    made = {
        "mean": (trailing_mean(VALUES, 21), np.mean),
        "std": (trailing_std(VALUES, 21), lambda window: np.std(window, ddof=1)),
        "max": (trailing_max(VALUES, 21), np.max),
        "min": (trailing_min(VALUES, 21), np.min),
    }
    for column, plain in made.values():
        assert np.isnan(column[:20]).all()
        for place in (20, 100, 299):
            assert column[place] == pytest.approx(plain(VALUES[place - 20 : place + 1]), rel=1e-12)


@pytest.mark.parametrize("made", [trailing_mean, trailing_std, trailing_max, share_below])
def test_a_row_is_the_same_to_the_last_bit_whatever_stands_around_it(made) -> None:
    whole = made(VALUES, 21)
    for start, stop in ((0, 150), (60, 300), (200, 240)):
        cut = made(VALUES[start:stop], 21)
        assert np.array_equal(cut[21:], whole[start + 21 : stop])


def test_few_and_many_rows_add_up_to_the_same_last_bit() -> None:
    long = np.random.default_rng(5).standard_normal(2000)
    whole = trailing_std(long, 63)
    assert np.array_equal(trailing_std(long[-100:], 63)[62:], whole[-38:])


def test_a_window_longer_than_the_history_is_never_full() -> None:
    for made in (trailing_mean, trailing_std, trailing_max, trailing_min, share_below):
        assert np.isnan(made(np.ones(5), 6)).all()


def test_a_missing_value_empties_every_window_that_holds_it() -> None:
    values = VALUES.copy()
    values[100] = np.nan
    for made in (trailing_mean, trailing_std, share_below):
        assert np.isnan(made(values, 10)[100:110]).all()
        assert np.isfinite(made(values, 10)[111:]).all()


def test_a_change_is_against_the_row_before() -> None:
    assert change(np.array([1.0, 2.0, 4.0]), 1).tolist()[1:] == [1.0, 2.0]
    assert np.isnan(change(np.ones(3), 5)).all()


def test_the_share_below_is_of_the_rows_before_and_strict() -> None:
    assert share_below(np.array([1.0, 2.0, 2.0, 3.0, 2.0]), 4)[4] == 0.25


@pytest.mark.shared
def test_the_share_below_is_the_published_iv_percentile(shared_reference: Path) -> None:
    table = json.loads((shared_reference / "iv_rank.json").read_text("utf-8"))
    share = share_below(np.array(table["series"], float), table["result"]["n"])
    assert 100 * share[-1] == pytest.approx(table["result"]["iv_percentile"], abs=1e-9)
