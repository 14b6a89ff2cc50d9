"""S-INFL, S-GDP, S-FOMC, S-RATE, S-REER: each firing, silent and absent."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from fakes.evidence import DAYS, parts, series, walk, why
from fakes.market import daily, weekdays
from fakes.worlds import made

PARTNERS = {"EZ": 0.45, "JP": 0.25, "GB": 0.15, "CH": 0.10, "AU": 0.05}


def months(first: str, count: int) -> np.ndarray:
    return (np.datetime64(first, "M") + np.arange(count)).astype("datetime64[D]")


def monthly(name: str, values: np.ndarray, first: str = "2000-01"):
    return made(name, months(first, len(values)), np.asarray(values, dtype=float))


def quarterly(name: str, values: np.ndarray, first: str = "2000-01"):
    return made(name, months(first, 3 * len(values))[::3], np.asarray(values, dtype=float))


def growing(rates: list[float]) -> np.ndarray:
    """A monthly index: two years at the first rate, then each year-on-year rate in turn."""
    level = 100.0 * (1.0 + rates[0]) ** (np.arange(24) / 12.0)
    for rate in rates[1:]:
        level = np.append(level, level[-12] * (1.0 + rate))
    return level


def after(count: int, first: str = "2000-01") -> list[date]:
    """The day after the release of the last of so many months, and the one a month before."""
    last = months(first, count)[-1].astype(date)
    return weekdays(last + timedelta(days=59), 2)


class TestInflation:
    signal = "S-INFL"

    def both(self, cpi: list[float], ppi: list[float], **kwargs):
        count = 23 + len(cpi)
        known = monthly("CPIAUCSL", growing(cpi)), monthly("PPIFIS", growing(ppi))
        return parts("S-INFL", *known, days=after(count), **kwargs)

    def test_fires_contained_and_disinflation_when_both_fell_twice(self) -> None:
        found = self.both([0.03, 0.026, 0.022], [0.02, 0.015, 0.01])
        assert found["cpi"].value[-1] == pytest.approx(0.022)
        assert found["ppi"].value[-1] == pytest.approx(0.01)
        assert found["contained"].value[-1] == 1.0
        assert found["disinflation"].value[-1] == 1.0
        assert found["all_commodities"].value[-1] == 0.0

    def test_stays_silent_when_one_is_high_or_fell_once_only(self) -> None:
        found = self.both([0.04, 0.036, 0.032], [0.02, 0.021, 0.02])
        assert found["contained"].present[-1]
        assert found["contained"].value[-1] == 0.0
        assert found["disinflation"].present[-1]
        assert found["disinflation"].value[-1] == 0.0

    def test_is_absent_where_one_is_missing_and_where_the_last_print_is_old(self) -> None:
        one = parts("S-INFL", monthly("CPIAUCSL", growing([0.02])), days=after(24))
        assert one["cpi"].present[-1]
        assert not one["contained"].present[-1]
        assert why(one["contained"]) == "the market has no series PPIFIS"
        old = parts("S-INFL", monthly("CPIAUCSL", growing([0.02])), days=weekdays(date(2002, 6, 3), 1))
        assert why(old["cpi"]) == "the last CPIAUCSL is more than 63 days old"

    def test_a_print_counts_from_its_release_and_not_from_its_month(self) -> None:
        known = monthly("CPIAUCSL", growing([0.02, 0.05]))
        before, on = date(2002, 2, 25), date(2002, 2, 26)
        found = parts("S-INFL", known, days=[before, on])
        assert found["cpi"].value == pytest.approx([0.02, 0.05])
        assert found["since"].value[1] == 0.0
        assert found["since"].value[0] > 10

    def test_all_commodities_stand_in_and_say_so(self) -> None:
        known = monthly("CPIAUCSL", growing([0.02])), monthly("PPIACO", growing([0.01]))
        found = parts("S-INFL", *known, days=after(24))
        assert found["all_commodities"].value[-1] == 1.0
        assert found["contained"].value[-1] == 1.0

    def test_a_surprise_is_the_error_of_a_forecast_over_the_spread_of_past_errors(self) -> None:
        draw = np.random.default_rng(8)
        steps = 0.002 + 0.001 * draw.standard_normal(140)
        steps[-1] = 0.012
        known = monthly("CPIAUCSL", 100 * np.exp(np.cumsum(steps)))
        found = parts("S-INFL", known, days=after(140))
        step = np.diff(np.log(known.value))
        error = []
        for place in range(len(step) - 61, len(step)):
            rows = np.arange(max(3, place - 120), place)
            design = np.column_stack([np.ones(rows.size), *(step[rows - lag] for lag in (1, 2, 3))])
            answer = np.linalg.lstsq(design, step[rows], rcond=None)[0]
            error.append(step[place] - answer @ [1.0, *step[place - 3 : place][::-1]])
        assert found["cpi_surprise"].value[-1] == pytest.approx(error[-1] / np.std(error[:-1], ddof=1), rel=1e-8)
        assert found["cpi_surprise"].value[-1] > 5.0
        assert found["surprise"].value[-1] == 1.0
        quiet = parts("S-INFL", monthly("CPIAUCSL", known.value[:-1]), days=after(139))
        assert quiet["surprise"].present[-1]
        assert quiet["surprise"].value[-1] == float(abs(quiet["cpi_surprise"].value[-1]) >= 1.0)

    def test_a_month_that_was_never_published_is_stepped_over(self) -> None:
        whole = monthly("CPIAUCSL", growing([0.02, 0.02, 0.02, 0.02]))
        keep = np.arange(27) != 25
        from fakes.futures import rows

        found = parts("S-INFL", rows(whole, keep), days=after(27))
        assert found["cpi"].value[-1] == pytest.approx(0.02)


class TestGdp:
    signal = "S-GDP"

    def vintage(self, levels: list[list[float]]):
        """ROUTPUT with one vintage per list, each released in the middle of the quarter after its last quarter."""
        quarters = months("2010-01", 3 * len(levels[-1]))[::3]
        period, stamp, value = [], [], []
        for levels_then in levels:
            last = quarters[len(levels_then) - 1]
            period.append(quarters[: len(levels_then)])
            stamp.append(np.full(len(levels_then), (last + 135).astype("datetime64[s]")))
            value.append(levels_then)
        return made("ROUTPUT", np.concatenate(period), np.concatenate(value), np.concatenate(stamp))

    def test_fires_when_growth_is_above_that_of_the_quarter_before_in_the_same_vintage(self) -> None:
        first = [100, 101, 102, 103, 104, 105.5]
        rebased = [50, 50.5, 51, 51.5, 52, 52.5, 54]
        day = weekdays(date(2011, 11, 20), 3)
        found = parts("S-GDP", self.vintage([first, rebased]), days=day)
        assert found["growth"].value[-1] == pytest.approx(54 / 51 - 1)
        assert found["change"].value[-1] == pytest.approx(54 / 51 - 52.5 / 50.5)
        assert found["accelerating"].value[-1] == 1.0
        assert found["revised"].value[-1] == 0.0

    def test_stays_silent_when_a_later_vintage_says_it_slowed(self) -> None:
        found = parts("S-GDP", self.vintage([[100, 101, 102, 103, 104, 105]]), days=weekdays(date(2011, 8, 20), 3))
        assert found["accelerating"].present[-1]
        assert found["accelerating"].value[-1] == 0.0

    def test_is_absent_while_too_few_quarters_are_known_and_without_a_series(self) -> None:
        short = parts("S-GDP", self.vintage([[100, 101, 102]]), days=weekdays(date(2010, 11, 20), 2))
        assert "too few quarters of ROUTPUT" in why(short["growth"])
        assert "none of the series" in why(parts("S-GDP")["growth"])

    def test_todays_series_stands_in_once_the_vintages_end(self) -> None:
        known = self.vintage([[100, 101, 102, 103, 104, 105]]), quarterly("GDPC1", np.arange(100.0, 112), "2010-01")
        found = parts("S-GDP", *known, days=[date(2011, 9, 1), date(2012, 2, 1)])
        assert found["revised"].value.tolist() == [0.0, 1.0]
        assert found["growth"].value[1] == pytest.approx(107 / 103 - 1)

    def test_trend_growth_is_a_mean_a_year(self) -> None:
        found = parts("S-GDP", quarterly("GDPC1", 100 * 1.01 ** np.arange(60)), days=weekdays(date(2014, 12, 15), 1))
        assert found["trend"].value[-1] == pytest.approx(1.01**4 - 1)


class TestFomc:
    signal = "S-FOMC"
    days = weekdays(date(2019, 11, 1), 140)

    def rates(self, jumps: dict[date, float]):
        level = 1.5 + np.cumsum([jumps.get(day, 0.0) for day in self.days])
        return made("DGS2", np.array(self.days, "datetime64[D]"), level)

    def at(self, found, part: str, day: date):
        place = self.days.index(day)
        return found[part].value[place] if found[part].present[place] else None

    def test_fires_with_the_sessions_to_and_since_and_the_moves_over_a_decision(self) -> None:
        vix = series("VIX", np.where(np.array(self.days) >= date(2020, 1, 29), 18.0, 15.0), self.days)
        found = parts("S-FOMC", self.rates({date(2020, 1, 29): 0.12}), vix, days=self.days)
        assert self.at(found, "until", date(2020, 1, 28)) == 1
        assert self.at(found, "until", date(2020, 1, 29)) == 0
        assert self.at(found, "since", date(2020, 1, 30)) == 1
        assert self.at(found, "change_vix", date(2020, 1, 29)) == pytest.approx(3.0)
        assert self.at(found, "change_2y", date(2020, 1, 29)) == pytest.approx(0.0)  # the yield comes out at 18:00
        assert self.at(found, "change_2y", date(2020, 1, 30)) == pytest.approx(0.12)
        assert self.at(found, "change_2y", date(2020, 2, 20)) == pytest.approx(0.12)

    def test_stays_silent_about_a_meeting_that_nobody_saw_coming(self) -> None:
        found = parts("S-FOMC", self.rates({}), days=self.days)
        assert self.at(found, "until", date(2020, 3, 2)) == 12  # the 18th, not the emergency cut of the 3rd
        assert self.at(found, "since", date(2020, 3, 3)) == 0
        assert self.at(found, "change_2y", date(2020, 3, 10)) == 0.0

    def test_minutes_are_stable_unless_the_two_year_moved_more_than_five_points(self) -> None:
        minutes = date(2020, 2, 19)
        calm = parts("S-FOMC", self.rates({minutes: 0.05}), days=self.days)
        moved = parts("S-FOMC", self.rates({minutes: -0.06}), days=self.days)
        assert self.at(calm, "minutes_stable", date(2020, 2, 20)) == 1.0
        assert self.at(moved, "minutes_stable", date(2020, 2, 19)) == 1.0  # those before
        assert self.at(moved, "minutes_stable", date(2020, 2, 20)) == 0.0
        assert self.at(moved, "us_only", date(2020, 2, 20)) == 1.0

    def test_a_move_that_the_partners_share_leaves_the_differential_stable(self) -> None:
        minutes = date(2020, 2, 19)
        dollar, euro = self.rates({minutes: 0.2}), self.rates({minutes: 0.18})
        abroad = made("YIELD2Y.EA", euro.period, euro.value)
        found = parts("S-FOMC", dollar, abroad, days=self.days)
        assert self.at(found, "minutes_stable", date(2020, 2, 20)) == 1.0
        assert self.at(found, "us_only", date(2020, 2, 20)) == 0.0

    def test_is_absent_without_yields_and_long_after_the_last(self) -> None:
        found = parts("S-FOMC", days=self.days)
        assert why(found["change_2y"]) == "the market has no series DGS2"
        assert why(found["minutes_stable"]) == "the market has no series DGS2"
        old = parts("S-FOMC", self.rates({}), days=[date(2020, 12, 1)])
        assert why(old["change_2y"]) == "the last DGS2 over a decision is more than 75 days old"
        assert "on the calendar" in why(parts("S-FOMC", days=[date(1992, 3, 2)])["until"])


class TestInterestRate:
    signal = "S-RATE"
    days = weekdays(date(2001, 1, 2), 1600)

    def known(self, dollar: np.ndarray, **partners: np.ndarray):
        rates = {"US": dollar, **partners}
        found = [monthly(f"IR3TIB01{place}M156N", values) for place, values in rates.items()]
        return (*found, series("SPX", walk(1600, 5), self.days))

    def test_fires_when_the_differential_rises_and_is_high_against_its_past(self) -> None:
        dollar = np.where(np.arange(84) < 74, 2.0 + 0.001 * np.arange(84), 3.0)
        found = parts("S-RATE", *self.known(dollar, EZ=np.full(84, 1.0), JP=np.full(84, 0.0)), days=self.days)
        assert found["differential"].value[-1] == pytest.approx(3.0 - 0.45 / 0.7)
        assert found["elevated"].value[-1] == 1.0
        place = next(i for i, day in enumerate(self.days) if day > date(2006, 5, 16))
        assert found["rising"].value[place] == 1.0
        assert found["change"].value[place] == pytest.approx(0.928, abs=0.01)
        assert found["partners"].value[-1] == pytest.approx(0.7)

    def test_stays_silent_when_the_partners_rise_as_much(self) -> None:
        path = np.where(np.arange(84) < 74, 2.0, 3.0)
        found = parts("S-RATE", *self.known(path, **dict.fromkeys(PARTNERS, path)), days=self.days)
        assert found["rising"].present[-1]
        assert found["rising"].value.max() == 0.0
        assert found["elevated"].value[-1] == 0.0

    def test_a_partner_that_appears_does_not_look_like_a_change(self) -> None:
        flat = np.full(84, 2.0)
        late = monthly("IR3TIB01JPM156N", np.full(24, 0.0), "2005-01")
        found = parts("S-RATE", *self.known(flat, EZ=np.full(84, 1.0)), late, days=self.days)
        assert found["differential"].value[-1] == pytest.approx(2.0 - 0.45 / 0.7)
        assert np.abs(found["change"].value).max() < 1e-12

    def test_is_absent_without_partners_and_after_the_rates_ended(self) -> None:
        alone = parts("S-RATE", *self.known(np.full(84, 2.0)), days=self.days)
        assert why(alone["differential"]) == "the market has no 3-month rate of a trade partner"
        ended = parts("S-RATE", *self.known(np.full(40, 2.0), EZ=np.full(40, 1.0)), days=self.days)
        assert "no fresh 3-month rate" in why(ended["rising"])

    def test_how_much_the_dollar_and_the_differential_explain_of_spx(self) -> None:
        draw = np.random.default_rng(2)
        dollar, rate = draw.standard_normal((2, 500)) * [[0.003], [0.05]]
        market = -0.8 * dollar + 0.05 * rate + 0.004 * draw.standard_normal(500)
        days = DAYS[:500]
        known = (
            series("SPX", 1000 * np.exp(np.cumsum(market))),
            series("DTWEXBGS", 100 * np.exp(np.cumsum(dollar))),
            series("DGS2", 3 + np.cumsum(rate)),
        )
        found = parts("S-RATE", *known, days=days)
        rows = slice(248, 500)
        design = np.column_stack([np.ones(252), dollar[rows], rate[rows]])
        rest = market[rows] - design @ np.linalg.lstsq(design, market[rows], rcond=None)[0]
        assert found["explained"].value[-1] == pytest.approx(1 - rest.var() / market[rows].var(), rel=1e-9)
        assert why(found["explained"], 200).startswith("fewer than 252 common days")


class TestExchangeRate:
    signal = "S-REER"

    def dollar(self, moves: np.ndarray):
        return series("DTWEXBGS", 100 * np.exp(np.cumsum(moves)))

    def test_fires_stable_and_calm_in_a_quiet_market_and_risk_off_in_a_rush(self) -> None:
        draw = np.random.default_rng(3)
        scale = np.where(np.arange(1500) < 1300, 0.004, 0.001)
        found = parts("S-REER", self.dollar(scale * draw.standard_normal(1500)))
        assert found["stable"].value[-1] == 1.0
        assert found["calm"].value[-1] == 1.0
        rush = parts("S-REER", self.dollar(np.full(30, np.log1p(0.0101) / 20)))
        assert rush["risk_off"].value[-1] == 1.0
        assert rush["change"].value[-1] == pytest.approx(np.log1p(0.0101))

    def test_stays_silent_in_a_wild_market_that_goes_nowhere(self) -> None:
        draw = np.random.default_rng(3)
        scale = np.where(np.arange(1500) < 1300, 0.001, 0.004)
        found = parts("S-REER", self.dollar(scale * draw.standard_normal(1500)))
        assert found["stable"].present[-1]
        assert found["stable"].value[-1] == 0.0
        assert found["calm"].value[-1] == 0.0
        still = parts("S-REER", self.dollar(np.full(30, np.log1p(0.0099) / 20)))
        assert still["risk_off"].present[-1]
        assert still["risk_off"].value[-1] == 0.0

    def test_the_monthly_rate_stands_in_where_the_daily_index_is_not_known_yet(self) -> None:
        real = monthly("RBUSBIS", np.append(np.full(20, 100.0), 101.5), "2008-12")
        days = weekdays(date(2010, 1, 4), 300)
        daily_ = daily("DTWEXBGS", days[200:], walk(100, 1, 0.003).tolist())
        found = parts("S-REER", real, daily_, days=days)
        assert found["monthly"].value[0] == 1.0
        assert found["stable"].value[0] == 1.0
        assert found["stable"].value[197] == 1.0  # 1.5 % in three months
        assert found["risk_off"].value[197] == 1.0  # and in one
        assert found["risk_off"].value[100] == 0.0

    def test_is_absent_without_either_and_when_both_are_old(self) -> None:
        assert why(parts("S-REER")["stable"]) == "the market has neither DTWEXBGS nor RBUSBIS"
        old = parts("S-REER", monthly("RBUSBIS", np.full(20, 100.0)), days=[date(2003, 1, 2)])
        assert "days old" in why(old["stable"])


def column(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with gzip.open(path, "rt") as file:
        rows = [line.strip().split(",") for line in file][1:]
    kept = [(day, float(value)) for day, value in rows if value not in {"", "."}]
    return np.array([day for day, _ in kept], "datetime64[D]"), np.array([value for _, value in kept])


@pytest.mark.shared
def test_the_prints_of_june_2022_and_of_december_2008(shared_data: Path) -> None:
    known = [made(name, *column(shared_data / "macro" / f"{name}.csv.gz")) for name in ("CPIAUCSL", "PPIACO")]
    found = parts("S-INFL", *known, days=[date(2008, 12, 29), date(2022, 6, 28)])
    assert found["cpi"].value == pytest.approx([0.011, 0.086], abs=0.002)  # announced: 1.1 % and 8.6 %
    assert found["cpi_surprise"].value[0] < -1.0
    assert found["cpi_surprise"].value[1] > 1.0
    assert found["contained"].value.tolist() == [1.0, 0.0]
