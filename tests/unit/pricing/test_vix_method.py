"""Cboe's VIX calculation."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.pricing.black76 import price
from alvh.pricing.vix_method import (
    NoTerm,
    Selection,
    TermVariance,
    choose_terms,
    minutes_to_settlement,
    term_variance,
    vix,
)

SIDES = ("call_bid", "call_ask", "put_bid", "put_ask")


def exact(forward: float, rate: float, minutes: float, vol: float, strike: np.ndarray) -> TermVariance | NoTerm:
    tau = minutes / 525_600
    call, put = (price(forward, strike, tau, vol, right, math.exp(-rate * tau)) for right in (False, True))
    return term_variance(strike, call, call, put, put, minutes=minutes, rate=rate)


def term(answer: TermVariance | NoTerm) -> TermVariance:
    assert isinstance(answer, TermVariance)
    return answer


def small(**changes: list[float]) -> dict[str, Any]:
    """Eleven strikes, forward 100; every quote 0.2 wide."""
    strike = np.arange(75.0, 130.0, 5.0)
    call = price(100.0, strike, 0.08, 0.4, False, 1.0)
    put = price(100.0, strike, 0.08, 0.4, True, 1.0)
    quotes = {"call_bid": call, "call_ask": call + 0.2, "put_bid": put, "put_ask": put + 0.2}
    return {"strike": strike, "minutes": 40_000.0, "rate": 0.01} | quotes | changes


@pytest.mark.shared
@pytest.mark.parametrize("version", ["white_paper_2014_2019", "methodology_2022_on"])
def test_white_paper(shared_reference: Path, shared_table: Callable[[str], Any], version: str) -> None:
    case = json.loads((shared_reference / "vix_whitepaper.json").read_text())[version]
    table = shared_table("vix_whitepaper_quotes.csv")
    terms = []
    for name, minutes, rate in (("near", "N1_minutes", "R1"), ("next", "N2_minutes", "R2")):
        rows = table.equals("term", name)
        quotes = {side: table.numbers(side)[rows] for side in SIDES}
        got = term(
            term_variance(
                table.numbers("strike")[rows],
                **quotes,
                minutes=case["inputs"][minutes],
                rate=case["inputs"][rate],
            )
        )
        answer = case["recomputed"][name]
        assert got.forward == pytest.approx(answer["F"], abs=1e-6)
        assert (got.at_the_money, got.k0) == (answer["K_star"], answer["K0"])
        assert (got.strikes.size, got.strikes[0], got.strikes[-1]) == (answer["n"], answer["kmin"], answer["kmax"])
        assert got.contributions.sum() == pytest.approx(answer["sum"], rel=1e-8)
        assert got.adjustment == pytest.approx(answer["adj"], abs=1e-9)
        assert got.variance == pytest.approx(answer["sigma2"], abs=2e-8)
        terms.append(got)
    assert vix(*terms) == pytest.approx(case["recomputed"]["VIX"], abs=5e-6)


@pytest.mark.shared
def test_white_paper_strike_by_strike(shared_table: Callable[[str], Any]) -> None:
    table, answers = shared_table("vix_whitepaper_quotes.csv"), shared_table("vix_whitepaper_contributions_2022.csv")
    for name, minutes, rate in (("near", 34_484, 0.00031664), ("next", 44_954, 0.00028797)):
        rows, wanted = table.equals("term", name), answers.equals("term", name)
        quotes = {side: table.numbers(side)[rows] for side in SIDES}
        got = term(term_variance(table.numbers("strike")[rows], **quotes, minutes=minutes, rate=rate))
        np.testing.assert_array_equal(got.strikes, answers.numbers("strike")[wanted])
        np.testing.assert_array_equal(got.widths, answers.numbers("dK")[wanted])
        np.testing.assert_allclose(got.contributions, answers.numbers("contribution")[wanted], rtol=1e-10)


@pytest.mark.shared
def test_synthetic_strips(shared_reference: Path) -> None:
    vols = {"flat 20%": 0.20, "flat 12%, truncated 4500-5300": 0.12}
    for case in json.loads((shared_reference / "vix_synthetic_strips.json").read_text())["cases"]:
        low, high, step = case["strikes"]
        strike = np.arange(low, high + 1.0, step)
        near, following = (
            term(exact(case["F"], case["r"], days * 1440.0, vols[case["case"]], strike)) for days in (24, 31)
        )
        assert near.variance == pytest.approx(float(case["sigma2_1"]), abs=1e-9)
        assert following.variance == pytest.approx(float(case["sigma2_2"]), abs=1e-9)
        assert vix(near, following) == pytest.approx(float(case["VIX"]), abs=1e-8)


def test_flat_volatility_on_a_dense_strip_comes_back() -> None:
    strike = np.arange(1000.0, 12000.0, 5.0)
    terms = [term(exact(5003.7, 0.03, days * 1440.0, 0.25, strike)) for days in (25, 32)]
    assert vix(*terms) == pytest.approx(25.0, abs=1e-3)


def test_the_2003_form_extrapolates_between_monthly_terms() -> None:
    # White paper of 2003 to 2014: 9 and 37 days, sigma squared 0.4727672 and 0.3668182, VIX 61.22.
    def with_variance(days: int, variance: float) -> TermVariance:
        empty = np.zeros(0)
        return TermVariance(
            variance=variance,
            minutes=days * 1440.0,
            forward=920.5,
            at_the_money=920.0,
            k0=920.0,
            strikes=empty,
            mids=empty,
            widths=empty,
            contributions=empty,
            adjustment=0.0,
        )

    assert vix(with_variance(9, 0.4727672), with_variance(37, 0.3668182)) == pytest.approx(61.2180, abs=1e-4)
    assert vix(with_variance(37, 0.04), with_variance(65, 0.04)) == pytest.approx(20.0)
    assert vix(with_variance(60, 0.01), with_variance(90, 0.20)) is None


def test_two_zero_bids_in_a_row_end_the_strip() -> None:
    quotes = small()
    quotes["put_bid"][[1, 2]] = 0.0
    got = term(term_variance(**quotes))
    assert got.strikes[0] == 90.0


def test_one_zero_bid_is_skipped() -> None:
    quotes = small()
    quotes["put_bid"][2] = 0.0
    quotes["call_bid"][8] = 0.0
    got = term(term_variance(**quotes))
    assert 85.0 not in got.strikes
    assert 115.0 not in got.strikes
    assert (got.strikes[0], got.strikes[-1]) == (75.0, 125.0)


def test_widths_span_the_included_strikes_only() -> None:
    quotes = small()
    quotes["put_bid"][2] = 0.0
    got = term(term_variance(**quotes))
    assert dict(zip(got.strikes.tolist(), got.widths.tolist(), strict=True))[80.0] == 7.5
    assert (got.widths[0], got.widths[-1]) == (5.0, 5.0)


def test_k0_uses_the_mean_of_call_and_put() -> None:
    quotes = small()
    got = term(term_variance(**quotes))
    middle = quotes["strike"] == got.k0
    mean = np.mean([quotes[side][middle] for side in SIDES])
    assert got.mids[got.strikes == got.k0][0] == pytest.approx(mean)


@pytest.mark.parametrize("value", [math.nan, 0.0])
def test_a_missing_ask_counts_as_a_zero_bid(value: float) -> None:
    quotes = small()
    quotes["put_ask"][2] = value
    assert 85.0 not in term(term_variance(**quotes)).strikes


def test_no_bids_at_all() -> None:
    answer = term_variance(**small(call_bid=[0.0] * 11))
    assert isinstance(answer, NoTerm)


def test_a_strip_of_one() -> None:
    quotes = small()
    for side in ("call_bid", "put_bid"):
        quotes[side] = np.where(quotes["strike"] == 100.0, quotes[side], 0.0)
    assert isinstance(term_variance(**quotes), NoTerm)


def test_no_quote_at_k0() -> None:
    quotes = small()
    quotes["call_ask"][5] = math.nan
    quotes["call_bid"][5] = math.nan
    answer = term_variance(**quotes)
    assert isinstance(answer, NoTerm)
    assert "K0 = 100" in answer.reason


def test_no_time_left() -> None:
    assert isinstance(term_variance(**small(minutes=0.0)), NoTerm)


def test_unsorted_strikes_are_refused() -> None:
    quotes = small()
    with pytest.raises(UsageError, match="ascend"):
        term_variance(**(quotes | {"strike": quotes["strike"][::-1]}))


def test_terms_out_of_order_are_refused() -> None:
    got = term(term_variance(**small()))
    with pytest.raises(UsageError, match="later"):
        vix(got, got)


def test_minutes_of_the_published_example() -> None:
    now = datetime(2022, 9, 27, 10, 45, 15)  # noqa: DTZ001 - the method counts New York wall-clock minutes
    assert minutes_to_settlement(now, date(2022, 10, 21), am_settled=True) == pytest.approx(34_484, abs=1)
    assert minutes_to_settlement(now, date(2022, 10, 28), am_settled=False) == pytest.approx(44_954, abs=1)


def test_weekly_terms() -> None:
    fridays = [date(2024, 3, day) for day in (1, 8, 15, 22, 28)] + [date(2024, 4, 5)]
    # 2024-02-21: 30 days to 22 March, 36 to the Thursday before Good Friday.
    assert choose_terms(date(2024, 2, 21), fridays) == (date(2024, 3, 22), date(2024, 3, 28))
    assert choose_terms(date(2024, 2, 21), fridays[:3]) is None


def test_monthly_terms_roll_a_week_before_expiry() -> None:
    months = [date(2010, 10, 15), date(2010, 11, 19), date(2010, 12, 17)]
    assert choose_terms(date(2010, 10, 7), months, Selection.MONTHLY) == (months[0], months[1])
    assert choose_terms(date(2010, 10, 8), months, Selection.MONTHLY) == (months[1], months[2])
    assert choose_terms(date(2010, 12, 1), months, Selection.MONTHLY) is None


@pytest.mark.shared
@pytest.mark.parametrize("version", ["white_paper_2014_2019", "methodology_2022_on"])
def test_published_digits(shared_reference: Path, shared_table: Callable[[str], Any], version: str) -> None:
    case = json.loads((shared_reference / "vix_whitepaper.json").read_text())[version]
    printed, given = case["published"], case["inputs"]
    table = shared_table("vix_whitepaper_quotes.csv")
    terms = []
    for place, name in (("1", "near"), ("2", "next")):
        rows = table.equals("term", name)
        quotes = {side: table.numbers(side)[rows] for side in SIDES}
        minutes, rate = given[f"N{place}_minutes"], given[f"R{place}"]
        got = term(term_variance(table.numbers("strike")[rows], **quotes, minutes=minutes, rate=rate))
        assert round(got.forward, 5) == printed[f"F{place}"]
        assert got.k0 == printed[f"K0_{place}"]
        assert round(got.adjustment, 8) == printed[f"adj{place}"]
        if version == "methodology_2022_on":
            assert round(float(got.contributions.sum()), 10) == printed[f"sum{place}"]
            assert round(got.variance, 9) == printed[f"sigma2_{place}"]
        else:
            # The older paper rounds T to seven digits on the way, which moves the eighth digit of the variance.
            assert got.variance == pytest.approx(printed[f"sigma2_{place}"], abs=1e-8)
        terms.append(got)
    answer = vix(*terms)
    assert answer is not None
    assert round(answer, 2) == printed["VIX"]
    assert answer == pytest.approx(printed.get("VIX_long", 100.0 * printed.get("inner_sqrt", 0.0)), abs=2e-6)


def merton(case: dict[str, Any], forward: float, strike: np.ndarray, is_put: bool) -> np.ndarray:
    """Undiscounted prices: a Poisson mixture of lognormals."""
    tau, mean_jump = case["T"], math.exp(case["muJ"] + 0.5 * case["sigJ"] ** 2)
    expected = case["lam"] * tau
    total = np.zeros(strike.size)
    for jumps in range(40):
        weight = math.exp(-expected) * expected**jumps / math.factorial(jumps)
        moved = forward * math.exp(-expected * (mean_jump - 1.0)) * mean_jump**jumps
        vol = math.sqrt(case["sigma"] ** 2 + jumps * case["sigJ"] ** 2 / tau)
        total += weight * price(moved, strike, tau, vol, is_put, 1.0)
    return total


@pytest.mark.shared
def test_jumps_are_in_the_strip(shared_reference: Path) -> None:
    """The index of a Merton world is that of its log contract, not of its quadratic variation."""
    world = json.loads((shared_reference / "merton_vix_skew.json").read_text())
    for case in world["cases"]:
        forward = world["S"] * math.exp((world["r"] - world["q"]) * case["T"])
        discount = math.exp(-world["r"] * case["T"])
        for quote in case["quotes"]:
            strike = np.array([float(quote["K"])])
            for right, side in ((True, "put"), (False, "call")):
                got = discount * merton(case, forward, strike, right)[0]
                assert got == pytest.approx(float(quote[side]), rel=1e-10)
        strike = np.arange(1500.0, 8000.0, 2.5)
        call, put = (discount * merton(case, forward, strike, right) for right in (False, True))
        strip = term(term_variance(strike, call, call, put, put, minutes=case["T"] * 525_600, rate=world["r"]))
        index = 100.0 * math.sqrt(strip.variance)
        assert index == pytest.approx(case["VIX_continuum"], abs=5e-4)
        assert index < case["sqrt_E_quad_var"] - 0.05
