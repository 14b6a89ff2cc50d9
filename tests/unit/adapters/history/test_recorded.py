"""Recorded chains take the place of modelled ones, and every slice says which it is."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from alvh.adapters.history import HistorySource, from_series
from alvh.core.errors import CoverageError
from alvh.market.chain import Origin, RecordedSlice
from alvh.market.expirations import tau
from alvh.market.series import Series

DAY, NEXT = date(2019, 5, 1), date(2019, 5, 2)


def test_the_forward_and_discount_are_those_of_the_quotes(recorded_inputs: Any, series: dict[str, Series]) -> None:
    view = HistorySource(recorded_inputs(DAY), chains="recorded").view(DAY)
    model = from_series("model", series).view(DAY)
    for expiry in view.expiries("SPXW"):
        item, true = view.slice("SPXW", expiry), model.slice("SPXW", expiry)
        assert isinstance(item, RecordedSlice)
        assert true is not None
        assert item.origin is Origin.RECORDED
        assert item.forward == pytest.approx(true.forward, abs=0.1)
        assert item.discount == pytest.approx(true.discount, abs=1e-3)
        assert item.tau == tau("SPXW", expiry, view.asof)


def test_recorded_only_models_no_spx_quote(recorded_inputs: Any) -> None:
    view = HistorySource(recorded_inputs(DAY), chains="recorded").view(DAY)
    assert view.recorded
    assert len(view.expiries("SPXW")) == 4
    assert view.expiries("SPX") == ()
    assert view.slice("SPX", date(2019, 5, 17)) is None
    vix = view.slice("VIX", view.expiries("VIX")[0])
    assert vix is not None
    assert vix.origin is Origin.MODELLED


def test_auto_fills_the_expiries_a_recorded_session_lacks(recorded_inputs: Any) -> None:
    source = HistorySource(recorded_inputs(DAY))
    view = source.view(DAY)
    recorded = HistorySource(recorded_inputs(DAY), chains="recorded").view(DAY).expiries("SPXW")
    seen = [view.slice("SPXW", expiry) for expiry in recorded]
    assert {item.origin for item in seen if item is not None} == {Origin.RECORDED}
    filled = next(expiry for expiry in view.expiries("SPXW") if expiry not in recorded)
    item = view.slice("SPXW", filled)
    assert item is not None
    assert item.origin is Origin.MODELLED
    monthly = view.slice("SPX", view.expiries("SPX")[0])
    assert monthly is not None
    assert monthly.origin is Origin.MODELLED
    assert any("fewer than 40 of them, or none, is MODELLED" in note for note in source.notes)


def test_auto_does_not_take_a_few_followed_contracts_for_a_chain(recorded_inputs: Any) -> None:
    inputs = recorded_inputs(DAY)
    chain = inputs.chains.chain("SPXW", DAY)
    assert chain.rows(chain.expiries[0]).stop - chain.rows(chain.expiries[0]).start >= 40
    few = dataclasses.replace(
        chain,
        expiries=chain.expiries[:1],
        offsets=np.array([0, 4]),
        strike=chain.strike[:4],
        is_put=chain.is_put[:4],
        bid=chain.bid[:4],
        ask=chain.ask[:4],
        status=chain.status[:4],
    )
    inputs.chains.chains["SPXW", DAY] = few
    item = HistorySource(inputs).view(DAY).slice("SPXW", few.expiries[0])
    assert item is not None
    assert item.origin is Origin.MODELLED


def test_auto_models_the_other_days(recorded_inputs: Any, series: dict[str, Series]) -> None:
    source = HistorySource(recorded_inputs(DAY))
    assert source.origin is Origin.MODELLED
    assert len(source.sessions()) == series["SPX"].value.size
    other = source.view(NEXT)
    assert not other.recorded
    assert other.expiries("SPX")
    assert source.notes[0] == f"SPX option quotes are recorded on 1 of {len(source.sessions())} sessions."
    assert any("VIX option quotes are MODELLED" in note for note in source.notes)


def test_recorded_only_skips_days_without_quotes_and_says_so(recorded_inputs: Any) -> None:
    days = (DAY, date(2019, 5, 6))
    source = HistorySource(recorded_inputs(*days), chains="recorded")
    assert source.sessions() == days
    assert source.origin is Origin.RECORDED
    reason = "no recorded SPX, SPXW or XSP chain"
    assert source.skipped() == ((NEXT, reason), (date(2019, 5, 3), reason))
    wider = HistorySource(recorded_inputs(*days), chains="recorded", start=date(2019, 4, 29), end=date(2019, 5, 7))
    assert [day for day, _ in wider.skipped()] == [
        date(2019, 4, 29),
        date(2019, 4, 30),
        NEXT,
        date(2019, 5, 3),
        date(2019, 5, 7),
    ]


def test_modelled_only_does_not_look_at_chains(recorded_inputs: Any) -> None:
    source = HistorySource(recorded_inputs(DAY), chains="modelled")
    assert not source.view(DAY).recorded
    assert source.view(DAY).expiries("SPX")


def test_recorded_only_without_chains_in_the_range_is_refused(recorded_inputs: Any) -> None:
    with pytest.raises(CoverageError, match="no usable session"):
        HistorySource(recorded_inputs(DAY), chains="recorded", start=date(2019, 6, 3), end=date(2019, 6, 7))


def test_a_timed_snapshot_before_the_close_knows_only_the_day_before(
    recorded_inputs: Any, series: dict[str, Series]
) -> None:
    # 15:45 New York is 19:45 UTC in summer.
    source = HistorySource(recorded_inputs(DAY, at=(19, 45)))
    view = source.view(DAY)
    assert view.timed
    assert view.asof == datetime(2019, 5, 1, 19, 45, tzinfo=UTC)
    before = int(np.flatnonzero(series["VIX"].period == np.datetime64(DAY))[0]) - 1
    assert view.vix == series["VIX"].value[before]
    item = view.slice("SPXW", view.expiries("SPXW")[0])
    assert item is not None
    assert item.tau == tau("SPXW", item.expiry, view.asof)


def test_an_expiry_without_usable_quotes_has_no_slice(recorded_inputs: Any) -> None:
    inputs = recorded_inputs(DAY)
    chain = inputs.chains.chain("SPXW", DAY)
    rows = chain.rows(chain.expiries[0])
    chain.bid[rows] = 0.0
    chain.status[rows] = 2
    view = HistorySource(inputs, chains="recorded").view(DAY)
    assert view.slice("SPXW", chain.expiries[0]) is None
    assert view.slice("SPXW", chain.expiries[1]) is not None
