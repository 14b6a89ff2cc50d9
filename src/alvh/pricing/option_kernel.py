"""One option looked at whole, for rules that weigh contracts one by one: quote, volatility, shock, later value.

The same numbers as `implied.implied_vol`, `scenarios.revalue_spx`, `scenarios.revalue_vix` and `black76.price` give one
after another, in one call of compiled code.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled, inlined
from alvh.market.chain import ExpirySlice, QuoteStatus
from alvh.pricing.implied import VolStatus
from alvh.pricing.kernels import implied_kernel, price_kernel
from alvh.pricing.modelled.together import modelled_row, quote_row
from alvh.pricing.scenarios import LEAST_VOL, LEAST_VX, Shock

__all__ = ["OptionLook", "broken_line", "look_at"]

_OK, _SOLVED = int(QuoteStatus.OK), int(VolStatus.OK)
_NO_ROW = np.zeros(0)
_DAYS, _POINTS = 365.0, 100.0


class OptionLook(NamedTuple):
    """Bid and ask, gain of the mid in the shock, and undiscounted value at a later time, points."""

    bid: float
    ask: float
    gain: float
    later: float


def look_at(
    quotes: ExpirySlice, strike: float, *, is_put: bool, shock: Shock, left: float, forward_later: float, on_vix: bool
) -> OptionLook | None:
    """Look at one option; None where it cannot be traded both ways or has no volatility.

    Parameters
    ----------
    strike : float, points
    left : float, years
        Time to settlement at the later time.
    forward_later : float, points
        Forward then.
    on_vix : bool
        Whether the shock moves it as an option on a VX future, or as one on SPX.
    """
    row, bid, ask = modelled_row(quotes), 0.0, 0.0
    if row is None:
        seen = quotes.quote(np.array([strike]), np.array([is_put]))
        if seen.status[0] != _OK:
            return None
        bid, ask = seen.bid.item(0), seen.ask.item(0)
    days, points = shock.columns
    found = _look(
        _NO_ROW if row is None else row, bid, ask, strike, is_put, quotes.forward, quotes.tau, quotes.discount,
        shock.spot_return, days, points, left, forward_later, on_vix,
    )  # fmt: skip
    return OptionLook(*found[1:]) if found[0] else None


@inlined
def broken_line(days: float, at: F8, values: F8) -> float:
    """Read a broken line, flat outside its ends."""
    last = at.shape[0] - 1
    level: float = values[0]
    if days >= at[last]:
        level = values[last]
    elif days > at[0]:
        j = 0
        while days >= at[j + 1]:
            j += 1
        level = (values[j + 1] - values[j]) / (at[j + 1] - at[j]) * (days - at[j]) + values[j]
    return level


@compiled
def _look(
    row: F8, bid: float, ask: float, strike: float, is_put: bool, forward: float, tau: float, discount: float,
    spot_return: float, days: F8, points: F8, left: float, forward_later: float, on_vix: bool,
) -> tuple[bool, float, float, float, float]:  # fmt: skip
    if row.shape[0]:
        bid, ask, status = quote_row(row, strike, is_put)
        if status != _OK:
            return False, 0.0, 0.0, 0.0, 0.0
    put, solved, vol, out = np.full(1, is_put), np.empty(1, np.int8), np.empty(1), np.empty(1)
    mid, at, level = np.full(1, 0.5 * (bid + ask)), np.full(1, strike), np.full(1, forward)
    years, factor = np.full(1, tau), np.full(1, discount)
    implied_kernel(mid, level, at, years, put, factor, vol, solved, 0, 1)
    if solved[0] != _SOLVED:
        return False, 0.0, 0.0, 0.0, 0.0
    move, seen = broken_line(_DAYS * tau, days, points), vol[0]
    level[0] = max(forward + move, LEAST_VX) if on_vix else forward * (1.0 + spot_return)
    vol[0] = seen if on_vix else max(seen + move / _POINTS, min(seen, LEAST_VOL))
    price_kernel(level, at, years, vol, put, factor, out)
    gain = out[0] - mid[0]
    level[0], years[0], vol[0], factor[0] = forward_later, left, seen, 1.0
    price_kernel(level, at, years, vol, put, factor, out)
    return True, bid, ask, gain, out[0]
