"""Surfaces of recorded chains: a calm, a normal and a nervous day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from alvh.pricing.surface import FittedSurface, fit, fit_ssvi

pytestmark = pytest.mark.shared
DAYS = (date(2022, 2, 18), date(2023, 4, 17), date(2023, 9, 14))
RATES = (0.004, 0.051, 0.054)


@pytest.fixture(scope="module")
def surfaces(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[FittedSurface]:
    from alvh.adapters.chain_store import ChainStore
    from alvh.adapters.importing import import_paths

    folder = tmp_path_factory.mktemp("store")
    import_paths([shared_data / "options_spx" / f"spx_quotes_{day:%Y%m%d}.csv.gz" for day in DAYS], folder)
    store = ChainStore.open(folder)
    made = [
        fit([store.chain(root, day) for root in ("SPX", "SPXW")], rate_hint=rate)
        for day, rate in zip(DAYS, RATES, strict=True)
    ]
    assert all(isinstance(surface, FittedSurface) for surface in made)
    return [surface for surface in made if isinstance(surface, FittedSurface)]


def test_every_live_expiry_is_fitted(surfaces: list[FittedSurface]) -> None:
    for surface in surfaces:
        assert len(surface.expiries) >= 44
        assert all("settled" in item.reason for item in surface.refused)


def test_slices_meet_the_quotes(surfaces: list[FittedSurface]) -> None:
    for surface, core, inside in zip(surfaces, (0.20, 0.13, 0.09), (0.60, 0.55, 0.57), strict=True):
        quality = [item.quality for item in surface.expiries]
        assert np.median([one.rms_core for one in quality]) <= core
        share = np.average([one.inside for one in quality], weights=[one.quotes for one in quality])
        assert share >= inside
        assert np.median([one.half_spreads for one in quality]) <= 1.0


def test_no_static_arbitrage(surfaces: list[FittedSurface]) -> None:
    k = np.linspace(-1.5, 0.6, 211)
    for surface in surfaces:
        assert all(item.least_g.value >= 0.0 for item in surface.expiries)
        times = np.sort(np.concatenate((surface.taus, 0.5 * (surface.taus[1:] + surface.taus[:-1]))))
        assert np.all(np.diff(surface.total_variance(k[None, :], times[:, None]), axis=0) >= -1e-15)
        middles = 0.5 * (surface.taus[1:] + surface.taus[:-1])
        assert surface.g(k[None, :], middles[:, None]).min() >= 0.0
        assert all(item.shortfall < 0.5 for item in surface.crossings if item.quoted)


def test_three_numbers_describe_the_whole_surface(surfaces: list[FittedSurface]) -> None:
    for surface in surfaces:
        three = fit_ssvi(surface)
        assert -0.95 < three.rho < -0.4
        assert three.rms < 1.0
