"""A session as a decision sees it: known values only, modelled slices made when asked for."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.adapters.history import builtin, from_series
from alvh.core.errors import CoverageError
from alvh.market.chain import Origin
from alvh.market.curve import CurveOrigin
from alvh.market.series import Series
from alvh.market.view import MarketSource, View

DAY = date(2019, 5, 1)


def test_the_source_and_its_views_are_the_ports(series: dict[str, Series]) -> None:
    source: MarketSource = from_series("test", series)
    view: View = source.view(DAY)
    assert view.session == DAY
    assert view.asof == source.instant(DAY)
    assert view.timed is False
    assert source.origin is Origin.MODELLED


def test_levels_are_the_closes_of_the_day(series: dict[str, Series]) -> None:
    view = from_series("test", series).view(DAY)
    row = int(np.flatnonzero(series["SPX"].period == np.datetime64(DAY))[0])
    assert view.spot == series["SPX"].value[row]
    assert view.vix == series["VIX"].value[row]
    latest = view.latest("VVIX")
    assert latest is not None
    assert latest.period == DAY
    assert view.latest("NO SUCH") is None
    assert view.rate(30.0) == pytest.approx(2.0 * np.log1p(0.012))


def test_listed_expiries_have_slices_and_others_none(series: dict[str, Series]) -> None:
    view = from_series("test", series).view(DAY)
    for root in ("SPX", "SPXW", "XSP", "VIX", "VIXW"):
        expiries = view.expiries(root)
        assert expiries
        assert list(expiries) == sorted(expiries)
        item = view.slice(root, expiries[0])
        assert item is not None
        assert item.origin is Origin.MODELLED
        assert view.slice(root, expiries[0]) is item
    assert view.slice("SPXW", date(2019, 5, 4)) is None
    assert view.expiries("SPY") == ()
    assert view.slice("SPY", date(2019, 5, 17)) is None


def test_vix_options_stand_on_the_future_of_their_expiry(series: dict[str, Series]) -> None:
    view = from_series("test", series).view(DAY)
    curve = view.curve
    assert curve is not None
    assert set(curve.origin) == {CurveOrigin.MODELLED}
    item = view.slice("VIX", curve.expiries[1])
    assert item is not None
    assert item.forward == pytest.approx(curve.price[1])


def test_a_weekly_before_the_front_month_lies_between_the_vix_and_the_future(series: dict[str, Series]) -> None:
    view = from_series("test", series).view(DAY)
    item = view.slice("VIXW", date(2019, 5, 8))
    assert item is not None
    assert view.curve is not None
    assert view.vix is not None
    low, high = sorted((view.vix, float(view.curve.price[0])))
    assert low <= item.forward <= high


def test_truncating_the_future_changes_nothing(series: dict[str, Series]) -> None:
    cut = {
        name: Series(
            name=name,
            unit=item.unit,
            period=item.period[keep],
            known_at=item.known_at[keep],
            value=item.value[keep],
            source=item.source,
        )
        for name, item in series.items()
        for keep in (item.period <= np.datetime64(DAY),)
    }
    whole, short = from_series("test", series).view(DAY), from_series("test", cut).view(DAY)
    for root in ("SPX", "VIX"):
        expiry = whole.expiries(root)[1]
        one, other = whole.slice(root, expiry), short.slice(root, expiry)
        assert one is not None
        assert other is not None
        strikes = one.strikes[::7]
        puts = np.ones(strikes.size, np.bool_)
        assert one.quote(strikes, puts).ask.tobytes() == other.quote(strikes, puts).ask.tobytes()


def test_the_model_sees_no_vvix_that_was_not_there(series: dict[str, Series]) -> None:
    del series["VVIX"], series["VIX3M"], series["VIX6M"], series["VIX9D"]
    source = from_series("test", series)
    assert source.view(DAY).slice("VIX", date(2019, 5, 22)) is not None
    text = " ".join(source.notes)
    assert "VVIX is not recorded on" in text
    assert "VIX9D, VIX3M, VIX6M not recorded on" in text


def test_without_a_bill_rate_there_is_none_and_the_notes_say_so(series: dict[str, Series]) -> None:
    del series["DGS3MO"]
    source = from_series("test", series)
    assert source.view(DAY).rate(30.0) is None
    assert source.view(DAY).slice("SPXW", date(2019, 5, 31)) is not None
    assert any("No short rate is recorded" in note for note in source.notes)


def test_a_session_without_a_close_is_skipped_with_its_reason(series: dict[str, Series]) -> None:
    vix = series["VIX"]
    keep = vix.period != np.datetime64(DAY)
    series["VIX"] = Series(
        name="VIX",
        unit=vix.unit,
        period=vix.period[keep],
        known_at=vix.known_at[keep],
        value=vix.value[keep],
        source=vix.source,
    )
    source = from_series("test", series)
    assert DAY not in source.sessions()
    assert source.skipped() == ((DAY, "no VIX close to model one from"),)
    with pytest.raises(CoverageError, match="2019-05-01 has no usable snapshot: no VIX close"):
        source.view(DAY)


def test_extrapolation_is_said(series: dict[str, Series]) -> None:
    vix = series["VIX"]
    series["VIX"] = Series(
        name="VIX",
        unit=vix.unit,
        period=vix.period,
        known_at=vix.known_at,
        value=vix.value + 20.0,
        source=vix.source,
    )
    notes = from_series("test", series).notes
    count = len(series["VIX"].value)
    assert any(note.startswith(f"VIX above 28 on {count} of {count} modelled sessions") for note in notes)
    assert any("VIX3M below 0.92 of VIX" in note for note in notes)


def test_only_the_last_views_are_kept(series: dict[str, Series]) -> None:
    source = from_series("test", series)
    first = source.view(source.sessions()[0])
    assert source.view(source.sessions()[0]) is first
    for day in source.sessions()[1:10]:
        source.view(day)
    assert source.view(source.sessions()[0]) is not first


def test_columns_are_aligned_to_the_sessions(series: dict[str, Series]) -> None:
    source = from_series("test", series)
    column = source.column("VIX")
    assert column is not None
    assert column.shape == (len(source.sessions()),)
    assert column[3] == series["VIX"].value[3]
    assert source.column("NO SUCH") is None


def test_the_digest_names_data_and_terms(series: dict[str, Series]) -> None:
    one = from_series("test", series)
    assert one.digest == from_series("other name", series).digest
    assert one.digest != from_series("test", series, spread_factor=2.0).digest
    assert one.digest != from_series("test", series, start=date(2019, 4, 1)).digest


@pytest.mark.parametrize(("start", "end"), [(date(1999, 1, 1), date(1999, 3, 1)), (date(2030, 1, 1), None)])
def test_a_range_without_data_is_refused(series: dict[str, Series], start: date, end: date | None) -> None:
    with pytest.raises(CoverageError):
        from_series("test", series, start=start, end=end)


def test_the_built_in_sample_opens() -> None:
    source = builtin()
    assert source.sessions()[0] == date(2014, 1, 3)
    assert source.sessions()[-1] == date(2018, 12, 31)
    assert source.skipped() == ()
    assert source.name == "built-in sample"
    view = source.view(date(2018, 2, 5))
    assert view.spot == pytest.approx(2648.94, abs=0.01)
    assert view.vix == pytest.approx(37.32)
    assert builtin(date(2015, 1, 1), date(2015, 6, 30)).sessions()[0] == date(2015, 1, 2)
