"""Settlement values: official where recorded, a labelled proxy otherwise, None where nothing is known."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from alvh.adapters.history import from_series
from alvh.adapters.history.settlements import Settlements
from alvh.adapters.vx_curves import VxHistory
from alvh.market.contracts import Future, Instrument, Option, Right, Share
from alvh.market.series import Series

AM = date(2019, 5, 17)
VIX_DAY = date(2019, 5, 22)


def on(series: Series, day: date) -> float:
    return float(series.value[np.flatnonzero(series.period == np.datetime64(day))[0]])


def vx(*finals: tuple[date, float, bool]) -> VxHistory:
    return VxHistory(
        sessions=np.zeros(0, "datetime64[D]"),
        offsets=np.zeros(1, np.int64),
        expiry=np.zeros(0, "datetime64[D]"),
        price=np.zeros(0),
        origin=np.zeros(0, np.int8),
        final_expiry=np.array([day for day, _, _ in finals], "datetime64[D]"),
        final_value=np.array([value for _, value, _ in finals]),
        final_official=np.array([official for _, _, official in finals]),
    )


def test_spx_settles_on_the_opening_print_as_a_labelled_proxy(series: dict[str, Series]) -> None:
    found = from_series("test", series).settlement(Option("SPX", AM, 2900.0, Right.PUT))
    assert found is not None
    assert found.value == on(series["SPX.open"], AM)
    assert found.proxy is not None
    assert "special opening quotation not in the data" in found.proxy
    assert "2019-05-17" in found.proxy
    assert found.known_at == datetime(2019, 5, 17, 13, 30, tzinfo=UTC)


def test_without_an_opening_print_the_close_before_stands_in(series: dict[str, Series]) -> None:
    del series["SPX.open"]
    found = from_series("test", series).settlement(Option("SPX", AM, 2900.0, Right.PUT))
    assert found is not None
    assert found.value == on(series["SPX"], date(2019, 5, 16))
    assert found.proxy is not None
    assert "the close of 2019-05-16 stands in" in found.proxy


def test_spxw_settles_on_the_close_and_mini_spx_on_a_tenth(series: dict[str, Series]) -> None:
    source = from_series("test", series)
    big = source.settlement(Option("SPXW", AM, 2900.0, Right.CALL))
    small = source.settlement(Option("XSP", AM, 290.0, Right.CALL))
    assert big is not None
    assert small is not None
    assert big.proxy is None
    assert big.value == on(series["SPX"], AM)
    assert small.value == pytest.approx(0.1 * big.value)
    assert big.known_at == datetime(2019, 5, 17, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize("instrument", [Option("VIX", VIX_DAY, 15.0, Right.CALL), Future("VX", VIX_DAY)])
def test_vix_contracts_settle_on_the_final_settlement_of_the_future(
    series: dict[str, Series], instrument: Instrument
) -> None:
    official = Settlements(lookup=series.get, curves=vx((VIX_DAY, 15.05, True))).value(instrument)
    assert official is not None
    assert (official.value, official.proxy) == (15.05, None)
    traded = Settlements(lookup=series.get, curves=vx((VIX_DAY, 15.05, False))).value(instrument)
    assert traded is not None
    assert traded.proxy is not None
    assert "last price of that day stands in" in traded.proxy


def test_without_a_final_settlement_the_vix_open_then_its_last_close_stand_in(series: dict[str, Series]) -> None:
    option = Option("VIX", VIX_DAY, 15.0, Right.CALL)
    by_open = from_series("test", series).settlement(option)
    assert by_open is not None
    assert by_open.value == on(series["VIX.open"], VIX_DAY)
    assert by_open.proxy is not None
    assert "VIX opening print of the day stands in" in by_open.proxy
    del series["VIX.open"]
    by_close = from_series("test", series).settlement(option)
    assert by_close is not None
    assert by_close.value == on(series["VIX"], date(2019, 5, 21))
    assert by_close.proxy is not None
    assert "the VIX close of 2019-05-21 stands in" in by_close.proxy


@pytest.mark.parametrize(
    "instrument",
    [
        Option("SPX", date(2019, 9, 20), 2900.0, Right.PUT),
        Option("SPXW", date(2019, 8, 30), 2900.0, Right.PUT),
        Option("VIX", date(2019, 9, 18), 20.0, Right.CALL),
        Share("VXX"),
    ],
)
def test_nothing_known_is_none(series: dict[str, Series], instrument: Instrument) -> None:
    assert from_series("test", series).settlement(instrument) is None
