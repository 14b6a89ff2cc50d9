"""C-MANAGE: ordinary management of an untested condor."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from alvh.core.arrays import F8, I1
from alvh.core.compiled import compiled
from alvh.method.condor.parameters import ManageParameters
from alvh.method.rule import Rule


class Exit(IntEnum):
    """Which exit a condor has reached."""

    NONE = 0
    STOP = 1
    PROFIT = 2
    TIME = 3


_NONE, _STOP, _PROFIT, _TIME = (int(code) for code in Exit)


class CManage(Rule):
    """Close an untested condor at half its credit, at 21 days to expiry, or when closing costs twice its credit.

    The debit to close is the executable one under the fill model. The profit target closes when the debit has fallen
    to (1 - `profit_target`) of the credit; the stop when it has risen to `stop` times the credit; the time exit at
    `time_exit` calendar days to expiry. The order is stop, profit target, time exit. A condor that is tested is left to
    section 5 alone. These exits are mandatory: they reduce risk and need no votes.
    """

    id = "C-MANAGE"
    title = "Ordinary management of an untested condor"
    seeds = ()
    section = "condor"

    def __init__(self, parameters: ManageParameters) -> None:
        self._profit = parameters.profit_target.value
        self._time = parameters.time_exit.value
        self._stop = parameters.stop.value

    def screen(self, credit: F8, dte: F8, debit: F8) -> I1:
        """Say for each untested condor which exit it has reached.

        Parameters
        ----------
        credit : (n,) array, points
        dte : (n,) array, calendar days
        debit : (n,) array, points
            Executable debit to close, positive paid; infinite where it cannot be closed today.

        Returns
        -------
        (n,) array of `Exit` codes
        """
        found = np.empty(credit.size, dtype=np.int8)
        _screen(credit, dte, debit, self._profit, float(self._time), self._stop, found)
        return found

    def late(self, dte: int) -> bool:
        """Whether the time exit is reached."""
        return self._time > 0 and dte <= self._time

    def reason(self, reached: int, credit: float, dte: int, debit: float) -> str:
        """Say in words which exit was reached."""
        if reached == Exit.STOP:
            return f"stop: closing costs {debit:.2f}, at least {self._stop:g} x the credit of {credit:.2f}"
        if reached == Exit.PROFIT:
            return f"profit target: closing costs {debit:.2f} of the credit of {credit:.2f}"
        return f"time exit: {dte} days to expiry"


@compiled
def _screen(credit: F8, dte: F8, debit: F8, profit: float, time: float, stop: float, found: I1) -> None:
    for i in range(found.shape[0]):
        code = _NONE
        if time > 0.0 and dte[i] <= time:
            code = _TIME
        if credit[i] > 0.0 and debit[i] < np.inf:
            if debit[i] <= (1.0 - profit) * credit[i]:
                code = _PROFIT
            if stop > 0.0 and debit[i] >= stop * credit[i]:
                code = _STOP
        found[i] = code
