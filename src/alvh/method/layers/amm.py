"""L-AMM: the hedge ratio as a pool that trades only to the edge of its band."""

from __future__ import annotations

import math

import msgspec

from alvh.method.layers.parameters import AmmParameters
from alvh.method.layers.pool import Pool, to_band
from alvh.method.layers.trigger import missing
from alvh.method.rule import Rule
from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.facts import Facts
from alvh.strategy.words import said

__all__ = ["Band", "LAmm"]

_MOMENTUM = "S-ROT.momentum"


class Band(msgspec.Struct, frozen=True, gc=False):
    """Where the pool rests, USD of VX notional.

    Attributes
    ----------
    low, high : float
        Edges between which nothing is traded.
    target : float, coverage
        h*.
    """

    low: float
    high: float
    target: float

    def gap(self, held: float) -> float:
        """Return what is bought (positive) or sold (negative) to reach the nearer edge, USD; zero inside."""
        return self.low - held if held < self.low else min(self.high - held, 0.0)


class LAmm(Rule):
    """Keep the hedge ratio in the band of a weighted geometric-mean pool.

    x is the VX notional of the hedge, y the maximum loss of the condors, h = x/y. The pool rests at h*, which is the
    rung x (1 + `tilt` x S-ROT's momentum), towards growth more, and never below the rung triggered today. Nothing is
    traded while h lies inside [max(floor, h* (1 - `fee`)), h* / (1 - `fee`)]; outside, the hedge is brought to the
    nearer edge, so an empty hedge opens at the lower one. What L-FOMC and L-CALLSPREAD add is counted apart. The band
    knows no time, so snapshots may lie as near to each other as they like.
    """

    id = "L-AMM"
    title = "The band around the hedge ratio"
    seeds = ("000", "003")
    section = "layers"

    def __init__(self, parameters: AmmParameters) -> None:
        self.fee = parameters.fee.value
        self._tilt = parameters.tilt.value
        self._thresholds = {"fee": self.fee, "tilt": self._tilt}

    def target(self, held: float, today: float, momentum: float | None) -> float:
        """Return h*, coverage.

        Parameters
        ----------
        held, today : float, coverage
            The rung held and the highest one triggered today.
        momentum : float or None
            S-ROT's, in [-1, 1]; None leaves the rung as it is.
        """
        return held if momentum is None else max(held * (1.0 + self._tilt * momentum), today)

    def band(self, target: float, floor: float, max_loss: float, *, at_once: bool = False) -> Band:
        """Return the band.

        Parameters
        ----------
        max_loss : float, USD
            y.
        at_once : bool
            Trade to h* itself (L-RECAL).
        """
        if target <= 0.0 or max_loss <= 0.0:
            return Band(max(floor, 0.0) * max_loss, max(floor, 0.0) * max_loss, target)
        pool = Pool.of_ratio(target, 0.0 if at_once else self.fee)
        return Band(to_band(0.0, max_loss, pool, floor=floor), to_band(math.inf, max_loss, pool, floor=floor), target)

    def judge(self, facts: Facts, rung: float, today: float) -> tuple[float, Verdict]:
        """Return h* with its verdict; without momentum it abstains and the rung stays as it is."""
        momentum = facts.value(_MOMENTUM)
        target = self.target(rung, today, momentum)
        observed = {_MOMENTUM: momentum, "rung": rung, "target": target}
        if momentum is None:
            words = said("The rung of {:.1%} is not tilted: {}.", rung, "; ".join(missing(facts, (_MOMENTUM,))))
            return target, self.verdict(Outcome.ABSTAINED, words, observed, self._thresholds)
        words = said("Rotation of {:+.2f} takes the rung of {:.1%} to {:.1%}.", momentum, rung, target)
        outcome = Outcome.FIRED if target != rung else Outcome.QUIET
        return target, self.verdict(outcome, words, observed, self._thresholds)
