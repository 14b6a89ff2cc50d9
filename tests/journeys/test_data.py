"""``alvh data`` and ``alvh scan`` from the command line, on files invented here."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

HEADER = "underlying_symbol,underlying_price,option_type,expiration,quote_date,strike,bid,ask,delta\n"


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """Two months of a small SPXW chain, one Friday expiry, quotes that decay with time."""
    expiry = date(2019, 5, 31)
    lines = [HEADER]
    day = date(2019, 4, 22)
    while day <= date(2019, 5, 15):
        if day.weekday() < 5:
            left = (expiry - day).days
            for strike, delta in ((2700, 0.05), (2775, 0.16), (3050, 0.16), (3100, 0.05)):
                right = "p" if strike < 2900 else "c"
                mid = 40 * delta + left / 10
                signed = -delta if right == "p" else delta
                lines.append(f"SPX,2900,{right},{expiry},{day},{strike},{mid - 0.1:.2f},{mid + 0.1:.2f},{signed}\n")
        day += timedelta(days=1)
    path = tmp_path / "chain.csv"
    path.write_text("".join(lines))
    return path


def test_import_status_and_export_walk_through(alvh, chain: Path, tmp_path: Path) -> None:
    vix = tmp_path / "VIX_History.csv"
    vix.write_text("DATE,OPEN,HIGH,LOW,CLOSE\n04/25/2019,13.1,13.9,13.0,13.25\n04/29/2019,13.2,13.6,13.0,13.11\n")
    store = tmp_path / "store"
    said = alvh("data", "import", chain, vix, "--store", store, "--json")
    assert said.code == 0, said.err
    formats = {Path(table["where"]).name: table["format"] for table in said.document["tables"]}
    assert formats["chain.csv"].startswith("optopsy")
    status = alvh("data", "status", "--store", store, "--json").document
    covered = {row["name"]: row for row in status["coverage"]}
    assert covered["VIX"]["first"] == "2019-04-25"
    assert covered["VIX"]["missing_sessions"] == 1
    assert alvh("data", "status", "--store", store).code == 0
    out = tmp_path / "vix.csv"
    assert alvh("data", "export", "VIX", out, "--store", store).code == 0
    assert "13.25" in out.read_text()
    root = next(name for name in covered if name in {"SPX", "SPXW"})
    assert alvh("data", "export", root, tmp_path / "day.parquet", "--store", store, "--date", "2019-04-25").code == 0
    assert pl.read_parquet(tmp_path / "day.parquet").height == 4


def test_importing_twice_changes_nothing(alvh, chain: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert alvh("data", "import", chain, "--store", store).code == 0
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    assert alvh("data", "import", chain, "--store", store).code == 0
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before


def test_scan_prints_counts_and_writes_trades(alvh, chain: Path, tmp_path: Path) -> None:
    parquet = tmp_path / "chain.parquet"
    pl.read_csv(chain, try_parse_dates=True).write_parquet(parquet)
    said = alvh("scan", parquet, "--out", tmp_path / "trades.csv", "--json")
    assert said.code == 0, said.err
    assert said.document["trades"] == pl.read_csv(tmp_path / "trades.csv").height > 0
    # Every leg decays by the same amount, so long and short legs cancel to nothing.
    assert said.document["total_points"] == pytest.approx(0.0, abs=1e-9)
    assert "no portfolio" in alvh("scan", parquet).out


def test_status_of_a_folder_that_is_no_store(alvh, tmp_path: Path) -> None:
    said = alvh("data", "status", "--store", tmp_path / "none")
    assert said.code != 0
    assert "no store" in said.err
