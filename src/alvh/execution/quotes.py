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

from alvh.book.contract_columns import ASK, BID, STATUS
from alvh.book.identity import Remembered
from alvh.book.linear import linear_quote
from alvh.book.marks import Marks
from alvh.book.position_columns import PACKAGE_TICK, RATIO, root_of, tick_table
from alvh.book.positions import Leg
from alvh.core.arrays import B1, F8, I1, I8
from alvh.core.compiled import compiled
from alvh.execution.fills import FillParameters, NetPrices, fraction, net_price, net_prices
from alvh.ledger.symbols import describe
from alvh.market.chain import ExpirySlice, Origin, QuoteStatus
from alvh.market.contracts import Future, Instrument, Option, Right, Share
from alvh.market.products import TICK_CHANGES, product_of, tick_era, tick_rule
from alvh.market.view import View

__all__ = [
    "LegQuote",
    "NoQuote",
    "PackageQuote",
    "PriceList",
    "close_quote",
    "closing_prices",
    "executable",
    "executable_condors",
]


_STATUSES = tuple(QuoteStatus)
_PACKAGES = 64


class LegQuote(msgspec.Struct, frozen=True):
    """Quote of one leg in the direction of the trade; `price` is what the fill model assigns to it, points."""

    leg: Leg
    bid: float
    ask: float
    status: QuoteStatus
    origin: Origin
    price: float


class PackageQuote(msgspec.Struct, frozen=True, kw_only=True):
    """A package that can be traded.

    Attributes
    ----------
    natural, mid : float, points per package, positive when received
    price : Decimal, points per package
        What the fill model gives, on the tick.
    legs : tuple of LegQuote
        Their prices add up to `price`.
    """

    natural: float
    mid: float
    price: Decimal
    legs: tuple[LegQuote, ...]


class NoQuote(msgspec.Struct, frozen=True, kw_only=True):
    """A package that cannot be traded now, and the leg and quote that say why."""

    reason: str


def executable(view: View, legs: Sequence[Leg], parameters: FillParameters) -> PackageQuote | NoQuote:
    """Price a package at a view.

    Parameters
    ----------
    legs : sequence of Leg
        Trade directions: positive ratios buy, negative sell.
    """
    seen = _look(view, legs)
    for quote in seen:
        reason = _refusal(quote, view.session)
        if reason is not None:
            return NoQuote(reason=reason)
    share = fraction(parameters, len(legs))
    # Two arrays instead of six: their rows are what the kernel takes.
    columns = np.array([(quote.bid, quote.ask, leg.ratio) for quote, leg in zip(seen, legs, strict=True)]).T.copy()
    ends = np.array([share, _tick(seen, view.session)])
    status = np.array([quote.status for quote in seen], dtype=np.int8)
    found = net_prices(_one_package(len(legs)), columns[0], columns[1], status, columns[2], ends[:1], ends[1:])
    price, natural = found.price.item(), found.natural.item()
    return PackageQuote(
        natural=natural,
        mid=found.mid.item(),
        price=Decimal(repr(price)),
        legs=_assign(seen, price, natural, share),
    )


class PriceList(Remembered[tuple[Leg, ...], PackageQuote | NoQuote]):
    """`executable` at one view under one fill model, asked once for each package however many rooms ask."""

    def __init__(self, view: View, parameters: FillParameters) -> None:
        super().__init__(lambda legs: executable(view, legs, parameters), size=_PACKAGES)


@lru_cache(maxsize=64)
def _one_package(legs: int) -> I8:
    return np.array([0, legs])


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
    table = marks.table
    p = len(table.positions)
    prices, ok = np.empty((3, p)), np.empty(p, dtype=np.bool_)
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
    return NetPrices(natural=prices[0], mid=prices[1], price=prices[2], ok=ok)


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


def _read_shares(parameters: FillParameters) -> F8:
    """Fractions of packages of 1, 2, 3, ... legs; the last also for more."""
    return np.array([fraction(parameters, legs) for legs in range(1, len(parameters.fractions.value) + 2)])


_shares = Remembered(_read_shares, size=16)


def close_quote(view: View, legs: Sequence[Leg], parameters: FillParameters) -> PackageQuote | NoQuote:
    """Price the closing of held legs at a view: the same package with every direction reversed."""
    return executable(view, [Leg(instrument=leg.instrument, ratio=-leg.ratio) for leg in legs], parameters)


