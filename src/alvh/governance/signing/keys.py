"""Who may sign: approvers with their roles, and the public keys they sign with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from alvh.core.digest import digest
from alvh.core.errors import InvariantError
from alvh.governance.signing.order import Action


class Approver(msgspec.Struct, frozen=True, kw_only=True):
    """A named person and the classes of action they may approve."""

    name: str
    roles: frozenset[Action]


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """One Ed25519 public key of an approver.

    Attributes
    ----------
    raw : bytes
        32 bytes.
    valid_from, valid_until : datetime, UTC
        Half-open.
    revoked_at : datetime or None
        From then on nothing signed with it counts, whenever it was signed.
    """

    owner: str
    raw: bytes
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None = None

    @property
    def id(self) -> str:
        """First sixteen hexadecimal digits of the key's SHA-256."""
        return key_id(self.raw)

    def objection(self, signed_at: datetime, now: datetime) -> str | None:
        """Say why the key does not count, or None."""
        if self.revoked_at is not None and self.revoked_at <= now:
            return f"key {self.id} of {self.owner} was revoked at {self.revoked_at:%Y-%m-%d %H:%M} UTC"
        if signed_at < self.valid_from:
            return f"key {self.id} of {self.owner} is valid only from {self.valid_from:%Y-%m-%d %H:%M} UTC"
        if signed_at >= self.valid_until or now >= self.valid_until:
            return f"key {self.id} of {self.owner} expired at {self.valid_until:%Y-%m-%d %H:%M} UTC"
        return None


class Keyring(msgspec.Struct, frozen=True, kw_only=True):
    """Approvers and their keys, as known when an order is judged.

    Raises
    ------
    InvariantError
        A key without an approver, the same key twice, or two approvers of one name.
    """

    approvers: tuple[Approver, ...]
    keys: tuple[PublicKey, ...]

    def __post_init__(self) -> None:
        names = [approver.name for approver in self.approvers]
        _once(names, "approver")
        _once([key.id for key in self.keys], "key")
        for key in self.keys:
            if key.owner not in names:
                raise InvariantError(f"key {key.id} belongs to {key.owner!r}, who is not an approver")
            if len(key.raw) != 32:
                raise InvariantError(f"key of {key.owner} has {len(key.raw)} bytes, an Ed25519 public key has 32")

    def key(self, identifier: str) -> PublicKey | None:
        """Find a key by its id."""
        return next((key for key in self.keys if key.id == identifier), None)

    def approver(self, name: str) -> Approver | None:
        """Find an approver by name."""
        return next((approver for approver in self.approvers if approver.name == name), None)

    def able(self, action: Action, *, proposer: str, now: datetime) -> frozenset[str]:
        """Name those who could approve an action now: in role, not the proposer, with a living key."""
        holders = {key.owner for key in self.keys if key.objection(now, now) is None}
        return frozenset(
            approver.name
            for approver in self.approvers
            if action in approver.roles and approver.name != proposer and approver.name in holders
        )


def key_id(raw: bytes) -> str:
    """Name a public key: the first sixteen hexadecimal digits of its SHA-256."""
    return digest(raw)[:16]


def _once(names: Sequence[str], what: str) -> None:
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise InvariantError(f"the {what} {min(doubled)} stands in the keyring twice")
