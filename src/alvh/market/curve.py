"""The VX curve: one price per futures expiry, with where each came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from alvh.core.arrays import F8


class CurveOrigin(StrEnum):
    """Where a VX price came from."""

    SETTLED = "settled"
    """The exchange's daily settlement of this contract."""
    TRADED = "traded"
    """The day's last trade, because the exchange's file carries no settlement."""
    RECONSTRUCTED = "reconstructed"
    """Interpolated from a constant-maturity series because the contract's own file is missing."""
    MODELLED = "modelled"
    """From VIX-index levels alone."""
    SIMULATED = "simulated"
    """Expected VIX of a market that did not happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VxCurve:
    """Monthly VX futures at one snapshot, ascending by expiry.

    Attributes
    ----------
    expiries : tuple of date, length m
    days : (m,) array, calendar days from the session to expiry
    price : (m,) array, VIX points
    origin : tuple of CurveOrigin, length m
    """

    session: date
    expiries: tuple[date, ...]
    days: F8
    price: F8
    origin: tuple[CurveOrigin, ...]

    def forward(self, expiry: date) -> float | None:
        """Return the VX forward for a settlement date, linear in days between listed expiries, flat outside.

        None when the curve is empty.
        """
        if not self.expiries:
            return None
        days = float((expiry - self.session).days)
        return float(np.interp(days, self.days, self.price))

    def constant_maturity(self, days: float) -> float | None:
        """Return the constant-maturity level at a tenor in calendar days; None outside the listed range."""
        if not self.expiries or not self.days[0] <= days <= self.days[-1]:
            return None
        return float(np.interp(days, self.days, self.price))
