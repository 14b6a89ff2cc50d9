"""Laws of symbols, sessions and expiries over whole ranges of inputs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh.core.errors import UsageError
from alvh.market.contracts import Option, Right
from alvh.market.expirations import (
    last_trade_instant,
    listed_expiries,
    settlement_instant,
    spx_monthly_expiry,
    tau,
    tradable,
    vx_monthly_expiry,
)
from alvh.market.listing import CYCLES
from alvh.market.sessions import trading_calendar
from alvh.market.symbols import compact, dxfeed, occ, parse_symbol

CALENDAR = trading_calendar(date(1990, 1, 1), date(2040, 12, 31))
DAYS = st.dates(min_value=date(2004, 1, 1), max_value=date(2035, 12, 31))
ROOTS = st.sampled_from(sorted(CYCLES))
OPTIONS = st.builds(
    Option,
    root=st.one_of(
        st.sampled_from(["SPX", "SPXW", "VIX", "VIXW", "XSP", "SPY", "VXX"]),
        st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=6),
    ),
    expiry=st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
    strike=st.integers(1, 99_999_999).map(lambda mills: mills / 1000),
    right=st.sampled_from(Right),
)


@given(OPTIONS)
def test_every_symbol_reads_back_as_the_option_it_was_written_from(option: Option) -> None:
    assert parse_symbol(occ(option)) == option
    assert parse_symbol(compact(option)) == option
    assert parse_symbol(dxfeed(option)) == option


@given(OPTIONS)
def test_an_occ_symbol_has_21_characters_and_the_compact_one_no_space(option: Option) -> None:
    assert len(occ(option)) == 21
    assert compact(option) == occ(option).replace(" ", "")


@given(OPTIONS, OPTIONS)
def test_different_options_have_different_symbols(one: Option, other: Option) -> None:
    assert (occ(one) == occ(other)) == (one == other)


@given(st.text(max_size=25))
def test_any_text_is_an_option_or_a_usage_error(text: str) -> None:
    try:
        option = parse_symbol(text)
    except UsageError:
        return
    assert text in {occ(option), compact(option), dxfeed(option)}


@given(st.text(" .0123456789CPSX", min_size=10, max_size=22))
def test_text_that_looks_like_a_symbol_is_never_half_read(text: str) -> None:
    try:
        option = parse_symbol(text)
    except UsageError:
        return
    assert option.strike > 0.0
    assert option.root in text


@given(DAYS)
def test_next_and_previous_are_inverse_on_sessions(day: date) -> None:
    session = CALENDAR.on_or_after(day)
    assert CALENDAR.previous(CALENDAR.next(session)) == session
    assert CALENDAR.next(CALENDAR.previous(session)) == session


@given(DAYS, DAYS, DAYS)
def test_counting_sessions_adds_up(first: date, second: date, third: date) -> None:
    assert CALENDAR.count(first, second) + CALENDAR.count(second, third) == CALENDAR.count(first, third)


@given(DAYS, st.integers(1, 300))
def test_a_step_of_n_sessions_counts_n(day: date, n: int) -> None:
    assert CALENDAR.count(day, CALENDAR.next(day, n)) == n
    assert CALENDAR.count(CALENDAR.previous(day, n), day) == n - 1 + CALENDAR.is_session(day)


@given(DAYS)
def test_a_day_opens_closes_and_is_then_snapped(day: date) -> None:
    session = CALENDAR.on_or_after(day)
    opens, closes = CALENDAR.open_instant(session), CALENDAR.close_instant(session)
    assert opens < closes < CALENDAR.snapshot_instant(session)
    assert closes.date() == session


@given(ROOTS, DAYS)
def test_every_listed_expiry_is_a_later_session(root: str, day: date) -> None:
    listed = listed_expiries(root, day)
    assert all(CALENDAR.is_session(expiry) and expiry > day for expiry in listed)
    assert list(listed) == sorted(set(listed))


@given(ROOTS, DAYS)
def test_what_is_listed_stays_listed_until_it_expires(root: str, day: date) -> None:
    tomorrow = day + timedelta(days=1)
    assert {expiry for expiry in listed_expiries(root, day) if expiry > tomorrow} <= set(
        listed_expiries(root, tomorrow)
    )


@given(ROOTS, DAYS, st.integers(0, 2000))
def test_a_horizon_only_cuts(root: str, day: date, max_days: int) -> None:
    everything = listed_expiries(root, day)
    assert listed_expiries(root, day, max_days) == tuple(e for e in everything if (e - day).days <= max_days)


@given(st.integers(2004, 2035), st.integers(1, 12))
def test_monthly_expiries_are_sessions_thirty_days_apart(year: int, month: int) -> None:
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    vix, spx = vx_monthly_expiry(year, month), spx_monthly_expiry(*after)
    assert CALENDAR.is_session(vix)
    assert CALENDAR.is_session(spx)
    assert vix.month == month
    assert 28 <= (spx - vix).days <= 31


@given(ROOTS, DAYS)
def test_trading_never_outlasts_settlement(root: str, day: date) -> None:
    for expiry in listed_expiries(root, day)[:5]:
        assert last_trade_instant(root, expiry) <= settlement_instant(root, expiry)


@given(ROOTS, DAYS)
def test_time_left_falls_to_zero_at_settlement_and_stays_there(root: str, day: date) -> None:
    for expiry in listed_expiries(root, day)[:5]:
        settles = settlement_instant(root, expiry)
        before = settles - timedelta(days=3)
        assert tau(root, expiry, before) == pytest.approx(3 / 365, rel=1e-12)
        assert tau(root, expiry, settles) == 0.0 == tau(root, expiry, settles + timedelta(days=3))


@given(ROOTS, DAYS)
def test_an_expiry_listed_at_the_snapshot_settles_after_it(root: str, day: date) -> None:
    session = CALENDAR.on_or_after(day)
    snapshot = CALENDAR.snapshot_instant(session)
    for expiry in listed_expiries(root, session)[:5]:
        assert tau(root, expiry, snapshot) > 0.0
        assert tradable(root, expiry, snapshot)


@given(DAYS)
def test_instants_do_not_depend_on_the_zone_they_are_compared_in(day: date) -> None:
    session = CALENDAR.on_or_after(day)
    close = CALENDAR.close_instant(session)
    assert close == datetime.fromtimestamp(close.timestamp(), UTC)
