"""L-BASE: rung 1 of the hedge, VIX calls beside every condor."""

from __future__ import annotations

from alvh.method.layers.parameters import BaseParameters
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.facts import Absent, Facts, Reading
from alvh.strategy.words import said

EVIDENCE = ("S-REER.stable", "S-PE.stable")
_CALM = "The dollar's real rate and the index P/E are stable, so coverage aims at {:.1%}."
_UNEASY = "The dollar's real rate and the index P/E are not both stable, so coverage aims at {:.1%}."


class LBase(Rule):
    """Hold 10 to 15 % coverage in VIX calls.

    Coverage is the VX notional of the hedge over the maximum loss of the condor book. The target is `stable` while
    the dollar's real effective exchange rate (S-REER) and the index P/E (S-PE) are stable, `unstable` when either is
    unstable or absent, on which the seed is silent. The `floor` goes on as one package with each condor: they fill
    together or not at all, and stays in VIX calls whatever L-TENOR says. What the rung asks for beyond it is bought
    and sold by L-AMM's band.

    The floor's calls are bought `delta` out on the VX forward of their own expiry, which is the one between `dte_min`
    and `dte_max` nearest to `dte_target`. At `sell_dte` days to expiry they are sold and replaced (L-LADDER). A call
    that nobody bids for is kept to expiry.
    """

    id = "L-BASE"
    title = "Rung 1: VIX calls beside every condor"
    seeds = ("001",)
    section = "layers"

    def __init__(self, parameters: BaseParameters) -> None:
        self.floor = parameters.floor.value
        self._stable = parameters.stable.value
        self._unstable = parameters.unstable.value
        self.delta = parameters.delta.value
        self.window = (parameters.dte_min.value, parameters.dte_max.value, parameters.dte_target.value)
        """Nearest and farthest expiry, and the one aimed at, calendar days."""
        self.sell_dte = parameters.sell_dte.value
        self._thresholds = {"floor": self.floor, "stable": self._stable, "unstable": self._unstable}

    @property
    def off(self) -> bool:
        """Whether every target is zero, which is the same as having no layer."""
        return self.floor == self._stable == self._unstable == 0.0

    def families(self, facts: Facts) -> tuple[str, ...]:
        """Return the families whose evidence is present, so that it sets the target."""
        names = (Family.MACRO.value, Family.VALUATION.value)
        return tuple([name for name, fact in zip(names, EVIDENCE, strict=True) if isinstance(facts[fact], Reading)])

    def target(self, facts: Facts) -> tuple[float, Verdict]:
        """Choose the coverage target from the evidence."""
        dollar, prices = facts[EVIDENCE[0]], facts[EVIDENCE[1]]
        calm = isinstance(dollar, Reading) and dollar.holds and isinstance(prices, Reading) and prices.holds
        target = max(self._stable if calm else self._unstable, self.floor)
        observed = {
            EVIDENCE[0]: dollar.value if isinstance(dollar, Reading) else None,
            EVIDENCE[1]: prices.value if isinstance(prices, Reading) else None,
            "target": target,
        }
        missing = [fact.reason for fact in (dollar, prices) if isinstance(fact, Absent)]
        if missing:
            words = said("Evidence is absent ({}), so coverage aims at {:.1%}.", "; ".join(missing), target)
            return target, self.verdict(Outcome.ABSTAINED, words, observed, self._thresholds)
        words = said(_CALM if calm else _UNEASY, target)
        return target, self.verdict(Outcome.FIRED if calm else Outcome.QUIET, words, observed, self._thresholds)
