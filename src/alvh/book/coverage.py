"""How much of the condors' risk the hedge answers for (rulebook section 0).

Coverage is the signed VX notional of the hedge over the maximum loss of the condor book. A long VIX call counts
contracts x 100 x the VX forward of its expiry, a VX future contracts x 1000 x its price, a short one negative. A VIX
call vertical counts contracts x 100 x min(forward, distance of the strikes) with the sign of its lower leg. A VIX
exchange-traded product counts market value x leverage to 30-day VX. VIX puts and SPX options count zero: they enter
stress coverage only.
"""

from __future__ import annotations

from decimal import Decimal

from alvh.book.cents import ZERO
from alvh.book.linear import linear_quote
from alvh.book.margin import max_loss, paid, reserved
from alvh.book.margin_parameters import MarginParameters
from alvh.book.positions import Book, Position, Sleeve
from alvh.book.totals import book_totals, usd
from alvh.book.vx_forward import vx_forward
from alvh.book.vx_terms import Term, terms_of
from alvh.core.errors import CoverageError
from alvh.market.contracts import Future, Instrument, Option, Share
from alvh.market.leverage import leverage
from alvh.market.view import View

__all__ = ["condor_max_loss", "coverage", "hedge_capital", "hedge_notional", "risk_capital", "vx_notional"]


def coverage(book: Book, view: View) -> float | None:
    """Return signed VX notional of the hedge over condor max loss; None without condors at risk.

    A book marked at this view answers from its marks.
    """
    loss = float(condor_max_loss(book))
    return hedge_notional(book, view) / loss if loss > 0.0 else None


def hedge_notional(book: Book, view: View) -> float:
    """Return the signed VX notional of the hedge sleeve, USD."""
    marks = book.marks
    if marks is None or marks.view is not view or marks.positions is not book.positions:
        return sum(vx_notional(position, view) for position in book.sleeve(Sleeve.HEDGE))
    if marks.hedge.not_plain:
        return sum(vx_notional(position, view) for position in book.sleeve(Sleeve.HEDGE))
    return marks.hedge.vx_notional


def vx_notional(position: Position, view: View) -> float:
    """Return the signed VX notional of one position, USD.

    Raises
    ------
    CoverageError
        Nothing is known of the VX curve, nor of the VIX, at this view.
    """
    return sum(_worth(term, view) for term in terms_of(position))


def condor_max_loss(book: Book) -> Decimal:
    """Sum max loss over the condor sleeve, USD; a long wing left behind can lose nothing more and counts zero."""
    total = book_totals(book.positions).condor_loss
    return total if total is not None else _sum_of_losses(book.positions)


def hedge_capital(book: Book, parameters: MarginParameters | None = None) -> Decimal:
    """Return premium paid for open long options plus margin of futures and short spreads of the hedge, USD."""
    totals = book_totals(book.positions)
    moving = [book.positions[place] for place in totals.moving]
    hedges = [position for position in moving if position.sleeve is Sleeve.HEDGE]
    each = [reserved(position, parameters, book.marks) or paid(position) for position in hedges]
    return sum(each, usd(totals.fixed_hedge_cents))


def risk_capital(book: Book, parameters: MarginParameters | None = None) -> Decimal:
    """Return condor max loss plus hedge capital, USD."""
    return condor_max_loss(book) + hedge_capital(book, parameters)


def _worth(term: Term, view: View) -> float:
    return term.usd * min(_level(term.instrument, view), term.cap)


def _level(instrument: Instrument, view: View) -> float:
    if isinstance(instrument, Option):
        found = vx_forward(instrument.root, instrument.expiry, view)
    elif isinstance(instrument, Future):
        quote = linear_quote(instrument, view)
        found = None if quote is None else 0.5 * (quote.bid + quote.ask)
    else:
        return _share_level(instrument, view)
    if found is None:
        raise _unknown(instrument, view)
    return found


def _share_level(share: Share, view: View) -> float:
    promise, quote = leverage(share.root, view.session), linear_quote(share, view)
    if promise is None or quote is None:
        raise _unknown(share, view)
    return 0.5 * (quote.bid + quote.ask) * promise.to_vx30


def _unknown(instrument: Instrument, view: View) -> CoverageError:
    return CoverageError(
        f"the VX notional of {instrument} needs a price and none is known.",
        where=str(view.session),
        fix="Import the VX curve, VIX closes, or the share's own series.",
    )


def _sum_of_losses(positions: tuple[Position, ...]) -> Decimal:
    condors = (position for position in positions if position.sleeve is Sleeve.CONDOR)
    return sum((max_loss(position) for position in condors if reserved(position)), ZERO)
