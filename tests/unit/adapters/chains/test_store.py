"""The store answers by day without copying, and is whole at every moment."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.importing import TableReport, import_paths
from alvh.adapters.store import maps
from alvh.adapters.store.files import writing
from alvh.core.errors import CoverageError, DataError, UsageError
from alvh.market.chain import Origin, QuoteStatus
from fakes.chains import Row, calls, optopsy_text, tree

PutIn = Callable[..., TableReport]
Opened = Callable[[], ChainStore]
DAY = date(2024, 3, 14)


def months(*days: str) -> list[Row]:
    return [
        row for place, day in enumerate(days) for row in calls(day, [90.0 + place, 60.0, 40.0], expiry="2024-06-21")
    ]


def test_a_folder_without_chains_is_an_empty_store(folder: Path) -> None:
    store = ChainStore.open(folder)
    assert store.roots() == ()
    assert store.sessions("SPX") == ()
    assert store.findings() == ()
    assert not folder.exists()


def test_rows_are_sorted_by_expiry_strike_and_right_whatever_the_file_does(put_in: PutIn, opened: Opened) -> None:
    rows = [
        Row(expiry=expiry, strike=strike, right=right)
        for expiry in ("2024-05-17", "2024-04-19")
        for strike in ("5100", "5000")
        for right in ("p", "c")
    ]
    put_in(rows, root="SPX")
    chain = opened().chain("SPX", DAY)
    assert chain.expiries == (date(2024, 4, 19), date(2024, 5, 17))
    assert chain.offsets.tolist() == [0, 4, 8]
    assert chain.strike.tolist() == [5000.0, 5000.0, 5100.0, 5100.0] * 2
    assert chain.is_put.tolist() == [False, True] * 4
    assert chain.origin is Origin.RECORDED
    assert chain.rows(date(2024, 5, 17)) == slice(4, 8)


def test_columns_are_read_only_views_of_the_file(put_in: PutIn, opened: Opened) -> None:
    put_in(months("2024-03-14"))
    store = opened()
    chain = store.chain("SPX", DAY)
    for column in (chain.strike, chain.bid, chain.ask, chain.is_put, chain.status, chain.offsets):
        assert not column.flags.owndata
        assert not column.flags.writeable
    assert np.shares_memory(chain.bid, store.chain("SPX", DAY).bid)
    assert chain.status.dtype == np.int8
    assert set(chain.status.tolist()) == {QuoteStatus.OK}


def test_views_outlive_the_store_and_a_later_import(put_in: PutIn, opened: Opened) -> None:
    put_in(months("2024-03-14"))
    chain = opened().chain("SPX", DAY)
    put_in(calls("2024-03-14", [10.0, 5.0, 1.0]), replace=True)
    assert chain.bid.tolist() == [90.0, 60.0, 40.0]


def test_a_day_that_is_not_there_is_said(put_in: PutIn, opened: Opened) -> None:
    put_in(months("2024-03-14"))
    with pytest.raises(CoverageError, match="holds no SPX chain on 2024-03-15"):
        opened().chain("SPX", date(2024, 3, 15))


def test_days_of_one_month_from_several_files_lie_in_one_file(put_in: PutIn, opened: Opened, folder: Path) -> None:
    put_in(months("2024-03-14", "2024-03-15"), name="one.csv")
    put_in(months("2024-03-12", "2024-03-18"), name="two.csv")
    assert len(list((folder / "chains" / "SPX").iterdir())) == 2
    store = opened()
    assert [day.day for day in store.sessions("SPX")] == [12, 14, 15, 18]
    assert [store.chain("SPX", day).bid[0] for day in store.sessions("SPX")] == [90.0, 90.0, 91.0, 91.0]
    table = pl.read_parquet(store.tables("SPX")[0])
    assert table["session"].unique().sort().to_list() == list(store.sessions("SPX"))
    assert table.height == store.rows("SPX") == 12


def test_the_order_of_imports_does_not_show(tmp_path: Path) -> None:
    digests, files = set(), []
    for place, days in enumerate((("2024-03-14", "2024-04-03"), ("2024-03-15", "2024-05-02"))):
        path = tmp_path / f"{place}.csv"
        path.write_text(optopsy_text(months(*days)))
        files.append(path)
    for place, order in enumerate((files, files[::-1])):
        import_paths(order, tmp_path / f"store{place}")
        digests.add(ChainStore.open(tmp_path / f"store{place}").digest)
    assert len(digests) == 1
    assert tree(tmp_path / "store0") == tree(tmp_path / "store1")


def test_the_digest_follows_the_quotes(put_in: PutIn, opened: Opened) -> None:
    put_in(months("2024-03-14"))
    before = opened().digest
    put_in(calls("2024-03-14", [90.0, 60.0, 40.1]), replace=True)
    assert opened().digest != before


def test_streamed_months_hold_the_same_columns_as_the_chains(put_in: PutIn, opened: Opened) -> None:
    put_in(months("2024-03-14", "2024-03-15", "2024-04-02"))
    store = opened()
    walked = []
    for month in store.stream("SPX"):
        for place, rows, expiries, day in zip(month.place, month.rows, month.expiries, month.session, strict=True):
            session = date.fromordinal(int(day) + date(1970, 1, 1).toordinal())
            walked.append(session)
            chain = store.chain("SPX", session)
            np.testing.assert_array_equal(month.words[place : place + rows], chain.strike)
            np.testing.assert_array_equal(month.words[place + rows : place + 2 * rows], chain.bid)
            np.testing.assert_array_equal(month.words[place + 2 * rows : place + 3 * rows], chain.ask)
            first = place + 5 * rows
            np.testing.assert_array_equal(month.edges[first : first + expiries + 1], chain.offsets)
            listed = 2 * (first + expiries + 1)
            told = [(expiry - date(1970, 1, 1)).days for expiry in chain.expiries]
            assert month.marks[listed : listed + expiries].tolist() == told
    assert tuple(walked) == store.sessions("SPX")


def test_memory_in_use_does_not_grow_with_the_months_walked(
    put_in: PutIn, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(months(*(f"2023-{month:02d}-15" for month in range(1, 13))), any_day=True, root="SPX")
    size = next(opened().stream("SPX")).words.nbytes
    monkeypatch.setattr(maps, "_BYTES", 3 * size)
    maps.forget()
    store = opened()
    for session in store.sessions("SPX"):
        store.chain("SPX", session)
    assert len(maps._MAPS._files) == 3


def test_a_forward_walk_gives_memory_back_and_can_still_look_behind(put_in: PutIn, folder: Path) -> None:
    put_in(months(*(f"2023-{month:02d}-15" for month in range(1, 5))), any_day=True, root="SPX")
    store = ChainStore.open(folder, forward=True)
    first = [store.chain("SPX", session).bid for session in store.sessions("SPX")]
    again = [store.chain("SPX", session).bid.tolist() for session in store.sessions("SPX")]
    assert [bid.tolist() for bid in first] == again == [[90.0 + place, 60.0, 40.0] for place in range(4)]


def test_days_hold_the_same_columns_as_the_chains(put_in: PutIn, opened: Opened) -> None:
    put_in(months("2024-03-14", "2024-03-15", "2024-04-02"))
    store = opened()
    walked = list(store.days("SPX"))
    assert tuple(day.session for day in walked) == store.sessions("SPX")
    for day in walked:
        chain = store.chain("SPX", day.session)
        for name in ("strike", "bid", "ask", "is_put", "status", "offsets"):
            np.testing.assert_array_equal(getattr(day, name), getattr(chain, name))
        assert day.rows == chain.strike.size
        assert day.dte.tolist() == [(expiry - day.session).days for expiry in chain.expiries]
        np.testing.assert_array_equal(day.delta, store.vendor("SPX", day.session).delta)
        np.testing.assert_array_equal(day.iv, store.vendor("SPX", day.session).iv)


def test_opening_again_does_not_map_again(put_in: PutIn, opened: Opened) -> None:
    put_in(months("2024-03-14"))
    assert np.shares_memory(opened().chain("SPX", DAY).bid, opened().chain("SPX", DAY).bid)


def test_a_failure_in_the_middle_leaves_the_store_as_it_was(
    put_in: PutIn, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(months("2024-03-14"), name="one.csv")
    before = tree(folder)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alvh.adapters.store.months._write_table", fail)
    with pytest.raises(DataError, match=r"No space left on device.*the store is as it was"):
        put_in(months("2024-03-15", "2024-04-03", "2024-05-02"), name="two.csv")
    assert tree(folder) == before


@pytest.mark.parametrize("held", [0, 250_000])
def test_a_failed_first_import_leaves_no_chains(
    held: int, put_in: PutIn, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alvh.adapters.importing._HELD_ROWS", held)
    monkeypatch.setattr("alvh.adapters.chain_reader._BLOCK_BYTES", 150)
    report = put_in([*months("2024-03-15", "2024-04-03", "2024-05-02"), Row(day="2024-05-03", bid="x")])
    assert report.refused is not None
    assert tree(folder) == {}


@pytest.mark.parametrize("moment", ["alvh.adapters.store.writing.sync", "alvh.adapters.store.writing.replace_bytes"])
def test_an_interruption_while_committing_leaves_a_whole_store(
    moment: str, put_in: PutIn, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(months("2024-03-14"), name="one.csv")
    digest = opened().digest

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(moment, interrupt)
        with pytest.raises(KeyboardInterrupt):
            put_in(months("2024-03-15", "2024-04-03"), name="two.csv")
    assert opened().digest == digest
    assert opened().chain("SPX", DAY).bid[0] == 90.0
    put_in(months("2024-03-15", "2024-04-03"), name="two.csv")
    assert len(opened().sessions("SPX")) == 3


KILLED = """
import sys, time
from pathlib import Path
import alvh.adapters.store.months as writing
from alvh.adapters.importing import import_paths
wait = writing._write_table
def slow(*arguments):
    wait(*arguments)
    print("writing", flush=True)
    time.sleep(1.5)
