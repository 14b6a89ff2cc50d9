"""G-CHECK: limits, margin and liquidity as they would stand after an order.

1. Each package's effect on margin, cash and worst loss is worked out at its limit, or at the executable price where it
   has none; a package that cannot be priced cannot fill either, and routing names the leg.
2. The margin of all condors stays under its ceiling, buying power above its floor.
3. The quick ratio, liquid assets over margin due and the loss in the down-shock, stays above its floor. The worst loss
   stands in for the loss in the shock; only where that is not enough is the shock itself asked, of what is held.
4. A VX curve that an order is priced on is of the same session, and no event or auction is near (G-TIMING).

Quotes that are absent or crossed are found where the package is priced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from alvh.book.condor import Condor
from alvh.book.linear import linear_quote
from alvh.book.liquidity import quick_ratio
from alvh.book.margin import available, book_reserved, condor_margin, future_requirement, reserved
from alvh.book.margin_parameters import MarginParameters
from alvh.book.marks import mark_book
from alvh.book.positions import Book, Position, Sleeve
from alvh.book.reserve import bounded_loss, fixed_reserve
from alvh.book.stress import stress
from alvh.book.totals import book_totals
from alvh.execution.fills import FillParameters
from alvh.execution.quotes import NoQuote, PriceList
from alvh.governance.hearing import StancesOfTheDay, silence
from alvh.governance.parameters import CheckParameters, GovernanceParameters
from alvh.governance.timing import timing_objection
from alvh.market.contracts import Future
from alvh.market.products import product_of
from alvh.market.view import View
from alvh.pricing.scenarios import DOWN
from alvh.strategy.decision import Package, Proposal

__all__ = ["Account", "objections"]

_CENTS = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What an authorisation needs to know of the account.

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
    stances : callable
        What the families say today; asked only where a vote is taken.
    """

    book: Book
    equity: Decimal
    view: View
    fills: FillParameters
    prices: PriceList | None = None
    margin: MarginParameters | None = None
    stances: StancesOfTheDay = silence


class Effect(msgspec.Struct, frozen=True):
    """What a package changes, USD: margin of condors, margin of everything, cash, and the worst loss."""

    condors: float
    margin: float
    cash: float
    loss: float


_NONE = Effect(0.0, 0.0, 0.0, 0.0)


def objections(proposal: Proposal, account: Account, parameters: GovernanceParameters) -> tuple[str, ...]:
    """Say what stands against an order, each in a sentence; empty where nothing does."""
    effects = [_effect(package, account) for package in proposal.packages]
    condors, margin, cash, loss = (sum(each) for each in zip(*map(msgspec.structs.astuple, effects), strict=True))
    found = _limits(account, parameters.check, condors=condors, tied=margin - cash)
    if cash < margin or loss > 0.0:
        found += _liquidity(account, parameters.check, margin=margin, cash=cash, loss=loss)
    found += _stale_curve(proposal, account.view)
    late = timing_objection(account.view, parameters.timing)
    return (*found, late) if late is not None else tuple(found)


def _limits(account: Account, numbers: CheckParameters, *, condors: float, tied: float) -> list[str]:
    found: list[str] = []
    equity = float(account.equity)
    ceiling = numbers.margin_ceiling.value * equity
    margin = float(condor_margin(account.book)) + condors
    if condors > 0 and margin > ceiling:
        found.append(f"G-CHECK: condor margin would be {margin:,.0f} USD, the ceiling is {ceiling:,.0f} USD")
    free = float(available(account.book, account.equity, account.margin)) - tied
    least = numbers.free_cash.value * equity
    # An order that frees buying power is never refused for want of it.
    if free < least and tied > 0:
        found.append(f"G-CHECK: buying power would be {free:,.0f} USD, at least {least:,.0f} USD is needed")
    return found


