"""Missing contracts come back exactly where the constant-maturity series reaches, and never from a weekly."""

from datetime import date, timedelta

import numpy as np
import pytest

from alvh.adapters.series_making import make_series
from alvh.adapters.vx_reconstruction import Rebuilt, rebuild, serial_expiries
from alvh.market.catalogue import entry
from alvh.market.expirations import vx_monthly_expiry
from alvh.market.sessions import trading_calendar

SESSION = date(2018, 2, 5)
EXPIRIES = [vx_monthly_expiry(2018, month) for month in range(2, 11)]
PRICES = [33.225, 27.975, 24.725, 20.95, 19.375, 19.425, 20.425, 18.925, 18.975]


def one_day(name, value):
    return make_series(entry(name), np.array([SESSION], "datetime64[D]"), np.array([value]), "test")


def constant_maturity(months):
    """Interpolate the full curve as the series does: 21 sessions a month ahead, contracts at their last trading day."""
    calendar = trading_calendar(SESSION, SESSION + timedelta(days=366)).sessions
    place = int(np.searchsorted(calendar, np.datetime64(SESSION)))
    last = [(expiry - timedelta(days=1)).toordinal() for expiry in EXPIRIES]
    targets = {month: calendar[place + 21 * month].item().toordinal() for month in months}
    return {month: one_day(f"VX.CM{month}", float(np.interp(at, last, PRICES))) for month, at in targets.items()}


def known_without(*missing):
    kept = [(expiry, price) for expiry, price in zip(EXPIRIES, PRICES, strict=True) if expiry not in missing]
    return Rebuilt(
        session=np.array([SESSION] * len(kept), "datetime64[D]"),
        expiry=np.array([expiry for expiry, _ in kept], "datetime64[D]"),
        price=np.array([price for _, price in kept]),
    )


def rebuilt(missing, levels=None, vix=None):
    got = rebuild(known_without(*missing), EXPIRIES, levels or {}, vix)
    return dict(zip(got.expiry.tolist(), got.price.tolist(), strict=True))


@pytest.mark.parametrize("place", range(6))
def test_a_missing_contract_follows_from_its_neighbour_and_the_level(place):
    got = rebuilt([EXPIRIES[place]], constant_maturity(range(1, 7)))
    assert got == {EXPIRIES[place]: pytest.approx(PRICES[place], abs=1e-4)}


def test_two_neighbours_missing_are_solved_from_their_known_sides():
    missing = [EXPIRIES[0], EXPIRIES[1]]
    got = rebuilt(missing, constant_maturity(range(1, 7)))
    assert [got[expiry] for expiry in missing] == pytest.approx(PRICES[:2], abs=1e-4)


def test_without_levels_a_contract_lies_between_its_neighbours():
    got = rebuilt([EXPIRIES[2]])
    assert 20.95 < got[EXPIRIES[2]] < 27.975


def test_without_levels_the_nearest_lies_between_the_vix_and_the_next():
    got = rebuilt([EXPIRIES[0]], vix=one_day("VIX", 37.32))
    weight = 8 / 43
    assert got[EXPIRIES[0]] == pytest.approx((1 - weight) * 37.32 + weight * 27.975, abs=1e-3)


def test_without_levels_and_vix_the_nearest_stays_missing():
    assert rebuilt([EXPIRIES[0]]) == {}


def test_nothing_is_rebuilt_beyond_the_last_listed_contract():
    assert rebuilt([EXPIRIES[-1]], constant_maturity(range(1, 7))) == {}


def test_a_contract_is_not_rebuilt_before_its_first_price():
    later = np.datetime64(SESSION + timedelta(days=1))
    known = known_without(EXPIRIES[3])
    known = Rebuilt(
        session=np.append(known.session, later),
        expiry=np.append(known.expiry, np.datetime64(EXPIRIES[3])),
        price=np.append(known.price, 21.0),
    )
    assert rebuild(known, EXPIRIES, {}, None).price.size == 0


def test_serial_expiries_start_when_every_month_was_listed():
    months = serial_expiries([date(2004, 5, 19), date(2006, 3, 22)])
    assert months == [date(2006, 1, 18), date(2006, 2, 15), date(2006, 3, 22)]
    assert serial_expiries([]) == []
