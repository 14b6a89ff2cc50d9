"""The simulated market as a market source: consistency, determinism, settlements, clocks."""

from __future__ import annotations

import math
from datetime import UTC, date, timedelta

import numpy as np
import pytest

from alvh.core.errors import CoverageError, UsageError
from alvh.market.catalogue import known
from alvh.market.chain import Origin, QuoteStatus
from alvh.market.contracts import Future, Option, Right, Share
from alvh.market.curve import CurveOrigin
from alvh.market.leverage import VIX_ETPS
from alvh.simulation.joint import THIRTY_DAYS
from alvh.simulation.opening import open_simulated, parse_name
from alvh.simulation.scenarios import SCENARIOS
from fakes.recomputed import recomputed_vix

NAMES = ("simulated:1", "simulated:quintic-jumps:1", "simulated:svj:1")
DAYS = (date(2014, 12, 5), date(2017, 3, 1), date(2019, 6, 3), date(2020, 3, 17), date(2022, 11, 9), date(2025, 1, 10))


@pytest.fixture(scope="module")
def markets():
    return {name: open_simulated(name) for name in NAMES}


@pytest.fixture(scope="module")
def house(markets):
    return markets["simulated:1"]


@pytest.mark.parametrize("name", NAMES)
def test_vix_of_the_quotes_is_the_vix(markets, name):
    for day in DAYS:
        view = markets[name].view(day)
        # Cboe's line between two expiries bends where forward variance does: a thousandth of VIX when it is high.
        assert abs(recomputed_vix(view, ticks=False) - view.vix) < max(0.03, 1e-3 * view.vix), day
        assert abs(recomputed_vix(view, ticks=True) - view.vix) < 0.15, day


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_vix_of_the_quotes_is_the_vix_in_a_crisis(scenario):
    source = open_simulated(f"simulated:{scenario}@2017-02-01")
    sessions = source.sessions()
    first = sessions.index(date(2017, 2, 1))
    for place in (first, first + 4, first + 9, first + 14):
        view = source.view(sessions[place])
        assert view.vix == pytest.approx(SCENARIOS[scenario].days[place - first][1], rel=1e-9)
        assert abs(recomputed_vix(view, ticks=False) - view.vix) < max(0.03, 1.5e-3 * view.vix)
        assert abs(recomputed_vix(view, ticks=True) - view.vix) < 0.15


@pytest.mark.parametrize("name", NAMES)
def test_vx_is_the_forward_of_vix_options_and_the_mean_of_the_law(markets, name):
    view = markets[name].view(DAYS[2])
    for expiry in view.expiries("VIX")[:4]:
        assert view.slice("VIX", expiry).forward == pytest.approx(view.curve.forward(expiry), rel=1e-6)
    assert set(view.curve.origin) == {CurveOrigin.SIMULATED}


