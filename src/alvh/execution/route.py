"""Fill an authorised proposal: every package of it, or none.

1. A package that closes must reverse legs that are held: some or all packages with every leg, or some legs of all
   packages.
2. Every package is priced at the view; one that cannot be traded, or whose price misses its limit, leaves the whole
   proposal unfilled, with the sentence that names the leg and the quote.
3. A package has one multiplier, for its price is one number of points. A future is a package of its own: nothing is
   paid when it opens, and its gain is paid when it closes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from alvh.book.cents import ZERO, cents
from alvh.book.positions import Book, Position
from alvh.execution.fees import FeeParameters, rates_of
from alvh.execution.fills import FillParameters
from alvh.execution.orders import Authorized, Filled, PackageFill, Routed, Unfilled
from alvh.execution.quotes import NoQuote, PackageQuote, PriceList
from alvh.ledger.events import Closed, Event, Opened
from alvh.ledger.journal import mirrors
from alvh.ledger.symbols import describe
from alvh.market.contracts import Future
from alvh.market.products import product_of
from alvh.market.view import View
from alvh.strategy.decision import Package, Proposal

__all__ = ["events_of", "route"]


def route(
    authorized: Authorized,
    view: View,
    book: Book,
    fills: FillParameters,
    fees: FeeParameters,
    prices: PriceList | None = None,
) -> Routed:
    """Fill every package of an authorised proposal at a view, or none.

    Parameters
    ----------
    book : Book
        What is held, to check closes against.
    prices : PriceList, optional
        Of this view and these fills, where packages have been priced before.
    """
    prices = prices if prices is not None else PriceList(view, fills)
    packages = authorized.proposal.packages
    reason = _misfit(packages, book)
    if reason is not None:
        return Unfilled(authorized=authorized, reason=reason)
    quotes: list[PackageQuote] = []
    for package in packages:
        quote = prices(package.legs)
        if isinstance(quote, NoQuote):
            return Unfilled(authorized=authorized, reason=quote.reason)
        if package.limit is not None and quote.price < package.limit:
            return Unfilled(authorized=authorized, reason=_missed(package, package.limit, quote))
        quotes.append(quote)
    filled = tuple([_fill(package, quote, book, fees) for package, quote in zip(packages, quotes, strict=True)])
    return Filled(authorized=authorized, fills=filled)


def events_of(filled: Filled, session: date, name: Callable[[str], str]) -> tuple[Event, ...]:
    """Write the ledger entries of a filled proposal, one per package, in order.

    Parameters
    ----------
    name : callable
        Gives the id of a new position of a sleeve.
    """
    proposal = filled.authorized.proposal
    return tuple([_event(fill, session, proposal, name) for fill in filled.fills])


def _event(fill: PackageFill, session: date, proposal: Proposal, name: Callable[[str], str]) -> Event:
    package = fill.package
    if package.closes is None:
        return Opened(
            session=session,
            position=name(package.sleeve.value),
            proposal=proposal.id,
            sleeve=package.sleeve.value,
            rule=package.rule,
            quantity=package.quantity,
            price=fill.price,
            cash=fill.cash,
            fees=fill.fees,
            mid=fill.mid,
            natural=fill.natural,
            fills=fill.legs,
        )
    return Closed(
        session=session,
        position=package.closes,
        proposal=proposal.id,
        sleeve=package.sleeve.value,
        rule=package.rule,
        reason=proposal.reason,
        quantity=package.quantity,
        price=fill.price,
        cash=fill.cash,
        fees=fill.fees,
        mid=fill.mid,
        natural=fill.natural,
        fills=fill.legs,
    )


def _misfit(packages: tuple[Package, ...], book: Book) -> str | None:
    """Say why a set of packages is no order at all, or None."""
    closing = [package.closes for package in packages if package.closes is not None]
    if len(set(closing)) != len(closing):
        return "two packages of one proposal close the same position"
    return next((reason for package in packages if (reason := _malformed(package, book)) is not None), None)


def _malformed(package: Package, book: Book) -> str | None:
    if package.quantity <= 0 or not package.legs or any(leg.ratio == 0 for leg in package.legs):
        return f"a package of {package.rule} has {package.quantity} units of {len(package.legs)} legs"
    held = book.position(package.closes) if package.closes is not None else None
    # What was sound at opening is sound at closing.
    if held is not None and package.quantity <= held.quantity and mirrors(package.legs, held.legs):
        return None
    if len(package.legs) > 1:
        reason = _mixed(package)
        if reason is not None:
            return reason
    return None if package.closes is None else _not_held(package, held)


def _mixed(package: Package) -> str | None:
    """Say why several legs are not one package, or None."""
    instruments = [leg.instrument for leg in package.legs]
    if len(set(instruments)) != len(instruments):
        return f"a package of {package.rule} names one contract twice"
    if len({product_of(instrument).multiplier for instrument in instruments}) != 1:
        return f"a package of {package.rule} mixes multipliers, so it has no price in points"
    if any(isinstance(instrument, Future) for instrument in instruments):
        return f"a package of {package.rule} mixes a future with other legs; trade the future as a package of its own"
    return None


def _not_held(package: Package, held: Position | None) -> str | None:
    if held is None:
        return f"position {package.closes} is not held"
    ratios = {leg.instrument: leg.ratio for leg in held.legs}
    for leg in package.legs:
        if ratios.get(leg.instrument) != -leg.ratio:
            return f"position {held.id} does not hold {-leg.ratio} x {describe(leg.instrument)} a package"
    if package.quantity > held.quantity:
        return f"position {held.id} holds {held.quantity} packages and {package.quantity} were to be closed"
    if len(package.legs) < len(held.legs) and package.quantity < held.quantity:
        return f"position {held.id}: closing some legs of some packages would split it; close all packages' legs"
    return None


def _missed(package: Package, limit: Decimal, quote: PackageQuote) -> str:
    legs = ", ".join(f"{leg.ratio:+d} {describe(leg.instrument)}" for leg in package.legs)
    return f"{package.rule}: {legs} trades at {quote.price}, below the limit of {limit} (natural {quote.natural:.2f})"


def _fill(package: Package, quote: PackageQuote, book: Book, fees: FeeParameters) -> PackageFill:
    legs = quote.fills(package.quantity, rates_of(fees))
    return PackageFill(
        package=package,
        price=quote.price,
        cash=_cash(package, quote, book),
        fees=sum([leg.fee for leg in legs], ZERO),
        mid=quote.mid,
        natural=quote.natural,
        legs=legs,
    )


def _cash(package: Package, quote: PackageQuote, book: Book) -> Decimal:
    instrument = package.legs[0].instrument
    usd = product_of(instrument).multiplier * package.quantity
    if not isinstance(instrument, Future):
        return cents(quote.price * usd)
    held = book.position(package.closes) if package.closes is not None else None
    return cents((quote.price + held.price) * usd) if held is not None else ZERO
