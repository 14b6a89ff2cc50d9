"""Judge the rulings on an order: granted, waiting, or refused.

1. The order itself must be alive and not yet used; an order that was routed once never grants again.
2. Each ruling counts once it is genuine, over this very order, by a living key of a person in role, in time, and not
   by the proposer. Everything else is set aside with its reason.
3. One person is one voice, whatever the number of keys: the last ruling counts.
4. k approvals grant. When those who have not rejected are too few to reach k, the order is refused; else it waits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec

from alvh.governance.signing.approval import Approval, Ruling, is_genuine
from alvh.governance.signing.keys import Keyring
from alvh.governance.signing.order import OrderToSign


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """Enough people signed."""

    order: str
    signers: tuple[str, ...]
    set_aside: tuple[str, ...]


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """More signatures are needed, and there are people who can still give them."""

    order: str
    needed: int
    signers: tuple[str, ...]
    may_sign: tuple[str, ...]
    set_aside: tuple[str, ...]


class Denied(msgspec.Struct, frozen=True, kw_only=True):
    """The order can no longer be granted."""

    order: str
    reasons: tuple[str, ...]
    set_aside: tuple[str, ...]


Judgement: TypeAlias = Granted | Waiting | Denied


def judge(
    order: OrderToSign,
    approvals: Sequence[Approval],
    keyring: Keyring,
    *,
    needed: int,
    now: datetime,
    used: Collection[str] = (),
) -> Judgement:
    """Judge an order.

    Parameters
    ----------
    approvals : sequence of Approval
        In the order received.
    needed : int
        k, at least one.
    now : datetime, UTC
    used : collection of str
        Digests of orders that were already routed.

    Raises
    ------
    ValueError
        `needed` is below one: an order without a signature is not this function's to grant.
    """
    if needed < 1:
        raise ValueError(f"{needed} signatures were asked for; at least one is needed")
    name = order.digest
    rulings, aside = _rulings(order, approvals, keyring, now)
    dead = _dead(order, name, now, used)
    if dead is not None:
        return Denied(order=name, reasons=(dead,), set_aside=aside)
    approved = tuple(sorted(person for person, ruling in rulings.items() if ruling is Ruling.APPROVE))
    if len(approved) >= needed:
        return Granted(order=name, signers=approved, set_aside=aside)
    rejected = sorted(person for person, ruling in rulings.items() if ruling is Ruling.REJECT)
    open_voices = keyring.able(order.action, proposer=order.proposer, now=now) - set(approved) - set(rejected)
    if len(approved) + len(open_voices) < needed:
        said = f"; rejected by {', '.join(rejected)}" if rejected else ""
        reason = (
            f"{needed} approvals are needed for action {order.action}, {len(approved)} given and "
            f"{len(open_voices)} still possible{said}"
        )
        return Denied(order=name, reasons=(reason,), set_aside=aside)
    return Waiting(
        order=name,
        needed=needed - len(approved),
        signers=approved,
        may_sign=tuple(sorted(open_voices)),
        set_aside=aside,
    )


def _dead(order: OrderToSign, name: str, now: datetime, used: Collection[str]) -> str | None:
    if name in used:
        return f"order {order.proposal} was already routed; it is refused as a replay"
    if now >= order.expires_at:
        return f"order {order.proposal} expired at {order.expires_at:%Y-%m-%d %H:%M} UTC"
    if now < order.made_at:
        return f"order {order.proposal} is dated {order.made_at:%Y-%m-%d %H:%M} UTC, in the future"
    return None


def _rulings(
    order: OrderToSign, approvals: Sequence[Approval], keyring: Keyring, now: datetime
) -> tuple[dict[str, Ruling], tuple[str, ...]]:
    counted: dict[str, tuple[datetime, Ruling]] = {}
    aside: list[str] = []
    for approval in approvals:
        key = keyring.key(approval.key)
        objection = f"key {approval.key} is not in the keyring" if key is None else None
        if key is not None:
            objection = key.objection(approval.signed_at, now) or _objection(order, approval, keyring, key.owner, now)
            if objection is None and not is_genuine(approval, order, key):
                objection = f"the signature with key {approval.key} does not fit this ruling: it was forged or changed"
        if objection is not None or key is None:
            aside.append(objection or "")
            continue
        before = counted.get(key.owner)
        if before is None or approval.signed_at >= before[0]:
            counted[key.owner] = (approval.signed_at, approval.ruling)
    return {person: ruling for person, (_, ruling) in counted.items()}, tuple(aside)


def _objection(order: OrderToSign, approval: Approval, keyring: Keyring, owner: str, now: datetime) -> str | None:
    if approval.order != order.digest:
        return f"{owner} signed another order: this one was changed, or the signature was replayed"
    if owner == order.proposer:
        return f"{owner} proposed the order, and a proposer's own signature does not count"
    approver = keyring.approver(owner)
    if approver is None or order.action not in approver.roles:
        return f"{owner} may not approve action {order.action}"
    if not order.made_at <= approval.signed_at < order.expires_at:
        return f"{owner} signed at {approval.signed_at:%Y-%m-%d %H:%M} UTC, outside the order's life"
    if approval.signed_at > now:
        return f"{owner}'s signature is dated in the future"
    return None
