"""Laws of the session loop, over generated markets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from alvh.engine.account import entrants
from alvh.engine.loop import run
from alvh.ledger.events import Closed, Opened, Settled
from alvh.method.alvh import Alvh
from alvh.policy.document import leaves, preset
from fakes.market import random_market
from fakes.runs import cut, policy, run_alvh, terms

FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(0, 10_000)
NO_HEDGE = tuple(
    f"{'.'.join(path)}={leaf['value']}"
    for path, leaf in leaves(preset("unhedged"))
    if leaf.get("note") == "no hedge at all"
)


@FEW
@given(SEEDS)
def test_every_invariant_holds_in_every_market(seed: int) -> None:
    made = run_alvh(random_market(seed, 160))
    assert made.checks
    assert [check.sentence for check in made.checks if not check.holds] == []
    assert any(isinstance(event, Opened) for event in made.events)


@FEW
@given(SEEDS)
def test_a_hedge_of_size_zero_is_the_unhedged_run_to_the_cent(seed: int) -> None:
    market = random_market(seed, 130)
    nothing = run_alvh(market, *NO_HEDGE)
    unhedged = run_alvh(market, layers=False)
    assert nothing.equity.equals(unhedged.equity)
    assert nothing.events == unhedged.events


@FEW
@given(SEEDS, st.integers(70, 140))
def test_forgetting_the_future_changes_no_decision(seed: int, sessions: int) -> None:
    market = random_market(seed, 150)
    whole = run_alvh(market)
    part = run_alvh(cut(market, sessions))
    assert part.decisions == whole.decisions[:sessions]
    assert part.equity.equals(whole.equity.head(sessions))


@FEW
@given(SEEDS, st.integers(70, 140))
@example(2, 132)  # Session 132 is a Fourth of July, and a VIX expiry is listed on it.
def test_planting_a_wrong_future_changes_nothing_in_the_past(seed: int, sessions: int) -> None:
    market = random_market(seed, 150)
    wrong = replace(
        market,
        spot=[*market.spot[:sessions], *(3 * level for level in market.spot[sessions:])],
        vix=[*market.vix[:sessions], *(95.0 for _ in market.vix[sessions:])],
    )
    assert run_alvh(wrong).decisions[:sessions] == run_alvh(market).decisions[:sessions]


@FEW
@given(SEEDS)
def test_running_twice_gives_the_same_run(seed: int) -> None:
    market = random_market(seed, 110)
    first, second = run_alvh(market), run_alvh(market)
    assert first.events == second.events
    assert first.decisions == second.decisions
    assert first.equity.equals(second.equity)


@FEW
@given(SEEDS)
def test_the_order_and_number_of_strategies_change_no_result(seed: int) -> None:
    market = random_market(seed, 110)
    chosen = policy()
    hedged, bare = Alvh(chosen), Alvh(chosen, layers=False, name="unhedged")
    together = run(entrants([hedged, bare], terms(chosen)), market)
    turned = run(entrants([bare, hedged], terms(chosen)), market)
    alone = run(entrants([hedged], terms(chosen)), market)
    assert together[0].events == turned[1].events == alone[0].events
    assert together[1].events == turned[0].events


@FEW
@given(SEEDS)
def test_margin_and_losses_stay_inside_the_policys_bounds(seed: int) -> None:
    made = run_alvh(random_market(seed, 160))
    equity = made.equity["equity"].to_numpy()
    assert np.all(made.equity["margin"].to_numpy() <= 0.40 * equity + 1e-6)
    for decision, worth in zip(made.decisions, equity, strict=True):
        for proposal in decision.proposals:
            if proposal.rule == "C-ENTRY":
                legs = proposal.packages[0].legs
                strikes = sorted(leg.instrument.strike for leg in legs)
                width = max(strikes[1] - strikes[0], strikes[3] - strikes[2])
                limit = proposal.packages[0].limit
                assert limit is not None
                # The limit is the least credit accepted, so this is the most that the condor can lose.
                assert (width - float(limit)) * 100 * proposal.packages[0].quantity <= 0.025 * worth


@FEW
@given(SEEDS)
def test_a_day_without_a_proposal_says_why(seed: int) -> None:
    made = run_alvh(random_market(seed, 110))
    for decision in made.decisions:
        assert decision.proposals or decision.reasons
        assert all(reason.strip() for reason in decision.reasons)
        assert decision.verdicts


@FEW
@given(SEEDS)
def test_worse_fills_never_earn_more_on_the_same_trades(seed: int) -> None:
    made = run_alvh(random_market(seed, 130))
    for event in made.events:
        if isinstance(event, Opened | Closed):
            assert event.natural - 1e-9 <= float(event.price) <= event.mid + 1e-9
            assert event.fees >= 0


def test_a_missing_settlement_value_is_said_and_never_invented() -> None:
    from alvh.core.errors import SettlementError

    market = random_market(1, 140, unsettled=True)
    with pytest.raises(SettlementError, match="no settlement value is known"):
        # Without exits everything is held to its expiry.
        run_alvh(market, "condor.C-MANAGE.time_exit=0", "condor.C-MANAGE.profit_target=1", "condor.C-MANAGE.stop=0")


def test_positions_held_to_expiry_settle_once_and_leave_the_book() -> None:
    made = run_alvh(
        random_market(2, 160),
        "condor.C-MANAGE.time_exit=0",
        "condor.C-MANAGE.profit_target=1",
        "condor.C-MANAGE.stop=0",
        "tested.D-MECHANICAL.ratio=2",
    )
    settled = [(event.position, event.symbol) for event in made.events if isinstance(event, Settled)]
    assert settled
    assert len(settled) == len(set(settled))
    assert all(check.holds for check in made.checks)
