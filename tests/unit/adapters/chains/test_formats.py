"""Every chain format tells the same market, and none falls into its own trap."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.formats.registry import detect
from alvh.adapters.formats.source import sniff
from alvh.adapters.importing import import_paths
from alvh.core.errors import FormatError
from alvh.market.quality import Defect

FIRST, SECOND = date(2024, 3, 14), date(2024, 3, 15)

FORMATS = {
    "deltaneutral.csv": "deltaneutral",
    "deltaneutral_indexed.csv": "deltaneutral",
    "ivolatility.csv": "ivolatility",
    "ivolatility_service.csv": "ivolatility-service",
    "spx_optionsdx.csv": "optionsdx",
    "datashop_calcs.csv": "cboe-datashop",
    "datashop_plain.csv": "cboe-datashop",
    "orats.csv": "orats",
    "dolthub.csv": "dolthub",
    "optopsy.csv": "optopsy",
    "spx_optopsy_mcp.parquet": "optopsy-mcp",
    "spx_quotes_20240315.csv": "cboe-table",
    "white_paper.csv": "vix-white-paper",
}
ONE_SESSION = {"spx_quotes_20240315.csv", "white_paper.csv"}
NO_SPOT = {"dolthub.csv", "spx_optopsy_mcp.parquet", "white_paper.csv"}
NO_ROOT = {"spx_optionsdx.csv", "orats.csv", "dolthub.csv", "optopsy.csv", "spx_optopsy_mcp.parquet", "white_paper.csv"}
NO_IV = {"spx_optopsy_mcp.parquet", "white_paper.csv", "datashop_plain.csv"}
NO_DELTA = {"white_paper.csv", "datashop_plain.csv"}
TIMED = {"spx_optionsdx.csv": (20, 0), "datashop_calcs.csv": (19, 45), "spx_quotes_20240315.csv": (20, 5)}


def truth(root: str, session: date, samples: Path) -> pl.DataFrame:
    table = pl.read_csv(samples / "truth.csv", try_parse_dates=True)
    rows = table.filter((pl.col("root") == root) & (pl.col("session") == session))
    return rows.sort("expiry", "strike", "right")


@pytest.mark.parametrize("name", FORMATS)
def test_the_header_alone_names_the_format(name: str, samples: Path) -> None:
    (table,) = sniff(samples / name)
    assert detect(table).name == FORMATS[name]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_the_same_quotes(name: str, samples: Path, tmp_path: Path) -> None:
    (report,) = import_paths([samples / name], tmp_path).tables
    assert report.refused is None
    store = ChainStore.open(tmp_path)
    sessions = (SECOND,) if name in ONE_SESSION else (FIRST, SECOND)
    assert store.roots() == ("SPX", "SPXW")
    for root in store.roots():
        assert store.sessions(root) == sessions
        for session in sessions:
            chain, told = store.chain(root, session), truth(root, session, samples)
            np.testing.assert_array_equal(chain.strike, told["strike"].cast(pl.Float64))
            np.testing.assert_array_equal(chain.is_put, told["right"] == "P")
            np.testing.assert_array_equal(chain.bid, told["bid"])
            np.testing.assert_array_equal(chain.ask, told["ask"])
            assert chain.expiries == tuple(told["expiry"].unique())
            assert chain.spot == (None if name in NO_SPOT else pytest.approx(told["spot"][0], abs=1e-9))


@pytest.mark.parametrize("name", FORMATS)
def test_vendor_volatility_and_delta_come_along_where_the_format_has_them(
    name: str, samples: Path, tmp_path: Path
) -> None:
    import_paths([samples / name], tmp_path)
    vendor, told = ChainStore.open(tmp_path).vendor("SPX", SECOND), truth("SPX", SECOND, samples)
    if name in NO_IV:
        assert np.isnan(vendor.iv).all()
    else:
        np.testing.assert_allclose(vendor.iv, told["iv"])
    if name in NO_DELTA:
        assert np.isnan(vendor.delta).all()
    else:
        # ORATS prints one undiscounted delta a row, from which the put's is made.
        np.testing.assert_allclose(vendor.delta, told["delta"], atol=6e-3 if name == "orats.csv" else 1e-12)


@pytest.mark.parametrize("name", FORMATS)
def test_the_instant_is_the_files_own_or_the_convention_and_says_which(
    name: str, samples: Path, tmp_path: Path
) -> None:
    import_paths([samples / name], tmp_path)
    chain = ChainStore.open(tmp_path).chain("SPX", SECOND)
    hour, minute = TIMED.get(name, (20, 15))
    assert chain.asof == datetime(2024, 3, 15, hour, minute, tzinfo=UTC)
    assert chain.timed is (name in TIMED)


@pytest.mark.parametrize("name", FORMATS)
def test_a_root_that_was_told_from_the_expiry_is_said(name: str, samples: Path, tmp_path: Path) -> None:
    (report,) = import_paths([samples / name], tmp_path).tables
    assert (Defect.ASSUMED in {finding.defect for finding in report.findings}) is (name in NO_ROOT)


def test_a_given_root_is_taken_for_every_row_without_one(samples: Path, tmp_path: Path) -> None:
    (report,) = import_paths([samples / "optopsy.csv"], tmp_path, root="SPX").tables
    assert ChainStore.open(tmp_path).roots() == ("SPX",)
    assert not report.findings


def test_a_root_in_the_symbols_is_never_overruled(samples: Path, tmp_path: Path) -> None:
    import_paths([samples / "deltaneutral.csv"], tmp_path, root="XSP")
    assert ChainStore.open(tmp_path).roots() == ("SPX", "SPXW")


def test_a_file_name_without_a_known_symbol_asks_for_the_root(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "chain.csv"
    shutil.copy(samples / "spx_optionsdx.csv", path)
    (report,) = import_paths([path], tmp_path / "store").tables
    assert report.refused is not None
    assert "Give --root" in report.refused


def test_an_unknown_header_is_shown_with_the_known_formats(tmp_path: Path) -> None:
    path = tmp_path / "mystery.csv"
    path.write_text("alpha,beta\n1,2\n")
    (table,) = sniff(path)
    with pytest.raises(FormatError, match=r'mystery\.csv: no importer knows the header "alpha, beta".*optionsdx'):
        detect(table)


def test_datashop_on_an_early_close_is_quoted_at_12_45(samples: Path, tmp_path: Path) -> None:
    text = (samples / "datashop_calcs.csv").read_text().replace("2024-03-15", "2024-07-03")
    text = text.replace("2024-04-", "2024-08-").replace("2024-03-14", "2024-07-02")
    path = tmp_path / "early.csv"
    path.write_text(text)
    import_paths([path], tmp_path / "store")
    chain = ChainStore.open(tmp_path / "store").chain("SPX", date(2024, 7, 3))
    assert chain.asof == datetime(2024, 7, 3, 16, 45, tzinfo=UTC)
    assert chain.timed


def test_a_quote_table_says_where_its_clock_disagrees_with_its_name(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "spx_quotes_20240315.csv"
    path.write_text((samples / path.name).read_text().replace("March 15, 2024 at 4:05 PM", "March 16, 2024 at 9:00 AM"))
    (report,) = import_paths([path], tmp_path / "store").tables
    chain = ChainStore.open(tmp_path / "store").chain("SPX", SECOND)
    assert [finding.defect for finding in report.findings] == [Defect.CONFLICT]
    assert chain.asof == datetime(2024, 3, 15, 20, 15, tzinfo=UTC)
    assert not chain.timed


def test_an_undated_quote_table_needs_a_date_and_takes_it(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "spx_quotedata.csv"
    shutil.copy(samples / "spx_quotes_20240315.csv", path)
    (refused,) = import_paths([path], tmp_path / "store").tables
    assert refused.refused is not None
    assert "--date YYYY-MM-DD" in refused.refused
    (taken,) = import_paths([path], tmp_path / "store", day=SECOND).tables
    assert taken.days == (SECOND,)


def test_a_date_that_contradicts_the_file_name_is_refused(samples: Path, tmp_path: Path) -> None:
    (report,) = import_paths([samples / "spx_quotes_20240315.csv"], tmp_path, day=FIRST).tables
    assert report.refused is not None
    assert "the file name says 2024-03-15 and --date says 2024-03-14" in report.refused


def test_a_saturday_expiry_is_the_session_before_it(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text((samples / "optopsy.csv").read_text().replace("2024-04-19", "2024-04-20"))
    import_paths([path], tmp_path / "store")
    assert ChainStore.open(tmp_path / "store").chain("SPX", FIRST).expiries == (date(2024, 4, 19),)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("name", ["spx_optionsdx.csv", "deltaneutral.csv"])
def test_an_exported_chain_comes_back_as_it_was(name: str, kind: str, samples: Path, tmp_path: Path) -> None:
    from alvh.adapters.exporting import export

    import_paths([samples / name], tmp_path / "one")
    export(tmp_path / "one", "SPX", tmp_path / f"out.{kind}", session=FIRST)
    import_paths([tmp_path / f"out.{kind}"], tmp_path / "two")
    ours, again = (ChainStore.open(tmp_path / place).chain("SPX", FIRST) for place in ("one", "two"))
    assert (again.asof, again.timed, again.spot, again.expiries) == (ours.asof, ours.timed, ours.spot, ours.expiries)
    np.testing.assert_array_equal(again.bid, ours.bid)
    np.testing.assert_array_equal(again.status, ours.status)
