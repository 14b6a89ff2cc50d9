"""Whatever numbers stand in a chain, the fit answers with a surface of finite volatilities or with a reason."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.pricing.surface import FittedSurface, NoSurface, fit
from alvh.pricing.vix_method import NoTerm
from alvh.pricing.vix_of_chains import VixReading, vix_of_chains
from alvh.pricing.vix_smile_fit import fit_vix_smiles
from fakes.surface_chains import RATE, made

QUOTE = st.one_of(st.floats(0.0, 2000.0), st.sampled_from([0.0, 0.05, math.nan, math.inf, -1.0, 1e-300, 1e300]))
FEW = settings(max_examples=60, deadline=None)


@st.composite
def nonsense(draw: Any, root: str = "SPXW") -> Any:
    count = draw(st.integers(1, 30))
    low = draw(st.sampled_from([10.0, 500.0, 4300.0]))
    strike = (low + np.arange(count) * draw(st.sampled_from([1.0, 5.0, 100.0]))).repeat(2)
    sides = [np.array(draw(st.lists(QUOTE, min_size=2 * count, max_size=2 * count))) for _ in range(2)]
    columns = {"strike": strike, "is_put": np.tile([False, True], count), "bid": sides[0], "ask": sides[1]}
    return made(columns, [0, 2 * count], (date(2023, 10, 13),), root)


@FEW
@given(nonsense(), st.sampled_from([None, RATE]))
def test_a_surface_or_a_reason(chain: Any, rate: float | None) -> None:
    answer = fit(chain, rate_hint=rate)
    if isinstance(answer, NoSurface):
        assert answer.reason.endswith(".")
        return
    assert isinstance(answer, FittedSurface)
    vol = answer.vol(np.linspace(-2.0, 2.0, 21)[None, :], np.array([[0.001], [0.1], [2.0]]))
    assert np.all(np.isfinite(vol))
    assert all(item.least_g.value >= 0.0 for item in answer.expiries)


@FEW
@given(nonsense("VIX"))
def test_vix_smiles_or_reasons(chain: Any) -> None:
    fitted, refused = fit_vix_smiles(chain, rate_hint=RATE)
    assert len(fitted) + len(refused) == 1
    for item in fitted:
        assert np.all(item.smile.price([10.0, 20.0, 40.0], False) >= 0.0)


@FEW
@given(nonsense())
def test_an_index_or_a_reason(chain: Any) -> None:
    answer = vix_of_chains((chain,), rate=RATE)
    assert isinstance(answer, VixReading | NoTerm)
