from __future__ import annotations

from datetime import date, timedelta

import pytest

from alvh.core.errors import UsageError
from alvh.market.expirations import (
    is_monthly_spx,
    is_monthly_vx,
    listed_expiries,
    listed_spx_expiries,
    listed_vix_expiries,
    listed_vx_expiries,
)
from alvh.market.listing import CYCLES, Cycle

JUNE = date(2019, 6, 3)


def test_an_era_lists_an_expiry_so_many_days_ahead() -> None:
    cycle = Cycle(dates=lambda year: [date(year, 6, 21)], eras=((date(2010, 1, 1), 30),))
    assert cycle.listed_from(date(2019, 6, 21)) == date(2019, 5, 22)


def test_an_expiry_before_its_programme_is_never_listed() -> None:
    cycle = Cycle(dates=lambda year: [date(year, 6, 21)], eras=((date(2010, 1, 1), 30),))
    assert cycle.listed_from(date(2009, 6, 19)) is None
    assert cycle.listed_from(date(2010, 1, 15)) == date(2010, 1, 1)


def test_a_later_era_takes_over_where_it_begins() -> None:
    cycle = Cycle(dates=lambda year: [date(year, 6, 21)], eras=((date(2010, 1, 1), 30), (date(2019, 6, 1), 60)))
    assert cycle.listed_from(date(2019, 6, 21)) == date(2019, 5, 22)
    assert cycle.listed_from(date(2019, 7, 15)) == date(2019, 6, 1)


def test_a_later_era_may_list_less_far_ahead() -> None:
    cycle = Cycle(dates=lambda year: [date(year, 6, 21)], eras=((date(2010, 1, 1), 60), (date(2019, 6, 1), 30)))
    assert cycle.listed_from(date(2019, 7, 20)) == date(2019, 5, 21)
    assert cycle.listed_from(date(2019, 8, 20)) == date(2019, 7, 21)


@pytest.mark.parametrize(
    ("session", "weekdays"),
    [
        (date(2012, 3, 5), {4}),
        (date(2016, 5, 2), {2, 4}),
        (date(2019, 6, 3), {0, 2, 4}),
        (date(2022, 8, 1), {0, 1, 2, 3, 4}),
    ],
)
def test_weeklies_by_era(session: date, weekdays: set[int]) -> None:
    listed = listed_expiries("SPXW", session, 14)
    assert {expiry.weekday() for expiry in listed} == weekdays


def test_before_the_weeklies_there_are_only_monthlies() -> None:
    assert listed_expiries("SPXW", date(2008, 9, 15)) == ()
    assert listed_expiries("SPX", date(2008, 9, 15), 70) == (
        date(2008, 9, 19),
        date(2008, 10, 17),
        date(2008, 11, 21),
    )


def test_long_dated_options_are_listed_in_december() -> None:
    assert listed_expiries("SPX", JUNE)[-2:] == (date(2020, 12, 18), date(2021, 12, 17))


def test_spx_and_spxw_share_the_third_friday() -> None:
    listed = listed_spx_expiries(JUNE, 18)
    assert listed[-2:] == (("SPX", date(2019, 6, 21)), ("SPXW", date(2019, 6, 21)))


def test_the_day_itself_is_gone() -> None:
    assert date(2019, 6, 21) not in listed_expiries("SPXW", date(2019, 6, 21))
    assert date(2019, 6, 21) in listed_expiries("SPX", date(2019, 6, 20))


def test_a_monday_holiday_moves_its_weekly_to_tuesday() -> None:
    assert date(2022, 2, 22) in listed_expiries("SPXW", date(2022, 2, 4))


def test_new_year_moves_a_friday_into_the_old_year() -> None:
    assert date(2020, 12, 31) in listed_expiries("SPXW", date(2020, 12, 30))


def test_a_horizon_is_inclusive() -> None:
    assert listed_expiries("SPX", date(2019, 6, 19), 30)[-1] == date(2019, 7, 19)
    assert listed_expiries("SPX", date(2019, 6, 19), 29)[-1] == date(2019, 6, 21)
    assert listed_expiries("SPX", date(2019, 6, 19), 0) == ()


def test_an_spx_monthly_one_to_two_months_out_is_listed_on_every_day_of_twenty_years() -> None:
    day = date(2006, 1, 3)
    while day < date(2026, 1, 1):
        assert any(28 <= (expiry - day).days <= 63 for expiry in listed_expiries("SPX", day)), day
        day += timedelta(days=1)


def test_vix_options_begin_in_2006() -> None:
    assert listed_expiries("VIX", date(2006, 2, 23)) == ()
    assert listed_expiries("VIX", date(2006, 2, 24))[0] == date(2006, 3, 22)


def test_vix_lists_monthlies_and_vixw_the_other_wednesdays() -> None:
    listed = listed_vix_expiries(date(2019, 5, 1), 40)
    assert listed == (
        ("VIXW", date(2019, 5, 8)),
        ("VIXW", date(2019, 5, 15)),
        ("VIX", date(2019, 5, 22)),
        ("VIXW", date(2019, 5, 29)),
        ("VIXW", date(2019, 6, 5)),
    )


def test_roots_of_vix_agree_with_the_rule_of_the_month() -> None:
    for session in (date(2016, 6, 1), date(2019, 3, 4), date(2024, 5, 20)):
        assert all((root == "VIX") == is_monthly_vx(expiry) for root, expiry in listed_vix_expiries(session))


def test_monthly_spx_is_always_a_third_friday() -> None:
    assert all(is_monthly_spx(expiry) for expiry in listed_expiries("SPX", date(2014, 3, 3)))


def test_vx_lists_nine_months() -> None:
    listed = listed_vx_expiries(date(2019, 6, 20))
    assert len(listed) == 9
    assert (listed[0], listed[-1]) == (date(2019, 7, 17), date(2020, 3, 18))


def test_index_futures_are_quarterly() -> None:
    assert {expiry.month for expiry in listed_expiries("ES", JUNE)} == {3, 6, 9, 12}


def test_a_root_without_a_programme_is_refused() -> None:
    with pytest.raises(UsageError, match="No listing programme is known for the root 'SPY'"):
        listed_expiries("SPY", JUNE)


def test_eras_are_in_order() -> None:
    for cycles in CYCLES.values():
        for cycle in cycles:
            assert [since for since, _ in cycle.eras] == sorted(since for since, _ in cycle.eras)
