"""Signers of a backtest: k of n people who always agree, and take as long as the policy says.

1. Each class of action needs k of the n approvers; a policy that asks for more than there are lets no order leave.
2. Without a delay the order leaves in its own session. With one it waits, keeps the prices it was proposed at as its
   limits, and is judged again on the session it leaves: room and votes may have gone meanwhile.
3. While an order of a rule over the same positions waits, another one is not put beside it.
4. An order that cannot be filled by its last session expires.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from msgspec import structs

from alvh.execution.quotes import NoQuote, PriceList
from alvh.governance.parameters import SignParameters
from alvh.governance.signing.order import Action, action_of
from alvh.strategy.decision import Package, Proposal

__all__ = ["Desk", "Pending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An order that waits for signatures.

    Attributes
    ----------
    due, expires : int
        Sessions of the run, counted from its first: the first on which it may leave, and the last.
    """

    proposal: Proposal
    proposed: date
    due: int
    expires: int


class Desk:
    """Where orders wait for simulated signatures."""

    __slots__ = ("_numbers", "_terms", "_waiting")

    def __init__(self, numbers: SignParameters) -> None:
        self._numbers = numbers
        self._waiting: list[Pending] = []
        self._terms = {
            Action.OPEN: (numbers.open_needed.value, numbers.open_delay.value),
            Action.HEDGE: (numbers.hedge_needed.value, numbers.hedge_delay.value),
            Action.CLOSE: (numbers.close_needed.value, numbers.close_delay.value),
        }

    def objection(self, proposal: Proposal) -> str | None:
        """Say why nobody can sign, or None."""
        action = action_of(proposal)
        needed, there = self._terms[action][0], self._numbers.approvers.value
        if needed > there:
            return f"G-SIGN: {needed} signatures are needed for action {action}, {there} approvers can give one"
        key = _subject(proposal)
        for pending in self._waiting:
            if _subject(pending.proposal) == key:
                return f"G-SIGN: order {pending.proposal.id} of {proposal.rule} waits for its signatures already"
        return None

    def delay(self, proposal: Proposal) -> int:
        """Return the sessions its signatures take."""
        return self._terms[action_of(proposal)][1]

    def ground(self, proposal: Proposal) -> str:
        """Say who signs."""
        action = action_of(proposal)
        needed, delay = self._terms[action]
        when = "in the same session" if delay == 0 else f"{delay} session{'' if delay == 1 else 's'} later"
        return f"G-SIGN: {needed} of {self._numbers.approvers.value} simulated signers for action {action}, {when}"

    def hold(self, proposal: Proposal, prices: PriceList, *, session: date, number: int) -> None:
        """Let an order wait, at the prices of its own session."""
        due = number + self.delay(proposal)
        fixed = replace(proposal, packages=tuple(_at_its_price(package, prices) for package in proposal.packages))
        expires = due + self._numbers.life.value
        self._waiting.append(Pending(proposal=fixed, proposed=session, due=due, expires=expires))

    def signed(self, number: int) -> tuple[Pending, ...]:
        """Take out the orders that may leave on a session."""
        ready = tuple(pending for pending in self._waiting if pending.due <= number)
        self._waiting = [pending for pending in self._waiting if pending.due > number]
        return ready

    def again(self, pending: Pending, number: int) -> bool:
        """Put an order back that did not fill; False where it has expired."""
        if number >= pending.expires:
            return False
        self._waiting.append(replace(pending, due=number + 1))
        return True


def _subject(proposal: Proposal) -> tuple[str, tuple[str, ...]]:
    return proposal.rule, tuple(sorted(package.closes for package in proposal.packages if package.closes is not None))


def _at_its_price(package: Package, prices: PriceList) -> Package:
    if package.limit is not None:
        return package
    quote = prices(package.legs)
    return package if isinstance(quote, NoQuote) else structs.replace(package, limit=quote.price)
