"""L-LADDER: which rung holds, how long it is kept, and what is taken out of a spike."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from alvh.method.layers.parameters import LadderParameters
from alvh.method.layers.trigger import Trigger, missing
from alvh.method.rule import Rule
from alvh.strategy.decision import Observed, Outcome, Verdict
from alvh.strategy.facts import Facts
from alvh.strategy.words import said

__all__ = ["LLadder", "Rung", "Spike"]

_SEEN, _EXPAND, _PROTECT, _SPIKING = "L-LADDER.seen", "L-LADDER.expand", "L-LADDER.protect", "L-LADDER.spiking"
_MEAN, _STEWARD = "S-VIXHIST.mean20", "R-STEWARD.steward"
_RUNG = "The rung is {}'s, {:.1%}."
_KEPT = "The rung is {}'s, {:.1%}, kept although only {:.1%} is triggered today."
BASE, EXPAND, PROTECT = "L-BASE", "L-EXPAND", "L-PROTECT"


class Rung(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The rung of one day.

    Attributes
    ----------
    rule : str
        Rule that owns the rung held.
    held : float, coverage
        Highest rung triggered today or within the sessions it is kept.
    today : float, coverage
        Highest rung triggered today.
    families : tuple of str
        Families that trigger the rung held, today.
    entries : mapping of str to float
        To be remembered.
    """

    rule: str
    held: float
    today: float
    families: tuple[str, ...]
    verdict: Verdict
    entries: Mapping[str, float]


class Spike(msgspec.Struct, frozen=True, gc=False):
    """Whether a spike of VIX is to be monetised today."""

    monetise: bool
    verdict: Verdict | None
    entries: Mapping[str, float]


class LLadder(Rule):
    """Hold the highest rung triggered, and let it go slowly.

    L-BASE, L-EXPAND and L-PROTECT are rungs: the target coverage is the highest one triggered, not their sum. A rung
    that is no longer triggered is kept for `quiet` sessions and then left at L-AMM's pace, which trades only to the
    edge of its band. L-STEWARD and L-DELTAS say how part of a rung is held; L-FOMC and L-CALLSPREAD alone add to it.

    Options are sold at L-BASE's `sell_dte` days to expiry, whichever layer bought them, and the rung buys again.

    After a spike, VIX at `spike` x its 20-session mean or more (`spike_steward` in steward regimes, whose spikes are
    said to be short), `share` of each position's gain is taken by selling that share of its contracts, once a spike;
    the spike is over when VIX is back at its mean. What the sale leaves below the rung is bought again by the rungs, at
    the strikes of the day and within their limits.
    """

    id = "L-LADDER"
    title = "The highest rung triggered, and the end of a spike"
    seeds = ("000", "001")
    section = "layers"

    def __init__(self, parameters: LadderParameters) -> None:
        self._quiet = parameters.quiet.value
        self._spike = parameters.spike.value
        self._steward = parameters.spike_steward.value
        self.share = parameters.share.value
        self._thresholds: Observed = {"quiet": self._quiet}

    def rung(
        self,
        base: float,
        expand: Trigger,
        protect: Trigger,
        levels: tuple[float, float],
        memory: Mapping[str, float],
        day: int,
    ) -> Rung:
        """Choose the rung.

        Parameters
        ----------
        base : float, coverage
            What L-BASE aims at.
        levels : tuple of float, coverage
            Of L-EXPAND and L-PROTECT.
        day : int
            Ordinal of the session, so that several snapshots of one session count once.
        """
        later = memory.get(_SEEN) != float(day)
        entries = {_SEEN: float(day)}
        rule, held, today = BASE, base, base
        families: tuple[str, ...] = ()
        for name, key, level, trigger in (
            (EXPAND, _EXPAND, levels[0], expand),
            (PROTECT, _PROTECT, levels[1], protect),
        ):
            quiet = 0.0 if trigger.holds else memory.get(key, float(self._quiet)) + later
            if quiet >= self._quiet or level <= 0.0:
                continue
            entries[key] = quiet
            today = max(today, level) if trigger.holds else today
            if level > held:
                rule, held, families = name, level, trigger.families
        return Rung(
            rule=rule, held=held, today=today, families=families, verdict=self._said(rule, held, today), entries=entries
        )

    def _said(self, rule: str, held: float, today: float) -> Verdict:
        observed: Observed = {"rung": rule, "held": held, "today": today}
        outcome = Outcome.QUIET if rule == BASE else Outcome.FIRED
        words = said(_KEPT if held > today else _RUNG, rule, held, today)
        return self.verdict(outcome, words, observed, self._thresholds)

    def spike(self, facts: Facts, vix: float | None, memory: Mapping[str, float]) -> Spike:
        """Say whether a spike is to be monetised: VIX is at one and this one has not been."""
        mean = facts.value(_MEAN)
        done = _SPIKING in memory
        if mean is None or vix is None:
            return self._unknown(facts, vix, done=done)
        multiple = vix / mean
        limit = self._steward if facts.value(_STEWARD) else self._spike
        if done:
            return Spike(False, None, {_SPIKING: 1.0} if multiple > 1.0 else {})
        if multiple < limit or self.share <= 0.0:
            return Spike(False, None, {})
        observed: Observed = {"vix": vix, "mean20": mean, "multiple": multiple}
        threshold: Observed = {"spike": limit, "share": self.share}
        sentence = (
            f"VIX of {vix:.2f} is {multiple:.2f} times its 20-session mean: {self.share:.0%} of the gain is taken."
        )
        return Spike(True, self.verdict(Outcome.FIRED, sentence, observed, threshold), {_SPIKING: 1.0})

    def _unknown(self, facts: Facts, vix: float | None, *, done: bool) -> Spike:
        why = "no VIX is known" if vix is None else "; ".join(missing(facts, (_MEAN,)))
        verdict = self.verdict(Outcome.ABSTAINED, f"Whether VIX spikes is not known: {why}.")
        return Spike(False, verdict, {_SPIKING: 1.0} if done else {})
