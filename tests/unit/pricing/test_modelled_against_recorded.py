"""Modelled quotes against recorded chains, on coefficients that have not seen them: the bars of the modelled chain."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.shared

DOCS = Path(__file__).resolve().parents[3] / "docs"
INDICES = ("spx", "vix", "vix9d", "vix3m", "vix6m")
CROSS_FITTED, UNSEEN, CREDIT = 0.45, 0.8, 1.0


@pytest.fixture(scope="module")
def script() -> Iterator[Any]:
    """The script that writes the page."""
    names = ("chromium_picture", "modelled_days", "make_modelled_chain")
    sys.path.insert(0, str(DOCS))
    yield importlib.import_module(names[-1])
    sys.path.remove(str(DOCS))
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def days(script: Any, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Every second session of 2019 and all others, read from the recorded files."""
    from alvh.adapters.importing import import_paths

    starts = ("spx_chains_", "spx_quotes_", "spx_eod_", "spxw_eod_", "xsp_quotes_")
    files = [path for path in (shared_data / "options_spx").iterdir() if path.name.startswith(starts)]
    files += [shared_data / "index" / f"{name}_ohlc_daily.csv.gz" for name in INDICES]
    store = tmp_path_factory.mktemp("store")
    import_paths([*sorted(files), shared_data / "macro" / "DGS3MO.csv.gz"], store)
    found = list(script.recorded_days(store))
    assert len(found) == 77
    return [day for place, day in enumerate(found) if day.period != 2019 or place % 2]


@pytest.fixture(scope="module")
def cross(script: Any, days: list[Any]) -> Any:
    return script.study(days, script.cross_fitted, script.at_close)


@pytest.fixture(scope="module")
def unseen(script: Any, days: list[Any]) -> Any:
    return script.study(days, script.unseen, script.at_close)


def medians(script: Any, study: Any) -> dict[str, float]:
    rows = study.quotes
    keep = script.core(rows)
    return {
        name: float(np.median(np.abs(rows["vol"][keep & script.within(rows, years)])))
        for name, years in script.PERIODS.items()
    }


def test_cross_fitted_volatility(script: Any, cross: Any) -> None:
    found = medians(script, cross)
    assert max(found.values()) <= CROSS_FITTED, found


def test_volatility_of_a_year_not_seen(script: Any, unseen: Any) -> None:
    found = medians(script, unseen)
    assert max(found.values()) <= UNSEEN, found


@pytest.mark.parametrize("years", [(2019,), (2022, 2023)])
def test_condor_credits_by_side(script: Any, cross: Any, unseen: Any, years: tuple[int, ...]) -> None:
    for study in (cross, unseen):
        rows = study.condors
        keep = script.within(rows, years) & (rows["xsp"] == 0)
        assert keep.sum() > 300
        for side in ("put_error", "call_error"):
            assert abs(100.0 * rows[side][keep].mean()) <= CREDIT
        assert abs(100.0 * (rows["put_error"] + rows["call_error"])[keep].mean()) <= CREDIT


def test_widths_are_right_on_average(script: Any, cross: Any) -> None:
    rows = cross.quotes
    both = script.core(rows) & np.isfinite(rows["made_half"])
    for years in ((2019,), (2022, 2023)):
        keep = both & script.within(rows, years)
        assert rows["made_half"][keep].mean() / rows["half"][keep].mean() == pytest.approx(1.0, abs=0.15)
