"""The committed coefficients are those that the shared history gives."""

from __future__ import annotations

import csv
import gzip
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from alvh.pricing.modelled.calibration import (
    NODE_FITS,
    VVIX_FIT,
    VX_FROM_BOTH,
    VX_FROM_VIX,
    VX_FROM_VIX3M,
    VX_FROM_VIX6M,
)
from alvh.pricing.modelled.nodes import slow_mean

pytestmark = pytest.mark.shared

SPAN = (date(2011, 1, 1), date(2024, 12, 31))
FILES = {
    "VIX": ("vix_ohlc_daily", "CLOSE"),
    "VIX9D": ("vix9d_ohlc_daily", "CLOSE"),
    "VIX3M": ("vix3m_ohlc_daily", "CLOSE"),
    "VIX6M": ("vix6m_ohlc_daily", "CLOSE"),
    "VVIX": ("vvix_daily", "VVIX"),
}
Table = dict[str, dict[date, float]]


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def day(cell: str) -> date:
    return datetime.strptime(cell, "%m/%d/%Y" if "/" in cell else "%Y-%m-%d").date()  # noqa: DTZ007


@pytest.fixture(scope="module")
def levels(shared_data: Path) -> Table:
    found = {
        name: {day(row["DATE"]): float(row[column]) for row in rows(shared_data / "index" / f"{file}.csv.gz")}
        for name, (file, column) in FILES.items()
    }
    days = sorted(found["VIX"])
    slow = slow_mean(np.array([found["VIX"][item] for item in days]))
    return {**found, "slow": dict(zip(days, slow.tolist(), strict=True))}


def fit(target: np.ndarray, *known: np.ndarray) -> tuple[np.ndarray, float]:
    design = np.column_stack([np.ones_like(target), *known])
    coefficients = np.linalg.lstsq(design, target, rcond=None)[0]
    return coefficients, float(np.std(target - design @ coefficients))


def test_missing_nodes(levels: Table) -> None:
    common = set.intersection(*(set(levels[name]) for name in ("VIX", "VIX9D", "VIX3M", "VIX6M")))
    days = sorted(item for item in common if SPAN[0] <= item <= SPAN[1])
    column = {name: np.log([table[item] for item in days]) for name, table in levels.items() if name != "VVIX"}
    for (name, beside), committed in NODE_FITS.items():
        coefficients, rms = fit(column[name], column["VIX"], column[beside or "slow"])
        assert coefficients == pytest.approx(committed.coefficients, abs=1e-3)
        assert rms == pytest.approx(committed.rms, abs=2e-4)
        assert len(days) == committed.days


def test_missing_vvix(levels: Table) -> None:
    days = sorted(item for item in levels["VIX"].keys() & levels["VVIX"].keys() if SPAN[0] <= item <= SPAN[1])
    vvix, vix = (np.log([levels[name][item] for item in days]) for name in ("VVIX", "VIX"))
    coefficients, rms = fit(vvix, vix)
    assert coefficients == pytest.approx(VVIX_FIT.coefficients, abs=2e-3)
    assert rms == pytest.approx(VVIX_FIT.rms, abs=5e-4)


@pytest.mark.parametrize(
    ("table", "names", "places"),
    [
        (VX_FROM_VIX, ("VIX", "slow"), (0, 1, 2)),
        (VX_FROM_VIX3M, ("VIX", "VIX3M"), (0, 1, 3)),
        (VX_FROM_VIX6M, ("VIX", "VIX6M"), (0, 1, 4)),
        (VX_FROM_BOTH, ("VIX", "VIX3M", "VIX6M"), (0, 1, 3, 4)),
    ],
)
def test_futures_from_levels(
    shared_data: Path, levels: Table, table: np.ndarray, names: tuple[str, ...], places: tuple[int, ...]
) -> None:
    curve = {
        day(row["date"]): [float(row[f"ln_V{month}"]) for month in range(1, 7)]
        for row in rows(shared_data / "vix_futures" / "vix_cm_term_structure_2005_2022.csv.gz")
    }
    days = sorted(set.intersection(set(curve), *(set(levels[name]) for name in names)))
    if names == ("VIX", "slow"):
        assert len(days) == 4022
    known = [np.log([levels[name][item] for item in days]) for name in names]
    for tenor in range(6):
        coefficients, rms = fit(np.array([curve[item][tenor] for item in days]), *known)
        assert coefficients == pytest.approx(table[tenor][list(places)], abs=0.02)
        assert rms == pytest.approx(table[tenor][5], abs=1e-3)
