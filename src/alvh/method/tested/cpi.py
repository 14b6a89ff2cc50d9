"""D-CPI: after an inflation surprise the short strike alone moves, inside its wing."""

from __future__ import annotations

from collections.abc import Callable

from alvh.method.layers.trigger import Trigger
from alvh.method.rule import Rule
from alvh.method.tested.parameters import CpiParameters
from alvh.method.tested.side import Side, reason
from alvh.signals.signal import Family
from alvh.strategy.decision import Observed, Outcome
from alvh.strategy.facts import Facts

__all__ = ["DCpi"]

_SURPRISE, _SINCE = "S-INFL.surprise", "S-INFL.since"


class DCpi(Rule):
    """After a CPI or PPI surprise, roll the short call up and leave the long wing where it is.

    On the session that first sees the print: a surprise of at least one standard deviation (S-INFL), VIX up on the day,
    and a stress coverage of at least `coverage` in the down-shock. The new short strike is the farthest listed one
    inside the wing for which the roll costs at most `debit` of the original credit. Four legs are closed and four are
    opened as one package, so the three legs that stay pay their spread too: the price is worse than a dealer's, never
    better. For a tested put the mirror image: VIX down on the day, coverage in the up-shock, the short put down.
    """

    id = "D-CPI"
    title = "Roll the short strike after an inflation surprise"
    seeds = ("004",)
    section = "tested"

    def __init__(self, parameters: CpiParameters) -> None:
        self._coverage = parameters.coverage.value
        self._gap = parameters.gap.value
        self.debit = parameters.debit.value

    def day_before(self, vix: float | None, age: float | None) -> float | None:
        """Return the VIX remembered from the session before; None where it is older than a day before can be."""
        return vix if vix is not None and age is not None and 0 < age <= self._gap else None

    def judge(
        self,
        facts: Facts,
        side: Side,
        vix: float | None,
        before: float | None,
        coverage: Callable[[], float | None],
    ) -> Trigger:
        """Say whether the short strike is rolled.

        Parameters
        ----------
        vix, before : float or None, vol points
            Today and on the session before.
        coverage : callable
            Stress coverage in the shock against the tested side's other end; asked last. None: the condors lose
            nothing in it, so nothing has to be covered.
        """
        surprise, since = facts.value(_SURPRISE), facts.value(_SINCE)
        observed: dict[str, float | int | str | bool | None] = {"side": side.value, _SURPRISE: surprise, _SINCE: since}
        if surprise is None or since is None:
            return self._abstain(reason(facts, _SURPRISE, _SINCE), observed)
        if not surprise or since > 0.0:
            return self._quiet("no inflation surprise was published today", observed)
        if vix is None or before is None:
            return self._abstain("VIX of today or of the session before is not known", observed)
        observed |= {"vix": vix, "vix_before": before}
        if not (vix > before if side is Side.CALL else vix < before):
            return self._quiet(f"VIX went from {before:.2f} to {vix:.2f}", observed)
        covered = coverage()
        observed["stress_coverage"] = covered
        if covered is not None and covered < self._coverage:
            return self._quiet(f"the hedge covers {covered:.0%} of the condors' loss in the shock", observed)
        words = f"An inflation surprise, VIX from {before:.2f} to {vix:.2f}, and the hedge covers enough."
        families = (Family.MACRO.value, Family.VOLATILITY.value, Family.POSITION.value)
        return Trigger(True, families, self.verdict(Outcome.FIRED, words, observed, {"coverage": self._coverage}))

    def _quiet(self, why: str, observed: Observed) -> Trigger:
        words = f"The short strike stays: {why}."
        return Trigger(False, (), self.verdict(Outcome.QUIET, words, observed, {"coverage": self._coverage}))

    def _abstain(self, why: str, observed: Observed) -> Trigger:
        words = f"It cannot be judged: {why}."
        return Trigger(False, (), self.verdict(Outcome.ABSTAINED, words, observed, {"coverage": self._coverage}))
