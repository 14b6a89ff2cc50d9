"""When values dated by a day became public."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from alvh.market.catalogue import CATALOGUE, Frequency, canonical, entry, known, share_entry
from alvh.market.release import Anchor, Release, known_at
from alvh.market.sessions import trading_calendar
from alvh.market.wall_clock import close_instants, early_close_days, eastern_instants, month_ends, quarter_ends


def days(*texts):
    return np.array(texts, "datetime64[D]")


def test_new_york_time_agrees_with_the_zone_database_since_1967():
    span = np.arange("1967-01-01", "2040-01-01", 3, dtype="datetime64[D]")
    zone = ZoneInfo("America/New_York")
    expected = [datetime(d.year, d.month, d.day, 16, 15, tzinfo=zone).astimezone(UTC) for d in span.tolist()]
    plain = np.array([instant.replace(tzinfo=None) for instant in expected], "datetime64[s]")
    assert np.array_equal(eastern_instants(span, 975), plain)


def test_early_closes_agree_with_the_exchange_calendar():
    calendar = trading_calendar(date(1993, 1, 1), date(2035, 12, 31))
    theirs = calendar.sessions[calendar.early]
    theirs = theirs[(theirs >= days("1993-01-01")[0]) & (theirs <= days("2035-12-31")[0])]
    ours = early_close_days()
    assert np.array_equal(ours[ours <= days("2035-12-31")[0]], theirs)


def test_closes_are_known_at_a_quarter_past_the_close():
    got = close_instants(days("2018-02-05", "2018-07-03", "2018-07-05"))
    assert got.astype(str).tolist() == [
        "2018-02-05T21:15:00",
        "2018-07-03T17:15:00",
        "2018-07-05T20:15:00",
    ]


def test_period_ends():
    assert month_ends(days("2024-02-10")).tolist() == [date(2024, 2, 29)]
    assert quarter_ends(days("2023-11-01", "2024-01-01")).tolist() == [date(2023, 12, 31), date(2024, 3, 31)]


def test_a_weekday_lag_skips_the_weekend():
    release = Release(anchor=Anchor.WEEKDAY, days=1, minute=570)
    assert (
        known_at(release, days("2024-03-01", "2024-03-02", "2024-03-03")).astype(str).tolist()
        == ["2024-03-04T14:30:00"] * 3
    )


def test_treasury_yield_is_seen_by_the_next_session_only():
    instant = known_at(entry("DGS3MO").release, days("2024-03-06"))[0]
    assert np.datetime64("2024-03-06T21:15") < instant < np.datetime64("2024-03-07T21:15")


@pytest.mark.parametrize("name", ["CPIAUCSL", "CPILFESL", "PPIACO"])
def test_prices_without_a_calendar_wait_26_days_after_their_month(name):
    assert known_at(entry(name).release, days("2015-01-01")).astype(str).tolist() == ["2015-02-26T13:30:00"]


def test_gdp_is_known_thirty_days_after_its_quarter():
    assert known_at(entry("GDPC1").release, days("2024-01-01")).astype(str).tolist() == ["2024-04-30T12:30:00"]


def test_recession_dates_are_not_known_for_two_years():
    assert known_at(entry("USREC").release, days("2007-12-01"))[0] > np.datetime64("2009-12-01")


def test_fields_families_and_aliases_find_their_row():
    assert known("VIX.open").unit == "vol points"
    assert known("DGS7").unit == "% p.a."
    assert known("VX/2018-02-14.volume").unit == "shares or contracts"
    assert known("VX/2018-02-14.settle").unit == "vol points"
    assert canonical("VIXCLS") == "VIX"
    assert known("NOBODY") is None


def test_a_stranger_gets_a_late_rule_by_its_frequency():
    monthly = entry("NOBODY", Frequency.MONTHLY)
    assert known_at(monthly.release, days("2024-01-01"))[0] > np.datetime64("2024-03-10")
    assert not monthly.positive


def test_an_unknown_share_has_positive_prices_on_sessions():
    assert share_entry("ACME").on_sessions
    assert share_entry("ACME").positive


def test_every_row_of_the_catalogue_says_what_it_is():
    for name, row in CATALOGUE.items():
        assert row.meaning, name
        assert row.unit, name
        assert row.max_age > 0, name
        assert row.release.sentence, name
