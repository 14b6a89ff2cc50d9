"""Numbers of the hedge layers, by rule id."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.core.threshold import Threshold, declare, section


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseParameters:
    """L-BASE."""

    floor: Threshold[float] = declare(
        float, "coverage", "coverage that goes on as one package with each condor", low=0, high=5
    )
    stable: Threshold[float] = declare(
        float, "coverage", "coverage while the dollar's real rate and the index P/E are stable", low=0, high=5
    )
    unstable: Threshold[float] = declare(
        float, "coverage", "coverage while either is unstable or absent", low=0, high=5
    )
    band: Threshold[float] = declare(
        float, "fraction of target", "no trade while coverage is this close to its target", low=0, high=0.95
    )
    delta: Threshold[float] = declare(float, "delta on the VX forward", "strike of the VIX calls", low=0.01, high=0.99)
    dte_min: Threshold[int] = declare(int, "calendar days", "nearest VIX expiry that is bought", low=1, high=400)
    dte_max: Threshold[int] = declare(int, "calendar days", "farthest VIX expiry that is bought", low=1, high=400)
    dte_target: Threshold[int] = declare(
        int, "calendar days", "the VIX expiry nearest to this is bought", low=1, high=400
    )
    sell_dte: Threshold[int] = declare(
        int, "calendar days", "VIX calls this near to expiry are sold and replaced (L-LADDER)", low=0, high=400
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerParameters:
    """Section ``layers`` of the policy."""

    base: BaseParameters = section("L-BASE", BaseParameters)
