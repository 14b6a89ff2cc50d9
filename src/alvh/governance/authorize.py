"""Authorisation: the one place of the program that turns a proposal into an order.

1. What only takes condor risk off and is mandatory passes, and the record says so. A proposal is believed to be
   harmless only where its packages show it.
2. Whoever the rule must consult votes (G-VOTES), the votes are counted (G-MULTISIG), and the composite may block
   (G-COMPOSITE).
3. What passes meets G-CHECK: margin, buying power, quick ratio, freshness, and G-TIMING.

Everything that was asked stands in the grounds or in the reasons.
"""

from __future__ import annotations

from alvh.execution.orders import Authorized, Refused
from alvh.governance.checks import Account, objections
from alvh.governance.parameters import GovernanceParameters
from alvh.governance.quorum import Asked, asked
from alvh.governance.timing import NOT_CHECKABLE
from alvh.governance.votes import blocked, cast, composite, count
from alvh.signals.signal import Family
from alvh.strategy.decision import Proposal

__all__ = ["Account", "authorize"]


def authorize(proposal: Proposal, account: Account, parameters: GovernanceParameters) -> Authorized | Refused:
    """Authorise or refuse one proposal, with the reasons in words.

    G-CHECK runs against the book as it stands now, that is after the day's earlier orders have filled.
    """
    need = asked(proposal, account.book, parameters.quorum)
    grounds, reasons = _vote(proposal, account, parameters, need)
    if not reasons and need.checked:
        reasons = objections(proposal, account, parameters)
        timing = () if account.view.timed else (NOT_CHECKABLE,)
        grounds = (*grounds, "G-CHECK: margin, buying power and quick ratio suffice", *timing)
    if reasons:
        return Refused(proposal=proposal, reasons=reasons)
    return Authorized(proposal=proposal, grounds=grounds)


def _vote(
    proposal: Proposal, account: Account, parameters: GovernanceParameters, need: Asked
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take the vote a proposal needs and return grounds and, where it fails, reasons."""
    if need.quorum is None:
        return (f"{proposal.rule}: {need.ground}",), ()
    stances = account.stances()
    weighed = composite(stances)
    stopped = blocked(weighed, proposal.direction, parameters.composite) if need.quorum.composite else None
    said: tuple[str, ...] = (f"G-COMPOSITE: {weighed.value:.2f} of {len(stances)} families",)
    if need.quorum.needed:
        triggers = frozenset(Family(name) for name in proposal.triggers)
        tally = count(cast(stances, proposal.direction, triggers, parameters.votes), need.quorum)
        sentence = f"G-MULTISIG, {need.ground}: {tally.sentence}"
        if not tally.passed:
            return (), (sentence,) if stopped is None else (sentence, f"G-COMPOSITE: {stopped}")
        said = (sentence, *said)
    return (said, ()) if stopped is None else ((), (f"G-COMPOSITE: {stopped}",))
