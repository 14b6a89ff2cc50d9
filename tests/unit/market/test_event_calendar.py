from __future__ import annotations

import csv
from datetime import date, timedelta

import numpy as np
import pytest

from alvh.market.calendar import (
    Release,
    earnings_season_starts,
    fomc_meetings,
    fomc_minutes,
    in_earnings_season,
    quarterly_rebalancing,
    release_days,
    russell_reconstitution,
    sessions_since,
    sessions_until,
    third_fridays,
    vix_expiries,
)
from alvh.market.calendar.events import NEVER, events
from alvh.market.catalogue import entry
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar
from alvh.market.wall_clock import close_instants, eastern_instants

FIRST, LAST = date(1990, 1, 1), date(2027, 12, 31)


def sessions(first: str, last: str) -> np.ndarray:
    one, two = date.fromisoformat(first), date.fromisoformat(last)
    return trading_calendar(one, two).between(one, two)


def until(found, days):
    return sessions_until(found, days, close_instants(days))


def since(found, days):
    return sessions_since(found, days, close_instants(days))


def days_of(found) -> list[str]:
    return found.day.astype(str).tolist()


class TestDistances:
    days = sessions("2024-03-11", "2024-03-22")

    def test_both_are_zero_on_the_day_and_count_sessions_around_it(self) -> None:
        found = fomc_meetings(LAST)
        assert until(found, self.days).sessions.tolist()[:8] == [7, 6, 5, 4, 3, 2, 1, 0]
        assert since(found, self.days).sessions.tolist()[7:] == [0, 1, 2]

    def test_before_the_statement_the_meeting_is_still_ahead_and_has_not_happened(self) -> None:
        day = np.array(["2024-03-20"], "datetime64[D]")
        noon = eastern_instants(day, 12 * 60)
        assert sessions_until(fomc_meetings(LAST), day, noon).sessions[0] == 0
        assert sessions_since(fomc_meetings(LAST), day, noon).sessions[0] > 20

    def test_an_event_on_a_weekend_falls_on_the_session_after_it(self) -> None:
        sunday = np.array(["2024-03-17"], "datetime64[D]")
        found = events(sunday, eastern_instants(sunday, 1000))
        assert until(found, self.days).sessions.tolist()[:6] == [5, 4, 3, 2, 1, 0]
        assert since(found, self.days).sessions.tolist()[5:] == [0, 1, 2, 3, 4]

    def test_no_event_is_absent_and_not_far_away(self) -> None:
        none = events(self.days[:0], close_instants(self.days[:0]))
        assert not until(none, self.days).present.any()
        assert not since(none, self.days).present.any()
        past = events(self.days[:1], close_instants(self.days[:1]))
        assert until(past, self.days).present.tolist() == [True] + 9 * [False]

    def test_days_before_any_session_calendar_do_not_shift_the_count(self) -> None:
        old = np.array(["1985-06-03", "2024-03-20"], "datetime64[D]")
        assert until(events(old, close_instants(old)), self.days).sessions[0] == 7


