"""The pages of section 6. What they say is done in `alvh.governance`, `alvh.policy.amendments` and the session loop."""

from __future__ import annotations

from alvh.governance.deviation import Deviation
from alvh.governance.parameters import IrrParameters
from alvh.method.rule import Rule
from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.words import said

__all__ = ["GAmend", "GCheck", "GComposite", "GIrr", "GMultisig", "GSign", "GTiming", "GVotes"]


class GVotes(Rule):
    """Let each family of evidence vote once.

    The stance of a family is the mean of its present inputs in [-1, 1], +1 raising protection: a flag votes +1 or -1, a
    level its z-score over `window` sessions, halved and clipped, either with the sign on the page of its signal. Stance
    times the direction of a proposal at `threshold` or above is a vote for, at its negative or below a vote against,
    between them no vote. A family that holds a satisfied trigger of the rule votes for. A level with fewer than
    `at_least` present values does not vote.
    """

    id = "G-VOTES"
    title = "Each family of evidence has one vote"
    seeds = ("000", "003", "004")
    section = "governance"


class GMultisig(Rule):
    """Pass a proposal with enough for-votes; no single family can pass or stop one.

    `needed` families must vote for; `protect` for L-PROTECT; for the rules of section 5 `tested` of price, volatility
    and macro; for what only takes condor risk off `reducing`. There is no veto. Mandatory actions pass without votes
    and are recorded so: L-BASE's floor, C-MANAGE exits, D-MECHANICAL, expiry. C-ENTRY needs its own trigger and the
    composite only. A strategy that is not this method is not put to the vote. A proposal is believed to be harmless
    only where its packages show that they take off condors that are held and never sell the cover of a short option.
    """

    id = "G-MULTISIG"
    title = "A quorum of families"
    seeds = ("000", "003", "004")
    section = "governance"


class GComposite(Rule):
    """Block what all the evidence together speaks against.

    The composite is 0.5 + 0.5 x the sum of weighted stances, each family weighing min(1/3, 1/n), what is missing
    neutral. Below `low` no protect proposal passes, above `high` no harvest proposal, unless leaving any one family out
    would lift the block: no single family decides.
    """

    id = "G-COMPOSITE"
    title = "The weighted stance of all families"
    seeds = ("000",)
    section = "governance"


class GCheck(Rule):
    """Check every order that takes on risk against the account as the order would leave it.

    The margin of all condors stays under `margin_ceiling`, buying power above `free_cash`, and the quick ratio (liquid
    assets over margin due and the loss in the down-shock) above `quick_ratio`. The VX curve that a VIX order is priced
    on is of the same session; absent and crossed quotes stop an order where it is priced. A roll counts what it frees.
    """

    id = "G-CHECK"
    title = "Limits, margin and liquidity before each order"
    seeds = ("000", "002")
    section = "governance"


class GIrr(Rule):
    """Notice when the portfolio runs away from its model paths.

    Each position keeps the forward, volatility and rate of its legs at entry, and is expected to earn what they give as
    time passes (sticky strike). Since the last rebalancing, the gain of condors and hedge over equity, which is their
    periodic IRR as no money moves in between, is set against the sum of those paths. Beyond `limit` the day's G-CHECK
    and L-AMM, whose band decides whether anything trades, stand under this trigger, and the count starts from zero.
    """

    id = "G-IRR"
    title = "Deviation from the model paths"
    seeds = ("000",)
    section = "governance"

    def __init__(self, parameters: IrrParameters) -> None:
        self.limit = parameters.limit.value

    def judge(self, found: Deviation) -> Verdict:
        """Say how far the portfolio has run from its paths."""
        relative = found.relative
        if relative is None:
            return self.verdict(Outcome.ABSTAINED, "Nothing has been held yet, so there is no path to run from.")
        observed = {"deviation": relative, "actual": found.actual, "model": found.model}
        fired = abs(relative) > self.limit
        words = said(
            "Since the last rebalancing {:.2%} of equity was earned, {:.2%} on the model paths: {:.0f} bp apart, {}.",
            found.actual / found.base,
            found.model / found.base,
            abs(relative) * 1e4,
            "beyond the limit; G-CHECK and L-AMM are run and the count starts again" if fired else "inside the limit",
        )
        return self.verdict(Outcome.FIRED if fired else Outcome.QUIET, words, observed, {"limit": self.limit})


class GAmend(Rule):
    """Change the policy by rule: predefined yet mutable.

    An amendment names the policy it amends by digest, the number that justified it, the families that voted for it, and
    the day from which it acts: `delay` days after it was proposed at the earliest, with `needed` votes. It never acts
    before its date. Each decision records the digest of the policy in force. `alvh policy amend` writes one.
    """

    id = "G-AMEND"
    title = "A policy that is amended on the record"
    seeds = ("003",)
    section = "governance"


class GSign(Rule):
    """Let an order leave only with enough signatures over exactly this order.

    k of n named approvers sign the order's canonical bytes with Ed25519. A changed order, a replay, an expired or
    revoked key is refused, and the proposer's own signature does not count. In a backtest the signers are simulated:
    each class of action has its k and its delay in sessions. An order that waits is routed at the prices it was
    proposed at, or expires.
    """

    id = "G-SIGN"
    title = "k of n signatures over the exact order"
    seeds = ("003", "004")
    section = "governance"


class GTiming(Rule):
    """Keep orders out of auctions and away from events.

    No order within `auction_minutes` of the opening or closing auction or within `event_minutes` of an FOMC statement,
    FOMC minutes, or a release of CPI, PPI or GDP. A snapshot that carries only a date is taken at 16:15 New York, 13:15
    on early closes, and the ground of its orders says that timing was not checkable.
    """

    id = "G-TIMING"
    title = "No orders in auctions or near events"
    seeds = ("000", "002")
    section = "governance"
