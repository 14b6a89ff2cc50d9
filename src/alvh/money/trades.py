"""Trades: each position's entries folded into one record, to the cent.

1. `Opened` starts a trade; each `Closed` and `Settled` of its position adds cash and takes contracts away.
2. A trade with a short option ends when no short contract is left: a long wing that nobody bids for may settle later,
   and its cash still belongs to the trade. A trade without one ends when nothing is left.
3. P/L is everything received less everything paid and fees; an open trade adds its last mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from alvh.ledger.events import Closed, Event, LegFill, Opened, Settled
from alvh.ledger.symbols import parse_instrument
from alvh.market.contracts import Future, Instrument, Option
from alvh.market.products import product_of

OPEN_AT_END = "open at end"
EXPIRED_WORTHLESS = "expired worthless"
SETTLED = "settled at expiry"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:-\d+)*")
_ONE = re.compile(r"\b1 (call|contract|condor|package|leg)\b")
"""One call and three calls are the same reason."""
_TAIL = re.compile(r" (?:around|of|at|to|than) …%?(?: [A-Z]+)?$")
"""A number at the end goes with the word that leads to it: "its band around 12.5%" is "its band"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wings:
    """Strikes and margin of a short iron condor, points of its own index."""

    root: str
    expiry: date
    put_long: float
    put_short: float
    call_short: float
    call_long: float

    @property
    def width(self) -> float:
        """Width of the wider wing, points."""
        return max(self.put_short - self.put_long, self.call_long - self.call_short)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One position from its opening to its end.

    Attributes
    ----------
    sleeve, rule : str
        Who opened it.
    legs : tuple of LegFill
        As opened.
    instruments : tuple of Instrument
        Of the legs, in their order.
    wings : Wings or None
        The trade as a short iron condor; None when it is not one.
    quantity : int
        Packages opened.
    price : Decimal, points per package
        Net premium at opening, positive when received.
    received : Decimal, USD
        Cash of the opening, positive when received.
    paid_back : Decimal, USD
        Cash of closings and settlements, negative when paid.
    opening_fees, closing_fees : Decimal, USD
    closed : date or None
        End of the trade; None while it is open.
    reason : str
        Why it (the last of it) ended, without the day's numbers.
    mark : float or None, USD
        Last value at mid of what is still held; None when nothing is, or when the mark is not known.
    still_held : bool
        Something is left at the end of the run, if only a long wing.
    closing_legs : tuple of LegFill
        Of the last closing trade; empty when nothing but settlement ended it.
    proxies : tuple of str
        What stood in for official settlement values.
    """

    position: str
    sleeve: str
    rule: str
    opened: date
    legs: tuple[LegFill, ...]
    instruments: tuple[Instrument, ...]
    wings: Wings | None
    quantity: int
    price: Decimal
    received: Decimal
    paid_back: Decimal
    opening_fees: Decimal
    closing_fees: Decimal
    closed: date | None
    reason: str
    mark: float | None
    still_held: bool
    closing_legs: tuple[LegFill, ...]
    proxies: tuple[str, ...]

    @property
    def multiplier(self) -> int:
        """USD per point of the first leg's product."""
        return product_of(self.instruments[0]).multiplier

    @property
    def expiry(self) -> date | None:
        """Earliest expiry among the legs; None when nothing expires."""
        dates = [item.expiry for item in self.instruments if isinstance(item, Option | Future)]
        return min(dates) if dates else None

    @property
    def fees(self) -> Decimal:
        """All fees, USD."""
        return self.opening_fees + self.closing_fees

    @property
    def gross(self) -> Decimal:
        """Cash before fees, USD, marks not included."""
        return self.received + self.paid_back

    @property
    def pnl(self) -> Decimal | None:
        """Profit or loss after fees, USD; None for an open trade whose mark is not known."""
        if not self.still_held:
            return self.gross - self.fees
        if self.mark is None:
            return None
        return self.gross - self.fees + Decimal(repr(self.mark)).quantize(Decimal("0.01"))

    @property
    def days(self) -> int | None:
        """Calendar days from opening to the end; None while it is open."""
        return None if self.closed is None else (self.closed - self.opened).days

    @property
    def margin(self) -> Decimal | None:
        """Wider wing x multiplier x packages, USD; None for what is not a condor."""
        wings = self.wings
        return None if wings is None else Decimal(repr(wings.width)) * self.multiplier * self.quantity


