"""The compiled kernels of marks and fills answer bit for bit like the plain functions they are made from."""

from __future__ import annotations

import numpy as np

from alvh.book.contract_columns import NUMBERS
from alvh.book.position_columns import FACTS, FAMILY, HEDGE, LEG_COLUMNS, RATIO, USD, VX_CAP, Family
from alvh.book.valuation import SUMS, TOTALS, add_up
from alvh.core.compiled import plain
from alvh.execution.fills import _net
from alvh.market.chain import QuoteStatus


def test_net_prices():
    draw = np.random.default_rng(7)
    packages, legs = 500, 4
    start = np.arange(0, packages * legs + 1, legs)
    bid = np.round(draw.integers(0, 400, packages * legs) * 0.05, 2)
    ask = np.round(bid + draw.integers(1, 20, packages * legs) * 0.05, 2)
    status = np.where(bid > 0, QuoteStatus.OK, QuoteStatus.ZERO_BID).astype(np.int8)
    status[draw.integers(0, status.size, 40)] = QuoteStatus.ABSENT
    ratio = draw.choice([-2.0, -1.0, 1.0, 2.0], packages * legs)
    share, tick = draw.uniform(0.5, 1.0, packages), draw.choice([0.01, 0.05], packages)
    answers = []
    for function in (_net, plain(_net)):
        out = [np.empty(packages) for _ in range(3)]
        ok = np.empty(packages, dtype=np.bool_)
        function(start, bid, ask, status, ratio, share, tick, *out, ok)
        answers.append((*out, ok))
    # Multiply-add may be fused in machine code, so the unrounded sums may differ in the last bit; prices may not.
    for machine, by_hand in zip(answers[0][:2], answers[1][:2], strict=True):
        np.testing.assert_allclose(machine, by_hand, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(answers[0][2], answers[1][2])
    np.testing.assert_array_equal(answers[0][3], answers[1][3])


def test_sums_over_legs():
    draw = np.random.default_rng(8)
    contracts, positions, legs = 30, 12, 48
    leg_numbers = np.zeros((legs, LEG_COLUMNS))
    leg_numbers[:, RATIO] = draw.choice([-1.0, 1.0], legs)
    leg_numbers[:, USD] = draw.choice([-200.0, 100.0], legs)
    leg_numbers[:, FAMILY + 3 : VX_CAP] = draw.choice([0.0, 17000.0], (legs, VX_CAP - FAMILY - 3))
    leg_numbers[:, VX_CAP] = draw.choice([np.inf, 10.0], legs)
    facts = np.zeros((positions, FACTS))
    facts[:, HEDGE] = draw.integers(0, 2, positions)
    inputs = (
        draw.choice([Family.SPX, Family.VIX, Family.OTHER], contracts).astype(np.int8),
        draw.integers(0, contracts, legs),
        np.arange(0, legs + 1, legs // positions),
        leg_numbers,
        facts,
        2850.0,
        draw.uniform(0.1, 50, (NUMBERS, contracts)),
        draw.integers(0, 2, (3, contracts)).astype(np.int8),
    )
    answers = []
    for function in (add_up, plain(add_up)):
        out = np.empty((SUMS, positions)), np.empty((2, TOTALS))
        function(*inputs, *out)
        answers.append(out)
    for machine, by_hand in zip(*answers, strict=True):
        np.testing.assert_allclose(machine, by_hand, rtol=1e-12)
