"""One person's ruling on one order, signed with Ed25519 over the order's own bytes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from alvh.core.digest import canonical_bytes
from alvh.governance.signing.keys import PublicKey, key_id
from alvh.governance.signing.order import OrderToSign

FORMAT = "alvh approval 1"


class Ruling(StrEnum):
    """What a signer says of an order."""

    APPROVE = "approve"
    REJECT = "reject"


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A signed ruling.

    Attributes
    ----------
    order : str
        Digest of the order it rules on.
    key : str
        Id of the public key that verifies it.
    reason : str
        The signer's words; signed with the rest.
    signature : bytes
        64 bytes.
    """

    order: str
    ruling: Ruling
    key: str
    signed_at: datetime
    reason: str
    signature: bytes


class _Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What the signature covers: the whole order, not only its digest, so that a signer can read what they sign."""

    format: str
    order: OrderToSign
    ruling: Ruling
    key: str
    signed_at: datetime
    reason: str


def message_to_sign(order: OrderToSign, ruling: Ruling, key: str, signed_at: datetime, reason: str) -> bytes:
    """Return the exact bytes that a signer's device signs."""
    return canonical_bytes(
        _Signed(format=FORMAT, order=order, ruling=ruling, key=key, signed_at=signed_at, reason=reason)
    )


def rule_on(
    order: OrderToSign, private: Ed25519PrivateKey, *, ruling: Ruling, signed_at: datetime, reason: str
) -> Approval:
    """Sign a ruling."""
    key = key_id(public_bytes(private))
    message = message_to_sign(order, ruling, key, signed_at, reason)
    return Approval(
        order=order.digest,
        ruling=ruling,
        key=key,
        signed_at=signed_at,
        reason=reason,
        signature=private.sign(message),
    )


def is_genuine(approval: Approval, order: OrderToSign, key: PublicKey) -> bool:
    """Whether the key's owner signed exactly this ruling on exactly this order."""
    message = message_to_sign(order, approval.ruling, approval.key, approval.signed_at, approval.reason)
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(approval.signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    """Return the 32 bytes of the public key that belongs to a private one."""
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
