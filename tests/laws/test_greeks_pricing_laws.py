"""Greeks and prices against fifty digits, and laws of volatility."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.pricing.black76 import price
from alvh.pricing.greeks import first_greeks, greeks

NAMES = ("price", "delta", "gamma", "vega", "theta", "rho", "vanna", "volga", "charm")


@st.composite
def options(draw: Any) -> dict[str, Any]:
    """One option up to six standard deviations from the forward; a tenth of them of large total volatility."""
    forward, tau = draw(st.floats(1.0, 1e5)), draw(st.floats(1e-4, 5.0))
    vol = draw(st.one_of(st.floats(0.01, 1.0), st.floats(0.01, 1.0), st.floats(1.0, 4.0)))
    strike = forward * math.exp(draw(st.floats(-6.0, 6.0)) * vol * math.sqrt(tau))
    return {
        "forward": forward,
        "strike": strike,
        "tau": tau,
        "vol": vol,
        "is_put": draw(st.booleans()),
        "rate": draw(st.floats(-0.02, 0.1)),
    }


def exact(option: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
    """Return price and Greeks by their formulas in 50 digits, and the size of the largest term of each."""
    with mp.workdps(50):
        f, k, t, s, r = (mp.mpf(option[name]) for name in ("forward", "strike", "tau", "vol", "rate"))
        sign = -1 if option["is_put"] else 1
        d, root = mp.exp(-r * t), mp.sqrt(t)
        v = s * root
        d1 = mp.log(f / k) / v + v / 2
        d2 = d1 - v
        n1, n2 = (mp.erfc(-sign * x / mp.sqrt(2)) / 2 for x in (d1, d2))
        value, delta, density = d * sign * (f * n1 - k * n2), d * sign * n1, d * mp.npdf(d1)
        vega, decay = f * density * root, f * density * s / (2 * root)
        sheer = density * d2 / (2 * t)
        answers = {
            "price": value,
            "delta": delta,
            "gamma": density / (f * v),
            "vega": vega,
            "theta": r * value - decay,
            "rho": -t * value,
            "vanna": -density * d2 / s,
            "volga": vega * d1 * d2 / s,
            "charm": r * delta + sheer,
        }
        # d1 and d2 change sign: near there the rounding of their own terms is all that is left.
        edge = abs(mp.log(f / k)) / v + v
        sizes = answers | {
            "theta": abs(r * value) + decay,
            "vanna": density * edge / s,
            "volga": vega * edge**2 / s,
            "charm": abs(r * delta) + density * edge / (2 * t),
        }
        return {n: float(x) for n, x in answers.items()}, {n: abs(float(x)) for n, x in sizes.items()}


@settings(max_examples=150, deadline=None)
@given(options())
def test_all_greeks_agree_with_fifty_digits(option: dict[str, Any]) -> None:
    got = greeks(**option)
    answers, sizes = exact(option)
    for name in NAMES:
        assert abs(getattr(got, name)[0] - answers[name]) <= 2e-13 * sizes[name] + 1e-300, name


@settings(max_examples=150, deadline=None)
@given(options(), st.floats(1e-6, 0.5))
def test_prices_rise_with_volatility(option: dict[str, Any], step: float) -> None:
    low = first_greeks(**option).price[0]
    high = first_greeks(**(option | {"vol": option["vol"] * (1.0 + step)})).price[0]
    assert high >= low * (1.0 - 1e-14)


@settings(max_examples=100, deadline=None)
@given(options(), st.integers(-10, 10))
def test_greeks_are_homogeneous_in_the_unit_of_money(option: dict[str, Any], power: int) -> None:
    # A power of two rounds nothing, so the answers must scale to the last digit.
    unit = 2.0**power
    one = greeks(**option)
    many = greeks(**(option | {"forward": unit * option["forward"], "strike": unit * option["strike"]}))
    powers = {"gamma": -1, "delta": 0, "vanna": 0, "charm": 0}
    for name in NAMES:
        assert getattr(many, name)[0] == unit ** powers.get(name, 1) * getattr(one, name)[0], name


@settings(max_examples=100, deadline=None)
@given(options())
def test_put_and_call_share_gamma_vega_vanna_and_volga(option: dict[str, Any]) -> None:
    call, put = (greeks(**(option | {"is_put": right})) for right in (False, True))
    for name in ("gamma", "vega", "vanna", "volga"):
        assert getattr(call, name)[0] == getattr(put, name)[0]
    discount = math.exp(-option["rate"] * option["tau"])
    assert call.delta[0] - put.delta[0] == pytest.approx(discount, rel=1e-14)


def test_quantlib_agrees_on_price_and_greeks() -> None:
    rng = np.random.default_rng(8)
    for _ in range(200):
        f, t, s, r = rng.uniform(20, 6000), rng.uniform(0.01, 2), rng.uniform(0.05, 1.0), rng.uniform(0, 0.06)
        k, put = f * math.exp(rng.uniform(-2, 2) * s * math.sqrt(t)), bool(rng.random() < 0.5)
        payoff = ql.PlainVanillaPayoff(ql.Option.Put if put else ql.Option.Call, k)
        theirs = ql.BlackCalculator(payoff, f, s * math.sqrt(t), math.exp(-r * t))
        ours = greeks(f, k, t, s, put, rate=r)
        # On the forward as spot QuantLib lets the forward earn no carry, as here.
        assert ours.price[0] == pytest.approx(theirs.value(), rel=1e-10)
        assert ours.delta[0] == pytest.approx(theirs.deltaForward(), rel=1e-10)
        assert ours.gamma[0] == pytest.approx(theirs.gammaForward(), rel=1e-10)
        assert ours.vega[0] == pytest.approx(theirs.vega(t), rel=1e-10)


def test_a_chain_answers_like_its_options_one_by_one() -> None:
    strike = np.linspace(3000.0, 7000.0, 41)
    many = greeks(5000.0, strike, 0.1, 0.2, strike < 5000.0, 0.99)
    for place, k in enumerate(strike.tolist()):
        one = greeks(5000.0, k, 0.1, 0.2, k < 5000.0, 0.99)
        assert one.price[0] == pytest.approx(many.price[place], rel=1e-14)
        assert price(5000.0, k, 0.1, 0.2, k < 5000.0, 0.99)[0] == pytest.approx(one.price[0], rel=1e-13)
