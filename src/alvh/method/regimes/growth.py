"""R-GROWTH: GDP accelerating or not."""

from __future__ import annotations

from alvh.method.regimes.logic import renamed
from alvh.method.regimes.no_numbers import NoNumbers
from alvh.method.regimes.regime import Known, Regime
from alvh.signals.column import SignalColumn
from alvh.signals.signal import flag
from alvh.strategy.decision import Verdict
from alvh.strategy.facts import Facts


class RGrowth(Regime[NoNumbers]):
    """Say whether real GDP accelerates.

    As S-GDP reads it off the vintage known on the day: growth year on year above that of the quarter before. It holds
    until the next release.
    """

    id = "R-GROWTH"
    title = "Growth regime"
    seeds = ("000",)
    inputs = ("S-GDP.accelerating",)
    numbers_of = ("signals.S-GDP",)
    parts = (flag("accelerating", "real GDP grows faster than a quarter before"),)
    headline = "accelerating"

    def compute(self, known: Known) -> tuple[SignalColumn, ...]:
        """Compute every part."""
        return (renamed(self.part_id("accelerating"), known.column("S-GDP.accelerating")),)

    def judge(self, facts: Facts) -> Verdict:
        """Say which it is, with the rate."""
        faster = self.holds(facts, "accelerating")
        growth, step = facts.value("S-GDP.growth"), facts.value("S-GDP.change")
        shown = f": {100 * growth:.1f} % year on year" if growth is not None else ""
        moved = f", {100 * step:+.1f} points on the quarter before" if step is not None else ""
        said = "GDP accelerates" if faster else "GDP does not accelerate"
        return self.said(facts, f"{said}{shown}{moved}.", fired=faster)
