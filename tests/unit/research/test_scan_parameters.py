from __future__ import annotations

from typing import Any

import pytest

from alvh.core.errors import UsageError
from alvh.research.condor_scan import ScanParameters


def test_defaults_are_the_usual_condor() -> None:
    usual = ScanParameters()
    assert (usual.exit_dte, usual.max_dte, usual.deltas, usual.tolerance, usual.pricing) == (
        21,
        45,
        (0.05, 0.16, 0.16, 0.05),
        0.04,
        "mid",
    )


def test_bounds_stop_at_the_least_delta() -> None:
    assert ScanParameters(tolerance=0.045).bounds(0)[0] == 0.01
    assert ScanParameters().bounds(1) == (0.16 - 0.04, 0.16 + 0.04)
    assert ScanParameters().reach == (0.05 - 0.04, 0.16 + 0.04)


@pytest.mark.parametrize(("pricing", "share"), [("mid", 0.5), ("natural", 1.0), (0.75, 0.75), (1, 1.0)])
def test_share(pricing: Any, share: float) -> None:
    assert ScanParameters(pricing=pricing).share == share


@pytest.mark.parametrize(
    "wrong",
    [
        {"exit_dte": 45},
        {"exit_dte": -1},
        {"deltas": (0.05, 0.16, 0.16)},
        {"deltas": (5.0, 16.0, 16.0, 5.0)},
        {"tolerance": 0.0},
        {"least_delta": 1.0},
        {"pricing": "best"},
        {"pricing": 0.4},
        {"pricing": float("nan")},
    ],
    ids=str,
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        ScanParameters(**wrong)
