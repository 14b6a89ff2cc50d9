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

from alvh.book.identity import Remembered
from alvh.book.leg_table import Family, LegTable
from alvh.book.looking import DISCOUNT, FORWARD, MODEL, TAU, VOL
from alvh.book.marks import Marks
from alvh.core.arrays import B1, F8, I8
from alvh.core.errors import CoverageError
from alvh.market.contracts import Future, Share
from alvh.market.leverage import leverage
from alvh.market.view import View
from alvh.pricing.black76 import price
from alvh.pricing.scenarios import Shock, shocked_vol, shocked_vx, vx_shock

__all__ = ["Stress", "stress"]

_DAYS = 365.0


class Stress(msgspec.Struct, frozen=True, kw_only=True):
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
    rows = _option_rows(marks.table)
    pnl = _options(marks, rows, shocks) @ rows.usd
    for place, shock in enumerate(shocks):
        for row, usd_condor, usd_hedge in rows.linear:
            move = _linear_move(marks, row, view, shock)
            pnl[place, 0] += usd_condor * move
            pnl[place, 1] += usd_hedge * move
    return tuple(
        Stress(shock=shock.name, condor_pnl=condor, hedge_pnl=hedge)
        for shock, (condor, hedge) in zip(shocks, pnl.tolist(), strict=True)
    )


def _options(marks: Marks, rows: _OptionRows, shocks: Sequence[Shock]) -> F8:
    """Gain of one contract of each option row under each shock, points, (shocks, options)."""
    k, n = len(shocks), rows.row.size
    if not n:
        return np.zeros((k, 0))
    numbers, cut = marks.columns.numbers[:, rows.row], rows.spx
    before, vol, years = numbers[FORWARD], numbers[VOL], numbers[TAU]
    days = _DAYS * years
    inputs, is_put = np.empty((5, k, n)), np.empty((k, n), dtype=np.bool_)
    forward, strike, tenor, moved_vol, discount = inputs
    strike[:], tenor[:], discount[:], is_put[:] = rows.strike, years, numbers[DISCOUNT], rows.is_put
    for place, shock in enumerate(shocks):
        forward[place, :cut] = before[:cut] * (1.0 + shock.spot_return)
        forward[place, cut:] = shocked_vx(before[cut:], days[cut:], shock)
        moved_vol[place, :cut] = shocked_vol(vol[:cut], days[:cut], shock)
        moved_vol[place, cut:] = vol[cut:]
    value = price(
        forward.ravel(), strike.ravel(), tenor.ravel(), moved_vol.ravel(), is_put.ravel(), discount.ravel()
    ).reshape(k, n)
    gain: F8 = value - numbers[MODEL]
    return gain


def _linear_move(marks: Marks, row: int, view: View, shock: Shock) -> float:
    """Gain of one future or share under a shock, points."""
    instrument, level = marks.table.contracts[row], float(marks.mid[row])
    if isinstance(instrument, Future):
        if marks.table.family[row] != Family.VIX:
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


class _OptionRows(msgspec.Struct, frozen=True):
    """Option rows of a table, `spx` of them on SPX and then those on VIX, with USD per point by sleeve.

    `linear` lists futures and shares as (row, USD per point of the condor sleeve, of the hedge sleeve).
    """

    row: I8
    spx: int
    strike: F8
    is_put: B1
    usd: F8
    linear: tuple[tuple[int, float, float], ...]


def _read_option_rows(table: LegTable) -> _OptionRows:
    n = len(table.contracts)
    # One bin per contract and sleeve.
    place = 2 * table.leg_contract + table.hedge[table.leg_position]
    usd = np.bincount(place, weights=table.leg_usd, minlength=2 * n).reshape(n, 2)
    family = table.family[: table.options]
    on_spx, on_vix = np.flatnonzero(family == Family.SPX), np.flatnonzero(family == Family.VIX)
    row = np.concatenate([on_spx, on_vix])
    linear = [
        (place, float(usd[place, 0]), float(usd[place, 1])) for place in range(table.options, len(table.contracts))
    ]
    return _OptionRows(row, on_spx.size, table.strike[row], table.is_put[row], usd[row], tuple(linear))


_option_rows = Remembered(_read_option_rows, size=16)