def _liquidity(account: Account, numbers: CheckParameters, *, margin: float, cash: float, loss: float) -> list[str]:
    floor = numbers.quick_ratio.value
    held = _held_margin(account)
    liquid = float(account.book.cash) + cash
    ratio = quick_ratio(liquid, held + margin, _worst(account) + loss)
    if ratio is not None and ratio < floor and account.book.marks is not None:
        (down,) = stress(account.book.marks, account.view, (DOWN,))
        ratio = quick_ratio(liquid, held + margin, max(-(down.condor_pnl + down.hedge_pnl), 0.0) + loss)
    if ratio is None or ratio >= floor:
        return []
    return [f"G-CHECK: the quick ratio would be {ratio:.2f}, its floor is {floor:g}"]


def _worst(account: Account) -> float:
    """Return a bound of what is held can lose, USD; infinite where it has none."""
    totals = book_totals(account.book.positions)
    if totals.loss_cents is None or totals.hedge_cents is None:
        return float("inf")
    return (totals.loss_cents + totals.hedge_cents) / _CENTS


def _held_margin(account: Account) -> float:
    return float(book_reserved(account.book, account.margin))


def _effect(package: Package, account: Account) -> Effect:
    first = package.legs[0].instrument
    if package.closes is not None:
        return _closing(package, account)
    if isinstance(first, Future):
        return Effect(0.0, _future_margin(first, package, account), 0.0, 0.0)
    price = _price(package, account)
    if price is None:
        return _NONE
    cash = float(price) * product_of(first).multiplier * package.quantity
    new = _as_position(package, price, account)
    fixed = fixed_reserve(new)
    margin = float(fixed) if fixed is not None else _moving_margin(new, account)
    worst = bounded_loss(new)
    loss = max(float(worst), 0.0) if worst is not None else margin
    condors = margin if package.sleeve is Sleeve.CONDOR else 0.0
    return Effect(condors, margin, cash, loss)


def _closing(package: Package, account: Account) -> Effect:
    """Work out what a close frees; a part of the legs is taken to free nothing, a future is paid for when it goes."""
    held = account.book.position(package.closes or "")
    price = None if isinstance(package.legs[0].instrument, Future) else _price(package, account)
    if held is None or price is None:
        return _NONE
    cash = float(price) * product_of(package.legs[0].instrument).multiplier * package.quantity
    whole = len(package.legs) == len(held.legs)
    fixed = fixed_reserve(held) if whole else None
    freed = float(fixed) * package.quantity / held.quantity if fixed is not None else 0.0
    is_condor = Condor.of(held) is not None
    return Effect(-freed if is_condor else 0.0, -freed, cash, 0.0)


def _price(package: Package, account: Account) -> Decimal | None:
    if package.limit is not None:
        return package.limit
    prices = account.prices if account.prices is not None else PriceList(account.view, account.fills)
    quote = prices(package.legs)
    return None if isinstance(quote, NoQuote) else quote.price


def _as_position(package: Package, price: Decimal, account: Account) -> Position:
    return Position(
        id="new",
        sleeve=package.sleeve,
        rule=package.rule,
        legs=package.legs,
        quantity=package.quantity,
        opened=account.view.session,
        price=price,
        cash=Decimal(0),
    )


def _moving_margin(new: Position, account: Account) -> float:
    """Return the margin of an opening that moves with the market, USD."""
    book = Book(cash=Decimal(0), positions=(new,))
    return float(reserved(new, account.margin, mark_book(book, account.view)))


def _future_margin(future: Future, package: Package, account: Account) -> float:
    """Return the initial margin of futures, USD; they cost nothing else to open."""
    quote = linear_quote(future, account.view)
    if quote is None or account.margin is None:
        # Without a price it cannot fill; without margin terms nothing is asked, as of a strategy that trades none.
        return 0.0
    each = future_requirement(future, 0.5 * (quote.bid + quote.ask), account.view.session, account.margin)
    return float(each) * abs(package.legs[0].ratio) * package.quantity


def _stale_curve(proposal: Proposal, view: View) -> Sequence[str]:
    curve = view.curve
    if curve is None or curve.session == view.session:
        return []
    roots = {leg.instrument.root for package in proposal.packages for leg in package.legs}
    if not any(root.startswith(("VIX", "VX")) for root in roots):
        return []
    return [f"G-CHECK: the VX curve is of {curve.session}, the order of {view.session}"]