class TestFomc:
    def test_an_emergency_meeting_is_not_seen_coming(self) -> None:
        days = sessions("2020-02-28", "2020-03-18")
        ahead = dict(zip(days.astype(str).tolist(), until(fomc_meetings(LAST), days).sessions.tolist(), strict=True))
        assert ahead["2020-02-28"] == 13
        assert ahead["2020-03-02"] == 12
        assert ahead["2020-03-03"] == 0
        assert ahead["2020-03-13"] == 3
        assert ahead["2020-03-16"] == 0
        assert ahead["2020-03-18"] == 29

    def test_the_meeting_that_was_called_off_never_happened(self) -> None:
        days = sessions("2020-03-18", "2020-03-20")
        assert since(fomc_meetings(LAST), days).sessions.tolist() == [2, 3, 4]

    def test_there_are_eight_scheduled_meetings_every_year(self) -> None:
        found = fomc_meetings(date(2031, 1, 1))
        scheduled = found.announced < found.instant
        years = found.day[scheduled].astype("datetime64[Y]").astype(int) + 1970
        assert set(np.bincount(years)[1994:2032].tolist()) == {8}

    def test_the_rule_is_near_the_schedule_where_both_are_known(self) -> None:
        from alvh.market.calendar.fomc import _continued

        (rule, _) = _continued(np.arange(2013, 2027), None)
        known = fomc_meetings(LAST)
        known = known.day[(known.announced < known.instant) & ~known.by_rule]
        gap = np.abs(rule.day[:, None] - known[None, :]).min(axis=1).astype(int)
        assert (gap <= 7).mean() >= 0.97
        assert (gap == 0).mean() > 0.4

    def test_years_after_the_list_are_labelled_and_real_days_replace_them(self) -> None:
        day = np.array(["2027-01-27"], "datetime64[D]")
        stamp = eastern_instants(day, 14 * 60)
        own = Series(name="FOMC", unit="1", period=day, known_at=stamp, value=np.ones(1), source="mine")
        days = sessions("2027-01-25", "2027-02-05")
        plain, known = (fomc_meetings(LAST, item) for item in (None, own))
        assert until(plain, days).by_rule.all()
        assert since(known, days).sessions[2:].tolist() == list(range(8))
        assert not since(known, days).by_rule[2:].any()
        assert until(known, days).sessions[3] > 20

    def test_minutes_come_three_weeks_later_and_before_2005_after_the_next_meeting(self) -> None:
        minutes = days_of(fomc_minutes(fomc_meetings(LAST)))
        assert "2024-04-10" in minutes
        assert "2020-04-08" in minutes
        assert "2005-01-04" in minutes
        assert "2004-12-16" in minutes
        assert "2004-12-01" not in minutes

    @pytest.mark.shared
    def test_the_days_are_those_of_the_shared_file(self, shared_data) -> None:
        text = (shared_data / "macro" / "fomc_decision_dates_2000_2026.csv").read_text().split()
        ours = fomc_meetings(date(2026, 12, 31))
        held = ours.day[(ours.withdrawn == NEVER) & (ours.day >= np.datetime64("2000-01-01"))]
        assert held.astype(str).tolist() == text[1:]


class TestReleases:
    def test_a_release_delayed_by_a_shutdown_is_moved_when_that_was_said(self) -> None:
        days = sessions("2025-10-08", "2025-10-27")
        ahead = until(release_days(Release.CPI, FIRST, LAST), days)
        found = dict(zip(days.astype(str).tolist(), ahead.sessions.tolist(), strict=True))
        assert found["2025-10-08"] == 5
        assert found["2025-10-10"] == 10
        assert found["2025-10-24"] == 0

    def test_the_month_that_was_never_published_is_no_event(self) -> None:
        days = sessions("2025-11-14", "2025-12-19")
        behind = since(release_days(Release.CPI, FIRST, LAST), days)
        assert behind.sessions[-1] == 1
        assert behind.sessions[0] == trading_calendar(FIRST, LAST).count(date(2025, 10, 24), date(2025, 11, 14))

    def test_days_by_rule_are_labelled_and_lie_in_their_month(self) -> None:
        for release in Release:
            found = release_days(release, date(2000, 1, 1), date(2010, 12, 31))
            assert found.day.size == 132
            assert found.by_rule.all()
            assert np.unique(found.day.astype("datetime64[M]")).size == 132
            assert np.isin(found.day, sessions("2000-01-01", "2010-12-31")).all()

    @pytest.mark.parametrize(
        ("release", "day"),
        [
            (Release.GDP, "2023-01-26"),
            (Release.GDP, "2021-11-24"),
            (Release.GDP, "2023-12-21"),
            (Release.GDP, "2022-07-28"),
            (Release.PPI, "2024-10-10"),
        ],
    )
    def test_the_rule_meets_days_a_person_remembers(self, release, day) -> None:
        found = release_days(release, FIRST, LAST)
        near = found.day[np.abs((found.day - np.datetime64(day)).astype(int)) <= 1]
        assert near.size == 1

    def test_a_true_day_replaces_the_guess_from_its_own_moment_on(self) -> None:
        period, day = np.array(["2010-01-01"], "datetime64[D]"), np.array(["2010-02-19"], "datetime64[D]")
        stamp = eastern_instants(day, 510)
        own = Series(name="CPI.RELEASE", unit="", period=period, known_at=stamp, value=np.ones(1), source="mine")
        days = sessions("2010-02-08", "2010-02-26")
        found = release_days(Release.CPI, date(2010, 1, 1), date(2010, 3, 31), own)
        behind = since(found, days)
        at = days.astype(str).tolist().index("2010-02-19")
        assert behind.sessions[at : at + 3].tolist() == [0, 1, 2]
        assert not behind.by_rule[at]
        plain = until(release_days(Release.CPI, date(2010, 1, 1), date(2010, 3, 31)), days)
        assert until(found, days).sessions[:5].tolist() == plain.sessions[:5].tolist()

    @pytest.mark.shared
    def test_the_cpi_days_are_those_of_the_shared_file(self, shared_data) -> None:
        with (shared_data / "macro" / "us_cpi_release_dates_2015_2026.csv").open() as stream:
            theirs = [row["release_date"] for row in csv.DictReader(stream)]
        ours = release_days(Release.CPI, date(2015, 1, 1), date(2026, 7, 31))
        assert ours.day[ours.withdrawn == NEVER].astype(str).tolist() == theirs


