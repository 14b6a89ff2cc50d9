"""C-CREDIT: which of the candidate condors is sold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1
from alvh.execution.fills import FillParameters
from alvh.execution.quotes import executable_condors
from alvh.market.chain import ExpirySlice
from alvh.method.condor.parameters import CreditParameters
from alvh.method.condor.shape import Candidates
from alvh.method.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The chosen condor.

    Attributes
    ----------
    credit : float, points
        Executable under the fill model.
    ratio : float
        credit / wider width.
    max_loss : float, USD per contract
    """

    root: str
    put_long: float
    put_short: float
    call_short: float
    call_long: float
    k: float
    width: float
    credit: float
    ratio: float
    max_loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How many candidates were left after each filter; why there is no trade, in numbers."""

    listed: int = 0
    quoted: int = 0
    inside: int = 0
    affordable: int = 0

    def __add__(self, other: Funnel) -> Funnel:
        """Add the counts of two expiries."""
        return Funnel(
            listed=self.listed + other.listed,
            quoted=self.quoted + other.quoted,
            inside=self.inside + other.inside,
            affordable=self.affordable + other.affordable,
        )


class CCredit(Rule):
    """Sell for 15 to 25 % of the wider width, at a price one could get.

    The credit is the executable one under the fill model, never the mid. Among listed strikes with k within
    `k_band` of C-CENTER's and all widths of C-SHAPE, those inside [low, high] are ranked by
    abs(ratio - target) / scale + abs(k - k*) / k_band; the least is sold, on a tie the one with the narrower quoted
    spread. When none is inside the band there is no trade, and the day says how many candidates failed at which step.
    """

    id = "C-CREDIT"
    title = "Credit of the condor"
    seeds = ("001",)
    section = "condor"

    def __init__(self, parameters: CreditParameters) -> None:
        self.low = parameters.low.value
        self.high = parameters.high.value
        self._target = parameters.target.value
        self._scale = parameters.scale.value
        self.k_band = parameters.k_band.value

    def choose(
        self,
        quotes: ExpirySlice,
        candidates: Candidates,
        k: float,
        fills: FillParameters,
        *,
        multiplier: int,
        loss_limit: float,
    ) -> tuple[Choice | None, Funnel]:
        """Choose among candidates whose max loss per contract stays within `loss_limit` USD."""
        n = candidates.k.size
        if n == 0:
            return None, Funnel()
        priced = executable_condors(
            quotes, candidates.put_long, candidates.put_short, candidates.call_short, candidates.call_long, fills
        )
        ratio = priced.price / candidates.width
        inside = priced.ok & (ratio >= self.low) & (ratio <= self.high)
        loss = (candidates.width - priced.price) * multiplier
        affordable = inside & (loss <= loss_limit) & (loss > 0.0)
        funnel = Funnel(listed=n, quoted=_count(priced.ok), inside=_count(inside), affordable=_count(affordable))
        if not funnel.affordable:
            return None, funnel
        score = np.abs(ratio - self._target) / self._scale
        if self.k_band > 0:
            score = score + np.abs(candidates.k - k) / self.k_band
        spread = priced.mid - priced.natural
        rows = np.flatnonzero(affordable)
        best = int(rows[np.lexsort((spread[rows], np.round(score[rows], 9)))[0]])
        return (
            Choice(
                root=quotes.root,
                put_long=float(candidates.put_long[best]),
                put_short=float(candidates.put_short[best]),
                call_short=float(candidates.call_short[best]),
                call_long=float(candidates.call_long[best]),
                k=float(candidates.k[best]),
                width=float(candidates.width[best]),
                credit=float(priced.price[best]),
                ratio=float(ratio[best]),
                max_loss=float(loss[best]),
            ),
            funnel,
        )


def _count(mask: B1) -> int:
    return int(np.count_nonzero(mask))
