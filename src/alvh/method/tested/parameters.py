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
class CloseParameters:
    """D-CLOSE."""

    rsi: Threshold[float] = declare(
        float, "RSI", "RSI of VX above which the tested call spread is closed; 100 less it for puts", low=50, high=100
    )
    fall: Threshold[float] = declare(
        float, "fraction", "fall of the dollar that mirrors risk-off, for puts", low=0, high=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CpiParameters:
    """D-CPI."""

    coverage: Threshold[float] = declare(
        float, "stress coverage", "least gain of the hedge over the loss of the condors in the shock", low=0, high=5
    )
    debit: Threshold[float] = declare(
        float, "fraction of credit", "most that the roll may cost, of the original credit", low=0, high=5
    )
    gap: Threshold[int] = declare(
        int, "calendar days", "oldest VIX that today's is compared with as the day before's", low=1, high=10
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RollParameters:
    """D-ROLL."""

    out_min: Threshold[int] = declare(int, "calendar days", "shortest way the expiry is rolled out", low=1, high=90)
    out_max: Threshold[int] = declare(int, "calendar days", "longest way the expiry is rolled out", low=1, high=90)
    out_target: Threshold[int] = declare(int, "calendar days", "way that is tried first", low=1, high=90)
    debit: Threshold[float] = declare(
        float, "fraction of credit", "most that the roll may cost, of the original credit", low=0, high=5
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftParameters:
    """D-DDM."""

    margin: Threshold[float] = declare(
        float, "ratio", "implied move over projected drift and forecast volatility that is rich", low=0, high=10
    )
    strength: Threshold[float] = declare(
        float, "ratio", "strength of the drift at the lowest quick ratio; its percentile is added", low=0, high=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PutsParameters:
    """D-PUTS."""

    enabled: Threshold[bool] = declare(bool, "switch", "whether the put side is managed by the mirrored rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderParameters:
    """D-ORDER."""

    margin: Threshold[float] = declare(
        float, "fraction of equity", "margin of all condors above which a limit is broken", low=0, high=1
    )
    ratio: Threshold[float] = declare(float, "test ratio", "test ratio from which a limit is broken", low=0, high=2)
    quick_ratio: Threshold[float] = declare(
        float, "ratio", "quick ratio of the portfolio below which a limit is broken", low=0, high=10
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedParameters:
    """Section ``tested`` of the policy."""

    mechanical: MechanicalParameters = section("D-MECHANICAL", MechanicalParameters)
    close: CloseParameters = section("D-CLOSE", CloseParameters)
    cpi: CpiParameters = section("D-CPI", CpiParameters)
    roll: RollParameters = section("D-ROLL", RollParameters)
    drift: DriftParameters = section("D-DDM", DriftParameters)
    puts: PutsParameters = section("D-PUTS", PutsParameters)
    order: OrderParameters = section("D-ORDER", OrderParameters)
