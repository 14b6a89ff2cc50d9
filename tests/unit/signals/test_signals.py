from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from alvh.market.series import Series
from alvh.signals.exchange_rate import ExchangeRate
from alvh.signals.quantiles import trailing_median
from alvh.signals.table import compute
from alvh.signals.valuation import PriceEarnings
from alvh.signals.vix_history import VixHistory
from alvh.signals.windows import trailing_mean, trailing_std
from fakes.market import daily, weekdays
from fakes.runs import policy

DAYS = weekdays(date(2010, 1, 4), 1500)
NUMBERS = policy().parameters.signals
FIVE_YEARS, WINDOW = 1260, 63


def vix_mean(known, at, window):
    columns = VixHistory(NUMBERS.vix_history).compute(known, at)
    return next(column for column in columns if column.id == f"S-VIXHIST.mean{window}")


def reer_stable(known, at):
    return ExchangeRate(NUMBERS.exchange_rate).compute(known, at)[0]


def pe_stable(known, at):
    return PriceEarnings(NUMBERS.price_earnings).compute(known, at)[0]


def snapshots(days: list[date]) -> np.ndarray:
    return np.array(days, "datetime64[D]").astype("datetime64[s]") + np.timedelta64(21 * 60 + 15, "m")


def lookup(*series: Series):
    return {item.name: item for item in series}.get


class TestWindows:
    values = np.random.default_rng(7).standard_normal(300)

    def test_means_and_spreads_are_the_plain_ones_and_absent_before_the_window_is_full(self) -> None:
        mean, spread = trailing_mean(self.values, 21), trailing_std(self.values, 21)
        assert np.isnan(mean[:20]).all()
        assert np.isnan(spread[:20]).all()
        for place in (20, 100, 299):
            window = self.values[place - 20 : place + 1]
            assert mean[place] == pytest.approx(window.mean(), rel=1e-12)
            assert spread[place] == pytest.approx(window.std(ddof=1), rel=1e-12)

    def test_the_median_counts_finite_values_only(self) -> None:
        values = np.array([np.nan, np.nan, 1.0, 5.0, 3.0])
        assert trailing_median(values, 4, at_least=3).tolist()[-1] == 3.0
        assert np.isnan(trailing_median(values, 4, at_least=4)).all()

    def test_a_window_longer_than_the_history_is_never_full(self) -> None:
        assert np.isnan(trailing_mean(np.ones(5), 6)).all()
        assert trailing_median(np.zeros(0), 5, at_least=1).size == 0


class TestVixMean:
    series = daily("VIX", DAYS[:100], np.arange(100.0).tolist())

    def test_the_mean_is_of_the_last_closes_known_at_the_snapshot(self) -> None:
        column = vix_mean(lookup(self.series), snapshots(DAYS[:100]), 63)
        assert column.id == "S-VIXHIST.mean63"
        assert column.code[:62].tolist() == [1] * 62
        assert column.value[62] == pytest.approx(np.arange(63).mean())
        assert column.value[99] == pytest.approx(np.arange(37, 100).mean())

    def test_a_close_that_is_not_yet_known_does_not_count(self) -> None:
        early = snapshots(DAYS[:100]) - np.timedelta64(1, "h")
        column = vix_mean(lookup(self.series), early, 63)
        assert column.code[62] == 1
        assert column.value[63] == pytest.approx(np.arange(63).mean())

    def test_a_stale_series_is_absent_and_says_so(self) -> None:
        later = snapshots([DAYS[99] + timedelta(days=30)])
        column = vix_mean(lookup(self.series), later, 63)
        assert column.reasons[column.code[0]] == "the last VIX is more than 5 days old"

    def test_without_a_series_every_session_is_absent_and_zero_is_no_value(self) -> None:
        column = vix_mean(lookup(), snapshots(DAYS[:3]), 63)
        assert (column.code == 1).all()
        assert column.reasons[1] == "the market has no series VIX"


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


def test_the_whole_table_is_the_same_on_a_truncated_history() -> None:
    draw = np.random.default_rng(11)
    vix = daily("VIX", DAYS, (15 + draw.standard_normal(1500)).tolist())
    usd = daily("DTWEXBGS", DAYS, (100 + np.cumsum(0.1 * draw.standard_normal(1500))).tolist())
    pe = daily("SPX.FORWARD_PE", DAYS, (18 + 0.3 * draw.standard_normal(1500)).tolist())
    whole = compute(lookup(vix, usd, pe), snapshots(DAYS), NUMBERS)

    def first(series: Series, n: int) -> Series:
        return daily(series.name, DAYS[:n], series.value[:n].tolist())

    for n in (70, 700, 1100, 1499):
        part = compute(lookup(first(vix, n), first(usd, n), first(pe, n)), snapshots(DAYS[:n]), NUMBERS)
        for long, short in zip(whole, part, strict=True):
            assert np.array_equal(long.value[:n], short.value)
            assert np.array_equal(long.code[:n], short.code)
