"""From a model price and a half-spread to a bid and an ask on the exchange's ticks.

Both are rounded away from the price, so the price always lies between them. Rounding outwards adds half a tick to a
half-spread on average; that much is taken off first, so that the mean width stays the fitted one (rounding the fitted
half-spread itself outwards made the widths of April to June 2019 a quarter to a third too wide).
"""

from __future__ import annotations

import math

from alvh.core.compiled import inlined
from alvh.market.contracts import TickRule

__all__ = ["round_out", "ticks_per_point"]

# A price that is a whole number of ticks up to rounding error stays where it is.
_SLACK = 1e-9


def ticks_per_point(rule: TickRule) -> tuple[float, float, float]:
    """Return ticks per point below the boundary, the boundary in points, and ticks per point from it on.

    Whole numbers of ticks over a whole number per point are the decimal prices to the last bit.
    """
    return float(1 / rule.below), float(rule.boundary), float(1 / rule.above)


@inlined
def round_out(mid: float, half: float, fine: float, boundary: float, coarse: float) -> tuple[float, float]:
    """Return bid and ask around a mid, at least a tick apart; a bid under one tick is zero."""
    per = fine if mid < boundary else coarse
    inner = max(half - 0.5 / per, 0.0)
    low = max(mid - inner, 0.0)
    high = mid + inner
    per_low = fine if low < boundary else coarse
    per_high = fine if high <= boundary else coarse
    bid = math.floor(low * per_low + _SLACK) / per_low
    ask = math.ceil(high * per_high - _SLACK) / per_high
    return bid, ask if ask > bid else math.floor(bid * per + 1.5) / per
