"""The session loop: one path for every strategy and every market.

1. Open the market as known at the session's snapshot.
2. For each strategy: settle what has expired, accrue interest, mark, decide, authorise, route, mark again.
3. At the end, check every invariant of the books and hand back one `Run` per strategy.

Strategies walk in lockstep, so they see the very same view and its quotes are made once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial

from alvh.core.digest import digest
from alvh.core.errors import CoverageError, UsageError
from alvh.core.version import VERSION
from alvh.engine.account import Account, Entrant
from alvh.engine.facts import FactTable
from alvh.engine.recording import InMemory, Journals, Recording
from alvh.engine.run import Run
from alvh.market.view import MarketSource

Progress = Callable[[int, int], None]
"""Told (sessions done, sessions in all)."""


def run(
    entered: Sequence[Entrant],
    source: MarketSource,
    *,
    start: date | None = None,
    end: date | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    journals: Journals | None = None,
) -> tuple[Run, ...]:
    """Run strategies side by side over one market.

    Parameters
    ----------
    entered : sequence of Entrant
        Strategies with their terms, named apart.
    start, end : date, optional
        First and last session, inclusive; the market's own range where absent.
    seed : int
        Recorded with the run and used by every random draw that reports make.
    journals : callable, optional
        Gives the journal that takes the days of a strategy. Without it every day is kept in memory.

    Returns
    -------
    tuple of Run
        In the order of `entered`.

    Raises
    ------
    CoverageError
        The market has no session in the range.
    """
    names = [entrant.strategy.name for entrant in entered]
    if len(set(names)) != len(names):
        raise UsageError(f"two strategies are both called {max(names, key=names.count)!r}", fix="Name them apart.")
    sessions = _range(source, start, end)
    tables = {
        terms.evidence: FactTable(source, sessions, terms.evidence) for terms in (entrant.terms for entrant in entered)
    }
    opened = [Account(strategy=entrant.strategy, terms=entrant.terms) for entrant in entered]
    recordings = [Recording(journals(name) if journals is not None else InMemory()) for name in names]
    field = [
        (account, tables[account.terms.evidence], recording)
        for account, recording in zip(opened, recordings, strict=True)
    ]
    with _collector_at_rest():
        for done, session in enumerate(sessions, 1):
            view = source.view(session)
            for account, table, recording in field:
                numbers = account.terms.governance.votes
                stances = partial(table.stances, session, numbers)
                recording.take(account.step(source, view, table.row(session), stances))
            if progress is not None:
                progress(done, len(sessions))
        return tuple(_finish(account, recording, source, sessions, seed) for account, _, recording in field)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the cycle collector from walking the growing ledger again and again; a run makes no cycles to collect."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _range(source: MarketSource, start: date | None, end: date | None) -> tuple[date, ...]:
    every = source.sessions()
    sessions = tuple(
        session for session in every if (start is None or session >= start) and (end is None or session <= end)
    )
    if not sessions:
        covered = f"{every[0]} to {every[-1]}" if every else "nothing"
        asked = f"{start or 'its start'} to {end or 'its end'}"
        raise CoverageError(
            f"{source.name} has no session from {asked}; it covers {covered}", fix="Choose dates inside that range."
        )
    return sessions


def _finish(account: Account, recording: Recording, source: MarketSource, sessions: tuple[date, ...], seed: int) -> Run:
    first, last = sessions[0], sessions[-1]
    return Run(
        strategy=account.strategy.name,
        market=source.name,
        origin=source.origin,
        policy_digest=account.strategy.policy_digest,
        data_digest=digest(source.digest.encode(), str(first).encode(), str(last).encode()),
        code_version=VERSION,
        seed=seed,
        initial_equity=float(account.terms.initial_equity),
        equity=recording.equity.frame(),
        entries=recording.entries.entries(),
        tally=recording.counting.tally(),
        checks=recording.audit.checks(account.book),
        notes=source.notes,
        skipped=tuple((day, why) for day, why in source.skipped() if first <= day <= last),
        days=recording.days,
        open_marks=_open_marks(account),
    )


def _open_marks(account: Account) -> dict[str, float]:
    marks = account.book.marks
    if marks is None:
        return {}
    return {position.id: value for position, value in zip(marks.positions, marks.value.tolist(), strict=True)}
