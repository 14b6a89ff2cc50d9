"""A position in numbers, worked out once in its life: what its legs are, and what the package as a whole is.

The table of a book (`leg_table`) joins the columns of its positions, so nothing is read from a position twice.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec
import numpy as np

from alvh.book.condor import Condor
from alvh.book.positions import Leg, Position, Sleeve
from alvh.book.reserve import bounded_loss, fixed_reserve, paid
from alvh.book.vx_terms import NO_CAP, Term, terms_of
from alvh.core.arrays import F8, I8
from alvh.core.compiled import inlined
from alvh.core.errors import UsageError
from alvh.market.contracts import Future, Instrument, Option, Right, Share
from alvh.market.products import PRODUCTS, SHARES, TICK_CHANGES, product_of, tick_era, tick_rule

__all__ = ["FACTS", "LEG_COLUMNS", "Family", "PositionColumns", "columns_of", "columns_of_all", "contract_code"]

LEG_COLUMNS = 9
STRIKE, IS_PUT, FAMILY, RATIO, USD, ENTRY, ENTRY_USD, VX_USD, VX_CAP = range(LEG_COLUMNS)
"""Numbers of a leg: points, 0 or 1, `Family`, contracts per package, USD per point, fill price (NaN where unknown),
value at which a future was opened in USD, and the term of its VX notional."""

FACTS = 20
(
    HEDGE,
    LEGS,
    PACKAGE_TICK,
    EXPIRY,
    QUANTITY,
    CREDIT,
    IS_CONDOR,
    PUT_SHORT,
    PUT_SPAN,
    CALL_SHORT,
    CALL_SPAN,
    SCALE,
    MARGIN,
    MAX_LOSS,
    MOVING,
    RESERVED,
    LOSS,
    CAPITAL,
    VX_PLAIN,
    LINEAR,
) = range(FACTS)
"""Numbers of a position. 1 or 0: in the hedge sleeve, read as a condor, margin moves with the market, VX notional is
one term a leg, holds futures or shares. `EXPIRY` is the ordinal of the earliest expiry, 0 without one. `MARGIN` and
`MAX_LOSS` of a condor in USD; `RESERVED`, `LOSS` and `CAPITAL` as in `totals.BookTotals`, in whole cents."""

# A code sorts contracts by kind, root, expiry, right and strike; each field has this many bits below it.
_STRIKE_BITS, _RIGHT_BITS, _DAY_BITS, _ROOT_BITS = 27, 1, 21, 6
GROUP_SHIFT = _STRIKE_BITS + _RIGHT_BITS
_ROOTS = {root: place for place, root in enumerate(sorted({*PRODUCTS, *SHARES}))}
_NAMES = tuple(_ROOTS)
_HUNDRED = 100


class Family:
    """What a contract's Greeks are measured against; codes of `LegTable.family`."""

    SPX = 0
    VIX = 1
    OTHER = 2


class PositionColumns(msgspec.Struct, frozen=True):
    """One position's numbers.

    Attributes
    ----------
    codes : (n,) array, `contract_code` of each leg
    legs : (n, 9) array
    facts : (20,) array
    expiry : date or None
        Earliest of the legs.
    """

    codes: I8
    legs: F8
    facts: F8
    expiry: date | None


def contract_code(instrument: Instrument) -> int:
    """Return a number by which contracts sort by kind, root, expiry, right and strike, one to one."""
    root = _ROOTS[instrument.root]
    if isinstance(instrument, Share):
        return _packed(2, root, 0) << GROUP_SHIFT
    if isinstance(instrument, Future):
        return _packed(1, root, instrument.expiry.toordinal()) << GROUP_SHIFT
    right_and_strike = (instrument.is_put << _STRIKE_BITS) | round(instrument.strike * 1000)
    return (_packed(0, root, instrument.expiry.toordinal()) << GROUP_SHIFT) | right_and_strike


