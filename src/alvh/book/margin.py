"""Reg-T, strategy-based margin of what we hold.

A package that contains short options reserves cash: the width of a spread, the wider width of a condor, once. What
it received stays in cash, so buying power falls by requirement - credit. A package that was paid in full reserves
nothing more: its requirement is the premium that has left the account already.

Uncovered shorts need a market: premium + max(rate x reference - out-of-the-money amount, floor x X), where the
reference is the index level for SPX and the VX forward of the same expiry for VIX options, X the reference for calls
and the strike for puts. An uncovered short put and an uncovered short call make a strangle: the larger requirement
plus the other side's premium. Options on different settlement values never cover each other, and VIX options give no
relief to SPX shorts.

Invariant: the requirement of a package whose loss is bounded is never below its worst loss at settlement.

References
----------
.. [1] Cboe Rule 10.3 and Cboe Margin Manual: strategy-based requirements for cash-settled index options.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

from alvh.book.cents import ZERO, cents, points
from alvh.book.margin_parameters import MarginParameters
from alvh.book.pairing import least_pairings
from alvh.book.positions import Book, Leg, Position
from alvh.book.reserve import bounded_loss, fixed_reserve, option_groups, paid, premium
from alvh.book.totals import book_totals, usd
from alvh.core.errors import UsageError
from alvh.market.contracts import Future, Instrument, Option, Share
from alvh.market.products import product_of

if TYPE_CHECKING:
    from alvh.book.marks import ContractMark, Marks

__all__ = [
    "available",
    "book_margin",
    "book_reserved",
    "buying_power_effect",
    "condor_margin",
    "future_requirement",
    "max_loss",
    "paid",
    "requirement",
    "reserved",
    "uncovered",
]


def requirement(position: Position, parameters: MarginParameters | None = None, marks: Marks | None = None) -> Decimal:
    """Return the requirement of a position, gross of what it received.

    Parameters
    ----------
    parameters, marks : optional
        Needed for uncovered shorts, futures and shares only; without `parameters` a long-dated option is required in
        full.

    Returns
    -------
    Decimal, USD
        Cash reserved for its shorts; for a position that was paid in full, what it cost.

    Raises
    ------
    UsageError
        The position needs parameters or a mark that were not given.
    """
    held = reserved(position, parameters, marks)
    return held if held else _of_paid(position, parameters)


def reserved(position: Position, parameters: MarginParameters | None = None, marks: Marks | None = None) -> Decimal:
    """Return the cash a position reserves beyond what it paid: zero for packages that were paid in full, USD."""
    fixed = fixed_reserve(position)
    return fixed if fixed is not None else _moving(position, parameters, marks)


def buying_power_effect(
    position: Position, parameters: MarginParameters | None = None, marks: Marks | None = None
) -> Decimal:
    """Return by how much opening the position reduced buying power: reserved - credit, USD, fees apart."""
    return reserved(position, parameters, marks) - premium(position)


def book_margin(book: Book, parameters: MarginParameters | None = None) -> Decimal:
    """Sum the requirements of all positions, USD; uses the book's marks where a position needs them."""
    return sum((requirement(position, parameters, book.marks) for position in book.positions), ZERO)


def condor_margin(book: Book) -> Decimal:
    """Sum wider width x multiplier x quantity over the condor sleeve, USD.

    A condor of which one side was closed still reserves the width of the side that is left.
    """
    return book_totals(book.positions).condor_margin


def max_loss(position: Position) -> Decimal:
    """Return the most a position can still lose, opening premium included, fees apart.

    Returns
    -------
    Decimal, USD
        (Wider width - credit) x multiplier x quantity for a condor.

    Raises
    ------
    UsageError
        The loss has no bound.
    """
    loss = bounded_loss(position)
    if loss is None:
        raise UsageError(
            "its loss has no bound, so it has no maximum loss.",
            where=f"position {position.id}",
            fix="Cover every short option with a long one of the same right and expiry.",
        )
    return loss


def available(book: Book, equity: Decimal, parameters: MarginParameters | None = None) -> Decimal:
    """Return the buying power that is left: cash less all that is reserved, never more than equity.

    Long options count for nothing here although they have a value: nobody lends on them for nine months or less.

    Parameters
    ----------
    equity : Decimal, USD
        Cash + marks.

    Returns
    -------
    Decimal, USD
        Negative when the account is under-margined.
    """
    return min(book.cash - book_reserved(book, parameters), equity)


def book_reserved(book: Book, parameters: MarginParameters | None = None) -> Decimal:
    """Return the cash all positions reserve beyond what they paid, USD; what moves with the market by its marks."""
    totals, positions = book_totals(book.positions), book.positions
    moving = [reserved(positions[place], parameters, book.marks) for place in totals.moving]
    return sum(moving, usd(totals.fixed_cents))


