"""Volatility surfaces fitted to recorded chains, free of static arbitrage.

``fit(chains)`` gives a `FittedSurface`; `expiry_quotes` says which quotes count, `slice_fit` how a slice is fitted,
`calendars` how expiries are compared and `between` what lies between and beyond them.
"""

from alvh.pricing.surface.calendars import Crossing
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes, RefusedExpiry
from alvh.pricing.surface.fitted import FittedExpiry, FittedSurface, NoSurface, Quality, Sticky
from alvh.pricing.surface.fitting import fit
from alvh.pricing.surface.jump_wings import JumpWings, repaired
from alvh.pricing.surface.raw_svi import LeastG, RawSvi
from alvh.pricing.surface.ssvi import GlobalSsvi, fit_ssvi

__all__ = [
    "Crossing",
    "ExpiryQuotes",
    "FittedExpiry",
    "FittedSurface",
    "GlobalSsvi",
    "JumpWings",
    "LeastG",
    "NoSurface",
    "Quality",
    "RawSvi",
    "RefusedExpiry",
    "Sticky",
    "fit",
    "fit_ssvi",
    "repaired",
]
