"""A policy that is amended on the way decides by the policy in force, and by nothing else before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alvh.engine.account import entrants
from alvh.engine.loop import run
from alvh.engine.run import Run
from alvh.method.alvh import Alvh
from alvh.method.amended import Amended
from alvh.method.parameters import AlvhParameters
from alvh.policy.amendments import Amendment, PolicyHistory, Trigger, history
from alvh.policy.document import preset
from fakes.market import FlatMarket, random_market
from fakes.runs import policy, run_alvh, terms

MARKET = random_market(3, 140)
EFFECTIVE = MARKET.days[100]


def amended(market: FlatMarket = MARKET) -> PolicyHistory[AlvhParameters]:
    proposed = EFFECTIVE - timedelta(days=30)
    amendment = Amendment(
        parent=policy().digest,
        proposed=proposed,
        effective=EFFECTIVE,
        reason="test",
        trigger=Trigger(evidence="M-X", observed=0.1, relation="<", threshold=0.2, on=proposed),
        votes=("price", "volatility"),
        changes={"condor.C-SIZE.high": {"value": 0.012, "basis": "assumed", "note": "test"}},
    )
    return history(AlvhParameters, preset("alvh"), (amendment,))


def run_amended(market: FlatMarket = MARKET) -> Run:
    return run(entrants([Amended(amended(), Alvh)], terms(policy())), market)[0]


def test_nothing_changes_before_the_date() -> None:
    made, plain = run_amended(), run_alvh(MARKET)
    before = [day for day in made.decisions if day.session < EFFECTIVE]
    assert before == list(plain.decisions[: len(before)])
    assert len(before) == 100


def test_each_decision_records_the_policy_in_force() -> None:
    found = amended()
    assert {(day.session >= EFFECTIVE, day.policy) for day in run_amended().decisions} == {
        (False, found.policies[0].digest),
        (True, found.policies[1].digest),
    }


def test_the_amended_number_decides_from_its_date_on() -> None:
    made, plain = run_amended(), run_alvh(MARKET)
    said = [verdict for day in made.decisions for verdict in day.verdicts if verdict.rule == "C-SIZE"]
    thresholds = [verdict.threshold["high"] for verdict in said if verdict.threshold]
    assert set(thresholds) == {0.02, 0.012}
    assert made.equity["margin"][-1] != pytest.approx(plain.equity["margin"][-1])


def test_it_is_replayed_to_the_same_end_under_a_name_of_its_own() -> None:
    one, two = run_amended(), run_amended()
    assert one.events == two.events
    assert one.policy_digest == amended().digest != policy().digest