class TestExchangeRules:
    def test_third_fridays_and_their_holidays(self) -> None:
        found = days_of(third_fridays(date(2019, 4, 1), date(2019, 5, 1)))
        assert found == ["2019-04-18", "2019-05-17"]

    def test_vix_settlements(self) -> None:
        assert days_of(vix_expiries(date(2020, 3, 1), date(2020, 4, 30))) == ["2020-03-18", "2020-04-15"]

    def test_quarterly_rebalancing_is_four_times_a_year(self) -> None:
        found = days_of(quarterly_rebalancing(date(2024, 1, 1), date(2024, 12, 31)))
        assert found == ["2024-03-15", "2024-06-21", "2024-09-20", "2024-12-20"]

    def test_russell_is_reconstituted_on_the_last_friday_of_june(self) -> None:
        found = days_of(russell_reconstitution(date(2021, 1, 1), date(2024, 1, 1)))
        assert found == ["2021-06-25", "2022-06-24", "2023-06-30", "2024-06-28"]

    def test_earnings_seasons_start_on_second_fridays(self) -> None:
        found = days_of(earnings_season_starts(date(2024, 1, 1), date(2024, 12, 31)))
        assert found == ["2024-01-12", "2024-04-12", "2024-07-12", "2024-10-11"]

    def test_a_season_lasts_twenty_five_sessions_its_first_included(self) -> None:
        days = sessions("2024-01-02", "2024-03-28")
        inside = days[in_earnings_season(days)].astype(str).tolist()
        assert inside[0] == "2024-01-12"
        assert len(inside) == 25
        assert inside[-1] == "2024-02-16"

    def test_a_season_that_began_last_year_is_not_lost_on_the_first_session_asked_about(self) -> None:
        days = sessions("2024-01-16", "2024-01-31")
        assert in_earnings_season(days).all()


def test_the_whole_calendar_of_36_years_takes_a_few_hundredths_of_a_second() -> None:
    import time

    days = sessions("1990-01-02", "2026-08-03")
    stamps = close_instants(days)
    third_fridays(FIRST, LAST)  # expiry dates are kept after the first call
    vix_expiries(FIRST, LAST)
    begun = time.process_time()
    for found in (
        fomc_meetings(LAST),
        fomc_minutes(fomc_meetings(LAST)),
        *(release_days(release, FIRST, LAST) for release in Release),
        quarterly_rebalancing(FIRST, LAST),
        third_fridays(FIRST, LAST),
        vix_expiries(FIRST, LAST),
    ):
        sessions_until(found, days, stamps)
        sessions_since(found, days, stamps)
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("instant", ["2008-10-07T20:15:00", "2020-03-13T20:15:00", "2025-10-09T20:15:00"])
def test_what_a_session_sees_does_not_depend_on_how_far_the_calendar_reaches(instant) -> None:
    """The same distances from a calendar cut shortly after the instant, as from one that reaches to 2027."""
    stamp = np.datetime64(instant)
    day = stamp.astype("datetime64[D]").astype(date)
    days = sessions((day - timedelta(days=400)).isoformat(), day.isoformat())
    near, far = date(day.year, day.month, 28) + timedelta(days=95), LAST
    for make in (
        fomc_meetings,
        lambda last: release_days(Release.CPI, FIRST, last),
        lambda last: third_fridays(FIRST, last),
    ):
        short, long = make(near), make(far)
        for measure in (until, since):
            assert measure(short, days).sessions.tolist() == measure(long, days).sessions.tolist()


def test_the_catalogue_and_the_calendar_agree_on_the_hour_of_the_statement() -> None:
    assert entry("FOMC").release.minute == 14 * 60
