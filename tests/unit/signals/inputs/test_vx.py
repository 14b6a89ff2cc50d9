from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from alvh.market.catalogue import entry
from alvh.market.expirations import vx_monthly_expiry
from alvh.market.release import known_at
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar
from alvh.signals.inputs import with_derived
from alvh.signals.inputs.vx import ROLL_SESSIONS, vx_columns
from fakes.worlds import made

EXPIRIES = [vx_monthly_expiry(2024, month) for month in range(1, 9)]


def curve_lookup(first: date, last: date, price, ranks: int = 4):
    """A market whose contracts cost price(session, expiry)."""
    sessions = trading_calendar(first, last).between(first, last)
    rows = [
        (session, expiry, price(session.item(), expiry))
        for session in sessions
        for expiry in [day for day in EXPIRIES if day > session.item()][:ranks]
    ]
    period = np.array([row[0] for row in rows])
    number = np.array([float(row[1].strftime("%Y%m%d")) for row in rows])
    found = (made("VX.CURVE", period, np.array([row[2] for row in rows])), made("VX.CURVE.expiry", period, number))
    return with_derived({series.name: series for series in found}.get)


def on(series: Series, day: date) -> float:
    return float(series.value[series.period == np.datetime64(day)][0])


def sloped(session: date, expiry: date) -> float:
    return 15.0 + 0.02 * (expiry - session).days


class TestRanksAndMaturities:
    lookup = curve_lookup(date(2024, 1, 2), date(2024, 3, 28), sloped)

    def test_a_contract_leaves_the_curve_on_its_settlement_day(self) -> None:
        first = self.lookup("VX1")
        assert on(first, date(2024, 1, 16)) == pytest.approx(15.02)
        assert on(first, date(2024, 1, 17)) == pytest.approx(15.0 + 0.02 * 28)

    def test_a_maturity_lies_on_the_line_between_two_contracts(self) -> None:
        thirty = self.lookup("VX30")
        assert thirty.value == pytest.approx(np.full(thirty.value.size, 15.6))
        assert (thirty.known_at == known_at(entry("VX30").release, thirty.period)).all()

    def test_after_a_settlement_the_line_is_followed_back_no_more_than_a_week(self) -> None:
        lookup = curve_lookup(date(2024, 1, 17), date(2024, 2, 23), sloped)
        # On 2024-02-14 the next contract is 35 days away.
        assert on(lookup("VX30"), date(2024, 2, 14)) == pytest.approx(15.6)
        late = curve_lookup(date(2024, 2, 14), date(2024, 2, 15), sloped)
        keep = np.array([False, True, True, True] * 2)
        holes = {
            name: Series(
                name=name,
                unit="",
                period=late(name).period[keep],
                known_at=late(name).known_at[keep],
                value=late(name).value[keep],
                source="",
            )
            for name in ("VX.CURVE", "VX.CURVE.expiry")
        }
        assert with_derived(holes.get)("VX30").value.size == 0

    def test_a_tenor_beyond_the_last_contract_is_absent(self) -> None:
        assert self.lookup("VX180").value.size == 0
        assert self.lookup("VX90").value == pytest.approx(np.full(self.lookup("VX90").value.size, 16.8))

    def test_a_market_without_futures_has_none_of_them(self) -> None:
        lookup = with_derived(lambda name: None)
        assert lookup("VX1") is lookup("VX30") is lookup("VX1.CONTINUOUS") is None

    def test_the_middle_of_two_contracts_by_hand(self, shared_reference) -> None:
        case = json.loads((shared_reference / "term_structure.json").read_text())["cases"][0]
        session = date(2024, 1, 2)
        prices = {0: case["VX1"], 1: case["VX2"]}
        days = [case["d1"], case["d2"]]
        period = np.repeat(np.array([session], "datetime64[D]"), 2)
        expiry = [float((np.datetime64(session) + day).item().strftime("%Y%m%d")) for day in days]
        found = {
            "VX.CURVE": made("VX.CURVE", period, np.array([prices[0], prices[1]])),
            "VX.CURVE.expiry": made("VX.CURVE.expiry", period, np.array(expiry)),
        }
        assert with_derived(found.get)("VX30").value[0] == pytest.approx(case["cm30_linear"], rel=1e-12)


