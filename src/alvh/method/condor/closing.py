"""Closing a condor: the legs that can trade, and the long wings nobody bids for."""

from __future__ import annotations

import msgspec

from alvh.book.marks import Marks
from alvh.book.positions import Leg
from alvh.market.chain import QuoteStatus
from alvh.market.contracts import Instrument, Option
from alvh.market.view import View
from alvh.strategy.decision import Package

_ZERO_BID = int(QuoteStatus.ZERO_BID)
_NO_QUOTE = (int(QuoteStatus.ABSENT), int(QuoteStatus.CROSSED))


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """How a condor would be closed today.

    Attributes
    ----------
    package : Package or None
        None when a short leg has no usable quote.
    left : tuple of Leg
        Long wings without a bid; they stay in the book, worth what they are worth, until they expire.
    obstacle : str
        Why there is no package; empty otherwise.
    """

    package: Package | None
    left: tuple[Leg, ...]
    obstacle: str


def closing(place: int, marks: Marks, rule: str) -> Closing:
    """Build the package that closes a condor.

    A long wing with a zero bid cannot be sold, and must not keep the short strikes open: it is left behind. A leg
    without any quote, or with a crossed one, blocks the close for today, and the day says so.

    Parameters
    ----------
    place : int
        Of the position among those of the marks.
    """
    position, table = marks.positions[place], marks.table
    legs = table.leg_contract[table.leg_start[place] : table.leg_start[place + 1]]
    trades: list[Leg] = []
    left: list[Leg] = []
    for leg, code in zip(position.legs, marks.status[legs].tolist(), strict=True):
        if code == _ZERO_BID and leg.ratio > 0:
            left.append(leg)
        elif code in _NO_QUOTE:
            return Closing(package=None, left=(), obstacle=_obstacle(leg.instrument, code, marks.view))
        else:
            trades.append(Leg(instrument=leg.instrument, ratio=-leg.ratio))
    package = Package(
        sleeve=position.sleeve, rule=rule, legs=tuple(trades), quantity=position.quantity, closes=position.id
    )
    return Closing(package=package, left=tuple(left), obstacle="")


def _obstacle(instrument: Instrument, code: int, view: View) -> str:
    if isinstance(instrument, Option) and view.slice(instrument.root, instrument.expiry) is None:
        return f"{instrument.root} {instrument.expiry} is not quoted today"
    return f"the quote of {instrument} is {'absent' if code == QuoteStatus.ABSENT else 'crossed'}"
