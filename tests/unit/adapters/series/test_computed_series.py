from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.adapters.importing import import_paths
from alvh.adapters.series_making import make_series
from alvh.adapters.series_store import SeriesStore
from alvh.market.catalogue import entry
from alvh.market.sessions import trading_calendar

DAYS = trading_calendar(date(2020, 1, 2), date(2020, 3, 31)).between(date(2020, 1, 2), date(2020, 3, 31))
SYMBOLS = [f"S{number:02d}" for number in range(60)]


def prices():
    random = np.random.default_rng(4)
    return 50.0 * np.exp(np.cumsum(random.standard_normal((DAYS.size, len(SYMBOLS))) * 0.01, axis=0))


@pytest.fixture
def store(tmp_path):
    found = SeriesStore.open(tmp_path)
    price = prices()
    found.write(
        make_series(entry(f"{symbol}.adjclose"), DAYS, price[:, place], "members_wide:m.parquet")
        for place, symbol in enumerate(SYMBOLS)
    )
    return found


def test_breadth_over_the_members_comes_as_series(store) -> None:
    change = np.diff(prices(), axis=0)
    advances = store.series("MEMBERS.ADVANCES")
    assert advances.value.tolist() == (change > 0).sum(axis=1).tolist()
    assert advances.period[0] == DAYS[1]
    assert store.series("MEMBERS.ISSUES").value.tolist() == [60.0] * (DAYS.size - 1)
    assert "equal-weighted" in store.series("MEMBERS.VOL").source


def test_it_is_kept_beside_the_series_and_read_back_the_same(store, tmp_path) -> None:
    first = store.series("MEMBERS.VOL")
    assert list((tmp_path / "series").glob("members-*.npz"))
    again = SeriesStore.open(tmp_path).series("MEMBERS.VOL")
    np.testing.assert_array_equal(first.value, again.value)
    np.testing.assert_array_equal(first.known_at, again.known_at)


def test_a_damaged_summary_is_made_again(store, tmp_path) -> None:
    first = store.series("MEMBERS.VOL").value.tolist()
    (kept,) = (tmp_path / "series").glob("members-*.npz")
    kept.write_bytes(b"nonsense")
    assert SeriesStore.open(tmp_path).series("MEMBERS.VOL").value.tolist() == first


def test_new_prices_make_a_new_summary(store) -> None:
    before = store.series("MEMBERS.ADVANCES").value.tolist()
    store.write(
        make_series(entry(f"{symbol}.adjclose"), DAYS, np.linspace(1.0, 2.0, DAYS.size), "members_wide:m.parquet")
        for symbol in SYMBOLS
    )
    assert before != store.series("MEMBERS.ADVANCES").value.tolist() == [60.0] * (DAYS.size - 1)


def test_capitalisations_weight_the_volatility(store) -> None:
    equal = store.series("MEMBERS.VOL").value[-1]
    store.write(
        make_series(entry(f"CAP.{symbol}"), DAYS, np.full(DAYS.size, 1.0 if place else 1e9), "date_value:caps.csv")
        for place, symbol in enumerate(SYMBOLS)
    )
    heavy = store.series("MEMBERS.VOL")
    last = np.diff(np.log(prices()[:, 0]))[-21:]
    assert "cap-weighted" in heavy.source
    assert heavy.value[-1] == pytest.approx(100.0 * np.sqrt(252.0 * (last**2).mean()), rel=1e-6)
    assert heavy.value[-1] != pytest.approx(equal)


def test_a_store_without_members_or_futures_has_none_of_them(tmp_path) -> None:
    empty = SeriesStore.open(tmp_path)
    assert empty.get("MEMBERS.ADVANCES") is None
    assert empty.get("VX.CURVE") is None


