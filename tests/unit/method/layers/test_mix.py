"""L-HORIZON's programme against corners worked by hand and an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.core.errors import UsageError
from alvh.method.layers.mix import Candidates, Mix, Needs, NoMix, cheapest


def candidates(*rows: tuple[float, float, float, float, float, bool]) -> Candidates:
    columns = [np.array(column, dtype=float) for column in list(zip(*rows, strict=True))[:5]]
    return Candidates(
        cost=columns[0],
        coverage=columns[1],
        stress=columns[2],
        premium=columns[3],
        capital=columns[4],
        is_put=np.array([row[5] for row in rows], dtype=bool),
    )


NEAR = (50.0, 2000.0, 900.0, 150.0, 150.0, False)
FAR = (20.0, 2000.0, 300.0, 260.0, 260.0, False)
PUT = (-30.0, 0.0, -200.0, 120.0, 120.0, True)


def needs(**changed: float) -> Needs:
    return Needs(**{"low": 20_000.0, "high": 30_000.0, "stress": 3000.0, "put_share": 0.25} | changed)


class TestCorners:
    def test_the_cheapest_call_alone_when_it_keeps_everything(self) -> None:
        found = cheapest(candidates(NEAR, FAR), needs())
        assert isinstance(found, Mix)
        assert found.contracts == (0, 10)
        assert found.cost == pytest.approx(200.0)

    def test_stress_brings_in_the_near_call(self) -> None:
        # 10 contracts in all; 900 a + 300 (10 - a) = 6000 at a = 5.
        found = cheapest(candidates(NEAR, FAR), needs(stress=6000.0))
        assert isinstance(found, Mix)
        assert found.contracts == (5, 5)

    def test_puts_finance_up_to_their_share_of_the_call_premium(self) -> None:
        # Premium of ten far calls is 2600, a quarter of it 650: five puts of 120; but each put costs 200 of stress.
        found = cheapest(candidates(FAR, PUT), needs(stress=1900.0))
        assert isinstance(found, Mix)
        calls, puts = found.contracts
        assert 0 < puts * 120.0 <= 0.25 * calls * 260.0
        assert found.cost < 200.0

    def test_contracts_are_rounded_down_and_the_rest_is_said(self) -> None:
        found = cheapest(candidates(FAR), needs(low=21_000.0))
        assert isinstance(found, Mix)
        assert found.contracts == (10,)
        assert found.unfilled == pytest.approx(1000.0)


class TestNone:
    def test_nothing_to_choose_from(self) -> None:
        empty = np.zeros(0)
        none = Candidates(
            cost=empty, coverage=empty, stress=empty, premium=empty, capital=empty, is_put=np.zeros(0, bool)
        )
        assert cheapest(none, needs()) == NoMix(reason="no candidate has a usable quote")

    def test_puts_alone_cannot_cover(self) -> None:
        found = cheapest(candidates(PUT), needs())
        assert isinstance(found, NoMix)
        assert "coverage" in found.reason

    def test_capital_is_named(self) -> None:
        found = cheapest(candidates(NEAR, FAR), needs(capital=1000.0))
        assert isinstance(found, NoMix)
        assert "capital" in found.reason

    def test_stress_is_named(self) -> None:
        found = cheapest(candidates(FAR), needs(stress=50_000.0))
        assert isinstance(found, NoMix)
        assert "stress" in found.reason

    def test_a_number_that_is_none_is_refused(self) -> None:
        with pytest.raises(UsageError, match="not finite"):
            candidates((float("nan"), *NEAR[1:]))


rows = st.tuples(
    st.floats(1, 200),
    st.floats(500, 4000),
    st.floats(10, 2000),
    st.floats(10, 500),
    st.floats(10, 500),
    st.just(False),
)
puts = st.tuples(
    st.floats(-50, 50), st.just(0.0), st.floats(-400, -10), st.floats(10, 500), st.floats(10, 500), st.just(True)
)


@settings(max_examples=40, deadline=None)
@given(calls=st.lists(rows, min_size=1, max_size=5), cheap=st.lists(puts, max_size=3), stress=st.floats(100, 8000))
def test_the_cost_is_what_an_independent_solver_finds(calls, cheap, stress) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    given_rows = candidates(*calls, *cheap)
    asked = needs(stress=stress)
    found = cheapest(given_rows, asked)
    put_row = np.where(given_rows.is_put, given_rows.premium, -0.25 * given_rows.premium)
    other = optimize.linprog(
        given_rows.cost,
        A_ub=np.vstack([-given_rows.coverage, given_rows.coverage, -given_rows.stress, put_row]),
        b_ub=np.array([-asked.low, asked.high, -stress, 0.0]),
        method="highs-ipm",
    )
    if isinstance(found, NoMix):
        assert other.status != 0
        return
    assert found.cost == pytest.approx(other.fun, rel=1e-6, abs=1e-4)
    held = np.array(found.contracts)
    assert (held >= 0).all()
    assert put_row @ held <= 1e-6
    assert given_rows.coverage @ held <= asked.high * (1 + 1e-9)
