"""Term structure and variance clock of the modelled chain."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from alvh.market.sessions import trading_calendar
from alvh.pricing.modelled.clock import cboe_pair, variance_clock
from alvh.pricing.modelled.term import fit_term, total_variance


def fitted(vix9d: float, vix: float, vix3m: float, vix6m: float) -> object:
    return fit_term(vix9d, vix, vix3m, vix6m, 24.0, 1.0, 31.0, 1.0, 1.0 / 7.0)


def test_a_flat_term_structure_is_linear_in_time() -> None:
    table = fitted(20.0, 20.0, 20.0, 20.0)
    for days in (0.5, 9.0, 20.0, 30.0, 60.0, 184.0, 365.0):
        assert total_variance(table, days) == pytest.approx(0.04 * days / 365.0, rel=1e-9)


def test_the_line_between_the_two_expiries_returns_the_vix() -> None:
    table = fitted(12.0, 14.0, 17.0, 19.0)
    near, following = total_variance(table, 24.0), total_variance(table, 31.0)
    assert (near + 6.0 * following) / 7.0 == pytest.approx(0.14**2 * 30.0 / 365.0, rel=1e-9)
    # A convex curve lies below its chord.
    assert total_variance(table, 30.0) < 0.14**2 * 30.0 / 365.0


def test_the_other_nodes_are_met() -> None:
    table = fitted(12.0, 14.0, 17.0, 19.0)
    assert total_variance(table, 9.0) == pytest.approx(0.12**2 * 9.0 / 365.0)
    assert total_variance(table, 93.0) == pytest.approx(0.17**2 * 93.0 / 365.0)
    assert total_variance(table, 184.0) == pytest.approx(0.19**2 * 184.0 / 365.0)
    assert table[-1] == 0.0


def test_total_variance_rises_even_where_the_indices_say_otherwise() -> None:
    table = fitted(120.0, 40.0, 20.0, 15.0)
    values = [total_variance(table, days) for days in range(0, 400, 3)]
    assert all(later > earlier for earlier, later in pairwise(values))
    assert table[-1] == 1.0
    near, following = total_variance(table, 24.0), total_variance(table, 31.0)
    assert (near + 6.0 * following) / 7.0 == pytest.approx(0.40**2 * 30.0 / 365.0, rel=1e-6)


CLOCK = variance_clock(date(2019, 1, 1), date(2019, 12, 31))


def test_a_weekend_counts_a_twentieth_a_day() -> None:
    friday, monday = date(2019, 5, 3), date(2019, 5, 6)
    assert CLOCK.variance_days(friday, monday, at_open=False) == pytest.approx(1.1)


def test_an_opening_settlement_lacks_the_day() -> None:
    thursday, friday = date(2019, 5, 16), date(2019, 5, 17)
    assert CLOCK.variance_days(thursday, friday, at_open=True) == pytest.approx(0.5)


def test_a_holiday_counts_like_a_weekend_day() -> None:
    friday, tuesday = date(2019, 5, 24), date(2019, 5, 28)
    assert CLOCK.variance_days(friday, tuesday, at_open=False) == pytest.approx(1.15)


def seconds(day: date) -> tuple[float, float]:
    calendar = trading_calendar(day, day)
    return calendar.snapshot_instant(day).timestamp(), calendar.close_instant(day).timestamp()


def test_a_friday_is_its_own_measure() -> None:
    today, friday = date(2019, 5, 1), date(2019, 5, 24)
    ratio = CLOCK.ratio(today, seconds(today)[0], friday, seconds(friday)[1], at_open=False)
    assert ratio == pytest.approx(1.0)


def test_a_monday_holds_less_variance_than_the_calendar_says() -> None:
    today, monday = date(2019, 5, 1), date(2019, 5, 20)
    ratio = CLOCK.ratio(today, seconds(today)[0], monday, seconds(monday)[1], at_open=False)
    assert 0.85 < ratio < 0.95


@pytest.mark.parametrize(
    ("session", "pair"),
    [
        (date(2019, 5, 1), (("SPXW", date(2019, 5, 31)), ("SPXW", date(2019, 6, 7)))),
        (date(2019, 5, 22), (("SPX", date(2019, 6, 21)), ("SPXW", date(2019, 6, 28)))),
        (date(2014, 9, 30), (("SPX", date(2014, 10, 17)), ("SPX", date(2014, 11, 21)))),
        (date(2008, 10, 10), (("SPX", date(2008, 11, 21)), ("SPX", date(2008, 12, 19)))),
    ],
)
def test_the_pair_is_the_one_the_index_was_made_from(session: date, pair: tuple[object, object]) -> None:
    assert cboe_pair(session) == pair
