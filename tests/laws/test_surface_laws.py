"""Laws of fitted surfaces and VIX smiles, whatever the quotes."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from alvh.core.errors import UsageError
from alvh.market.expirations import tau as years_to
from alvh.pricing.surface import FittedSurface, JumpWings, RawSvi, fit, repaired
from alvh.pricing.vix_smile import VixSmile, smile_from_vvix
from fakes.surface_chains import ASOF, RATE, chain, svi

FEW = settings(max_examples=25, deadline=None)
EXPIRIES = (date(2023, 9, 29), date(2023, 10, 13), date(2023, 11, 17), date(2024, 1, 19))
K = np.linspace(-1.5, 1.0, 126)


@st.composite
def slices(draw: Any) -> RawSvi:
    """Any legal slice whose wings keep Lee's bound."""
    b = draw(st.floats(0.01, 0.8))
    rho = draw(st.floats(-0.95, 0.95))
    assume(b * (1.0 + abs(rho)) < 1.99)
    sigma = draw(st.floats(0.01, 1.0))
    low = draw(st.floats(1e-4, 0.2))
    m = draw(st.floats(-0.5, 0.5))
    return RawSvi(a=low - b * sigma * math.sqrt(1.0 - rho * rho), b=b, rho=rho, m=m, sigma=sigma)


@st.composite
def surfaces(draw: Any) -> FittedSurface:
    """Surfaces of chains whose smiles need not agree with each other, quotes off by their spread."""
    smiles = {
        expiry: svi(years_to("SPXW", expiry, ASOF), level=draw(st.floats(0.10, 0.45)), rho=draw(st.floats(-0.85, -0.2)))
        for expiry in EXPIRIES
    }
    made = fit(chain(smiles, half_spread=draw(st.floats(0.01, 1.0))), rate_hint=RATE)
    assume(isinstance(made, FittedSurface))
    assert isinstance(made, FittedSurface)
    return made


@given(slices(), st.floats(0.01, 3.0))
def test_jump_wings_come_back(slice_: RawSvi, tau: float) -> None:
    wings = JumpWings.of(slice_, tau)
    # The width is told from what variance falls by on the way to the vertex.
    assume(wings.v - wings.v_tilde > 1e-3 * wings.v)
    np.testing.assert_allclose(wings.raw().variance(K), slice_.variance(K), rtol=1e-6)


@given(slices(), st.floats(0.01, 3.0))
def test_a_repaired_slice_is_free_of_butterflies(slice_: RawSvi, tau: float) -> None:
    better = repaired(slice_, tau)
    assert better.butterfly_free
    assert np.all(better.g(np.linspace(-20.0, 20.0, 4001)) >= -1e-9)
    np.testing.assert_allclose(better.variance(0.0), slice_.variance(0.0), rtol=1e-6)


@given(slices())
def test_least_g_is_the_least(slice_: RawSvi) -> None:
    least = slice_.least_g().value
    k = slice_.m + slice_.sigma * np.sinh(np.linspace(-8.9, 8.9, 3001))
    assert least <= slice_.g(k).min() + 1e-9


@FEW
@given(surfaces())
def test_slices_have_no_butterfly_and_time_has_no_calendar(surface: FittedSurface) -> None:
    assert all(item.least_g.value >= 0.0 for item in surface.expiries)
    assert all(item.svi.steepest_wing < 2.0 for item in surface.expiries)
    times = np.unique(np.concatenate((surface.taus, np.linspace(0.005, 1.5 * surface.taus[-1], 30))))
    grid = surface.total_variance(K[None, :], times[:, None])
    assert np.all(np.diff(grid, axis=0) >= -1e-15)


@FEW
@given(surfaces(), st.floats(0.0, 1.0))
def test_prices_are_monotone_and_convex_in_the_strike(surface: FittedSurface, share: float) -> None:
    place = share * (len(surface.taus) - 1)
    tau = float(np.interp(place, np.arange(len(surface.taus)), surface.taus))
    strike = np.linspace(3000.0, 5600.0, 131)
    call = surface.price(strike, tau, False)
    fall = np.diff(call) / np.diff(strike)
    room = 1e-9 * strike[0]
    assert np.all(call >= 0.0)
    assert np.all(fall <= room)
    if place == int(place):
        assert np.all(np.diff(fall) >= -room)


@FEW
@given(surfaces())
def test_parity(surface: FittedSurface) -> None:
    strike, tau = np.linspace(3500.0, 5500.0, 21), float(surface.taus[1])
    gap = surface.price(strike, tau, False) - surface.price(strike, tau, True)
    np.testing.assert_allclose(gap, surface.discount(tau) * (surface.forward(tau) - strike), atol=1e-8)


@st.composite
def vix_smiles(draw: Any) -> VixSmile:
    forward, tau = draw(st.floats(9.0, 90.0)), draw(st.floats(1 / 365, 1.0))
    if draw(st.booleans()):
        return smile_from_vvix(forward, tau, draw(st.floats(50.0, 220.0)), discount=draw(st.floats(0.9, 1.0)))
    weight, first = draw(st.floats(0.05, 0.95)), draw(st.floats(0.4, 1.0))
    try:
        return VixSmile(
            forward=forward,
            tau=tau,
            discount=draw(st.floats(0.9, 1.0)),
            weight=weight,
            mean_1=first * forward,
            vol_1=draw(st.floats(0.02, 1.0)),
            mean_2=(1.0 - weight * first) / (1.0 - weight) * forward,
            vol_2=draw(st.floats(0.02, 1.5)),
        )
    except UsageError:
        assume(False)
        raise


@given(vix_smiles())
def test_vix_options_are_positive_convex_and_on_the_future(smile: VixSmile) -> None:
    strike = smile.forward * np.linspace(0.3, 4.0, 75)
    call, put = smile.price(strike, False), smile.price(strike, True)
    room = 1e-12 * smile.forward
    assert np.all(call >= 0.0)
    assert np.all(put >= 0.0)
    np.testing.assert_allclose(call - put, smile.discount * (smile.forward - strike), atol=20 * room)
    for value, sign in ((call, -1.0), (put, 1.0)):
        assert np.all(sign * np.diff(value) >= -room)
        assert np.all(np.diff(value, 2) >= -4.0 * room)


@given(st.floats(9.0, 80.0), st.floats(55.0, 200.0))
def test_vvix_comes_back_at_thirty_days(forward: float, vvix: float) -> None:
    smile = smile_from_vvix(forward, 30.0 / 365.0, vvix)
    assert abs(100.0 * smile.log_contract_vol - vvix) < 1e-6
