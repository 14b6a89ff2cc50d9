"""R-INFL: inflation contained, disinflation confirmed."""

from __future__ import annotations

from alvh.method.regimes.logic import renamed
from alvh.method.regimes.no_numbers import NoNumbers
from alvh.method.regimes.regime import Known, Regime
from alvh.signals.column import SignalColumn
from alvh.signals.signal import flag
from alvh.strategy.decision import Verdict
from alvh.strategy.facts import Absent, Facts


class RInfl(Regime[NoNumbers]):
    """Say whether inflation is contained and whether disinflation is confirmed.

    Both as S-INFL reads them off the last known prints of CPI and PPI; they hold until the next print. Contained: both
    rates are low. Disinflation confirmed: both fell at both of their last two prints.
    """

    id = "R-INFL"
    title = "Inflation regime"
    seeds = ("000", "001")
    inputs = ("S-INFL.contained", "S-INFL.disinflation")
    numbers_of = ("signals.S-INFL",)
    parts = (
        flag("contained", "CPI and PPI are both low"),
        flag("disinflation", "both fell at both of their last two prints"),
    )
    headline = "contained"

    def compute(self, known: Known) -> tuple[SignalColumn, ...]:
        """Compute every part."""
        return tuple(renamed(self.part_id(part.name), known.column(f"S-INFL.{part.name}")) for part in self.parts)

    def judge(self, facts: Facts) -> Verdict:
        """Say which it is, with the rates."""
        contained, falling = self.holds(facts, "contained"), self.fact(facts, "disinflation")
        rates = [
            f"{name} {100 * rate:.1f} %"
            for name, rate in (("CPI", facts.value("S-INFL.cpi")), ("PPI", facts.value("S-INFL.ppi")))
            if rate is not None
        ]
        second = (
            "disinflation is not known"
            if isinstance(falling, Absent)
            else ("disinflation is confirmed" if falling.holds else "disinflation is not confirmed")
        )
        first = "Inflation is contained" if contained else "Inflation is not contained"
        shown = f" ({', '.join(rates)} year on year)" if rates else ""
        return self.said(facts, f"{first}{shown}; {second}.", fired=contained or self.holds(facts, "disinflation"))
