"""C-CREDIT: which of the candidate condors is sold."""

from __future__ import annotations

import msgspec

from alvh.core.arrays import F8
from alvh.execution.fills import FillParameters, fraction
from alvh.market.chain import ExpirySlice
from alvh.market.products import product
from alvh.method.condor.parameters import CreditParameters
from alvh.method.condor.search import Wanted, search
from alvh.method.rule import Rule
from alvh.strategy.decision import Observed

_LEGS = 4


class Choice(msgspec.Struct, frozen=True, gc=False, kw_only=True):
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


class Funnel(msgspec.Struct, frozen=True, gc=False, kw_only=True):
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
        self.thresholds: Observed = {"low": self.low, "high": self.high}

    def choose(
        self,
        quotes: ExpirySlice,
        *,
        move: float,
        k: float,
        widths: F8,
        fills: FillParameters,
        loss_limit: float,
    ) -> tuple[Choice | None, Funnel]:
        """Choose among the condors of one expiry whose max loss per contract stays within `loss_limit` USD.

        Parameters
        ----------
        move : float, points
            One expected move to expiry (C-CENTER).
        k : float
            C-CENTER's distance of the short strikes.
        widths : (w,) array, fractions of the forward
        """
        item = product(quotes.root)
        wanted = Wanted(
            move=move,
            k=k,
            band=self.k_band,
            widths=widths,
            low=self.low,
            high=self.high,
            target=self._target,
            scale=self._scale,
            loss_limit=loss_limit,
            multiplier=float(item.multiplier),
            share=fraction(fills, _LEGS),
            tick=float(item.package_tick),
        )
        found = search(quotes, wanted)
        funnel = Funnel(listed=found.listed, quoted=found.quoted, inside=found.inside, affordable=found.affordable)
        if found.best is None:
            return None, funnel
        put_long, put_short, call_short, call_long, distance, width, credit = found.best
        choice = Choice(
            root=quotes.root,
            put_long=put_long,
            put_short=put_short,
            call_short=call_short,
            call_long=call_long,
            k=distance,
            width=width,
            credit=credit,
            ratio=credit / width,
            max_loss=(width - credit) * item.multiplier,
        )
        return choice, funnel
