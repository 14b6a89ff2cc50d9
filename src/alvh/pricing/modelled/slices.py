"""Modelled expiries that answer like recorded ones (`market.chain.ExpirySlice`), computing only what is asked."""

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
from alvh.pricing.modelled.spx_quotes import exact_spx, quote_spx
from alvh.pricing.modelled.svi import Shape
from alvh.pricing.modelled.vix_quotes import exact_vix, quote_vix

__all__ = ["ModelledSpxSlice", "ModelledVixSlice"]

_LOWEST, _HIGHEST, _DEVIATIONS = 0.1, 2.0, 4.0
_VIX_LOWEST, _VIX_HIGHEST = 5.0, 200.0
# Bounds of the listed range move in such steps, so that neighbouring days share one array of strikes.
_COARSE = 100.0


@lru_cache(maxsize=64)
def _grid(root: str, low: float, high: float, far: bool) -> F8:
    strikes = strike_grid(root, low, high, dte=FINE_DAYS + 1 if far else 0)
    frozen(strikes)
    return strikes


def _vols(prices: F8, forward: float, strikes: F8, tau: float, is_put: B1) -> F8:
    """Imply volatilities; zero where a price is too small to have one."""
    vols, status = implied_vol(prices, forward, strikes, tau, is_put, 1.0)
    found: F8 = np.where(status == VolStatus.OK, vols, 0.0)
    return found


class ModelledSpxSlice(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """All options of one SPX, SPXW or XSP expiry, from index levels.

    Attributes
    ----------
    root : str
    expiry : date
    tau : float, years
    forward : float, points of the root
    discount : float
    dte : int, calendar days
    vector : (22,) array
        The solved slice, see `svi.Shape`, `spx_quotes.Terms` and `rows`.
    """

    root: str
    expiry: date
    tau: float
    forward: float
    discount: float
    dte: int
    vector: F8
    origin: Origin = Origin.MODELLED

    @property
    def strikes(self) -> F8:
        """Grid strikes from a tenth of the forward to twice it, or to four standard deviations, ascending, points.

        Other strikes of the grid are quoted too: a position stays quoted however far the index moves.
        """
        highest = max(_HIGHEST, math.exp(_DEVIATIONS * float(self.vector[Shape.ROOT_W])))
        low = math.floor(_LOWEST * self.forward / _COARSE) * _COARSE
        high = math.ceil(highest * self.forward / _COARSE) * _COARSE
        return _grid(self.root, low, high, self.dte > FINE_DAYS)

    def quote(self, strikes: F8, is_put: B1) -> Quotes:
        """Quote n contracts in the order asked; a strike off the grid comes back ABSENT."""
        bid, ask, status = quote_spx(self.vector, strikes, is_put)
        return Quotes(bid=bid, ask=ask, status=status)

    def exact(self, strikes: F8, is_put: B1) -> F8:
        """Return undiscounted prices before spreads and ticks, any positive strike, points."""
        return exact_spx(self.vector, strikes, is_put)

    def vol(self, strikes: F8) -> F8:
        """Return the model's implied volatility per year, decimal; zero where a price underflows."""
        is_put: B1 = strikes < self.forward
        return _vols(self.exact(strikes, is_put), self.forward, strikes, self.tau, is_put)


class ModelledVixSlice(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """All VIX options of one expiry, from the VX future of that expiry and VVIX.

    Attributes
    ----------
    root : str
    expiry : date
    tau : float, years
    forward : float, VIX points
        The VX future of the same settlement.
    discount : float
    vector : (22,) array
        See `vix_quotes.model_vix_slice` and `rows`.
    """

    root: str
    expiry: date
    tau: float
    forward: float
    discount: float
    vector: F8
    origin: Origin = Origin.MODELLED

    @property
    def strikes(self) -> F8:
        """Grid strikes from 5 to 200, ascending, points."""
        return _grid(self.root, _VIX_LOWEST, _VIX_HIGHEST, False)

    def quote(self, strikes: F8, is_put: B1) -> Quotes:
        """Quote n contracts in the order asked; a strike off the grid comes back ABSENT."""
        bid, ask, status = quote_vix(self.vector, strikes, is_put)
        return Quotes(bid=bid, ask=ask, status=status)

    def exact(self, strikes: F8, is_put: B1) -> F8:
        """Return undiscounted prices before spreads and ticks, any positive strike, points."""
        return exact_vix(self.vector, strikes, is_put)

    def vol(self, strikes: F8) -> F8:
        """Return the model's implied volatility per year, decimal; zero where a price underflows."""
        is_put: B1 = strikes < self.forward
        return _vols(self.exact(strikes, is_put), self.forward, strikes, self.tau, is_put)
