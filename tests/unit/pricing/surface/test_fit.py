"""A surface from a chain, and what bad chains are told."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.market.chain import OptionChain
from alvh.market.expirations import tau as years_to
from alvh.market.quality import Defect
from alvh.pricing.surface import FittedSurface, NoSurface, Sticky, fit, fit_ssvi
from fakes.surface_chains import ASOF, RATE, SPOT, chain, made, svi

NEAR, FAR = date(2023, 10, 13), date(2023, 12, 15)


def smiles(*expiries: date) -> dict[date, object]:
    return {expiry: svi(years_to("SPXW", expiry, ASOF)) for expiry in expiries}


def fitted(given: OptionChain | list[OptionChain]) -> FittedSurface:
    answer = fit(given, rate_hint=RATE)
    assert isinstance(answer, FittedSurface)
    return answer


@pytest.fixture(scope="module")
def surface() -> FittedSurface:
    return fitted(chain(smiles(NEAR, FAR), half_spread=0.05))


def test_recovers_the_smiles_it_was_quoted_from(surface: FittedSurface) -> None:
    for item, smile in zip(surface.expiries, smiles(NEAR, FAR).values(), strict=True):
        k = item.quotes.k
        wanted = np.sqrt(smile.variance(k) / item.quotes.tau)  # type: ignore[attr-defined]
        np.testing.assert_allclose(surface.vol(k, item.quotes.tau), wanted, atol=2e-5)
        assert item.quality.inside == 1.0
        assert item.quality.rms < 0.01
    assert surface.crossings == ()
    assert surface.refused == ()


def test_forward_and_discount_at_the_expiries_and_between(surface: FittedSurface) -> None:
    middle = float(surface.taus.mean())
    assert surface.forward(middle) == pytest.approx(SPOT * math.exp(RATE * middle), rel=1e-5)
    assert surface.discount(middle) == pytest.approx(math.exp(-RATE * middle), rel=1e-4)


def test_prices_meet_the_quotes(surface: FittedSurface) -> None:
    given = chain(smiles(FAR))
    tau = years_to("SPXW", FAR, ASOF)
    near = np.abs(given.strike / SPOT - 1.0) < 0.1
    value = surface.price(given.strike[near], tau, given.is_put[near])
    np.testing.assert_allclose(value, given.bid[near], atol=0.05)


def test_between_expiries_variance_is_linear_in_time(surface: FittedSurface) -> None:
    near, far = surface.taus
    ends = surface.total_variance(-0.05, np.array([near, far]))
    assert surface.total_variance(-0.05, 0.5 * (near + far)) == pytest.approx(ends.mean(), rel=1e-12)


def test_before_and_after_the_expiries(surface: FittedSurface) -> None:
    near, far = surface.taus
    assert surface.vol(0.0, 0.1 * near) == pytest.approx(surface.vol(0.0, near), rel=1e-12)
    assert surface.total_variance(0.0, 2.0 * far) > surface.total_variance(0.0, far)
    assert surface.quoted([0.0, 0.0, 0.0, 2.0], [near, 0.1 * near, 2.0 * far, far]).tolist() == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("sticky", list(Sticky))
def test_delta_and_gamma_follow_the_smile(surface: FittedSurface, sticky: Sticky) -> None:
    tau, strike, step = float(surface.taus[1]), 4400.0, 0.5
    forward, discount = float(surface.forward(tau)), float(surface.discount(tau))

    def value(moved: float) -> float:
        from alvh.pricing.black76 import price

        k = math.log(strike / forward) + (sticky.value - 1.0) * math.log(moved / forward)
        return float(price(moved, strike, tau, surface.vol(k, tau), True, discount)[0])

    up, here, down = (value(forward + shift) for shift in (step, 0.0, -step))
    got = surface.greeks(strike, tau, True, sticky=sticky)
    assert got.delta[0] == pytest.approx((up - down) / (2 * step), abs=1e-6)
    assert got.gamma[0] == pytest.approx((up - 2 * here + down) / step**2, abs=1e-7)


def test_stale_and_crossed_quotes_do_not_move_the_fit() -> None:
    given = chain(smiles(FAR), half_spread=0.1)
    bid, ask = given.bid.copy(), given.ask.copy()
    bad = np.random.default_rng(3).choice(given.strike.size, 30, replace=False)
    bid[bad[:20]] *= 1.6
    ask[bad[:20]] *= 1.6
    bid[bad[20:]] = ask[bad[20:]] + 5.0
    columns = {"strike": given.strike, "is_put": given.is_put, "bid": bid, "ask": ask}
    surface = fitted(made(columns, given.offsets.tolist(), given.expiries))
    smile, item = svi(years_to("SPXW", FAR, ASOF)), surface.expiries[0]
    k = np.linspace(-0.2, 0.08, 40)
    np.testing.assert_allclose(surface.vol(k, item.quotes.tau), np.sqrt(smile.variance(k) / item.quotes.tau), atol=5e-4)
    assert item.quality.down_weighted > 0


def test_a_smile_with_a_butterfly_is_fitted_without() -> None:
    from alvh.pricing.surface import RawSvi

    tau = years_to("SPXW", FAR, ASOF)
    scale = 0.16**2 * tau / 0.0174
    vogt = RawSvi(a=-0.041 * scale, b=0.1331 * scale, rho=0.306, m=0.3586, sigma=0.4153)
    item = fitted(chain({FAR: vogt}, half_spread=0.02, reach=20.0)).expiries[0]
    assert item.least_g.value >= 0.0


def test_expiries_that_cross_are_parted_and_the_rest_is_reported() -> None:
    tau_near, tau_far = (years_to("SPXW", expiry, ASOF) for expiry in (NEAR, FAR))
    high = {NEAR: svi(tau_near, level=0.30), FAR: svi(tau_far, level=0.16)}
    surface = fitted(chain(high, half_spread=0.05))
    assert any(item.quoted and item.shortfall > 0.0 for item in surface.crossings)
    assert any(item.defect is Defect.ARBITRAGE for item in surface.findings)
    k = np.linspace(-1.0, 0.5, 61)
    assert np.all(surface.total_variance(k, tau_far) >= surface.total_variance(k, tau_near))


def test_ssvi_has_no_arbitrage_and_follows_the_smile(surface: FittedSurface) -> None:
    three = fit_ssvi(surface)
    assert three.rms < 0.05
    assert three.rho == pytest.approx(-0.6, abs=0.02)
    assert three.eta <= 2.0 / math.sqrt(1.0 + abs(three.rho))
    assert 0.0 < three.gamma <= 0.5
    assert np.all(np.diff(three.theta(np.linspace(0.01, 1.0, 20))) > 0.0)


def test_an_empty_chain() -> None:
    empty = chain({})
    answer = fit(empty, rate_hint=RATE)
    assert isinstance(answer, NoSurface)
    assert "lists no expiry" in answer.reason


def test_one_strike() -> None:
    given = chain(smiles(FAR))
    one = {name: getattr(given, name)[:2] for name in ("strike", "is_put", "bid", "ask")}
    answer = fit(made(one, [0, 2], (FAR,)), rate_hint=RATE)
    assert isinstance(answer, NoSurface)
    assert answer.refused[0].expiry == FAR


def test_all_bids_zero() -> None:
    given = chain(smiles(FAR))
    columns = {name: getattr(given, name) for name in ("strike", "is_put", "ask")} | {"bid": np.zeros(given.bid.size)}
    answer = fit(made(columns, given.offsets.tolist(), given.expiries), rate_hint=RATE)
    assert isinstance(answer, NoSurface)
    assert "no strike has a bid" in answer.refused[0].reason


def test_nan_and_infinite_quotes_are_left_out() -> None:
    given = chain(smiles(FAR), half_spread=0.05)
    bid, ask = given.bid.copy(), given.ask.copy()
    bid[::7], ask[3::11] = math.nan, math.inf
    broken = replace(given, bid=bid, ask=ask)
    item = fitted(broken).expiries[0]
    assert item.quality.inside > 0.99
    assert item.quotes.dropped > 0


def test_a_settled_expiry_is_refused_with_its_reason() -> None:
    both = chain(smiles(NEAR), half_spread=0.05)
    late = replace(both, asof=ASOF + timedelta(days=60))
    answer = fit(late, rate_hint=RATE)
    assert isinstance(answer, NoSurface)
    assert "settled" in answer.refused[0].reason


def test_american_options_are_refused() -> None:
    answer = fit(replace(chain(smiles(NEAR), half_spread=0.05), root="SPY"), rate_hint=RATE)
    assert isinstance(answer, NoSurface)
    assert "American" in answer.reason


def test_expiries_that_settle_together_count_once() -> None:
    near = smiles(NEAR)
    few = chain(near, half_spread=0.05, reach=3.0)
    surface = fitted([chain(near, half_spread=0.05), replace(few, root="XSP")])
    assert len(surface.expiries) == 1
    assert "settles together" in surface.refused[0].reason


def test_no_chain_and_two_instants_are_usage_errors() -> None:
    one = chain(smiles(NEAR))
    with pytest.raises(UsageError, match="one instant"):
        fit([], rate_hint=RATE)
    with pytest.raises(UsageError, match="one instant"):
        fit([one, replace(one, asof=ASOF + timedelta(hours=1))], rate_hint=RATE)


@pytest.mark.parametrize(("k", "tau"), [(math.nan, 0.1), (0.0, 0.0), (0.0, -1.0), (math.inf, 0.1)])
def test_questions_without_sense(surface: FittedSurface, k: float, tau: float) -> None:
    with pytest.raises(UsageError):
        surface.vol(k, tau)


def test_a_strike_that_is_no_number(surface: FittedSurface) -> None:
    with pytest.raises(UsageError, match="not a positive number"):
        surface.price(math.nan, 0.1, False)
