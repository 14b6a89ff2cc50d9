"""Archives, folders and mixtures of good and bad files."""

from __future__ import annotations

import gzip
import zipfile
from datetime import date
from pathlib import Path

import pytest

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.importing import Progress, import_paths
from fakes.chains import Row, calls, optopsy_text


def text(day: str, bid: float = 90.0) -> str:
    return optopsy_text(calls(day, [bid, 60.0, 40.0]))


def test_plain_gzip_zip_and_parquet_hold_the_same_store(tmp_path: Path) -> None:
    import polars as pl

    rows = text("2024-03-14")
    (tmp_path / "a.csv").write_text(rows)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(rows.encode()))
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside/spx.csv", rows)
    pl.read_csv(rows.encode()).write_parquet(tmp_path / "d.parquet")
    digests = set()
    for name in ("a.csv", "b.csv.gz", "c.zip", "d.parquet"):
        (report,) = import_paths([tmp_path / name], tmp_path / name[0]).tables
        assert report.refused is None
        digests.add(ChainStore.open(tmp_path / name[0]).digest)
    assert len(digests) == 1


def test_every_member_of_a_zip_is_a_table_of_its_own(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "march.zip", "w") as archive:
        archive.writestr("14.csv", text("2024-03-14"))
        archive.writestr("15.csv", text("2024-03-15", 91.0))
        archive.writestr("readme.md", "not a table")
    reports = import_paths([tmp_path / "march.zip"], tmp_path / "store").tables
    assert [report.where for report in reports] == ["march.zip[14.csv]", "march.zip[15.csv]"]
    assert len(ChainStore.open(tmp_path / "store").sessions("SPX")) == 2


def test_a_folder_is_read_in_the_order_of_names_and_other_files_are_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "deeper").mkdir(parents=True)
    (source / "b.csv").write_text(text("2024-03-15", 91.0))
    (source / "deeper" / "a.csv").write_text(text("2024-03-14"))
    (source / "notes.md").write_text("# notes")
    reports = import_paths([source], tmp_path / "store").tables
    assert [report.where for report in reports] == ["b.csv", "a.csv"]


def test_a_broken_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text("2024-03-14"))
    (tmp_path / "b.csv").write_text(optopsy_text([Row(day="2024-03-15", ask="-1")]))
    (tmp_path / "c.csv").write_text("who,knows\n1,2\n")
    (tmp_path / "d.csv").write_text(text("2024-03-18", 91.0))
    report = import_paths([tmp_path], tmp_path / "store")
    assert [table.where for table in report.refused] == ["b.csv", "c.csv"]
    assert report.rows == 6
    assert ChainStore.open(tmp_path / "store").sessions("SPX") == (date(2024, 3, 14), date(2024, 3, 18))


def test_progress_is_told_file_by_file_and_piece_by_piece(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text("2024-03-14"))
    (tmp_path / "b.csv").write_text(text("2024-03-15", 91.0))
    seen: list[Progress] = []
    import_paths([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "store", progress=seen.append)
    assert [(item.where, item.file, item.files, item.rows) for item in seen] == [
        ("a.csv", 1, 2, 0),
        ("a.csv", 1, 2, 3),
        ("b.csv", 2, 2, 0),
        ("b.csv", 2, 2, 3),
    ]


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + text("2024-03-14").replace("\n", "\r\n").encode())
    (tmp_path / "b.csv").write_text(text("2024-03-14"))
    for name in "ab":
        import_paths([tmp_path / f"{name}.csv"], tmp_path / name)
    assert ChainStore.open(tmp_path / "a").digest == ChainStore.open(tmp_path / "b").digest


@pytest.mark.parametrize(("held", "batch"), [(250_000, 1_000_000), (0, 1_000_000), (250_000, 0)])
def test_files_of_one_day_in_any_order_give_the_store_of_one_file(
    held: int, batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = ("2024-03-14", "2024-03-15", "2024-04-02", "2024-04-03")
    rows = {day: calls(day, [90.0 + place, 60.0, 40.0]) for place, day in enumerate(days)}
    (tmp_path / "whole.csv").write_text(optopsy_text([row for day in days for row in rows[day]]))
    import_paths([tmp_path / "whole.csv"], tmp_path / "one")
    monkeypatch.setattr("alvh.adapters.importing._HELD_ROWS", held)
    monkeypatch.setattr("alvh.adapters.importing._BATCH_ROWS", batch)
    daily = []
    for day in (days[2], days[0], days[3], days[1]):
        daily.append(tmp_path / f"{day}.csv")
        daily[-1].write_text(optopsy_text(rows[day]))
    report = import_paths(daily, tmp_path / "two")
    assert not report.refused
    assert ChainStore.open(tmp_path / "two").digest == ChainStore.open(tmp_path / "one").digest
    assert len(list((tmp_path / "two" / "chains" / "SPX").iterdir())) == 4


def test_a_day_that_two_files_of_one_run_tell_differently_is_refused_for_the_second(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text("2024-03-14"))
    (tmp_path / "b.csv").write_text(text("2024-03-14", 91.0))
    first, second = import_paths([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "store").tables
    assert first.refused is None
    assert second.refused is not None
    assert "is stored from a.csv with other quotes" in second.refused


def test_the_later_file_of_one_run_replaces_where_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text("2024-03-14"))
    (tmp_path / "b.csv").write_text(text("2024-03-14", 91.0))
    import_paths([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "store", replace=True)
    assert ChainStore.open(tmp_path / "store").chain("SPX", date(2024, 3, 14)).bid[0] == 91.0


def test_an_interruption_keeps_what_was_committed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alvh.adapters.importing._BATCH_ROWS", 0)
    for place, day in enumerate(("2024-03-14", "2024-03-15")):
        (tmp_path / f"{place}.csv").write_text(text(day, 90.0 + place))

    def stop(seen: Progress) -> None:
        if seen.file == 2 and seen.rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_paths([tmp_path / "0.csv", tmp_path / "1.csv"], tmp_path / "store", progress=stop)
    assert ChainStore.open(tmp_path / "store").sessions("SPX") == (date(2024, 3, 14),)