@inlined
def root_of(code: int) -> int:
    """Return the place of a code's root, a row of `tick_table`."""
    return (code >> (GROUP_SHIFT + _DAY_BITS)) & ((1 << _ROOT_BITS) - 1)


def tick_table(session: date) -> F8:
    """Return ticks of single contracts by root, (roots, 3): below the boundary, boundary, from it on; points."""
    return _ticks(tick_era(session))


@lru_cache(maxsize=8)
def _ticks(era: int) -> F8:
    day = TICK_CHANGES[era - 1] if era else date.min
    rules = [tick_rule(root, day) for root in _NAMES]
    return np.array([(float(rule.below), float(rule.boundary), float(rule.above)) for rule in rules])


@lru_cache(maxsize=4096)
def group_of(key: int) -> tuple[str, date]:
    """Return the root and expiry of an option's code without its right and strike."""
    return _NAMES[(key >> _DAY_BITS) & ((1 << _ROOT_BITS) - 1)], date.fromordinal(key & ((1 << _DAY_BITS) - 1))


def _packed(kind: int, root: int, day: int) -> int:
    return (((kind << _ROOT_BITS) | root) << _DAY_BITS) | day


def package_tick(instrument: Instrument) -> float:
    """Return the tick of a package with this instrument among its legs, points."""
    return _kind(instrument).package_tick


class _Kind(msgspec.Struct, frozen=True):
    """What a root and type of instrument share."""

    multiplier: int
    family: int
    package_tick: float


def _kind(instrument: Instrument) -> _Kind:
    found = _KINDS.get((type(instrument), instrument.root))
    return found if found is not None else _read_kind(instrument)


_KINDS: dict[tuple[type, str], _Kind] = {}


def _read_kind(instrument: Instrument) -> _Kind:
    item = product_of(instrument)
    family = {"SPX": Family.SPX, "XSP": Family.SPX, "VIX": Family.VIX}.get(item.underlying, Family.OTHER)
    if isinstance(instrument, Share) or (not item.european and isinstance(instrument, Option)):
        family = Family.OTHER
    kind = _KINDS[type(instrument), instrument.root] = _Kind(item.multiplier, family, float(item.package_tick))
    return kind


def _read_columns(position: Position) -> PositionColumns:
    legs = position.legs
    entries = position.entries or (np.nan,) * len(legs)
    linear = any(not isinstance(leg.instrument, Option) for leg in legs)
    if linear and not position.entries and any(isinstance(leg.instrument, Future) for leg in legs):
        raise UsageError(
            "a future is held without the price it was opened at, so it has no value.",
            where=f"position {position.id}",
            fix="Give the position its entries.",
        )
    terms, plain = _leg_terms(position)
    found = _one_expiry(position, entries, terms)
    if found is None:
        rows = [
            _numbers(leg, position.quantity, entry, term) for leg, entry, term in zip(legs, entries, terms, strict=True)
        ]
        found = [contract_code(leg.instrument) for leg in legs], rows
    codes, numbers = np.array(found[0], dtype=np.int64), np.array(found[1], dtype=np.float64)
    return PositionColumns(codes, numbers, _facts(position, linear=linear, plain=plain), position.expiry)


def _one_expiry(
    position: Position, entries: tuple[float, ...], terms: list[tuple[float, float]]
) -> tuple[list[int], list[tuple[float, ...]]] | None:
    """Read options of one root and expiry, as nearly all positions are; None for anything else."""
    first = position.legs[0].instrument
    if not isinstance(first, Option):
        return None
    root, expiry, kind = first.root, first.expiry, _kind(first)
    group, usd = _packed(0, _ROOTS[root], expiry.toordinal()) << GROUP_SHIFT, position.quantity * kind.multiplier
    codes: list[int] = []
    rows: list[tuple[float, ...]] = []
    for leg, entry, term in zip(position.legs, entries, terms, strict=True):
        option, ratio = leg.instrument, leg.ratio
        if not isinstance(option, Option) or option.root != root or option.expiry != expiry:
            return None
        strike, put = option.strike, option.right is Right.PUT
        codes.append(group | put << _STRIKE_BITS | round(strike * 1000))
        rows.append((strike, put, kind.family, ratio, ratio * usd, entry, 0.0, *term))
    return codes, rows


