"""G-SIGN: who can grant an order, and everything that cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alvh.book.positions import Leg, Sleeve
from alvh.core.errors import InvariantError
from alvh.governance.signing.approval import Approval, Ruling, public_bytes, rule_on
from alvh.governance.signing.keys import Approver, Keyring, PublicKey
from alvh.governance.signing.order import Action, OrderToSign, action_of, order_to_sign
from alvh.governance.signing.quorum import Denied, Granted, Waiting, judge
from alvh.market.contracts import Option, Right
from alvh.strategy.decision import Direction, Package, Proposal

NOW = datetime(2024, 8, 5, 19, 45, tzinfo=UTC)
PEOPLE = ("ann", "bob", "cem")
PRIVATE = {name: Ed25519PrivateKey.from_private_bytes(bytes([i]) * 32) for i, name in enumerate((*PEOPLE, "eve"), 1)}


def key_of(name: str, **changes: object) -> PublicKey:
    key = PublicKey(
        owner=name,
        raw=public_bytes(PRIVATE[name]),
        valid_from=NOW - timedelta(days=30),
        valid_until=NOW + timedelta(days=30),
    )
    return msgspec.structs.replace(key, **changes)


def keyring(*keys: PublicKey, roles: frozenset[Action] = frozenset(Action)) -> Keyring:
    return Keyring(
        approvers=tuple(Approver(name=name, roles=roles) for name in PEOPLE),
        keys=keys or tuple(key_of(name) for name in PEOPLE),
    )


def hedge(quantity: int = 3, limit: str = "-1.20") -> Proposal:
    call = Option("VIX", date(2024, 9, 18), 20.0, Right.CALL)
    package = Package(
        sleeve=Sleeve.HEDGE,
        rule="L-BASE",
        legs=(Leg(instrument=call, ratio=1),),
        quantity=quantity,
        limit=Decimal(limit),
    )
    return Proposal(
        id="2024-08-05-1", rule="L-BASE", direction=Direction.PROTECT, packages=(package,), reason="below its band"
    )


def order(proposal: Proposal | None = None, **changes: object) -> OrderToSign:
    made = order_to_sign(
        proposal or hedge(),
        policy="p" * 64,
        journal_head="j" * 64,
        proposer="desk",
        made_at=NOW - timedelta(minutes=5),
        expires_at=NOW + timedelta(minutes=10),
    )
    return msgspec.structs.replace(made, **changes)


def say(name: str, over: OrderToSign, ruling: Ruling = Ruling.APPROVE, at: datetime = NOW) -> Approval:
    return rule_on(over, PRIVATE[name], ruling=ruling, signed_at=at, reason="seen and agreed")


def aside_of(judged: Granted | Waiting | Denied) -> str:
    assert len(judged.set_aside) == 1, judged
    return judged.set_aside[0]


class TestGranted:
    def test_two_of_three_grant(self) -> None:
        it = order()
        judged = judge(it, [say("bob", it), say("ann", it)], keyring(), needed=2, now=NOW)
        assert judged == Granted(order=it.digest, signers=("ann", "bob"), set_aside=())

    def test_one_of_two_waits_and_names_who_may_still_sign(self) -> None:
        it = order()
        judged = judge(it, [say("bob", it)], keyring(), needed=2, now=NOW)
        assert isinstance(judged, Waiting)
        assert (judged.needed, judged.signers, judged.may_sign) == (1, ("bob",), ("ann", "cem"))

    def test_one_person_with_two_keys_is_one_voice(self) -> None:
        it = order()
        ring = keyring(key_of("ann"), key_of("bob"), msgspec.structs.replace(key_of("cem"), owner="ann"))
        judged = judge(it, [say("ann", it), say("cem", it)], ring, needed=2, now=NOW)
        assert isinstance(judged, Waiting)

    def test_the_later_ruling_of_a_person_counts_whatever_the_order_of_arrival(self) -> None:
        it = order()
        later = say("ann", it, Ruling.REJECT, NOW)
        earlier = say("ann", it, Ruling.APPROVE, NOW - timedelta(minutes=1))
        judged = judge(it, [later, earlier, say("bob", it)], keyring(), needed=2, now=NOW)
        assert isinstance(judged, Waiting)
        assert judged.may_sign == ("cem",)


class TestSetAside:
    def test_a_changed_quantity(self) -> None:
        signed, shown = order(), order(hedge(quantity=30))
        judged = judge(shown, [say("ann", signed)], keyring(), needed=1, now=NOW)
        assert isinstance(judged, Waiting)
        assert "another order" in aside_of(judged)

    def test_a_changed_order_with_its_digest_written_over(self) -> None:
        signed, shown = order(), order(hedge(limit="-9.90"))
        forged = msgspec.structs.replace(say("ann", signed), order=shown.digest)
        assert "forged or changed" in aside_of(judge(shown, [forged], keyring(), needed=1, now=NOW))

    def test_a_changed_reason_or_ruling(self) -> None:
        it = order()
        for change in ({"reason": "not what ann wrote"}, {"ruling": Ruling.APPROVE}):
            forged = msgspec.structs.replace(say("ann", it, Ruling.REJECT), **change)
            assert "forged" in aside_of(judge(it, [forged], keyring(), needed=1, now=NOW))

    def test_the_same_words_on_another_journal_are_another_order(self) -> None:
        yesterday, today = order(journal_head="i" * 64), order()
        assert "replayed" in aside_of(judge(today, [say("ann", yesterday)], keyring(), needed=1, now=NOW))

    def test_a_key_nobody_knows(self) -> None:
        it = order()
        assert "not in the keyring" in aside_of(judge(it, [say("eve", it)], keyring(), needed=1, now=NOW))

    @pytest.mark.parametrize(
        ("changes", "word"),
        [
            ({"valid_until": NOW}, "expired"),
            ({"valid_from": NOW + timedelta(seconds=1)}, "valid only from"),
            ({"revoked_at": NOW}, "revoked"),
        ],
    )
    def test_a_key_out_of_life(self, changes: dict[str, datetime], word: str) -> None:
        it = order()
        ring = keyring(key_of("ann", **changes), key_of("bob"), key_of("cem"))
        assert word in aside_of(judge(it, [say("ann", it)], ring, needed=2, now=NOW))

    def test_a_key_revoked_after_it_signed(self) -> None:
        it = order()
        signed = say("ann", it, at=NOW - timedelta(minutes=2))
        ring = keyring(key_of("ann", revoked_at=NOW - timedelta(minutes=1)), key_of("bob"), key_of("cem"))
        assert "revoked" in aside_of(judge(it, [signed], ring, needed=2, now=NOW))

    def test_the_proposer(self) -> None:
        it = order(proposer="ann")
        judged = judge(it, [say("ann", it)], keyring(), needed=1, now=NOW)
        assert isinstance(judged, Waiting)
        assert "own signature" in aside_of(judged)
        assert "ann" not in judged.may_sign

    def test_a_person_out_of_role(self) -> None:
        it = order()
        ring = Keyring(
            approvers=(
                Approver(name="ann", roles=frozenset({Action.CLOSE})),
                Approver(name="bob", roles=frozenset(Action)),
                Approver(name="cem", roles=frozenset(Action)),
            ),
            keys=tuple(key_of(name) for name in PEOPLE),
        )
        assert "may not approve action hedge" in aside_of(judge(it, [say("ann", it)], ring, needed=2, now=NOW))

    def test_a_signature_from_before_the_order_or_from_the_future(self) -> None:
        it = order()
        early = say("ann", it, at=NOW - timedelta(hours=1))
        late = say("ann", it, at=NOW + timedelta(minutes=1))
        assert "outside the order's life" in aside_of(judge(it, [early], keyring(), needed=2, now=NOW))
        assert "future" in aside_of(judge(it, [late], keyring(), needed=2, now=NOW))

    def test_a_signature_that_is_not_one(self) -> None:
        it = order()
        forged = msgspec.structs.replace(say("ann", it), signature=b"short")
        assert "forged" in aside_of(judge(it, [forged], keyring(), needed=1, now=NOW))


class TestDenied:
    def test_a_replay_is_denied_with_all_its_signatures(self) -> None:
        it = order()
        approvals = [say(name, it) for name in PEOPLE]
        judged = judge(it, approvals, keyring(), needed=2, now=NOW, used={it.digest})
        assert isinstance(judged, Denied)
        assert "replay" in judged.reasons[0]

    def test_an_expired_order(self) -> None:
        it = order()
        judged = judge(it, [say(name, it) for name in PEOPLE], keyring(), needed=2, now=it.expires_at)
        assert isinstance(judged, Denied)
        assert "expired" in judged.reasons[0]

    def test_too_few_can_still_agree(self) -> None:
        it = order()
        rulings = [say("ann", it, Ruling.REJECT), say("bob", it, Ruling.REJECT)]
        judged = judge(it, rulings, keyring(), needed=2, now=NOW)
        assert isinstance(judged, Denied)
        assert "rejected by ann, bob" in judged.reasons[0]

    def test_one_rejection_is_no_veto(self) -> None:
        it = order()
        rulings = [say("ann", it, Ruling.REJECT), say("bob", it), say("cem", it)]
        assert isinstance(judge(it, rulings, keyring(), needed=2, now=NOW), Granted)

    def test_nobody_grants_an_order_that_needs_no_signature(self) -> None:
        with pytest.raises(ValueError, match="at least one"):
            judge(order(), [], keyring(), needed=0, now=NOW)


class TestKeyring:
    def test_it_refuses_a_key_without_its_approver(self) -> None:
        with pytest.raises(InvariantError, match="not an approver"):
            Keyring(approvers=(), keys=(key_of("ann"),))

    def test_it_refuses_the_same_key_for_two_people(self) -> None:
        with pytest.raises(InvariantError, match="twice"):
            keyring(key_of("ann"), msgspec.structs.replace(key_of("ann"), owner="bob"))

    def test_it_refuses_a_key_of_the_wrong_length(self) -> None:
        with pytest.raises(InvariantError, match="32"):
            keyring(key_of("ann", raw=b"short"))


class TestAction:
    def test_only_a_proposal_that_closes_what_is_held_is_a_close(self) -> None:
        closing = msgspec.structs.replace(hedge().packages[0], closes="H00001")
        proposal = Proposal(
            id="1", rule="L-AMM", direction=Direction.HARVEST, packages=(closing,), reason="", reduces_risk=True
        )
        assert action_of(proposal) is Action.CLOSE

    def test_one_that_only_says_so_is_not_believed(self) -> None:
        said = Proposal(
            id="1",
            rule="C-ENTRY",
            direction=Direction.HARVEST,
            packages=hedge().packages,
            reason="",
            reduces_risk=True,
        )
        assert action_of(said) is Action.OPEN

    def test_buying_protection_is_a_hedge(self) -> None:
        assert action_of(hedge()) is Action.HEDGE


class TestOrder:
    def test_every_leg_and_limit_stands_in_the_bytes_people_sign(self) -> None:
        words = order().message.decode()
        assert "VIX   240918C00020000" in words
        assert '"-1.20"' in words
        assert '"quantity":3' in words

    def test_a_naive_lifetime_is_refused(self) -> None:
        with pytest.raises(InvariantError, match="time zone"):
            order_to_sign(
                hedge(),
                policy="",
                journal_head="",
                proposer="desk",
                made_at=NOW.replace(tzinfo=None),
                expires_at=NOW,
            )

    def test_a_lifetime_that_ends_before_it_begins_is_refused(self) -> None:
        with pytest.raises(InvariantError, match="before it is made"):
            order_to_sign(hedge(), policy="", journal_head="", proposer="desk", made_at=NOW, expires_at=NOW)