def uncovered(option: Option, reference: float, premium: float, parameters: MarginParameters) -> Decimal:
    """Return the requirement of one uncovered short option.

    Parameters
    ----------
    reference : float, points
        Index level; for VIX options the VX forward of the same expiry.
    premium : float, points
        Current price of the option.

    Returns
    -------
    Decimal, points
    """
    vix = product_of(option).underlying == "VIX"
    rate = points((parameters.vix_rate if vix else parameters.index_rate).value)
    floor = points((parameters.vix_floor if vix else parameters.index_floor).value)
    level, strike = points(reference), points(option.strike)
    out_of_the_money = max(Decimal(0), level - strike if option.is_put else strike - level)
    least = floor * (strike if option.is_put else level)
    return points(premium) + max(rate * level - out_of_the_money, least)


def future_requirement(future: Future, price: float, session: date, parameters: MarginParameters) -> Decimal:
    """Return the initial margin of one future at a price in points, USD."""
    value = points(price) * product_of(future).multiplier
    return cents(value * points(_future_rate(future, session, parameters)))


def _moving(position: Position, parameters: MarginParameters | None, marks: Marks | None) -> Decimal:
    if parameters is None or marks is None:
        raise UsageError(
            "its margin moves with the market, so margin parameters and marks are needed.",
            where=f"position {position.id}",
            fix="Pass both, or hold only covered shorts.",
        )
    total = Decimal(0)
    for legs in option_groups(position):
        total += product_of(legs[0].instrument).multiplier * min(
            pairing.covered + _bare(pairing.bare, parameters, marks) for pairing in least_pairings(legs)
        )
    for leg in position.legs:
        total += _linear(leg, marks, parameters)
    return cents(total * position.quantity)


def _bare(options: tuple[Option, ...], parameters: MarginParameters, marks: Marks) -> Decimal:
    puts = [_with_premium(option, parameters, marks) for option in options if option.is_put]
    calls = [_with_premium(option, parameters, marks) for option in options if not option.is_put]
    total = Decimal(0)
    for put, call in zip_longest(sorted(puts, reverse=True), sorted(calls, reverse=True), fillvalue=(None, None)):
        total += _strangle(put, call)
    return total


def _strangle(put: tuple[Decimal | None, Decimal | None], call: tuple[Decimal | None, Decimal | None]) -> Decimal:
    larger, smaller = sorted((put, call), key=lambda side: side[0] or Decimal(0), reverse=True)
    return (larger[0] or Decimal(0)) + (smaller[1] or Decimal(0))


def _with_premium(option: Option, parameters: MarginParameters, marks: Marks) -> tuple[Decimal, Decimal]:
    mark = _mark_of(option, marks)
    reference = mark.forward if product_of(option).underlying == "VIX" else marks.level(option.root)
    if reference is None:
        raise UsageError("no reference level is known for its margin.", where=str(option), fix="Mark the book first.")
    return uncovered(option, reference, mark.mid, parameters), points(mark.mid)


def _linear(leg: Leg, marks: Marks, parameters: MarginParameters) -> Decimal:
    instrument = leg.instrument
    if isinstance(instrument, Option) or (isinstance(instrument, Share) and leg.ratio > 0):
        return Decimal(0)
    mid = marks.mid_of(instrument)
    if mid is None:
        raise _unmarked(instrument)
    value = points(mid) * product_of(instrument).multiplier * abs(leg.ratio)
    if isinstance(instrument, Share):
        return value * points(parameters.short_share_rate.value)
    return value * points(_future_rate(instrument, marks.session, parameters))


def _future_rate(future: Future, session: date, parameters: MarginParameters) -> float:
    if product_of(future).underlying != "VIX":
        return parameters.future_rate.value
    front = (future.expiry - session).days <= parameters.vx_front_days.value
    return (parameters.vx_front_rate if front else parameters.vx_back_rate).value


def _mark_of(instrument: Option | Future | Share, marks: Marks) -> ContractMark:
    mark = marks.contract(instrument)
    if mark is None:
        raise _unmarked(instrument)
    return mark


def _unmarked(instrument: Instrument) -> UsageError:
    return UsageError(
        "its margin needs a mark and the marks given do not hold it.", where=str(instrument), fix="Mark this book."
    )


def _of_paid(position: Position, parameters: MarginParameters | None) -> Decimal:
    debit, expiry = paid(position), position.expiry
    if parameters is None or expiry is None:
        return debit
    long_dated = (expiry - position.opened).days > parameters.long_dated_days.value
    return cents(debit * points(parameters.long_dated_share.value)) if long_dated else debit
