"""Raw SVI, its jump wings, and the repair of butterflies."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.pricing.surface import JumpWings, RawSvi, repaired
from alvh.pricing.surface.ssvi import heston_phi, power_phi, ssvi_slice, sufficient_bounds

# Gatheral and Jacquier (2014), examples 3.1 and 5.1.
VOGT = RawSvi(a=-0.0410, b=0.1331, rho=0.3060, m=0.3586, sigma=0.4153)
VOGT_WINGS = (0.01742625, -0.1752111, 0.6997381, 1.316798, 0.0116249)


def wings(of: JumpWings) -> tuple[float, ...]:
    return of.v, of.psi, of.p, of.c, of.v_tilde


def test_vogts_slice_has_a_butterfly() -> None:
    least = VOGT.least_g()
    assert least.value == pytest.approx(-0.03286, abs=5e-6)
    assert least.k == pytest.approx(0.88, abs=5e-3)
    assert not VOGT.butterfly_free


def test_jump_wings_of_vogts_slice() -> None:
    np.testing.assert_allclose(wings(JumpWings.of(VOGT, 1.0)), VOGT_WINGS, rtol=5e-7)


def test_published_repair_is_free() -> None:
    published = JumpWings(v=0.01742625, psi=-0.1752111, p=0.6997381, c=0.3493158, v_tilde=0.01548182, tau=1.0)
    assert published.raw().butterfly_free


def test_repair_keeps_the_money_and_stops_at_the_first_free_slice() -> None:
    better = repaired(VOGT, 1.0)
    assert better.butterfly_free
    assert better.least_g().value < 1e-6
    np.testing.assert_allclose(wings(JumpWings.of(better, 1.0))[:3], VOGT_WINGS[:3], rtol=5e-7)


def test_a_free_slice_needs_no_repair() -> None:
    slice_ = ssvi_slice(0.04, -0.7, 3.0)
    assert repaired(slice_, 0.5) is slice_


@pytest.mark.parametrize("tau", [1 / 365, 0.1, 3.0])
def test_jump_wings_come_back(tau: float) -> None:
    again = JumpWings.of(VOGT, tau).raw()
    np.testing.assert_allclose(again.parameters, VOGT.parameters, rtol=1e-10)


def test_a_vertex_at_the_money_has_no_inverse() -> None:
    flat = RawSvi(a=0.02, b=0.1, rho=0.0, m=0.0, sigma=0.2)
    with pytest.raises(UsageError, match="vertex at the money"):
        JumpWings.of(flat, 1.0).raw()


@pytest.mark.parametrize(
    "changes",
    [{"b": -0.1}, {"rho": 1.0}, {"sigma": 0.0}, {"a": math.nan}, {"a": -0.1}, {"m": math.inf}],
)
def test_no_smile(changes: dict[str, float]) -> None:
    sound = {"a": 0.02, "b": 0.1, "rho": -0.3, "m": 0.0, "sigma": 0.2}
    with pytest.raises(UsageError):
        RawSvi(**(sound | changes))


def test_a_wing_beyond_lee_is_arbitrage() -> None:
    assert not RawSvi(a=0.5, b=1.5, rho=-0.5, m=0.0, sigma=0.5).butterfly_free


def test_g_matches_finite_differences() -> None:
    k, h = np.linspace(-1.0, 1.0, 21), 1e-4
    w, up, down = VOGT.variance(k), VOGT.variance(k + h), VOGT.variance(k - h)
    first, second = (up - down) / (2 * h), (up - 2 * w + down) / h**2
    wanted = (1 - k * first / (2 * w)) ** 2 - first**2 / 4 * (1 / w + 0.25) + second / 2
    np.testing.assert_allclose(VOGT.g(k), wanted, atol=1e-6)


@pytest.fixture(scope="module")
def reference(shared_reference: Path) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((shared_reference / "svi_ssvi.json").read_text())
    return answers


@pytest.mark.shared
def test_reference_raw_svi(reference: dict[str, Any]) -> None:
    case = reference["svi"]["vogt_arbitrageable"]
    slice_ = RawSvi(**{name: float(value) for name, value in case["params"].items()})
    for column, got in (("w", slice_.variance), ("g", slice_.g)):
        k = np.array([float(place) for place in case[column]])
        np.testing.assert_allclose(got(k), [float(value) for value in case[column].values()], rtol=1e-10)
    np.testing.assert_allclose(
        wings(JumpWings.of(slice_, 1.0)), [float(value) for value in case["jw"].values()], rtol=1e-10
    )
    # The reference looked at steps of a hundredth; the least value lies between two of them.
    assert slice_.least_g().value == pytest.approx(float(case["min_g"]), abs=1e-6)
    assert slice_.least_g().value <= float(case["min_g"])


@pytest.mark.shared
def test_reference_ssvi(reference: dict[str, Any]) -> None:
    for case in reference["ssvi"]:
        theta, rho = float(case["theta"]), float(case["rho"])
        numbers = [float(value) for value in case["params"]]
        phi = float(power_phi(theta, *numbers) if case["kind"] == "power" else heston_phi(theta, *numbers))
        assert phi == pytest.approx(float(case["phi"]), rel=1e-9)
        slice_ = ssvi_slice(theta, rho, float(case["phi"]))
        np.testing.assert_allclose(slice_.parameters, [float(value) for value in case["raw"]], rtol=1e-10)
        k = np.array([float(place) for place in case["w"]])
        np.testing.assert_allclose(slice_.variance(k), [float(value) for value in case["w"].values()], rtol=1e-10)
        first, second = sufficient_bounds(theta, rho, phi)
        assert first == pytest.approx(float(case["cond1_theta_phi_1prho"]), rel=1e-9)
        assert second == pytest.approx(float(case["cond2_theta_phi2_1prho"]), rel=1e-9)
        # The grid ended at three; on the line g may be lower, never higher, and these are free.
        assert 0.0 <= slice_.least_g().value <= float(case["min_g_on_grid"]) + 1e-9
