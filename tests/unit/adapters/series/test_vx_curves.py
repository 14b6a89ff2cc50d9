"""The curve of a session and the final settlements, from contract series."""

from datetime import date

import numpy as np
import pytest

from alvh.adapters.series_making import make_series
from alvh.adapters.series_store import SeriesStore
from alvh.adapters.vx_curves import build_vx_history, load_vx_history, save_vx_history
from alvh.market.catalogue import entry
from alvh.market.curve import CurveOrigin
from alvh.market.quality import Defect

MARCH, APRIL, MAY = "2018-03-21", "2018-04-18", "2018-05-16"


def series(name, rows, source="cfe_vx:a.csv"):
    periods = np.array(list(rows), "datetime64[D]")
    return make_series(entry(name), periods, np.array(list(rows.values()), np.float64), source)


@pytest.fixture
def store(tmp_path):
    opened = SeriesStore.open(tmp_path)
    opened.write(
        [
            series(f"VX/{MARCH}.settle", {"2018-03-19": 18.0, "2018-03-20": 18.5, MARCH: 17.2}),
            series(f"VX/{APRIL}.close", {"2018-03-19": 18.6, "2018-03-20": 19.0, APRIL: 16.0}),
            series(f"VX/{APRIL}.settle", {"2018-03-20": 19.1}),
            series(f"VX/{MAY}.settle", {"2018-03-20": 19.5}),
            series("VXW/2018-03-28.settle", {"2018-03-20": 99.0}),
        ]
    )
    return opened


def test_a_curve_ascends_and_leaves_out_the_contract_of_the_day_it_settles(store):
    curve = store.vx_history().curve(date(2018, 3, 20))
    assert [day.isoformat() for day in curve.expiries] == [MARCH, APRIL, MAY]
    assert curve.price.tolist() == [18.5, 19.1, 19.5]
    assert curve.days.tolist() == [1.0, 29.0, 57.0]
    assert store.vx_history().curve(date(2018, 3, 21)) is None


def test_a_last_trade_stands_in_where_there_is_no_settlement_and_is_labelled(store):
    curve = store.vx_history().curve(date(2018, 3, 19))
    assert curve.origin == (CurveOrigin.SETTLED, CurveOrigin.TRADED)
    assert [item.defect for item in store.vx_history().findings()] == [Defect.ZERO_SETTLE]


def test_final_settlement_is_the_last_row_and_a_last_trade_is_not_official(store):
    history = store.vx_history()
    assert history.vx_final_settlement(date(2018, 3, 21)) == (17.2, True)
    assert history.vx_final_settlement(date(2018, 4, 18)) == (16.0, False)
    assert history.vx_final_settlement(date(2018, 5, 16)) is None


def test_the_archive_is_preferred_for_final_settlements(store):
    store.write([series(f"VX/{APRIL}.final", {APRIL: 16.25}, "cfe_final:archive.csv")])
    assert store.vx_history().vx_final_settlement(date(2018, 4, 18)) == (16.25, True)


def test_a_missing_monthly_is_rebuilt_and_never_taken_from_a_weekly(store):
    rows = {"2018-03-20": 20.5}
    store.write([series("VX/2018-07-18.settle", rows, "cfe_vx:b.csv")])
    curve = store.vx_history().curve(date(2018, 3, 20))
    place = curve.expiries.index(date(2018, 6, 20))
    assert curve.origin[place] is CurveOrigin.RECONSTRUCTED
    assert 19.5 < curve.price[place] < 20.5
    assert 99.0 not in curve.price


def test_a_day_without_contracts_has_no_curve(store):
    assert store.vx_history().curve(date(2018, 3, 18)) is None
    assert SeriesStore.open(store._folder.parent / "nowhere").vx_history().sessions.size == 0


def test_a_kept_history_is_the_built_one(store, tmp_path):
    built = build_vx_history(store)
    save_vx_history(built, tmp_path / "vx_history-x.npz")
    kept = load_vx_history(tmp_path / "vx_history-x.npz")
    for name in ("sessions", "offsets", "expiry", "price", "origin", "final_value", "final_official"):
        assert np.array_equal(getattr(kept, name), getattr(built, name))


def test_a_damaged_kept_history_is_built_again(tmp_path):
    (tmp_path / "vx_history-x.npz").write_bytes(b"PK nothing")
    assert load_vx_history(tmp_path / "vx_history-x.npz") is None


def test_writing_again_forgets_the_old_curve(store):
    before = store.vx_history().sessions.size
    store.write([series(f"VX/{MAY}.settle", {"2018-03-16": 19.0}, "cfe_vx:c.csv")])
    assert store.vx_history().sessions.size == before + 1
