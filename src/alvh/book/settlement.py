"""What falls due and what it pays.

A leg is due when its settlement instant is at or before the instant asked about: SPX at the open of expiry morning,
SPXW and XSP at the close, VIX options and VX futures at the open of their settlement day. A value that is missing is
the caller's error to raise; nothing here replaces it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from alvh.book.cents import cents, points
from alvh.book.payoff import intrinsic
from alvh.book.positions import Book, Leg, Position
from alvh.book.totals import book_totals
from alvh.core.errors import UsageError
from alvh.market.contracts import Future, Option
from alvh.market.expirations import settlement_instant
from alvh.market.products import product_of

__all__ = ["InstantOf", "due", "settlement_cash"]

_SLACK = timedelta(days=7)

InstantOf = Callable[[str, date], datetime]
"""Settlement instant, aware UTC, of (root, expiry)."""


def due(book: Book, asof: datetime, instant_of: InstantOf | None = None) -> tuple[tuple[Position, Leg], ...]:
    """List the legs whose settlement instant has come, in the order of the book.

    Parameters
    ----------
    asof : datetime, aware UTC
    instant_of : callable, optional
        Settlement instant of a root and expiry; `market.expirations.settlement_instant` on the exchange calendar
        where absent.
    """
    instant = instant_of or settlement_instant
    found: list[tuple[Position, Leg]] = []
    today = asof.date()
    first = book_totals(book.positions).first_expiry
    if not first or first - today.toordinal() > _SLACK.days:
        return ()
    for position in book.positions:
        expiry = position.expiry
        # An expiry on a closed day settles on the session before it, so a week of slack; most days nothing is due.
        if expiry is None or expiry - today > _SLACK:
            continue
        found.extend((position, leg) for leg in position.legs if _is_due(leg, asof, instant))
    return tuple(found)


def _is_due(leg: Leg, asof: datetime, instant_of: InstantOf) -> bool:
    if not isinstance(leg.instrument, Option | Future):
        return False
    return instant_of(leg.instrument.root, leg.instrument.expiry) <= asof


def settlement_cash(leg: Leg, quantity: int, value: float, *, entry: float | None = None) -> Decimal:
    """Return the cash a leg settles for, positive when received.

    Parameters
    ----------
    quantity : int
        Packages held; the leg's ratio carries the sign.
    value : float, points
        Settlement value: the index for SPX options, the VIX opening quotation for VIX options and VX.
    entry : float, points, optional
        Price at which a future was opened; it settles for the difference.

    Returns
    -------
    Decimal, USD, to the cent

    Raises
    ------
    UsageError
        A future without its entry price, or shares, which do not settle.
    """
    instrument, contracts = leg.instrument, leg.ratio * quantity
    multiplier = product_of(instrument).multiplier
    if isinstance(instrument, Option):
        return cents(intrinsic(instrument, points(value)) * multiplier * contracts)
    if isinstance(instrument, Future) and entry is not None:
        return cents((points(value) - points(entry)) * multiplier * contracts)
    need = "its entry price is not known" if isinstance(instrument, Future) else "shares do not expire"
    raise UsageError(f"it cannot be settled: {need}.", where=str(instrument), fix="Close it with a trade instead.")
