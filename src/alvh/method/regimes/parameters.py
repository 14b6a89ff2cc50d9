"""Numbers of the regimes, by rule id; each regime declares its own beside its class."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from alvh.core.threshold import section
from alvh.method.regimes.events import EventParameters
from alvh.method.regimes.motion import MotionParameters
from alvh.method.regimes.no_numbers import NoNumbers
from alvh.method.regimes.range_bound import RangeParameters
from alvh.method.regimes.steward import StewardParameters
from alvh.method.regimes.theta import ThetaParameters
from alvh.method.regimes.volatility import VolatilityParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeParameters:
    """Section ``regimes`` of the policy."""

    steward: StewardParameters = section("R-STEWARD", StewardParameters)
    volatility: VolatilityParameters = section("R-VOL", VolatilityParameters)
    range_bound: RangeParameters = section("R-RANGE", RangeParameters)
    events: EventParameters = section("R-EVENT", EventParameters)
    motion: MotionParameters = section("R-MOTION", MotionParameters)
    theta: ThetaParameters = section("R-THETA", ThetaParameters)

    def of(self, identifier: str) -> Any:
        """Return the numbers of one regime by its rule id; R-INFL and R-GROWTH have none of their own."""
        return getattr(self, _FIELDS[identifier]) if identifier in _FIELDS else NoNumbers()


_FIELDS = {str(item.metadata["key"]): item.name for item in fields(RegimeParameters)}
