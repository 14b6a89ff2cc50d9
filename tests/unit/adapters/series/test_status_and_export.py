"""What a store covers, and taking data out of it."""

import json
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from alvh.adapters.exporting import chain_frame, export
from alvh.adapters.series_making import make_series
from alvh.adapters.series_store import SeriesStore
from alvh.adapters.status import COLUMNS, missing_sessions, status
from alvh.core.errors import CoverageError, DataError, UsageError
from alvh.market.catalogue import entry
from alvh.market.chain import OptionChain, Origin, QuoteStatus
from alvh.market.quality import Defect, Finding


def series(name, rows, source="cboe_index:vix.csv"):
    periods = np.array(list(rows), "datetime64[D]")
    return make_series(entry(name), periods, np.array(list(rows.values()), np.float64), source)


@pytest.fixture
def path(tmp_path):
    store = SeriesStore.open(tmp_path / "store")
    note = Finding(subject="VIX", defect=Defect.NOT_A_SESSION, session=None, count=1, detail="a holiday")
    rows = {"2024-01-02": 13.2, "2024-01-05": 13.35}
    store.write([series("VIX", rows), series("VIX.open", {"2024-01-05": 14.0})], [note])
    store.write(
        [series(f"VX/{day}.settle", {"2024-01-05": 14.0}, "cfe_vx:a.csv") for day in ("2024-01-17", "2024-02-14")]
    )
    return tmp_path / "store"


def test_status_counts_rows_gaps_and_findings(path):
    (vix,) = [item for item in status(path).coverage if item.name == "VIX"]
    assert (vix.first, vix.last, vix.rows) == (date(2024, 1, 2), date(2024, 1, 5), 3)
    assert (vix.gaps, vix.missing) == (2, (date(2024, 1, 3), date(2024, 1, 4)))
    assert vix.findings == {"not a session": 1}


def test_status_has_a_row_for_the_curve(path):
    (curve,) = [item for item in status(path).coverage if item.kind == "curve"]
    assert (curve.name, curve.rows, curve.gaps) == ("VX", 2, 0)


def test_a_file_of_many_series_is_one_row(path):
    days = [f"2024-{month:02d}-17" for month in range(1, 13)] + ["2025-01-22"]
    many = [series(f"T{place}", {day: 1.0}, "members_long:m.csv") for place, day in enumerate(days)]
    SeriesStore.open(path).write(many)
    (row,) = [item for item in status(path).coverage if item.source == "members_long:m.csv"]
    assert row.name == "T0 and 12 more"


def test_status_prints_and_encodes(path):
    seen = status(path)
    assert all(len(row) == len(COLUMNS) for row in seen.as_rows())
    again = json.loads(json.dumps(seen.as_json()))
    assert again["coverage"][0]["name"] == "VIX"
    assert again["findings"][0]["defect"] == "not a session"


def test_an_empty_store_covers_nothing(tmp_path):
    assert status(tmp_path / "none").coverage == ()


def test_missing_sessions_know_holidays_and_start_in_1990():
    days = np.array(["1989-12-28", "2024-01-12", "2024-01-16"], "datetime64[D]")
    assert missing_sessions(days) == ()


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_export_of_a_series(path, tmp_path, suffix):
    target = tmp_path / f"out/vix.{suffix}"
    assert export(path, "VIX", target) == 2
    frame = pl.read_csv(target) if suffix == "csv" else pl.read_parquet(target)
    assert frame.columns == ["period", "known_at", "value"]
    assert frame["value"].to_list() == [13.2, 13.35]
    assert not list(target.parent.glob(".*"))


def test_export_of_the_curve(path, tmp_path):
    assert export(path, "VX", tmp_path / "vx.csv") == 2
    assert pl.read_csv(tmp_path / "vx.csv")["origin"].to_list() == ["settled", "settled"]


def test_release_times_are_written_in_utc(path, tmp_path):
    export(path, "VIX", tmp_path / "vix.csv")
    assert (tmp_path / "vix.csv").read_text().splitlines()[1] == "2024-01-02,2024-01-02T21:15:00Z,13.2"


def test_export_of_what_is_not_there_leaves_no_file(path, tmp_path):
    with pytest.raises(CoverageError):
        export(path, "VVIX", tmp_path / "x.csv")
    with pytest.raises(CoverageError):
        export(path, "SPX", tmp_path / "x.csv", session=date(2024, 1, 2))
    assert not (tmp_path / "x.csv").exists()


def test_export_to_an_unknown_format_or_place_is_one_sentence(path, tmp_path):
    with pytest.raises(UsageError, match='"xls" is not a format'):
        export(path, "VIX", tmp_path / "x.xls")
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        export(path, "VIX", tmp_path / "file" / "x.csv")


def test_an_absent_quote_is_exported_as_null():
    chain = OptionChain(
        root="SPXW",
        session=date(2024, 1, 2),
        asof=datetime(2024, 1, 2, 21, 15, tzinfo=UTC),
        timed=True,
        spot=4742.83,
        origin=Origin.RECORDED,
        expiries=(date(2024, 1, 3),),
        offsets=np.array([0, 2]),
        strike=np.array([4700.0, 4700.0]),
        is_put=np.array([False, True]),
        bid=np.array([44.0, 0.0]),
        ask=np.array([45.0, 0.0]),
        status=np.array([QuoteStatus.OK, QuoteStatus.ABSENT], np.int8),
    )
    frame = chain_frame(chain)
    assert frame["ask"].to_list() == [45.0, None]
    assert frame["right"].to_list() == ["C", "P"]
