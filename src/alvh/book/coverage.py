"""How much of the condors' risk the hedge answers for (rulebook section 0).

Coverage is the signed VX notional of the hedge over the maximum loss of the condor book. A long VIX call counts
contracts x 100 x the VX forward of its expiry, a VX future contracts x 1000 x its price, a short one negative. A VIX
call vertical counts contracts x 100 x min(forward, distance of the strikes) with the sign of its lower leg. A VIX
exchange-traded product counts market value x leverage to 30-day VX. VIX puts and SPX options count zero: they enter
stress coverage only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec
import numpy as np

from alvh.book.cents import ZERO
from alvh.book.identity import Remembered
from alvh.book.leg_table import LegTable, contract_code
from alvh.book.linear import linear_quote
from alvh.book.margin import book_totals, max_loss, paid, reserved
from alvh.book.margin_parameters import MarginParameters
from alvh.book.positions import Book, Position, Sleeve
from alvh.book.vx_forward import vx_forward
from alvh.core.arrays import F8, I8
from alvh.core.errors import CoverageError
from alvh.market.contracts import Future, Instrument, Option, Share
from alvh.market.leverage import leverage
from alvh.market.products import product_of
from alvh.market.view import View

__all__ = ["condor_max_loss", "coverage", "hedge_capital", "hedge_notional", "risk_capital", "vx_notional"]

_NO_CAP = float("inf")


@dataclass(frozen=True, slots=True)
class _Term:
    """`usd` x min(forward or price of the instrument, `cap`)."""

    instrument: Instrument
    usd: float
    cap: float


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
    terms = _of_hedge(marks.table)
    on_curve = float(terms.usd @ np.minimum(marks.forward[terms.row], terms.cap))
    return on_curve + sum(_worth(share, view) for share in terms.shares)


def vx_notional(position: Position, view: View) -> float:
    """Return the signed VX notional of one position, USD.

    Raises
    ------
    CoverageError
        Nothing is known of the VX curve, nor of the VIX, at this view.
    """
    return sum(_worth(term, view) for term in _terms(position))


def condor_max_loss(book: Book) -> Decimal:
    """Sum max loss over the condor sleeve, USD; a long wing left behind can lose nothing more and counts zero."""
    total = book_totals(book.positions).condor_loss
    return total if total is not None else _sum_of_losses(book.positions)


def hedge_capital(book: Book, parameters: MarginParameters | None = None) -> Decimal:
    """Return premium paid for open long options plus margin of futures and short spreads of the hedge, USD."""
    total = book_totals(book.positions).hedge_capital
    if total is not None:
        return total
    return sum(
        (reserved(position, parameters, book.marks) or paid(position) for position in book.sleeve(Sleeve.HEDGE)), ZERO
    )


def risk_capital(book: Book, parameters: MarginParameters | None = None) -> Decimal:
    """Return condor max loss plus hedge capital, USD."""
    return condor_max_loss(book) + hedge_capital(book, parameters)


def _worth(term: _Term, view: View) -> float:
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


def _read_terms(position: Position) -> tuple[_Term, ...]:
    calls: dict[tuple[str, date], list[tuple[Option, int]]] = defaultdict(list)
    terms: list[_Term] = []
    for leg in position.legs:
        item = product_of(leg.instrument)
        usd = float(item.multiplier * position.quantity * leg.ratio)
        if isinstance(leg.instrument, Option):
            if item.underlying == "VIX" and not leg.instrument.is_put:
                calls[leg.instrument.root, leg.instrument.expiry].append((leg.instrument, leg.ratio))
        elif isinstance(leg.instrument, Share) or item.underlying == "VIX":
            terms.append(_Term(leg.instrument, usd, _NO_CAP))
    for group in calls.values():
        terms.extend(_call_terms(group, position.quantity))
    return tuple(terms)


def _call_terms(calls: list[tuple[Option, int]], quantity: int) -> list[_Term]:
    """Pair long and short calls from the lowest strike up; what pairs is a vertical, the rest stands alone."""
    longs = _units(calls, sign=1)
    shorts = _units(calls, sign=-1)
    paired = min(len(longs), len(shorts))
    usd = float(product_of(calls[0][0]).multiplier * quantity)
    terms: list[_Term] = []
    for long, short in zip(longs[:paired], shorts[:paired], strict=True):
        sign = 1.0 if long.strike < short.strike else -1.0
        terms.append(_Term(long, sign * usd, abs(short.strike - long.strike)))
    terms.extend(_Term(long, usd, _NO_CAP) for long in longs[paired:])
    terms.extend(_Term(short, -usd, _NO_CAP) for short in shorts[paired:])
    return terms


def _units(calls: list[tuple[Option, int]], *, sign: int) -> list[Option]:
    return sorted(option for option, ratio in calls if ratio * sign > 0 for _ in range(abs(ratio)))


class _Terms(msgspec.Struct, frozen=True):
    """Terms of a hedge: `usd` x min(forward of the contract in `row`, `cap`), and shares, asked one by one."""

    row: I8
    usd: F8
    cap: F8
    shares: tuple[_Term, ...]


def _read_hedge(table: LegTable) -> _Terms:
    held = [position for position in table.positions if position.sleeve is Sleeve.HEDGE]
    terms = [term for of_position in _terms.each(held) for term in of_position]
    on_curve = [term for term in terms if not isinstance(term.instrument, Share)]
    code = np.array([contract_code(term.instrument) for term in on_curve], dtype=np.int64)
    return _Terms(
        table.code.searchsorted(code),
        np.array([term.usd for term in on_curve], dtype=np.float64),
        np.array([term.cap for term in on_curve], dtype=np.float64),
        tuple([term for term in terms if isinstance(term.instrument, Share)]),
    )


def _sum_of_losses(positions: tuple[Position, ...]) -> Decimal:
    condors = (position for position in positions if position.sleeve is Sleeve.CONDOR)
    return sum((max_loss(position) for position in condors if reserved(position)), ZERO)


_terms = Remembered(_read_terms, size=8192)
_of_hedge = Remembered(_read_hedge, size=16)