class TestContinuous:
    def test_the_roll_is_at_the_close_five_sessions_before_settlement_and_changes_no_level(self) -> None:
        lookup = curve_lookup(date(2024, 1, 2), date(2024, 1, 31), lambda s, e: 10.0 if e == EXPIRIES[0] else 20.0)
        # Both contracts stand still, so the roll from 10 to 20 must leave no trace.
        assert lookup("VX1.CONTINUOUS").value == pytest.approx(np.full(21, 10.0))

    def test_returns_are_those_of_the_contract_held_at_the_close_before(self) -> None:
        roll = date(2024, 1, 9)
        assert trading_calendar(roll, EXPIRIES[0]).count(roll, EXPIRIES[0]) == ROLL_SESSIONS

        def price(session: date, expiry: date) -> float:
            return 10.0 + session.day if expiry == EXPIRIES[0] else 20.0 + 2.0 * session.day

        level = curve_lookup(date(2024, 1, 2), date(2024, 1, 16), price)("VX1.CONTINUOUS")
        assert on(level, roll) == pytest.approx(19.0)
        assert on(level, date(2024, 1, 10)) == pytest.approx(19.0 * 40.0 / 38.0)

    def test_a_day_without_the_held_contract_has_no_value(self) -> None:
        lookup = curve_lookup(date(2024, 1, 2), date(2024, 1, 9), sloped, ranks=2)
        period = lookup("VX.CURVE").period
        keep = ~((period == np.datetime64("2024-01-04")) & (np.arange(period.size) % 2 == 0))
        found = {name: made(name, period[keep], lookup(name).value[keep]) for name in ("VX.CURVE", "VX.CURVE.expiry")}
        level = with_derived(found.get)("VX1.CONTINUOUS")
        assert np.datetime64("2024-01-04") not in level.period


@pytest.fixture(scope="module")
def shared_lookup(shared_data, tmp_path_factory):
    from alvh.adapters.importing import import_paths
    from alvh.adapters.series_store import SeriesStore

    path = tmp_path_factory.mktemp("store")
    names = ("vix_futures", "index/vol_and_tr_indices_2005_2023.csv.gz", "index/vix_ohlc_daily.csv.gz")
    assert not import_paths([shared_data / name for name in names], path).refused
    return with_derived(SeriesStore.open(path).get)


def roll_weights(sessions):
    """Weight of the first contract after each close: dr / dt of the S&P VIX short-term index, in sessions."""
    days = trading_calendar(date(2004, 1, 1), date(2026, 12, 31)).sessions
    settled = np.array([vx_monthly_expiry(y, m) for y in range(2004, 2027) for m in range(1, 13)], "datetime64[D]")
    place = np.searchsorted(settled, sessions, side="right")
    number = lambda day: np.searchsorted(days, day)  # noqa: E731
    left = number(settled[place]) - number(sessions) - 1
    return left / (number(settled[place]) - number(settled[place - 1])), settled[place], settled[place + 1]


@pytest.mark.shared
def test_the_roll_weights_are_those_of_the_published_rule(shared_reference):
    cases = json.loads((shared_reference / "spvxstr_roll.json").read_text())["weights"]
    weight, _, _ = roll_weights(np.array([case["date"] for case in cases], "datetime64[D]"))
    assert weight == pytest.approx([case["crw_first"] for case in cases], rel=1e-12)


@pytest.mark.shared
def test_the_curve_reproduces_the_short_term_futures_index_day_by_day(shared_lookup):
    """SPVXSP is the daily roll from the first into the second contract; our settlements must give its returns."""
    curve = vx_columns(shared_lookup)
    weight, first, second = roll_weights(curve.session)
    settles = curve.session[:, None] + np.nan_to_num(curve.days).astype("timedelta64[D]")

    def price(rows, contract):
        same = settles[rows] == contract[:, None]
        found = curve.price[rows, same.argmax(axis=1)]
        return np.where(same.any(axis=1), found, np.nan)

    rows = np.arange(1, curve.session.size)
    one, two, held = first[:-1], second[:-1], weight[:-1]
    value = [np.where(held > 0, held * price(at, one), 0.0) + (1 - held) * price(at, two) for at in (rows, rows - 1)]
    ours = value[0] / value[1] - 1.0
    index = shared_lookup("SPVXSP")
    theirs = np.diff(index.value) / index.value[:-1]
    _, left, right = np.intersect1d(curve.session[1:], index.period[1:], return_indices=True)
    gap = np.abs(ours[left] - theirs[right])
    assert np.isfinite(gap).sum() > 4200
    assert np.nanmedian(gap) < 1e-6
    assert np.nanmean(gap < 1e-4) > 0.98
    whole = np.isin(curve.session[1:][left].astype("datetime64[Y]").astype(int) + 1970, (2008, 2009, 2010, 2011, 2020))
    assert np.nanmax(gap[whole]) < 1e-4


@pytest.mark.shared
def test_the_continuous_future_moves_like_the_short_term_index(shared_lookup):
    ours, index = shared_lookup("VX1.CONTINUOUS"), shared_lookup("SPVXSP")
    _, left, right = np.intersect1d(ours.period, index.period, return_indices=True)
    moves = [np.diff(np.log(item.value[rows])) for item, rows in ((ours, left), (index, right))]
    assert np.corrcoef(*moves)[0, 1] > 0.985
