"""Simulated expiries that answer like recorded ones (`market.chain.ExpirySlice`), computing only what is asked."""

from __future__ import annotations

import math
from datetime import date
from functools import lru_cache

import msgspec
import numpy as np

from alvh.core.arrays import B1, F8, frozen
from alvh.market.chain import Origin, Quotes
from alvh.market.strikes import FINE_DAYS, strike_grid
from alvh.pricing.implied import VolStatus, implied_vol
from alvh.simulation.mixture import bucket_weights, buckets, log_moments
from alvh.simulation.quotes import exact, quote_spx, quote_vix
from alvh.simulation.smiles import COMPONENTS, SHARES

__all__ = ["VIX_SHARES", "SimulatedSpxSlice", "SimulatedVixSlice", "levelled", "vix_mixture"]

VIX_SHARES = bucket_weights(COMPONENTS, -2.8, 3.4)
_LOWEST, _HIGHEST, _DEVIATIONS = 0.1, 2.0, 4.0
_VIX_LOWEST, _VIX_HIGHEST = 5.0, 200.0
_COARSE = 100.0
_LEAST_VOL = 1e-4


@lru_cache(maxsize=1024)
def _grid(root: str, low: float, high: float, far: bool) -> F8:
    strikes = strike_grid(root, low, high, dte=FINE_DAYS + 1 if far else 0)
    frozen(strikes)
    return strikes


def _vols(prices: F8, forward: float, strikes: F8, tau: float, is_put: B1) -> F8:
    vols, status = implied_vol(prices, forward, strikes, tau, is_put, 1.0)
    found: F8 = np.where(status == VolStatus.OK, vols, 0.0)
    return found


def levelled(mixture: F8) -> F8:
    """Turn logarithms of means into multiples of the forward, as quotes need them."""
    made = mixture.copy()
    made[0] = np.exp(made[0])
    return made


def vix_mixture(values: F8, weights: F8) -> tuple[float, F8]:
    """Return the forward and the mixture, as multiples of it, of a law of VIX.

    Parameters
    ----------
    values : (n,) array, vol points
    weights : (n,) array
        Sum 1.
    """
    forward = float(weights @ values)
    order = np.argsort(values)
    found = buckets(np.log(values[order] / forward), np.zeros(values.size), weights[order], VIX_SHARES)
    found[0] -= math.log(float(VIX_SHARES @ np.exp(found[0])))
    found[1] = np.maximum(np.sqrt(found[1]), _LEAST_VOL)
    return forward, levelled(found)


class SimulatedSpxSlice(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """All options of one SPX, SPXW or XSP expiry.

    Attributes
    ----------
    forward : float, points of the root
    dte : int, calendar days
    mixture : (2, m) array
        Means as multiples of the forward and volatilities of lognormals with weights `smiles.SHARES`.
    scale : float
        SPX points per point of the root.
    step : float
        Strike spacing, points of the root.
    level : float
        See `quotes.spread_level`.
    ticks : (float, float, float)
        Ticks per point below the boundary, the boundary in points, ticks per point from it on.
    """

    root: str
    expiry: date
    tau: float
    forward: float
    discount: float
    dte: int
    mixture: F8
    scale: float
    step: float
    level: float
    ticks: tuple[float, float, float]
    origin: Origin = Origin.SIMULATED

    @property
    def strikes(self) -> F8:
        """Grid strikes from a tenth of the forward to twice it, or to four standard deviations, ascending, points."""
        spread = math.sqrt(log_moments(_logged(self.mixture), SHARES)[1])
        highest = max(_HIGHEST, math.exp(_DEVIATIONS * spread))
        low = math.floor(_LOWEST * self.forward / _COARSE) * _COARSE
        high = math.ceil(highest * self.forward / _COARSE) * _COARSE
        return _grid(self.root, low, high, self.dte > FINE_DAYS)

    def quote(self, strikes: F8, is_put: B1) -> Quotes:
        """Quote n contracts in the order asked; a strike off the grid comes back ABSENT."""
        bid, ask, status = quote_spx(
            self.mixture,
            SHARES,
            self.forward * self.scale,
            self.discount,
            self.scale,
            self.step,
            self.level,
            self.ticks,
            strikes,
            is_put,
        )
        return Quotes(bid=bid, ask=ask, status=status)

    def exact(self, strikes: F8, is_put: B1) -> F8:
        """Return undiscounted prices before spreads and ticks, any positive strike, points."""
        return exact(self.mixture, SHARES, self.forward, strikes, is_put)

    def vol(self, strikes: F8) -> F8:
        """Return the implied volatility per year, decimal; zero where a price underflows."""
        is_put: B1 = strikes < self.forward
        return _vols(self.exact(strikes, is_put), self.forward, strikes, self.tau, is_put)


class SimulatedVixSlice(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """All VIX options of one expiry; `forward` is the VX future of the same settlement."""

    root: str
    expiry: date
    tau: float
    forward: float
    discount: float
    mixture: F8
    factor: float
    ticks: tuple[float, float, float]
    origin: Origin = Origin.SIMULATED

    @property
    def strikes(self) -> F8:
        """Grid strikes from 5 to 200, ascending, points."""
        return _grid(self.root, _VIX_LOWEST, _VIX_HIGHEST, False)

    def quote(self, strikes: F8, is_put: B1) -> Quotes:
        """Quote n contracts in the order asked; a strike off the grid comes back ABSENT."""
        bid, ask, status = quote_vix(
            self.mixture, VIX_SHARES, self.forward, self.discount, self.factor, self.ticks, strikes, is_put
        )
        return Quotes(bid=bid, ask=ask, status=status)

    def exact(self, strikes: F8, is_put: B1) -> F8:
        """Return undiscounted prices before spreads and ticks, any positive strike, points."""
        return exact(self.mixture, VIX_SHARES, self.forward, strikes, is_put)

    def vol(self, strikes: F8) -> F8:
        """Return the implied volatility per year, decimal; zero where a price underflows."""
        is_put: B1 = strikes < self.forward
        return _vols(self.exact(strikes, is_put), self.forward, strikes, self.tau, is_put)


def _logged(mixture: F8) -> F8:
    made = mixture.copy()
    made[0] = np.log(made[0])
    return made
