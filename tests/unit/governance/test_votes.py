"""G-VOTES, G-MULTISIG and G-COMPOSITE on numbers worked by hand."""

from __future__ import annotations

import pytest

from alvh.core.threshold import Basis, Threshold
from alvh.governance.parameters import CompositeParameters, VoteParameters
from alvh.governance.stances import Stance
from alvh.governance.votes import Quorum, Vote, blocked, cast, composite, count
from alvh.signals.signal import Family
from alvh.strategy.decision import Direction


def number(value):
    return Threshold(value=value, unit="", basis=Basis.ASSUMED)


VOTES = VoteParameters(threshold=number(0.2), window=number(252), at_least=number(63))
COMPOSITE = CompositeParameters(low=number(0.4), high=number(0.6))
PROTECT, HARVEST = Direction.PROTECT, Direction.HARVEST


def stances(**values: float) -> dict[Family, Stance]:
    return {Family(name): Stance(family=Family(name), value=value, inputs=()) for name, value in values.items()}


class TestVote:
    @pytest.mark.parametrize(
        ("value", "direction", "vote"),
        [
            (0.2, PROTECT, Vote.FOR),
            (0.19, PROTECT, Vote.ABSTAINS),
            (-0.2, PROTECT, Vote.AGAINST),
            (0.2, HARVEST, Vote.AGAINST),
            (-0.5, HARVEST, Vote.FOR),
        ],
    )
    def test_the_stance_times_the_direction_decides(self, value: float, direction: Direction, vote: Vote) -> None:
        assert cast(stances(macro=value), direction, (), VOTES) == {Family.MACRO: vote}

    def test_a_family_with_a_satisfied_trigger_votes_for_even_without_a_stance(self) -> None:
        votes = cast(stances(price=-0.9), PROTECT, {Family.PRICE, Family.BREADTH}, VOTES)
        assert votes == {Family.PRICE: Vote.FOR, Family.BREADTH: Vote.FOR}

    def test_an_absent_family_casts_none(self) -> None:
        assert cast({}, PROTECT, (), VOTES) == {}


class TestCount:
    def test_two_for_votes_pass_whatever_the_others_say(self) -> None:
        votes = cast(stances(price=1.0, volatility=0.4, macro=-1.0, breadth=-1.0, valuation=-1.0), PROTECT, (), VOTES)
        tally = count(votes, Quorum(needed=2))
        assert tally.passed
        assert "2 of 2" in tally.sentence

    def test_one_for_vote_does_not(self) -> None:
        tally = count(cast(stances(price=1.0, macro=0.0), PROTECT, (), VOTES), Quorum(needed=2))
        assert not tally.passed
        assert "does not pass" in tally.sentence

    def test_only_those_consulted_count(self) -> None:
        votes = cast(stances(price=1.0, breadth=1.0), PROTECT, (), VOTES)
        asked = Quorum(needed=2, consulted=frozenset({Family.PRICE, Family.VOLATILITY, Family.MACRO}))
        assert not count(votes, asked).passed

    def test_an_action_that_needs_no_votes_passes_without_any(self) -> None:
        assert count({}, Quorum(needed=0)).passed


class TestComposite:
    def test_up_to_three_families_weigh_a_third_each_and_the_missing_are_neutral(self) -> None:
        assert composite(stances(price=1.0)).value == pytest.approx(0.5 + 0.5 / 3)
        assert composite(stances(price=1.0, macro=1.0, breadth=1.0)).value == pytest.approx(1.0)

    def test_more_share_the_weight(self) -> None:
        five = composite(stances(price=1.0, volatility=1.0, breadth=0.0, macro=0.0, valuation=-0.5))
        assert five.weight == pytest.approx(0.2)
        assert five.value == pytest.approx(0.5 + 0.5 * 0.2 * 1.5)

    def test_it_stops_harvest_when_protection_is_asked_for(self) -> None:
        reason = blocked(composite(stances(price=0.9, volatility=0.9, macro=0.9)), HARVEST, COMPOSITE)
        assert reason is not None
        assert "0.95" in reason

    def test_it_stops_protection_when_nothing_asks_for_it(self) -> None:
        assert blocked(composite(stances(price=-0.9, volatility=-0.9, macro=-0.9)), PROTECT, COMPOSITE) is not None

    def test_it_lets_protection_pass_when_protection_is_asked_for(self) -> None:
        assert blocked(composite(stances(price=0.9, volatility=0.9, macro=0.9)), PROTECT, COMPOSITE) is None

    def test_a_block_that_rests_on_one_family_is_none(self) -> None:
        weighed = composite(stances(price=1.0, volatility=0.1, macro=0.0))
        assert weighed.value > 0.6
        assert blocked(weighed, HARVEST, COMPOSITE) is None
