"""Authorisation: the one place of the program that turns a proposal into an order.

1. Mandatory and risk-reducing proposals pass when all they do is close what is held, and the record says on which
   ground. One that calls itself so and opens something is checked like any other.
2. Everything else passes G-CHECK: condor margin after the order stays under its ceiling, and buying power after it
   stays above its floor. Freshness and crossing of each quote are checked where the order is priced.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from alvh.book.condor import Condor
from alvh.book.linear import linear_quote
from alvh.book.margin import available, condor_margin, future_requirement
from alvh.book.margin_parameters import MarginParameters
from alvh.book.positions import Book
from alvh.execution.fills import FillParameters
from alvh.execution.orders import Authorized, Refused
from alvh.execution.quotes import NoQuote, PriceList
from alvh.governance.parameters import GovernanceParameters
from alvh.market.contracts import Future
from alvh.market.products import product_of
from alvh.market.view import View
from alvh.strategy.decision import Package, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What G-CHECK needs to know of the account.

    Attributes
    ----------
    book : Book
        As the day's earlier orders have left it.
    equity : Decimal, USD
        cash + marks at the decision.
    prices : PriceList or None
        Of this view and these fills, shared with routing.
    margin : MarginParameters or None
        Needed where a requirement moves with the market: uncovered shorts, futures, shares sold.
    """

    book: Book
    equity: Decimal
    view: View
    fills: FillParameters
    prices: PriceList | None = None
    margin: MarginParameters | None = None


def authorize(proposal: Proposal, account: Account, parameters: GovernanceParameters) -> Authorized | Refused:
    """Authorise or refuse one proposal, with the reasons in words.

    G-CHECK runs against the book as it stands now, that is after the day's earlier orders have filled.
    """
    if (proposal.mandatory or proposal.reduces_risk) and _only_closes(proposal, account.book):
        ground = "mandatory by rule" if proposal.mandatory else "only reduces risk"
        return Authorized(proposal=proposal, grounds=(f"{proposal.rule}: {ground}",))
    reasons = _check(proposal, account, parameters)
    if reasons:
        return Refused(proposal=proposal, reasons=reasons)
    return Authorized(proposal=proposal, grounds=("G-CHECK: margin and buying power suffice",))


def _only_closes(proposal: Proposal, book: Book) -> bool:
    """Whether every package closes something held; what a proposal says of itself is not believed on its word."""
    return all(
        package.closes is not None and book.position(package.closes) is not None for package in proposal.packages
    )


def _check(proposal: Proposal, account: Account, parameters: GovernanceParameters) -> tuple[str, ...]:
    opening = [(package, _condor_margin(package)) for package in proposal.packages if package.closes is None]
    added = sum(margin for _, margin in opening)
    reasons: list[str] = []
    ceiling = parameters.check.margin_ceiling.value * float(account.equity)
    margin = float(condor_margin(account.book)) + added
    if added > 0 and margin > ceiling:
        reasons.append(f"G-CHECK: condor margin would be {margin:,.0f} USD, the ceiling is {ceiling:,.0f} USD")
    free = float(available(account.book, account.equity, account.margin)) - sum(
        _tied_up(package, margin, account) for package, margin in opening
    )
    least = parameters.check.free_cash.value * float(account.equity)
    if free < least:
        reasons.append(f"G-CHECK: buying power would be {free:,.0f} USD, at least {least:,.0f} USD is needed")
    return tuple(reasons)


def _condor_margin(package: Package) -> float:
    # The width decides the margin, so the credit does not matter here.
    condor = Condor.of_legs(package.legs, credit=Decimal(0), quantity=package.quantity)
    return float(condor.margin) if condor is not None else 0.0


def _tied_up(package: Package, margin: float, account: Account) -> float:
    """Buying power an opening package takes: its condor margin less the least it will receive, USD."""
    multiplier = product_of(package.legs[0].instrument).multiplier
    instrument = package.legs[0].instrument
    if isinstance(instrument, Future):
        return _future_margin(instrument, package, account)
    if package.limit is not None:
        return margin - float(package.limit) * multiplier * package.quantity
    prices = account.prices if account.prices is not None else PriceList(account.view, account.fills)
    quote = prices(package.legs)
    if isinstance(quote, NoQuote):
        # It cannot fill either, so it ties nothing up; routing will name the leg.
        return 0.0
    return margin - float(quote.price) * multiplier * package.quantity


def _future_margin(future: Future, package: Package, account: Account) -> float:
    """Return the initial margin of futures, USD; they cost nothing else to open."""
    quote = linear_quote(future, account.view)
    if quote is None or account.margin is None:
        # Without a price it cannot fill; without margin terms nothing is asked, as of a strategy that trades none.
        return 0.0
    each = future_requirement(future, 0.5 * (quote.bid + quote.ask), account.view.session, account.margin)
    return float(each) * abs(package.legs[0].ratio) * package.quantity
