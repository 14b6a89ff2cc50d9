"""A file that must not be believed is refused with its place and reason, and the store is as it was."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from alvh.adapters.importing import TableReport, import_paths
from fakes.chains import Row, calls, optopsy_text, tree

PutIn = Callable[..., TableReport]
GOOD = Row()

CELLS = {
    "not a number": (GOOD.but(bid="abc"), r'spx\.csv, line 3, column "bid": "abc" is not a number'),
    "nan": (GOOD.but(ask="NaN"), r'line 3, column "ask": "nan" is negative or not a number'),
    "negative": (GOOD.but(bid="-0.1"), r'line 3, column "bid": "-0\.1" is negative or not a number'),
    "negative level": (GOOD.but(spot="-5"), r'line 3, column "underlying_price": "-5\.0" is negative'),
    "no strike": (GOOD.but(strike=""), r'line 3, column "strike": an empty cell is empty'),
    "strike of zero": (GOOD.but(strike="0"), r'line 3, column "strike": "0\.0" is not a strike between'),
    "strike too fine": (
        GOOD.but(strike="5000.0005"),
        r'column "strike": "5000\.0005" is not a multiple of a thousandth',
    ),
    "no such day": (GOOD.but(day="2024-02-30"), r'line 3, column "quote_date": "2024-02-30" is not a date'),
    "month for day": (GOOD.but(expiry="04/19/2024"), r'line 3, column "expiration": "04/19/2024" is not a date'),
    "a year too few": (GOOD.but(expiry="0024-04-19"), r'line 3, column "expiration": "0024-04-19" is not a plausible'),
    "already expired": (
        GOOD.but(expiry="2024-03-13"),
        r'line 3, column "expiration": "2024-03-13" is before the quote',
    ),
    "neither right": (GOOD.but(right="x"), r'line 3, column "option_type": "x" is neither call nor put'),
    "out of order": (
        GOOD.but(day="2024-03-13"),
        r'line 3, column "quote_date": 2024-03-13 comes after 2024-03-14',
    ),
    "two quotes": (GOOD.but(bid="199"), r"spx\.csv, line 3: the contract 2024-04-19 5000 has two quotes on 2024-03-14"),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_bad_cell_refuses_the_file_with_line_column_and_reason(case: str, put_in: PutIn, folder: Path) -> None:
    put_in(calls("2024-03-12", [200.0, 160.0]), name="before.csv")
    before = tree(folder)
    row, sentence = CELLS[case]
    report = put_in([GOOD, row])
    assert report.refused is not None
    assert re.search(sentence, report.refused), report.refused
    assert "\n" not in report.refused
    assert tree(folder) == before


def test_a_bad_line_is_counted_in_a_later_piece(put_in: PutIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alvh.adapters.chain_reader._BLOCK_BYTES", 200)
    rows = [row for day in (11, 12, 13, 14) for row in calls(f"2024-03-{day}", [200.0, 160.0, 120.0])]
    report = put_in([*rows, rows[-1].but(strike="5300", bid="x")])
    assert report.refused is not None
    assert 'line 14, column "bid": "x" is not a number' in report.refused


def test_dates_out_of_order_are_found_across_pieces(put_in: PutIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alvh.adapters.chain_reader._BLOCK_BYTES", 200)
    rows = [row for day in (11, 12, 13, 11) for row in calls(f"2024-03-{day}", [200.0, 160.0, 120.0])]
    report = put_in(rows)
    assert report.refused is not None
    assert "out of order" in report.refused


def test_small_pieces_give_the_same_store_as_one(put_in: PutIn, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row for day in (11, 12, 13, 14) for row in calls(f"2024-03-{day}", [200.0 + day, 160.0, 120.0])]
    put_in(rows)
    whole = tree(folder)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    monkeypatch.setattr("alvh.adapters.chain_reader._BLOCK_BYTES", 150)
    put_in(rows)
    assert tree(folder) == whole


def test_a_row_cut_short_is_refused(put_in: PutIn) -> None:
    report = put_in(optopsy_text([GOOD, GOOD.but(strike="5100")])[:-12])
    assert report.refused is not None
    assert re.search(r'line 3, column "\w+": the row has \d cells and the header has 9', report.refused)


def test_a_row_with_a_cell_too_many_is_refused(put_in: PutIn) -> None:
    report = put_in(optopsy_text([GOOD]) + GOOD.but(strike="5100").text + ",7\n")
    assert report.refused is not None
    assert "the row has 10 cells and the header has 9" in report.refused


def test_blank_lines_are_no_rows(put_in: PutIn) -> None:
    report = put_in(optopsy_text([GOOD]) + "\n\n")
    assert report.refused is None
    assert report.rows == 1


@pytest.mark.parametrize("kept", [0.3, 0.95])
def test_a_truncated_gzip_is_refused_and_leaves_the_store(kept: float, put_in: PutIn, folder: Path) -> None:
    put_in(calls("2024-03-12", [200.0, 160.0]), name="before.csv")
    before = tree(folder)
    rows = [row for day in (11, 12, 13, 14) for row in calls(f"2024-03-{day}", [200.0 - k for k in range(500)])]
    whole = gzip.compress(optopsy_text(rows).encode())
    report = put_in(whole[: int(len(whole) * kept)], name="spx.csv.gz")
    assert report.refused is not None
    assert report.refused.startswith("spx.csv.gz: the compressed file is truncated or damaged")
    assert tree(folder) == before


def test_a_gzip_with_flipped_bits_is_refused(put_in: PutIn) -> None:
    whole = bytearray(gzip.compress(optopsy_text([GOOD.but(strike=f"{k}") for k in range(100, 5000, 7)]).encode()))
    whole[len(whole) // 2] ^= 0xFF
    report = put_in(bytes(whole), name="spx.csv.gz")
    assert report.refused is not None


def test_a_file_that_is_no_gzip_is_refused(put_in: PutIn) -> None:
    report = put_in(optopsy_text([GOOD]), name="spx.csv.gz")
    assert report.refused is not None
    assert "truncated or damaged" in report.refused


def test_a_damaged_zip_is_refused(put_in: PutIn) -> None:
    report = put_in(b"PK\x03\x04 and then nothing", name="spx.zip")
    assert report.refused is not None
    assert "truncated or damaged" in report.refused


def test_a_zip_without_tables_is_refused(tmp_path: Path, folder: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.md", "nothing")
    (report,) = import_paths([tmp_path / "a.zip"], folder).tables
    assert report.refused == "a.zip: the archive holds no .csv or .txt file."


def test_a_file_that_is_no_parquet_is_refused(put_in: PutIn) -> None:
    report = put_in(b"PAR1 no", name="spx.parquet")
    assert report.refused is not None
    assert "not a whole Parquet file" in report.refused


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_refused(content: str, put_in: PutIn) -> None:
    assert put_in(content).refused == "spx.csv: the file is empty." + (" Fetch it again." if not content else "")


def test_a_header_without_rows_is_refused(put_in: PutIn) -> None:
    assert put_in([]).refused == "spx.csv: the file has a header and no rows."


def test_a_missing_file_is_reported_and_the_others_are_read(tmp_path: Path, folder: Path) -> None:
    good = tmp_path / "spx.csv"
    good.write_text(optopsy_text([GOOD]))
    missing, kept = import_paths([tmp_path / "none.csv", good], folder).tables
    assert missing.refused is not None
    assert "No such file" in missing.refused
    assert kept.refused is None


def test_rows_on_several_underlyings_refuse_one_given_root(put_in: PutIn) -> None:
    report = put_in([GOOD, GOOD.but(symbol="XSP", strike="515")], root="SPX")
    assert report.refused is not None
    assert "--root says SPX and the rows are on SPX, XSP" in report.refused
