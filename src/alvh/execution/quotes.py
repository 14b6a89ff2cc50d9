"""What a package can be traded at, at a view: the quote of every leg and the net price of the fill model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec
import numpy as np

from alvh.book.contract_columns import ASK, BID, STALE, STATUS
from alvh.book.identity import Remembered
from alvh.book.linear import linear_quote
from alvh.book.marks import Marks
from alvh.book.position_columns import PACKAGE_TICK, RATIO, package_tick, root_of, tick_table
from alvh.book.positions import Leg
from alvh.core.arrays import B1, F8, I1, I8
from alvh.core.compiled import compiled
from alvh.core.errors import InvariantError
from alvh.execution.fees import Rates
from alvh.execution.fills import FillParameters, NetPrices, fraction, net_price, net_prices
from alvh.ledger.events import LegFill
from alvh.ledger.symbols import describe, instrument_symbol
from alvh.market.chain import ExpirySlice, Origin, QuoteStatus
from alvh.market.contracts import Future, Option, Right, Share
from alvh.market.products import TICK_CHANGES, product_of, tick_era, tick_rule
from alvh.market.view import View
from alvh.pricing.modelled.together import modelled_row, quote_row

__all__ = [
    "LegQuote",
    "NoQuote",
    "PackageQuote",
    "PriceList",
    "close_quote",
    "closing_debits",
    "closing_prices",
    "executable",
    "executable_condors",
]


_STATUSES = tuple(QuoteStatus)
_PACKAGES = 64
_ZERO_BID = int(QuoteStatus.ZERO_BID)
_FINE = 1e8


class LegQuote(msgspec.Struct, frozen=True, gc=False):
    """Quote of one leg in the direction of the trade; `price` is what the fill model assigns to it, points."""

    leg: Leg
    bid: float
    ask: float
    status: QuoteStatus
    origin: Origin
    price: float


class PackageQuote(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A package that can be traded.

    Attributes
    ----------
    natural, mid : float, points per package, positive when received
    price : Decimal, points per package
        What the fill model gives, on the tick.
    asked : tuple of Leg
    rows : list of rows of numbers, one a leg
        Bid, ask, status, the price assigned and the origin, as `leg_fills` and `legs` read them.
    """

    natural: float
    mid: float
    price: Decimal
    asked: tuple[Leg, ...]
    rows: list[list[float]]

    @property
    def legs(self) -> tuple[LegQuote, ...]:
        """The quotes of the legs; their prices add up to `price`."""
        return tuple(
            [
                LegQuote(
                    leg, row[_BID], row[_ASK], _STATUSES[int(row[_STATUS])], _ORIGINS[int(row[_ORIGIN])], row[_PAID]
                )
                for leg, row in zip(self.asked, self.rows, strict=True)
            ]
        )

    def fills(self, quantity: int, rates: Rates) -> tuple[LegFill, ...]:
        """Write down how the legs of so many packages were priced."""
        several = len(self.asked) > 1
        return tuple(
            [
                LegFill(
                    symbol=instrument_symbol(leg.instrument),
                    ratio=leg.ratio,
                    bid=row[_BID],
                    ask=row[_ASK],
                    price=row[_PAID],
                    fee=rates.fee(leg.instrument, row[_PAID], leg.ratio * quantity, several_legs=several),
                    origin=_NAMES[int(row[_ORIGIN])],
                )
                for leg, row in zip(self.asked, self.rows, strict=True)
            ]
        )


