"""G-IRR: how far the portfolio has run from the sum of its positions' model paths.

1. When a position is first held, each of its options keeps the forward, strike, volatility and rate it was marked with.
   Its model path values it from those alone as time passes: forward from entry, on the sticky-strike entry surface.
   Futures and shares are expected to stay where they are.
2. Between two rebalancings no money goes in or out, so the periodic IRR of condors and hedge is their gain over the
   equity at the last rebalancing. Gains of each night are added up, actual against model, over the positions held
   through it; interest on cash counts for neither.
3. The deviation is the difference of both. Beyond its limit it triggers, and is counted from zero again.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from alvh.book.contract_columns import DISCOUNT, FORWARD, TAU, VOL
from alvh.book.marks import Marks
from alvh.book.position_columns import USD
from alvh.core.arrays import F8, I8
from alvh.core.compiled import compiled
from alvh.pricing.black76 import black_kernel

__all__ = ["Deviation", "model_value"]

_DAYS = 365.0
_COLUMNS = 7
_F, _K, _T, _V, _R, _PUT, _DAY = range(_COLUMNS)


class Deviation:
    """The sum of model paths beside what was earned, session by session.

    Attributes
    ----------
    actual, model : float, USD
        Gains since the last rebalancing.
    base : float, USD
        Equity at the last rebalancing; zero before the first.
    """

    __slots__ = ("_entered", "_paths", "_positions", "_usd", "_value", "_worth", "actual", "base", "model")

    def __init__(self) -> None:
        self.actual, self.model, self.base = 0.0, 0.0, 0.0
        self._entered: dict[str, F8] = {}
        self._paths = np.empty((_COLUMNS, 0))
        self._usd = np.empty(0)
        self._positions: tuple[object, ...] = ()
        self._value = 0.0
        self._worth = 0.0

    @property
    def relative(self) -> float | None:
        """Periodic IRR since the last rebalancing less that of the model paths; None before the first."""
        return (self.actual - self.model) / self.base if self.base > 0.0 else None

    def night(self, session: date, equity: float, interest: float) -> None:
        """Add what the night brought, before anything is traded.

        Parameters
        ----------
        equity : float, USD
            Cash and marks, settlements and interest of the night included.
        interest : float, USD
        """
        if self.base <= 0.0:
            return
        now = model_value(self._paths, self._usd, float(session.toordinal()))
        self.actual += equity - interest - self._worth
        self.model += now - self._value

    def close(self, marks: Marks, equity: float, *, rebalanced: bool) -> None:
        """Take the book as it stands after the session's orders; start from zero where it was rebalanced."""
        day = float(marks.session.toordinal())
        table = marks.table
        if self._positions is not table.positions:
            self._enter(marks, day)
            self._positions = table.positions
        self._value = model_value(self._paths, self._usd, day)
        self._worth = equity
        if rebalanced or self.base <= 0.0:
            self.actual, self.model, self.base = 0.0, 0.0, equity

    def _enter(self, marks: Marks, day: float) -> None:
        table, entered = marks.table, self._entered
        kept: dict[str, F8] = {}
        for place, position in enumerate(table.positions):
            name = position.id
            found = entered.get(name)
            if found is None or found.shape[1] != len(position.legs):
                start, stop = table.leg_start[place : place + 2]
                found = _entry(marks, table.leg_contract[start:stop], day)
            kept[name] = found
        self._entered = kept
        self._paths = np.concatenate(list(kept.values()), axis=1) if kept else np.empty((_COLUMNS, 0))
        self._usd = table.legs[:, USD].copy()


def _entry(marks: Marks, rows: I8, day: float) -> F8:
    """Write down the marks of one position's legs; futures and shares get no volatility and no time."""
    table, numbers = marks.table, marks.columns.numbers
    made = np.zeros((_COLUMNS, rows.size))
    options = rows < table.options
    tau = np.where(options, numbers[TAU, rows], 0.0)
    made[_F], made[_V], made[_T], made[_DAY] = numbers[FORWARD, rows], numbers[VOL, rows], tau, day
    made[_K], made[_PUT] = table.strike[rows], table.is_put[rows]
    made[_R] = np.where(tau > 0.0, -np.log(numbers[DISCOUNT, rows]) / np.maximum(tau, 1e-9), 0.0)
    # A future or a share has a strike equal to its forward, so that its path is worth nothing throughout.
    made[_F] = np.where(options, made[_F], made[_K])
    return made


@compiled
def model_value(paths: F8, usd: F8, day: float) -> float:
    """Value legs on their model paths on a day, USD.

    Parameters
    ----------
    paths : (7, m) array
        Forward, strike, years to settlement, volatility, rate, whether a put, and day of entry, of each leg.
    usd : (m,) array
        USD per point of each leg, signed.
    day : float
        Proleptic ordinal.
    """
    total = 0.0
    for leg in range(usd.shape[0]):
        left = max(paths[2, leg] - (day - paths[6, leg]) / _DAYS, 0.0)
        spread = paths[3, leg] * np.sqrt(left)
        value = black_kernel(paths[0, leg], paths[1, leg], spread, paths[5, leg] != 0.0)
        total += usd[leg] * np.exp(-paths[4, leg] * left) * value
    return total
