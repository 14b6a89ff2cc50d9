"""What a run leaves behind: rows per session, the ledger in columns, what the rules said, and the checks that held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from alvh.core.errors import UsageError
from alvh.engine.day import Day, DayOutcome
from alvh.engine.tally import Tally
from alvh.ledger.entries import Entries
from alvh.ledger.events import Event
from alvh.ledger.invariants import Check
from alvh.market.chain import Origin
from alvh.strategy.decision import Decision

if TYPE_CHECKING:
    import polars as pl

EQUITY_COLUMNS: Mapping[str, str] = {
    "session": "date of the row",
    "equity": "cash + marks, USD",
    "cash": "USD",
    "condor_mark": "value of the condor sleeve at mid, USD (negative: cost to close)",
    "hedge_mark": "value of the hedge sleeve at mid, USD",
    "margin": "wider wing x 100 x contracts of all condors, USD",
    "max_loss": "(wider wing - credit) x 100 x contracts of all condors, USD",
    "hedge_capital": "premium paid for open long options, USD",
    "condors": "open condor contracts",
    "hedges": "open hedge contracts",
    "spx_delta": "USD per SPX point of the condor sleeve",
    "spx_gamma": "USD per SPX point squared of the condor sleeve",
    "spx_vega": "USD per SPX vol point of the condor sleeve",
    "vx_delta": "USD per VX point of the hedge sleeve",
    "vx_vega": "USD per vol point of VIX options of the hedge sleeve",
    "theta": "USD per calendar day, both sleeves",
    "coverage": "signed VX notional of the hedge / condor max loss; null without condors",
    "stress_down": "gain of the hedge / loss of the condors under the down-shock; null without condors",
    "stress_up": "(hedge + condor P&L under the up-shock) / condor max loss; null without condors",
    "stale": "legs marked at an earlier mark because the day has no quote for them",
    "spot": "SPX at the snapshot",
    "vix": "VIX at the snapshot, null where unknown",
    "rate": "one-month bill rate used for cash, continuously compounded, decimal",
}
"""Columns of `equity.parquet` with their definitions and units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One strategy over one market.

    Attributes
    ----------
    equity : polars.DataFrame
        One row per session, columns `EQUITY_COLUMNS`.
    entries : Entries
        The ledger in columns.
    tally : Tally
        How often each rule said what, and why sessions passed without a new condor.
    checks : tuple of Check
        Invariants, each with its verdict.
    notes : tuple of str
        Sentences every report shows: proxies, models, absent data.
    skipped : tuple of (date, reason)
        Trading sessions without a usable snapshot.
    days : tuple of Day or None
        Every session whole, in order; None where they went into files while the run was under way.
    open_marks : mapping of position id to USD
        Value at mid of each position still open after the last session; negative is what closing would cost.
    """

    strategy: str
    market: str
    origin: Origin
    policy_digest: str
    data_digest: str
    code_version: str
    seed: int
    initial_equity: float
    equity: pl.DataFrame
    entries: Entries
    tally: Tally
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    skipped: tuple[tuple[date, str], ...]
    days: tuple[Day, ...] | None = None
    open_marks: Mapping[str, float] = field(default_factory=dict)

    @property
    def events(self) -> tuple[Event, ...]:
        """The ledger, in order.

        Raises
        ------
        UsageError
            The days were not kept in memory; the same holds for `decisions` and `outcomes`.
        """
        return tuple(entry for day in self.kept_days for entry in day.entries)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What was decided, one element per session."""
        return tuple(day.decision for day in self.kept_days)

    @property
    def outcomes(self) -> tuple[DayOutcome, ...]:
        """What became of it, one element per session."""
        return tuple(day.outcome for day in self.kept_days)

    @property
    def kept_days(self) -> tuple[Day, ...]:
        """`days`, where they were kept."""
        if self.days is None:
            raise UsageError(
                f"the days of {self.strategy} were written to files and not kept in memory",
                fix="Read decisions.jsonl and ledger.jsonl of the run folder, or run without journals.",
            )
        return self.days
