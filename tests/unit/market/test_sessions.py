from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.market.sessions import Calendar, trading_calendar


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return trading_calendar(date(2006, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2014, 4, 18), "Good Friday"),
        (date(2019, 5, 27), "Memorial Day"),
        (date(2012, 10, 29), "hurricane Sandy"),
        (date(2018, 12, 5), "mourning for George H. W. Bush"),
        (date(2025, 1, 9), "mourning for Jimmy Carter"),
        (date(2022, 6, 20), "Juneteenth observed"),
        (date(2020, 3, 21), "Saturday"),
    ],
)
def test_closed_days(calendar: Calendar, day: date, why: str) -> None:
    assert not calendar.is_session(day), why


def test_juneteenth_was_a_session_before_it_was_a_holiday(calendar: Calendar) -> None:
    assert calendar.is_session(date(2019, 6, 19))


def test_steps_start_from_sessions_and_from_closed_days(calendar: Calendar) -> None:
    thursday, good_friday, monday = date(2014, 4, 17), date(2014, 4, 18), date(2014, 4, 21)
    assert calendar.next(thursday) == calendar.next(good_friday) == monday
    assert calendar.previous(monday) == calendar.previous(good_friday) == thursday
    assert calendar.on_or_before(good_friday) == calendar.on_or_before(thursday) == thursday
    assert calendar.on_or_after(good_friday) == calendar.on_or_after(monday) == monday


def test_steps_of_several_sessions(calendar: Calendar) -> None:
    assert calendar.next(date(2014, 4, 18), 2) == date(2014, 4, 22)
    assert calendar.previous(date(2014, 4, 21), 2) == date(2014, 4, 16)


def test_sessions_are_counted_after_the_first_day_up_to_the_last(calendar: Calendar) -> None:
    assert calendar.count(date(2014, 4, 17), date(2014, 4, 21)) == 1
    assert calendar.count(date(2014, 4, 18), date(2014, 4, 18)) == 0
    assert calendar.count(date(2014, 4, 21), date(2014, 4, 17)) == -1


def test_a_year_has_252_sessions(calendar: Calendar) -> None:
    assert calendar.between(date(2019, 1, 1), date(2019, 12, 31)).size == 252


@pytest.mark.parametrize(
    ("day", "opens", "closes", "snapshot"),
    [
        (date(2019, 1, 15), "14:30", "21:00", "21:15"),
        (date(2019, 7, 15), "13:30", "20:00", "20:15"),
        (date(2019, 7, 3), "13:30", "17:00", "17:15"),
        (date(2024, 11, 29), "14:30", "18:00", "18:15"),
        (date(2020, 3, 6), "14:30", "21:00", "21:15"),
        (date(2020, 3, 9), "13:30", "20:00", "20:15"),
    ],
)
def test_instants_of_a_day_follow_the_clock_of_new_york(
    calendar: Calendar, day: date, opens: str, closes: str, snapshot: str
) -> None:
    def instant(clock: str) -> datetime:
        return datetime.fromisoformat(f"{day}T{clock}+00:00")

    assert calendar.open_instant(day) == instant(opens)
    assert calendar.close_instant(day) == instant(closes)
    assert calendar.snapshot_instant(day) == instant(snapshot)


def test_instants_are_aware_utc(calendar: Calendar) -> None:
    assert calendar.close_instant(date(2019, 7, 15)).tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "early"),
    [
        (date(2019, 7, 3), True),
        (date(2019, 11, 29), True),
        (date(2019, 12, 24), True),
        (date(2019, 7, 2), False),
        (date(2021, 12, 24), None),
    ],
)
def test_early_closes(calendar: Calendar, day: date, early: bool | None) -> None:
    if early is None:
        with pytest.raises(UsageError, match="not a trading session"):
            calendar.is_early_close(day)
    else:
        assert calendar.is_early_close(day) is early


def test_early_closes_are_exactly_those_before_four_in_new_york(calendar: Calendar) -> None:
    hours = (calendar.closes - calendar.opens) / 3600
    np.testing.assert_array_equal(calendar.early, hours < 6.5)


def test_the_day_of_an_instant_must_be_a_session(calendar: Calendar) -> None:
    with pytest.raises(UsageError, match=r"2019-05-27 \(Monday\) is not a trading session\..*2019-05-24"):
        calendar.close_instant(date(2019, 5, 27))


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.is_session(date(1962, 1, 2)),
        lambda c: c.next(date(2301, 1, 1)),
        lambda c: c.previous(c.first),
        lambda c: c.next(c.last),
        lambda c: c.count(date(1962, 1, 2), date(2019, 1, 2)),
    ],
)
def test_questions_outside_the_range_are_refused(calendar: Calendar, ask: Callable[[Calendar], object]) -> None:
    with pytest.raises(UsageError, match="trading calendar"):
        ask(calendar)


def test_a_step_of_zero_is_refused(calendar: Calendar) -> None:
    with pytest.raises(UsageError, match="at least 1"):
        calendar.next(date(2019, 1, 2), 0)


def test_overlapping_requests_share_one_calendar(calendar: Calendar) -> None:
    assert trading_calendar(date(2019, 4, 25), date(2019, 6, 28)) is calendar


def test_an_early_start_is_covered() -> None:
    assert trading_calendar(date(1950, 1, 3), date(1950, 12, 29)).is_session(date(1950, 1, 3))


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (date(2020, 1, 2), date(2019, 1, 2), "runs backwards"),
        (date(202, 1, 2), date(2019, 1, 2), "leaves the years 1928-2200"),
        (date(2019, 1, 2), date(2919, 1, 2), "leaves the years 1928-2200"),
    ],
)
def test_a_nonsensical_range_is_refused(start: date, end: date, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        trading_calendar(start, end)


def test_the_arrays_cannot_be_written(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="read-only"):
        calendar.sessions[0] = np.datetime64("2000-01-01")


def test_importing_the_room_does_not_import_pandas() -> None:
    code = "import sys, alvh.market.expirations, alvh.market.symbols; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