def test_the_curve_comes_row_by_row_with_its_expiries(tmp_path) -> None:
    store = SeriesStore.open(tmp_path)
    store.write(
        make_series(entry(f"VX/{expiry}.settle"), DAYS[:2], np.array([price, price + 1.0]), "cfe_vx:x.csv")
        for expiry, price in (("2020-01-22", 14.0), ("2020-02-19", 15.0))
    )
    curve, expiry = store.series("VX.CURVE"), store.series("VX.CURVE.expiry")
    assert curve.period.tolist() == np.repeat(DAYS[:2], 2).tolist()
    assert curve.value.tolist() == [14.0, 15.0, 15.0, 16.0]
    assert expiry.value.tolist() == [20200122.0, 20200219.0] * 2
    assert (curve.known_at == expiry.known_at).all()


class TestUserFiles:
    def test_a_value_with_its_own_release_is_known_then(self, read) -> None:
        text = "date,known_at,SPX.PCF\n2020-03-31,2020-05-15,14.2\n2020-06-30,2020-08-14T08:30-04:00,15.0\n"
        (series,) = read("pcf.csv", text).series
        assert series.name == "SPX.PCF"
        assert series.known_at.astype(str).tolist() == ["2020-05-15T22:00:00", "2020-08-14T12:30:00"]

    def test_several_vintages_of_one_period_are_kept(self, read) -> None:
        text = "date,known_at,IPO.COUNT\n2020-01-01,2020-02-03,20\n2020-01-01,2020-03-02,22\n"
        (series,) = read("ipo.csv", text).series
        assert series.value.tolist() == [20.0, 22.0]

    @pytest.mark.parametrize(
        ("cell", "words"),
        [("2020-01-15T08:30", "its zone"), ("soon", "neither a day"), ("2019-12-01", "before it began")],
    )
    def test_a_moment_that_cannot_be_is_refused_with_its_line(self, read, cell, words) -> None:
        from alvh.core.errors import DataError

        with pytest.raises(DataError, match=words):
            read("ipo.csv", f"date,known_at,IPO.COUNT\n2020-01-01,{cell},20\n")

    def test_a_negative_ratio_is_refused(self, read) -> None:
        from alvh.core.errors import DataError

        with pytest.raises(DataError, match="cannot be negative"):
            read("q.csv", "date,known_at,QUICK.SPX\n2020-01-01,2020-05-15,-1\n")

    def test_a_plain_file_is_named_by_its_header(self, read) -> None:
        (series,) = read("anything.csv", "date,IPO.COUNT\n2020-01-01,20\n2020-02-01,31\n").series
        assert series.name == "IPO.COUNT"
        assert series.known_at[0] > np.datetime64("2020-02-14")

    def test_release_days_of_ppi_and_gdp_are_named_by_their_file(self, read) -> None:
        text = "release_date,reference_month\n2015-01-15,2014-12\n"
        assert read("us_ppi_release_dates.csv", text).series[0].name == "PPI.RELEASE"
        assert read("gdp_releases.csv", text).series[0].name == "GDP.RELEASE"
        assert read("us_cpi.csv", text).series[0].name == "CPI.RELEASE"

    def test_statements_were_later_in_the_afternoon_before_2013(self, read) -> None:
        (series,) = read("fomc_days.csv", "date\n2008-12-16\n2024-03-20\n").series
        assert series.known_at.astype(str).tolist() == ["2008-12-16T19:15:00", "2024-03-20T18:00:00"]


def test_everything_the_evidence_reads_from_a_users_csv_can_be_imported(tmp_path) -> None:
    names = (
        "IPO.COUNT",
        "SPX.PCF",
        "PCF.XLK",
        "PE.XLK",
        "QUICK.SPX",
        "QUICK.REIT",
        "FLOW.SPY",
        "YIELD2Y.EA",
        "CAP.XLK",
    )
    files = []
    for name in names:
        files.append(tmp_path / f"{name.lower()}.csv")
        files[-1].write_text(f"date,{name}\n2020-01-02,1.5\n2020-04-01,1.6\n")
    store = tmp_path / "store"
    assert not import_paths(files, store).refused
    assert set(names) <= set(SeriesStore.open(store).names())
