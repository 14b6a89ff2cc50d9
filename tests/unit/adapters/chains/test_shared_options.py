"""Every real option file imports, or is refused with its sentence."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.importing import ImportReport, TableReport, import_paths
from alvh.market.quality import Defect

pytestmark = pytest.mark.shared

REFUSED = {
    "cboe_vix_whitepaper_spx_20090101.csv": "2009-01-01 was no trading session",
    "spx_options_derived_features_2017_2025.csv.gz": "no importer knows the header",
    "spx_quotes_20230405.csv.gz": "has no bid and no ask on 5322 of 5790 quotes",
    "spx_quotes_20230406.csv.gz": "has no bid and no ask on 5355 of 5790 quotes",
    "spy_quotes_20230426.csv.gz": "has no bid and no ask on 8180 of 8432 quotes",
}


@pytest.fixture(scope="module")
def imported(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[ImportReport, Path]:
    folder = tmp_path_factory.mktemp("store")
    folders = [shared_data / name for name in ("options_spx", "options_spy", "options_vix")]
    return import_paths(folders, folder), folder


def report_of(imported: tuple[ImportReport, Path], name: str) -> TableReport:
    return next(table for table in imported[0].tables if table.where == name)


def test_only_the_files_known_to_be_bad_are_refused(imported: tuple[ImportReport, Path]) -> None:
    refused = {table.where: table.refused or "" for table in imported[0].refused}
    assert set(refused) == set(REFUSED)
    for name, sentence in REFUSED.items():
        assert sentence in refused[name]


def test_forty_one_sessions_of_full_chains_in_spring_2019(imported: tuple[ImportReport, Path]) -> None:
    store = ChainStore.open(imported[1])
    for root in ("SPX", "SPXW"):
        spring = [day for day in store.sessions(root) if day.year == 2019]
        assert len(spring) == 41
        assert (spring[0], spring[-1]) == (date(2019, 4, 25), date(2019, 6, 28))
    refused = report_of(imported, "spx_chains_201905_cboe.parquet").days_refused
    assert {day for day, _ in refused} == {date(2019, 5, 27)}
    assert all("was no trading session" in sentence and "repeats 2019-05-24" in sentence for _, sentence in refused)


def test_rows_read_are_the_rows_of_the_manifest(imported: tuple[ImportReport, Path]) -> None:
    rows = {table.where: table.rows for table in imported[0].tables}
    assert rows["spx_chains_201904_cboe.parquet"] == 53778
    assert rows["spx_chains_201905_cboe.parquet"] == 285574
    assert rows["spx_eod_201101_ivolatility.csv.gz"] == 9832
    assert rows["vxx_eod_201612.csv.gz"] == 27940
    assert rows["spx_quotes_20220204.csv.gz"] == 10257


def test_every_quote_of_a_day_is_in_the_store(imported: tuple[ImportReport, Path]) -> None:
    store = ChainStore.open(imported[1])
    day = date(2019, 4, 25)
    chains = [store.chain(root, day) for root in ("SPX", "SPXW")]
    assert sum(chain.strike.size for chain in chains) == 13340
    assert {chain.spot for chain in chains} == {2919.04}


def test_the_january_2018_month_has_its_one_expiry(imported: tuple[ImportReport, Path]) -> None:
    store = ChainStore.open(imported[1])
    days = [day for day in store.sessions("SPXW") if (day.year, day.month) == (2018, 1)]
    assert len(days) == 21
    assert {store.chain("SPXW", day).expiries for day in days} == {(date(2018, 1, 31),)}


def test_vix_options_are_quoted_at_15_45(imported: tuple[ImportReport, Path]) -> None:
    chain = ChainStore.open(imported[1]).chain("VIX", date(2016, 6, 1))
    assert chain.asof == datetime(2016, 6, 1, 19, 45, tzinfo=UTC)
    assert chain.timed
    assert chain.spot == pytest.approx(14.575)


def test_an_intraday_table_keeps_its_clock_and_a_later_one_does_not(imported: tuple[ImportReport, Path]) -> None:
    store = ChainStore.open(imported[1])
    morning = store.chain("SPXW", date(2022, 3, 23))
    assert (morning.timed, morning.asof) == (True, datetime(2022, 3, 23, 14, 11, tzinfo=UTC))
    evening = store.chain("SPXW", date(2022, 2, 4))
    assert (evening.timed, evening.asof) == (False, datetime(2022, 2, 4, 21, 15, tzinfo=UTC))


def test_clocks_of_another_day_are_said(imported: tuple[ImportReport, Path]) -> None:
    said = Counter(
        finding.session for finding in ChainStore.open(imported[1]).findings() if finding.defect is Defect.CONFLICT
    )
    assert sorted(day for day in said if day is not None) == [
        date(2022, 2, 4),
        date(2022, 2, 18),
        date(2023, 4, 26),
        date(2023, 6, 2),
        date(2023, 9, 1),
    ]


def test_american_options_are_flagged(imported: tuple[ImportReport, Path]) -> None:
    flagged = {f.subject for f in ChainStore.open(imported[1]).findings() if f.defect is Defect.AMERICAN}
    assert flagged == {"SPY", "VXX"}
