"""C-SHAPE and C-CENTER: which expiry, where the short strikes stand, how wide the wings are."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from alvh.market.chain import ExpirySlice
from alvh.market.view import View, expiries_between
from alvh.method.condor.parameters import CenterParameters, ShapeParameters
from alvh.method.rule import Rule
from alvh.strategy.decision import Observed


class CShape(Rule):
    """Sell an out-of-the-money put spread and call spread on SPX with one expiry.

    Expiries from `dte_min` to `dte_max` calendar days qualify, monthlies and (by a switch) weeklies; they are tried
    nearest to `dte_target` first, the AM-settled monthly before a PM-settled weekly of the same date. The wings are
    tried at every width of `widths`, a fraction of the forward, on listed strikes.
    """

    id = "C-SHAPE"
    title = "Shape of the condor"
    seeds = ("001",)
    section = "condor"

    def __init__(self, parameters: ShapeParameters) -> None:
        self._low = parameters.dte_min.value
        self._high = parameters.dte_max.value
        self._target = parameters.dte_target.value
        self.roots = ("SPX", "SPXW") if parameters.weeklies.value else ("SPX",)
        self.widths = np.array(parameters.widths.value)

    def expiries(self, view: View, *, mini: bool = False) -> list[tuple[str, date]]:
        """List (root, expiry) pairs of the window in the order they are tried; `mini` asks for XSP."""
        roots = ("XSP",) if mini else self.roots
        first, last = view.session + timedelta(days=self._low), view.session + timedelta(days=self._high)
        aim = view.session + timedelta(days=self._target)
        found: list[tuple[timedelta, int, str, date]] = []
        for place, root in enumerate(roots):
            window = expiries_between(view, root, first, last)
            found += [(abs(expiry - aim), place, root, expiry) for expiry in window]
        found.sort()
        return [(root, expiry) for _, _, root, expiry in found]


class CCenter(Rule):
    """Centre the short strikes on the forward, at k expected moves.

    The expected move is forward x (mean of 30-day implied volatility over 63 sessions) x sqrt(T), with VIX as the
    30-day implied volatility and T in years to the settlement instant. The mean, not today's level, so that a spike
    does not by itself push the strikes out. Without 63 known closes of VIX the rule abstains and nothing is sold.
    """

    id = "C-CENTER"
    title = "Centre and distance of the short strikes"
    seeds = ("000",)
    section = "condor"
    evidence = "S-VIXHIST.mean63"

    def __init__(self, parameters: CenterParameters) -> None:
        self.k = parameters.k.value
        self.thresholds: Observed = {"k": self.k}

    @staticmethod
    def move(quotes: ExpirySlice, mean_vix: float) -> float:
        """One expected move to expiry, points."""
        return quotes.forward * mean_vix / 100.0 * float(np.sqrt(quotes.tau))
