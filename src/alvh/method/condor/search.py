"""The search behind C-ENTRY: every condor of one expiry that C-SHAPE and C-CENTER allow, priced and ranked in one pass.

1. Short puts are listed strikes within the band of C-CENTER's distance below the forward; the short call is the mirror
   image, the wings stand every width of C-SHAPE further out, each on the nearest listed strike.
2. A strike is quoted once, however many condors use it.
3. Each condor is sold at the executable credit of the fill model (`execution.fills`); those that C-CREDIT and C-SIZE
   leave are ranked, and the counts of each step are kept, for they say why there is no trade.
"""

from __future__ import annotations

import msgspec
import numpy as np

from alvh.core.arrays import F8, I1
from alvh.core.compiled import compiled
from alvh.execution.fills import net_price
from alvh.market.chain import ExpirySlice, QuoteStatus
from alvh.pricing.modelled.together import modelled_row, quote_row

__all__ = ["Found", "Wanted", "search"]

_OK, _ABSENT = int(QuoteStatus.OK), int(QuoteStatus.ABSENT)
_UNASKED = -1
_NO_ROW = np.zeros(0)
_RATIO = np.array([1.0, -1.0, -1.0, 1.0])
_TIE = 1e-9


class Wanted(msgspec.Struct, frozen=True, gc=False):
    """What a condor must look like.

    Attributes
    ----------
    move : float, points
        One expected move to expiry (C-CENTER).
    k, band : float, multiples of it
    widths : (w,) array, fractions of the forward
    low, high, target, scale : float, fractions of the wider width (C-CREDIT)
    loss_limit : float, USD per condor
    multiplier : float, USD per point
    share : float
        Fraction of the bid-ask width a package of four legs pays.
    tick : float, points
    """

    move: float
    k: float
    band: float
    widths: F8
    low: float
    high: float
    target: float
    scale: float
    loss_limit: float
    multiplier: float
    share: float
    tick: float


class Found(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How many condors were left after each filter, and the best of them.

    Attributes
    ----------
    best : tuple of float, or None
        Long put, short put, short call, long call, k, wider width and executable credit; None where none is left.
    listed, quoted, inside, affordable : int
        On listed strikes; with four usable quotes; inside the credit band; within the loss limit.
    """

    best: tuple[float, ...] | None
    listed: int
    quoted: int
    inside: int
    affordable: int


def search(quotes: ExpirySlice, wanted: Wanted) -> Found:
    """Search one expiry."""
    strikes = quotes.strikes
    row = modelled_row(quotes)
    prices = np.empty((4, strikes.size))
    codes = np.full((2, strikes.size), _UNASKED, dtype=np.int8)
    if row is None:
        for right, is_put in enumerate((True, False)):
            seen = quotes.quote(strikes, np.full(strikes.size, is_put))
            prices[2 * right], prices[2 * right + 1], codes[right] = seen.bid, seen.ask, seen.status
    best = np.empty(7)
    place, listed, quoted, inside, affordable = _search(
        strikes, quotes.forward, _NO_ROW if row is None else row, prices, codes, wanted.widths, wanted.move, wanted.k,
        wanted.band, wanted.low, wanted.high, wanted.target, wanted.scale, wanted.loss_limit, wanted.multiplier,
        wanted.share, wanted.tick, best,
    )  # fmt: skip
    return Found(
        best=tuple(best.tolist()) if place >= 0 else None,
        listed=listed,
        quoted=quoted,
        inside=inside,
        affordable=affordable,
    )


@compiled
def nearest(strikes: F8, wanted: float) -> int:
    """Return the place of the listed strike nearest to a level, the lower one on a tie; strikes ascend, not empty."""
    right = int(np.searchsorted(strikes, wanted))
    right = min(max(right, 1), strikes.size - 1) if strikes.size > 1 else 0
    left = max(right - 1, 0)
    return left if wanted - strikes[left] <= strikes[right] - wanted else right


@compiled
def _ask(row: F8, strikes: F8, i: int, right: int, prices: F8, codes: I1) -> None:
    if codes[right, i] == _UNASKED:
        prices[2 * right, i], prices[2 * right + 1, i], codes[right, i] = quote_row(row, strikes[i], right == 0)


@compiled
def _search(
    strikes: F8, forward: float, row: F8, prices: F8, codes: I1, widths: F8, move: float, aim: float,
    band: float, low: float, high: float, target: float, scale: float, loss_limit: float, multiplier: float,
    share: float, tick: float, best: F8,
) -> tuple[int, int, int, int, int]:  # fmt: skip
    first = int(np.searchsorted(strikes, forward - (aim + band) * move))
    last = int(np.searchsorted(strikes, forward - (aim - band) * move, side="right"))
    place, listed, quoted, inside, affordable = -1, 0, 0, 0, 0
    least, narrowest = np.inf, np.inf
    bid, ask, status, at = np.empty(4), np.empty(4), np.empty(4, np.int8), np.empty(4, np.int64)
    for short in range(first, last):
        distance = forward - strikes[short]
        mirror = nearest(strikes, forward + distance)
        for width in widths:
            at[0], at[1], at[2] = nearest(strikes, strikes[short] - width * forward), short, mirror
            at[3] = nearest(strikes, strikes[mirror] + width * forward)
            inner = strikes[at[0]] < strikes[short] < forward
            if not (inner and forward < strikes[mirror] < strikes[at[3]]):
                continue
            listed += 1
            for j in range(4):
                right = 0 if j < 2 else 1
                i = at[j]
                _ask(row, strikes, i, right, prices, codes)
                bid[j], ask[j], status[j] = prices[2 * right, i], prices[2 * right + 1, i], codes[right, i]
            natural, mid, price, fillable = net_price(bid, ask, status, _RATIO, share, tick)
            if not fillable:
                continue
            quoted += 1
            wider = max(strikes[short] - strikes[at[0]], strikes[at[3]] - strikes[mirror])
            ratio = price / wider
            if ratio < low or ratio > high:
                continue
            inside += 1
            loss = (wider - price) * multiplier
            if loss <= 0.0 or loss > loss_limit:
                continue
            affordable += 1
            score = abs(ratio - target) / scale
            if band > 0.0:
                score += abs(distance / move - aim) / band
            spread = mid - natural
            # Scores that differ by rounding alone are a tie, which the narrower quoted spread decides.
            if score < least - _TIE or (score < least + _TIE and spread < narrowest):
                place, least, narrowest = short, score, spread
                for j in range(4):
                    best[j] = strikes[at[j]]
                best[4], best[5], best[6] = distance / move, wider, price
    return place, listed, quoted, inside, affordable
