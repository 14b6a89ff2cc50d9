from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.market.sessions import trading_calendar
from alvh.signals.inputs import with_derived
from alvh.signals.inputs.breadth import VOL_SESSIONS, panel_of
from alvh.signals.inputs.sectors import inferred_weights
from fakes.worlds import made, world

DAYS = trading_calendar(date(2018, 1, 2), date(2020, 12, 31)).between(date(2018, 1, 2), date(2020, 12, 31))


def lookup(*series):
    return with_derived({item.name: item for item in series}.get)


class TestAdvanceDecline:
    days = DAYS[:3]
    nyse = (
        made("NYSE.ADVANCES", days, np.array([300.0, 100.0, 250.0])),
        made("NYSE.DECLINES", days, np.array([100.0, 300.0, 250.0])),
    )
    members = (
        made("MEMBERS.ADVANCES", days, np.array([3.0, 1.0, 0.0])),
        made("MEMBERS.DECLINES", days, np.array([1.0, 3.0, 4.0])),
    )

    def test_the_line_is_the_running_sum_and_the_share_is_of_those_that_moved(self) -> None:
        found = lookup(*self.nyse)
        assert found("AD.LINE").value.tolist() == [200.0, 0.0, 0.0]
        assert found("AD.NET").value.tolist() == [0.5, -0.5, 0.0]

    def test_the_exchange_comes_before_members_and_the_source_says_which(self) -> None:
        assert lookup(*self.nyse, *self.members)("AD.LINE").source.startswith("NYSE")
        members = lookup(*self.members)("AD.LINE")
        assert members.source.startswith("MEMBERS")
        assert members.value.tolist() == [2.0, 0.0, -4.0]

    def test_it_is_known_with_the_later_of_the_two_counts(self) -> None:
        found = lookup(*self.nyse)("AD.LINE")
        assert (found.known_at == self.nyse[0].known_at).all()

    def test_a_market_without_counts_has_no_line(self) -> None:
        assert lookup(self.nyse[0])("AD.LINE") is None

    def test_a_users_own_line_is_taken_as_it_is(self) -> None:
        own = made("AD.LINE", self.days, np.array([7.0, 8.0, 9.0]))
        assert lookup(own, *self.nyse)("AD.LINE") is own

    def test_a_day_on_which_nothing_moved_has_no_share(self) -> None:
        still = [made(name, self.days[:1], np.zeros(1)) for name in ("NYSE.ADVANCES", "NYSE.DECLINES")]
        assert lookup(*still)("AD.NET").value.size == 0


class TestPanel:
    price = np.array([[10.0, 20.0, np.nan], [11.0, 19.0, 5.0], [11.0, 18.0, 6.0]])

    def test_a_member_counts_from_its_second_price_on(self) -> None:
        panel = panel_of(self.price)
        assert panel.issues.tolist() == [0.0, 2.0, 3.0]
        assert panel.advances.tolist() == [0.0, 1.0, 1.0]
        assert panel.declines.tolist() == [0.0, 1.0, 1.0]

    def test_volatility_is_the_mean_over_members_by_weight(self) -> None:
        random = np.random.default_rng(2)
        change = random.standard_normal((60, 3)) * np.array([0.01, 0.02, 0.03])
        price = 50.0 * np.exp(np.cumsum(change, axis=0))
        each = 100.0 * np.sqrt(252.0 * (np.diff(np.log(price), axis=0)[-VOL_SESSIONS:] ** 2).mean(axis=0))
        assert panel_of(price).vol[-1] == pytest.approx(each.mean(), rel=1e-12)
        weight = np.tile([3.0, 1.0, np.nan], (60, 1))
        assert panel_of(price, weight).vol[-1] == pytest.approx((3.0 * each[0] + each[1]) / 4.0, rel=1e-12)
        assert np.isnan(panel_of(price).vol[:VOL_SESSIONS]).all()

    def test_it_is_absent_where_most_members_have_gaps(self) -> None:
        price = np.full((40, 4), 10.0) + np.arange(40)[:, None]
        price[30, :3] = np.nan
        assert np.isnan(panel_of(price).vol[32])


