"""The ledger in columns: what reports count, at some hundred bytes an entry, in the order in which it was entered.

An entry as an object costs twenty times as much, so a run that goes on for decades keeps these columns and writes the
entries themselves to a file. Amounts are USD as the nearest float of whole cents; `cents` gives them back exactly.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from alvh.core.arrays import B1, D8, F8, I4, I8
from alvh.ledger.events import Accrued, Closed, Deposited, Event, Opened, Settled

__all__ = ["Cash", "Entries", "EntryColumns", "Legs", "Packages", "Settlements", "cents", "entries_of"]

_EPOCH = date(1970, 1, 1).toordinal()
_SYMBOL = 21
"""Longest symbol of the ledger: an option's."""
_PACKAGE_TEXTS = ("position", "proposal", "sleeve", "rule", "reason")
_SETTLED_TEXTS = ("settled position", "settled sleeve", "proxy")


def cents(amounts: F8) -> I8:
    """Return whole cents of amounts in USD, exact up to ten thousand billions."""
    found: I8 = np.rint(amounts * 100.0).astype(np.int64)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """Openings and closings, k of them.

    Attributes
    ----------
    order : (k,) array
        Place in the ledger.
    session : (k,) datetime64[D] array
    opened : (k,) array of bool
        False for a closing.
    position, proposal, sleeve, rule, reason : sequences of k str
        `reason` is empty for an opening.
    quantity : (k,) array
    price, mid, natural : (k,) arrays, points per package, positive when received
    cash, fees : (k,) arrays, USD
    legs : (k + 1,) array
        Legs of package i are rows ``legs[i]:legs[i + 1]`` of `Legs`.
    """

    order: I4
    session: D8
    opened: B1
    position: Sequence[str]
    proposal: Sequence[str]
    sleeve: Sequence[str]
    rule: Sequence[str]
    reason: Sequence[str]
    quantity: I8
    price: F8
    mid: F8
    natural: F8
    cash: F8
    fees: F8
    legs: I4


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """Legs of all packages: symbol as 21 bytes, signed contracts per package, quote, price, fee (USD), origin."""

    symbol: NDArray[np.bytes_]
    ratio: I4
    bid: F8
    ask: F8
    price: F8
    fee: F8
    origin: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlements:
    """Legs settled at expiry; `contracts` is what was held, `value` points, `cash` USD."""

    order: I4
    session: D8
    position: Sequence[str]
    sleeve: Sequence[str]
    symbol: NDArray[np.bytes_]
    contracts: I8
    value: F8
    cash: F8
    proxy: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """Deposits, or interest: session and USD."""

    session: D8
    amount: F8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A whole ledger in columns."""

    packages: Packages
    legs: Legs
    settlements: Settlements
    deposits: Cash
    interest: Cash


def entries_of(events: Iterable[Event]) -> Entries:
    """Lay entries out in columns."""
    made = EntryColumns()
    for event in events:
        made.append(event)
    return made.entries()


class EntryColumns:
    """The columns while entries come in, one at a time and in order: numbers as rows of floats, texts beside them."""

    __slots__ = ("_cash", "_count", "_legs", "_origins", "_packages", "_settled", "_symbols", "_texts")

    def __init__(self) -> None:
        self._count = 0
        self._packages, self._legs, self._settled = array("d"), array("d"), array("d")
        self._cash = {Deposited: array("d"), Accrued: array("d")}
        self._symbols = {Opened: bytearray(), Settled: bytearray()}
        self._origins: list[str] = []
        self._texts: dict[str, list[str]] = {name: [] for name in (*_PACKAGE_TEXTS, *_SETTLED_TEXTS)}

    def append(self, event: Event) -> None:
        """Add the next entry."""
        if isinstance(event, Opened | Closed):
            self._traded(event)
        elif isinstance(event, Settled):
            self._settle(event)
        else:
            self._cash[type(event)].extend((_day(event.session), float(event.cash)))
        self._count += 1

    def entries(self) -> Entries:
        """Return what has come so far."""
        return Entries(
            packages=self._package_columns(),
            legs=self._leg_columns(),
            settlements=self._settlement_columns(),
            deposits=_cash(self._cash[Deposited]),
            interest=_cash(self._cash[Accrued]),
        )

    def _traded(self, event: Opened | Closed) -> None:
        symbols = self._symbols[Opened]
        for fill in event.fills:
            symbols += fill.symbol.encode().ljust(_SYMBOL, b"\0")
            self._legs.extend((fill.ratio, fill.bid, fill.ask, fill.price, float(fill.fee)))
            self._origins.append(fill.origin)
        opened = isinstance(event, Opened)
        reason = event.reason if isinstance(event, Closed) else ""
        self._packages.extend(
            (
                self._count,
                _day(event.session),
                opened,
                event.quantity,
                float(event.price),
                event.mid,
                event.natural,
                float(event.cash),
                float(event.fees),
                len(self._origins),
            )
        )
        texts = (event.position, event.proposal, str(event.sleeve), event.rule, reason)
        for name, text in zip(_PACKAGE_TEXTS, texts, strict=True):
            self._texts[name].append(text)

    def _settle(self, event: Settled) -> None:
        self._symbols[Settled] += event.symbol.encode().ljust(_SYMBOL, b"\0")
        self._settled.extend((self._count, _day(event.session), event.contracts, event.value, float(event.cash)))
        for name, text in zip(_SETTLED_TEXTS, (event.position, str(event.sleeve), event.proxy), strict=True):
            self._texts[name].append(text)

    def _package_columns(self) -> Packages:
        numbers = _rows(self._packages, 10)
        position, proposal, sleeve, rule, reason = (self._texts[name] for name in _PACKAGE_TEXTS)
        return Packages(
            order=numbers[0].astype(np.int32),
            session=_days(numbers[1]),
            opened=numbers[2] != 0.0,
            quantity=numbers[3].astype(np.int64),
            price=numbers[4],
            mid=numbers[5],
            natural=numbers[6],
            cash=numbers[7],
            fees=numbers[8],
            legs=np.concatenate(([0], numbers[9])).astype(np.int32),
            position=position,
            proposal=proposal,
            sleeve=sleeve,
            rule=rule,
            reason=reason,
        )

    def _leg_columns(self) -> Legs:
        ratio, bid, ask, price, fee = _rows(self._legs, 5)
        return Legs(
            symbol=np.frombuffer(bytes(self._symbols[Opened]), f"S{_SYMBOL}"),
            ratio=ratio.astype(np.int32),
            bid=bid,
            ask=ask,
            price=price,
            fee=fee,
            origin=self._origins,
        )

    def _settlement_columns(self) -> Settlements:
        order, session, contracts, value, cash = _rows(self._settled, 5)
        position, sleeve, proxy = (self._texts[name] for name in _SETTLED_TEXTS)
        return Settlements(
            order=order.astype(np.int32),
            session=_days(session),
            symbol=np.frombuffer(bytes(self._symbols[Settled]), f"S{_SYMBOL}"),
            contracts=contracts.astype(np.int64),
            value=value,
            cash=cash,
            position=position,
            sleeve=sleeve,
            proxy=proxy,
        )


def _day(session: date) -> int:
    return session.toordinal() - _EPOCH


def _rows(flat: array[float], width: int) -> F8:
    """(width, n) columns of rows that lie one after the other."""
    found: F8 = np.ascontiguousarray(np.array(flat, np.float64).reshape(-1, width).T)
    return found


def _days(numbers: F8) -> D8:
    found: D8 = numbers.astype(np.int64).astype("datetime64[D]")
    return found


def _cash(flat: array[float]) -> Cash:
    session, amount = _rows(flat, 2)
    return Cash(session=_days(session), amount=amount)
