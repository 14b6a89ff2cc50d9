"""Every regime of the registry, without exception: causal, absent with a reason, the same wherever a run begins."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.market.sessions import trading_calendar
from alvh.market.wall_clock import close_instants
from alvh.method.evidence import PARTS, VOICES, EvidenceNumbers, EvidenceTable
from alvh.method.regimes.registry import REGIMES
from alvh.signals.column import SignalColumn
from alvh.signals.signal import Kind
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Absent
from fakes.futures import lies, truncated
from fakes.runs import policy
from fakes.worlds import world

POLICY = policy().parameters
NUMBERS = EvidenceNumbers(signals=POLICY.signals, regimes=POLICY.regimes)
EVERY = pytest.mark.parametrize("kind", REGIMES, ids=lambda kind: kind.id)
CUTS = (300, 1500, 2650)
FIRST = 1300
"""Row at which five years of history begin to be there."""


@cache
def snapshots() -> np.ndarray:
    """Every session when its closes are known, as a history of dates has it."""
    period = world()["SPX"].period
    days = trading_calendar(period[0].item(), period[-1].item()).between(period[0].item(), period[-1].item())
    return close_instants(days)


@cache
def whole() -> EvidenceTable:
    return NUMBERS(world().get, snapshots())


def told(column: SignalColumn, rows: slice = slice(None)) -> list[tuple[float, object] | None]:
    values, codes = column.value[rows].tolist(), column.code[rows].tolist()
    known = column.known_at[rows].astype(object).tolist()
    return [None if code else (value, at) for value, code, at in zip(values, codes, known, strict=True)]


@EVERY
def test_a_regime_hands_out_the_parts_it_declares(kind) -> None:
    for part in kind.parts:
        column = whole()[kind.part_id(part.name)]
        assert column.id == kind.part_id(part.name)
        assert column.value.size == column.code.size == column.known_at.size == snapshots().size
        assert np.isfinite(column.value).all()
        assert (column.value[~column.present] == 0.0).all()
        assert all(column.reasons[code] for code in set(column.code.tolist()) - {0})
        if part.kind is Kind.FLAG:
            assert set(column.value.tolist()) <= {0.0, 1.0}


@EVERY
def test_in_a_world_with_every_input_a_regime_is_now_this_now_that(kind) -> None:
    flags = [whole()[kind.part_id(part.name)] for part in kind.parts if part.kind is Kind.FLAG]
    assert any(set(column.value[column.present].tolist()) == {0.0, 1.0} for column in flags)


@pytest.mark.parametrize("cut", CUTS)
def test_every_regime_is_the_same_whatever_comes_later(cut) -> None:
    instant = snapshots()[cut - 1]
    for lie, lookup in lies(world().get, instant):
        at = snapshots()[:cut] if lie == "truncated" else snapshots()
        other = NUMBERS(lookup, at)
        for kind in REGIMES:
            for identifier in kind.part_ids():
                assert told(other[identifier], slice(cut)) == told(whole()[identifier], slice(cut)), (identifier, lie)


def test_every_part_is_the_same_wherever_a_run_begins_and_whatever_it_skips() -> None:
    at = snapshots()[FIRST::3]
    later = NUMBERS(world().get, at)
    for identifier in PARTS:
        assert told(later[identifier]) == told(whole()[identifier], slice(FIRST, None, 3)), identifier


def test_a_table_that_grew_day_by_day_is_the_table_of_the_whole() -> None:
    at = snapshots()
    table = NUMBERS(truncated(world().get, at[-4]), at[:-3])
    list(table.columns())
    for day in range(-3, 0):
        stop = None if day == -1 else day + 1
        table = table.extended(truncated(world().get, at[day]), at[day:stop])
    for identifier in PARTS:
        assert told(table[identifier]) == told(whole()[identifier]), identifier


@EVERY
def test_without_any_input_a_regime_is_absent_and_says_why(kind) -> None:
    table = NUMBERS(lambda name: None, snapshots()[:30])
    for identifier in kind.part_ids():
        column = table[identifier]
        if column.present.any():
            assert kind.id == "R-EVENT" or identifier.endswith(".present"), identifier
        assert all(column.reasons[code] for code in column.code[~column.present])
    verdict = kind(POLICY.regimes.of(kind.id)).tell(table.facts(5))
    assert verdict.rule == kind.id
    assert (verdict.outcome is Outcome.ABSTAINED) == (kind.id != "R-EVENT")


@EVERY
def test_long_after_its_inputs_ended_a_regime_is_absent(kind) -> None:
    table = NUMBERS(truncated(world().get, snapshots()[1500]), snapshots()[-5:])
    facts = table.facts(-1)
    if kind.id != "R-EVENT":
        assert isinstance(facts[kind.part_id(kind.headline)], Absent)
        assert "days old" in kind(POLICY.regimes.of(kind.id)).tell(facts).sentence or kind.id in {
            "R-STEWARD",
            "R-MOTION",
        }


@EVERY
def test_each_input_may_be_missing(kind) -> None:
    names = sorted({name for name in world() if name in kind.inputs} | {"SPX", "VIX", "VX.CURVE", "VIX3M"})
    for gone in names:
        table = NUMBERS(lambda name, gone=gone: None if name == gone else world().get(name), snapshots()[-40:])
        for identifier in kind.part_ids():
            column = table[identifier]
            assert np.isfinite(column.value).all()
            assert all(column.reasons[code] for code in set(column.code.tolist()) - {0})


@EVERY
def test_every_day_has_its_sentence(kind) -> None:
    regime = kind(POLICY.regimes.of(kind.id))
    for place in range(0, snapshots().size, 53):
        verdict = regime.tell(whole().facts(place))
        assert verdict.sentence.endswith(".")
        assert "nan" not in verdict.sentence


def test_everything_that_votes_has_a_voice_and_stances_are_bounded() -> None:
    assert len({voice.id for voice in VOICES}) == len(VOICES) > 30
    stance, present = whole().stances(POLICY.governance.votes).values()
    assert (np.abs(stance) <= 1.0).all()
    assert present[:, -1].sum() >= 5


def test_a_part_nobody_has_is_named_with_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"R-VOL\.compressed"):
        whole()["R-VOL.nothing"]
    with pytest.raises(UsageError, match="R-THETA"):
        whole()["R-NONE.part"]
    assert "R-VOL.compressed" in whole()
    assert "R-VOL.nothing" not in whole()
