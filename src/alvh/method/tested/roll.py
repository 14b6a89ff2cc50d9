"""D-ROLL: when the whole condor is rolled out, and how far."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

from alvh.market.view import View
from alvh.method.layers.trigger import Trigger
from alvh.method.rule import Rule
from alvh.method.tested.parameters import RollParameters
from alvh.method.tested.side import Side, reason
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["DRoll"]

_CHEAP, _MINUTES = "S-PCF.below", "S-FOMC.minutes_stable"


class DRoll(Rule):
    """Roll the whole condor out by one to two weeks, as one package.

    When P/CF of the constituents is below its average and the FOMC minutes were stable; one of the two is enough where
    D-DDM says so. The new expiry lies `out_min` to `out_max` calendar days after the old one, the nearest to
    `out_target` first. Both widths stay. The tested side stands at the farthest strike, never nearer than now, for
    which the package costs at most `debit` of the original credit; the other side stands where C-CENTER puts it. The
    close and the opening fill together or not at all; where they do not fill, the condor is closed on the same session.
    For a tested put the mirror image: P/CF not below its average. L-BETA follows a roll.
    """

    id = "D-ROLL"
    title = "Roll the condor out"
    seeds = ("004",)
    section = "tested"

    def __init__(self, parameters: RollParameters) -> None:
        self._low = parameters.out_min.value
        self._high = parameters.out_max.value
        self._target = parameters.out_target.value
        self.debit = parameters.debit.value

    def judge(self, facts: Facts, side: Side, *, relaxed: bool = False) -> Trigger:
        """Say whether the condor is rolled.

        Parameters
        ----------
        relaxed : bool
            D-DDM holds: one condition is enough.
        """
        below, minutes = facts.value(_CHEAP), facts.value(_MINUTES)
        valued = None if below is None else (below != 0.0) is (side is Side.CALL)
        stable = None if minutes is None else minutes != 0.0
        needed = 1 if relaxed else 2
        held, unknown = (valued, stable).count(True), (valued, stable).count(None)
        observed = {"side": side.value, _CHEAP: below, _MINUTES: minutes}
        threshold = {"needed": needed}
        if held >= needed:
            found = [word for word, holds in (("P/CF", valued), ("FOMC minutes", stable)) if holds]
            words = f"{' and '.join(found)} allow{'s' if len(found) == 1 and valued else ''} a roll."
            families = ((Family.VALUATION.value,) if valued else ()) + ((Family.MACRO.value,) if stable else ())
            return Trigger(True, families, self.verdict(Outcome.FIRED, words, observed, threshold))
        if held + unknown < needed:
            against = [word for word, holds in (("P/CF", valued), ("FOMC minutes", stable)) if holds is False]
            words = f"No roll: {' and '.join(against)} speak{'s' if against == ['P/CF'] else ''} against it."
            return Trigger(False, (), self.verdict(Outcome.QUIET, words, observed, threshold))
        words = f"It cannot be judged: {reason(facts, _CHEAP, _MINUTES)}."
        return Trigger(False, (), self.verdict(Outcome.ABSTAINED, words, observed, threshold))

    def expiries(self, view: View, roots: tuple[str, ...], expiry: date) -> list[tuple[str, date]]:
        """List (root, expiry) pairs one may roll to, in the order they are tried."""
        aim = expiry + timedelta(days=self._target)
        first, last = expiry + timedelta(days=self._low), expiry + timedelta(days=self._high)
        found: list[tuple[timedelta, int, str, date]] = []
        for place, root in enumerate(roots):
            listed = view.expiries(root)
            window = listed[bisect_left(listed, first) : bisect_right(listed, last)]
            found.extend((abs(day - aim), place, root, day) for day in window)
        return [(root, day) for _, _, root, day in sorted(found)]
