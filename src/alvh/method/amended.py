"""A strategy whose policy changes over time, by rule (G-AMEND): on each session the policy in force decides.

Memory passes from one policy to the next, and so does the book: an amendment changes what is decided from its date on,
nothing that was decided before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from alvh.book.positions import Book
from alvh.market.view import View
from alvh.method.parameters import AlvhParameters
from alvh.policy.amendments import PolicyHistory
from alvh.policy.compose import Policy
from alvh.strategy.decision import Decision, Memory
from alvh.strategy.facts import Facts
from alvh.strategy.protocol import Strategy

__all__ = ["Amended", "Maker"]

Maker: TypeAlias = Callable[[Policy[AlvhParameters]], Strategy]


class Amended:
    """One strategy per policy of a history, under one name.

    Parameters
    ----------
    history : PolicyHistory
    make : callable
        Makes the strategy of one policy.

    Attributes
    ----------
    policy_digest : str
        Of all policies with their dates; each decision records the one in force.
    """

    def __init__(self, history: PolicyHistory[AlvhParameters], make: Maker) -> None:
        self._history = history
        self._strategies = tuple(make(policy) for policy in history.policies)
        self.name = self._strategies[0].name
        self.policy_digest = history.digest

    @property
    def strategies(self) -> Mapping[str, Strategy]:
        """The strategy of each policy, by the policy's digest."""
        return {strategy.policy_digest: strategy for strategy in self._strategies}

    def decide(self, facts: Facts, view: View, book: Book, memory: Memory) -> Decision:
        """Decide by the policy in force on the view's session."""
        return self._strategies[self._history.place(view.session)].decide(facts, view, book, memory)
