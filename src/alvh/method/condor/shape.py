"""C-SHAPE and C-CENTER: which expiry, where the short strikes stand, how wide the wings are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import F8
from alvh.market.chain import ExpirySlice
from alvh.market.view import View
from alvh.method.condor.parameters import CenterParameters, ShapeParameters
from alvh.method.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Condors on listed strikes of one expiry, one per row.

    Attributes
    ----------
    put_long, put_short, call_short, call_long : (n,) arrays, strikes in points
    k : (n,) array, multiples of the expected move from the forward to the short put
    width : (n,) array, points, the wider of the two wings
    """

    put_long: F8
    put_short: F8
    call_short: F8
    call_long: F8
    k: F8
    width: F8


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
        self._weeklies = parameters.weeklies.value
        self._widths = np.array(parameters.widths.value)

    def expiries(self, view: View, *, mini: bool = False) -> list[tuple[str, date]]:
        """List (root, expiry) pairs of the window in the order they are tried; `mini` asks for XSP."""
        roots = ("XSP",) if mini else ("SPX", "SPXW") if self._weeklies else ("SPX",)
        found = [
            (abs((expiry - view.session).days - self._target), place, root, expiry)
            for place, root in enumerate(roots)
            for expiry in view.expiries(root)
            if self._low <= (expiry - view.session).days <= self._high
        ]
        return [(root, expiry) for _, _, root, expiry in sorted(found)]

    def candidates(self, quotes: ExpirySlice, move: float, k: float, band: float) -> Candidates:
        """Build every condor whose short put lies within `band` of `k` expected moves below the forward.

        Parameters
        ----------
        move : float, points
            One expected move to expiry (C-CENTER).
        """
        strikes, forward = quotes.strikes, quotes.forward
        low, high = forward - (k + band) * move, forward - (k - band) * move
        shorts = strikes[(strikes >= low) & (strikes <= high)]
        distance = np.repeat(forward - shorts, self._widths.size)
        put_short = np.repeat(shorts, self._widths.size)
        width = np.tile(self._widths * forward, shorts.size)
        call_short = nearest(strikes, forward + distance)
        put_long = nearest(strikes, put_short - width)
        call_long = nearest(strikes, call_short + width)
        ordered = (put_long < put_short) & (put_short < forward) & (forward < call_short) & (call_short < call_long)
        wider = np.maximum(put_short - put_long, call_long - call_short)
        return Candidates(
            put_long=put_long[ordered],
            put_short=put_short[ordered],
            call_short=call_short[ordered],
            call_long=call_long[ordered],
            k=distance[ordered] / move,
            width=wider[ordered],
        )


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

    @staticmethod
    def move(quotes: ExpirySlice, mean_vix: float) -> float:
        """One expected move to expiry, points."""
        return quotes.forward * mean_vix / 100.0 * float(np.sqrt(quotes.tau))


def nearest(strikes: F8, wanted: F8) -> F8:
    """Return the listed strike nearest to each wanted level, the lower one on a tie."""
    if strikes.size == 0:
        return np.zeros(0)
    right = np.clip(np.searchsorted(strikes, wanted), 1, max(strikes.size - 1, 1))
    right = np.minimum(right, strikes.size - 1)
    left = np.maximum(right - 1, 0)
    closer_left = wanted - strikes[left] <= strikes[right] - wanted
    found: F8 = np.where(closer_left, strikes[left], strikes[right])
    return found
