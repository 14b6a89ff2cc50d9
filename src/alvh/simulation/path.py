"""One path of a joint model with its levels and the economy that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import F8
from alvh.pricing.modelled import DIVIDEND_YIELD
from alvh.simulation.economy import Economics, Economy, simulate_economy
from alvh.simulation.joint import THIRTY_DAYS, Forced, JointModel, StatePath
from alvh.simulation.timeline import Timeline, timeline

__all__ = ["LAST_YEAR", "PRELUDE_YEARS", "Path", "market_line", "simulated_path"]

LAST_YEAR = 2025
"""Simulated markets end with this year: their dates lend only calendars and listings."""
PRELUDE_YEARS = 10
_START_LEVEL = 2_500.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """One path with its levels by step and the economy around it.

    Attributes
    ----------
    spot : (m,) array, index points
        Index at the end of every step, carry included.
    vix : (m,) array, vol points
    """

    line: Timeline
    states: StatePath
    spot: F8
    vix: F8
    economy: Economy
    ground: Economics


def simulated_path(model: JointModel, line: Timeline, seed: int, forced: Forced) -> Path:
    """Draw a path and the economy that goes with it."""
    states = model.path(line, seed, forced)
    vix = model.index(states.state, THIRTY_DAYS)
    closes = states.log_index[line.close_step]
    ground = Economics(
        seed=seed,
        days=line.days,
        returns=np.diff(closes, prepend=0.0),
        vix=vix[line.close_step],
    )
    economy = simulate_economy(ground)
    # Interest and dividends accrue with calendar time at the rate known at the close before.
    carry = np.concatenate((economy.bill[:1], economy.bill[:-1]))[line.session_of_step]
    rates = 2.0 * np.log1p(0.005 * carry) - DIVIDEND_YIELD
    spot = _START_LEVEL * np.exp(states.log_index + np.cumsum(rates * line.dt))
    return Path(line=line, states=states, spot=spot, vix=vix, economy=economy, ground=ground)


def market_line(years: int) -> Timeline:
    """Return the steps of a market of whole years, with the years before it that signals look back on."""
    return timeline(date(LAST_YEAR + 1 - years - PRELUDE_YEARS, 1, 1), date(LAST_YEAR, 12, 31))
