"""Closing a condor: the legs that can trade, and the long wings nobody bids for."""

from __future__ import annotations

import msgspec
import numpy as np

from alvh.book.condor import Condor
from alvh.book.positions import Leg, Position
from alvh.market.chain import QuoteStatus
from alvh.market.contracts import Option
from alvh.market.view import View
from alvh.strategy.decision import Package


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


def closing(position: Position, condor: Condor, view: View, rule: str) -> Closing:
    """Build the package that closes a condor.

    A long wing with a zero bid cannot be sold, and must not keep the short strikes open: it is left behind. A leg
    without any quote, or with a crossed one, blocks the close for today, and the day says so.
    """
    quotes = view.slice(condor.root, condor.expiry)
    if quotes is None:
        return Closing(package=None, left=(), obstacle=f"{condor.root} {condor.expiry} is not quoted today")
    options = [leg.instrument for leg in position.legs if isinstance(leg.instrument, Option)]
    strikes = np.array([option.strike for option in options])
    is_put = np.array([option.is_put for option in options])
    status = quotes.quote(strikes, is_put).status
    trades: list[Leg] = []
    left: list[Leg] = []
    for leg, code in zip(position.legs, status.tolist(), strict=True):
        sells = leg.ratio > 0
        if code == QuoteStatus.ZERO_BID and sells:
            left.append(leg)
        elif code in (QuoteStatus.ABSENT, QuoteStatus.CROSSED):
            word = "absent" if code == QuoteStatus.ABSENT else "crossed"
            return Closing(package=None, left=(), obstacle=f"the quote of {leg.instrument} is {word}")
        else:
            trades.append(Leg(instrument=leg.instrument, ratio=-leg.ratio))
    package = Package(
        sleeve=position.sleeve, rule=rule, legs=tuple(trades), quantity=position.quantity, closes=position.id
    )
    return Closing(package=package, left=tuple(left), obstacle="")
