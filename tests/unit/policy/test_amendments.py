"""G-AMEND: a policy changes at a date, for a stated number, against the policy it was written for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh.core.errors import PolicyError
from alvh.method.parameters import AlvhParameters
from alvh.policy.amendments import PolicyHistory, history, split
from alvh.policy.compose import compose
from alvh.policy.document import preset

BASE = preset("alvh")
DIGEST = compose(AlvhParameters, BASE).digest
PROPOSED, EFFECTIVE = date(2020, 3, 2), date(2020, 4, 1)


def table(**changed: Any) -> dict[str, Any]:
    made = {
        "parent": DIGEST,
        "proposed": PROPOSED,
        "effective": EFFECTIVE,
        "reason": "coverage came too late in February",
        "trigger": {
            "evidence": "M-TAIL.2020.hedge_share",
            "observed": 0.1,
            "relation": "<",
            "threshold": 0.25,
            "on": date(2020, 2, 28),
        },
        "votes": ["volatility", "price"],
        "changes": {"layers.L-BASE.stable": {"value": 0.15, "basis": "assumed", "note": "after February 2020"}},
    }
    return {**made, **changed}


def amended(*tables: dict[str, Any]) -> PolicyHistory[AlvhParameters]:
    numbers, amendments = split({**BASE, "amendment": list(tables)}, "here")
    return history(AlvhParameters, numbers, amendments)


def stable(found: PolicyHistory[AlvhParameters], session: date) -> float:
    return found.at(session).parameters.layers.base.stable.value


class TestInForce:
    def test_nothing_changes_before_the_date_and_all_of_it_does_from_then_on(self) -> None:
        found = amended(table())
        assert stable(found, EFFECTIVE - timedelta(days=1)) == 0.125
        assert stable(found, EFFECTIVE) == 0.15

    def test_the_policy_in_force_has_its_own_digest(self) -> None:
        found = amended(table())
        assert found.at(PROPOSED).digest == DIGEST
        assert found.at(EFFECTIVE).digest != DIGEST

    def test_a_history_without_amendments_is_its_policy(self) -> None:
        assert amended().digest == DIGEST

    def test_the_effective_date_is_part_of_the_digest(self) -> None:
        assert amended(table()).digest != amended(table(effective=date(2020, 4, 2))).digest

    def test_the_second_amends_the_first(self) -> None:
        first = amended(table())
        second = table(
            parent=first.policies[1].digest,
            proposed=date(2020, 5, 1),
            effective=date(2020, 6, 1),
            changes={"layers.L-BASE.stable": {"value": 0.11, "basis": "assumed"}},
        )
        found = amended(table(), second)
        assert [stable(found, day) for day in (PROPOSED, EFFECTIVE, date(2020, 6, 1))] == [0.125, 0.15, 0.11]

    @given(day=st.dates(date(2000, 1, 1), date(2019, 12, 31)), wait=st.integers(21, 2000), ask=st.integers(-3000, 3000))
    def test_an_amendment_never_acts_before_its_date(self, day: date, wait: int, ask: int) -> None:
        effective = day + timedelta(days=wait)
        trigger = {**table()["trigger"], "on": day}
        found = amended(table(proposed=day, effective=effective, trigger=trigger))
        asked = effective + timedelta(days=ask)
        assert stable(found, asked) == (0.15 if asked >= effective else 0.125)


class TestRefused:
    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"parent": "f" * 64}, "the policy before it is"),
            ({"effective": PROPOSED + timedelta(days=20)}, "may act from 2020-03-23"),
            ({"votes": ["price", "price"]}, "1 families voted"),
            ({"trigger": {**table()["trigger"], "observed": 0.3}}, "was 0.3, not < 0.25"),
            ({"trigger": {**table()["trigger"], "relation": "near"}}, "no relation"),
            ({"trigger": {**table()["trigger"], "on": date(2020, 3, 3)}}, "after it was proposed"),
            ({"changes": {"layers.L-BASE.stabel": {"value": 0.2}}}, "no key"),
            ({"changes": {"layers.L-BASE.stable": {"value": 0.125}}}, "already"),
            ({"changes": {"layers.L-BASE.stable": {"value": 12.5}}}, "lies outside"),
            ({"changes": {"fees.vx": {"value": 0.0}}}, "belongs to the whole run"),
            ({"reasons": "typo"}, "unknown field"),
            ({"trigger": "it felt right"}, "does not fit"),
        ],
    )
    def test_with_its_sentence(self, changed: dict[str, Any], words: str) -> None:
        with pytest.raises(PolicyError, match=words):
            amended(table(**changed))

    def test_two_out_of_order(self) -> None:
        first = amended(table())
        second = table(
            parent=first.policies[1].digest, changes={"layers.L-BASE.stable": {"value": 0.11, "basis": "assumed"}}
        )
        with pytest.raises(PolicyError, match="not after the one before"):
            amended(table(), second)

    def test_one_bracket_instead_of_two(self) -> None:
        with pytest.raises(PolicyError, match="two brackets"):
            split({**BASE, "amendment": table()}, "here")
