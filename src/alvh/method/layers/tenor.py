"""L-TENOR: in which instrument, and how far out, the rest of a rung is held."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from alvh.method.layers.parameters import TenorParameters
from alvh.method.layers.trigger import missing
from alvh.method.rule import Rule
from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.facts import Facts

__all__ = ["Held", "LTenor", "Tenor"]

_RISING, _UNTIL = "S-RATE.rising", "S-FOMC.until"
_BELOW, _CONTAINED = "S-VIXHIST.below_mean", "S-INFL.contained"
_EVIDENCE = (_RISING, _UNTIL, _BELOW, _CONTAINED)


class Held(StrEnum):
    """What the rest of a rung is held in."""

    FUTURES = "futures"
    PUT_SPREADS = "put spreads"
    CALLS = "calls"


class Tenor(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The choice of one day.

    Attributes
    ----------
    low, high : int, calendar days
    near : int, calendar days
        The expiry nearest to this is taken.
    """

    held: Held
    low: int
    high: int
    verdict: Verdict

    @property
    def near(self) -> int:
        """Middle of the window, calendar days."""
        return (self.low + self.high) // 2


class LTenor(Rule):
    """Choose the instrument of what L-STEWARD, L-DELTAS and the floor leave of a rung.

    Events come first: while rate differentials rise (S-RATE) or a meeting of the FOMC lies at most `fomc` sessions
    ahead,
    `event` is bought `event_low` to `event_high` days out: VX futures, or SPX put spreads, which count by their gain in
    the down-shock over the book's loss in it. Otherwise, while VIX is below its mean and inflation is contained, VIX
    calls
    `short_low` to `short_high` days out; otherwise VIX calls `low` to `high` days out. The floor stays in VIX calls
    whatever this rule says.
    """

    id = "L-TENOR"
    title = "Instrument and tenor of the rest"
    seeds = ("001",)
    section = "layers"

    def __init__(self, parameters: TenorParameters) -> None:
        self._enabled = parameters.enabled.value
        self._fomc = parameters.fomc.value
        self._event = Held(parameters.event.value)
        self._far = (parameters.event_low.value, parameters.event_high.value)
        self._short = (parameters.short_low.value, parameters.short_high.value)
        self._usual = (parameters.low.value, parameters.high.value)
        self.put_strikes = (parameters.put_long.value, parameters.put_short.value)
        self._thresholds = {"fomc": self._fomc, "event": self._event.value}

    @property
    def holds_put_spreads(self) -> bool:
        """Whether SPX put spreads may be bought."""
        return self._enabled and self._event is Held.PUT_SPREADS

    def choose(self, facts: Facts) -> Tenor:
        """Choose for one day; evidence that is absent cannot move the choice from the usual window."""
        observed = {name: facts.value(name) for name in _EVIDENCE}
        if not self._enabled:
            return self._chosen(Held.CALLS, self._usual, Outcome.QUIET, "The rule is switched off", observed)
        rising, until, below, contained = observed.values()
        if rising:
            return self._chosen(self._event, self._far, Outcome.FIRED, "Rate differentials rise", observed)
        if until is not None and until <= self._fomc:
            return self._chosen(
                self._event, self._far, Outcome.FIRED, f"The FOMC meets in {until:.0f} sessions", observed
            )
        if below and contained:
            words = "VIX is below its mean and inflation contained"
            return self._chosen(Held.CALLS, self._short, Outcome.FIRED, words, observed)
        reasons = missing(facts, _EVIDENCE)
        if len(reasons) == len(_EVIDENCE):
            words = f"Nothing is known of its evidence ({'; '.join(dict.fromkeys(reasons))})"
            return self._chosen(Held.CALLS, self._usual, Outcome.ABSTAINED, words, observed)
        return self._chosen(Held.CALLS, self._usual, Outcome.QUIET, "No event is near and VIX is not cheap", observed)

    def _chosen(
        self, held: Held, days: tuple[int, int], outcome: Outcome, why: str, observed: dict[str, float | None]
    ) -> Tenor:
        words = f"{why}: the rest is held in {held.value} {days[0]} to {days[1]} days out."
        verdict = self.verdict(outcome, words, observed, self._thresholds)
        return Tenor(held=held, low=days[0], high=days[1], verdict=verdict)
