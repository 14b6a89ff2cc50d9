"""How the evidence stands on one day: every regime with its sentence, every signal with its value, rank, age, vote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import numpy as np

from alvh.core.arrays import F8
from alvh.governance.stances import StanceTable
from alvh.method.evidence import EvidenceTable
from alvh.method.parameters import AlvhParameters
from alvh.method.regimes.registry import REGIMES
from alvh.signals.column import SignalColumn
from alvh.signals.registry import SIGNALS
from alvh.signals.signal import Family, Kind, Part, Signal
from alvh.strategy.decision import Observed, Outcome

YEAR, FIVE_YEARS = 252, 1260
_DAY = np.timedelta64(86400, "s")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a signal on one day.

    Attributes
    ----------
    value : float or None
        None where absent; `reason` says why.
    year, five_years : float or None
        Share of the last 252 and 1260 sessions with a lower value, ties half; None for flags, and where fewer than
        half of the sessions have a value.
    age : float or None, calendar days
        Since the newest input behind it became known.
    vote : float or None
        What it says in G-VOTES, in [-1, 1], +1 asks for protection; None where it does not vote or has no say.
    """

    id: str
    signal: str
    family: Family
    kind: Kind
    unit: str
    meaning: str
    value: float | None
    year: float | None
    five_years: float | None
    age: float | None
    vote: float | None
    reason: str


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One regime on one day."""

    id: str
    title: str
    outcome: Outcome
    sentence: str
    parts: Observed


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence of one day.

    Attributes
    ----------
    asof : str
        UTC instant at which it is looked at.
    stances : mapping of family to float
        Families that have one, +1 asks for protection.
    """

    session: date
    asof: str
    regimes: tuple[Judged, ...]
    lines: tuple[Line, ...]
    stances: Mapping[Family, float]

    @property
    def present(self) -> tuple[Line, ...]:
        """Lines that have a value."""
        return tuple(line for line in self.lines if line.value is not None)

    @property
    def absent(self) -> tuple[Line, ...]:
        """Lines that have none."""
        return tuple(line for line in self.lines if line.value is None)


def standing(table: EvidenceTable, stances: StanceTable, numbers: AlvhParameters, place: int = -1) -> Standing:
    """Say how the evidence stands at one snapshot of a table.

    Parameters
    ----------
    stances : StanceTable
        Of the same table.
    place : int
        Snapshot; the last one if left out.
    """
    facts, row = table.facts(place), int(table.place[place])
    said = {voice.id: value for voice, value in zip(stances.voices, stances.said[:, row].tolist(), strict=True)}
    lines = [
        _line(kind, part, table.whole(kind.part_id(part.name)), row, said, table.rows[row])
        for kind in SIGNALS
        for part in kind.parts
    ]
    judged = [_judged(kind, numbers.regimes.of(kind.id), facts) for kind in REGIMES]
    return Standing(
        session=facts.session,
        asof=str(table.rows[row]) + "Z",
        regimes=tuple(judged),
        lines=tuple(lines),
        stances={family: stance.value for family, stance in stances.row(row).items()},
    )


def _judged(kind: Any, numbers: Any, facts: Any) -> Judged:
    verdict = kind(numbers).tell(facts)
    return Judged(
        id=kind.id, title=kind.title, outcome=verdict.outcome, sentence=verdict.sentence, parts=verdict.observed
    )


def _line(
    kind: type[Signal[Any]],
    part: Part,
    column: SignalColumn,
    row: int,
    said: Mapping[str, float],
    now: np.datetime64,
) -> Line:
    present = column.code[row] == 0
    level = part.kind is Kind.LEVEL and present
    vote = said.get(column.id, np.nan)
    known = column.known_at[row]
    return Line(
        id=column.id,
        signal=kind.id,
        family=kind.family_of(part),
        kind=part.kind,
        unit=part.unit,
        meaning=part.meaning,
        value=float(column.value[row]) if present else None,
        year=_rank(column, row, YEAR) if level else None,
        five_years=_rank(column, row, FIVE_YEARS) if level else None,
        age=float((now - known) / _DAY) if present and not np.isnat(known) else None,
        vote=None if np.isnan(vote) else vote,
        reason=column.reasons[column.code[row]],
    )


def _rank(column: SignalColumn, row: int, window: int) -> float | None:
    first = max(0, row - window + 1)
    here = column.code[first : row + 1] == 0
    values: F8 = column.value[first : row + 1][here]
    if values.size < window // 2:
        return None
    last = column.value[row]
    return float((np.sum(values < last) + 0.5 * np.sum(values == last)) / values.size)
