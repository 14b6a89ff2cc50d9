"""The compiled kernels of marks and fills answer bit for bit like the plain functions they are made from."""

from __future__ import annotations

import numpy as np

from alvh.book.leg_table import Family
from alvh.book.marks import _add_up
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
    inputs = (
        draw.integers(0, contracts, legs),
        np.sort(draw.integers(0, positions, legs)),
        draw.choice([-1.0, 1.0], legs),
        draw.choice([-200.0, 100.0], legs),
        draw.choice([0.0, 17000.0], legs),
        draw.integers(0, 2, positions),
        draw.choice([Family.SPX, Family.VIX, Family.OTHER], contracts).astype(np.int8),
        draw.uniform(0.1, 50, (12, contracts)),
        draw.integers(0, 2, (3, contracts)).astype(np.int8),
        2850.0,
    )
    answers = []
    for function in (_add_up, plain(_add_up)):
        out = (np.zeros((3, positions)), np.ones(positions, dtype=np.int8), np.zeros(positions, dtype=np.int64))
        totals = np.zeros((2, 8))
        function(*inputs, *out, totals)
        answers.append((*out, totals))
    for machine, by_hand in zip(*answers, strict=True):
        np.testing.assert_allclose(machine, by_hand, rtol=1e-12)
