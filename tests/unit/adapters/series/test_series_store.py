"""What goes in comes out; nothing is half written; sources are kept apart."""

from datetime import UTC, datetime

import numpy as np
import pytest

from alvh.adapters.series_making import make_series
from alvh.adapters.series_store import SeriesStore
from alvh.core.errors import CoverageError, DataError
from alvh.market.catalogue import entry
from alvh.market.quality import Defect, Finding


def series(name, rows, source):
    periods = np.array(list(rows), "datetime64[D]")
    return make_series(entry(name), periods, np.array(list(rows.values()), np.float64), source)


VIX = {"2024-01-02": 13.2, "2024-01-03": 14.04, "2024-01-04": 14.13}
NOTE = Finding(subject="VIX", defect=Defect.NOT_A_SESSION, session=None, count=3, detail="three holidays")


@pytest.fixture
def store(tmp_path):
    opened = SeriesStore.open(tmp_path / "store")
    opened.write([series("VIX", VIX, "cboe_index:vix.csv"), series("SPX", VIX, "cboe_index:spx.csv")], [NOTE])
    return opened


def content(store):
    return {path.name: path.read_bytes() for path in store._folder.iterdir() if path.suffix != ".lock"}


def test_a_series_comes_back_as_it_went_in(store):
    again = SeriesStore.open(store._folder.parent).series("VIX")
    sent = series("VIX", VIX, "cboe_index:vix.csv")
    assert (again.name, again.unit, again.source) == (sent.name, sent.unit, sent.source)
    for column in ("period", "known_at", "value"):
        assert np.array_equal(getattr(again, column), getattr(sent, column))
        assert getattr(again, column).dtype == getattr(sent, column).dtype


def test_names_findings_and_digest_survive(store):
    again = SeriesStore.open(store._folder.parent)
    assert again.names() == ("SPX", "VIX")
    assert again.findings() == (NOTE,)
    assert again.digest == store.digest


def test_importing_again_changes_no_byte(store):
    before = content(store)
    store.write([series("VIX", VIX, "cboe_index:vix.csv")], [NOTE])
    store.write([series("SPX", VIX, "cboe_index:spx.csv")])
    after = content(store)
    assert set(before) == set(after)
    assert all(before[name] == after[name] for name in before if name.endswith(".parquet"))


def test_the_digest_does_not_depend_on_the_order_of_imports(store, tmp_path):
    other = SeriesStore.open(tmp_path / "other")
    other.write([series("SPX", VIX, "cboe_index:spx.csv")])
    other.write([series("VIX", VIX, "cboe_index:vix.csv")])
    assert other.digest == store.digest


def test_one_changed_value_changes_the_digest(store):
    before = store.digest
    store.write([series("VIX", {**VIX, "2024-01-04": 14.14}, "cboe_index:vix.csv")])
    assert store.digest != before
    assert store.series("VIX").value[-1] == 14.14
    assert len(list(store._folder.glob("*.parquet"))) == 2


def test_a_shorter_replacement_is_said(store):
    store.write([series("VIX", {"2024-01-02": 13.2}, "cboe_index:vix.csv")])
    assert "its earlier import had 3" in store.findings()[-1].detail


def test_an_unknown_series_is_a_sentence_with_neighbours(store):
    with pytest.raises(CoverageError, match=r"no series VIX7D.*there are VIX"):
        store.series("VIX7D")
    assert store.get("VIX7D") is None


def test_the_exchange_is_preferred_to_fred_and_fred_to_derived_tables(store):
    longer = {**VIX, "2024-01-05": 13.35}
    store.write([series("VIX", longer, "vx_constant_maturity:cm.csv"), series("VIX", longer, "fred:VIXCLS.csv")])
    assert store.sources("VIX") == ("cboe_index:vix.csv", "fred:VIXCLS.csv", "vx_constant_maturity:cm.csv")
    assert store.series("VIX").value.size == 3
    assert store.series("VIX", "fred:VIXCLS.csv").value.size == 4


def test_of_equal_sources_the_one_that_reaches_furthest_is_used(store):
    store.write([series("DFF", VIX, "fred:old.csv"), series("DFF", {**VIX, "2024-01-05": 5.33}, "fred:new.csv")])
    assert store.series("DFF").source == "fred:new.csv"


def test_sources_that_disagree_are_a_finding_and_those_that_agree_are_not(store):
    store.write([series("VIX", {"2024-01-02": 13.2, "2024-01-03": 15.0}, "fred:VIXCLS.csv")])
    store.write([series("SPX", VIX, "fred:SP500.csv")])
    (finding,) = [item for item in store.findings() if item.defect is Defect.CONFLICT]
    assert (finding.subject, finding.count) == ("VIX", 1)
    assert "2024-01-03: 14.04 against 15" in finding.detail


def test_true_release_days_replace_the_rule_in_any_order(store):
    cpi = series("CPIAUCSL", {"2014-12-01": 236.3, "2015-01-01": 234.7}, "fred:CPIAUCSL.csv")
    store.write([cpi])
    early = datetime(2015, 1, 20, tzinfo=UTC)
    assert store.series("CPIAUCSL").asof(early) is None
    release = make_series(
        entry("CPI.RELEASE"), np.array(["2014-12-01"], "datetime64[D]"), np.array([20150116.0]), "cpi_releases:c.csv"
    )
    release.known_at.flags.writeable = True
    release.known_at[0] = np.datetime64("2015-01-16T13:30")
    store.write([release])
    assert store.series("CPIAUCSL").asof(early).value == 236.3
    assert store.series("CPIAUCSL").asof(datetime(2015, 2, 20, tzinfo=UTC)).value == 236.3


def test_a_damaged_manifest_is_one_sentence(store):
    (store._folder / "manifest.json").write_bytes(b"{")
    with pytest.raises(DataError, match="manifest of the series store is damaged"):
        SeriesStore.open(store._folder.parent)


def test_a_store_of_another_layout_is_one_sentence(store):
    (store._folder / "manifest.json").write_bytes(b'{"version": 99}')
    with pytest.raises(DataError, match="layout 99"):
        SeriesStore.open(store._folder.parent)


def test_a_missing_file_of_values_is_one_sentence(store):
    for path in store._folder.glob("*.parquet"):
        path.unlink()
    with pytest.raises(DataError, match="values of VIX cannot be read"):
        SeriesStore.open(store._folder.parent).series("VIX")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DataError):
        SeriesStore.open(tmp_path / "file").write([series("VIX", VIX, "cboe_index:vix.csv")])


def test_an_interrupted_import_leaves_the_store_as_it_was(store, monkeypatch):
    before = SeriesStore.open(store._folder.parent).digest

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("alvh.adapters.series_store.write_manifest", interrupt)
    with pytest.raises(KeyboardInterrupt):
        store.write([series("VIX", {"2024-01-02": 1.0}, "cboe_index:vix.csv")])
    again = SeriesStore.open(store._folder.parent)
    assert again.digest == before
    assert again.series("VIX").value.tolist() == list(VIX.values())


def test_an_absent_store_is_empty(tmp_path):
    empty = SeriesStore.open(tmp_path / "none")
    assert (empty.names(), empty.findings()) == ((), ())
    assert not (tmp_path / "none").exists()


def test_a_series_of_a_large_file_is_read_alone(store, monkeypatch):
    monkeypatch.setattr("alvh.adapters.series_store._WHOLE_GROUP", 1)
    assert SeriesStore.open(store._folder.parent).series("VIX").value.tolist() == list(VIX.values())
