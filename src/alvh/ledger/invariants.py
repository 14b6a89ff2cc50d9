"""Invariants: what every run must hold, as a list of small functions.

Each looks at the ledger's entries and the equity rows, works the claim out again by itself, and returns a `Check`.
None of them raises: a broken invariant is a result that every report shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, SupportsFloat

import msgspec

from alvh.book.cents import ZERO
from alvh.book.identity import Remembered
from alvh.book.margin import reserved
from alvh.book.payoff import worst_loss
from alvh.book.positions import Book, Position, Sleeve
from alvh.core.errors import InvariantError, UsageError
from alvh.ledger.events import Closed, Event, Opened, Settled
from alvh.ledger.journal import EMPTY, apply, cash_effect, fold

__all__ = ["Check", "Row", "check_all"]

_CENT = 0.005
"""Half a cent: marks are floating point, so sums of them agree to less than this."""
_DUST = 1e-6
"""Points: quotes and prices are decimals of at most four places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One invariant with its verdict.

    Attributes
    ----------
    name : str
        Short, stable name, e.g. ``equity = cash + marks``.
    holds : bool
    sentence : str
        What was compared, over how many rows, and the worst case, for a person.
    worst : float
        Size of the worst deviation in the invariant's own unit; 0.0 when nothing deviated.
    """

    name: str
    holds: bool
    sentence: str
    worst: float


class Row(Protocol):
    """What the checks read of an equity row; amounts in USD."""

    @property
    def session(self) -> date:
        """Date of the row."""
        ...

    @property
    def cash(self) -> SupportsFloat:
        """Cash after the day's entries."""
        ...

    @property
    def equity(self) -> SupportsFloat:
        """Cash + marks."""
        ...

    @property
    def condor_mark(self) -> SupportsFloat:
        """Value of the condor sleeve at mid."""
        ...

    @property
    def hedge_mark(self) -> SupportsFloat:
        """Value of the hedge sleeve at mid."""
        ...

    @property
    def margin(self) -> SupportsFloat:
        """Margin of all condors."""
        ...


def check_all(events: Sequence[Event], rows: Sequence[Row], book: Book) -> tuple[Check, ...]:
    """Check every invariant of one run.

    Parameters
    ----------
    events : sequence of Event
        The whole ledger, in order.
    rows : sequence of Row
        One per session, ascending, taken after the session's entries.
    book : Book
        What the run held at the end.
    """
    replay = _replay(events, rows)
    return (
        cash_is_conserved(events, rows),
        equity_adds_up(rows),
        the_fold_is_the_book(replay, book),
        nothing_outlives_its_expiry(replay),
        settled_once(events),
        fees_are_costs(events),
        fills_are_honest(events),
        margin_covers_the_worst(replay),
        buying_power_is_never_negative(replay),
    )


def cash_is_conserved(events: Sequence[Event], rows: Sequence[Row]) -> Check:
    """Cash on every date is the sum of all entries up to it, fees taken off."""
    total, place, worst, when = ZERO, 0, 0.0, None
    for row in rows:
        while place < len(events) and events[place].session <= row.session:
            total += cash_effect(events[place])
            place += 1
        gap = _size(float(total) - float(row.cash))
        if gap > worst:
            worst, when = gap, row.session
    return _verdict(
        "cash = sum of entries",
        worst < _CENT and place == len(events),
        f"On {len(rows):,} dates cash was compared with the sum of {len(events):,} entries before it",
        f"the largest difference is {worst:.2f} USD",
        worst,
        when,
    )


def equity_adds_up(rows: Sequence[Row]) -> Check:
    """Equity on every date is cash plus the marks of both sleeves."""
    worst, when = 0.0, None
    for row in rows:
        gap = _size(float(row.equity) - float(row.cash) - float(row.condor_mark) - float(row.hedge_mark))
        if gap > worst:
            worst, when = gap, row.session
    return _verdict(
        "equity = cash + marks",
        worst < _CENT,
        f"On {len(rows):,} dates equity was compared with cash plus marks",
        f"the largest difference is {worst:.4f} USD",
        worst,
        when,
    )


def the_fold_is_the_book(replay: Replay, book: Book) -> Check:
    """Folding the ledger gives the holdings and cash the run ended with."""
    name = "ledger = book"
    compared = f"{replay.entries:,} entries were folded and compared with what the run held at the end"
    if isinstance(replay.end, InvariantError):
        return Check(name=name, holds=False, sentence=f"{compared}; they do not fold: {replay.end.sentence}", worst=1.0)
    gap = abs(float(replay.end.cash - book.cash))
    same = replay.end.positions == book.positions
    positions = "the same positions" if same else "other positions"
    return _verdict(name, same and gap == 0.0, compared, f"{positions}, cash differs by {gap:.2f} USD", gap, None)


def nothing_outlives_its_expiry(replay: Replay) -> Check:
    """No position holds a contract on a date after its expiry."""
    late, when = 0, None
    for day in replay.days:
        if day.expired > late:
            late, when = day.expired, day.row.session
    return _verdict(
        "nothing held after expiry",
        late == 0,
        f"On {len(replay.days):,} dates the expiries of all positions were looked at",
        f"{late} positions were held past their expiry" if late else "none was held past its expiry",
        float(late),
        when,
    )


def settled_once(events: Sequence[Event]) -> Check:
    """Each contract of each position settles at most once."""
    settled = [(event.position, event.symbol) for event in events if isinstance(event, Settled)]
    twice = len(settled) - len(set(settled))
    return _verdict(
        "settled once",
        twice == 0,
        f"{len(settled):,} settlements were counted",
        f"{twice} of them more than once" if twice else "none more than once",
        float(twice),
        None,
    )


