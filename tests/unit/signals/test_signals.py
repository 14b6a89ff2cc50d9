from __future__ import annotations

from datetime import date

import numpy as np

from alvh.market.series import Series
from alvh.signals.exchange_rate import ExchangeRate
from alvh.signals.valuation import PriceEarnings
from fakes.market import daily, weekdays
from fakes.runs import policy

DAYS = weekdays(date(2010, 1, 4), 1500)
NUMBERS = policy().parameters.signals
FIVE_YEARS, WINDOW = 1260, 63


def reer_stable(known, at):
    return ExchangeRate(NUMBERS.exchange_rate).compute(known, at)[0]


def pe_stable(known, at):
    return PriceEarnings(NUMBERS.price_earnings).compute(known, at)[0]


def snapshots(days: list[date]) -> np.ndarray:
    return np.array(days, "datetime64[D]").astype("datetime64[s]") + np.timedelta64(21 * 60 + 15, "m")


def lookup(*series: Series):
    return {item.name: item for item in series}.get


class TestReer:
    def test_it_is_stable_while_its_spread_is_at_most_its_five_year_median(self) -> None:
        draw = np.random.default_rng(3)
        calm, wild = 0.001, 0.004
        scale = np.where(np.arange(1500) < 1400, calm, wild)
        level = 100 * np.exp(np.cumsum(scale * draw.standard_normal(1500)))
        column = reer_stable(lookup(daily("DTWEXBGS", DAYS, level.tolist())), snapshots(DAYS))
        assert column.code[FIVE_YEARS // 2 + WINDOW - 2] == 1
        assert column.code[FIVE_YEARS // 2 + WINDOW] == 0
        assert column.value[1480] == 0.0
        assert 0.2 < column.value[800:1400].mean() < 0.8

    def test_the_monthly_rate_stands_in_with_its_own_definition(self) -> None:
        months = [date(2010 + month // 12, month % 12 + 1, 1) for month in range(8)]
        series = daily("RBUSBIS", months, [100, 100, 100, 101, 101, 101, 104, 104])
        column = reer_stable(lookup(series), snapshots(months))
        assert column.code[2] == 1
        assert column.value[3] == 1.0
        assert column.value[6] == 0.0

    def test_neither_series_is_absent_with_its_reason(self) -> None:
        column = reer_stable(lookup(), snapshots(DAYS[:2]))
        assert "neither DTWEXBGS nor RBUSBIS" in column.reasons[column.code[0]]


class TestPe:
    def test_it_is_stable_while_its_log_change_stays_within_five_percent(self) -> None:
        ratio = np.full(200, 18.0)
        ratio[150:] = 18.0 * np.exp(0.051)
        column = pe_stable(lookup(daily("SPX.FORWARD_PE", DAYS[:200], ratio.tolist())), snapshots(DAYS[:200]))
        assert column.code[62] == 1
        assert column.value[63] == 1.0
        assert column.value[150] == 0.0
