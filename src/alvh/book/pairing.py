"""Pair short options with long ones of the same right and expiry so that the requirement is least.

1. Every short that a long can cover is covered; a covered short needs its width, ``max(0, K_short - K_long)`` for
   puts, mirrored for calls.
2. A put spread and a call spread of one expiry make a condor, which needs the wider of its widths only, when the
   short put does not stand above the short call. Where they overlap both sides can lose at once, and the most the
   two can lose together is needed.
3. The first try pairs in sorted order: nearest shorts with nearest longs, widest spread with widest. No pairing can
   need less than the worst loss at settlement, so where the first try meets that bound it is the least and the search
   ends there: always so for verticals and condors.
4. Otherwise every pairing is tried, up to `_EXHAUSTIVE` contracts of one right and sign; beyond that the sorted order
   is kept, which may ask for more than the least, never for less than the worst loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import permutations

from alvh.book.cents import points
from alvh.book.payoff import payoff
from alvh.book.positions import Leg
from alvh.market.contracts import Option

__all__ = ["Pairing", "least_pairings"]

_EXHAUSTIVE = 4
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """One way to cover the shorts of a package.

    Attributes
    ----------
    covered : Decimal, points per package
        Requirement of all spreads and condors.
    bare : tuple of Option
        Shorts without cover, one entry per contract.
    """

    covered: Decimal
    bare: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class _Spread:
    """A covered short: its width and the strikes of the short and of its cover, points."""

    width: Decimal
    short: Decimal
    cover: Decimal


@dataclass(frozen=True, slots=True)
class _Side:
    """Covered and uncovered shorts of one right."""

    spreads: tuple[_Spread, ...]
    bare: tuple[Option, ...]


@lru_cache(maxsize=1024)
def least_pairings(legs: tuple[Leg, ...]) -> tuple[Pairing, ...]:
    """List the pairings worth considering for option legs that share root and expiry.

    Returns
    -------
    tuple of Pairing
        One per distinct set of uncovered shorts, each with the least requirement for its covered ones.
    """
    puts, calls = _units(legs, put=True), _units(legs, put=False)
    first = _in_order(_sorted_side(*puts), _sorted_side(*calls))
    too_many = max(len(side) for pair in (puts, calls) for side in pair) > _EXHAUSTIVE
    if too_many or (not first.bare and first.covered == _bound(legs)):
        return (first,)
    least: dict[tuple[Option, ...], Pairing] = {first.bare: first}
    for put_side in _sides(*puts):
        for call_side in _sides(*calls):
            pairing = _best(put_side, call_side)
            known = least.get(pairing.bare)
            if known is None or pairing.covered < known.covered:
                least[pairing.bare] = pairing
    return tuple(least.values())


def _units(legs: Sequence[Leg], *, put: bool) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    shorts: list[Option] = []
    longs: list[Option] = []
    for leg in legs:
        if isinstance(leg.instrument, Option) and leg.instrument.is_put is put:
            (shorts if leg.ratio < 0 else longs).extend([leg.instrument] * abs(leg.ratio))
    # Sorted from the leg nearest to trouble: high puts, low calls.
    shorts.sort(key=lambda option: option.strike, reverse=put)
    longs.sort(key=lambda option: option.strike, reverse=put)
    return tuple(shorts), tuple(longs)


def _spread(short: Option, cover: Option) -> _Spread:
    strike, covered_at = points(short.strike), points(cover.strike)
    gap = strike - covered_at
    return _Spread(max(_ZERO, gap if short.is_put else -gap), strike, covered_at)


def _sorted_side(shorts: tuple[Option, ...], longs: tuple[Option, ...]) -> _Side:
    pairs = list(zip(shorts, longs, strict=False))
    return _Side(tuple(_spread(short, cover) for short, cover in pairs), shorts[len(pairs) :])


def _sides(shorts: tuple[Option, ...], longs: tuple[Option, ...]) -> Iterator[_Side]:
    if len(longs) >= len(shorts):
        for chosen in set(permutations(longs, len(shorts))):
            yield _Side(tuple(_spread(short, cover) for short, cover in zip(shorts, chosen, strict=True)), ())
        return
    for chosen in set(permutations(shorts, len(longs))):
        bare = list(shorts)
        for short in chosen:
            bare.remove(short)
        yield _Side(tuple(_spread(short, cover) for short, cover in zip(chosen, longs, strict=True)), tuple(bare))


def _in_order(put_side: _Side, call_side: _Side) -> Pairing:
    """Pair the widest put spread with the widest call spread, and so on down."""
    puts = sorted(put_side.spreads, key=lambda spread: spread.width, reverse=True)
    calls = sorted(call_side.spreads, key=lambda spread: spread.width, reverse=True)
    return Pairing(covered=_total(puts, calls), bare=put_side.bare + call_side.bare)


def _best(put_side: _Side, call_side: _Side) -> Pairing:
    """Try every way to join put spreads with call spreads, the shorter list against each order of the longer."""
    few, many = sorted((put_side.spreads, call_side.spreads), key=len)
    puts_are_few = few is put_side.spreads
    least = min(_total(few, order) if puts_are_few else _total(order, few) for order in set(permutations(many)))
    return Pairing(covered=least, bare=put_side.bare + call_side.bare)


def _total(puts: Sequence[_Spread], calls: Sequence[_Spread]) -> Decimal:
    joined = min(len(puts), len(calls))
    total = sum((_joint(put, call) for put, call in zip(puts, calls, strict=False)), _ZERO)
    return total + sum((spread.width for spread in (*puts[joined:], *calls[joined:])), _ZERO)


def _joint(put: _Spread, call: _Spread) -> Decimal:
    if put.short <= call.short:
        return max(put.width, call.width)
    return max(_loss(put, call, value) for value in (put.cover, put.short, call.short, call.cover))


def _loss(put: _Spread, call: _Spread, value: Decimal) -> Decimal:
    return min(max(_ZERO, put.short - value), put.width) + min(max(_ZERO, value - call.short), call.width)


def _bound(legs: Sequence[Leg]) -> Decimal:
    kinks = [points(leg.instrument.strike) for leg in legs if isinstance(leg.instrument, Option)]
    return max(_ZERO, *(-payoff(legs, value) for value in (_ZERO, *kinks)))