class TestSectors:
    def test_the_weights_of_an_index_come_back_from_its_returns(self) -> None:
        random = np.random.default_rng(5)
        parts = random.standard_normal((DAYS.size, 6)) * 0.01 + random.standard_normal((DAYS.size, 1)) * 0.01
        true = np.array([0.3, 0.25, 0.2, 0.15, 0.1, 0.0])
        found = inferred_weights(parts @ true, parts, DAYS)
        assert np.isnan(found[:252]).all()
        np.testing.assert_allclose(found[-1], true, atol=1e-10)

    def test_weights_are_never_negative_and_sum_to_one(self) -> None:
        random = np.random.default_rng(6)
        parts = random.standard_normal((DAYS.size, 6)) * 0.01
        index = parts @ np.array([0.6, 0.5, 0.3, 0.1, -0.2, -0.3]) + random.standard_normal(DAYS.size) * 0.002
        found = inferred_weights(index, parts, DAYS)
        known = np.isfinite(found).all(axis=1)
        assert (found[known] >= 0.0).all()
        np.testing.assert_allclose(found[known].sum(axis=1), 1.0, atol=1e-12)

    def test_a_fund_without_a_full_year_has_no_weight_yet(self) -> None:
        random = np.random.default_rng(7)
        parts = random.standard_normal((DAYS.size, 6)) * 0.01
        parts[:400, 5] = np.nan
        found = inferred_weights(parts[:, :5] @ np.full(5, 0.2), parts, DAYS)
        assert found[500, 5] == 0.0
        assert np.isfinite(found[-1]).all()

    def test_the_volatility_is_that_of_the_parts_not_of_the_whole(self) -> None:
        base = world()
        vol, spx = with_derived(base.get)("SECTOR.VOL"), base["SPY.adjclose"]
        whole = 100.0 * np.sqrt(252.0 * np.var(np.diff(np.log(spx.value))))
        assert 0.7 * whole < np.median(vol.value) < 2.0 * whole
        assert "inferred" in vol.source

    def test_capitalisations_of_a_user_are_the_weights(self) -> None:
        base = dict(world())
        for fund in [name.split(".")[0] for name in base if name.startswith("XL")]:
            days = base["SPX"].period
            base[f"CAP.{fund}"] = made(f"CAP.{fund}", days, np.full(days.size, 1.0 if fund == "XLU" else 1e-12))
        vol = with_derived(base.get)("SECTOR.VOL")
        alone = base["XLU.adjclose"].value
        last = np.diff(np.log(alone))[-VOL_SESSIONS:]
        assert vol.value[-1] == pytest.approx(100.0 * np.sqrt(252.0 * (last**2).mean()), rel=1e-6)
        assert "capitalisations" in vol.source

    def test_too_few_funds_or_no_index_give_none(self) -> None:
        base = {name: series for name, series in world().items() if not name.startswith("XL")}
        assert with_derived(base.get)("SECTOR.VOL") is None


@pytest.mark.shared
def test_inferred_sector_weights_are_near_the_published_ones(shared_data, tmp_path):
    """Weights of the S&P 500 at the end of 2020; ours are of the year before, in which technology grew to 27.6 %."""
    from alvh.adapters.importing import import_paths
    from alvh.adapters.series_store import SeriesStore
    from alvh.signals.inputs.sectors import SECTORS

    assert not import_paths([shared_data / "etf" / "etf_adjclose_daily_1993_2026.csv.gz"], tmp_path).refused
    store = SeriesStore.open(tmp_path)
    index = store.series("SPY.adjclose")
    price = np.full((index.period.size, len(SECTORS)), np.nan)
    for place, fund in enumerate(SECTORS):
        series = store.series(f"{fund}.adjclose")
        _, rows, theirs = np.intersect1d(index.period, series.period, return_indices=True)
        price[rows, place] = series.value[theirs]
    moves = np.diff(np.log(np.column_stack([index.value, price])), axis=0)
    found = inferred_weights(moves[:, 0], moves[:, 1:], index.period[1:])
    row = int(np.searchsorted(index.period[1:], np.datetime64("2021-01-05")))
    weight = dict(zip(SECTORS, found[row].tolist(), strict=True))
    published = {"XLK": 0.276, "XLV": 0.135, "XLE": 0.023, "XLF": 0.104, "XLY": 0.127, "XLC": 0.108, "XLU": 0.028}
    for fund, share in published.items():
        assert weight[fund] == pytest.approx(share, abs=0.04), (fund, weight[fund])
