"""What a run leaves behind: rows per session, entries, decisions and the checks that held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from alvh.ledger.events import Event
from alvh.ledger.invariants import Check
from alvh.market.chain import Origin
from alvh.strategy.decision import Decision

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
class DayOutcome:
    """What became of a day's proposals: ids of those filled, sentences for those refused and those unfilled.

    `grounds` says for each authorised proposal on which ground it was, filled or not.
    """

    session: date
    filled: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    unfilled: tuple[tuple[str, str], ...]
    grounds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One strategy over one market.

    Attributes
    ----------
    equity : polars.DataFrame
        One row per session, columns `EQUITY_COLUMNS`.
    events : tuple of Event
        The ledger, in order.
    decisions, outcomes : tuples, one element per session
    checks : tuple of Check
        Invariants, each with its verdict.
    notes : tuple of str
        Sentences every report shows: proxies, models, absent data.
    skipped : tuple of (date, reason)
        Trading sessions without a usable snapshot.
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
    events: tuple[Event, ...]
    decisions: tuple[Decision, ...]
    outcomes: tuple[DayOutcome, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    skipped: tuple[tuple[date, str], ...]
    open_marks: Mapping[str, float] = field(default_factory=dict)
