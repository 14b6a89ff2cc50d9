"""What the book would gain or lose in a named shock, now.

Every option is valued again at its own volatility, moved as `pricing.scenarios` says: SPX forwards with spot, SPX
volatilities with the VX shock at their tenor (sticky strike), VX forwards by the shock of the curve at theirs. The
gain is against the model value before the shock, which is the mark itself wherever the mark has a volatility.
Futures move with their forward, VIX exchange-traded products by their leverage times the relative move of VX at
their tenor.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from alvh.book.contract_columns import DISCOUNT, FORWARD, MODEL, TAU, VOL
from alvh.book.identity import Remembered
from alvh.book.leg_table import Family, LegTable
from alvh.book.marks import Marks
from alvh.book.position_columns import HEDGE, USD
from alvh.core.arrays import B1, F8, I1, I8
from alvh.core.compiled import compiled
from alvh.core.errors import CoverageError
from alvh.market.contracts import Future, Share
from alvh.market.leverage import leverage
from alvh.market.view import View
from alvh.pricing.kernels import price_kernel
from alvh.pricing.option_kernel import broken_line
from alvh.pricing.scenarios import LEAST_VOL, LEAST_VX, Shock, shocked_vx, vx_shock

__all__ = ["Stress", "stress"]

_DAYS = 365.0
_POINTS = 100.0
_SPX, _VIX = Family.SPX, Family.VIX


class Stress(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Profit and loss under one shock.

    Attributes
    ----------
    condor_pnl, hedge_pnl : float, USD
        Positive is a gain.
    """

    shock: str
    condor_pnl: float
    hedge_pnl: float

    @property
    def coverage(self) -> float | None:
        """Gain of the hedge over the loss of the condors; None where the condors lose nothing."""
        return self.hedge_pnl / -self.condor_pnl if self.condor_pnl < 0.0 else None


def stress(marks: Marks, view: View, shocks: Sequence[Shock]) -> tuple[Stress, ...]:
    """Value marked positions under shocks, all in one pass.

    Parameters
    ----------
    marks : Marks
        Of the book at this view.

    Returns
    -------
    tuple of Stress
        One per shock, in order.
    """
    table = marks.table
    returns, start, days, points = _shocks(tuple(shocks))
    pnl = np.empty((len(shocks), 2))
    _shocked(
        table.options,
        table.strike,
        table.is_put,
        table.family,
        table.leg_contract,
        table.leg_position,
        table.legs,
        table.facts,
        marks.columns.numbers,
        returns,
        start,
        days,
        points,
        pnl,
    )
    if table.options < table.size:
        for place, shock in enumerate(shocks):
            pnl[place] += _linear(marks, view, shock)
    return tuple(
        [
            Stress(shock=shock.name, condor_pnl=condor, hedge_pnl=hedge)
            for shock, (condor, hedge) in zip(shocks, pnl.tolist(), strict=True)
        ]
    )


def _read_shocks(shocks: tuple[Shock, ...]) -> tuple[F8, I8, F8, F8]:
    """Lay shocks out: spot returns, where each one's tenors start, tenors in days, moves in VIX points."""
    start = np.cumsum([0, *(len(shock.vx_days) for shock in shocks)])
    days = np.array([day for shock in shocks for day in shock.vx_days], dtype=np.float64)
    points = np.array([move for shock in shocks for move in shock.vx_points], dtype=np.float64)
    return np.array([shock.spot_return for shock in shocks]), start, days, points


_shocks = Remembered(_read_shocks, size=64)


@compiled
def _shocked(
    options: int,
    strike: F8,
    is_put: B1,
    family: I1,
    leg_contract: I8,
    leg_position: I8,
    legs: F8,
    facts: F8,
    numbers: F8,
    returns: F8,
    start: I8,
    days: F8,
    points: F8,
    pnl: F8,
) -> None:
    """Write what options gain under each shock, USD, condor sleeve first."""
    o = options
    forward, vol, gain = np.empty(o), np.empty(o), np.empty(o)
    pnl[:] = 0.0
    for k in range(returns.shape[0]):
        at, moves = days[start[k] : start[k + 1]], points[start[k] : start[k + 1]]
        for i in range(o):
            before, seen = numbers[FORWARD, i], numbers[VOL, i]
            move = broken_line(_DAYS * numbers[TAU, i], at, moves)
            if family[i] == _SPX:
                forward[i] = before * (1.0 + returns[k])
                vol[i] = max(seen + move / _POINTS, min(seen, LEAST_VOL))
            elif family[i] == _VIX:
                forward[i] = max(before + move, LEAST_VX)
                vol[i] = seen
            else:
                forward[i] = before
                vol[i] = seen
        price_kernel(forward, strike[:o], numbers[TAU, :o], vol, is_put[:o], numbers[DISCOUNT, :o], gain)
        for i in range(o):
            gain[i] = gain[i] - numbers[MODEL, i] if family[i] in (_SPX, _VIX) else 0.0
        for leg in range(leg_contract.shape[0]):
            c = leg_contract[leg]
            if c < o:
                sleeve = 1 if facts[leg_position[leg], HEDGE] != 0.0 else 0
                pnl[k, sleeve] += legs[leg, USD] * gain[c]


def _linear(marks: Marks, view: View, shock: Shock) -> F8:
    """Gain of futures and shares, USD by sleeve."""
    table = marks.table
    pnl = np.zeros(2)
    for leg, row in enumerate(table.leg_contract.tolist()):
        if row >= table.options:
            sleeve = int(table.facts[table.leg_position[leg], HEDGE])
            pnl[sleeve] += table.legs[leg, USD] * _linear_move(marks, table, row, view, shock)
    return pnl


def _linear_move(marks: Marks, table: LegTable, row: int, view: View, shock: Shock) -> float:
    """Gain of one future or share under a shock, points."""
    instrument, level = table.contracts[row], float(marks.mid[row])
    if isinstance(instrument, Future):
        if table.family[row] != Family.VIX:
            return level * shock.spot_return
        days = float((instrument.expiry - marks.session).days)
        return float(shocked_vx(level, days, shock)) - level
    assert isinstance(instrument, Share)
    promise = leverage(instrument.root, marks.session)
    tenor = 30.0 if promise is None else float(promise.tenor)
    at_tenor = view.curve.constant_maturity(tenor) if view.curve is not None else None
    at_tenor = at_tenor if at_tenor is not None else view.vix
    if promise is None or not at_tenor:
        raise CoverageError(
            f"the stress of {instrument.root} needs the VX curve at {tenor:g} days.",
            where=str(marks.session),
            fix="Import the VX curve or VIX closes.",
        )
    return level * max(-1.0, promise.multiple * float(vx_shock(tenor, shock)) / at_tenor)