def _look(view: View, legs: Sequence[Leg]) -> tuple[LegQuote, ...]:
    """Quote every leg, one question per expiry; the prices are not assigned yet."""
    first = legs[0].instrument if legs else None
    if isinstance(first, Option) and all(_same_expiry(leg.instrument, first) for leg in legs):
        return tuple(_expiry(view.slice(first.root, first.expiry), legs))
    wanted: dict[tuple[str, date], list[int]] = defaultdict(list)
    found: dict[int, LegQuote] = {}
    for place, leg in enumerate(legs):
        if isinstance(leg.instrument, Option):
            wanted[leg.instrument.root, leg.instrument.expiry].append(place)
        else:
            found[place] = _linear(leg, leg.instrument, view)
    for (root, expiry), places in wanted.items():
        found.update(zip(places, _expiry(view.slice(root, expiry), [legs[place] for place in places]), strict=True))
    return tuple(found[place] for place in range(len(legs)))


def _same_expiry(one: Instrument, other: Option) -> bool:
    return isinstance(one, Option) and one.expiry == other.expiry and one.root == other.root


def _expiry(quotes: ExpirySlice | None, legs: Sequence[Leg]) -> list[LegQuote]:
    if quotes is None:
        return [_absent(leg) for leg in legs]
    options = [leg.instrument for leg in legs if isinstance(leg.instrument, Option)]
    found = quotes.quote(
        np.array([option.strike for option in options]), np.array([option.is_put for option in options], dtype=np.bool_)
    )
    columns = zip(legs, found.bid.tolist(), found.ask.tolist(), found.status.tolist(), strict=True)
    return [LegQuote(leg, bid, ask, _STATUSES[status], quotes.origin, 0.0) for leg, bid, ask, status in columns]


def _linear(leg: Leg, instrument: Future | Share, view: View) -> LegQuote:
    quote = linear_quote(instrument, view)
    if quote is None:
        return _absent(leg)
    return LegQuote(leg=leg, bid=quote.bid, ask=quote.ask, status=QuoteStatus.OK, origin=quote.origin, price=0.0)


def _absent(leg: Leg) -> LegQuote:
    return LegQuote(leg=leg, bid=0.0, ask=0.0, status=QuoteStatus.ABSENT, origin=Origin.RECORDED, price=0.0)


def _refusal(quote: LegQuote, session: date) -> str | None:
    if quote.status is QuoteStatus.OK:
        return None
    name = describe(quote.leg.instrument)
    if quote.status is QuoteStatus.ABSENT:
        return f"{name} has no quote on {session}"
    if quote.status is QuoteStatus.CROSSED:
        return f"{name} is crossed on {session}: bid {quote.bid:g} above ask {quote.ask:g}"
    if quote.status is QuoteStatus.ZERO_BID and quote.leg.ratio < 0:
        return f"{name} has no bid on {session} and was to be sold (ask {quote.ask:g})"
    return None


def _tick(seen: tuple[LegQuote, ...], session: date) -> float:
    if len(seen) == 1:
        return _single_tick(seen[0].leg.instrument.root, seen[0].ask, session)
    return max(float(product_of(quote.leg.instrument).package_tick) for quote in seen)


def _assign(seen: tuple[LegQuote, ...], price: float, natural: float, share: float) -> tuple[LegQuote, ...]:
    """Give each leg its price: the same fraction of every width, chosen so that the legs add up to the net price.

    Rounding moved the net price towards natural, so that fraction lies between the model's and one.
    """
    width = sum(
        abs(quote.leg.ratio) * (quote.ask - quote.bid) for quote in seen if quote.status is not QuoteStatus.ZERO_BID
    )
    paid = 1.0 - (price - natural) / width if width > 0.0 else share
    return tuple(
        LegQuote(quote.leg, quote.bid, quote.ask, quote.status, quote.origin, _leg_price(quote, paid)) for quote in seen
    )


def _leg_price(quote: LegQuote, paid: float) -> float:
    share = 1.0 if quote.status is QuoteStatus.ZERO_BID else paid
    part = share * (quote.ask - quote.bid)
    return round(quote.bid + part if quote.leg.ratio > 0 else quote.ask - part, 8)


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


def _single_tick(root: str, ask: float, session: date) -> float:
    below, boundary, above = _tick_floats(root, tick_era(session))
    return below if ask < boundary else above


@lru_cache(maxsize=64)
def _tick_floats(root: str, era: int) -> tuple[float, float, float]:
    rule = tick_rule(root, TICK_CHANGES[era - 1] if era else date.min)
    return float(rule.below), float(rule.boundary), float(rule.above)
