"""Invariants: what every run must hold, as a list of small observers.

Each looks at the entries of the ledger and at the equity rows as they go by, works its claim out again by itself, and
returns a `Check` at the end. None of them raises: a broken invariant is a result that every report shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from alvh.book.cents import ZERO
from alvh.book.positions import Book
from alvh.ledger.check import CENT, DUST, Check, Row, Worst, excess, size_of, verdict
from alvh.ledger.events import Closed, Event, Opened, Settled
from alvh.ledger.journal import cash_effect
from alvh.ledger.replay import Replay

__all__ = ["Audit", "Check", "Row", "check_all"]


def check_all(events: Sequence[Event], rows: Sequence[Row], book: Book) -> tuple[Check, ...]:
    """Check every invariant of one run that lies there whole.

    Parameters
    ----------
    events : sequence of Event
        The whole ledger, in order.
    rows : sequence of Row
        One per session, ascending, taken after the session's entries.
    book : Book
        What the run held at the end.
    """
    audit, place = Audit(), 0
    for row in rows:
        first = place
        while place < len(events) and events[place].session <= row.session:
            place += 1
        audit.take(events[first:place], row)
    audit.take(events[place:])
    return audit.checks(book)


class Audit:
    """Every invariant of one run, worked out session by session while the run goes by.

    Only what is open is held in memory, so the length of a run does not matter.
    """

    __slots__ = ("_cash", "_equity", "_fees", "_fills", "_replay", "_settled")

    def __init__(self) -> None:
        self._cash = _CashConserved()
        self._equity = _EquityAddsUp()
        self._replay = Replay()
        self._settled = _SettledOnce()
        self._fees = _FeesAreCosts()
        self._fills = _FillsAreHonest()

    def take(self, entries: Sequence[Event], row: Row | None = None) -> None:
        """Look at a session: its entries, in order, and its row, taken after them.

        Without a row the entries came after the last session.
        """
        self._cash.take(entries, row)
        self._replay.take(entries, row)
        if row is not None:
            self._equity.take(row)
        for entry in entries:
            if isinstance(entry, Opened | Closed):
                self._fees.take(entry)
                self._fills.take(entry)
            elif isinstance(entry, Settled):
                self._settled.take(entry)

    def checks(self, book: Book) -> tuple[Check, ...]:
        """Return the verdicts, given what the run held at the end."""
        replay = self._replay
        return (
            self._cash.check(),
            self._equity.check(),
            replay.the_fold_is_the_book(book),
            replay.nothing_outlives_its_expiry(),
            self._settled.check(),
            self._fees.check(),
            self._fills.check(),
            replay.margin_covers_the_worst(),
            replay.buying_power_is_never_negative(),
        )


class _CashConserved:
    """Cash on every date is the sum of all entries up to it, fees taken off."""

    __slots__ = ("_entries", "_late", "_rows", "_total", "_worst")

    def __init__(self) -> None:
        self._total, self._entries, self._rows, self._late = ZERO, 0, 0, False
        self._worst = Worst()

    def take(self, entries: Sequence[Event], row: Row | None) -> None:
        for entry in entries:
            self._total += cash_effect(entry)
        self._entries += len(entries)
        if row is None:
            self._late = self._late or bool(entries)
            return
        self._rows += 1
        self._worst.take(size_of(float(self._total) - float(row.cash)), row.session)

    def check(self) -> Check:
        worst = self._worst
        return verdict(
            "cash = sum of entries",
            worst.size < CENT and not self._late,
            f"On {self._rows:,} dates cash was compared with the sum of {self._entries:,} entries before it",
            f"the largest difference is {worst.size:.2f} USD",
            worst.size,
            worst.when,
        )


class _EquityAddsUp:
    """Equity on every date is cash plus the marks of both sleeves."""

    __slots__ = ("_rows", "_worst")

    def __init__(self) -> None:
        self._rows, self._worst = 0, Worst()

    def take(self, row: Row) -> None:
        self._rows += 1
        gap = float(row.equity) - float(row.cash) - float(row.condor_mark) - float(row.hedge_mark)
        self._worst.take(size_of(gap), row.session)

    def check(self) -> Check:
        worst = self._worst
        return verdict(
            "equity = cash + marks",
            worst.size < CENT,
            f"On {self._rows:,} dates equity was compared with cash plus marks",
            f"the largest difference is {worst.size:.4f} USD",
            worst.size,
            worst.when,
        )


class _SettledOnce:
    """Each contract of each position settles at most once."""

    __slots__ = ("_count", "_seen")

    def __init__(self) -> None:
        self._count = 0
        self._seen: set[tuple[str, str]] = set()

    def take(self, entry: Settled) -> None:
        self._count += 1
        self._seen.add((entry.position, entry.symbol))

    def check(self) -> Check:
        twice = self._count - len(self._seen)
        return verdict(
            "settled once",
            twice == 0,
            f"{self._count:,} settlements were counted",
            f"{twice} of them more than once" if twice else "none more than once",
            float(twice),
            None,
        )


class _FeesAreCosts:
    """Fees are never negative, and those of the legs add up to those of the package."""

    __slots__ = ("_count", "_total", "_worst")

    def __init__(self) -> None:
        self._count, self._worst, self._total = 0, ZERO, ZERO

    def take(self, entry: Opened | Closed) -> None:
        total = least = ZERO
        for fill in entry.fills:
            total += fill.fee
            least = min(least, fill.fee)
        self._worst = max(self._worst, -least, abs(total - entry.fees))
        self._total += entry.fees
        self._count += 1

    def check(self) -> Check:
        return verdict(
            "fees >= 0",
            self._worst <= 0,
            f"{self._count:,} trades paid {self._total:,.2f} USD in fees",
            f"the largest fee below zero or missing from a total is {self._worst:.2f} USD",
            float(self._worst),
            None,
        )


class _FillsAreHonest:
    """Every package fills between natural and mid: never better than mid, never worse than the quotes."""

    __slots__ = ("_count", "_worst")

    def __init__(self) -> None:
        self._count, self._worst = 0, Worst()

    def take(self, entry: Opened | Closed) -> None:
        self._count += 1
        price = float(entry.price)
        beyond = max(excess(price - entry.mid), excess(entry.natural - price))
        if beyond > DUST:
            self._worst.take(beyond, entry.session)

    def check(self) -> Check:
        worst = self._worst
        return verdict(
            "natural <= fill <= mid",
            worst.size == 0.0,
            f"{self._count:,} package fills were compared with their quotes",
            f"the worst lies {worst.size:.4f} points outside" if worst.size else "each lies between natural and mid",
            worst.size,
            worst.when,
        )