def fees_are_costs(events: Sequence[Event]) -> Check:
    """Fees are never negative, and those of the legs add up to those of the package."""
    trades = [event for event in events if isinstance(event, Opened | Closed)]
    worst, total = ZERO, ZERO
    for event in trades:
        least = min((fill.fee for fill in event.fills), default=ZERO)
        worst = max(worst, -least, abs(sum((fill.fee for fill in event.fills), ZERO) - event.fees))
        total += event.fees
    return _verdict(
        "fees >= 0",
        worst <= 0,
        f"{len(trades):,} trades paid {total:,.2f} USD in fees",
        f"the largest fee below zero or missing from a total is {worst:.2f} USD",
        float(worst),
        None,
    )


def fills_are_honest(events: Sequence[Event]) -> Check:
    """Every package fills between natural and mid: never better than mid, never worse than the quotes."""
    trades = [event for event in events if isinstance(event, Opened | Closed)]
    worst, when = 0.0, None
    for event in trades:
        price = float(event.price)
        beyond = max(_excess(price - event.mid), _excess(event.natural - price))
        if beyond > max(worst, _DUST):
            worst, when = beyond, event.session
    return _verdict(
        "natural <= fill <= mid",
        worst == 0.0,
        f"{len(trades):,} package fills were compared with their quotes",
        f"the worst lies {worst:.4f} points outside" if worst else "each lies between natural and mid",
        worst,
        when,
    )


def margin_covers_the_worst(replay: Replay) -> Check:
    """Condor margin is never below the worst the condors could owe at settlement."""
    worst, when = 0.0, None
    for day in replay.days:
        short = _excess(day.owed - float(day.row.margin))
        if short > worst:
            worst, when = short, day.row.session
    unbounded = max((day.unbounded for day in replay.days), default=0)
    found = f"it falls short by at most {worst:,.2f} USD"
    return _verdict(
        "margin >= worst loss",
        worst < _CENT and not unbounded,
        f"On {len(replay.days):,} dates condor margin was compared with the worst payoff at any settlement value",
        f"{unbounded} positions can lose without bound" if unbounded else found,
        worst,
        when,
    )


def buying_power_is_never_negative(replay: Replay) -> Check:
    """Cash always covers what the positions reserve."""
    worst, when = 0.0, None
    for day in replay.days:
        short = _excess(day.reserved - float(day.row.cash))
        if short > worst:
            worst, when = short, day.row.session
    moving = max((day.moving for day in replay.days), default=0)
    aside = f" ({moving} positions whose margin moves with the market are left out)" if moving else ""
    return _verdict(
        "buying power >= 0",
        worst < _CENT,
        f"On {len(replay.days):,} dates cash was compared with what covered positions reserve{aside}",
        f"it falls short by at most {worst:,.2f} USD",
        worst,
        when,
    )


@dataclass(frozen=True, slots=True)
class Day:
    """What the ledger, replayed up to a row, says was held there.

    Attributes
    ----------
    expired : int
        Positions that hold a contract past its expiry.
    owed : float, USD
        Worst the condors could owe at settlement; `unbounded` of them have no worst and are not in it.
    reserved : float, USD
        What positions reserve; `moving` of them reserve with the market and are not in it.
    """

    row: Row
    expired: int
    owed: float
    unbounded: int
    reserved: float
    moving: int


@dataclass(frozen=True, slots=True)
class Replay:
    """The ledger replayed beside the rows, as far as it folds; `end` is its last book, or why it does not fold."""

    entries: int
    days: tuple[Day, ...]
    end: Book | InvariantError


def _replay(events: Sequence[Event], rows: Sequence[Row]) -> Replay:
    book, place, days = EMPTY, 0, []
    try:
        for row in rows:
            while place < len(events) and events[place].session <= row.session:
                book = apply(book, events[place])
                place += 1
            days.append(_day(row, book))
        book = fold(events[place:], book)
    except InvariantError as error:
        return Replay(len(events), tuple(days), error)
    return Replay(len(events), tuple(days), book)


def _day(row: Row, book: Book) -> Day:
    expired = unbounded = moving = 0
    owed = reserve = 0.0
    for position, risk in zip(book.positions, _risk.each(book.positions), strict=True):
        expired += risk.expiry is not None and risk.expiry < row.session
        if risk.reserved is None:
            moving += 1
        else:
            reserve += risk.reserved
        if position.sleeve is not Sleeve.CONDOR:
            continue
        if risk.owed is None:
            unbounded += 1
        else:
            owed += risk.owed
    return Day(row, expired, owed, unbounded, reserve, moving)


class _Risk(msgspec.Struct, frozen=True):
    expiry: date | None
    owed: float | None
    reserved: float | None


def _read_risk(position: Position) -> _Risk:
    owed = worst_loss(position.legs)
    return _Risk(position.expiry, None if owed is None else float(owed * position.quantity), _fixed_reserve(position))


def _fixed_reserve(position: Position) -> float | None:
    try:
        return float(reserved(position))
    except UsageError:
        return None


_risk = Remembered(_read_risk, size=8192)


def _size(gap: float) -> float:
    """Size of a difference; one that is not a number is as wrong as can be."""
    return math.inf if math.isnan(gap) else abs(gap)


def _excess(gap: float) -> float:
    return math.inf if math.isnan(gap) else gap


def _verdict(name: str, holds: bool, compared: str, found: str, worst: float, when: date | None) -> Check:
    on = f", on {when}" if when is not None and worst else ""
    return Check(name=name, holds=holds, sentence=f"{compared}; {found}{on}.", worst=worst)
