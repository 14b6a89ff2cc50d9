"""The ledger folded again beside the rows of a run: what it says was held on each date, and what must hold of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from alvh.book.identity import Remembered
from alvh.book.margin import reserved
from alvh.book.payoff import worst_loss
from alvh.book.positions import Book, Position, Sleeve
from alvh.core.errors import InvariantError, UsageError
from alvh.ledger.check import CENT, Check, Row, Worst, excess, verdict
from alvh.ledger.events import Event
from alvh.ledger.journal import EMPTY, fold


class Replay:
    """The ledger folded again beside the rows, as far as it folds, and what it says was held on each date."""

    __slots__ = (
        "_book",
        "_broken",
        "_dates",
        "_entries",
        "_held",
        "_late",
        "_moving",
        "_power",
        "_short",
        "_unbounded",
    )

    def __init__(self) -> None:
        self._book, self._held = EMPTY, _Held((), 0.0, 0, 0.0, 0, date.max)
        self._broken: InvariantError | None = None
        self._entries = self._dates = self._unbounded = self._moving = 0
        self._late, self._short, self._power = Worst(), Worst(), Worst()

    def take(self, entries: Sequence[Event], row: Row | None) -> None:
        """Fold a session's entries and look at what is held beside its row."""
        self._entries += len(entries)
        if self._broken is not None:
            return
        try:
            self._book = fold(entries, self._book)
        except InvariantError as error:
            self._broken = error
            return
        if row is not None:
            self._look(row)

    def _look(self, row: Row) -> None:
        if self._book.positions is not self._held.positions:
            self._held = _hold(self._book.positions)
        held, session = self._held, row.session
        self._dates += 1
        if held.first_expiry < session:
            self._late.take(float(sum(_is_past(each.expiry, session) for each in held.positions)), session)
        self._unbounded = max(self._unbounded, held.unbounded)
        self._moving = max(self._moving, held.moving)
        self._short.take(excess(held.owed - float(row.margin)), session)
        self._power.take(excess(held.reserved - float(row.cash)), session)

    def the_fold_is_the_book(self, book: Book) -> Check:
        """Folding the ledger gives the holdings and cash the run ended with."""
        name = "ledger = book"
        compared = f"{self._entries:,} entries were folded and compared with what the run held at the end"
        if self._broken is not None:
            said = f"{compared}; they do not fold: {self._broken.sentence}"
            return Check(name=name, holds=False, sentence=said, worst=1.0)
        gap = abs(float(self._book.cash - book.cash))
        same = self._book.positions == book.positions
        positions = "the same positions" if same else "other positions"
        return verdict(name, same and gap == 0.0, compared, f"{positions}, cash differs by {gap:.2f} USD", gap, None)

    def nothing_outlives_its_expiry(self) -> Check:
        """No position holds a contract on a date after its expiry."""
        late = self._late
        return verdict(
            "nothing held after expiry",
            late.size == 0,
            f"On {self._dates:,} dates the expiries of all positions were looked at",
            f"{late.size:.0f} positions were held past their expiry" if late.size else "none was held past its expiry",
            late.size,
            late.when,
        )

    def margin_covers_the_worst(self) -> Check:
        """Condor margin is never below the worst the condors could owe at settlement."""
        worst = self._short
        found = f"it falls short by at most {worst.size:,.2f} USD"
        return verdict(
            "margin >= worst loss",
            worst.size < CENT and not self._unbounded,
            f"On {self._dates:,} dates condor margin was compared with the worst payoff at any settlement value",
            f"{self._unbounded} positions can lose without bound" if self._unbounded else found,
            worst.size,
            worst.when,
        )

    def buying_power_is_never_negative(self) -> Check:
        """Cash always covers what the positions reserve."""
        worst, moving = self._power, self._moving
        aside = f" ({moving} positions whose margin moves with the market are left out)" if moving else ""
        return verdict(
            "buying power >= 0",
            worst.size < CENT,
            f"On {self._dates:,} dates cash was compared with what covered positions reserve{aside}",
            f"it falls short by at most {worst.size:,.2f} USD",
            worst.size,
            worst.when,
        )


@dataclass(frozen=True, slots=True)
class _Held:
    """What a tuple of positions owes and reserves.

    Attributes
    ----------
    owed : float, USD
        Worst the condors could owe at settlement; `unbounded` of them have no worst and are not in it.
    reserved : float, USD
        What positions reserve; `moving` of them reserve with the market and are not in it.
    first_expiry : date
        Of all positions; the end of time where none expires.
    """

    positions: tuple[Position, ...]
    owed: float
    unbounded: int
    reserved: float
    moving: int
    first_expiry: date


def _hold(positions: tuple[Position, ...]) -> _Held:
    unbounded = moving = 0
    owed = reserve = 0.0
    first = date.max
    for position, risk in zip(positions, _risk.each(positions), strict=True):
        first = min(first, risk.expiry or date.max)
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
    return _Held(positions, owed, unbounded, reserve, moving, first)


def _is_past(expiry: date | None, session: date) -> bool:
    return expiry is not None and expiry < session


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


_risk = Remembered(_read_risk, size=1024)
