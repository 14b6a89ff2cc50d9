"""C-MANAGE: ordinary management of an untested condor."""

from __future__ import annotations

from alvh.book.condor import Condor
from alvh.method.condor.parameters import ManageParameters
from alvh.method.rule import Rule


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

    def reason(self, condor: Condor, dte: int, debit: float | None) -> str | None:
        """Say why an untested condor is to be closed, or None.

        Parameters
        ----------
        debit : float or None, points
            Executable debit to close, positive paid; None when it cannot be closed today.
        """
        credit = float(condor.credit)
        if debit is not None and self._stop > 0 and credit > 0 and debit >= self._stop * credit:
            return f"stop: closing costs {debit:.2f}, at least {self._stop:g} x the credit of {credit:.2f}"
        if debit is not None and credit > 0 and debit <= (1.0 - self._profit) * credit:
            return f"profit target: closing costs {debit:.2f} of the credit of {credit:.2f}"
        if self._time > 0 and dte <= self._time:
            return f"time exit: {dte} days to expiry"
        return None
