"""At what price a package fills, from the quotes at decision time and nothing else.

1. A leg that is absent or crossed cannot be traded, nor can a leg be sold without a bid. Then nothing fills.
2. Each leg costs a fraction f of its bid-ask width counted from the near side: buy at bid + f x width, sell at ask -
   f x width. f = 1 is natural (pay the far side), f = 1/2 is mid; model ``legs`` takes f by the number of legs, as
   packages of more legs fill nearer to mid. A leg bought without a bid fills at its ask.
3. `stress` widens the distance from mid: f becomes 1/2 + (f - 1/2) x stress, never beyond the far side.
4. The net price is rounded to the tick against us, and never below natural, which the legs would bring one by one.

`executable`, `executable_condors`, `closing_prices` and `route` price through the same kernel, so the price a
decision sees is the price at which it fills on the same view.

References
----------
.. [1] ORATS backtester documentation: fills at 75, 66, 56 and 53 % of the spread for 1, 2, 3 and 4 legs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec
import numpy as np

from alvh.core.arrays import B1, F8, I1, I8
from alvh.core.compiled import compiled, inlined
from alvh.core.errors import UsageError
from alvh.core.threshold import Threshold, declare
from alvh.market.chain import QuoteStatus

__all__ = ["FillParameters", "NetPrices", "fraction", "net_price", "net_prices"]

_OK = int(QuoteStatus.OK)
_ZERO_BID = int(QuoteStatus.ZERO_BID)
# Prices are decimal numbers of at most four places; a difference below this is rounding of the binary sum.
_DUST = 1e-7
_COARSE, _FINE = 1e4, 1e8


@dataclass(frozen=True, slots=True, kw_only=True)
class FillParameters:
    """Section ``fills`` of the policy."""

    model: Threshold[str] = declare(str, "model", "how packages fill", choices=("natural", "mid", "legs"))
    fractions: Threshold[tuple[float, ...]] = declare(
        tuple,
        "fraction of bid-ask width",
        "paid from the near side by packages of 1, 2, 3, ... legs; the last also for more",
        low=0.5,
        high=1,
    )
    stress: Threshold[float] = declare(
        float, "multiple of the distance from mid", "how much worse than the model fills are", low=1, high=20
    )


class NetPrices(msgspec.Struct, frozen=True, kw_only=True):
    """Net prices of n packages, points per package, positive when received.

    Attributes
    ----------
    natural, mid : (n,) arrays
    price : (n,) array
        What the fill model gives, on the tick; zero, and without meaning, where `ok` is false.
    ok : (n,) array of bool
        Whether the package can be filled at all.
    """

    natural: F8
    mid: F8
    price: F8
    ok: B1


def fraction(parameters: FillParameters, legs: int) -> float:
    """Return the fraction of the bid-ask width that a package of so many legs pays from the near side."""
    model = parameters.model.value
    if model == "mid":
        return 0.5
    if model == "natural":
        return 1.0
    table = parameters.fractions.value
    if not table:
        raise UsageError("fractions is empty and model 'legs' needs at least one.", where="fills.fractions")
    base = table[min(legs, len(table)) - 1]
    return min(1.0, 0.5 + (base - 0.5) * parameters.stress.value)


def net_prices(start: I8, bid: F8, ask: F8, status: I1, ratio: F8, share: F8, tick: F8) -> NetPrices:
    """Price n packages whose legs stand one after another.

    Parameters
    ----------
    start : (n + 1,) array
        Legs of package i are ``start[i]:start[i + 1]``.
    bid, ask : (m,) arrays, points
    status : (m,) array of QuoteStatus codes
    ratio : (m,) array
        Contracts per package, positive bought, negative sold.
    share : (n,) array
        `fraction` of each package.
    tick : (n,) array, points
        Tick of each net price.
    """
    n = share.size
    natural, mid, price, ok = np.empty(n), np.empty(n), np.empty(n), np.empty(n, dtype=np.bool_)
    _net(start, bid, ask, status, ratio, share, tick, natural, mid, price, ok)
    return NetPrices(natural=natural, mid=mid, price=price, ok=ok)


@inlined
def net_price(bid: F8, ask: F8, status: I1, ratio: F8, share: float, tick: float) -> tuple[float, float, float, bool]:
    """Return natural, mid and model price of one package and whether it can be filled; see `NetPrices`."""
    far, middle, near = 0.0, 0.0, 0.0
    fillable = True
    for j in range(bid.shape[0]):
        r, b, a, s = ratio[j], bid[j], ask[j], status[j]
        fillable &= s == _OK or (s == _ZERO_BID and r > 0.0)
        far -= r * (a if r > 0.0 else b)
        middle -= r * 0.5 * (a + b)
        paid = share if s == _OK else 1.0
        near -= r * (b + paid * (a - b) if r > 0.0 else a - paid * (a - b))
    rounded = math.floor((near + _DUST) / tick) * tick
    # Back to the nearest decimal: sums and multiples of ticks are not exact in binary. Adding zero drops its sign.
    natural = round(far * _FINE) / _FINE + 0.0
    mid = round(middle * _FINE) / _FINE + 0.0
    price = round(max(rounded, far) * _COARSE) / _COARSE + 0.0 if fillable else 0.0
    return natural, mid, price, fillable


@compiled
def _net(
    start: I8, bid: F8, ask: F8, status: I1, ratio: F8, share: F8, tick: F8, natural: F8, mid: F8, price: F8, ok: B1
) -> None:
    for i in range(share.shape[0]):
        first, last = start[i], start[i + 1]
        natural[i], mid[i], price[i], ok[i] = net_price(
            bid[first:last], ask[first:last], status[first:last], ratio[first:last], share[i], tick[i]
        )
