"""Every shared file of series becomes named series or is refused with its sentence, as docs/data_series.md says.

Run this file as a script, with the folder of the data as its argument, to write the table of the page again.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from alvh.adapters.formats.registry import detect
from alvh.adapters.formats.source import sniff
from alvh.adapters.formats.words import ReadOptions, SeriesRead
from alvh.adapters.importing import import_paths
from alvh.adapters.series_store import SeriesStore
from alvh.core.errors import DataError
from alvh.market.curve import CurveOrigin
from alvh.market.quality import Defect

FOLDERS = ("index", "vix_futures", "macro", "equity", "etf", "etp", "cboe_strategy")
PAGE = Path(__file__).resolve().parents[4] / "docs" / "data_series.md"
START, END = "<!-- files: written by tests/unit/adapters/series/test_shared_files.py -->", "<!-- end of files -->"
_NAMED = 6


def names_of(got: SeriesRead) -> str:
    bases = list(dict.fromkeys(series.name for series in got.series))
    shown = ", ".join(f"`{name}`" for name in bases[:_NAMED])
    return shown + (f" and {len(bases) - _NAMED} more" if len(bases) > _NAMED else "")


def findings_of(got: SeriesRead) -> str:
    counts: dict[str, int] = {}
    for finding in got.findings:
        counts[finding.defect.value] = counts.get(finding.defect.value, 0) + finding.count
    return ", ".join(f"{kind}: {count:,}" for kind, count in sorted(counts.items()))


def line_of(folder: str, path: Path) -> str:
    head = f"| `{folder}/{path.name}` "
    try:
        (table,) = sniff(path)
        found = detect(table)
        got = found.read(table, ReadOptions())
    except DataError as error:
        return head + f"| refused | | | | {error.sentence} |"
    values = sum(series.value.size for series in got.series)
    return head + f"| {found.name} | {got.rows:,} | {names_of(got)} | {values:,} | {findings_of(got)} |"


def table_of(data: Path) -> list[str]:
    lines = [
        "| file | format | rows | series | values | findings, or the sentence of refusal |",
        "|---|---|---|---|---|---|",
    ]
    return lines + [line_of(folder, path) for folder in FOLDERS for path in sorted((data / folder).iterdir())]


@pytest.mark.shared
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_page_says_what_becomes_of_every_file(shared_data, folder):
    page = set(PAGE.read_text(encoding="utf-8").splitlines())
    for path in sorted((shared_data / folder).iterdir()):
        line = line_of(folder, path)
        assert line in page


@pytest.fixture(scope="module")
def store(shared_data, tmp_path_factory):
    path = tmp_path_factory.mktemp("store")
    files = ["index", "vix_futures", "macro/CPIAUCSL.csv.gz", "macro/us_cpi_release_dates_2015_2026.csv"]
    report = import_paths([shared_data / name for name in files], path)
    assert not report.refused
    return SeriesStore.open(path)


def close(store, name, day):
    series = store.series(name)
    return round(float(series.value[series.period == np.datetime64(day)][0]), 2)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("SPX", "2008-11-20", 752.44),
        ("SPX", "2018-02-05", 2648.94),
        ("SPX", "2020-03-16", 2386.13),
        ("SPX", "2025-04-08", 4982.77),
        ("VIX", "2008-11-20", 80.86),
        ("VIX", "2018-02-05", 37.32),
        ("VIX", "2020-03-16", 82.69),
        ("VIX", "2025-04-08", 52.33),
        ("VIX9D", "2018-02-05", 59.34),
        ("VIX3M", "2020-03-16", 67.7),
        ("VIX6M", "2025-04-08", 35.77),
        ("VVIX", "2020-03-16", 207.59),
        ("SKEW", "2025-04-08", 135.68),
    ],
)
def test_closes_of_the_days_that_matter(store, name, day, value):
    assert close(store, name, day) == value


@pytest.mark.shared
@pytest.mark.parametrize(
    ("session", "expiry", "price"),
    [
        ("2008-11-20", "2008-12-17", 66.23),
        ("2008-11-20", "2009-01-21", 59.77),
        ("2018-02-05", "2018-03-21", 27.975),
        ("2020-03-16", "2020-03-18", 72.625),
        ("2025-04-08", "2025-04-16", 39.1728),
    ],
)
def test_futures_of_the_days_that_matter(store, session, expiry, price):
    curve = store.vx_history().curve(date.fromisoformat(session))
    place = curve.expiries.index(date.fromisoformat(expiry))
    assert (curve.price[place], curve.origin[place]) == (price, CurveOrigin.SETTLED)


@pytest.mark.shared
def test_the_february_2018_contract_comes_back_to_the_tick(store):
    curve = store.vx_history().curve(date(2018, 2, 5))
    assert curve.expiries[0] == date(2018, 2, 14)
    assert (curve.price[0], curve.origin[0]) == (33.225, CurveOrigin.RECONSTRUCTED)


@pytest.mark.shared
def test_every_session_since_2004_has_a_curve_of_monthlies(store):
    from alvh.adapters.status import missing_sessions
    from alvh.market.expirations import is_monthly_vx

    history = store.vx_history()
    assert missing_sessions(history.sessions) == ()
    others = [expiry for expiry in np.unique(history.expiry).tolist() if not is_monthly_vx(expiry)]
    assert others == [date(2004, 7, 14), date(2004, 10, 13)]


@pytest.mark.shared
def test_no_month_is_missing_between_the_first_and_the_last_contract_since_2006(store):
    from alvh.adapters.vx_reconstruction import serial_expiries

    history = store.vx_history()
    serial = serial_expiries(np.unique(history.expiry).tolist())
    for session in history.sessions[history.sessions >= np.datetime64("2007-01-01")].tolist():
        curve = history.curve(session)
        due = [expiry for expiry in serial if session < expiry <= curve.expiries[0]]
        assert due == [curve.expiries[0]], session


@pytest.mark.shared
def test_final_settlements_of_the_archive_are_the_last_rows_of_the_contracts(store):
    days = [name[3:13] for name in store.names() if name.startswith("VX/") and name.endswith(".final")]
    differing = []
    for day in days:
        contract = store.series(f"VX/{day}.settle")
        assert str(contract.period[-1]) == day
        if contract.value[-1] != store.series(f"VX/{day}.final").value[-1]:
            differing.append(day)
    # Two digits are transposed in one of the two: 12.034 in the archive, 12.043 in the contract's file.
    assert (len(days), differing) == (104, ["2006-02-15"])


@pytest.mark.shared
def test_final_settlement_of_march_2020(store):
    assert store.vx_history().vx_final_settlement(date(2020, 3, 18)) == (69.76, True)
    assert store.vx_history().vx_final_settlement(date(2018, 2, 14)) is None


@pytest.mark.shared
@pytest.mark.parametrize("rank", [1, 2, 4, 8])
def test_last_trades_agree_with_the_table_by_rank_of_another_project(store, rank):
    theirs, expiry = store.series(f"VX.M{rank}"), store.series(f"VX.M{rank}.expiry")
    _, left, right = np.intersect1d(theirs.period, expiry.period, return_indices=True)
    agreeing = []
    for row, at in zip(left[::25], right[::25], strict=True):
        day = theirs.period[row]
        when = date.fromisoformat(str(int(expiry.value[at])))
        ours = store.get(f"VX/{when}.close")
        if ours is not None and day in ours.period and day < np.datetime64(when):
            agreeing.append(abs(ours.value[ours.period == day][0] - theirs.value[row]) < 0.006)
    assert len(agreeing) > 60
    assert np.mean(agreeing) > 0.9


@pytest.mark.shared
def test_holidays_with_a_vix_are_kept_out_and_said(store):
    vix = store.series("VIX")
    assert np.datetime64("2025-01-09") not in vix.period
    assert any(item.subject == "VIX" and item.defect is Defect.NOT_A_SESSION for item in store.findings())


@pytest.mark.shared
def test_the_vix_of_three_files_agrees(store):
    assert len(store.sources("VIX")) == 4
    disagreeing = [item for item in store.findings() if item.defect is Defect.CONFLICT and item.subject == "VIX"]
    assert sum(item.count for item in disagreeing) <= 10


@pytest.mark.shared
def test_importing_everything_again_changes_nothing(store, shared_data):
    before = store.digest
    import_paths([shared_data / "index"], store._folder.parent)
    assert SeriesStore.open(store._folder.parent).digest == before


if __name__ == "__main__":
    kept = PAGE.read_text(encoding="utf-8")
    head, _, rest = kept.partition(START)
    _, _, tail = rest.partition(END)
    body = "\n".join(table_of(Path(sys.argv[1])))
    PAGE.write_text(f"{head}{START}\n{body}\n{END}{tail}", encoding="utf-8")
