"""Numbers of the condor rules, by rule id."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.core.threshold import Threshold, declare, section


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryParameters:
    """C-ENTRY."""

    budget_cap: Threshold[float] = declare(
        float, "fraction of equity", "most that the growing entry budget may hold", low=0, high=1
    )
    expected_life: Threshold[int] = declare(
        int, "sessions", "expected life of a condor; the target divided by it is one session's budget", low=1, high=250
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeParameters:
    """C-SHAPE."""

    dte_min: Threshold[int] = declare(int, "calendar days", "nearest expiry that may be sold", low=1, high=400)
    dte_max: Threshold[int] = declare(int, "calendar days", "farthest expiry that may be sold", low=1, high=400)
    dte_target: Threshold[int] = declare(
        int, "calendar days", "expiries of the window are tried nearest to this first", low=1, high=400
    )
    widths: Threshold[tuple[float, ...]] = declare(
        tuple, "fraction of spot", "widths of the wings that are tried, on listed strikes", low=0.0005, high=0.2
    )
    weeklies: Threshold[bool] = declare(bool, "switch", "whether SPXW expiries may be sold beside SPX monthlies")


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterParameters:
    """C-CENTER."""

    k: Threshold[float] = declare(
        float, "multiple of expected move", "distance of the short strikes from the forward", low=0.1, high=5
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditParameters:
    """C-CREDIT."""

    low: Threshold[float] = declare(float, "fraction of wider width", "least executable credit", low=0, high=1)
    high: Threshold[float] = declare(float, "fraction of wider width", "most executable credit", low=0, high=1)
    target: Threshold[float] = declare(float, "fraction of wider width", "credit aimed at", low=0, high=1)
    scale: Threshold[float] = declare(
        float, "fraction of wider width", "distance from the target that counts one", low=0.001, high=1
    )
    k_band: Threshold[float] = declare(
        float, "multiple of expected move", "how far k may move from C-CENTER's", low=0, high=2
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeParameters:
    """C-SIZE."""

    low: Threshold[float] = declare(float, "fraction of equity", "least max loss of a new condor", low=0, high=1)
    high: Threshold[float] = declare(float, "fraction of equity", "most max loss of a new condor", low=0, high=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationParameters:
    """C-ALLOC."""

    start: Threshold[float] = declare(float, "fraction of equity", "margin target at the start", low=0, high=1)
    ceiling: Threshold[float] = declare(float, "fraction of equity", "highest margin target", low=0, high=1)
    step: Threshold[float] = declare(
        float, "fraction of equity", "added per completed cycle without breach, taken back by a breach", low=0, high=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageParameters:
    """C-MANAGE."""

    profit_target: Threshold[float] = declare(
        float, "fraction of credit", "share of the credit earned at which a condor is closed", low=0, high=1
    )
    time_exit: Threshold[int] = declare(
        int, "calendar days", "days to expiry at which a condor is closed; 0 turns the exit off", low=0, high=400
    )
    stop: Threshold[float] = declare(
        float, "multiple of credit", "debit to close at which a condor is closed; 0 turns the stop off", low=0, high=100
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CondorParameters:
    """Section ``condor`` of the policy."""

    entry: EntryParameters = section("C-ENTRY", EntryParameters)
    shape: ShapeParameters = section("C-SHAPE", ShapeParameters)
    center: CenterParameters = section("C-CENTER", CenterParameters)
    credit: CreditParameters = section("C-CREDIT", CreditParameters)
    size: SizeParameters = section("C-SIZE", SizeParameters)
    allocation: AllocationParameters = section("C-ALLOC", AllocationParameters)
    manage: ManageParameters = section("C-MANAGE", ManageParameters)
