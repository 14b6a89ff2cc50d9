"""L-FOMC: a second tranche over the decision of the FOMC."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

import msgspec

from alvh.method.layers.parameters import FomcLayerParameters
from alvh.method.layers.trigger import missing
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.facts import Facts

__all__ = ["FomcAction", "FomcTranche", "LFomc"]

_UNTIL, _SINCE, _RATE, _VIX = "S-FOMC.until", "S-FOMC.since", "S-FOMC.change_2y", "S-FOMC.change_vix"
_WEEK, _SESSIONS = 7, 5


class FomcAction(StrEnum):
    """What is done with the tranche today."""

    NOTHING = "nothing"
    OPEN = "open"
    ROLL = "roll"
    MONETISE = "monetise"


class FomcTranche(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The answer of one day; `families` hold the trigger of what is done."""

    action: FomcAction
    families: tuple[str, ...]
    verdict: Verdict


class LFomc(Rule):
    """Add `points` of coverage over a decision of the FOMC.

    VIX calls are bought from `before` sessions ahead of the decision on, expiring at least `after` days after it. At
    the first close after it: where VIX rose over the decision, or the 2-year yield moved by more than `move` percentage
    points either way, the tranche is kept and rolled forward; otherwise it is monetised, under R-THETA by L-SHIFT,
    which sells the first expiry's calls against it, else by selling it.
    """

    id = "L-FOMC"
    title = "A tranche over the FOMC"
    seeds = ("000",)
    section = "layers"

    def __init__(self, parameters: FomcLayerParameters) -> None:
        self.points = parameters.points.value
        self._before = parameters.before.value
        self._after = parameters.after.value
        self._move = parameters.move.value
        self._thresholds = {"points": self.points, "before": self._before, "move": self._move}

    def judge(self, facts: Facts, *, held: bool, judged: bool) -> FomcTranche:
        """Say what is done today.

        Parameters
        ----------
        held : bool
            The tranche is open.
        judged : bool
            The last decision's outcome has been judged for this tranche, or the tranche was opened after it.
        """
        until, since = facts.value(_UNTIL), facts.value(_SINCE)
        if held and not judged and since is not None and since <= _SESSIONS:
            return self._after_decision(facts, since)
        observed = {_UNTIL: until}
        if not held and until is None:
            return self._said(FomcAction.NOTHING, Outcome.ABSTAINED, f"{missing(facts, (_UNTIL,))[0]}.", observed)
        if not held and until is not None and 0.0 < until <= self._before and self.points > 0.0:
            words = f"The FOMC decides in {until:.0f} sessions: {self.points:.0%} of coverage is added."
            return self._said(FomcAction.OPEN, Outcome.FIRED, words, observed)
        words = "The tranche is kept over the decision." if held else "No decision of the FOMC is near."
        return self._said(FomcAction.NOTHING, Outcome.QUIET, words, observed)

    def earliest(self, facts: Facts, session: date) -> date:
        """Return the first expiry that is late enough: `after` days beyond the decision."""
        until = facts.value(_UNTIL) or 0.0
        weeks, days = divmod(int(until), _SESSIONS)
        return session + timedelta(days=weeks * _WEEK + days + self._after)

    def _after_decision(self, facts: Facts, since: float) -> FomcTranche:
        vix, rate = facts.value(_VIX), facts.value(_RATE)
        observed = {_SINCE: since, _VIX: vix, _RATE: rate}
        rose, moved = vix is not None and vix > 0.0, rate is not None and abs(rate) > self._move
        if rose or moved:
            why = "VIX rose" if rose else "the 2-year yield moved"
            words = f"After the decision {why}: the tranche is kept and rolled forward."
            return self._said(FomcAction.ROLL, Outcome.FIRED, words, observed)
        if vix is None or rate is None:
            # What is not known yet may be known at the next snapshot; the yield of the day comes in the evening.
            words = f"The outcome of the decision is not known: {'; '.join(missing(facts, (_VIX, _RATE)))}."
            return self._said(FomcAction.NOTHING, Outcome.ABSTAINED, words, observed)
        words = "The decision passed without a move of VIX or of the 2-year yield: the tranche is monetised."
        return self._said(FomcAction.MONETISE, Outcome.FIRED, words, observed)

    def _said(self, action: FomcAction, outcome: Outcome, words: str, observed: dict[str, float | None]) -> FomcTranche:
        families = () if action is FomcAction.NOTHING else (Family.MACRO.value,)
        return FomcTranche(
            action=action, families=families, verdict=self.verdict(outcome, words, observed, self._thresholds)
        )
