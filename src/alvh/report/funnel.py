"""Why there was no trade: one reason for every session on which no condor was opened.

A session's reason is the last entry rule that did not fire, in its own words with the day's numbers taken out; where
no entry rule spoke, the decision's first reason stands in. Refused and unfilled proposals are reasons of their own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from alvh.engine.run import DayOutcome, Run
from alvh.ledger.events import Opened
from alvh.money.trades import reason_class
from alvh.strategy.decision import Decision, Outcome, Verdict

ENTRY_RULES = ("C-ENTRY", "C-CENTER", "C-SHAPE", "C-CREDIT", "C-SIZE", "L-BASE")
"""Rules that can stand between a session and a new condor."""
OPENED = "a condor was opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelRow:
    """Sessions that share a reason.

    Attributes
    ----------
    rule : str
        Rule that gave it; empty for fills, refusals and misses.
    example : str
        The reason in full, on its most recent session.
    """

    rule: str
    reason: str
    sessions: int
    example: str
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """How often a rule was asked and what it said."""

    rule: str
    fired: int
    quiet: int
    abstained: int
    blocked: int


def funnel(run: Run) -> tuple[FunnelRow, ...]:
    """Sort the sessions of a run by what came of the entry decision, most frequent first."""
    entered = {event.session for event in run.events if isinstance(event, Opened) and event.sleeve == "condor"}
    counts: Counter[tuple[str, str]] = Counter()
    latest: dict[tuple[str, str], tuple[str, date]] = {}
    for decision, outcome in zip(run.decisions, run.outcomes, strict=True):
        rule, reason = ("", OPENED) if decision.session in entered else _reason(decision, outcome)
        key = (rule, _common(reason))
        counts[key] += 1
        latest[key] = (reason, decision.session)
    rows = [
        FunnelRow(
            rule=rule, reason=reason, sessions=count, example=latest[rule, reason][0], last=latest[rule, reason][1]
        )
        for (rule, reason), count in counts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.reason != OPENED, -row.sessions, row.rule, row.reason)))


def rules_asked(run: Run) -> tuple[RuleRow, ...]:
    """Count what each rule said, in the order rules were first asked."""
    counts: dict[str, Counter[Outcome]] = {}
    for decision in run.decisions:
        for verdict in decision.verdicts:
            counts.setdefault(verdict.rule, Counter())[verdict.outcome] += 1
    return tuple(
        RuleRow(
            rule=rule,
            fired=said[Outcome.FIRED],
            quiet=said[Outcome.QUIET],
            abstained=said[Outcome.ABSTAINED],
            blocked=said[Outcome.BLOCKED],
        )
        for rule, said in counts.items()
    )


def _reason(decision: Decision, outcome: DayOutcome) -> tuple[str, str]:
    entries = {proposal.id for proposal in decision.proposals if _sells_condor(proposal.packages)}
    for word, missed in (("refused", outcome.refused), ("not filled", outcome.unfilled)):
        for name, why in missed:
            if name in entries:
                return "", f"proposed and {word}: {why}"
    standing = [verdict for verdict in decision.verdicts if _stands_in_the_way(verdict)]
    if standing:
        return standing[-1].rule, standing[-1].sentence
    return "", decision.reasons[0] if decision.reasons else "the strategy proposed something else"


def _sells_condor(packages: tuple[object, ...]) -> bool:
    return any(
        getattr(package, "sleeve", "") == "condor" and getattr(package, "closes", None) is None for package in packages
    )


def _stands_in_the_way(verdict: Verdict) -> bool:
    if verdict.rule not in ENTRY_RULES or verdict.outcome is Outcome.FIRED:
        return False
    # The hedge's own reasons stop a condor only when the layer says that it is blocked.
    return verdict.rule != "L-BASE" or verdict.outcome is Outcome.BLOCKED


def _common(reason: str) -> str:
    head, colon, tail = reason.partition(":")
    if colon and head.strip() in ("No entry", "proposed and refused", "proposed and not filled"):
        return f"{head.strip()}: {reason_class(tail)}"
    return reason_class(reason)
