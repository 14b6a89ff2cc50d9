"""S-TERM, S-MIGRATE, S-VIXHIST, S-RV, S-CAPVOL: each firing, silent and absent."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from alvh.signals.realized import close_to_close, jump_share, log_returns, yang_zhang
from alvh.signals.term_structure import roll_yield, slope
from fakes.evidence import DAYS, parts, series, walk, why

TENORS = (30, 60, 90, 120, 180)


def curve(identifier: str, shape: dict[int, np.ndarray], *more):
    return parts(identifier, *(series(f"VX{tenor}", values) for tenor, values in shape.items()), *more)


class TestTerm:
    signal = "S-TERM"

    def test_fires_steep_in_contango_and_inverted_when_vix_exceeds_its_sister(self) -> None:
        shape = {30: np.full(5, 16.0), 60: np.full(5, 17.0), 90: np.full(5, 17.5), 120: np.full(5, 18.0)}
        made = curve("S-TERM", shape, series("VIX", np.full(5, 25.0)), series("VIX3M", np.full(5, 22.0)))
        assert made["slope"].value[-1] == pytest.approx(0.0625)
        assert made["steep"].value[-1] == made["inverted"].value[-1] == 1.0
        assert made["long_slope"].value[-1] == pytest.approx(0.125)
        assert made["curvature"].value[-1] == pytest.approx((16 + 17.5) / 34 - 1)
        assert made["roll_yield"].value[-1] == pytest.approx(math.log(16 / 17) * 365 / 30)
        assert made["vx30"].value[-1] == 16.0

    def test_stays_silent_on_a_mild_curve(self) -> None:
        shape = {30: np.full(5, 16.0), 60: np.full(5, 16.5)}
        made = curve("S-TERM", shape, series("VIX", np.full(5, 15.0)), series("VIX3M", np.full(5, 17.0)))
        assert made["steep"].value[-1] == made["inverted"].value[-1] == 0.0

    def test_low_is_below_its_own_lower_quartile(self) -> None:
        now = np.concatenate([np.linspace(1.0, 2.0, 251), [1.1]])
        made = curve("S-TERM", {30: np.full(252, 20.0), 60: 20.0 + now})
        assert made["low"].present.tolist() == [False] * 251 + [True]
        assert made["low"].value[-1] == 1.0
        now[-1] = 1.9
        assert curve("S-TERM", {30: np.full(252, 20.0), 60: 20.0 + now})["low"].value[-1] == 0.0

    def test_is_absent_without_futures_and_a_curve_below_zero_is_none(self) -> None:
        made = parts("S-TERM", series("VIX", np.full(5, 15.0)))
        assert why(made["slope"]) == "the market has no series VX30 and no series VX60"
        assert why(made["ratio"]) == "the market has no series VIX3M"
        made = curve("S-TERM", {30: np.array([16.0, -1.0]), 60: np.array([17.0, 17.0])})
        assert made["slope"].present.tolist() == [True, False]

    @pytest.mark.shared
    def test_slope_and_roll_yield_are_the_published_ones(self, shared_reference: Path) -> None:
        (case,) = json.loads((shared_reference / "term_structure.json").read_text("utf-8"))["cases"]
        near, far = np.array([case["VX1"]]), np.array([case["VX2"]])
        assert slope(near, far)[0] == pytest.approx(case["contango_VX2_VX1"], abs=1e-12)
        yearly = roll_yield(near, far, case["d2"] - case["d1"])[0]
        assert yearly == pytest.approx(case["roll_yield_annual_cal"], abs=1e-9)
        spot, later = np.array([case["VIX"]]), np.array([case["VIX3M"]])
        made = parts("S-TERM", series("VIX", spot), series("VIX3M", later))
        assert made["ratio"].value[-1] == pytest.approx(case["ratio_VIX_VIX3M"], abs=1e-12)


class TestMigration:
    signal = "S-MIGRATE"

    @staticmethod
    def shape(weight: np.ndarray) -> dict[int, np.ndarray]:
        """Extrinsic value between 60 and 180 days: none at 30, `weight` of it far out."""
        n = weight.size
        return {30: np.full(n, 16.0), 60: 18.0 - weight, 90: np.full(n, 16.0), 180: 16.0 + weight}

    def test_fires_when_value_moves_to_longer_tenors(self) -> None:
        made = curve("S-MIGRATE", self.shape(np.linspace(0.5, 1.5, 11)))
        assert made["centroid"].value[-1] == pytest.approx((0.5 * 60 + 1.5 * 180) / 2)
        assert made["moving_out"].value[-1] == 1.0
        assert made["change"].value[-1] == pytest.approx(0.5 * 120 / 2)
        assert made["proxy"].value[-1] == 1.0

    def test_stays_silent_when_it_comes_nearer(self) -> None:
        assert curve("S-MIGRATE", self.shape(np.linspace(1.5, 0.5, 11)))["moving_out"].value[-1] == 0.0

    def test_a_recorded_chain_comes_before_the_proxy(self) -> None:
        straddles = [
            series(f"VIX.STRADDLE{tenor}", np.full(11, value))
            for tenor, value in zip((30, 60, 90, 180), (0.1, 0.2, 0.3, 0.4), strict=True)
        ]
        made = curve("S-MIGRATE", self.shape(np.full(11, 1.0)), *straddles)
        assert made["centroid"].value[-1] == pytest.approx(3 + 12 + 27 + 72)
        assert made["proxy"].value[-1] == 0.0

    def test_is_absent_on_a_flat_curve_and_without_one(self) -> None:
        flat = {tenor: np.full(8, 16.0) for tenor in TENORS}
        made = curve("S-MIGRATE", flat)
        assert why(made["centroid"]) == "the curve is flat"
        assert "flat" in why(made["moving_out"])
        assert "no recorded VIX chain" in why(parts("S-MIGRATE", series("VIX", np.ones(3)))["centroid"])


class TestVixHistory:
    signal = "S-VIXHIST"
    rising = np.linspace(10.0, 30.0, 400)

    def test_fires_below_its_mean_and_ranks_what_lies_below(self) -> None:
        made = parts("S-VIXHIST", series("VIX", self.rising[::-1]))
        assert made["below_mean"].value[-1] == 1.0
        assert made["percentile"].value[-1] == 0.0

    def test_stays_silent_above_it(self) -> None:
        made = parts("S-VIXHIST", series("VIX", self.rising))
        assert made["below_mean"].value[-1] == 0.0
        assert made["percentile"].value[-1] == 1.0

    def test_the_mean_is_of_the_last_closes_known_at_the_snapshot(self) -> None:
        made = parts("S-VIXHIST", series("VIX", np.arange(100.0)))
        assert made["mean63"].present.tolist() == [False] * 62 + [True] * 38
        assert made["mean63"].value[62] == pytest.approx(np.arange(63).mean())
        assert made["mean63"].value[99] == pytest.approx(np.arange(37, 100).mean())

    def test_vvix_is_ranked_by_itself_and_absent_without_it(self) -> None:
        made = parts("S-VIXHIST", series("VIX", self.rising), series("VVIX", self.rising[::-1]))
        assert made["call_iv"].value[-1] == 0.0
        assert made["mean20"].value[-1] == pytest.approx(self.rising[-20:].mean())
        assert why(parts("S-VIXHIST", series("VIX", self.rising))["call_iv"]) == "the market has no series VVIX"

    def test_a_close_that_is_not_yet_known_does_not_count(self) -> None:
        known = series("VIX", np.arange(100.0))
        late = replace(known, known_at=known.known_at + np.timedelta64(1, "h"))
        made = parts("S-VIXHIST", late)["mean63"]
        assert not made.present[62]
        assert made.value[63] == pytest.approx(np.arange(63).mean())
        assert made.known_at[63] == late.known_at[62]

    def test_is_absent_when_stale_when_young_and_without_vix(self) -> None:
        known = series("VIX", self.rising)
        stale = parts("S-VIXHIST", known, days=[DAYS[399] + timedelta(days=30)])["mean63"]
        assert why(stale) == "the last VIX is more than 5 days old"
        assert stale.value[0] == 0.0
        assert why(parts("S-VIXHIST", known)["percentile"], 100) == "fewer than 253 closes of VIX were known"
        assert why(parts("S-VIXHIST", series("SPX", self.rising))["mean63"]) == "the market has no series VIX"


class TestRealized:
    signal = "S-RV"

    def test_fires_when_the_short_window_outruns_the_long_one(self) -> None:
        calm = np.tile([0.005, -0.005], 50)
        spx = 100 * np.exp(np.cumsum(np.concatenate([calm, np.tile([0.02, -0.02], 3)])))
        made = parts("S-RV", series("SPX", spx), series("VIX", np.full(spx.size, 20.0)))
        assert made["ratio"].value[-1] > 1.25
        assert made["short"].value[-1] == pytest.approx(100 * 0.02 * math.sqrt(252), rel=1e-9)

    def test_stays_silent_at_an_even_pace(self) -> None:
        spx = 100 * np.exp(np.cumsum(np.tile([0.01, -0.01], 60)))
        made = parts("S-RV", series("SPX", spx), series("VIX", np.full(120, 20.0)))
        assert made["ratio"].value[-1] == pytest.approx(1.0)
        assert made["jump_share"].value[-1] == 0.0
        realized = 0.01**2 * 252
        assert made["vrp"].value[-1] == pytest.approx(0.04 - realized, rel=1e-9)
        assert made["premium"].value[-1] == pytest.approx(20 - 100 * math.sqrt(realized), rel=1e-9)

    def test_one_jump_is_most_of_the_variance(self) -> None:
        moves = np.tile([0.001, -0.001], 40)
        moves[70] = 0.05
        made = parts("S-RV", series("SPX", 100 * np.exp(np.cumsum(moves))))
        assert made["jump_share"].value[-1] > 0.8

    def test_is_absent_with_closes_only_where_it_needs_more_and_while_young(self) -> None:
        made = parts("S-RV", series("SPX", walk(40, 1)))
        assert why(made["yang_zhang"]) == "the market has no open, high and low of SPX, only closes"
        assert why(made["vrp"]) == "the market has no series VIX"
        assert made["long"].present.tolist() == [False] * 20 + [True] * 20
        assert why(made["long"], 3) == "fewer than 21 closes of SPX were known"

    def test_a_day_without_an_open_empties_the_windows_that_hold_it(self) -> None:
        close = walk(120, 1)
        prices = {"SPX.open": close * 0.999, "SPX.high": close * 1.004, "SPX.low": close * 0.995}
        whole = parts("S-RV", series("SPX", close), *(series(name, values) for name, values in prices.items()))
        assert whole["yang_zhang"].present.tolist() == [False] * 21 + [True] * 99
        days = [day for place, day in enumerate(DAYS[:120]) if place != 60]
        gap = [series(name, np.delete(values, 60), days) for name, values in prices.items()]
        made = parts("S-RV", series("SPX", close), *gap, days=DAYS[:120])
        assert not made["yang_zhang"].present[60:81].any()
        assert made["yang_zhang"].value[82] == whole["yang_zhang"].value[82]


class TestEstimators:
    def test_yang_zhang_is_its_formula_written_out(self) -> None:
        random = np.random.default_rng(3)
        close = walk(60, 3)
        open_ = np.roll(close, 1) * np.exp(0.003 * random.standard_normal(60))
        high = np.maximum(open_, close) * (1 + 0.004 * random.random(60))
        low = np.minimum(open_, close) * (1 - 0.004 * random.random(60))
        n, rows = 21, range(39, 60)
        overnight = [math.log(open_[i] / close[i - 1]) for i in rows]
        day = [math.log(close[i] / open_[i]) for i in rows]
        drift = [
            math.log(high[i] / open_[i]) * (math.log(high[i] / open_[i]) - day[i - 39])
            + math.log(low[i] / open_[i]) * (math.log(low[i] / open_[i]) - day[i - 39])
            for i in rows
        ]
        k = 0.34 / (1.34 + (n + 1) / (n - 1))
        variance = np.var(overnight, ddof=1) + k * np.var(day, ddof=1) + (1 - k) * np.mean(drift)
        made = yang_zhang(open_, high, low, close, n)
        assert made[-1] == pytest.approx(math.sqrt(252 * variance), rel=1e-12)

    def test_bipower_variation_is_its_sum_written_out(self) -> None:
        returns = 0.01 * np.random.default_rng(8).standard_normal(50)
        returns[40] = 0.06
        last = returns[-20:]
        bipower = math.pi / 2 * 20 / 19 * sum(abs(last[i]) * abs(last[i - 1]) for i in range(1, 20))
        expected = max(0.0, 1 - bipower / sum(last**2))
        assert jump_share(returns, 20)[-1] == pytest.approx(expected, rel=1e-12)

    def test_a_market_that_does_not_move_has_no_jumps(self) -> None:
        assert jump_share(np.concatenate([[np.nan], np.zeros(30)]), 20)[-1] == 0.0

    def test_contradictory_prices_leave_no_volatility(self) -> None:
        close = walk(40, 1, 0.001)
        made = yang_zhang(close * 0.9, close * 0.95, close * 0.95, close, 21)
        assert np.isnan(made).all()

    def test_no_prices_are_no_estimates(self) -> None:
        nothing = np.zeros(0)
        assert jump_share(nothing, 20).size == yang_zhang(nothing, nothing, nothing, nothing, 21).size == 0

    @pytest.mark.shared
    def test_estimators_are_the_published_ones(self, shared_reference: Path) -> None:
        table = json.loads((shared_reference / "realized_vol.json").read_text("utf-8"))
        first = table["first_prev_close"]
        prices = np.array([[first] * 4, *table["ohlc"]], float)
        open_, high, low, close = prices.T
        n = table["values"]["n"]
        made = yang_zhang(open_, high, low, close, n)[-1]
        assert made == pytest.approx(table["values"]["yang_zhang"], abs=1e-12)
        plain = close_to_close(log_returns(close), n)[-1]
        assert plain == pytest.approx(table["values"]["close_close_zero_mean"], abs=1e-12)


class TestWeightedVolatility:
    signal = "S-CAPVOL"
    calm = 20 + np.random.default_rng(1).standard_normal(300)

    def test_fires_two_deviations_above_its_year(self) -> None:
        values = self.calm.copy()
        values[-1] = 30.0
        made = parts("S-CAPVOL", series("VIXEQ", values))
        assert made["spike"].value[-1] == 1.0
        year = values[-252:]
        assert made["z"].value[-1] == pytest.approx((30 - year.mean()) / year.std(ddof=1), rel=1e-9)
        assert made["volatility"].value[-1] == 30.0

    def test_stays_silent_on_a_usual_day(self) -> None:
        made = parts("S-CAPVOL", series("VIXEQ", np.append(self.calm, 21.0)))
        assert made["spike"].value[-1] == made["proxy"].value[-1] == 0.0

    def test_sectors_stand_in_labelled_and_scores_never_mix_sources(self) -> None:
        made = parts("S-CAPVOL", series("SECTOR.VOL", self.calm), series("VIXEQ", 50 + self.calm[:10], DAYS[290:300]))
        assert made["proxy"].value[-1] == 1.0
        assert made["volatility"].value[-1] == self.calm[-1]
        assert abs(made["z"].value[-1]) < 4

    def test_is_absent_without_any_and_while_young(self) -> None:
        assert why(parts("S-CAPVOL", series("SPX", self.calm))["spike"]) == (
            "the market has none of VIXEQ, SECTOR.VOL, MEMBERS.VOL"
        )
        assert "fewer than 252" in why(parts("S-CAPVOL", series("VIXEQ", self.calm[:100]))["z"])

    def test_a_volatility_that_never_moved_is_no_spike(self) -> None:
        assert parts("S-CAPVOL", series("VIXEQ", np.full(300, 20.0)))["z"].value[-1] == 0.0
