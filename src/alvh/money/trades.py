"""Trades: each position's entries folded into one record, to the cent.

1. `Opened` starts a trade; each `Closed` and `Settled` of its position adds cash and takes contracts away.
2. A trade with a short option ends when no short contract is left: a long wing that nobody bids for may settle later,
   and its cash still belongs to the trade. A trade without one ends when nothing is left.
3. P/L is everything received less everything paid and fees; an open trade adds its last mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from heapq import merge
from itertools import pairwise

import numpy as np

from alvh.core.arrays import F8
from alvh.ledger.entries import Entries, cents
from alvh.ledger.symbols import parse_instrument
from alvh.market.contracts import Instrument, Option
from alvh.market.products import product_of

_ROOT = 6
"""Leading characters of a symbol that tell its product: the root of an option, or ``VX/201``, or a ticker."""
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
    package : int
        Its opening among the packages of the ledger.
    closing : int or None
        The last closing trade among the packages; None when nothing but settlement ended it.
    instrument : Instrument
        Of the first leg.
    wings : Wings or None
        The trade as a short iron condor; None when it is not one.
    bounded : bool
        Every leg is a bought option, so that no more than the premium can be lost.
    quantity : int
        Packages opened.
    price : float, points per package
        Net premium at opening, positive when received.
    received : int, cents
        Cash of the opening, positive when received.
    paid_back : int, cents
        Cash of closings and settlements, negative when paid.
    opening_fees, closing_fees : int, cents
    closed : date or None
        End of the trade; None while it is open.
    reason : str
        Why it (the last of it) ended, without the day's numbers.
    mark : int or None, cents
        Last value at mid of what is still held; None when nothing is, or when the mark is not known.
    still_held : bool
        Something is left at the end of the run, if only a long wing.
    """

    position: str
    sleeve: str
    rule: str
    opened: date
    package: int
    closing: int | None
    instrument: Instrument
    wings: Wings | None
    bounded: bool
    quantity: int
    price: float
    received: int
    paid_back: int
    opening_fees: int
    closing_fees: int
    closed: date | None
    reason: str
    mark: int | None
    still_held: bool

    @property
    def multiplier(self) -> int:
        """USD per point of the first leg's product."""
        return product_of(self.instrument).multiplier

    @property
    def gross(self) -> int:
        """Cash before fees, cents, marks not included."""
        return self.received + self.paid_back

    @property
    def pnl(self) -> int | None:
        """Profit or loss after fees, cents; None for an open trade whose mark is not known."""
        if self.still_held and self.mark is None:
            return None
        return self.gross - self.opening_fees - self.closing_fees + (self.mark or 0)

    @property
    def days(self) -> int | None:
        """Calendar days from opening to the end; None while it is open."""
        return None if self.closed is None else (self.closed - self.opened).days

    @property
    def margin(self) -> Decimal | None:
        """Wider wing x multiplier x packages, USD; None for what is not a condor."""
        wings = self.wings
        return None if wings is None else Decimal(repr(wings.width)) * self.multiplier * self.quantity


class _Growing:
    """A trade while its entries are being read; amounts in cents."""

    __slots__ = (
        "closed",
        "closing",
        "closing_fees",
        "held",
        "package",
        "paid_back",
        "reason",
        "settled",
        "settled_cash",
        "short",
    )

    def __init__(self, package: int, held: dict[bytes, int]) -> None:
        self.package = package
        self.held = held
        self.short = min(held.values()) < 0
        self.paid_back = self.closing_fees = self.settled_cash = 0
        self.closed: date | None = None
        self.closing: int | None = None
        self.reason = ""
        self.settled = False

    def change(self, symbol: bytes, contracts: int) -> None:
        """Add signed contracts and drop what is flat."""
        left = self.held.get(symbol, 0) + contracts
        if left:
            self.held[symbol] = left
        else:
            self.held.pop(symbol, None)

    def end(self, session: date) -> None:
        """Note the day on which the risk was gone."""
        if self.closed is None and not (self.held and (not self.short or min(self.held.values()) < 0)):
            self.closed = session


def trades_of(entries: Entries, marks: Mapping[str, float] | None = None) -> tuple[Trade, ...]:
    """Fold entries into trades, in order of opening.

    Parameters
    ----------
    marks : mapping of position id to USD, optional
        Last value at mid of positions still open.
    """
    return _Fold(entries).trades(marks or {})


def multipliers(entries: Entries) -> F8:
    """Return USD per point of each package: its first leg's; zero for a package without legs."""
    symbols, legs = entries.legs.symbol.tolist(), entries.packages.legs.tolist()
    known: dict[bytes, int] = {b"": 0}
    found = np.zeros(len(legs) - 1)
    for place, (first, end) in enumerate(pairwise(legs)):
        symbol = symbols[first] if first < end else b""
        root = symbol[:_ROOT]
        if root not in known:
            known[root] = product_of(parse_instrument(symbol.decode())).multiplier
        found[place] = known[root]
    return found


def reason_class(reason: str) -> str:
    """Shorten a reason to what days have in common: its head, numbers and dates replaced by an ellipsis.

    ``stop: closing costs 7.80, at least 2 x the credit of 3.85`` becomes ``stop``.
    """
    head = re.split(r"[:;]", reason, maxsplit=1)[0].strip().rstrip(".")
    common = _TAIL.sub("", _NUMBER.sub("…", _ONE.sub(r"2 \1s", head)))
    return common.removeprefix("… ")


