"""What every rule class has: an id of the rulebook, a title, its sources, and a docstring that is its public page."""

from __future__ import annotations

import inspect
from typing import ClassVar

from alvh.strategy.decision import Observed, Outcome, Verdict
from alvh.strategy.words import Said

_NOTHING: Observed = {}


class Rule:
    """One rule of the rulebook; the subclass's docstring is the page that ``alvh rules ID`` prints."""

    id: ClassVar[str]
    title: ClassVar[str]
    seeds: ClassVar[tuple[str, ...]]
    """Three-digit numbers of the documents that state the rule; empty where the rule is ours."""
    section: ClassVar[str]
    """Policy table that holds the rule's numbers: condor, layers, tested."""

    @classmethod
    def page(cls) -> str:
        """Return the rule's own words."""
        return inspect.cleandoc(cls.__doc__ or "")

    def verdict(
        self, outcome: Outcome, words: str | Said, observed: Observed | None = None, threshold: Observed | None = None
    ) -> Verdict:
        """Make a verdict that carries this rule's id.

        Parameters
        ----------
        words : str or Said
            The sentence; `said` keeps pattern and numbers until somebody reads it.
        observed, threshold : mappings, optional
            Kept as they are, so they must not change afterwards.
        """
        return Verdict(
            rule=self.id, outcome=outcome, words=words, observed=observed or _NOTHING, threshold=threshold or _NOTHING
        )
