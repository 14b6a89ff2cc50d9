from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from alvh.core.errors import CoverageError, FormatError, RefusedError
from alvh.research.condor_scan import ScanResult, scan, scan_days
from fakes.quote_rows import quote_batch, quote_rows


def written(folder: Path, rows: pl.DataFrame, name: str = "quotes.parquet") -> Path:
    rows.write_parquet(folder / name)
    return folder / name


def expected() -> ScanResult:
    return scan_days([quote_batch(quote_rows(70))])


def same(result: ScanResult) -> bool:
    other = expected()
    return (
        result.counts == other.counts
        and result.trades.pnl.tolist() == other.trades.pnl.tolist()
        and result.trades.strike.tolist() == other.trades.strike.tolist()
    )


def test_a_folder_of_years_is_one_table(tmp_path: Path) -> None:
    rows = quote_rows(70)
    middle = rows["quote_date"].unique().sort()[35]
    written(tmp_path, rows.filter(pl.col("quote_date") >= middle), "a-later.parquet")
    (tmp_path / "deep").mkdir()
    written(tmp_path / "deep", rows.filter(pl.col("quote_date") < middle), "z-earlier.parquet")
    written(tmp_path, rows, ".hidden.parquet")
    assert same(scan(tmp_path))
    assert same(scan([tmp_path / "a-later.parquet", tmp_path / "deep"]))


def test_days_out_of_order_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alvh.research.scan_files._ROWS_A_WINDOW", 9_000)
    assert same(scan(written(tmp_path, quote_rows(70).sample(fraction=1.0, shuffle=True, seed=5))))


@pytest.mark.parametrize(
    "change",
    [
        pl.col("option_type").replace({"c": "call", "p": "PUT"}),
        pl.col("option_type").cast(pl.Categorical),
        pl.col("quote_date").cast(pl.Datetime),
        pl.col("quote_date", "expiration").dt.to_string("%Y-%m-%d"),
        pl.col("underlying_symbol").cast(pl.Categorical),
    ],
    ids=str,
)
def test_other_types_of_columns(tmp_path: Path, change: pl.Expr) -> None:
    assert same(scan(written(tmp_path, quote_rows(70).with_columns(change))))


def test_the_columns_of_an_imported_store(tmp_path: Path) -> None:
    rows = quote_rows(70).with_columns(is_put=pl.col("option_type") == "p").drop("option_type")
    names = {"quote_date": "session", "expiration": "expiry", "underlying_symbol": "root"}
    result = scan(written(tmp_path, rows.rename(names)))
    assert same(result)
    assert result.trades.roots == ("SPX",)


def test_a_file_without_a_symbol(tmp_path: Path) -> None:
    assert same(scan(written(tmp_path, quote_rows(70).drop("underlying_symbol"))))


def test_roots_are_named_in_one_order_whenever_they_first_appear(tmp_path: Path) -> None:
    late = quote_rows(70, symbol="AAA").filter(
        pl.col("quote_date") > quote_rows()["quote_date"].min() + timedelta(days=30)
    )
    frame = scan(written(tmp_path, pl.concat([quote_rows(70), late]))).trades.frame()
    assert set(frame["root"].to_list()) == {"AAA", "SPX"}
    alone = frame.filter(pl.col("root") == "SPX")
    assert alone["pnl"].to_list() == expected().trades.pnl.tolist()


def test_nulls_are_counted_and_not_used(tmp_path: Path) -> None:
    rows = quote_rows(70).with_columns(
        pl.when(pl.int_range(pl.len()) % 50 != 0).then(pl.col("bid", "ask", "delta")).name.keep()
    )
    counts = scan(written(tmp_path, rows)).counts
    assert counts.unusable > 100
    assert 0 < counts.traded < expected().counts.traded


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"quotes\.parquet: there is no column delta; seen are underlying_symbol"):
        scan(written(tmp_path, quote_rows(5).drop("delta")))


def test_a_column_of_the_wrong_type_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="does not read"):
        scan(written(tmp_path, quote_rows(5).with_columns(quote_date=pl.lit("Monday"))))


def test_prices_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="does not read"):
        scan(written(tmp_path, quote_rows(5).with_columns(bid=pl.lit("n/a"))))


def test_an_unknown_right_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"neither put nor call, e\.g\. 'x'"):
        scan(written(tmp_path, quote_rows(5).with_columns(option_type=pl.lit("x"))))


def test_a_right_left_blank_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"neither put nor call, e\.g\. None"):
        scan(written(tmp_path, quote_rows(5).with_columns(option_type=pl.lit(None, pl.String))))


@pytest.mark.parametrize("column", ["quote_date", "expiration", "underlying_symbol"])
def test_blank_dates_and_symbols_are_refused(tmp_path: Path, column: str) -> None:
    rows = quote_rows(5).with_columns(pl.when(pl.col("strike") != 100.0).then(pl.col(column)))
    with pytest.raises(RefusedError, match="blank cells among"):
        scan(written(tmp_path, rows))


def test_a_file_that_is_not_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "quotes.parquet"
    path.write_text("quote_date,strike\n")
    with pytest.raises(FormatError, match=r"quotes\.parquet: this does not read as Parquet"):
        scan(path)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, quote_rows(70))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FormatError, match="does not read"):
        scan(path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, quote_rows(70))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : -5000] = bytes(len(content) - len(content) // 2 - 5000)
    path.write_bytes(content)
    with pytest.raises(FormatError, match="does not read"):
        scan(path)


def test_absent_and_empty_paths_are_said(tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match="no such file"):
        scan(tmp_path / "none.parquet")
    with pytest.raises(CoverageError, match="no Parquet file"):
        scan(tmp_path)
    with pytest.raises(CoverageError, match="no rows"):
        scan(written(tmp_path, quote_rows(5).clear()))
