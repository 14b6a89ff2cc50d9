"""Rules of dates against what the exchanges' own files say."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from alvh.market.expirations import is_monthly_vx, listed_spx_expiries, listed_vix_expiries, vx_monthly_expiry

pytestmark = pytest.mark.shared

_MONTH_CODES = "FGHJKMNQUVXZ"


def _contract_days(path: Path) -> Iterator[tuple[str, date]]:
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            yield row["contract_file"], _day(row["Trade Date"])


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y" if "/" in text else "%Y-%m-%d").date()  # noqa: DTZ007


@pytest.fixture(scope="module")
def modern_contracts(shared_data: Path) -> set[date]:
    names = {name for name, _ in _contract_days(shared_data / "vix_futures" / "vx_contracts_2013_2026.csv.gz")}
    return {date.fromisoformat(name[3:13]) for name in names}


@pytest.fixture(scope="module")
def missing_contracts(shared_data: Path) -> set[date]:
    manifest = (shared_data / "MANIFEST.md").read_text()
    listed = re.search(r"monthly contracts expiring on other days are MISSING: ([\d\-, ]+)", manifest)
    assert listed is not None
    return {date.fromisoformat(text) for text in re.findall(r"\d{4}-\d\d-\d\d", listed[1])}


def test_expired_contracts_last_traded_on_the_day_of_the_rule(shared_data: Path) -> None:
    last: dict[str, date] = {}
    for name, day in _contract_days(shared_data / "vix_futures" / "vx_contracts_2004_2014.csv.gz"):
        last[name] = max(day, last.get(name, day))
    end_of_file = max(last.values())
    differing = {}
    for name, day in last.items():
        code, year = name[4], 2000 + int(name[5:7])
        rule = vx_monthly_expiry(year, _MONTH_CODES.index(code) + 1)
        if rule <= end_of_file and rule != day:
            differing[name] = day
    # The rule of 2004 was the Wednesday before the month's own third Friday.
    assert differing == {"CFE_N04_VX.csv": date(2004, 7, 14), "CFE_V04_VX.csv": date(2004, 10, 13)}


def test_every_monthly_is_present_or_known_to_be_missing(
    modern_contracts: set[date], missing_contracts: set[date]
) -> None:
    rule = {vx_monthly_expiry(year, month) for year in range(2013, 2027) for month in range(1, 13)}
    due = {day for day in rule if min(modern_contracts) <= day <= max(modern_contracts)}
    assert due - modern_contracts == missing_contracts
    assert not missing_contracts & modern_contracts


def test_the_manifest_counts_as_many_monthlies_as_the_rule(modern_contracts: set[date]) -> None:
    assert sum(is_monthly_vx(day) for day in modern_contracts) == 149


def _symbols(path: Path) -> set[tuple[str, date]]:
    with gzip.open(path, "rt") as lines:
        found = re.findall(r",(SPXW?)(\d{6})C\d{8},", lines.read())
    return {(root, datetime.strptime(day, "%y%m%d").date()) for root, day in found}  # noqa: DTZ007


@pytest.mark.parametrize("day", ["20220204", "20220323", "20230207", "20230608", "20230914"])
def test_listing_agrees_with_recorded_spx_tables(shared_data: Path, day: str) -> None:
    session = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007
    recorded = {
        item for item in _symbols(shared_data / "options_spx" / f"spx_quotes_{day}.csv.gz") if item[1] > session
    }
    ours = set(listed_spx_expiries(session))
    assert len(ours & recorded) / len(recorded) >= 0.92
    assert len(ours - recorded) <= 3

    # What a condor of 20 to 60 days or its hedge may be opened in.
    def near(items: set[tuple[str, date]]) -> set[date]:
        return {expiry for root, expiry in items if root == "SPX" and (expiry - session).days <= 370}

    assert near(ours) == near(recorded)


def test_listing_agrees_with_the_recorded_vix_chain(shared_data: Path) -> None:
    session = date(2016, 6, 1)
    with gzip.open(shared_data / "options_vix" / "vix_eod_20160601_cboe.csv.gz", "rt") as lines:
        recorded = {date.fromisoformat(row["expiration"]) for row in csv.DictReader(lines)}
    ours = {expiry for _, expiry in listed_vix_expiries(session)}
    near = {day for day in ours if (day - session).days <= 168}
    assert near == {day for day in recorded if day > session}
