"""One line a date: what each rule saw, its threshold and verdict, what was proposed, and what became of it."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from alvh.engine.run import DayOutcome, Run
from alvh.ledger.symbols import instrument_symbol
from alvh.strategy.decision import Decision, Direction, Package, Proposal

MARKET = ("spot", "vix", "rate")
BOOK = (
    "equity",
    "cash",
    "condor_mark",
    "hedge_mark",
    "margin",
    "max_loss",
    "condors",
    "hedges",
    "coverage",
    "stress_down",
    "stress_up",
    "stale",
)


def decision_lines(run: Run) -> bytes:
    """Return JSON lines, ascending by session; `session` stands first in each line."""
    rows = run.equity.select(pl.struct(MARKET).alias("market"), pl.struct(BOOK).alias("book")).to_dicts()
    encode = msgspec.json.Encoder().encode
    days = zip(run.decisions, run.outcomes, rows, strict=True)
    return b"".join(encode(_line(decision, outcome, row)) + b"\n" for decision, outcome, row in days)


def _line(decision: Decision, outcome: DayOutcome, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "session": decision.session,
        "market": row["market"],
        "book": row["book"],
        "verdicts": decision.verdicts,
        "proposals": [_proposal(proposal) for proposal in decision.proposals],
        "reasons": decision.reasons,
        "outcome": {
            "filled": outcome.filled,
            "refused": [{"proposal": name, "reason": why} for name, why in outcome.refused],
            "unfilled": [{"proposal": name, "reason": why} for name, why in outcome.unfilled],
            "grounds": [{"proposal": name, "ground": ground} for name, ground in outcome.grounds],
        },
        "memory": decision.memory,
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "rule": proposal.rule,
        "direction": "protect" if proposal.direction is Direction.PROTECT else "harvest",
        "mandatory": proposal.mandatory,
        "reduces_risk": proposal.reduces_risk,
        "reason": proposal.reason,
        "packages": [_package(package) for package in proposal.packages],
    }


def _package(package: Package) -> dict[str, Any]:
    return {
        "sleeve": package.sleeve,
        "rule": package.rule,
        "quantity": package.quantity,
        "closes": package.closes,
        "limit": package.limit,
        "legs": [{"symbol": instrument_symbol(leg.instrument), "ratio": leg.ratio} for leg in package.legs],
    }
