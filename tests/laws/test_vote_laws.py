"""Laws of the vote: one input moves one family, one family neither passes nor stops a proposal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alvh.core.threshold import Basis, Threshold
from alvh.governance.parameters import CompositeParameters, VoteParameters
from alvh.governance.stances import VOTING, Stance
from alvh.governance.votes import Quorum, Vote, blocked, cast, composite, count
from alvh.signals.signal import Family
from alvh.strategy.decision import Direction


def number(value):
    return Threshold(value=value, unit="", basis=Basis.ASSUMED)


VOTES = VoteParameters(threshold=number(0.2), window=number(252), at_least=number(63))
COMPOSITE = CompositeParameters(low=number(0.4), high=number(0.6))

said = st.floats(-1, 1)
inputs = st.dictionaries(st.sampled_from(VOTING), st.lists(said, min_size=1, max_size=6))
directions = st.sampled_from(Direction)


def stances(heard: dict[Family, list[float]]) -> dict[Family, Stance]:
    return {
        family: Stance(
            family=family, value=sum(values) / len(values), inputs=tuple((str(i), v) for i, v in enumerate(values))
        )
        for family, values in heard.items()
    }


@given(heard=inputs, direction=directions, new=said, data=st.data())
def test_one_input_changes_at_most_one_vote_and_moves_the_composite_by_at_most_a_weight(heard, direction, new, data):
    before = stances(heard)
    if heard:
        family = data.draw(st.sampled_from(sorted(heard)))
        changed = {**heard, family: [new, *heard[family][1:]]}
        after = stances(changed)
        votes = cast(before, direction, (), VOTES), cast(after, direction, (), VOTES)
        assert sum(votes[0][one] is not votes[1][one] for one in heard) <= 1
        weighed = composite(before), composite(after)
        assert abs(weighed[0].value - weighed[1].value) <= weighed[0].weight + 1e-12


@given(heard=inputs, direction=directions, data=st.data())
def test_one_family_alone_never_passes_a_proposal(heard, direction, data):
    loud = data.draw(st.sampled_from(VOTING))
    silent = stances({family: [0.0] for family in heard} | {loud: [float(int(direction))]})
    assert not count(cast(silent, direction, {loud}, VOTES), Quorum(needed=2)).passed


@given(heard=inputs, direction=directions, needed=st.integers(1, 4), data=st.data())
def test_one_family_never_stops_one_that_has_its_votes_from_others(heard, direction, needed, data):
    against = data.draw(st.sampled_from(VOTING))
    others = {family: values for family, values in heard.items() if family is not against}
    passed = count(cast(stances(others), direction, (), VOTES), Quorum(needed=needed)).passed
    with_it = stances(others | {against: [-float(int(direction))]})
    if passed:
        assert count(cast(with_it, direction, (), VOTES), Quorum(needed=needed)).passed
        # A composite that the others alone put beyond its bound blocks by more than one family.
        if 0.4 <= composite(stances(others)).value <= 0.6:
            assert blocked(composite(with_it), direction, COMPOSITE) is None


@given(heard=inputs)
def test_the_composite_stays_in_its_range_and_is_neutral_without_evidence(heard):
    assert 0.0 <= composite(stances(heard)).value <= 1.0
    assert composite({}).value == 0.5


@given(heard=inputs, direction=directions)
def test_turning_every_stance_round_turns_the_votes_and_mirrors_the_composite(heard, direction):
    turned = stances({family: [-value for value in values] for family, values in heard.items()})
    straight = cast(stances(heard), direction, (), VOTES)
    swap = {Vote.FOR: Vote.AGAINST, Vote.AGAINST: Vote.FOR, Vote.ABSTAINS: Vote.ABSTAINS}
    assert cast(turned, direction, (), VOTES) == {family: swap[vote] for family, vote in straight.items()}
    assert abs(composite(turned).value + composite(stances(heard)).value - 1.0) < 1e-12