def _numbers(leg: Leg, quantity: int, entry: float, term: tuple[float, float]) -> tuple[float, ...]:
    item = leg.instrument
    kind = _kind(item)
    usd = leg.ratio * quantity * kind.multiplier
    if isinstance(item, Option):
        return item.strike, item.is_put, kind.family, leg.ratio, usd, entry, 0.0, *term
    return 1.0, 0.0, kind.family, leg.ratio, usd, entry, usd * entry if isinstance(item, Future) else 0.0, *term


_NOTHING = (0.0, NO_CAP)


def _leg_terms(position: Position) -> tuple[list[tuple[float, float]], bool]:
    """Give each leg its term of VX notional; also whether that says all: one term a leg, no shares."""
    terms = [_NOTHING] * len(position.legs)
    if position.sleeve is not Sleeve.HEDGE:
        return terms, True
    if len(position.legs) == 1 and isinstance(position.legs[0].instrument, Option):
        # A call on VIX, nearly always.
        found = terms_of(position)
        return ([(found[0].usd, found[0].cap)] if len(found) == 1 else terms), len(found) <= 1
    plain = True
    by_instrument: dict[Instrument, Term] = {}
    for term in terms_of(position):
        plain &= term.instrument not in by_instrument and not isinstance(term.instrument, Share)
        by_instrument[term.instrument] = term
    for place, leg in enumerate(position.legs):
        own = by_instrument.get(leg.instrument)
        if own is not None:
            terms[place] = (own.usd, own.cap)
    return terms, plain


def _facts(position: Position, *, linear: bool, plain: bool) -> F8:
    is_hedge = position.sleeve is Sleeve.HEDGE
    expiry = position.expiry
    facts = np.zeros(FACTS)
    facts[HEDGE], facts[LEGS], facts[VX_PLAIN], facts[LINEAR] = is_hedge, len(position.legs), plain, linear
    facts[PACKAGE_TICK] = max([_kind(leg.instrument).package_tick for leg in position.legs])
    facts[EXPIRY] = 0 if expiry is None else expiry.toordinal()
    facts[QUANTITY], facts[CREDIT] = position.quantity, float(position.price)
    condor = None if is_hedge else Condor.of(position)
    if condor is None:
        fixed = fixed_reserve(position)
        loss = bounded_loss(position) if fixed and not is_hedge else None
    else:
        fixed, loss = condor.margin, condor.max_loss
        facts[IS_CONDOR], facts[SCALE] = 1.0, condor.scale
        facts[PUT_SHORT], facts[PUT_SPAN] = condor.put_short, condor.put_short - condor.put_long
        facts[CALL_SHORT], facts[CALL_SPAN] = condor.call_short, condor.call_long - condor.call_short
        facts[MARGIN], facts[MAX_LOSS] = float(fixed), float(loss)
    if fixed is None or (fixed and not is_hedge and loss is None):
        facts[MOVING] = 1.0
        return facts
    facts[RESERVED] = int(fixed * _HUNDRED)
    facts[LOSS] = 0 if loss is None else int(loss * _HUNDRED)
    facts[CAPITAL] = int((fixed or paid(position)) * _HUNDRED) if is_hedge else 0
    return facts


def columns_of(position: Position) -> PositionColumns:
    """Return the columns of a position, worked out when first asked for and kept with it.

    Raises
    ------
    UsageError
        A future is held without the price it was opened at.
    """
    found = position.columns
    if found is None:
        found = _read_columns(position)
        # A note on an immutable value, not a change of it: it takes no part in comparison, text or copies.
        object.__setattr__(position, "columns", found)
    return found


def columns_of_all(positions: tuple[Position, ...]) -> list[PositionColumns]:
    """Return the columns of several positions."""
    return [position.columns or columns_of(position) for position in positions]
