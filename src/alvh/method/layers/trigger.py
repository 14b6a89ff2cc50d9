"""What a layer's rule says of one day: whether its condition holds, and which families of evidence make it hold."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from alvh.method.rule import Rule
from alvh.strategy.decision import Observed, Outcome, Verdict
from alvh.strategy.facts import Absent, Facts
from alvh.strategy.words import said

__all__ = ["Trigger", "missing", "silent"]


class Trigger(msgspec.Struct, frozen=True, gc=False):
    """A condition on one day.

    Attributes
    ----------
    holds : bool
        False as well where the evidence is absent; the verdict says which it is.
    families : tuple of str
        Families whose evidence makes it hold, each once; they vote for what follows (G-VOTES).
    """

    holds: bool
    families: tuple[str, ...]
    verdict: Verdict


def silent(
    rule: Rule, facts: Facts, names: Sequence[str], observed: Observed, threshold: Observed, sentence: str
) -> Trigger:
    """Say that nothing triggered a rule of which any one part is enough: quiet, or abstaining where nothing is known.

    Parameters
    ----------
    names : sequence of str
        Parts the rule reads; those that are absent are named.
    sentence : str
        What is so when all are present, without its full stop.
    """
    reasons = missing(facts, names)
    if len(reasons) == len(names):
        words = f"Nothing is known of its evidence: {'; '.join(dict.fromkeys(reasons))}."
        return Trigger(False, (), rule.verdict(Outcome.ABSTAINED, words, observed, threshold))
    absent = f"; absent: {'; '.join(dict.fromkeys(reasons))}" if reasons else ""
    quiet = said("{}{}.", sentence, absent)
    return Trigger(False, (), rule.verdict(Outcome.QUIET, quiet, observed, threshold))


def missing(facts: Facts, names: Sequence[str]) -> list[str]:
    """Return the reasons of the parts that are absent, in order."""
    return [fact.reason for fact in map(facts.__getitem__, names) if isinstance(fact, Absent)]
