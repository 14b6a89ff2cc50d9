"""VIX products follow the rolled futures."""

from __future__ import annotations

import numpy as np
import pytest

from alvh.signals.inputs.vx import vx_columns
from alvh.simulation.opening import open_simulated
from alvh.simulation.products import rolled_returns


@pytest.fixture(scope="module")
def source():
    return open_simulated("simulated:3", years=10)


def test_weights_reach_the_second_future_at_the_settlement(source):
    columns = vx_columns(source.series)
    returns = rolled_returns(columns, (0, 1))
    front = columns.session + columns.days[:, 0].astype("timedelta64[D]")
    eve = np.flatnonzero(front[1:] != front[:-1])
    eve = eve[eve > 5][:-1]
    # On the eve of a settlement everything is in the second future, which is the first on the day itself.
    alone = columns.price[eve + 1, 0] / columns.price[eve, 1] - 1.0
    assert returns[eve + 1] == pytest.approx(alone, abs=1e-12)


def test_middle_of_the_roll_is_a_mixture(source):
    columns = vx_columns(source.series)
    returns = rolled_returns(columns, (0, 1))
    row = 1000
    parts = columns.price[row, :2] / columns.price[row - 1, :2] - 1.0
    assert min(parts) - 1e-12 <= returns[row] <= max(parts) + 1e-12


def test_products_are_listed_when_they_were(source):
    assert source.series("SVIX").period[0] == np.datetime64("2022-03-30")
    long, inverse = source.series("VXX"), source.series("SVIX")
    days = np.intersect1d(long.period, inverse.period)
    one = np.diff(np.log(long.value[np.searchsorted(long.period, days)]))
    other = np.diff(np.log(inverse.value[np.searchsorted(inverse.period, days)]))
    assert np.corrcoef(one, other)[0, 1] < -0.97
