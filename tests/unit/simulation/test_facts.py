"""Stylised facts on series whose answers are known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.core.errors import CoverageError
from alvh.simulation.facts import spike_half_life, stylised_facts
from alvh.simulation.published import published

FIRST, LAST = date(2001, 1, 1), date(2003, 12, 31)


def market(returns, vix):
    days = np.arange("2001-01-01", "2004-01-01", dtype="datetime64[D]")[: len(vix)]
    made = {
        "SPX": published("SPX", days, 1000.0 * np.exp(np.cumsum(returns))),
        "VIX": published("VIX", days, np.asarray(vix, float)),
    }
    return made.get


def test_of_a_known_market():
    draw = np.random.default_rng(1)
    steps = 0.05 * draw.standard_normal(1000)
    returns = -0.2 * steps + 0.0003
    vix = 20.0 * np.exp(np.cumsum(steps - steps.mean()) * 0.1)
    facts = {item.key: item.value for item in stylised_facts(market(returns, vix), FIRST, LAST)}
    assert facts["correlation"] == pytest.approx(-1.0, abs=1e-9)
    assert facts["beta"] == pytest.approx(-0.5, rel=1e-6)
    assert facts["spx_vol"] == pytest.approx(100 * 252**0.5 * returns[1:].std(), rel=1e-9)
    assert facts["vix_mean"] == pytest.approx(vix.mean())
    assert facts["contango"] is None
    assert facts["vvix_mean"] is None


def test_half_life_of_a_spike():
    vix = np.full(100, 15.0)
    vix[50:60] = 15.0 + 30.0 * 0.5 ** (np.arange(10) / 4.0)
    assert spike_half_life(vix) == 4.0
    assert spike_half_life(np.full(100, 15.0)) is None


def test_short_histories_are_refused():
    with pytest.raises(CoverageError, match="250 are needed"):
        stylised_facts(market(np.zeros(100), np.full(100, 20.0)), FIRST, LAST)
