"""C-ALLOC: how much of equity the condors may tie up, learnt from completed cycles."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import msgspec

from alvh.method.condor.parameters import AllocationParameters
from alvh.method.rule import Rule
from alvh.strategy.decision import Memory, Outcome, Verdict
from alvh.strategy.words import Said, said

TARGET = "C-ALLOC.target"
OPEN, BREACHED = "C-ALLOC.open", "C-ALLOC.breached"


class Allocation(msgspec.Struct, frozen=True, kw_only=True):
    """State of C-ALLOC after one session.

    Attributes
    ----------
    target : float, fraction of equity
    open_cycles, breached_cycles : tuple of str
        Expiry months (``2019-06``) that hold or held condors and are not completed yet.
    """

    target: float
    open_cycles: tuple[str, ...]
    breached_cycles: tuple[str, ...]


@lru_cache(maxsize=4096)
def _cycle(expiry: int) -> str:
    return f"{date.fromordinal(expiry):%Y-%m}"


class CAlloc(Rule):
    """Keep the margin of all condors between 20 and 40 % of equity, earned step by step.

    The target starts at `start` and grows by `step` for each completed cycle without a breach, up to `ceiling`. A
    breach, a snapshot beyond a short strike of an open condor, takes one step back, at most once a cycle, never below
    `start`. A cycle is an expiry month: it is completed when condors of that month were held, all are closed, and
    C-SHAPE's window has moved past it. Margin here is the wider wing x 100 x contracts. It is a target, not a floor.
    """

    id = "C-ALLOC"
    title = "Margin of all condors"
    seeds = ("001",)
    section = "condor"

    def __init__(self, parameters: AllocationParameters, *, dte_min: int) -> None:
        self._start = parameters.start.value
        self.ceiling = parameters.ceiling.value
        self._step = parameters.step.value
        self._dte_min = dte_min
        self._thresholds = {"start": self._start, "ceiling": self.ceiling, "step": self._step}

    def advance(
        self, memory: Memory, condors: Iterable[tuple[float, float]], session: date
    ) -> tuple[Allocation, Verdict]:
        """Move the target by what happened since the last decision.

        Parameters
        ----------
        condors : iterable of (expiry, ratio)
            Open condors: ordinal of the day of expiry, and the larger of the two test ratios.
        """
        target = memory.entries.get(TARGET, self._start)
        known = dict.fromkeys(memory.sets.get(OPEN, ()))
        breached = dict.fromkeys(memory.sets.get(BREACHED, ()))
        held: dict[str, bool] = {}
        for expiry, ratio in condors:
            cycle = _cycle(int(expiry))
            held[cycle] = ratio > 0.0 or held.get(cycle, False)
        sentences: list[str] = []
        for cycle, is_breached in held.items():
            if is_breached and cycle not in breached:
                breached[cycle] = None
                target = max(self._start, target - self._step)
                sentences.append(f"cycle {cycle} was breached, the target falls to {target:.1%}")
        completed = [cycle for cycle in known if cycle not in held and self._past(cycle, session)]
        for cycle in completed:
            if cycle not in breached:
                target = min(self.ceiling, target + self._step)
                sentences.append(f"cycle {cycle} ended without breach, the target rises to {target:.1%}")
            breached.pop(cycle, None)
        still_open = tuple(sorted((set(known) | set(held)) - set(completed)))
        allocation = Allocation(target=target, open_cycles=still_open, breached_cycles=tuple(sorted(breached)))
        words: str | Said = said("The margin target stays at {:.1%} of equity.", target)
        if sentences:
            sentence = "; ".join(sentences)
            words = f"{sentence[0].upper()}{sentence[1:]}."
        verdict = self.verdict(
            Outcome.FIRED if sentences else Outcome.QUIET,
            words,
            {"target": target, "open_cycles": ", ".join(still_open)},
            self._thresholds,
        )
        return allocation, verdict

    def _past(self, cycle: str, session: date) -> bool:
        year, month = int(cycle[:4]), int(cycle[5:])
        last = date(year, month, monthrange(year, month)[1])
        return (last - session).days < self._dte_min