class _Fold:
    """One walk through the ledger; columns are lists here, as one row at a time is read."""

    def __init__(self, entries: Entries) -> None:
        packages, legs, settled = entries.packages, entries.legs, entries.settlements
        self._packages = packages
        self._legs = packages.legs.tolist()
        self._symbol, self._ratio = legs.symbol, legs.ratio.tolist()
        self._quantity = packages.quantity.tolist()
        self._cash, self._fees = cents(packages.cash).tolist(), cents(packages.fees).tolist()
        self._session, self._price = packages.session.tolist(), packages.price.tolist()
        self._settled = settled
        self._growing: dict[str, _Growing] = {}

    def trades(self, marks: Mapping[str, float]) -> tuple[Trade, ...]:
        packages, settled = self._packages, self._settled
        opened = packages.opened.tolist()
        contracts, paid = settled.contracts.tolist(), cents(settled.cash).tolist()
        symbols, sessions = settled.symbol.tolist(), settled.session.tolist()
        found: list[Trade | None] = []
        number: dict[str, int] = {}
        for is_package, place in self._in_order():
            position = packages.position[place] if is_package else settled.position[place]
            if is_package and opened[place]:
                number[position] = len(found)
                found.append(None)
                self._growing[position] = _Growing(place, dict(self._held(place)))
                continue
            trade = self._growing[position]
            if is_package:
                self._close(trade, place)
            else:
                self._settle(trade, symbols[place], contracts[place], paid[place], sessions[place])
            if not trade.held:
                found[number.pop(position)] = self._finish(self._growing.pop(position), marks)
        for position, trade in self._growing.items():
            found[number[position]] = self._finish(trade, marks)
        return tuple(trade for trade in found if trade is not None)

    def _in_order(self) -> Iterator[tuple[bool, int]]:
        trades = ((order, True, place) for place, order in enumerate(self._packages.order.tolist()))
        ends = ((order, False, place) for place, order in enumerate(self._settled.order.tolist()))
        return ((is_package, place) for _, is_package, place in merge(trades, ends))

    def _held(self, package: int) -> Iterator[tuple[bytes, int]]:
        """Symbols and signed contracts of a package."""
        count = self._quantity[package]
        for leg in range(self._legs[package], self._legs[package + 1]):
            yield bytes(self._symbol[leg]), self._ratio[leg] * count

    def _close(self, trade: _Growing, package: int) -> None:
        trade.paid_back += self._cash[package]
        trade.closing_fees += self._fees[package]
        trade.closing = package
        if trade.closed is None:
            trade.reason = self._packages.reason[package]
        for symbol, contracts in self._held(package):
            trade.change(symbol, contracts)
        trade.end(self._session[package])

    def _settle(self, trade: _Growing, symbol: bytes, contracts: int, cash: int, session: date) -> None:
        trade.paid_back += cash
        trade.settled_cash += cash
        if trade.closed is None:
            trade.settled = True
        trade.change(symbol, -contracts)
        trade.end(session)

    def _finish(self, trade: _Growing, marks: Mapping[str, float]) -> Trade:
        packages, place = self._packages, trade.package
        first, last = self._legs[place], self._legs[place + 1]
        instrument, wings, bounded = _read_legs(
            tuple(self._symbol[first:last].tolist()), tuple(self._ratio[first:last])
        )
        position = packages.position[place]
        mark = marks.get(position) if trade.held else None
        return Trade(
            position=position,
            sleeve=packages.sleeve[place],
            rule=packages.rule[place],
            opened=self._session[place],
            package=place,
            closing=trade.closing,
            instrument=instrument,
            wings=wings,
            bounded=bounded,
            quantity=self._quantity[place],
            price=self._price[place],
            received=self._cash[place],
            paid_back=trade.paid_back,
            opening_fees=self._fees[place],
            closing_fees=trade.closing_fees,
            closed=trade.closed,
            reason=_reason(trade),
            mark=None if mark is None else round(Decimal(repr(mark)) * 100),
            still_held=bool(trade.held),
        )


def _reason(trade: _Growing) -> str:
    """Say why the last of it ended; what ended parts of it stands in the fills."""
    if trade.closed is None:
        return OPEN_AT_END
    if trade.settled:
        return SETTLED if trade.settled_cash else EXPIRED_WORTHLESS
    return reason_class(trade.reason)


@lru_cache(maxsize=1024)
def _read_legs(symbols: tuple[bytes, ...], ratios: tuple[int, ...]) -> tuple[Instrument, Wings | None, bool]:
    """Return the first leg's contract, the condor that the legs are, and whether all of them are bought options."""
    instruments = [parse_instrument(symbol.decode()) for symbol in symbols]
    legs = [(item, ratio) for item, ratio in zip(instruments, ratios, strict=True) if isinstance(item, Option)]
    bounded = len(legs) == len(instruments) and all(ratio > 0 for ratio in ratios)
    return instruments[0], _wings(legs) if len(legs) == len(instruments) == 4 else None, bounded


def _wings(legs: list[tuple[Option, int]]) -> Wings | None:
    first = legs[0][0]
    if any((item.root, item.expiry) != (first.root, first.expiry) for item, _ in legs):
        return None
    places = {(item.is_put, ratio): item.strike for item, ratio in legs}
    keys = ((True, 1), (True, -1), (False, -1), (False, 1))
    if set(places) != set(keys):
        return None
    put_long, put_short, call_short, call_long = (places[key] for key in keys)
    if not put_long < put_short <= call_short < call_long:
        return None
    return Wings(
        root=first.root,
        expiry=first.expiry,
        put_long=put_long,
        put_short=put_short,
        call_short=call_short,
        call_long=call_long,
    )
