"""Pair short options with long ones of the same right and expiry so that the requirement is least.

1. Every short that a long can cover is covered; a covered short needs its width, ``max(0, K_short - K_long)`` for
   puts, mirrored for calls.
2. A put spread and a call spread of one expiry make a condor, which needs the wider of its widths only. For given
   widths the least sum of maxima pairs the widest with the widest (``max(a, b) = (a + b + |a - b|) / 2``, and sorted
   order is the least sum of distances).
3. The first try covers in sorted order. No pairing can need less than the worst loss at settlement, so where the
   first try meets that bound it is the least and the search ends there: always so for verticals and condors.
4. Otherwise every pairing is tried, up to `_EXHAUSTIVE` contracts a side; beyond that sorted order is kept, which
   may ask for more than the least, never for less than the worst loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import permutations, zip_longest

from alvh.book.cents import points
from alvh.book.payoff import payoff
from alvh.book.positions import Leg
from alvh.market.contracts import Option

__all__ = ["Pairing", "least_pairings"]

_EXHAUSTIVE = 5
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
class _Side:
    widths: tuple[Decimal, ...]
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
    if max(len(side) for pair in (puts, calls) for side in pair) > _EXHAUSTIVE:
        return (_pair(_sorted_side(*puts), _sorted_side(*calls)),)
    first = _pair(_sorted_side(*puts), _sorted_side(*calls))
    if not first.bare and first.covered == _bound(legs):
        return (first,)
    least: dict[tuple[Option, ...], Pairing] = {}
    for put_side in _sides(*puts):
        for call_side in _sides(*calls):
            pairing = _pair(put_side, call_side)
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


def _width(short: Option, cover: Option) -> Decimal:
    gap = points(short.strike) - points(cover.strike)
    return max(_ZERO, gap if short.is_put else -gap)


def _sorted_side(shorts: tuple[Option, ...], longs: tuple[Option, ...]) -> _Side:
    pairs = list(zip(shorts, longs, strict=False))
    return _Side(tuple(_width(short, cover) for short, cover in pairs), shorts[len(pairs) :])


def _sides(shorts: tuple[Option, ...], longs: tuple[Option, ...]) -> Iterator[_Side]:
    if len(longs) >= len(shorts):
        for chosen in set(permutations(longs, len(shorts))):
            yield _Side(tuple(_width(short, cover) for short, cover in zip(shorts, chosen, strict=True)), ())
        return
    for chosen in set(permutations(shorts, len(longs))):
        bare = list(shorts)
        for short in chosen:
            bare.remove(short)
        yield _Side(tuple(_width(short, cover) for short, cover in zip(chosen, longs, strict=True)), tuple(bare))


def _pair(put_side: _Side, call_side: _Side) -> Pairing:
    both = zip_longest(sorted(put_side.widths, reverse=True), sorted(call_side.widths, reverse=True), fillvalue=_ZERO)
    return Pairing(covered=sum((max(put, call) for put, call in both), _ZERO), bare=put_side.bare + call_side.bare)


def _bound(legs: Sequence[Leg]) -> Decimal:
    kinks = [points(leg.instrument.strike) for leg in legs if isinstance(leg.instrument, Option)]
    return max(_ZERO, *(-payoff(legs, value) for value in (_ZERO, *kinks)))
