"""What a position counts in VX notional (rulebook section 0).

It is a sum of terms: USD per point times the lesser of a forward and a cap. A long VIX call counts its multiplier
times the VX forward of its expiry. A VIX call vertical counts at most the distance of its strikes, with the sign of
its lower leg. Futures and shares count their price.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from alvh.book.identity import Remembered
from alvh.book.positions import Position
from alvh.market.contracts import Instrument, Option, Share
from alvh.market.products import product_of

__all__ = ["NO_CAP", "Term", "terms_of"]

NO_CAP = float("inf")


@dataclass(frozen=True, slots=True)
class Term:
    """`usd` x min(forward or price of the instrument, `cap`)."""

    instrument: Instrument
    usd: float
    cap: float


def _read_terms(position: Position) -> tuple[Term, ...]:
    calls: dict[tuple[str, date], list[tuple[Option, int]]] = defaultdict(list)
    terms: list[Term] = []
    for leg in position.legs:
        item = product_of(leg.instrument)
        usd = float(item.multiplier * position.quantity * leg.ratio)
        if isinstance(leg.instrument, Option):
            if item.underlying == "VIX" and not leg.instrument.is_put:
                calls[leg.instrument.root, leg.instrument.expiry].append((leg.instrument, leg.ratio))
        elif isinstance(leg.instrument, Share) or item.underlying == "VIX":
            terms.append(Term(leg.instrument, usd, NO_CAP))
    for group in calls.values():
        terms.extend(_call_terms(group, position.quantity))
    return tuple(terms)


def _call_terms(calls: list[tuple[Option, int]], quantity: int) -> list[Term]:
    """Pair long and short calls from the lowest strike up; what pairs is a vertical, the rest stands alone."""
    longs = _units(calls, sign=1)
    shorts = _units(calls, sign=-1)
    paired = min(len(longs), len(shorts))
    usd = float(product_of(calls[0][0]).multiplier * quantity)
    terms: list[Term] = []
    for long, short in zip(longs[:paired], shorts[:paired], strict=True):
        sign = 1.0 if long.strike < short.strike else -1.0
        terms.append(Term(long, sign * usd, abs(short.strike - long.strike)))
    terms.extend(Term(long, usd, NO_CAP) for long in longs[paired:])
    terms.extend(Term(short, -usd, NO_CAP) for short in shorts[paired:])
    return terms


def _units(calls: list[tuple[Option, int]], *, sign: int) -> list[Option]:
    return sorted(option for option, ratio in calls if ratio * sign > 0 for _ in range(abs(ratio)))


terms_of: Remembered[Position, tuple[Term, ...]] = Remembered(_read_terms, size=8192)
"""Terms of a position; remembered."""
