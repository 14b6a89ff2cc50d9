"""D-PUTS: whether the put side is managed like the call side."""

from __future__ import annotations

from alvh.method.rule import Rule
from alvh.method.tested.parameters import PutsParameters
from alvh.method.tested.side import Side
from alvh.strategy.decision import Outcome, Verdict

__all__ = ["DPuts"]


class DPuts(Rule):
    """Manage a tested put side by the mirror image of every rule, with mirrored evidence.

    The seeds speak of pressed calls only. With `enabled` off, a tested put is held down to D-MECHANICAL. Each rule's
    page names its mirrored evidence.
    """

    id = "D-PUTS"
    title = "The put side"
    seeds = ()
    section = "tested"

    def __init__(self, parameters: PutsParameters) -> None:
        self._enabled = parameters.enabled.value

    def manages(self, side: Side) -> bool:
        """Whether a side is managed by the tree."""
        return side is Side.CALL or self._enabled

    def judge(self, tested: int) -> Verdict:
        """Say what becomes of tested puts.

        Parameters
        ----------
        tested : int
            Condors whose put side is tested.
        """
        observed, threshold = {"tested": tested}, {"enabled": self._enabled}
        if not tested:
            return self.verdict(Outcome.QUIET, "No short put is tested.", observed, threshold)
        if not self._enabled:
            words = f"{tested} tested on the put side are left to D-MECHANICAL by policy."
            return self.verdict(Outcome.QUIET, words, observed, threshold)
        words = f"{tested} tested on the put side are asked the mirrored questions."
        return self.verdict(Outcome.FIRED, words, observed, threshold)
