"""L-PROTECT: rung 3 of the hedge, when the volatility of the large companies spikes."""

from __future__ import annotations

from alvh.method.layers.parameters import ProtectParameters
from alvh.method.layers.trigger import Trigger, silent
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["LProtect"]

_SPIKE, _Z = "S-CAPVOL.spike", "S-CAPVOL.z"


class LProtect(Rule):
    """Raise the rung to `coverage`, the full hedge, while cap-weighted volatility spikes (S-CAPVOL).

    It needs three votes (G-MULTISIG) and its capital stays under L-CAP. Its contracts are shifted in time by L-SHIFT.
    """

    id = "L-PROTECT"
    title = "Rung 3: the full hedge"
    seeds = ("001",)
    section = "layers"

    def __init__(self, parameters: ProtectParameters) -> None:
        self.coverage = parameters.coverage.value
        self._thresholds = {"coverage": self.coverage}

    def judge(self, facts: Facts) -> Trigger:
        """Say whether the rung is triggered today."""
        spike, z = facts.value(_SPIKE), facts.value(_Z)
        observed = {_SPIKE: spike, _Z: z}
        if not spike:
            return silent(self, facts, (_SPIKE,), observed, self._thresholds, "Cap-weighted volatility does not spike")
        seen = "" if z is None else f" at {z:.1f} standard deviations"
        sentence = f"The rung is {self.coverage:.0%}: cap-weighted volatility spikes{seen}."
        verdict = self.verdict(Outcome.FIRED, sentence, observed, self._thresholds)
        return Trigger(True, (Family.VOLATILITY.value,), verdict)
