"""D-CLOSE: the tested spread alone is bought back, the other side is kept."""

from __future__ import annotations

from alvh.method.layers.trigger import Trigger
from alvh.method.rule import Rule
from alvh.method.tested.parameters import CloseParameters
from alvh.method.tested.side import Side, reason
from alvh.signals.signal import Family
from alvh.strategy.decision import Outcome
from alvh.strategy.facts import Facts

__all__ = ["DClose"]

_RSI, _RISK_OFF, _CHANGE = "S-RSI.vx", "S-REER.risk_off", "S-REER.change"
_FAMILIES = (Family.VOLATILITY.value, Family.MACRO.value)


class DClose(Rule):
    """Close the call spread only, and keep the put side, when VX is overbought and the dollar says risk-off.

    RSI of VX above `rsi` and REER risk-off (S-REER). Both at once while a short call is tested is rare: 3 of 771
    call-tested days of 2006 to 2022. The put spread that stays is watched by D-MECHANICAL and leaves at C-MANAGE's time
    exit. For a tested put the mirror image: RSI of VX below 100 - `rsi`, and the dollar fell by `fall` over the span in
    which S-REER measures risk-off; then the put spread is closed and the call side kept.
    """

    id = "D-CLOSE"
    title = "Close the tested spread only"
    seeds = ("004",)
    section = "tested"

    def __init__(self, parameters: CloseParameters) -> None:
        self._rsi = parameters.rsi.value
        self._fall = parameters.fall.value

    def judge(self, facts: Facts, side: Side) -> Trigger:
        """Say whether the tested spread is closed alone."""
        called = side is Side.CALL
        other = _RISK_OFF if called else _CHANGE
        rsi, dollar = facts.value(_RSI), facts.value(other)
        observed = {"side": side.value, _RSI: rsi, other: dollar}
        threshold = {"rsi": self._rsi} if called else {"rsi": 100.0 - self._rsi, "fall": self._fall}
        stretched = None if rsi is None else rsi > self._rsi if called else rsi < 100.0 - self._rsi
        moved = None if dollar is None else dollar != 0.0 if called else dollar <= -self._fall
        if stretched and moved:
            words = f"RSI of VX is {rsi:.0f} and the dollar {'says risk-off' if called else 'falls'}."
            return Trigger(True, _FAMILIES, self.verdict(Outcome.FIRED, words, observed, threshold))
        if stretched is False or moved is False:
            what = f"RSI of VX is {rsi:.0f}" if stretched is False else "the dollar does not agree"
            words = f"Both spreads stay: {what}."
            return Trigger(False, (), self.verdict(Outcome.QUIET, words, observed, threshold))
        words = f"It cannot be judged: {reason(facts, _RSI, other)}."
        return Trigger(False, (), self.verdict(Outcome.ABSTAINED, words, observed, threshold))
