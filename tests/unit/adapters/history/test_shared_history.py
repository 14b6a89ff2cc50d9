"""The real history: recorded sessions of 2019 and January 2018 beside twenty modelled years."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from alvh.adapters.history import open_store
from alvh.adapters.importing import import_paths
from alvh.market.chain import Origin
from alvh.market.contracts import Option, Right
from alvh.market.curve import CurveOrigin
from alvh.pricing.greeks import greeks
from alvh.pricing.implied import implied_vol
from alvh.pricing.modelled import ModelledSpxSlice

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    names = ("spx_ohlc", "vix_ohlc", "vix9d_ohlc", "vix3m_ohlc", "vix6m_ohlc", "vvix")
    files = [shared_data / "index" / f"{name}_daily.csv.gz" for name in names]
    files += [shared_data / "vix_futures" / "vx_contracts_2013_2026.csv.gz", shared_data / "macro" / "DGS3MO.csv.gz"]
    files += sorted((shared_data / "options_spx").glob("spx_chains_2019*_cboe.parquet"))
    files += [shared_data / "options_spx" / "spxw_eod_201801.csv.gz"]
    import_paths(files, folder)
    return folder


def test_the_recorded_spring_of_2019(store: Path) -> None:
    source = open_store(store, date(2019, 4, 25), date(2019, 6, 28), chains="recorded")
    assert len(source.sessions()) == 41
    assert source.origin is Origin.RECORDED
    missing = [date(2019, 5, 10), date(2019, 5, 17), date(2019, 6, 14), date(2019, 6, 17), date(2019, 6, 18)]
    assert [day for day, _ in source.skipped()] == missing
    view = source.view(date(2019, 5, 1))
    assert view.expiries("SPX")
    assert view.expiries("SPXW")
    assert view.curve is not None
    # The file lacks the contract of 2019-05-22, which was no third Wednesday.
    assert view.curve.origin[:2] == (CurveOrigin.RECONSTRUCTED, CurveOrigin.SETTLED)


def test_modelled_forwards_and_vols_are_near_recorded_ones(store: Path) -> None:
    span = (date(2019, 4, 25), date(2019, 6, 28))
    recorded, modelled = (open_store(store, *span, chains=how) for how in ("recorded", "modelled"))
    gaps = []
    for day in recorded.sessions():
        real, model = recorded.view(day), modelled.view(day)
        for expiry in model.expiries("SPX"):
            one, other = real.slice("SPX", expiry), model.slice("SPX", expiry)
            if one is None or other is None or not 0.05 < one.tau < 0.25:
                continue
            assert one.forward == pytest.approx(other.forward, rel=0.012)
            strikes = 5.0 * np.rint(one.forward * np.array([0.94, 0.96, 0.98]) / 5.0)
            puts = np.ones(3, np.bool_)
            seen, made = one.quote(strikes, puts), other.quote(strikes, puts)
            usable = (seen.status == 0) & (made.status == 0)
            gaps += list((made.mid / np.where(usable, seen.mid, 1.0) - 1.0)[usable])
    # Snapshot times of 2019 are unknown, so single days differ; together they must agree.
    assert len(gaps) > 150
    assert abs(float(np.median(gaps))) < 0.10


def test_modelled_vols_and_widths_meet_the_acceptance_bars(store: Path) -> None:
    """Vols at equal forward moneyness, 5-30 delta, 7-90 days; bars: median 1.0, p90 1.7, bias 0.25, widths 15 %."""
    span = (date(2019, 4, 25), date(2019, 6, 28))
    recorded, modelled = (open_store(store, *span, chains=how) for how in ("recorded", "modelled"))
    errors, real_widths, model_widths = [], [], []
    for day in recorded.sessions()[::2]:
        real, model = recorded.view(day), modelled.view(day)
        for expiry in model.expiries("SPX"):
            one, other = real.slice("SPX", expiry), model.slice("SPX", expiry)
            if one is None or other is None or not 7.0 < 365.0 * one.tau < 90.0:
                continue
            assert isinstance(other, ModelledSpxSlice)
            strikes = one.strikes
            puts = strikes < one.forward
            seen = one.quote(strikes, puts)
            moved = strikes * other.forward / one.forward
            vols, status = implied_vol(seen.mid, one.forward, strikes, one.tau, puts, one.discount)
            found = greeks(one.forward, strikes, one.tau, np.maximum(vols, 0.01), puts, 1.0)
            delta = np.abs(found.delta)
            use = (status == 0) & (seen.status == 0) & (delta > 0.05) & (delta < 0.30)
            errors += list(100.0 * (other.vol(moved) - vols)[use])
            made = other.quote(5.0 * np.rint(moved / 5.0), puts)
            real_widths += list((seen.ask - seen.bid)[use])
            model_widths += list((made.ask - made.bid)[use])
    gap = np.array(errors)
    assert gap.size > 3000
    assert np.median(np.abs(gap)) < 0.6
    assert np.quantile(np.abs(gap), 0.9) < 1.7
    assert abs(gap.mean()) < 0.25
    assert np.mean(model_widths) == pytest.approx(np.mean(real_widths), rel=0.15)


def test_the_single_expiry_of_january_2018(store: Path) -> None:
    source = open_store(store, date(2018, 1, 1), date(2018, 1, 31), chains="recorded")
    assert len(source.sessions()) == 21
    assert all(source.view(day).expiries("SPXW") == (date(2018, 1, 31),) for day in source.sessions()[:-1])


def test_twenty_years_open_and_every_session_has_a_chain(store: Path) -> None:
    source = open_store(store, date(2006, 1, 3), date(2025, 12, 31))
    assert len(source.sessions()) > 5000
    assert source.skipped() == ()
    for day in source.sessions()[::97]:
        view = source.view(day)
        item = view.slice("SPX", view.expiries("SPX")[0])
        assert item is not None or view.recorded
    assert any(note.startswith("VIX above 28 on") for note in source.notes)


def test_official_vix_settlements_come_from_the_future(store: Path) -> None:
    source = open_store(store, date(2019, 1, 2), date(2020, 12, 31))
    found = source.settlement(Option("VIX", date(2020, 3, 18), 30.0, Right.CALL))
    assert found is not None
    assert (found.value, found.proxy) == (69.76, None)
