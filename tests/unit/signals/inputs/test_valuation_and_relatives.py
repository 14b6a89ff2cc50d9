from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.market.sessions import trading_calendar
from alvh.signals.inputs import DERIVED, with_derived
from alvh.signals.inputs.sectors import SECTORS
from fakes.worlds import made, world

DAYS = trading_calendar(date(2019, 1, 2), date(2020, 6, 30)).between(date(2019, 1, 2), date(2020, 6, 30))


def lookup(*series):
    return with_derived({item.name: item for item in series}.get)


def flat(name, value=1.0, days=DAYS):
    return made(name, days, np.full(days.size, value))


class TestRelatives:
    def test_reits_are_measured_against_the_index_with_dividends(self) -> None:
        found = lookup(flat("IYR.adjclose", 30.0), flat("VNQ.adjclose", 99.0), flat("SPY.adjclose", 120.0))
        assert found("REIT.RELATIVE").value[0] == 0.25
        assert found("REIT.TR").source.startswith("IYR")

    def test_the_second_choice_stands_in_and_says_so(self) -> None:
        found = lookup(flat("VNQ.adjclose", 30.0), flat("SPXT", 60.0))
        assert found("REIT.RELATIVE").value[0] == 0.5
        assert found("SPX.TR").source.startswith("SPXT")

    def test_rotation_prefers_capitalisations_to_funds(self) -> None:
        funds = (flat("IWF.adjclose", 3.0), flat("IWD.adjclose", 2.0))
        assert lookup(*funds)("ROTATION").value[0] == 1.5
        caps = (flat("CAP.GROWTH", 8.0), flat("CAP.VALUE", 2.0))
        assert lookup(*funds, *caps)("ROTATION").value[0] == 4.0

    def test_only_days_both_have_count(self) -> None:
        found = lookup(flat("IWF.adjclose"), flat("IWD.adjclose", days=DAYS[5:]))
        assert found("ROTATION").period[0] == DAYS[5]


class TestPriceEarnings:
    months = np.arange(np.datetime64("2017-01"), np.datetime64("2019-07")).astype("datetime64[D]")

    def test_the_close_is_divided_by_the_earnings_known_at_it(self) -> None:
        earnings = made("SHILLER.EARNINGS", self.months, np.arange(100.0, 100.0 + self.months.size))
        pe = lookup(flat("SPX", 2600.0), earnings)("SPX.TRAILING_PE")
        known = earnings.value[np.searchsorted(earnings.known_at, pe.known_at, side="right") - 1]
        assert pe.value == pytest.approx(2600.0 / known)
        first = np.flatnonzero(earnings.known_at <= pe.known_at[0])[-1]
        assert earnings.period[first] == np.datetime64("2018-09-01")

    def test_stale_earnings_give_no_ratio(self) -> None:
        earnings = made("SHILLER.EARNINGS", self.months, np.full(self.months.size, 100.0))
        pe = lookup(flat("SPX", 2600.0), earnings)("SPX.TRAILING_PE")
        last = earnings.known_at[-1]
        assert pe.known_at[-1] <= last + np.timedelta64(140, "D")
        assert pe.period[-1] < DAYS[-1]

    def test_losses_give_no_ratio(self) -> None:
        earnings = made("SHILLER.EARNINGS", self.months, np.full(self.months.size, -1.0))
        assert lookup(flat("SPX"), earnings)("SPX.TRAILING_PE").value.size == 0

    def test_dividends_grow_against_the_same_month_a_year_before(self) -> None:
        dividends = made("SHILLER.DIVIDEND", self.months, 50.0 * 1.005 ** np.arange(self.months.size))
        growth = lookup(dividends)("DIVIDEND.GROWTH")
        assert growth.value == pytest.approx(np.full(self.months.size - 12, 1.005**12 - 1.0))
        assert growth.period[0] == np.datetime64("2018-01-01")
        assert (growth.known_at == dividends.known_at[12:]).all()

    def test_a_month_without_its_year_before_has_no_growth(self) -> None:
        months = np.delete(self.months, 3)
        dividends = made("SHILLER.DIVIDEND", months, np.full(months.size, 50.0))
        assert np.datetime64("2018-04-01") not in lookup(dividends)("DIVIDEND.GROWTH").period

    def test_dispersion_is_the_spread_of_the_logarithms(self) -> None:
        ratios = np.linspace(10.0, 30.0, 6)
        groups = [flat(f"PE.{fund}", ratio) for fund, ratio in zip(SECTORS, ratios, strict=False)]
        found = lookup(*groups)("PE.DISPERSION")
        assert found.value == pytest.approx(np.full(DAYS.size, np.log(ratios).std(ddof=1)))

    def test_dispersion_needs_five_groups(self) -> None:
        assert lookup(*(flat(f"PE.{fund}") for fund in SECTORS[:4]))("PE.DISPERSION") is None


class TestNames:
    def test_every_derived_name_is_in_the_catalogue_with_a_unit(self) -> None:
        from alvh.market.catalogue import known

        for name in DERIVED:
            assert known(name) is not None, name
            assert known(name).publisher == "derived", name

    def test_every_derived_input_is_absent_and_not_an_error_in_an_empty_market(self) -> None:
        empty = with_derived(lambda name: None)
        assert all(empty(name) is None for name in DERIVED)

    def test_the_built_in_sample_lacks_all_but_what_it_can_make(self) -> None:
        from alvh.adapters.builtin_sample import builtin_sample

        found = with_derived(builtin_sample().get)
        assert {name for name in DERIVED if found(name) is not None} == set()

    def test_asking_twice_computes_once_and_wrapping_twice_wraps_once(self) -> None:
        found = with_derived(world().get)
        assert found("VX30") is found("VX30")
        assert with_derived(found) is found

    def test_inputs_with_no_rows_give_no_values(self) -> None:
        none = {name: made(name, series.period[:0], series.value[:0]) for name, series in world().items()}
        found = with_derived(none.get)
        assert all(found(name).value.size == 0 for name in DERIVED)

    def test_rates_go_by_economy(self) -> None:
        months = TestPriceEarnings.months
        german = made("IR3TIB01DEM156N", months, np.full(months.size, 2.0))
        found = lookup(german)
        assert found("RATE3M.EA").value[0] == 2.0
        assert found("RATE3M.EA").source.startswith("IR3TIB01DEM156N")
        assert found("RATE3M.JP") is None
