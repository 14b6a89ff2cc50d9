"""S-RSI, S-RSIDIV, S-MACD, S-CONE: each firing, silent and absent."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from alvh.market.calendar import Release, release_days
from alvh.signals.oscillators import macd, rsi
from alvh.signals.quantiles import trailing_quantile
from alvh.signals.windows import trailing_std
from fakes.evidence import DAYS, parts, series, walk, why

N = 400


class TestRsi:
    signal = "S-RSI"

    def test_fires_when_a_rally_leaves_no_losses(self) -> None:
        made = parts("S-RSI", series("SPX", 100 + np.arange(60.0)), series("VIX", 40 - 0.1 * np.arange(60.0)))
        assert made["spx"].value[-1] == 100.0
        assert made["vix"].value[-1] == 0.0

    def test_stays_silent_where_gains_and_losses_balance(self) -> None:
        made = parts("S-RSI", series("SPX", 100 + (np.arange(60) % 2)))
        assert 40 < made["spx"].value[-1] < 60

    def test_is_absent_until_fifteen_closes_are_known_and_without_a_series(self) -> None:
        made = parts("S-RSI", series("SPX", walk(40, 1)))
        assert made["spx"].present.tolist() == [False] * 14 + [True] * 26
        assert why(made["spx"], 3) == "fewer than 15 values of SPX were known"
        assert why(made["vx"]) == "the market has no series VX1.CONTINUOUS"

    def test_the_future_is_its_continuous_series(self) -> None:
        values = walk(N, 3, 0.03, 18.0)
        made = parts("S-RSI", series("VX1.CONTINUOUS", values))
        assert made["vx"].value[-1] == rsi(values, 14)[-1]


class TestRsiDivergence:
    signal = "S-RSIDIV"

    @staticmethod
    def path(second_slope: float, fear: float) -> dict[str, object]:
        """A fast rally, a setback, and a second top that is reached slowly; VIX calm at the first, uneasy at both."""
        rally = [np.full(100, 0.0), np.full(20, 1.0), np.full(10, -1.0), np.tile([1.4, -0.6], 15) * second_slope]
        moves = np.concatenate([*rally, np.full(40, -0.5)])
        noise = 0.02 * np.random.default_rng(4).standard_normal(moves.size)
        spx = 1000 + np.cumsum(moves + noise)
        vix = 20 - 0.1 * np.cumsum(moves + noise)
        vix[130:160] += fear * np.linspace(0, 1, 30)
        return parts("S-RSIDIV", series("SPX", spx), series("VIX", vix))

    def test_fires_once_the_second_top_is_confirmed_and_for_its_time_only(self) -> None:
        made = self.path(1.0, 3.0)
        flagged = np.flatnonzero(made["bearish"].value)
        top = 158
        assert flagged[0] >= top + 5
        assert flagged[0] <= top + 6
        assert flagged.size == 20
        assert not made["bullish"].value[150:].any()

    def test_stays_silent_while_vix_does_not_agree(self) -> None:
        assert not self.path(1.0, -3.0)["bearish"].value.any()

    def test_stays_silent_when_the_second_top_is_lower(self) -> None:
        assert not self.path(0.6, 3.0)["bearish"].value.any()

    def test_bullish_is_the_mirror(self) -> None:
        rally = [np.full(100, 0.0), np.full(20, -1.0), np.full(10, 1.0), np.tile([-1.4, 0.6], 15), np.full(40, 0.5)]
        moves = np.concatenate(rally) + 0.02 * np.random.default_rng(4).standard_normal(200)
        vix = 20 - 0.1 * np.cumsum(moves)
        vix[130:160] -= 3.0 * np.linspace(0, 1, 30)
        made = parts("S-RSIDIV", series("SPX", 1000 + np.cumsum(moves)), series("VIX", vix))
        assert made["bullish"].value.sum() == 20
        assert not made["bearish"].value[150:].any()

    def test_is_absent_without_vix_and_while_young(self) -> None:
        assert why(parts("S-RSIDIV", series("SPX", walk(N, 1)))["bearish"]) == "the market has no series VIX"
        made = parts("S-RSIDIV", series("SPX", walk(60, 1)), series("VIX", walk(60, 2)))
        assert "fewer than 63" in why(made["bearish"])


class TestMacd:
    signal = "S-MACD"
    turn = np.concatenate([np.linspace(100, 60, 200), np.linspace(60, 110, 100)])

    def test_fires_on_the_day_it_crosses_and_not_the_next(self) -> None:
        made = parts("S-MACD", series("VIX", self.turn))
        crossed = np.flatnonzero(made["vix_crossed_up"].value)
        assert crossed.size == 1
        assert 200 <= crossed[0] <= 205
        assert made["vix_above"].value[crossed[0]] == 1.0
        assert made["vix_above"].value[crossed[0] - 1] == 0.0

    def test_a_crossover_counts_as_long_as_the_policy_says(self) -> None:
        made = parts("S-MACD", series("VIX", self.turn), changes=["signals.S-MACD.valid=4"])
        assert made["vix_crossed_up"].value.sum() == 4.0

    def test_stays_silent_in_a_steady_fall(self) -> None:
        made = parts("S-MACD", series("SPX", 100 * np.exp(-0.001 * np.arange(300.0))))
        assert not made["spx_crossed_down"].value[100:].any()
        assert (made["spx"].value[100:] < 0).all()

    def test_its_line_and_histogram_are_the_recursions(self) -> None:
        values = walk(N, 9)
        made, plain = parts("S-MACD", series("SPX", values)), macd(values, 12, 26, 9)
        assert made["spx"].value[-1] == plain.line[-1]
        assert made["spx_histogram"].value[-1] == plain.line[-1] - plain.signal[-1]

    def test_is_absent_until_the_seed_no_longer_counts(self) -> None:
        made = parts("S-MACD", series("SPX", walk(100, 1)))
        assert made["spx"].present.tolist() == [False] * 78 + [True] * 22
        assert why(made["spx"], 10) == "fewer than 79 values of SPX were known"
        assert why(made["vix"]) == "the market has no series VIX"


class TestCone:
    signal = "S-CONE"

    def test_fires_wider_when_moves_exceed_what_vix_promised(self) -> None:
        calm, wild = (
            parts("S-CONE", series("SPX", walk(1500, 3, step)), series("VIX", np.full(1500, 16.0)))
            for step in (0.005, 0.02)
        )
        assert calm["high_21"].value[-1] < 1.0 < wild["high_21"].value[-1]
        assert wild["width"].value[-1] == wild["high_21"].value[-1] - wild["low_21"].value[-1]

    def test_the_ends_are_quantiles_of_past_moves_over_what_vix_promised(self) -> None:
        spx, vix = walk(1500, 5), walk(1500, 6, 0.03, 18.0)
        made = parts("S-CONE", series("SPX", spx), series("VIX", vix))
        row = 1400
        moves = [
            np.log(spx[end] / spx[end - 21]) / (vix[end - 21] / 100 * np.sqrt(21 / 252)) for end in range(21, row + 1)
        ]
        assert made["low_21"].value[row] == pytest.approx(np.quantile(moves, 0.1), rel=1e-12)
        assert made["high_21"].value[row] == pytest.approx(np.quantile(moves, 0.9), rel=1e-12)

    def test_stays_silent_in_a_lognormal_world_where_it_is_at_home(self) -> None:
        spx = walk(3000, 8, 0.16 / np.sqrt(252))
        made = parts("S-CONE", series("SPX", spx), series("VIX", np.full(3000, 16.0)))
        assert made["high_5"].value[-1] == pytest.approx(1.2816, abs=0.12)
        assert made["low_5"].value[-1] == pytest.approx(-1.2816, abs=0.12)

    def test_the_release_cone_starts_before_releases_only(self) -> None:
        jumps = np.zeros(2000)
        released = release_days(Release.CPI, DAYS[0], DAYS[1999]).day
        jumps[np.isin(np.array(DAYS[:2000], "datetime64[D]"), released)] = 0.02
        spx = 100 * np.exp(np.cumsum(jumps))
        made = parts("S-CONE", series("SPX", spx), series("VIX", np.full(2000, 20.0)))
        one = 0.02 / (0.2 * np.sqrt(5 / 252))
        assert made["cpi_low_5"].value[-1] == pytest.approx(one, rel=1e-9)
        assert made["low_5"].value[-1] == pytest.approx(0.0, abs=1e-9)

    def test_is_absent_until_two_years_of_moves_are_known_and_without_vix(self) -> None:
        made = parts("S-CONE", series("SPX", walk(600, 1)), series("VIX", walk(600, 2)))
        assert made["high_21"].present.tolist() == [False] * 524 + [True] * 76
        assert why(made["cpi_high_21"]) == "too few moves over this horizon were known"
        assert why(parts("S-CONE", series("SPX", walk(600, 1)))["width"]) == "the market has no series VIX"

    def test_is_absent_when_its_last_close_is_stale(self) -> None:
        known = series("SPX", walk(600, 1)), series("VIX", walk(600, 2))
        made = parts("S-CONE", *known, days=DAYS[:620])
        assert made["high_21"].present[600]
        assert why(made["high_21"]) == "the last SPX and VIX is more than 5 days old"


@pytest.mark.shared
def test_windows_and_quantiles_give_the_published_cone_of_realised_volatility(shared_reference: Path) -> None:
    table = json.loads((shared_reference / "vol_cone.json").read_text("utf-8"))
    returns = np.diff(np.log(np.array(table["closes"], float)))
    for window, expected in table["values"].items():
        spread = np.sqrt(252.0) * trailing_std(returns, int(window))
        for share in ("0", "10", "25", "50", "75", "90", "100"):
            got = trailing_quantile(spread, returns.size, float(share) / 100, at_least=2)[-1]
            assert got == pytest.approx(expected[share], abs=1e-9)
