"""C-ENTRY and C-SIZE: when a condor may be opened, and how many contracts of it."""

from __future__ import annotations

import msgspec

from alvh.method.condor.parameters import EntryParameters, SizeParameters
from alvh.method.rule import Rule
from alvh.strategy.decision import Observed


class Room(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What may be spent today, USD.

    Attributes
    ----------
    budget : float
        The grown and capped entry budget.
    free : float
        Margin target less margin in use.
    """

    budget: float
    free: float

    @property
    def usable(self) -> float:
        """The smaller of the two, never negative."""
        return max(0.0, min(self.budget, self.free))


class CEntry(Rule):
    """Decide on one entry every session, with a budget that grows evenly.

    Each session the budget grows by C-ALLOC's target divided by the condors' expected life in sessions, and holds at
    most `budget_cap` of equity. A condor opens when the smaller of the budget and the free margin (C-ALLOC's target
    less margin in use) reaches C-SIZE's lower end, and what it ties up is taken from the budget at the next decision.
    """

    id = "C-ENTRY"
    title = "One entry decision every session"
    seeds = ("000",)
    section = "condor"

    def __init__(self, parameters: EntryParameters) -> None:
        self._cap = parameters.budget_cap.value
        self._life = parameters.expected_life.value

    def grow(self, budget: float, spent: float, target: float, equity: float) -> float:
        """Return the budget after yesterday's spending and today's growth, USD."""
        grown = max(0.0, budget - spent) + target * equity / self._life
        return min(grown, self._cap * equity)


class CSize(Rule):
    """Let a new condor lose 1 to 2 % of equity at most.

    Our reading of "1-2 % of portfolio risk": the maximum loss of one new condor, (wider width - credit) x 100 x
    contracts, lies between `low` and `high` of equity. Contracts are rounded down. When one contract of a candidate
    already exceeds the limit a narrower candidate is taken, then XSP, a tenth of the size, then there is no trade.
    """

    id = "C-SIZE"
    title = "Size of a new condor"
    seeds = ("000",)
    section = "condor"

    def __init__(self, parameters: SizeParameters) -> None:
        self.low = parameters.low.value
        self.high = parameters.high.value
        self.thresholds: Observed = {"low": self.low, "high": self.high}

    def loss_limit(self, equity: float) -> float:
        """Most that a new condor may lose, USD."""
        return self.high * equity

    def contracts(self, *, max_loss: float, margin: float, equity: float, room: float) -> int:
        """Count contracts of one candidate, rounded down.

        Parameters
        ----------
        max_loss, margin : float, USD per contract
        room : float, USD
            `Room.usable`; bounds the margin tied up.
        """
        if max_loss <= 0.0 or margin <= 0.0:
            return 0
        return int(min(self.loss_limit(equity) / max_loss, room / margin))
