"""What the rules said, counted while the days go by, and why sessions passed without a new condor.

A session's reason is the last entry rule that did not fire, in its own words with the day's numbers taken out; where
no entry rule spoke, the decision's first reason stands in. Refused and unfilled proposals are reasons of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from alvh.engine.day import Day
from alvh.ledger.events import Opened
from alvh.money.trades import reason_class
from alvh.strategy.decision import Outcome, Package, Verdict

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over a whole run.

    Attributes
    ----------
    funnel : tuple of FunnelRow
        Sessions by what came of the entry decision, most frequent first.
    rules : tuple of RuleRow
        In the order in which rules were first asked.
    """

    funnel: tuple[FunnelRow, ...]
    rules: tuple[RuleRow, ...]


class Counting:
    """The tally while days come in."""

    __slots__ = ("_latest", "_said", "_sessions")

    def __init__(self) -> None:
        self._said: dict[str, dict[Outcome, int]] = {}
        self._sessions: dict[tuple[str, str], int] = {}
        self._latest: dict[tuple[str, str], tuple[str, date]] = {}

    def take(self, day: Day) -> None:
        """Count the next day."""
        for verdict in day.decision.verdicts:
            said = self._said.get(verdict.rule)
            if said is None:
                said = self._said[verdict.rule] = dict.fromkeys(Outcome, 0)
            said[verdict.outcome] += 1
        rule, reason = ("", OPENED) if _entered(day) else _reason(day)
        key = (rule, _common(reason))
        self._sessions[key] = self._sessions.get(key, 0) + 1
        self._latest[key] = (reason, day.decision.session)

    def tally(self) -> Tally:
        """Return the counts so far."""
        rows = [
            FunnelRow(
                rule=rule,
                reason=reason,
                sessions=count,
                example=self._latest[rule, reason][0],
                last=self._latest[rule, reason][1],
            )
            for (rule, reason), count in self._sessions.items()
        ]
        return Tally(
            funnel=tuple(sorted(rows, key=lambda row: (row.reason != OPENED, -row.sessions, row.rule, row.reason))),
            rules=tuple(
                RuleRow(
                    rule=rule,
                    fired=said[Outcome.FIRED],
                    quiet=said[Outcome.QUIET],
                    abstained=said[Outcome.ABSTAINED],
                    blocked=said[Outcome.BLOCKED],
                )
                for rule, said in self._said.items()
            ),
        )


def _entered(day: Day) -> bool:
    return any(isinstance(entry, Opened) and _is_entry(entry.sleeve, entry.rule) for entry in day.entries)


def _reason(day: Day) -> tuple[str, str]:
    decision, outcome = day.decision, day.outcome
    entries = {proposal.id for proposal in decision.proposals if any(map(_sells_condor, proposal.packages))}
    for word, missed in (("refused", outcome.refused), ("not filled", outcome.unfilled)):
        for name, why in missed:
            if name in entries:
                return "", f"proposed and {word}: {why}"
    standing = [verdict for verdict in decision.verdicts if _stands_in_the_way(verdict)]
    if standing:
        return standing[-1].rule, standing[-1].sentence
    return "", decision.reasons[0] if decision.reasons else "the strategy proposed something else"


def _sells_condor(package: Package) -> bool:
    return package.closes is None and _is_entry(package.sleeve, package.rule)


def _is_entry(sleeve: str, rule: str) -> bool:
    """Whether what is opened is a condor sold anew; section 5 opens one in the place of another."""
    return sleeve == "condor" and not rule.startswith("D-")


def _stands_in_the_way(verdict: Verdict) -> bool:
    if verdict.rule not in ENTRY_RULES or verdict.outcome is Outcome.FIRED:
        return False
    # The hedge's own reasons stop a condor only when the layer says that it is blocked.
    return verdict.rule != "L-BASE" or verdict.outcome is Outcome.BLOCKED


def _common(reason: str) -> str:
    if reason == OPENED:
        return reason
    head, colon, tail = reason.partition(":")
    if colon and head.strip() in ("No entry", "proposed and refused", "proposed and not filled"):
        return f"{head.strip()}: {reason_class(tail)}"
    return reason_class(reason)
