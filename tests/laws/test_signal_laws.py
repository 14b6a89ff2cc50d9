"""Every signal of the registry, without exception: causal, absent with a reason, the same from a cut history."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from alvh.market.sessions import trading_calendar
from alvh.signals.column import SignalColumn
from alvh.signals.inputs import with_derived
from alvh.signals.registry import PARTS, SIGNALS
from alvh.signals.signal import Kind
from alvh.signals.table import SignalTable, compute, recent
from fakes.futures import lies, truncated
from fakes.runs import policy
from fakes.worlds import world

NUMBERS = policy().parameters.signals
CUTS = (40, 700, 1500, 2650)
EVERY = pytest.mark.parametrize("kind", SIGNALS, ids=lambda kind: kind.id)


@cache
def days() -> np.ndarray:
    world_of_days = world()["SPX"].period
    return trading_calendar(world_of_days[0].item(), world_of_days[-1].item()).between(
        world_of_days[0].item(), world_of_days[-1].item()
    )


@cache
def snapshots() -> np.ndarray:
    """A quarter past four in New York, late enough for every close of the day."""
    return days().astype("datetime64[s]") + np.timedelta64(21 * 60 + 15, "m")


def made(kind, lookup, at) -> tuple[SignalColumn, ...]:
    return kind(NUMBERS.of(kind.id)).compute(with_derived(lookup), at)


@cache
def whole(kind) -> tuple[SignalColumn, ...]:
    return made(kind, world().get, snapshots())


def told(column: SignalColumn, rows: slice = slice(None)) -> list[tuple[float, object] | None]:
    """What a decision is told: the value and when it became known, or that there is none.

    The sentence may differ: a market whose series begins tomorrow does not have it, or has it and not yet.
    """
    values, codes = column.value[rows].tolist(), column.code[rows].tolist()
    known = column.known_at[rows].astype(object).tolist()
    return [None if code else (value, at) for value, code, at in zip(values, codes, known, strict=True)]


@EVERY
def test_a_signal_hands_out_the_parts_it_declares(kind) -> None:
    columns = whole(kind)
    assert tuple(column.id for column in columns) == kind.part_ids()
    for column, part in zip(columns, kind.parts, strict=True):
        size = snapshots().size
        assert column.value.size == column.code.size == column.known_at.size == size
        assert np.isfinite(column.value).all()
        assert (column.value[~column.present] == 0).all()
        assert column.reasons[0] == ""
        assert all(column.reasons[code] for code in set(column.code.tolist()) - {0})
        if part.kind is Kind.FLAG:
            assert set(column.value.tolist()) <= {0.0, 1.0}
        assert part.vote in {-1, 0, 1}


@EVERY
def test_a_page_says_what_the_signal_is(kind) -> None:
    assert len(kind.page()) > 80
    assert kind.title
    assert all(part.meaning and part.unit for part in kind.parts)


@EVERY
@pytest.mark.parametrize("cut", CUTS)
def test_a_signal_is_the_same_whatever_comes_later(kind, cut) -> None:
    instant = snapshots()[cut - 1]
    for lie, lookup in lies(world().get, instant):
        at = snapshots()[:cut] if lie == "truncated" else snapshots()
        for column, long in zip(made(kind, lookup, at), whole(kind), strict=True):
            assert told(column, slice(cut)) == told(long, slice(cut)), (column.id, lie)


@EVERY
def test_without_any_input_a_signal_is_absent_and_says_why(kind) -> None:
    for column in made(kind, lambda name: None, snapshots()[:30]):
        if kind.inputs and column.present.any():
            assert column.id in ON_THE_CALENDAR
        assert all(column.reasons[code] for code in column.code[~column.present])


ON_THE_CALENDAR = {"S-FLOW.rebalancing", "S-FLOW.until", "S-FOMC.until", "S-FOMC.since"}
"""Parts that the calendar alone gives, of signals that read series too."""


@EVERY
def test_each_input_may_be_missing(kind) -> None:
    at = snapshots()[-300:]
    for gone in kind.inputs:
        columns = made(kind, lambda name, gone=gone: None if name == gone else world().get(name), at)
        assert tuple(column.id for column in columns) == kind.part_ids()
        for column in columns:
            assert np.isfinite(column.value).all()
            assert all(column.reasons[code] for code in set(column.code.tolist()) - {0})


@EVERY
def test_long_after_its_inputs_ended_a_signal_is_absent(kind) -> None:
    last = snapshots()[1500]
    later = snapshots()[-5:]
    for column in made(kind, truncated(world().get, last), later):
        if kind.inputs and column.present.any():
            assert column.id in ON_THE_CALENDAR


@EVERY
def test_a_series_with_no_rows_is_no_value(kind) -> None:
    for column in made(kind, truncated(world().get, np.datetime64("1980-01-01T00:00:00")), snapshots()[:20]):
        if kind.inputs and column.present.any():
            assert column.id in ON_THE_CALENDAR


@EVERY
def test_a_cut_history_gives_the_very_same_last_rows(kind) -> None:
    signal, tail = kind(NUMBERS.of(kind.id)), snapshots()[-3:]
    reach = signal.look_back()
    if reach is None:
        reach = 10_000
    derived = with_derived(world().get)
    for column, long in zip(signal.compute(recent(derived, tail, reach), tail), whole(kind), strict=True):
        assert told(column) == told(long, slice(-3, None)), column.id


def test_a_table_that_grew_day_by_day_is_the_table_of_the_whole() -> None:
    at = snapshots()
    table = SignalTable(world().get, at[:-3], NUMBERS)
    table.columns()
    for day in range(-3, 0):
        stop = None if day == -1 else day + 1
        known = truncated(world().get, at[:stop][-1])
        table = table.extended(known, at[day:stop])
    for column, long in zip(table.columns(), compute(world().get, at, NUMBERS), strict=True):
        assert told(column) == told(long), column.id


def test_ids_are_unique_and_the_table_hands_out_each() -> None:
    assert len(set(PARTS)) == len(PARTS)
    table = SignalTable(world().get, snapshots()[:5], NUMBERS)
    assert tuple(table[identifier].id for identifier in table.ids) == PARTS
