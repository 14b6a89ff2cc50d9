"""Numbers of the governance room, by rule id."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.core.threshold import Threshold, declare, section


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckParameters:
    """G-CHECK."""

    margin_ceiling: Threshold[float] = declare(
        float, "fraction of equity", "most margin all condors may tie up after an order", low=0, high=1
    )
    free_cash: Threshold[float] = declare(
        float, "fraction of equity", "least equity left free of requirements after an order", low=0, high=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernanceParameters:
    """Section ``governance`` of the policy."""

    check: CheckParameters = section("G-CHECK", CheckParameters)
