"""What every regime class has: an id of the rulebook, its evidence, its parts, and a docstring that is its page.

A regime is a causal column like a signal: it is computed once for a whole history and handed out by row, and row i uses
only what was known at ``snapshots[i]``. What a regime remembers (hysteresis) it remembers from the rows before. Where
its evidence is absent it is absent with a reason, and what it remembered is forgotten.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from alvh.core.arrays import D8
from alvh.method.rule import Rule
from alvh.signals.column import SeriesLookup, SignalColumn
from alvh.signals.signal import Family, Part
from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.facts import Absent, Fact, Facts

P = TypeVar("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a regime is judged on.

    Attributes
    ----------
    column : callable
        Part of a signal, of another regime, or a column that a strategy gives (``L-SHIFT.carry``), by full id.
    series : callable
        Series by canonical name, derived inputs included.
    snapshots : (n,) datetime64[s] array, UTC, ascending
    first : int
        Row to judge from; those before it are there to look back on, and what is said of them is not used.
    earlier : mapping of part to float
        What the regime itself said on the row before `first`, where there is one.
    """

    column: Callable[[str], SignalColumn]
    series: SeriesLookup
    snapshots: D8
    first: int = 0
    earlier: Mapping[str, float] = field(default_factory=dict)


class Regime(Rule, ABC, Generic[P]):
    """One regime of the rulebook; the subclass's docstring is the page that ``alvh rules ID`` prints.

    Parameters
    ----------
    parameters : P
        The regime's section of the policy.
    """

    section: ClassVar[str] = "regimes"
    inputs: ClassVar[tuple[str, ...]]
    """Full ids of the columns, and names of the series, that it reads."""
    parts: ClassVar[tuple[Part, ...]]
    headline: ClassVar[str]
    """Part that says whether the regime can be judged at all."""

    numbers_of: ClassVar[tuple[str, ...]] = ()
    """Sections of the policy whose numbers it goes by without owning them, for its page."""

    def __init__(self, parameters: P) -> None:
        self.parameters = parameters

    @classmethod
    def part_id(cls, name: str) -> str:
        """Return the full id of a part."""
        return f"{cls.id}.{name}"

    @classmethod
    def part_ids(cls) -> tuple[str, ...]:
        """Return the full ids of all parts, in declared order."""
        return tuple(cls.part_id(part.name) for part in cls.parts)

    @classmethod
    def family_of(cls, part: Part) -> Family:
        """Return the family in which a part votes; most regimes do not vote."""
        return part.family or Family.CONTEXT

    def look_back(self) -> int:
        """Return how many sessions of series before a snapshot its row depends on."""
        return 0

    def rows_back(self) -> int:
        """Return how many rows of columns before its own a row depends on."""
        return 0

    @abstractmethod
    def compute(self, known: Known) -> tuple[SignalColumn, ...]:
        """Compute every part, one column per declared part, in the declared order."""

    @abstractmethod
    def judge(self, facts: Facts) -> Verdict:
        """Say in a sentence what the regime is on one day, given that its headline is present."""

    def tell(self, facts: Facts) -> Verdict:
        """Say in a sentence what the regime is on one day, or why it cannot be said."""
        main = self.fact(facts, self.headline)
        if isinstance(main, Absent):
            return self.verdict(Outcome.ABSTAINED, f"Not known: {main.reason}.", self._observed(facts))
        return self.judge(facts)

    def fact(self, facts: Facts, part: str) -> Fact:
        """Return one part of one day."""
        return facts[self.part_id(part)]

    def value(self, facts: Facts, part: str) -> float | None:
        """Return one part of one day where it is present."""
        return facts.value(self.part_id(part))

    def holds(self, facts: Facts, part: str) -> bool:
        """Whether a flag is present and set."""
        return bool(self.value(facts, part))

    def said(self, facts: Facts, sentence: str, *, fired: bool) -> Verdict:
        """Make the verdict of a day on which the regime is known."""
        return self.verdict(Outcome.FIRED if fired else Outcome.QUIET, sentence, self._observed(facts))

    def _observed(self, facts: Facts) -> dict[str, float | int | str | bool | None]:
        return {part.name: self.value(facts, part.name) for part in self.parts}