@dataclass(slots=True, kw_only=True)
class _Growing:
    """A trade while its entries are being read."""

    opened: Opened
    held: dict[str, int]
    short: bool
    paid_back: Decimal = Decimal(0)
    closing_fees: Decimal = Decimal(0)
    closed: date | None = None
    reason: str = ""
    settled: bool = False
    settled_cash: Decimal = Decimal(0)
    closing_legs: tuple[LegFill, ...] = ()
    proxies: list[str] = field(default_factory=list)

    def change(self, symbol: str, contracts: int) -> None:
        """Add signed contracts and drop what is flat."""
        left = self.held.get(symbol, 0) + contracts
        if left:
            self.held[symbol] = left
        else:
            self.held.pop(symbol, None)

    def end(self, session: date) -> None:
        """Note the day on which the risk was gone."""
        gone = not any(amount < 0 for amount in self.held.values()) if self.short else not self.held
        if gone and self.closed is None:
            self.closed = session


def trades_of(events: Iterable[Event], marks: Mapping[str, float] | None = None) -> tuple[Trade, ...]:
    """Fold entries into trades, in order of opening.

    Parameters
    ----------
    marks : mapping of position id to USD, optional
        Last value at mid of positions still open.
    """
    growing: dict[str, _Growing] = {}
    for event in events:
        if isinstance(event, Opened):
            growing[event.position] = _start(event)
        elif isinstance(event, Closed):
            _close(growing[event.position], event)
        elif isinstance(event, Settled):
            _settle(growing[event.position], event)
    return tuple(_finish(item, marks or {}) for item in growing.values())


def reason_class(reason: str) -> str:
    """Shorten a reason to what days have in common: its head, numbers and dates replaced by an ellipsis.

    ``stop: closing costs 7.80, at least 2 x the credit of 3.85`` becomes ``stop``.
    """
    head = re.split(r"[:;]", reason, maxsplit=1)[0].strip().rstrip(".")
    common = _TAIL.sub("", _NUMBER.sub("…", _ONE.sub(r"2 \1s", head)))
    return common.removeprefix("… ")


def _start(event: Opened) -> _Growing:
    held = {fill.symbol: fill.ratio * event.quantity for fill in event.fills}
    return _Growing(opened=event, held=held, short=any(amount < 0 for amount in held.values()))


def _close(trade: _Growing, event: Closed) -> None:
    trade.paid_back += event.cash
    trade.closing_fees += event.fees
    trade.closing_legs = event.fills
    if trade.closed is None:
        trade.reason = reason_class(event.reason)
    for fill in event.fills:
        trade.change(fill.symbol, fill.ratio * event.quantity)
    trade.end(event.session)


def _settle(trade: _Growing, event: Settled) -> None:
    trade.paid_back += event.cash
    trade.settled_cash += event.cash
    if trade.closed is None:
        trade.settled = True
    if event.proxy and event.proxy not in trade.proxies:
        trade.proxies.append(event.proxy)
    trade.change(event.symbol, -event.contracts)
    trade.end(event.session)


def _finish(trade: _Growing, marks: Mapping[str, float]) -> Trade:
    opened = trade.opened
    instruments = tuple(parse_instrument(fill.symbol) for fill in opened.fills)
    return Trade(
        position=opened.position,
        sleeve=str(opened.sleeve),
        rule=opened.rule,
        opened=opened.session,
        legs=opened.fills,
        instruments=instruments,
        wings=_wings(tuple(zip(instruments, (fill.ratio for fill in opened.fills), strict=True))),
        quantity=opened.quantity,
        price=opened.price,
        received=opened.cash,
        paid_back=trade.paid_back,
        opening_fees=opened.fees,
        closing_fees=trade.closing_fees,
        closed=trade.closed,
        reason=_reason(trade),
        mark=marks.get(opened.position) if trade.held else None,
        still_held=bool(trade.held),
        closing_legs=trade.closing_legs,
        proxies=tuple(trade.proxies),
    )


def _reason(trade: _Growing) -> str:
    """Say why the last of it ended; what ended parts of it stands in the fills."""
    if trade.closed is None:
        return OPEN_AT_END
    if trade.settled:
        return SETTLED if trade.settled_cash else EXPIRED_WORTHLESS
    return trade.reason


def _wings(legs: tuple[tuple[Instrument, int], ...]) -> Wings | None:
    options = [(item, ratio) for item, ratio in legs if isinstance(item, Option)]
    if len(options) != 4 or len(legs) != 4 or len({(item.root, item.expiry) for item, _ in options}) != 1:
        return None
    places = {(item.is_put, ratio): item.strike for item, ratio in options}
    keys = ((True, 1), (True, -1), (False, -1), (False, 1))
    if set(places) != set(keys):
        return None
    put_long, put_short, call_short, call_long = (places[key] for key in keys)
    if not put_long < put_short <= call_short < call_long:
        return None
    first = options[0][0]
    return Wings(
        root=first.root,
        expiry=first.expiry,
        put_long=put_long,
        put_short=put_short,
        call_short=call_short,
        call_long=call_long,
    )
