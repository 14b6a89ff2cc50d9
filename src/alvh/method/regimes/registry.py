"""Every regime class of the program, in the order of the rulebook."""

from __future__ import annotations

from typing import Any

from alvh.method.regimes.events import REvent
from alvh.method.regimes.growth import RGrowth
from alvh.method.regimes.inflation import RInfl
from alvh.method.regimes.motion import RMotion
from alvh.method.regimes.range_bound import RRange
from alvh.method.regimes.regime import Regime
from alvh.method.regimes.steward import RSteward
from alvh.method.regimes.theta import RTheta
from alvh.method.regimes.volatility import RVol

REGIMES: tuple[type[Regime[Any]], ...] = (RSteward, RInfl, RGrowth, RVol, RRange, REvent, RMotion, RTheta)

BY_ID: dict[str, type[Regime[Any]]] = {regime.id: regime for regime in REGIMES}

PARTS: tuple[str, ...] = tuple(identifier for regime in REGIMES for identifier in regime.part_ids())
"""Full id of every part of every regime."""
