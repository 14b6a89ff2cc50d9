"""The smile of one VIX expiry: a mixture of two lognormals on the VX future that settles with it.

``E[(VIX_T - K)+] = w C(m1, v1) + (1 - w) C(m2, v2)`` with ``w m1 + (1 - w) m2 = F``. Both densities are positive, so
every price is positive and convex in the strike, calls fall and puts rise with it, and calls less puts are the future
less the strike, whatever the parameters. `vix_smile_fit` finds them from a recorded chain, `smile_from_vvix` without.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import F8, I1
from alvh.core.errors import UsageError
from alvh.pricing.black76 import price
from alvh.pricing.implied import implied_vol
from alvh.pricing.modelled.vix_quotes import model_vix_slice

__all__ = ["VixSmile", "smile_from_vvix"]

# Where `model_vix_slice` keeps mean and total volatility of the two lognormals; a test compares prices.
_MEAN_1, _VOL_1, _MEAN_2, _VOL_2 = 1, 2, 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class VixSmile:
    """Risk-neutral law of the VIX at one settlement.

    Attributes
    ----------
    forward : float, VIX points
        Price of the VX future with the same settlement, never spot VIX.
    tau : float, years
    discount : float
    weight : float
        Of the first lognormal, between 0 and 1.
    mean_1, mean_2 : float, VIX points
    vol_1, vol_2 : float
        Total: of ln VIX at settlement, not per year.

    Raises
    ------
    UsageError
        A parameter is out of its range, or the means do not make the forward.
    """

    forward: float
    tau: float
    discount: float
    weight: float
    mean_1: float
    vol_1: float
    mean_2: float
    vol_2: float

    def __post_init__(self) -> None:
        positive = (self.forward, self.tau, self.discount, self.mean_1, self.vol_1, self.mean_2, self.vol_2)
        sound = all(0.0 < value < math.inf for value in positive) and 0.0 <= self.weight <= 1.0
        mean = self.weight * self.mean_1 + (1.0 - self.weight) * self.mean_2
        if not (sound and abs(mean - self.forward) <= 1e-9 * self.forward):
            raise UsageError(
                f"the mixture has mean {mean!r} on a VX future of {self.forward!r}: {self}.",
                where="VIX smile",
                fix="Means, volatilities, time and discount must be positive, the weight a share, and the means agree.",
            )

    def price(self, strike: ArrayLike, is_put: ArrayLike) -> F8:
        """Value European VIX options, discounted, VIX points.

        Raises
        ------
        UsageError
            A strike is not positive and finite.
        """
        strikes, puts = np.broadcast_arrays(np.atleast_1d(np.asarray(strike, dtype=np.float64)), is_put)
        strikes = strikes.copy()
        # Each by its out-of-the-money side: parity would cost the digits of a cheap option.
        low = strikes < self.forward
        first = price(self.mean_1, strikes, 1.0, self.vol_1, low, 1.0)
        second = price(self.mean_2, strikes, 1.0, self.vol_2, low, 1.0)
        outside = self.weight * first + (1.0 - self.weight) * second
        inside = np.where(puts, strikes - self.forward, self.forward - strikes)
        value: F8 = self.discount * (outside + np.where(puts == low, 0.0, inside))
        return value

    def vol(self, strike: ArrayLike) -> tuple[F8, I1]:
        """Return Black-76 volatility per year on the future, and a `VolStatus` code each."""
        strikes = np.atleast_1d(np.asarray(strike, dtype=np.float64))
        low = strikes < self.forward
        return implied_vol(self.price(strikes, low), self.forward, strikes, self.tau, low, self.discount)

    @property
    def log_contract_vol(self) -> float:
        """``sqrt(-2 E ln(VIX_T / F) / tau)``: what VVIX measures at thirty days, decimal per year."""
        logs = self.weight * (math.log(self.mean_1 / self.forward) - 0.5 * self.vol_1**2)
        logs += (1.0 - self.weight) * (math.log(self.mean_2 / self.forward) - 0.5 * self.vol_2**2)
        return math.sqrt(-2.0 * logs / self.tau)


def smile_from_vvix(forward: float, tau: float, vvix: float, *, discount: float = 1.0) -> VixSmile:
    """Make the smile of an expiry from the level of VVIX, for days without a VIX chain.

    The shape is that of the modelled chain: one calm day's, scaled by VVIX and its decay with time.

    Parameters
    ----------
    forward : float, VIX points
    tau : float, years
    vvix : float, vol points

    Raises
    ------
    UsageError
        An argument is not positive and finite.
    """
    if not all(0.0 < value < math.inf for value in (forward, tau, vvix, discount)):
        raise UsageError(
            f"a VIX smile needs a positive future, time, VVIX and discount; got {(forward, tau, vvix, discount)}.",
            where="VIX smile",
            fix="Leave out expiries that have settled or whose future is not known.",
        )
    vector = model_vix_slice(forward, tau, vvix, discount, 100.0, 3.0, 20.0, 1.0)
    mean_1, mean_2 = float(vector[_MEAN_1]), float(vector[_MEAN_2])
    return VixSmile(
        forward=forward,
        tau=tau,
        discount=discount,
        weight=(mean_2 - forward) / (mean_2 - mean_1),
        mean_1=mean_1,
        vol_1=float(vector[_VOL_1]),
        mean_2=mean_2,
        vol_2=float(vector[_VOL_2]),
    )
