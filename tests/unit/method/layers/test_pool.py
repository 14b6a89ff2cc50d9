"""L-AMM's pool against published arithmetic and its own laws."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alvh.core.errors import InvariantError
from alvh.method.layers.pool import Pool, to_band

weights = st.floats(0.02, 0.98)
fees = st.floats(0.0, 0.5)
amounts = st.floats(1.0, 1e7)


class TestPublished:
    """Numbers of the shared reference file amm_lvr.json, relative tolerance 1e-12."""

    @pytest.mark.shared
    def test_every_row(self, shared_reference) -> None:
        rows = json.loads((shared_reference / "amm_lvr.json").read_text())
        for row in rows["cpmm_swap"]:
            paid_out = Pool(weight=0.5, fee=row["fee"]).swap(row["x"], row["y"], row["dx"])
            assert paid_out == pytest.approx(row["dy"], rel=1e-12)
        for row in rows["arb_to_price"]:
            moved = Pool(weight=0.5).arbitraged(row["x"], row["y"], row["P_new"])
            assert moved == pytest.approx((row["x_new"], row["y_new"]), rel=1e-12)
            gain = (row["x"] - moved[0]) * row["P_new"] - (moved[1] - row["y"])
            assert gain == pytest.approx(row["arb_profit_at_P"], rel=1e-10)
        for row in rows["weighted"]:
            pool = Pool(weight=row["w"])
            assert pool.invariant(row["x"], row["y"]) == pytest.approx(row["invariant"], rel=1e-12)
            assert pool.price(row["x"], row["y"]) == pytest.approx(row["spot_price_y_per_x"], rel=1e-12)
        for row in rows["lvr_rate"]:
            deviation = row.get("sigma_daily", row.get("sigma_annual"))
            expected = row.get("lvr_frac_per_day", row.get("lvr_frac_per_year"))
            assert Pool(weight=row["w"]).lost_to_rebalancing(deviation**2) == pytest.approx(expected, rel=1e-12)
        for row in rows["il"]:
            x, y = Pool(weight=0.5).arbitraged(1.0, 1.0, row["price_ratio"])
            kept = row["price_ratio"] + 1.0
            assert (row["price_ratio"] * x + y) / kept - 1.0 == pytest.approx(row["il"], rel=1e-12)

    def test_a_swap_by_hand(self) -> None:
        assert Pool(weight=0.5).swap(1000.0, 4000.0, 50.0) == pytest.approx(4000 - 4_000_000 / 1050, rel=1e-12)

    @pytest.mark.parametrize("weight", [0.1, 0.5, 0.8])
    def test_the_loss_to_rebalancing_is_what_one_lognormal_step_loses_exactly(self, weight: float) -> None:
        # E[V1]/V0 = exp(-w(1-w)s^2/2) for a martingale price, here by Gauss-Hermite quadrature.
        deviation = 0.4
        nodes, mass = np.polynomial.hermite_e.hermegauss(60)
        pool = Pool(weight=weight)
        x = weight
        y = 1.0 - weight
        worth = []
        for node in nodes:
            price = math.exp(deviation * node - 0.5 * deviation**2)
            moved = pool.arbitraged(x, y, price)
            worth.append(price * moved[0] + moved[1])
        expected = float(np.dot(mass, worth) / mass.sum())
        assert expected == pytest.approx(math.exp(-pool.lost_to_rebalancing(deviation**2)), rel=1e-10)


class TestLaws:
    @given(weight=weights, fee=fees, x=amounts, y=amounts, share=st.floats(1e-6, 10.0))
    def test_a_swap_never_lowers_the_invariant(self, weight, fee, x, y, share) -> None:
        pool = Pool(weight=weight, fee=fee)
        out = pool.swap(x, y, share * x)
        assert 0.0 <= out <= y
        # What is left of y carries the rounding of y itself: a millionth of it leaves ten digits.
        assume(out < y * (1.0 - 1e-6))
        assert pool.invariant(x + share * x, y - out) >= pool.invariant(x, y) * (1.0 - 1e-9)

    @given(weight=weights, x=amounts, y=amounts, price=st.floats(0.01, 100.0))
    def test_arbitrage_meets_the_price_and_keeps_the_invariant(self, weight, x, y, price) -> None:
        pool = Pool(weight=weight)
        moved = pool.arbitraged(x, y, price)
        assert pool.price(*moved) == pytest.approx(price, rel=1e-9)
        assert pool.invariant(*moved) == pytest.approx(pool.invariant(x, y), rel=1e-9)

    @given(ratio=st.floats(0.01, 5.0), fee=fees)
    def test_the_band_is_where_the_fee_eats_every_gain(self, ratio, fee) -> None:
        pool = Pool.of_ratio(ratio, fee)
        low, high = pool.band()
        assert pool.price(low, 1.0) == pytest.approx(1.0 / (1.0 - fee), rel=1e-9)
        assert pool.price(high, 1.0) == pytest.approx(1.0 - fee, rel=1e-9)

    @given(
        held=st.floats(0, 1e6),
        against=st.floats(0, 1e6),
        ratio=st.floats(0.01, 2.0),
        fee=fees,
        floor=st.floats(0.0, 1.0),
    )
    def test_trading_to_the_band_is_idempotent_and_stops_at_the_nearer_edge(
        self, held, against, ratio, fee, floor
    ) -> None:
        pool = Pool.of_ratio(ratio, fee)
        after = to_band(held, against, pool, floor=floor)
        assert to_band(after, against, pool, floor=floor) == after
        assert after >= floor * against * (1.0 - 1e-12)
        low, high = pool.band()
        if max(low, floor) * against <= held <= high * against:
            assert after == held

    def test_an_empty_hedge_opens_at_the_edge(self) -> None:
        assert to_band(0.0, 100_000.0, Pool.of_ratio(0.125, 0.12), floor=0.10) == pytest.approx(11_000.0)

    def test_the_floor_lifts_the_edge(self) -> None:
        assert to_band(0.0, 100_000.0, Pool.of_ratio(0.105, 0.12), floor=0.10) == pytest.approx(10_000.0)


class TestRefusals:
    @pytest.mark.parametrize("weight", [0.0, 1.0, -0.1, math.inf])
    def test_a_weight_outside(self, weight: float) -> None:
        with pytest.raises(InvariantError, match="weight"):
            Pool(weight=weight)

    def test_a_fee_outside(self) -> None:
        with pytest.raises(InvariantError, match="fee"):
            Pool(weight=0.5, fee=1.0)
