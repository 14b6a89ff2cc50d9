"""S-AD and S-NARROW: each firing, silent and absent."""

from __future__ import annotations

import numpy as np
import pytest

from alvh.signals.narrowing import GROUPS
from fakes.evidence import DAYS, parts, series, walk, why


def breadth(net: np.ndarray, spx: np.ndarray | None = None):
    """An exchange with a thousand issues whose net advances are given."""
    known = [series("NYSE.ADVANCES", 500 + net / 2), series("NYSE.DECLINES", 500 - net / 2)]
    if spx is not None:
        known.append(series("SPX", spx))
    return parts("S-AD", *known)


def tops(first: float, second: float) -> np.ndarray:
    row = np.arange(200, dtype=float)
    return np.maximum(np.maximum(first - np.abs(row - 110), second - np.abs(row - 145)), 60.0 - 0.001 * row)


class TestAdvanceDecline:
    signal = "S-AD"

    def test_fires_a_negative_divergence_once_it_is_confirmed_and_for_its_time(self) -> None:
        line = tops(120.0, 100.0)
        made = breadth(np.diff(line, prepend=line[0]), tops(100.0, 110.0))
        assert np.flatnonzero(made["divergence"].value).tolist() == list(range(150, 170))
        assert not made["constructive"].value[150:170].any()

    def test_stays_silent_when_breadth_follows_the_index(self) -> None:
        line = tops(100.0, 120.0)
        assert not breadth(np.diff(line, prepend=line[0]), tops(100.0, 110.0))["divergence"].value.any()

    def test_constructive_is_a_line_that_rose_without_divergence(self) -> None:
        made = breadth(np.full(120, 50.0), walk(120, 1))
        assert made["constructive"].value[-1] == 1.0
        assert made["change"].value[-1] == 20 * 50
        assert breadth(np.full(120, -50.0), walk(120, 1))["constructive"].value[-1] == 0.0

    def test_the_spread_is_of_the_daily_share_of_net_advances(self) -> None:
        net = 100 * np.random.default_rng(2).standard_normal(150)
        made = breadth(net)
        assert made["spread"].value[-1] == pytest.approx(np.std(net[-63:] / 1000, ddof=1), rel=1e-9)

    def test_is_absent_without_breadth_without_spx_and_while_young(self) -> None:
        assert why(parts("S-AD", series("SPX", walk(90, 1)))["change"]) == (
            "the market has no series AD.LINE and no series AD.NET"
        )
        made = breadth(np.ones(90))
        assert why(made["divergence"]) == "the market has no series SPX"
        assert why(made["change"], 10) == "fewer than 21 days of it were known"
        assert "fewer than 63" in why(breadth(np.ones(50), walk(50, 1))["divergence"])


class TestNarrowing:
    signal = "S-NARROW"
    rising = 100 * np.exp(0.001 * np.arange(150.0))

    def proxy(self, weighted: float, spx: float = 0.001):
        row = np.arange(150.0)
        return parts(
            "S-NARROW",
            series("SPX", 100 * np.exp(spx * row)),
            series("SPY.adjclose", 100 * np.exp((0.0005 + weighted) * row)),
            series("RSP.adjclose", 100 * np.exp(0.0005 * row)),
        )

    @staticmethod
    def multiples(falling: int) -> list:
        """Monthly P/E and P/CF of every sector, known for a year; some of them fall."""
        days = DAYS[:150:10]
        known = []
        for place, group in enumerate(GROUPS):
            slope = -0.01 if place < falling else 0.01
            values = 20 * np.exp(slope * np.arange(len(days)))
            known += [series(f"{kind}.{group}", values, days) for kind in ("PE", "PCF")]
        return known

    def test_fires_by_proxy_when_the_weighted_index_runs_ahead(self) -> None:
        made = self.proxy(0.0003)
        assert made["narrow"].value[-1] == 1.0
        assert made["proxy"].value[-1] == 1.0
        assert made["gap"].value[-1] == pytest.approx(np.exp(0.0008 * 63) - np.exp(0.0005 * 63), rel=1e-9)

    def test_stays_silent_when_members_keep_up_or_the_index_falls(self) -> None:
        assert self.proxy(0.0001)["narrow"].value[-1] == 0.0
        assert self.proxy(0.0003, spx=-0.001)["narrow"].value[-1] == 0.0

    def test_fires_by_multiples_when_six_tenths_of_the_sectors_fell(self) -> None:
        made = parts("S-NARROW", series("SPX", self.rising), *self.multiples(7))
        assert made["share"].value[-1] == pytest.approx(7 / 11)
        assert made["narrow"].value[-1] == 1.0
        assert made["proxy"].value[-1] == 0.0

    def test_stays_silent_when_fewer_fell(self) -> None:
        made = parts("S-NARROW", series("SPX", self.rising), *self.multiples(6))
        assert made["narrow"].value[-1] == 0.0

    def test_both_multiples_must_fall(self) -> None:
        known = [item for item in self.multiples(7) if item.name.startswith("PE")]
        known += [item for item in self.multiples(0) if item.name.startswith("PCF")]
        made = parts("S-NARROW", series("SPX", self.rising), *known)
        assert made["share"].value[-1] == 0.0

    def test_is_absent_without_funds_or_multiples_and_while_young(self) -> None:
        made = parts("S-NARROW", series("SPX", self.rising))
        assert why(made["narrow"]) == "the market has no series SPY.adjclose and no series RSP.adjclose"
        assert why(made["share"]) == "0 sectors have both P/E and P/CF, needed 6"
        assert why(self.proxy(0.0003)["narrow"], 20) == "fewer than 64 closes of SPX were known"
