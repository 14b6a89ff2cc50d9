"""L-EXPAND: rung 2 of the hedge, when a rally looks tired."""

from __future__ import annotations

from alvh.method.layers.parameters import ExpandParameters
from alvh.method.layers.trigger import Trigger, silent
from alvh.method.rule import Rule
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["LExpand"]

_RSI, _DIVERGENCE, _BEARISH = "S-RSI.spx", "S-AD.divergence", "S-RSIDIV.bearish"
_CROSSED, _CHANGE = "S-MACD.vix_crossed_up", "S-AD.change"
_EVIDENCE = (_RSI, _DIVERGENCE, _BEARISH, _CROSSED, _CHANGE)


class LExpand(Rule):
    """Raise the rung to `coverage` when a rally looks tired.

    Any one of these is enough: RSI of SPX above `rsi`; the advance-decline line diverges negatively (S-AD); RSI of SPX
    and of VIX diverge bearishly (S-RSIDIV); MACD of VIX crosses above its signal while the advance-decline line has
    fallen over 20 sessions. Evidence that is absent cannot trigger, and is named; where all of it is, the rule
    abstains.
    """

    id = "L-EXPAND"
    title = "Rung 2: expand when a rally looks tired"
    seeds = ("001", "002")
    section = "layers"

    def __init__(self, parameters: ExpandParameters) -> None:
        self.coverage = parameters.coverage.value
        self._rsi = parameters.rsi.value
        self._thresholds = {"rsi": self._rsi, "coverage": self.coverage}

    def judge(self, facts: Facts) -> Trigger:
        """Say whether the rung is triggered today, and by which families."""
        observed = {name: facts.value(name) for name in _EVIDENCE}
        rsi, divergence, bearish, crossed, change = observed.values()
        words: list[str] = []
        families: list[Family] = []
        if rsi is not None and rsi > self._rsi:
            words.append(f"RSI of SPX is {rsi:.1f}")
            families.append(Family.PRICE)
        if divergence:
            words.append("the advance-decline line diverges from SPX")
            families.append(Family.BREADTH)
        if bearish:
            words.append("RSI of SPX and of VIX diverge bearishly")
            families.append(Family.BREADTH)
        if crossed and change is not None and change < 0.0:
            words.append("MACD of VIX crossed up while the advance-decline line fell")
            families += [Family.VOLATILITY, Family.BREADTH]
        if not words:
            return silent(self, facts, _EVIDENCE, observed, self._thresholds, "No sign of a tired rally")
        sentence = f"The rung is {self.coverage:.0%}: {'; '.join(words)}."
        verdict = self.verdict(Outcome.FIRED, sentence, observed, self._thresholds)
        return Trigger(True, tuple(dict.fromkeys(family.value for family in families)), verdict)