writing._write_table = slow
import_paths([Path(sys.argv[1])], Path(sys.argv[2]))
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_killed_import_is_as_if_it_never_was(
    how: signal.Signals, put_in: PutIn, opened: Opened, tmp_path: Path, folder: Path
) -> None:
    put_in(months("2024-03-14"), name="one.csv")
    digest = opened().digest
    other = tmp_path / "two.csv"
    other.write_text(optopsy_text(months("2024-03-15", "2024-04-03", "2024-05-02")))
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, other, folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "writing\n"
    child.send_signal(how)
    ended = child.wait()
    child.stdout.close()
    # Python drops an interrupt that lands in a finaliser; then the import ends as if nobody had asked, and is whole.
    assert (opened().digest == digest) is (ended != 0)
    put_in(months("2024-03-15", "2024-04-03", "2024-05-02"), name="two.csv")
    assert len(opened().sessions("SPX")) == 4
    named = {path.name.split("-", 2)[0] for path in (folder / "chains" / "SPX").iterdir()}
    assert named == {"2024"}
    assert len(list((folder / "chains" / "SPX").iterdir())) == 6


def test_two_imports_at_once_are_refused_in_words(put_in: PutIn, folder: Path) -> None:
    with writing(folder / "chains"), pytest.raises(UsageError, match="another import is writing to this store"):
        put_in(months("2024-03-14"))


def test_an_unwritable_folder_is_said(put_in: PutIn, folder: Path) -> None:
    folder.write_text("a file stands where the store should be")
    with pytest.raises(DataError, match="the store cannot be written"):
        put_in(months("2024-03-14"))


def test_a_damaged_manifest_is_said(put_in: PutIn, opened: Opened, folder: Path) -> None:
    put_in(months("2024-03-14"))
    manifest = folder / "chains" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes()[:-20])
    with pytest.raises(DataError, match="manifest cannot be read"):
        opened()


def test_a_manifest_of_a_later_layout_is_said(put_in: PutIn, opened: Opened, folder: Path) -> None:
    put_in(months("2024-03-14"))
    manifest = folder / "chains" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"version":1', '"version":99'))
    with pytest.raises(DataError, match="layout 99"):
        opened()


def test_a_reader_of_a_store_that_changed_is_told_to_open_it_again(put_in: PutIn, opened: Opened) -> None:
    put_in(months("2024-03-14"))
    reader = opened()
    put_in(calls("2024-03-14", [10.0, 5.0, 1.0]), replace=True)
    with pytest.raises(DataError, match="Open the store again"):
        reader.chain("SPX", DAY)
