"""Trades and settlements in a sentence each, with their prices."""

from __future__ import annotations

from decimal import Decimal

from alvh.book.condor import Condor
from alvh.book.positions import Leg, Position
from alvh.ledger.events import Closed, LegFill, Opened, Settled
from alvh.ledger.symbols import describe, parse_instrument
from alvh.report.wording import day, number, percent, usd


def opened_sentence(event: Opened, equity: float) -> str:
    """Say what was opened, at what price against the quote, and what it binds."""
    legs = tuple(Leg(instrument=parse_instrument(fill.symbol), ratio=fill.ratio) for fill in event.fills)
    condor = Condor.of_legs(legs, credit=event.price, quantity=event.quantity)
    price = float(event.price)
    if condor is None:
        verb = "Bought" if price < 0 else "Sold"
        return (
            f"{verb} {_packages(event.quantity, event.fills)} at {number(abs(price))}{_quote(event)}; {_cash(event)}."
        )
    low, high = condor.break_evens
    risk = float(condor.max_loss)
    share = f" ({percent(risk / equity, 2)} of equity)" if equity > 0 else ""
    return (
        f"Sold {event.quantity} {condor.root} {day(condor.expiry)} condors, "
        f"{condor.put_long:g}/{condor.put_short:g} puts and {condor.call_short:g}/{condor.call_long:g} calls, "
        f"for {number(price)}, {percent(price / float(condor.width))} of the {float(condor.width):g}-point width"
        f"{_quote(event)}; "
        f"{_cash(event)}. Margin {usd(float(condor.margin))} USD, worst loss {usd(risk)} USD{share}, "
        f"break-evens {number(low)} and {number(high)}."
    )


def closed_sentence(event: Closed, held: Position | None) -> str:
    """Say what was closed, at what price, and what the position brought."""
    price = float(event.price)
    verb = f"for {number(-price)}" if price < 0 else f"for {number(price)} received"
    whole = held is not None and event.quantity == held.quantity
    what = f"Closed {event.position}" if whole else f"Closed {event.quantity} packages of {event.position}"
    text = f"{what} {verb}{_quote(event)}; {_cash(event)}."
    if held is None or not whole or len(event.fills) != len(held.legs):
        return text
    result = held.cash + event.cash - event.fees
    days = (event.session - held.opened).days
    return f"{text} The position {_result(result)} after fees, in {days} days."


def settled_sentence(event: Settled) -> str:
    """Say how a leg ended."""
    name = describe(parse_instrument(event.symbol))
    side = "long" if event.contracts > 0 else "short"
    head = f"{abs(event.contracts)} {side} {name} of {event.position} settled at {number(event.value)}"
    if not event.cash:
        tail = ", worthless"
    else:
        tail = f", {usd(abs(float(event.cash)), 2)} USD {'received' if event.cash > 0 else 'paid'}"
    return f"{head}{tail}" + (f" ({event.proxy})." if event.proxy else ".")


def _packages(quantity: int, fills: tuple[LegFill, ...]) -> str:
    return " + ".join(f"{abs(fill.ratio) * quantity} {describe(parse_instrument(fill.symbol))}" for fill in fills)


def _quote(event: Opened | Closed) -> str:
    return f" (mid {number(abs(event.mid))}, far side {number(abs(event.natural))})"


def _cash(event: Opened | Closed) -> str:
    if event.cash == 0:
        return f"no cash moved, {usd(float(event.fees), 2)} USD of fees"
    way = "received" if event.cash > 0 else "paid"
    return f"{usd(abs(float(event.cash)), 2)} USD {way}, {usd(float(event.fees), 2)} USD of fees"


def _result(result: Decimal) -> str:
    if result == 0:
        return "came out even"
    return f"{'earned' if result > 0 else 'lost'} {usd(abs(float(result)), 2)} USD"