class NoQuote(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A package that cannot be traded now, and the leg and quote that say why."""

    reason: str


def executable(view: View, legs: Sequence[Leg], parameters: FillParameters) -> PackageQuote | NoQuote:
    """Price a package at a view.

    Parameters
    ----------
    legs : sequence of Leg
        Trade directions: positive ratios buy, negative sell.
    """
    row, table = None, _one_expiry(legs)
    if table is not None:
        first = legs[0].instrument
        row = modelled_row(view.slice(first.root, first.expiry)) if isinstance(first, Option) else None
    if table is None or row is None:
        table = _asked(view, legs)
    natural, mid, price, fillable = _price(
        _NO_ROW if row is None else row,
        table,
        fraction(parameters, len(legs)),
        _tick(legs),
        *_single_ticks(legs[0].instrument.root, tick_era(view.session)),
    )
    rows: list[list[float]] = table.tolist()
    if not fillable:
        return NoQuote(reason=_refusal(legs, rows, view.session))
    return PackageQuote(natural=natural, mid=mid, price=Decimal(repr(price)), asked=tuple(legs), rows=rows)


class PriceList(Remembered[tuple[Leg, ...], PackageQuote | NoQuote]):
    """`executable` at one view under one fill model, asked once for each package however many rooms ask."""

    def __init__(self, view: View, parameters: FillParameters) -> None:
        super().__init__(lambda legs: executable(view, legs, parameters), size=_PACKAGES)


def executable_condors(
    quotes: ExpirySlice,
    put_long: F8,
    put_short: F8,
    call_short: F8,
    call_long: F8,
    parameters: FillParameters,
) -> NetPrices:
    """Price the sale of n condors of one expiry at once.

    Parameters
    ----------
    put_long, put_short, call_short, call_long : (n,) arrays, strikes in points

    Returns
    -------
    NetPrices
        `price` is the executable credit, the one `route` fills at on the same view.
    """
    n = put_long.size
    strikes = np.empty((n, 4))
    strikes[:, 0], strikes[:, 1], strikes[:, 2], strikes[:, 3] = put_long, put_short, call_short, call_long
    shape = _condor_shape(n)
    found = quotes.quote(strikes.ravel(), shape.is_put)
    tick = float(product_of(Option(quotes.root, quotes.expiry, 0.0, Right.PUT)).package_tick)
    share = fraction(parameters, 4)
    return net_prices(shape.start, found.bid, found.ask, found.status, shape.ratio, np.full(n, share), np.full(n, tick))


def closing_prices(marks: Marks, parameters: FillParameters) -> NetPrices:
    """Price the closing of every position of marks, at their own view, in the order of `marks.positions`.

    A short condor's `price` is negative: the debit to close is ``-price``.
    """
    prices, ok = _closings(marks, parameters)
    return NetPrices(natural=prices[0], mid=prices[1], price=prices[2], ok=ok)


def closing_debits(marks: Marks, parameters: FillParameters) -> F8:
    """Return the executable debit to close every position of marks, points, positive paid.

    Infinite where a leg has no quote today. A wing nobody bids for is counted at nothing, as if it were left behind.
    """
    prices, _ = _closings(marks, parameters)
    debits: F8 = prices[3]
    return debits


def _closings(marks: Marks, parameters: FillParameters) -> tuple[F8, B1]:
    """Rows: natural, mid, price, debit; and where a position can be closed whole."""
    table = marks.table
    p = len(table.positions)
    prices, ok = np.empty((4, p)), np.empty(p, dtype=np.bool_)
    _close(
        table.leg_start,
        table.leg_contract,
        table.code,
        table.legs,
        table.facts,
        marks.columns.numbers,
        marks.columns.codes,
        _shares(parameters),
        tick_table(marks.session),
        prices,
        ok,
    )
    return prices, ok


@compiled
def _close(
    leg_start: I8,
    leg_contract: I8,
    code: I8,
    legs: F8,
    facts: F8,
    numbers: F8,
    codes: I1,
    shares: F8,
    ticks: F8,
    prices: F8,
    ok: B1,
) -> None:
    for p in range(ok.shape[0]):
        first, n = leg_start[p], leg_start[p + 1] - leg_start[p]
        tick = facts[p, PACKAGE_TICK]
        if n == 1:
            # The tick of a single option depends on its price.
            only = leg_contract[first]
            below, boundary, above = ticks[root_of(code[only])]
            tick = below if numbers[ASK, only] < boundary else above
        bid, ask, status, ratio = np.empty(n), np.empty(n), np.empty(n, np.int8), np.empty(n)
        for j in range(n):
            c = leg_contract[first + j]
            bid[j], ask[j], status[j] = numbers[BID, c], numbers[ASK, c], codes[STATUS, c]
            ratio[j] = -legs[first + j, RATIO]
        share = shares[min(n, shares.shape[0]) - 1]
        prices[0, p], prices[1, p], prices[2, p], ok[p] = net_price(bid, ask, status, ratio, share, tick)
        stale = False
        for j in range(n):
            stale |= codes[STALE, leg_contract[first + j]] != 0
        prices[3, p] = np.inf if stale else -(prices[2, p] if ok[p] else prices[0, p])


def _read_shares(parameters: FillParameters) -> F8:
    """Fractions of packages of 1, 2, 3, ... legs; the last also for more."""
    return np.array([fraction(parameters, legs) for legs in range(1, len(parameters.fractions.value) + 2)])


_shares = Remembered(_read_shares, size=16)


def close_quote(view: View, legs: Sequence[Leg], parameters: FillParameters) -> PackageQuote | NoQuote:
    """Price the closing of held legs at a view: the same package with every direction reversed."""
    return executable(view, [Leg(instrument=leg.instrument, ratio=-leg.ratio) for leg in legs], parameters)


_COLUMNS = 8
_STRIKE, _IS_PUT, _WANTED, _BID, _ASK, _STATUS, _PAID, _ORIGIN = range(_COLUMNS)
_ORIGINS = tuple(Origin)
_NAMES = tuple(origin.value for origin in Origin)
_RECORDED, _MODELLED = float(_ORIGINS.index(Origin.RECORDED)), float(_ORIGINS.index(Origin.MODELLED))
_NO_ROW = np.zeros(0)


def _one_expiry(legs: Sequence[Leg]) -> F8 | None:
    """Lay out options of one root and expiry, their quotes still to be asked; None for anything else."""
    first = legs[0].instrument
    if not isinstance(first, Option):
        return None
    root, expiry = first.root, first.expiry
    rows: list[tuple[float, ...]] = []
    for leg in legs:
        one = leg.instrument
        if not isinstance(one, Option) or one.root != root or one.expiry != expiry:
            return None
        rows.append((one.strike, one.right is Right.PUT, leg.ratio, 0.0, 0.0, 0.0, 0.0, _MODELLED))
    return np.array(rows, dtype=np.float64)


def _asked(view: View, legs: Sequence[Leg]) -> F8:
    """Lay out legs with their quotes, one question per expiry."""
    table = np.zeros((len(legs), _COLUMNS))
    table[:, _WANTED] = [leg.ratio for leg in legs]
    table[:, _STATUS] = float(QuoteStatus.ABSENT)
    wanted: dict[tuple[str, date], list[int]] = defaultdict(list)
    for place, leg in enumerate(legs):
        if isinstance(leg.instrument, Option):
            wanted[leg.instrument.root, leg.instrument.expiry].append(place)
            table[place, _STRIKE], table[place, _IS_PUT] = leg.instrument.strike, leg.instrument.is_put
        else:
            _ask_linear(table[place], leg.instrument, view)
    for (root, expiry), places in wanted.items():
        quotes = view.slice(root, expiry)
        if quotes is not None:
            found = quotes.quote(table[places, _STRIKE], table[places, _IS_PUT] != 0.0)
            table[places, _BID], table[places, _ASK], table[places, _STATUS] = found.bid, found.ask, found.status
            table[places, _ORIGIN] = float(_ORIGINS.index(quotes.origin))
    return table


def _ask_linear(row: F8, instrument: Future | Share, view: View) -> None:
    quote = linear_quote(instrument, view)
    if quote is not None:
        row[_BID], row[_ASK], row[_STATUS] = quote.bid, quote.ask, float(QuoteStatus.OK)
        row[_ORIGIN] = float(_ORIGINS.index(quote.origin))


def _refusal(legs: Sequence[Leg], rows: list[list[float]], session: date) -> str:
    """Name the first leg that cannot be traded, and the quote that says why."""
    for leg, row in zip(legs, rows, strict=True):
        name, status = describe(leg.instrument), int(row[_STATUS])
        if status == QuoteStatus.ABSENT:
            return f"{name} has no quote on {session}"
        if status == QuoteStatus.CROSSED:
            return f"{name} is crossed on {session}: bid {row[_BID]:g} above ask {row[_ASK]:g}"
        if status == QuoteStatus.ZERO_BID and leg.ratio < 0:
            return f"{name} has no bid on {session} and was to be sold (ask {row[_ASK]:g})"
    raise InvariantError("a package with a quote for every leg was found unfillable", where=str(session))


def _tick(legs: Sequence[Leg]) -> float:
    """Tick of a package; zero for a single contract, whose tick depends on its price."""
    return 0.0 if len(legs) == 1 else max([package_tick(leg.instrument) for leg in legs])


@compiled
def _price(
    row: F8, table: F8, share: float, tick: float, below: float, boundary: float, above: float
) -> tuple[float, float, float, bool]:
    """Quote the legs of a modelled expiry, price the package, and give each leg its part of the price.

    Each leg pays the same fraction of its width, chosen so that the legs add up to the net price. Rounding moved the
    net price towards natural, so that fraction lies between the model's and one.
    """
    n = table.shape[0]
    bid, ask, status, ratio = np.empty(n), np.empty(n), np.empty(n, np.int8), np.empty(n)
    for i in range(n):
        if row.shape[0]:
            table[i, _BID], table[i, _ASK], table[i, _STATUS] = quote_row(
                row, table[i, _STRIKE], table[i, _IS_PUT] != 0.0
            )
        bid[i], ask[i], status[i], ratio[i] = (
            table[i, _BID],
            table[i, _ASK],
            np.int8(table[i, _STATUS]),
            table[i, _WANTED],
        )
    if n == 1:
        tick = below if ask[0] < boundary else above
    natural, mid, price, fillable = net_price(bid, ask, status, ratio, share, tick)
    width = 0.0
    for i in range(n):
        width += abs(ratio[i]) * (ask[i] - bid[i]) if status[i] != _ZERO_BID else 0.0
    paid = 1.0 - (price - natural) / width if width > 0.0 else share
    for i in range(n):
        part = (1.0 if status[i] == _ZERO_BID else paid) * (ask[i] - bid[i])
        table[i, _PAID] = round((bid[i] + part if ratio[i] > 0.0 else ask[i] - part) * _FINE) / _FINE
    return natural, mid, price, fillable


@dataclass(frozen=True, slots=True)
class _CondorShape:
    start: I8
    is_put: B1
    ratio: F8


@lru_cache(maxsize=512)
def _condor_shape(n: int) -> _CondorShape:
    return _CondorShape(
        start=np.arange(0, 4 * n + 1, 4, dtype=np.int64),
        is_put=np.tile(np.array([True, True, False, False]), n),
        ratio=np.tile(np.array([1.0, -1.0, -1.0, 1.0]), n),
    )


@lru_cache(maxsize=64)
def _single_ticks(root: str, era: int) -> tuple[float, float, float]:
    rule = tick_rule(root, TICK_CHANGES[era - 1] if era else date.min)
    return float(rule.below), float(rule.boundary), float(rule.above)
