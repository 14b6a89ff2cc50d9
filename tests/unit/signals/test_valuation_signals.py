"""S-PE, S-PCF, S-QUICK, S-DDM, S-WACC, S-DIV, S-REIT, S-BETA, S-IPO, S-ROT, S-LIQ: firing, silent and absent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from alvh.signals.clock import trailing_mean_present
from alvh.signals.dividends import SMOOTH, YEAR
from fakes.evidence import DAYS, parts, series, walk, why
from fakes.worlds import made

N = 700


def months(first: str, count: int, step: int = 1) -> np.ndarray:
    return (np.datetime64(first, "M") + step * np.arange(count)).astype("datetime64[D]")


def monthly(name: str, values, first: str = "2005-01"):
    return made(name, months(first, len(values)), np.asarray(values, dtype=float))


def quarterly(name: str, values, first: str = "2002-04"):
    return made(name, months(first, len(values), 3), np.asarray(values, dtype=float))


def test_a_mean_of_what_is_present_counts_what_it_has() -> None:
    values = np.array([np.nan, 2.0, np.nan, 4.0, 6.0, 8.0])
    mean = trailing_mean_present(values, 3, 2)
    assert np.isnan(mean[:3]).all()
    assert mean[3:].tolist() == [3.0, 5.0, 6.0]
    assert trailing_mean_present(np.zeros(0), 3, 2).size == 0
    assert np.isnan(trailing_mean_present(np.full(4, np.nan), 3, 1)).all()


class TestPriceEarnings:
    signal = "S-PE"

    def test_fires_while_the_log_moves_at_most_five_points(self) -> None:
        found = parts("S-PE", series("SPX.FORWARD_PE", np.where(np.arange(200) < 150, 18.0, 18.0 * np.exp(0.049))))
        assert found["stable"].value[-1] == 1.0
        assert found["ratio"].value[-1] == pytest.approx(18 * np.exp(0.049))
        assert found["trailing"].value[-1] == 0.0

    def test_stays_silent_when_it_moves_more(self) -> None:
        found = parts("S-PE", series("SPX.FORWARD_PE", np.where(np.arange(200) < 150, 18.0, 18.0 * np.exp(0.051))))
        assert found["stable"].present[-1]
        assert found["stable"].value[-1] == 0.0

    def test_reported_earnings_stand_in_and_a_change_never_mixes_the_two(self) -> None:
        known = series("SPX", np.full(300, 1000.0)), monthly("SHILLER.EARNINGS", np.full(72, 50.0))
        late = replace(series("SPX.FORWARD_PE", np.full(80, 15.0), DAYS[220:]), name="SPX.FORWARD_PE")
        found = parts("S-PE", *known, late, days=DAYS[:300])
        assert found["ratio"].value[100] == 20.0
        assert found["trailing"].value[100] == 1.0
        assert found["ratio"].value[-1] == 15.0
        assert found["trailing"].value[-1] == 0.0
        assert found["stable"].value[225] == 1.0  # the reported ratio's own, until the forward one has a window

    def test_dispersion_is_that_of_the_sectors_a_user_brings(self) -> None:
        ratios = {"XLK": 30.0, "XLU": 15.0, "XLF": 12.0, "XLP": 20.0, "XLV": 18.0}
        wide = [series(f"PE.{name}", np.where(np.arange(200) < 150, 18.0, level)) for name, level in ratios.items()]
        found = parts("S-PE", series("SPX", walk(200, 1)), *wide)
        expected = np.log(list(ratios.values())).std(ddof=1)
        assert found["dispersion"].value[-1] == pytest.approx(expected)
        assert found["dispersion_change"].value[-1] == pytest.approx(expected)
        assert found["dispersion"].value[100] == pytest.approx(0.0)

    def test_is_absent_without_ratios(self) -> None:
        found = parts("S-PE", series("SPX", walk(100, 1)))
        assert why(found["stable"]) == "the market has no series SPX.FORWARD_PE"
        assert "PE.<GROUP>" in why(found["dispersion"])


class TestCashFlow:
    signal = "S-PCF"
    years = ("signals.S-PCF.history=252",)

    def test_fires_below_its_mean_and_on_a_divergence(self) -> None:
        ratio = np.where(np.arange(N) < 650, 10.0, 8.0)
        found = parts("S-PCF", series("SPX", np.arange(N) + 1000.0), series("SPX.PCF", ratio), changes=self.years)
        assert found["ratio"].value[-1] == pytest.approx(8.0 / ratio[-252:].mean())
        assert found["below"].value[-1] == 1.0
        assert found["divergence"].value[-1] == 1.0
        assert found["sd"].value[-1] == pytest.approx(np.log(ratio[-252:]).std(ddof=1))
        assert found["stand_in"].value[-1] == 0.0

    def test_stays_silent_above_the_users_tolerance_and_while_the_index_falls(self) -> None:
        ratio = np.where(np.arange(N) < 650, 10.0, 8.0)
        known = series("SPX", 2000.0 - np.arange(N)), series("SPX.PCF", ratio)
        found = parts("S-PCF", *known, changes=(*self.years, "signals.S-PCF.tolerance=0.8"))
        assert found["below"].present[-1]
        assert found["below"].value[-1] == 0.0
        assert found["divergence"].value[-1] == 0.0

    def test_earnings_stand_in_for_cash_flow_and_say_so(self) -> None:
        known = series("SPX", np.full(N, 1000.0)), series("SPX.FORWARD_PE", np.full(N, 15.0))
        found = parts("S-PCF", *known, changes=self.years)
        assert found["ratio"].value[-1] == pytest.approx(1.0)
        assert found["stand_in"].value[-1] == 1.0

    def test_is_absent_without_ten_years_of_a_ratio(self) -> None:
        found = parts("S-PCF", series("SPX", walk(N, 1)), series("SPX.PCF", np.full(N, 10.0)))
        assert why(found["ratio"]) == "no fresh SPX.PCF was known, or too little of its history"
        assert "none of the series" in why(parts("S-PCF", series("SPX", walk(N, 1)))["below"])


class TestQuickRatio:
    signal = "S-QUICK"
    days = DAYS[:40]

    def test_fires_at_the_top_of_its_history(self) -> None:
        values = np.linspace(0.8, 1.2, 30)
        found = parts("S-QUICK", quarterly("QUICK.SPX", values), days=self.days)
        assert found["level"].value[-1] == pytest.approx(values[29])
        assert found["percentile"].value[-1] == pytest.approx(29.5 / 30)
        assert found["sd"].value[-1] == pytest.approx(values[-8:].std(ddof=1))

    def test_stays_silent_in_the_middle_and_names_the_weakest_sector(self) -> None:
        known = [quarterly(f"QUICK.{name}", np.full(30, level)) for name, level in {"XLK": 1.4, "XLU": 0.6}.items()]
        found = parts("S-QUICK", quarterly("QUICK.REIT", np.full(30, 0.9)), *known, days=self.days)
        assert found["reit_percentile"].value[-1] == 0.5
        assert found["reit_sd"].value[-1] == 0.0
        assert found["sector"].value[-1] == pytest.approx(0.6)

    def test_is_absent_until_a_user_brings_it_and_the_portfolio_outside_a_run(self) -> None:
        found = parts("S-QUICK", days=self.days)
        assert "a user may import it" in why(found["level"])
        assert "QUICK.<FUND>" in why(found["sector"])
        assert "only a run with positions" in why(found["portfolio"])
        short = parts("S-QUICK", quarterly("QUICK.SPX", np.ones(3), "2009-01"), days=self.days)
        assert "too few reports" in why(short["sd"])


class TestDividendDiscount:
    signal = "S-DDM"

    def world(self, price: float, count: int = 1800):
        dividends = 20.0 * 1.05 ** (np.arange(160) / 12.0)
        return (
            series("SPX", np.full(count, price)),
            monthly("SHILLER.DIVIDEND", dividends),
            monthly("SHILLER.EARNINGS", np.full(160, price / 25.0)),
            series("DGS10", np.full(count, 4.0)),
            quarterly("GDPC1", 100 * 1.005 ** np.arange(80)),
        )

    def test_fires_dear_or_cheap_by_the_h_model(self) -> None:
        found = parts("S-DDM", *self.world(1000.0))
        place = 1799
        dividends = self.world(1000.0)[1]
        days = np.array([DAYS[place], DAYS[place - 5 * YEAR]], "datetime64[s]")
        known = dividends.value[np.searchsorted(dividends.known_at, days) - 1]
        growth = (known[0] / known[1]) ** 0.2 - 1
        value = 2.0 * known[0] * (1 + 0.04 + 2.5 * (growth - 0.04)) / 0.05
        assert found["ratio"].value[place] == pytest.approx(1000.0 / value, rel=1e-9)
        dear = parts("S-DDM", *self.world(3000.0))
        assert dear["ratio"].value[place] == pytest.approx(3 * found["ratio"].value[place])
        assert dear["drift"].value[place] < found["drift"].value[place]

    def test_stays_silent_on_a_fair_price_whose_drift_is_its_income(self) -> None:
        found = parts("S-DDM", *self.world(1000.0))
        fair = parts("S-DDM", *self.world(1000.0 / found["ratio"].value[-1]))
        assert fair["ratio"].value[-1] == pytest.approx(1.0)
        assert fair["earnings_yield"].value[-1] == pytest.approx(0.04)
        assert fair["trend"].value[-1] == pytest.approx(1.005**4 - 1)
        assert fair["drift"].value[-1] == pytest.approx(30 / 365 * (0.04 + 1.005**4 - 1), rel=1e-6)

    def test_a_strong_quick_ratio_carries_the_drift_further(self) -> None:
        plain = parts("S-DDM", *self.world(1000.0))
        strong = parts("S-DDM", *self.world(1000.0), quarterly("QUICK.SPX", np.linspace(0.8, 1.2, 70)))
        percentile = 39.5 / 40
        assert strong["drift"].value[-1] == pytest.approx((0.5 + percentile) * plain["drift"].value[-1])

    def test_the_deviation_is_that_of_ln_value_over_a_year(self) -> None:
        rates = 4.0 + np.cumsum(0.02 * np.random.default_rng(3).standard_normal(1800))
        known = list(self.world(1000.0))
        known[3] = series("DGS10", rates)
        found = parts("S-DDM", *known)
        log_value = np.log(1000.0 / found["ratio"].value[-252:])
        assert found["sd"].value[-1] == pytest.approx(log_value.std(ddof=1))

    def test_is_absent_without_dividends_or_a_rate(self) -> None:
        spx, dividends, earnings, rate, gdp = self.world(1000.0)
        assert "dividends" in why(parts("S-DDM", spx, earnings, rate, gdp)["ratio"])
        found = parts("S-DDM", spx, dividends, earnings, gdp)
        assert not found["ratio"].present.any()
        assert found["earnings_yield"].present[-1]


class TestCostOfCapital:
    signal = "S-WACC"

    def test_fires_with_the_level_and_its_rise(self) -> None:
        base, spread = np.where(np.arange(200) < 180, 3.0, 4.0), np.full(200, 2.0)
        known = series("SPX", walk(200, 1)), series("DGS10", base), series("BAA10Y", spread)
        found = parts("S-WACC", *known)
        assert found["level"].value[-1] == pytest.approx(0.75 * 0.09 + 0.25 * 0.06 * 0.79)
        assert found["change"].value[-1] == pytest.approx(0.75 * 0.01 + 0.25 * 0.01 * 0.79)
        assert found["assumed"].value[-1] == 1.0

    def test_stays_silent_when_nothing_moves_and_takes_a_given_debt_ratio(self) -> None:
        known = series("SPX", walk(200, 1)), series("DGS10", np.full(200, 3.0)), monthly("BAA", np.full(90, 5.0))
        found = parts("S-WACC", *known, quarterly("DEBT_RATIO", np.full(40, 0.4)))
        assert found["level"].value[-1] == pytest.approx(0.6 * 0.08 + 0.4 * 0.05 * 0.79)
        assert found["change"].value[-1] == 0.0
        assert found["assumed"].value[-1] == 0.0

    def test_is_absent_without_a_yield(self) -> None:
        found = parts("S-WACC", series("SPX", walk(200, 1)), series("BAA10Y", np.full(200, 2.0)))
        assert why(found["level"]) == "no fresh DGS10 and BAA10Y or BAA were known"


def paying(count: int, yearly: float) -> tuple[np.ndarray, np.ndarray]:
    """An index and the same with a dividend every 63 sessions reinvested."""
    price = walk(count, 6, 0.008, 1000.0)
    added = np.where(np.arange(count) % 63 == 62, np.log1p(yearly / 4.0), 0.0)
    return price, price * np.exp(np.cumsum(added))


class TestDividendGrowth:
    signal = "S-DIV"

    def test_fires_with_reported_growth_and_its_deviation(self) -> None:
        levels = 20.0 * np.exp(np.cumsum(0.01 * np.random.default_rng(4).standard_normal(100)))
        found = parts("S-DIV", monthly("SHILLER.DIVIDEND", levels, "2003-01"), days=DAYS[400:420])
        known = levels[:99]  # to March 2011, seen at the end of June 2011
        yearly = known[12:] / known[:-12] - 1
        assert found["growth"].value[-1] == pytest.approx(yearly[-1])
        assert found["sd"].value[-1] == pytest.approx(yearly[-60:].std(ddof=1))
        assert found["implied"].value[-1] == 0.0

    def test_stays_silent_on_constant_dividends_that_the_total_return_implies(self) -> None:
        price, total = paying(1200, 0.02)
        found = parts("S-DIV", series("SPX", price), series("SPXT", total))
        assert found["reinvested"].value[-1] == pytest.approx(4 * np.log1p(0.005), rel=1e-9)
        assert found["implied"].value[-1] == 1.0
        mean = np.convolve(price, np.full(YEAR, 1 / YEAR), "valid")
        paid = np.convolve(mean * (1.005**4 - 1), np.full(SMOOTH, 1 / SMOOTH), "valid")
        assert found["growth"].value[-1] == pytest.approx(paid[-1] / paid[-1 - YEAR] - 1, rel=1e-9)

    def test_is_absent_without_either(self) -> None:
        found = parts("S-DIV", series("SPX", walk(100, 1)))
        assert "DIVIDEND.GROWTH" in why(found["growth"])
        assert "SPX.TR" in why(found["reinvested"])


class TestReit:
    signal = "S-REIT"

    def found(self, reit_step: float):
        index = 100 * np.exp(0.001 * np.arange(300))
        reits = 50 * np.exp(0.001 * np.arange(300) + np.where(np.arange(300) > 260, reit_step, 0.0))
        return parts("S-REIT", series("SPY.adjclose", index), series("VNQ.adjclose", reits))

    def test_fires_when_reits_hold_at_least_as_well(self) -> None:
        found = self.found(0.02)
        assert found["resilient"].value[-1] == 1.0
        assert found["relative"].value[-1] == pytest.approx(0.02)
        assert found["drawdown_gap"].value[-1] == 0.0

    def test_stays_silent_when_they_fall(self) -> None:
        found = self.found(-0.1)
        assert found["resilient"].present[-1]
        assert found["resilient"].value[-1] == 0.0
        assert found["drawdown_gap"].value[-1] == pytest.approx(np.exp(0.001 * 39 - 0.1) - 1)

    def test_is_absent_without_reits(self) -> None:
        found = parts("S-REIT", series("SPY.adjclose", walk(300, 1)))
        assert why(found["relative"]) == "the market has no series REIT.TR"


class TestBeta:
    signal = "S-BETA"

    def known(self, late: float):
        market = 0.01 * np.random.default_rng(1).standard_normal(400)
        beta = np.where(np.arange(400) < 300, 0.8, late)
        found = [series("SPY.adjclose", 100 * np.cumprod(1 + market))]
        for place, name in enumerate(("XLU", "XLP", "XLV", "IYR")):
            own = beta * market + 0.002 * np.random.default_rng(place + 2).standard_normal(400)
            found.append(series(f"{name}.adjclose", 50 * np.cumprod(1 + own)))
        return found

    def test_fires_when_the_mean_of_the_defensive_betas_declines(self) -> None:
        known = self.known(0.5)
        found = parts("S-BETA", *known)
        returns = [item.value[-63:] / item.value[-64:-1] - 1 for item in known]
        betas = [np.cov(own, returns[0])[0, 1] / returns[0].var(ddof=1) for own in returns[1:]]
        assert [found[part].value[-1] for part in ("utilities", "staples", "health_care", "reits")] == pytest.approx(
            betas, rel=1e-9
        )
        assert found["defensive"].value[-1] == pytest.approx(np.mean(betas[:3]), rel=1e-9)
        assert found["decline"].value[-1] == 1.0

    def test_stays_silent_when_they_hold(self) -> None:
        found = parts("S-BETA", *self.known(0.8))
        assert found["decline"].present[-1]
        assert found["decline"].value[-1] == 0.0

    def test_is_absent_while_a_sector_is_missing(self) -> None:
        found = parts("S-BETA", *[item for item in self.known(0.8) if item.name != "XLP.adjclose"])
        assert why(found["defensive"]) == "the market has no series XLP.adjclose"
        assert found["utilities"].present[-1]
        assert found["decline"].code[30] > 0


class TestIpo:
    signal = "S-IPO"

    def test_fires_in_a_boom(self) -> None:
        counts = np.where(np.arange(60) < 57, 20.0, 60.0)
        found = parts("S-IPO", monthly("IPO.COUNT", counts, "2005-01"), days=DAYS[10:20])
        assert found["activity"].value[-1] == pytest.approx(60.0 / counts.mean())

    def test_stays_silent_at_the_usual_number(self) -> None:
        found = parts("S-IPO", monthly("IPO.COUNT", np.full(60, 20.0), "2005-01"), days=DAYS[10:20])
        assert found["activity"].value[-1] == 1.0

    def test_is_absent_without_counts_and_while_none_was_ever_made(self) -> None:
        assert "a user may import it" in why(parts("S-IPO")["activity"])
        none = parts("S-IPO", monthly("IPO.COUNT", np.zeros(60), "2005-01"), days=DAYS[10:20])
        assert "none had an offering" in why(none["activity"])


class TestRotation:
    signal = "S-ROT"

    def found(self, drift: float):
        steps = 0.004 * np.random.default_rng(2).standard_normal(400)
        growth = 100 * np.exp(np.cumsum(steps - steps[-63:].mean() * (np.arange(400) >= 337) + drift))
        return parts("S-ROT", series("IWF.adjclose", growth), series("IWD.adjclose", np.full(400, 50.0))), growth

    def test_fires_fully_when_growth_runs_away(self) -> None:
        found, _ = self.found(0.003)
        assert found["momentum"].value[-1] == 1.0

    def test_stays_silent_when_neither_gains(self) -> None:
        found, growth = self.found(0.0)
        log = np.log(growth / 50.0)
        assert found["level"].value[-1] == pytest.approx(log[-1])
        assert found["momentum"].value[-1] == pytest.approx(0.0, abs=0.05)
        usual = np.diff(log)[-252:].std(ddof=1) * np.sqrt(63)
        place = 300
        usual = np.diff(log)[place - 252 : place].std(ddof=1) * np.sqrt(63)
        expected = np.clip((log[place] - log[place - 63]) / usual / 2.0, -1, 1)
        assert found["momentum"].value[place] == pytest.approx(expected)

    def test_is_absent_without_growth_and_value(self) -> None:
        assert "ROTATION" in why(parts("S-ROT")["momentum"])


class TestLiquidity:
    signal = "S-LIQ"

    def test_is_absent_outside_a_run(self) -> None:
        found = parts("S-LIQ", days=[date(2015, 6, 1)])
        assert why(found["ratio"]) == "only a run with positions has quotes that are held"
