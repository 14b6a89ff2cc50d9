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
    quick_ratio: Threshold[float] = declare(
        float, "ratio", "least liquid assets over margin due and loss in the down-shock after an order", low=0, high=100
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingParameters:
    """G-TIMING."""

    event_minutes: Threshold[int] = declare(int, "minutes", "no order this near to an event", low=0, high=600)
    auction_minutes: Threshold[int] = declare(int, "minutes", "no order this near to an auction", low=0, high=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteParameters:
    """G-VOTES."""

    threshold: Threshold[float] = declare(
        float,
        "stance",
        "stance times direction from which a family votes for; below its negative, against",
        low=0,
        high=1,
    )
    window: Threshold[int] = declare(int, "sessions", "history of a level's z-score", low=20, high=2520)
    at_least: Threshold[int] = declare(
        int, "sessions", "present values a level needs before it votes", low=2, high=2520
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuorumParameters:
    """G-MULTISIG."""

    needed: Threshold[int] = declare(int, "for-votes", "families that must agree", low=0, high=6)
    protect: Threshold[int] = declare(int, "for-votes", "families that must agree to L-PROTECT", low=0, high=6)
    tested: Threshold[int] = declare(
        int, "for-votes", "of price, volatility and macro, for the actions of section 5", low=0, high=3
    )
    reducing: Threshold[int] = declare(int, "for-votes", "for actions that only reduce risk", low=0, high=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeParameters:
    """G-COMPOSITE."""

    low: Threshold[float] = declare(float, "composite", "below it no protect proposal passes", low=0, high=1)
    high: Threshold[float] = declare(float, "composite", "above it no harvest proposal passes", low=0, high=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendParameters:
    """G-AMEND."""

    delay: Threshold[int] = declare(
        int, "calendar days", "from the proposal of a policy change to its effect", low=0, high=3650
    )
    needed: Threshold[int] = declare(int, "for-votes", "families that must vote for a policy change", low=0, high=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class IrrParameters:
    """G-IRR."""

    limit: Threshold[float] = declare(
        float, "fraction of equity", "deviation from the model paths that triggers", low=0, high=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignParameters:
    """G-SIGN: the simulated signers of a backtest."""

    approvers: Threshold[int] = declare(int, "people", "approvers besides the proposer: n", low=1, high=50)
    open_needed: Threshold[int] = declare(int, "signatures", "k for what takes on risk", low=1, high=50)
    hedge_needed: Threshold[int] = declare(int, "signatures", "k for what adds insurance", low=1, high=50)
    close_needed: Threshold[int] = declare(int, "signatures", "k for what only reduces risk", low=1, high=50)
    open_delay: Threshold[int] = declare(int, "sessions", "delay of signatures on new risk", low=0, high=250)
    hedge_delay: Threshold[int] = declare(int, "sessions", "delay of signatures on insurance", low=0, high=250)
    close_delay: Threshold[int] = declare(
        int, "sessions", "delay of signatures on a reduction of risk", low=0, high=250
    )
    life: Threshold[int] = declare(
        int, "sessions", "how long a signed order that did not fill is tried again", low=0, high=250
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernanceParameters:
    """Section ``governance`` of the policy."""

    votes: VoteParameters = section("G-VOTES", VoteParameters)
    quorum: QuorumParameters = section("G-MULTISIG", QuorumParameters)
    composite: CompositeParameters = section("G-COMPOSITE", CompositeParameters)
    check: CheckParameters = section("G-CHECK", CheckParameters)
    irr: IrrParameters = section("G-IRR", IrrParameters)
    amend: AmendParameters = section("G-AMEND", AmendParameters)
    sign: SignParameters = section("G-SIGN", SignParameters)
    timing: TimingParameters = section("G-TIMING", TimingParameters)
