"""L-BUDGET: what the hedge may cost, against the condors' credit and the cost of capital."""

from __future__ import annotations

import math

import msgspec

from alvh.method.layers.parameters import BudgetParameters
from alvh.method.rule import Rule
from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.facts import Facts

__all__ = ["Allowance", "LBudget"]

_CALL_IV, _WACC = "S-VIXHIST.call_iv", "S-WACC.level"
_YEAR = 365.0


class Allowance(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What may be spent on a day's purchase.

    Attributes
    ----------
    most : float, USD a cycle
        Expected cost of the whole hedge; infinite where the rule is off or says nothing.
    spreads : bool
        Call spreads instead of outright calls.
    """

    most: float
    spreads: bool


class LBudget(Rule):
    """Let the hedge cost at most `share` of the condors' credit a cycle, and leave the portfolio its cost of capital.

    Cost and return are expected ones: under unchanged spot, curve and volatility up to the planned exit, spreads
    included. A cycle is `cycle` calendar days, in which the condors earn `earned` of their credit. The hedge may cost
    `share` of the credit, and no more than what leaves a periodic return on risk capital of at least the cost of
    capital (S-WACC, which stands in for M-WACC; absent, only the first limit holds). Where it costs more, strikes
    further out are tried first, down the `deltas`; then the size is cut, never below L-BASE's floor. While VIX calls
    are dearer than on `call_iv` of the days of the past year, spreads of `width` points are bought instead of outright
    calls.
    """

    id = "L-BUDGET"
    title = "What the hedge may cost"
    seeds = ("003", "004")
    section = "layers"

    def __init__(self, parameters: BudgetParameters) -> None:
        self._enabled = parameters.enabled.value
        self._share = parameters.share.value
        self._earned = parameters.earned.value
        self.cycle = parameters.cycle.value
        self.deltas = parameters.deltas.value
        self.width = parameters.width.value
        self._call_iv = parameters.call_iv.value
        self._thresholds = {"share": self._share, "call_iv": self._call_iv}

    def allowance(self, facts: Facts, credit: float, risk_capital: float) -> Allowance:
        """Return what may be spent.

        Parameters
        ----------
        credit : float, USD
            Of the open condors and the one being sold.
        risk_capital : float, USD
        """
        if not self._enabled:
            return Allowance(most=math.inf, spreads=False)
        wacc = facts.value(_WACC)
        most = self._share * credit
        if wacc is not None:
            needed = risk_capital * ((1.0 + wacc) ** (self.cycle / _YEAR) - 1.0)
            most = min(most, self._earned * credit - needed)
        return Allowance(most=max(most, 0.0), spreads=self.dear(facts))

    def dear(self, facts: Facts) -> bool:
        """Whether VIX calls are so dear that spreads are bought; not where it is not known."""
        found = facts.value(_CALL_IV) if self._enabled else None
        return found is not None and found > self._call_iv

    def size(self, wanted: float, unit: float, floor: float, allowance: Allowance) -> float:
        """Return how much notional the budget allows, USD.

        Parameters
        ----------
        wanted, floor : float, USD of notional
            Of the whole hedge.
        unit : float
            Expected cost a cycle of one USD of notional; not positive where holding it earns.
        """
        if unit * wanted <= allowance.most:
            return wanted
        return min(wanted, max(floor, allowance.most / unit))

    def told(self, facts: Facts, allowance: Allowance, cost: float, wanted: float, allowed: float) -> Verdict:
        """Say what the budget did to a purchase.

        Parameters
        ----------
        cost : float, USD a cycle
            Expected, of the hedge as wanted.
        wanted, allowed : float, USD of notional
        """
        observed = {"cost": cost, "most": allowance.most if math.isfinite(allowance.most) else None, "wanted": wanted,
                    "allowed": allowed, _CALL_IV: facts.value(_CALL_IV), _WACC: facts.value(_WACC)}  # fmt: skip
        if not self._enabled:
            return self.verdict(Outcome.QUIET, "The rule is switched off.", observed, self._thresholds)
        bound = allowed < wanted
        words = f"The hedge is expected to cost {cost:,.0f} USD a cycle, {allowance.most:,.0f} USD may be spent"
        if bound:
            words = f"{words}: {allowed:,.0f} of {wanted:,.0f} USD of notional are held"
        if allowance.spreads:
            words = f"{words}; VIX calls are dear, so spreads are bought"
        outcome = Outcome.FIRED if bound or allowance.spreads else Outcome.QUIET
        return self.verdict(outcome, f"{words}.", observed, self._thresholds)
