"""C-SHAPE and C-CENTER: which expiry, where the short strikes stand, how wide the wings are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

import msgspec
import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled
from alvh.market.chain import ExpirySlice
from alvh.market.view import View
from alvh.method.condor.parameters import CenterParameters, ShapeParameters
from alvh.method.rule import Rule


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
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
        first, last = view.session + timedelta(days=self._low), view.session + timedelta(days=self._high)
        aim = view.session + timedelta(days=self._target)
        found: list[tuple[timedelta, int, str, date]] = []
        for place, root in enumerate(roots):
            listed = view.expiries(root)
            window = listed[bisect_left(listed, first) : bisect_right(listed, last)]
            found.extend((abs(expiry - aim), place, root, expiry) for expiry in window)
        return [(root, expiry) for _, _, root, expiry in sorted(found)]

    def candidates(self, quotes: ExpirySlice, move: float, k: float, band: float) -> Candidates:
        """Build every condor whose short put lies within `band` of `k` expected moves below the forward.

        Parameters
        ----------
        move : float, points
            One expected move to expiry (C-CENTER).
        """
        rows = _candidates(quotes.strikes, quotes.forward, move, k, band, self._widths)
        return Candidates(
            put_long=rows[0], put_short=rows[1], call_short=rows[2], call_long=rows[3], k=rows[4], width=rows[5]
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


@compiled
def nearest(strikes: F8, wanted: float) -> float:
    """Return the listed strike nearest to a wanted level, the lower one on a tie; strikes ascend and are not empty."""
    right = int(np.searchsorted(strikes, wanted))
    right = min(max(right, 1), strikes.size - 1) if strikes.size > 1 else 0
    left = max(right - 1, 0)
    below, above = float(strikes[left]), float(strikes[right])
    return below if wanted - below <= above - wanted else above


@compiled
def _candidates(strikes: F8, forward: float, move: float, k: float, band: float, widths: F8) -> F8:
    """Build candidates; rows are put_long, put_short, call_short, call_long, k, width, one column per condor."""
    low, high = forward - (k + band) * move, forward - (k - band) * move
    first = int(np.searchsorted(strikes, low))
    last = int(np.searchsorted(strikes, high, side="right"))
    found = np.empty((6, max(last - first, 0) * widths.size))
    n = 0
    for place in range(first, last):
        put_short = strikes[place]
        distance = forward - put_short
        call_short = nearest(strikes, forward + distance)
        for width in widths:
            put_long = nearest(strikes, put_short - width * forward)
            call_long = nearest(strikes, call_short + width * forward)
            if put_long < put_short < forward < call_short < call_long:
                found[0, n], found[1, n], found[2, n], found[3, n] = put_long, put_short, call_short, call_long
                found[4, n] = distance / move
                found[5, n] = max(put_short - put_long, call_long - call_short)
                n += 1
    return found[:, :n].copy()
