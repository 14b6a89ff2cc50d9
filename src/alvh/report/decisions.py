"""One line a date: what each rule saw, its threshold and verdict, what was proposed, and what became of it."""

from __future__ import annotations

from typing import Any

import msgspec

from alvh.engine.day import Day, DayOutcome
from alvh.engine.row import EquityRow
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


# Sentences that were kept for later are made here.
_ENCODE = msgspec.json.Encoder(enc_hook=str).encode


def decision_line(day: Day) -> bytes:
    """Return one session as a line of JSON; `session` stands first in it."""
    return _ENCODE(_line(day.decision, day.outcome, day.row)) + b"\n"


def _line(decision: Decision, outcome: DayOutcome, row: EquityRow) -> dict[str, Any]:
    book = {name: getattr(row, name) for name in BOOK}
    book["cash"] = float(row.cash)
    return {
        "session": decision.session,
        "policy": decision.policy,
        "market": {name: getattr(row, name) for name in MARKET},
        "book": book,
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
        "otherwise": None if proposal.otherwise is None else _proposal(proposal.otherwise),
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
