"""What the rules ask for is there, and the thresholds they name are crossed in both directions."""

from __future__ import annotations

import numpy as np
import pytest

from alvh.apps.policies import load_policy
from alvh.signals.table import SignalTable
from alvh.simulation.opening import open_simulated

# These look at the book, not at the market.
OF_THE_BOOK = {"S-QUICK.portfolio", "S-LIQ.half_spread", "S-LIQ.ratio"}
BOTH_WAYS = (
    "S-RSIDIV.bearish", "S-RSIDIV.bullish", "S-MACD.vix_crossed_up", "S-AD.divergence", "S-AD.constructive",
    "S-NARROW.narrow", "S-TERM.steep", "S-TERM.inverted", "S-MIGRATE.moving_out", "S-VIXHIST.below_mean",
    "S-CAPVOL.spike", "S-INFL.contained", "S-INFL.disinflation", "S-INFL.surprise", "S-GDP.accelerating",
    "S-FOMC.minutes_stable", "S-RATE.rising", "S-RATE.elevated", "S-REER.stable", "S-REER.calm", "S-REER.risk_off",
    "S-PE.stable", "S-PCF.below", "S-REIT.resilient", "S-BETA.decline",
)  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    parameters = load_policy().parameters.signals
    made = []
    for name in ("simulated:1", "simulated:svj:2"):
        source = open_simulated(name, years=12)
        instants = np.array([source.instant(day).replace(tzinfo=None) for day in source.sessions()], "datetime64[s]")
        made.append(SignalTable(source.series, instants, parameters))
    return made


def test_no_signal_of_the_market_is_absent(tables):
    for table in tables:
        absent = {column.id for column in table.columns() if not column.present.any()}
        assert absent <= OF_THE_BOOK


@pytest.mark.parametrize("part", BOTH_WAYS)
def test_threshold_is_crossed_both_ways(tables, part):
    values = np.concatenate([table[part].value[table[part].present] for table in tables])
    share = float(values.astype(float).mean())
    assert 0.0 < share < 1.0


def test_extremes_that_single_rules_name_are_reached(tables):
    def values(part):
        return np.concatenate([table[part].value[table[part].present] for table in tables])

    assert values("S-RSI.spx").max() > 65.0
    assert values("S-RSI.vx").max() > 75.0
    assert values("S-RV.ratio").max() >= 1.25
    assert values("S-WACC.level").min() > 0.0
    assert np.abs(values("S-ROT.momentum")).max() > 0.5
    assert values("S-DDM.ratio").min() < 0.9 < 1.1 < values("S-DDM.ratio").max()
