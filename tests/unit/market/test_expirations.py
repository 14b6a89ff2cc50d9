from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from alvh.core.errors import UsageError
from alvh.market.expirations import (
    is_monthly_spx,
    is_monthly_vx,
    last_trade_instant,
    last_trading_day,
    month_end_expiry,
    settlement_instant,
    settlement_session,
    spx_monthly_expiry,
    tau,
    taus,
    third_friday,
    tradable,
    vx_expiry_of_wednesday,
    vx_monthly_expiry,
    weekly_expiry,
)

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "expirations.csv"
MONTHS = [(year, month) for year in range(2004, 2028) for month in range(1, 13)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open() as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def test_monthly_expiries_of_the_reference_table() -> None:
    for row in rows(REFERENCE):
        vix = vx_monthly_expiry(int(row["year"]), int(row["month"]))
        spx = spx_monthly_expiry(int(row["year"]), int(row["month"]))
        assert f"{vix} {vix:%a}" == f"{row['vix_settlement']} {row['vix_weekday']}"
        assert f"{spx} {spx:%a}" == f"{row['spx_expiry']} {row['spx_weekday']}"
        assert last_trading_day("VIX", vix) == date.fromisoformat(row["vix_last_trading_day"])
        assert last_trading_day("SPX", spx) == date.fromisoformat(row["spx_last_trading_day"])


@pytest.mark.shared
def test_every_row_of_the_shared_reference(shared_reference: Path) -> None:
    checked = 0
    for row in rows(shared_reference / "expirations.csv"):
        vix = vx_monthly_expiry(int(row["year"]), int(row["month"]))
        spx = spx_monthly_expiry(int(row["year"]), int(row["month"]))
        assert vix == date.fromisoformat(row["vix_final_settlement"])
        assert spx == date.fromisoformat(row["spx_am_expiration"])
        assert last_trading_day("VIX", vix) == date.fromisoformat(row["vix_last_trading_day_options"])
        assert last_trading_day("SPX", spx) == date.fromisoformat(row["spx_am_last_trading_day"])
        checked += 1
    assert checked >= 140


def test_vix_settles_on_wednesday_but_for_eight_tuesdays() -> None:
    moved = [day for day in (vx_monthly_expiry(*month) for month in MONTHS) if day.weekday() != 2]
    assert moved == [
        date(2008, 2, 19),
        date(2014, 3, 18),
        date(2019, 3, 19),
        date(2022, 3, 15),
        date(2024, 6, 18),
        date(2025, 3, 18),
        date(2026, 5, 19),
        date(2027, 5, 18),
    ]


def test_spx_expires_on_friday_but_for_seven_thursdays() -> None:
    moved = [day for day in (spx_monthly_expiry(*month) for month in MONTHS) if day.weekday() != 4]
    assert moved == [
        date(2008, 3, 20),
        date(2014, 4, 17),
        date(2019, 4, 18),
        date(2022, 4, 14),
        date(2025, 4, 17),
        date(2026, 6, 18),
        date(2027, 6, 17),
    ]


def test_a_third_friday_may_be_a_holiday() -> None:
    assert third_friday(2014, 4) == date(2014, 4, 18)


def test_a_thirteenth_month_is_refused() -> None:
    with pytest.raises(UsageError, match="months run from 1 to 12"):
        third_friday(2020, 13)


def test_a_weekly_is_not_a_monthly() -> None:
    assert is_monthly_vx(date(2018, 2, 14))
    assert not is_monthly_vx(date(2018, 2, 21))
    assert is_monthly_vx(date(2019, 3, 19))
    assert not is_monthly_vx(date(2019, 3, 20))
    assert is_monthly_spx(date(2019, 4, 18))
    assert not is_monthly_spx(date(2019, 4, 12))


def test_a_vix_contract_belongs_to_a_wednesday() -> None:
    assert vx_expiry_of_wednesday(date(2019, 5, 29)) == date(2019, 5, 29)
    with pytest.raises(UsageError, match="2019-05-28 is a Tuesday"):
        vx_expiry_of_wednesday(date(2019, 5, 28))


def test_a_vix_weekly_moves_with_its_own_holiday_and_with_its_friday() -> None:
    assert vx_expiry_of_wednesday(date(2018, 7, 4)) == date(2018, 7, 3)
    assert vx_expiry_of_wednesday(date(2020, 6, 3)) == date(2020, 6, 2)


@pytest.mark.parametrize(
    ("day", "expiry"),
    [
        (date(2022, 2, 21), date(2022, 2, 22)),
        (date(2018, 7, 4), date(2018, 7, 3)),
        (date(2014, 7, 4), date(2014, 7, 3)),
        (date(2021, 1, 1), date(2020, 12, 31)),
        (date(2019, 5, 15), date(2019, 5, 15)),
    ],
)
def test_holidays_move_spx_weeklies(day: date, expiry: date) -> None:
    assert weekly_expiry(day) == expiry


def test_month_ends_are_last_sessions() -> None:
    assert month_end_expiry(2024, 3) == date(2024, 3, 28)
    assert month_end_expiry(2022, 12) == date(2022, 12, 30)


@pytest.mark.parametrize(
    ("root", "expiry", "instant"),
    [
        ("SPX", date(2019, 6, 21), "2019-06-21T13:30"),
        ("SPX", date(2014, 4, 17), "2014-04-17T13:30"),
        ("SPXW", date(2019, 6, 21), "2019-06-21T20:00"),
        ("SPXW", date(2019, 7, 3), "2019-07-03T17:00"),
        ("SPXW", date(2020, 1, 31), "2020-01-31T21:00"),
        ("XSP", date(2023, 9, 15), "2023-09-15T20:00"),
        ("VIX", date(2020, 3, 18), "2020-03-18T13:30"),
        ("VIX", date(2019, 3, 19), "2019-03-19T13:30"),
        ("VIXW", date(2019, 5, 29), "2019-05-29T13:30"),
        ("VX", date(2020, 2, 19), "2020-02-19T14:30"),
        ("ES", date(2020, 3, 20), "2020-03-20T13:30"),
        ("SPY", date(2025, 1, 31), "2025-01-31T21:00"),
    ],
)
def test_settlement_instants(root: str, expiry: date, instant: str) -> None:
    assert settlement_instant(root, expiry) == at(instant)


@pytest.mark.parametrize(
    ("expiry", "session"),
    [
        (date(2011, 1, 22), date(2011, 1, 21)),
        (date(2014, 4, 19), date(2014, 4, 17)),
        (date(2025, 1, 9), date(2025, 1, 8)),
        (date(2025, 1, 10), date(2025, 1, 10)),
    ],
)
def test_an_expiry_on_a_closed_day_counts_as_the_session_before(expiry: date, session: date) -> None:
    assert settlement_session(expiry) == session


def test_the_saturday_of_an_old_file_settles_on_fridays_open() -> None:
    assert settlement_instant("SPX", date(2011, 1, 22)) == at("2011-01-21T14:30")
    assert last_trading_day("SPX", date(2011, 1, 22)) == date(2011, 1, 20)


@pytest.mark.parametrize(
    ("root", "expiry", "day"),
    [
        ("SPX", date(2019, 6, 21), date(2019, 6, 20)),
        ("SPXW", date(2019, 6, 21), date(2019, 6, 21)),
        ("XSP", date(2019, 6, 21), date(2019, 6, 21)),
        ("VIX", date(2020, 3, 18), date(2020, 3, 17)),
        ("VIXW", date(2019, 5, 29), date(2019, 5, 28)),
        ("VX", date(2020, 3, 18), date(2020, 3, 18)),
        ("VXM", date(2020, 9, 16), date(2020, 9, 16)),
        ("ES", date(2020, 3, 20), date(2020, 3, 20)),
    ],
)
def test_last_trading_days(root: str, expiry: date, day: date) -> None:
    assert last_trading_day(root, expiry) == day


@pytest.mark.parametrize(
    ("root", "expiry", "instant"),
    [
        ("SPX", date(2019, 6, 21), "2019-06-20T20:15"),
        ("SPXW", date(2019, 7, 3), "2019-07-03T17:00"),
        ("VIX", date(2020, 3, 18), "2020-03-17T20:15"),
        ("VX", date(2020, 3, 18), "2020-03-18T13:00"),
        ("ES", date(2020, 3, 20), "2020-03-20T13:30"),
    ],
)
def test_the_last_trade_of_a_contract(root: str, expiry: date, instant: str) -> None:
    last = at(instant)
    assert last_trade_instant(root, expiry) == last
    assert tradable(root, expiry, last)
    assert not tradable(root, expiry, last.replace(second=1))


def test_an_spx_option_cannot_be_traded_on_its_settlement_morning() -> None:
    expiry = date(2019, 6, 21)
    assert last_trade_instant("SPX", expiry) < settlement_instant("SPX", expiry)


def test_time_is_counted_to_the_second_over_365_days() -> None:
    snapshot = at("2019-06-20T20:15")
    assert tau("SPX", date(2019, 6, 21), snapshot) == (17 * 3600 + 15 * 60) / (365 * 86_400)
    assert tau("SPXW", date(2019, 6, 21), snapshot) == (23 * 3600 + 45 * 60) / (365 * 86_400)


def test_time_does_not_notice_the_change_of_clocks() -> None:
    friday, monday = at("2020-03-06T21:15"), date(2020, 3, 9)
    assert tau("SPXW", monday, friday) == (2 * 86_400 + 22 * 3600 + 45 * 60) / (365 * 86_400)


def test_no_time_is_left_after_settlement() -> None:
    assert tau("SPXW", date(2019, 6, 21), at("2019-06-21T20:15")) == 0.0


def test_times_of_several_expiries() -> None:
    asof, expiries = at("2019-06-03T20:15"), [date(2019, 6, 21), date(2019, 7, 19)]
    assert taus("SPX", expiries, asof).tolist() == [tau("SPX", expiry, asof) for expiry in expiries]


def test_an_unknown_root_does_not_expire() -> None:
    with pytest.raises(UsageError, match="'BVZ' is not a root"):
        settlement_instant("BVZ", date(2016, 6, 15))


def test_a_share_does_not_expire() -> None:
    with pytest.raises(UsageError, match=r"SVXY .* is a share and does not expire"):
        settlement_instant("SVXY", date(2016, 6, 15))
