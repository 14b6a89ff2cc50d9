"""The order as people sign it: every leg, limit and quantity, the policy it follows and how long it lives."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

import msgspec

from alvh.core.digest import canonical_bytes, digest
from alvh.core.errors import InvariantError
from alvh.ledger.symbols import instrument_symbol
from alvh.strategy.decision import Direction, Package, Proposal

FORMAT = "alvh order 1"


class Action(StrEnum):
    """Classes of action; the policy says for each how many must sign and how long it waits."""

    OPEN = "open"
    """Takes on risk: a new condor, a roll, a hedge taken off."""
    HEDGE = "hedge"
    """Adds insurance."""
    CLOSE = "close"
    """Only reduces risk."""
    POLICY = "policy"
    """Changes the rules themselves."""


class SignedLeg(msgspec.Struct, frozen=True, kw_only=True):
    """One leg: OCC symbol and signed ratio, positive buys."""

    symbol: str
    ratio: int


class SignedPackage(msgspec.Struct, frozen=True, kw_only=True):
    """One package as it will be routed."""

    sleeve: str
    rule: str
    legs: tuple[SignedLeg, ...]
    quantity: int
    closes: str | None
    limit: Decimal | None


class OrderToSign(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a signer agrees to.

    Attributes
    ----------
    proposal : str
        Id of the proposal; with `journal_head` it makes every order unique.
    journal_head : str
        Digest of the journal's last entry when the order was made, so that the same words said on another book are
        another order.
    proposer : str
        Name of the person or service that proposes; its own signature does not count.
    made_at, expires_at : datetime, UTC
        The order may be signed and routed inside [made_at, expires_at).
    """

    format: str
    proposal: str
    rule: str
    action: Action
    packages: tuple[SignedPackage, ...]
    reason: str
    policy: str
    journal_head: str
    proposer: str
    made_at: datetime
    expires_at: datetime

    @property
    def message(self) -> bytes:
        """The order's canonical bytes."""
        return canonical_bytes(self)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, hexadecimal."""
        return digest(self.message)


def order_to_sign(
    proposal: Proposal, *, policy: str, journal_head: str, proposer: str, made_at: datetime, expires_at: datetime
) -> OrderToSign:
    """Write a proposal down as people will sign it.

    Raises
    ------
    InvariantError
        A naive instant, or an order that expires before it is made.
    """
    if made_at.tzinfo is None or expires_at.tzinfo is None:
        raise InvariantError("an order's lifetime needs instants with a time zone", where=proposal.id)
    if expires_at <= made_at:
        raise InvariantError(f"the order would expire at {expires_at}, before it is made", where=proposal.id)
    return OrderToSign(
        format=FORMAT,
        proposal=proposal.id,
        rule=proposal.rule,
        action=action_of(proposal),
        packages=tuple(_package(package) for package in proposal.packages),
        reason=proposal.reason,
        policy=policy,
        journal_head=journal_head,
        proposer=proposer,
        made_at=made_at,
        expires_at=expires_at,
    )


def action_of(proposal: Proposal) -> Action:
    """Classify a proposal; one that calls itself risk-reducing and opens anything is not believed."""
    only_closes = all(package.closes is not None for package in proposal.packages)
    if only_closes and proposal.reduces_risk:
        return Action.CLOSE
    match proposal.direction:
        case Direction.PROTECT:
            return Action.HEDGE
        case Direction.HARVEST:
            return Action.OPEN
    assert_never(proposal.direction)


def _package(package: Package) -> SignedPackage:
    return SignedPackage(
        sleeve=str(package.sleeve),
        rule=package.rule,
        legs=tuple(SignedLeg(symbol=instrument_symbol(leg.instrument), ratio=leg.ratio) for leg in package.legs),
        quantity=package.quantity,
        closes=package.closes,
        limit=package.limit,
    )
