"""Laws of option prices, whatever the market."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from alvh.pricing.black76 import price
from alvh.pricing.forwards import NoForward, ParityForward, parity_forward
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import VolStatus, implied_vol
from alvh.pricing.vix_method import NoTerm, term_variance

# The first example of a fresh machine compiles.
UNHURRIED = settings(deadline=None)
FORWARD = st.floats(1.0, 1e5)
TAU = st.floats(1e-4, 5.0)
VOL = st.floats(0.01, 2.5)
DISCOUNT = st.floats(0.5, 1.05)
DEVIATIONS = st.floats(-6.0, 6.0)
RIGHT = st.booleans()


@st.composite
def options(draw: Any) -> dict[str, Any]:
    """One option, its strike so many standard deviations from the forward."""
    forward, tau, vol = draw(FORWARD), draw(TAU), draw(VOL)
    strike = forward * math.exp(draw(DEVIATIONS) * vol * math.sqrt(tau))
    return {
        "forward": forward,
        "strike": strike,
        "tau": tau,
        "vol": vol,
        "is_put": draw(RIGHT),
        "discount": draw(DISCOUNT),
    }


def value(option: dict[str, Any], **changes: Any) -> float:
    return float(price(**(option | changes))[0])


@UNHURRIED
@given(options())
def test_put_call_parity(option: dict[str, Any]) -> None:
    gap = value(option, is_put=False) - value(option, is_put=True)
    scale = option["forward"] + option["strike"]
    assert abs(gap - option["discount"] * (option["forward"] - option["strike"])) <= 1e-12 * scale


@UNHURRIED
@given(options(), st.floats(1e-4, 0.2))
def test_monotone_and_convex_in_the_strike(option: dict[str, Any], step: float) -> None:
    strike = option["strike"] * np.array([1.0, 1.0 + step, 1.0 + 2.0 * step])
    low, middle, high = price(**(option | {"strike": strike}))
    gap = strike[1] - strike[0]
    slack = 1e-13 * (option["forward"] + strike[2])
    sign = 1.0 if option["is_put"] else -1.0
    for rise in (middle - low, high - middle):
        assert -slack <= sign * rise <= option["discount"] * gap + slack
    assert low - 2.0 * middle + high >= -slack


@UNHURRIED
@given(options())
def test_between_intrinsic_value_and_the_bound(option: dict[str, Any]) -> None:
    gap = option["forward"] - option["strike"]
    least = option["discount"] * max(-gap if option["is_put"] else gap, 0.0)
    most = option["discount"] * (option["strike"] if option["is_put"] else option["forward"])
    assert least <= value(option) <= most * (1 + 1e-15)


@UNHURRIED
@given(options(), st.integers(-10, 10))
def test_homogeneous_in_the_unit_of_money(option: dict[str, Any], power: int) -> None:
    unit = 2.0**power
    scaled = value(option, forward=unit * option["forward"], strike=unit * option["strike"])
    assert scaled == unit * value(option)


@UNHURRIED
@given(options())
def test_put_call_symmetry(option: dict[str, Any]) -> None:
    mirrored = value(option, forward=option["strike"], strike=option["forward"], is_put=not option["is_put"])
    assert math.isclose(mirrored, value(option), rel_tol=1e-13, abs_tol=0.0)


@UNHURRIED
@given(options())
def test_time_decay_pays_for_gamma(option: dict[str, Any]) -> None:
    g = greeks(**option)
    rate = -math.log(option["discount"]) / option["tau"]
    earned = 0.5 * (option["vol"] * option["forward"]) ** 2 * g.gamma[0]
    scale = abs(g.theta[0]) + earned + abs(rate * g.price[0])
    assert abs(g.theta[0] + earned - rate * g.price[0]) <= 1e-12 * scale


@settings(max_examples=60, deadline=None)
@given(options(), st.floats(-2.5, 2.5))
def test_greeks_are_the_derivatives_of_the_price(option: dict[str, Any], deviations: float) -> None:
    option["strike"] = option["forward"] * math.exp(deviations * option["vol"] * math.sqrt(option["tau"]))
    g = greeks(**option)
    rate = -math.log(option["discount"]) / option["tau"]

    def moved(step: Any, name: str, column: str) -> Any:
        change = {name: option[name] * (1.0 + step)}
        if name == "tau":
            change["discount"] = math.exp(-rate * change["tau"])
        return getattr(greeks(**(option | change)), column)[0]

    def slope(name: str, column: str) -> tuple[float, float]:
        # Relative steps; the fourth-order difference keeps its error near 1e-9.
        h = 2e-3 * min(1.0, option["vol"] * math.sqrt(option["tau"]))
        one = moved(h, name, column) - moved(-h, name, column)
        two = moved(2 * h, name, column) - moved(-2 * h, name, column)
        noise = abs(getattr(g, column)[0]) * 2e-15 / h / option[name]
        return (8.0 * one - two) / (12.0 * h * option[name]), noise

    pairs = (
        ("delta", "forward", "price", 1.0),
        ("gamma", "forward", "delta", 1.0),
        ("vega", "vol", "price", 1.0),
        ("theta", "tau", "price", -1.0),
        ("vanna", "vol", "delta", 1.0),
        ("volga", "vol", "vega", 1.0),
        ("charm", "tau", "delta", -1.0),
    )
    scales = {
        "vanna": g.vega[0] / option["forward"] / (option["vol"] * math.sqrt(option["tau"])),
        "volga": g.vega[0] / option["vol"],
        "charm": abs(g.gamma[0] * option["forward"] * option["vol"] / math.sqrt(option["tau"])),
        "theta": g.vega[0] * option["vol"] / option["tau"],
    }
    for name, by, column, sign in pairs:
        numeric, noise = slope(by, column)
        exact = getattr(g, name)[0]
        assert abs(sign * numeric - exact) <= 2e-6 * (abs(exact) + scales.get(name, 0.0)) + 10 * noise, name


@UNHURRIED
@given(options())
def test_implied_volatility_undoes_the_price(option: dict[str, Any]) -> None:
    option["is_put"] = option["strike"] < option["forward"]
    quote = value(option)
    least = min(option["forward"], option["strike"])
    assume(1e-280 * least < quote / option["discount"] < (1 - 1e-12) * least)
    vol, status = implied_vol(
        quote, option["forward"], option["strike"], option["tau"], option["is_put"], option["discount"]
    )
    assert status[0] == VolStatus.OK
    condition = quote / (option["vol"] * greeks(**option).vega[0])
    assert abs(vol[0] / option["vol"] - 1.0) <= 3e-15 + 1.5e-15 * condition


@UNHURRIED
@given(
    st.floats(allow_nan=True, allow_infinity=True),
    *[st.floats(allow_nan=True, allow_infinity=True) for _ in range(3)],
    RIGHT,
    st.floats(allow_nan=True, allow_infinity=True),
)
def test_implied_volatility_is_never_nan(
    quote: float, forward: float, strike: float, tau: float, is_put: bool, discount: float
) -> None:
    vol, status = implied_vol(quote, forward, strike, tau, is_put, discount)
    assert math.isfinite(vol[0])
    assert (status[0] == VolStatus.OK) == (vol[0] > 0.0)


@settings(max_examples=60, deadline=None)
@given(options())
def test_price_agrees_with_fifty_digits(option: dict[str, Any]) -> None:
    # Rounding of sigma sqrt(tau) alone moves a price by h**2 times half a unit in the last place.
    with mp.workdps(50):
        forward, strike = mp.mpf(option["forward"]), mp.mpf(option["strike"])
        dev = mp.mpf(option["vol"]) * mp.sqrt(mp.mpf(option["tau"]))
        d1 = mp.log(forward / strike) / dev + dev / 2
        sign = -1 if option["is_put"] else 1
        exact = mp.mpf(option["discount"]) * sign * (forward * mp.ncdf(sign * d1) - strike * mp.ncdf(sign * (d1 - dev)))
        assert math.isclose(value(option), float(exact), rel_tol=2e-13)


@UNHURRIED
@given(options(), st.floats(0.01, 0.06), st.floats(0.0, 0.5))
def test_parity_forward_recovers_the_forward(option: dict[str, Any], rate: float, half: float) -> None:
    forward, tau = option["forward"], option["tau"]
    assume(tau > 0.01)
    strike = forward * np.linspace(0.9, 1.1, 21)
    discount = math.exp(-rate * tau)
    call, put = (price(forward, strike, tau, option["vol"], right, discount) for right in (False, True))
    wide = half * np.minimum(call, put)
    got = parity_forward(
        strike, call - wide, call + wide, put - wide, put + wide, tau=tau, spot=forward, rate_hint=rate
    )
    assume(bool((np.minimum(call, put) > 1e-12 * forward).all()))
    assert isinstance(got, ParityForward)
    assert math.isclose(got.forward, forward, rel_tol=1e-8)


@UNHURRIED
@given(
    st.lists(st.tuples(*[st.floats(0.01, 1e4) | st.floats(allow_nan=True, allow_infinity=True)] * 5), max_size=12),
    st.floats(0.01, 2.0),
)
def test_parity_forward_of_nonsense_is_finite_or_absent(rows: list[tuple[float, ...]], tau: float) -> None:
    columns = np.array(rows, dtype=float).reshape(-1, 5).T
    with np.errstate(all="ignore"):
        got = parity_forward(*columns, tau=tau, spot=None, rate_hint=0.03)
    if isinstance(got, ParityForward):
        assert math.isfinite(got.forward)
        assert got.forward > 0.0
        assert 0.0 < got.discount < math.inf
    else:
        assert isinstance(got, NoForward)


@UNHURRIED
@given(st.data())
def test_vix_method_of_nonsense_is_finite_or_absent(data: Any) -> None:
    count = data.draw(st.integers(1, 12))
    quote = st.floats(-1.0, 1e4, allow_nan=False) | st.sampled_from([math.nan, math.inf, 0.0])
    columns = [data.draw(st.lists(quote, min_size=count, max_size=count)) for _ in range(4)]
    got = term_variance(100.0 + 5.0 * np.arange(count), *columns, minutes=40_000.0, rate=0.02)
    assert isinstance(got, NoTerm) or math.isfinite(got.variance)
