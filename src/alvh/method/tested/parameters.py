"""Numbers of the rules for a tested condor, by rule id."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.core.threshold import Threshold, declare, section


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanicalParameters:
    """D-MECHANICAL."""

    ratio: Threshold[float] = declare(
        float,
        "test ratio",
        "share of the way from short to long strike at which the whole spread is closed",
        low=0,
        high=2,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedParameters:
    """Section ``tested`` of the policy."""

    mechanical: MechanicalParameters = section("D-MECHANICAL", MechanicalParameters)
