from __future__ import annotations

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.signals.column import combined, first_present, join
from alvh.signals.fresh import first_prints, needed
from alvh.signals.registry import PARTS, SIGNALS
from alvh.signals.table import SignalTable
from fakes.evidence import DAYS, lookup, parts, series, snapshots, why
from fakes.futures import revised_series
from fakes.runs import policy

NUMBERS = policy().parameters.signals


def test_a_signal_is_computed_when_it_is_first_asked_for_and_once() -> None:
    asked: list[str] = []
    known = {"VIX": series("VIX", np.ones(300))}

    def find(name: str):
        asked.append(name)
        return known.get(name)

    table = SignalTable(find, snapshots(DAYS[:300]), NUMBERS)
    assert not asked
    column = table["S-VIXHIST.mean63"]
    assert set(asked) == {"VIX", "VVIX"}
    assert table["S-VIXHIST.mean63"] is column


def test_a_part_that_no_signal_has_is_named_with_what_there_is() -> None:
    table = SignalTable(lookup(), snapshots(DAYS[:3]), NUMBERS)
    with pytest.raises(UsageError, match=r"S-RSI\.spx"):
        table["S-RSI.nothing"]
    with pytest.raises(UsageError, match="S-RSIDIV"):
        table["X-NONE.part"]
    assert "S-RSI.spx" in table
    assert "S-RSI.nothing" not in table


def test_a_market_with_closes_of_spx_and_vix_only_says_what_is_absent() -> None:
    """The built-in sample: no open, high and low, no futures, no macro series."""
    days = DAYS[:3000]
    closes = 1000 * np.exp(np.cumsum(0.01 * np.random.default_rng(1).standard_normal(3000)))
    table = SignalTable(lookup(series("SPX", closes), series("VIX", np.full(3000, 18.0))), snapshots(days), NUMBERS)
    columns = {column.id: column for column in table.columns()}
    assert tuple(columns) == PARTS
    assert columns["S-RSI.spx"].present[-1]
    assert columns["S-CONE.high_21"].present[-1]
    assert why(columns["S-RV.yang_zhang"]) == "the market has no open, high and low of SPX, only closes"
    for identifier in ("S-AD.change", "S-TERM.slope", "S-CAPVOL.spike", "S-NARROW.narrow", "S-MIGRATE.centroid"):
        assert why(columns[identifier])


def test_every_signal_has_its_numbers_in_the_policy() -> None:
    for signal in SIGNALS:
        assert NUMBERS.of(signal.id) is not None


class TestColumns:
    def test_a_combination_is_present_where_all_are_and_gives_the_first_reason(self) -> None:
        young = parts("S-VIXHIST", series("VIX", np.ones(70)))["mean63"]
        gone = parts("S-VIXHIST", days=DAYS[:70])["mean63"]
        both = combined("x", young.value, young, gone)
        assert why(both, 0) == "fewer than 63 closes of VIX were known"
        assert why(both, 69) == "the market has no series VIX"
        assert combined("x", young.value, young).present.tolist() == young.present.tolist()

    def test_the_first_that_is_present_counts(self) -> None:
        young = parts("S-VIXHIST", series("VIX", np.full(70, 2.0)))["mean63"]
        old = parts("S-VIXHIST", series("VIX", np.full(140, 1.0)))["mean63"]
        long = first_present("x", young.followed_by(young), old)
        assert long.value[62:70].tolist() == [2.0] * 8
        assert long.value[132:].tolist() == [2.0] * 8
        assert long.value[70] == 1.0
        assert why(long, 0) == "fewer than 63 closes of VIX were known"

    def test_rows_that_follow_keep_their_own_reasons(self) -> None:
        first = parts("S-VIXHIST", series("VIX", np.ones(10)))["mean63"]
        later = parts("S-VIXHIST", days=DAYS[10:12])["mean63"]
        whole = first.followed_by(later)
        assert why(whole, 3) == "fewer than 63 closes of VIX were known"
        assert why(whole, 11) == "the market has no series VIX"

    def test_series_join_on_the_days_they_share_known_when_both_are(self) -> None:
        spx, vix = series("SPX", [1.0, 2.0, 3.0]), series("VIX", [7.0, 9.0], [DAYS[0], DAYS[2]])
        joined = join(spx, vix)
        assert joined.name == "SPX and VIX"
        assert [column.tolist() for column in joined.values] == [[1.0, 3.0], [7.0, 9.0]]
        assert (joined.known_at == vix.known_at).all()

    def test_a_daily_series_counts_by_its_first_prints(self) -> None:
        vix = series("VIX", np.arange(1.0, 301.0))
        revised = revised_series(vix, vix.known_at[200])
        assert first_prints(vix) is vix
        assert first_prints(revised).value.tolist() == vix.value.tolist()
        found = needed(lookup(revised), "VIX")
        assert not isinstance(found, str)
        assert found[0].value.size == 300
