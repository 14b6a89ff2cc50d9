"""C-CREDIT: which of the candidate condors is sold."""

from __future__ import annotations

import msgspec
import numpy as np

from alvh.core.arrays import B1, F8
from alvh.core.compiled import compiled
from alvh.execution.fills import FillParameters
from alvh.execution.quotes import executable_condors
from alvh.market.chain import ExpirySlice
from alvh.method.condor.parameters import CreditParameters
from alvh.method.condor.shape import Candidates
from alvh.method.rule import Rule


class Choice(msgspec.Struct, frozen=True, kw_only=True):
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


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
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
        best, quoted, inside, affordable = _pick(
            priced.price, priced.natural, priced.mid, priced.ok, candidates.width, candidates.k, k,
            self.low, self.high, self._target, self._scale, self.k_band, float(multiplier), loss_limit,
        )  # fmt: skip
        funnel = Funnel(listed=n, quoted=quoted, inside=inside, affordable=affordable)
        if best < 0:
            return None, funnel
        credit, width = float(priced.price[best]), float(candidates.width[best])
        return (
            Choice(
                root=quotes.root,
                put_long=float(candidates.put_long[best]),
                put_short=float(candidates.put_short[best]),
                call_short=float(candidates.call_short[best]),
                call_long=float(candidates.call_long[best]),
                k=float(candidates.k[best]),
                width=width,
                credit=credit,
                ratio=credit / width,
                max_loss=(width - credit) * multiplier,
            ),
            funnel,
        )


@compiled
def _pick(
    price: F8, natural: F8, mid: F8, ok: B1, width: F8, k: F8, aim: float,
    low: float, high: float, target: float, scale: float, k_band: float, multiplier: float, loss_limit: float,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Return the best affordable candidate (-1 for none) and how many were quoted, inside the band and affordable."""
    best, quoted, inside, affordable = -1, 0, 0, 0
    least, narrowest = np.inf, np.inf
    for i in range(price.size):
        if not ok[i]:
            continue
        quoted += 1
        ratio = price[i] / width[i]
        if ratio < low or ratio > high:
            continue
        inside += 1
        loss = (width[i] - price[i]) * multiplier
        if loss <= 0.0 or loss > loss_limit:
            continue
        affordable += 1
        score = abs(ratio - target) / scale
        if k_band > 0.0:
            score += abs(k[i] - aim) / k_band
        spread = mid[i] - natural[i]
        # Scores that differ by rounding alone are a tie, which the narrower quoted spread decides.
        if score < least - 1e-9 or (score < least + 1e-9 and spread < narrowest):
            best, least, narrowest = i, score, spread
    return best, quoted, inside, affordable
