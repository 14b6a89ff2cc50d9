"""Quotes of futures and shares, which have a price but no chain.

The data hold one price a day for them, no bid and ask, so the quote is that price one tick wide and says that it is
modelled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from alvh.market.chain import Origin
from alvh.market.contracts import Future, Share
from alvh.market.products import product_of
from alvh.market.view import View

__all__ = ["LinearQuote", "linear_quote"]

_FINEST = 10_000.0
_DUST = 1e-7


@dataclass(frozen=True, slots=True)
class LinearQuote:
    """Bid and ask of a future or share, points."""

    bid: float
    ask: float
    origin: Origin


def linear_quote(instrument: Future | Share, view: View) -> LinearQuote | None:
    """Quote a future or share at a view; None where its price is not known there.

    VX and VXM stand on the curve, index futures on the forward of the SPX expiry of the same day, shares on their
    own series.
    """
    price = _price(instrument, view)
    if price is None or price <= 0.0:
        return None
    half = 0.5 * float(product_of(instrument).ticks.tick(Decimal(repr(price))))
    # A ledger keeps prices to the ten-thousandth; a finer bid could not be filled without falling below itself.
    bid = math.floor((price - half) * _FINEST + _DUST) / _FINEST
    ask = math.ceil((price + half) * _FINEST - _DUST) / _FINEST
    return LinearQuote(bid=bid, ask=ask, origin=Origin.MODELLED)


def _price(instrument: Future | Share, view: View) -> float | None:
    if isinstance(instrument, Share):
        seen = view.latest(instrument.root)
        return None if seen is None else seen.value
    if product_of(instrument).underlying == "VIX":
        return None if view.curve is None else view.curve.forward(instrument.expiry)
    quotes = view.slice("SPX", instrument.expiry)
    return None if quotes is None else quotes.forward
