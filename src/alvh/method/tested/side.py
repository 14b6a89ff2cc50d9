"""The two sides of a condor, and what a rule reads for each."""

from __future__ import annotations

from enum import StrEnum

from alvh.strategy.facts import Absent, Facts

__all__ = ["Side", "reason"]


class Side(StrEnum):
    """Which spread of a condor is tested."""

    CALL = "call"
    PUT = "put"


def reason(facts: Facts, *names: str) -> str:
    """Say why the first absent one of some readings is absent; empty where all are present."""
    return next((fact.reason for name in names if isinstance(fact := facts[name], Absent)), "")