@pytest.mark.parametrize("name", NAMES)
def test_expected_vix_over_drawn_states_is_vx(markets, name):
    """VX against the mean of VIX over the model's own transition, by nested expectation: E[VX_t(T)] = VX_0(T)."""
    model = markets[name]._model
    state = (0.1, 0.3) if "quintic" in model.name else (0.05, 0.0)
    values, weights = model.vix_cloud(state, 60.0 / 365.0)
    assert float(weights @ values) == pytest.approx(
        float(model.futures(np.array([state]), np.array([60.0 / 365.0]))[0]), rel=1e-6
    )
    near = float(model.futures(np.array([state]), np.array([1e-6]))[0])
    assert near == pytest.approx(float(model.index(np.array([state]), THIRTY_DAYS)[0]), rel=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_parity_and_no_arbitrage_of_spx_and_vix_quotes(markets, name):
    view = markets[name].view(DAYS[2])
    for root in ("SPX", "SPXW", "VIX"):
        for expiry in view.expiries(root)[:6]:
            quotes = view.slice(root, expiry)
            strikes = quotes.strikes[(quotes.strikes > 0.5 * quotes.forward) & (quotes.strikes < 2.5 * quotes.forward)]
            calls, puts = (quotes.exact(strikes, np.full(strikes.size, put)) for put in (False, True))
            assert calls - puts == pytest.approx(quotes.forward - strikes, abs=1e-9 * quotes.forward)
            slope = np.diff(calls) / np.diff(strikes)
            assert slope.max() <= 1e-9
            assert slope.min() >= -1.0 - 1e-9
            assert np.diff(slope).min() > -1e-9


@pytest.mark.parametrize("name", NAMES)
def test_calls_do_not_get_cheaper_with_time(markets, name):
    view = markets[name].view(DAYS[2])
    expiries = [e for e in view.expiries("SPXW") if 5 < (e - view.session).days < 200]
    moneyness = np.exp(np.linspace(-0.25, 0.12, 24))
    before = None
    for expiry in expiries:
        quotes = view.slice("SPXW", expiry)
        total = quotes.vol(moneyness * quotes.forward) ** 2 * quotes.tau
        if before is not None:
            # Shapes are interpolated, so total variance may dip by a few thousandths between neighbours.
            assert (total - before).min() > -6e-3 * before.max(), expiry
        before = total


@pytest.mark.parametrize("name", NAMES)
def test_bids_lie_below_asks_on_the_ticks(markets, name):
    view = markets[name].view(DAYS[3])
    quotes = view.slice("SPXW", view.expiries("SPXW")[8])
    strikes = quotes.strikes
    for put in (False, True):
        found = quotes.quote(strikes, np.full(strikes.size, put))
        assert (found.bid < found.ask).all()
        assert np.abs(found.ask * 20.0 - np.rint(found.ask * 20.0)).max() < 1e-6
        assert ((found.status == QuoteStatus.ZERO_BID) == (found.bid == 0.0)).all()
    odd = quotes.quote(np.array([strikes[5] + 1.3]), np.array([False]))
    assert odd.status[0] == QuoteStatus.ABSENT


def test_same_seed_same_market(house):
    again = open_simulated("simulated:quintic:1")
    assert again.digest == house.digest
    assert np.array_equal(again.path.spot, house.path.spot)
    assert np.array_equal(again.series("CPIAUCSL").value, house.series("CPIAUCSL").value)
    other = open_simulated("simulated:2")
    assert other.digest != house.digest
    assert not np.array_equal(other.path.spot, house.path.spot)


def test_known_answer_of_seed_one(house):
    assert house.series("VIX").value[:3] == pytest.approx([13.73683506, 13.70785468, 13.90629754], rel=1e-8)
    assert house.path.spot.size == house.path.vix.size == house.path.line.dt.size


def test_views_answer_with_what_is_known(house):
    view = house.view(DAYS[1])
    assert view.latest("SPX").value == view.spot
    assert view.latest("VIX").value == view.vix
    for name in house.names():
        seen = view.latest(name)
        assert seen is None or seen.known_at <= view.asof, name
    assert view.latest("CPIAUCSL").period == date(2017, 1, 1)
    assert view.timed


def test_settlements_are_the_path(house):
    line, path = house.path.line, house.path
    friday = date(2019, 6, 21)
    place = line.sessions.index(friday)
    opened, closed = path.spot[line.open_step[place]], path.spot[line.close_step[place]]
    assert house.settlement(Option("SPX", friday, 2500.0, Right.PUT)).value == opened
    assert house.settlement(Option("SPXW", friday, 2500.0, Right.PUT)).value == closed
    assert house.settlement(Option("XSP", friday, 250.0, Right.PUT)).value == pytest.approx(0.1 * closed)
    assert house.settlement(Option("SPX", friday, 2500.0, Right.PUT)).proxy is None
    wednesday = date(2019, 6, 19)
    vro = house.settlement(Future("VX", wednesday))
    assert vro.value == path.vix[line.open_step[line.sessions.index(wednesday)]]
    assert house.settlement(Option("VIX", wednesday, 20.0, Right.CALL)).value == vro.value
    assert house.settlement(Share("SPY")) is None
    assert house.settlement(Future("VX", date(2026, 3, 18))) is None


def test_front_future_comes_together_with_its_settlement(house):
    wednesday = date(2019, 6, 19)
    value = house.settlement(Future("VX", wednesday)).value
    before = house.view(date(2019, 6, 18)).curve.price[0]
    # One night is left: VX still moves with VIX, by a few per cent.
    assert abs(math.log(value / before)) < 0.15


def test_every_series_is_in_the_catalogue_finite_and_in_order(house):
    assert len(house.names()) > 100
    for name in house.names():
        series = house.series(name)
        assert known(name) is not None or name in VIX_ETPS, name
        assert np.isfinite(series.value).all(), name
        assert (np.diff(series.known_at.astype(np.int64)) >= 0).all(), name
        if (
            name != "VVIX" and name not in VIX_ETPS
        ):  # The model's calm has less volatility of volatility than was ever seen; the docs say so.
            low, high = known(name).plausible
            assert low <= series.value.min() <= series.value.max() <= high, name
        assert series.known_at[0] >= series.period[0].astype("datetime64[s]"), name


def test_series_begin_ten_years_before_the_first_session(house):
    assert house.series("VIX").period[0].astype(object) < house.sessions()[0] - timedelta(days=3640)
    assert house.series("GDPC1") is not None
    assert house.series("no such series") is None


def test_open_high_low_close_are_in_order(house):
    for name in ("SPX", "VIX"):
        close, opened, high, low = (house.series(name + field).value for field in ("", ".open", ".high", ".low"))
        assert (low <= np.minimum(opened, close)).all()
        assert (high >= np.maximum(opened, close)).all()


def test_levels_move_together(house):
    closes = np.log(house.series("SPX").value)
    vix = np.log(house.series("VIX").value)
    assert np.corrcoef(np.diff(closes), np.diff(vix))[0, 1] < -0.6
    assert np.corrcoef(np.diff(closes), np.diff(np.log(house.series("XLK.adjclose").value)))[0, 1] > 0.7


def test_says_that_it_did_not_happen(house):
    assert house.origin is Origin.SIMULATED
    assert "did not happen" in house.notes[0]
    assert house.skipped() == ()
    assert house.instant(DAYS[0]).tzinfo is UTC


def test_dates_outside_are_refused(house):
    with pytest.raises(CoverageError, match="covers 2006-01-01 to 2025-12-31"):
        open_simulated("simulated", start=date(1999, 1, 1))
    with pytest.raises(CoverageError, match="is no session"):
        house.view(date(2019, 6, 2))
    with pytest.raises(UsageError, match="1 to 24 years"):
        open_simulated("simulated", years=30)


@pytest.mark.parametrize(
    ("name", "model", "seed", "scenario", "day"),
    [
        ("simulated", "quintic", 0, None, None),
        ("simulated:7", "quintic", 7, None, None),
        ("simulated:svj:7", "svj", 7, None, None),
        ("simulated:1987", "quintic", 0, "1987", None),
        ("simulated:svj:3:2008", "svj", 3, "2008", None),
        ("simulated:2020@2016-03-01:2020", "quintic", 2020, "2020", date(2016, 3, 1)),
        ("simulated:bootstrap:4", "bootstrap", 4, None, None),
    ],
)
def test_names(name, model, seed, scenario, day):
    found = parse_name(name)
    assert (found.model, found.seed, found.scenario, found.day) == (model, seed, scenario, day)


@pytest.mark.parametrize("name", ["simulated:", "simulated:heston", "simulated:1:2", "simulated:2008@x", "simulate"])
def test_broken_names_teach(name):
    with pytest.raises(UsageError, match=r"simulated\[:MODEL\]"):
        parse_name(name)


def test_scenario_prescribes_the_index_too():
    source = open_simulated("simulated:1987@2017-02-01")
    day = source.sessions()[source.sessions().index(date(2017, 2, 1)) + 4]
    before = source.sessions()[source.sessions().index(day) - 1]
    assert source.view(day).spot / source.view(before).spot - 1.0 == pytest.approx(-0.205, abs=1e-3)
    assert "Stress scenario 1987" in source.notes[-1]
    calm = open_simulated("simulated")
    assert source.view(date(2016, 12, 1)).spot == calm.view(date(2016, 12, 1)).spot
