"""Where a tested condor can be moved to: every listed strike priced at once, the farthest that is paid for taken."""

from __future__ import annotations

from datetime import date

import msgspec
import numpy as np

from alvh.book.condor import Condor
from alvh.core.arrays import B1, F8
from alvh.execution.fills import FillParameters
from alvh.execution.quotes import executable_condors
from alvh.market.chain import ExpirySlice
from alvh.method.tested.side import Side

__all__ = ["Moved", "inside_wing", "rolled"]

_DUST = 1e-9


class Moved(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A condor that takes the place of another.

    Attributes
    ----------
    strikes : tuple of float
        Long put, short put, short call, long call; points of the root's own index.
    credit : float, points
        Executable at opening.
    break_evens : tuple of float
        Lower and upper, with everything received and paid so far: the old credit, the close and the new credit.
    """

    root: str
    expiry: date
    strikes: tuple[float, float, float, float]
    credit: float
    break_evens: tuple[float, float]


def rolled(
    quotes: ExpirySlice, held: Condor, side: Side, move: float, paid: float, least: float, fills: FillParameters
) -> Moved | None:
    """Find the roll to one expiry with the same widths; None where no strike is paid for.

    Parameters
    ----------
    side : Side
        Tested; it stands at the farthest strike, never nearer than now.
    move : float, points
        Distance of the other side from the forward (C-CENTER).
    paid : float, points
        What closing the held condor costs.
    least : float, points
        Least credit of the new one.
    """
    strikes = quotes.strikes
    puts = strikes[_listed(strikes, strikes - float(held.put_width))]
    calls = strikes[_listed(strikes, strikes + float(held.call_width))]
    if side is Side.CALL:
        tested, other = calls[calls >= held.call_short - _DUST], _nearest(puts, quotes.forward - move)
    else:
        tested, other = puts[puts <= held.put_short + _DUST][::-1], _nearest(calls, quotes.forward + move)
    if other is None or not tested.size:
        return None
    fixed = np.full(tested.size, other)
    put, call = (fixed, tested) if side is Side.CALL else (tested, fixed)
    return _farthest(
        quotes, held, (put - float(held.put_width), put, call, call + float(held.call_width)), paid, least, fills
    )


def inside_wing(
    quotes: ExpirySlice, held: Condor, side: Side, paid: float, least: float, fills: FillParameters
) -> Moved | None:
    """Find the farthest short strike inside the held wing; the three other legs stay where they are."""
    strikes, ends = quotes.strikes, (held.put_long, held.put_short, held.call_short, held.call_long)
    if side is Side.CALL:
        tested = strikes[(strikes > held.call_short + _DUST) & (strikes < held.call_long - _DUST)]
    else:
        tested = strikes[(strikes < held.put_short - _DUST) & (strikes > held.put_long + _DUST)][::-1]
    if not tested.size:
        return None
    columns = [np.full(tested.size, strike) for strike in ends]
    columns[2 if side is Side.CALL else 1] = tested
    return _farthest(quotes, held, (columns[0], columns[1], columns[2], columns[3]), paid, least, fills)


def _farthest(
    quotes: ExpirySlice,
    held: Condor,
    strikes: tuple[F8, F8, F8, F8],
    paid: float,
    least: float,
    fills: FillParameters,
) -> Moved | None:
    """Return the last row that fills, is paid for, and is a condor; rows run from near to far."""
    prices = executable_condors(quotes, *strikes, fills)
    good = np.flatnonzero(prices.ok & (prices.price >= least - _DUST) & (strikes[1] <= strikes[2]))
    if not good.size:
        return None
    row = int(good[-1])
    low, put, call, high = (column[row].item() for column in strikes)
    credit = prices.price[row].item()
    total = float(held.credit) - paid + credit
    return Moved(
        root=quotes.root,
        expiry=quotes.expiry,
        strikes=(low, put, call, high),
        credit=credit,
        break_evens=(max(put - total, low), min(call + total, high)),
    )


def _listed(strikes: F8, wanted: F8) -> B1:
    places = np.minimum(np.searchsorted(strikes, wanted - _DUST), strikes.size - 1)
    found: B1 = np.abs(strikes[places] - wanted) <= _DUST
    return found


def _nearest(strikes: F8, level: float) -> float | None:
    return strikes[np.argmin(np.abs(strikes - level))].item() if strikes.size else None
