"""Chains computed from index levels where none were recorded, labelled as modelled everywhere.

`fit_surface` makes one session's SPX surface from spot and the four volatility indices, its `slice` one expiry;
`vix_slice` models VIX options on a VX price, `modelled_curve` the VX curve itself where no future was recorded.
"""

from alvh.pricing.modelled.clock import VarianceClock, cboe_pair, variance_clock
from alvh.pricing.modelled.nodes import Nodes, complete_nodes, complete_vvix, slow_mean
from alvh.pricing.modelled.slices import ModelledSpxSlice, ModelledVixSlice
from alvh.pricing.modelled.surface import (
    DIVIDEND_YIELD,
    SPX_ROOTS,
    VIX_ROOTS,
    Levels,
    SpxSurface,
    fit_surface,
    vix_slice,
)
from alvh.pricing.modelled.surface_tables import surface_tables
from alvh.pricing.modelled.vx_levels import modelled_curve, vx_log_levels

__all__ = [
    "DIVIDEND_YIELD",
    "SPX_ROOTS",
    "VIX_ROOTS",
    "Levels",
    "ModelledSpxSlice",
    "ModelledVixSlice",
    "Nodes",
    "SpxSurface",
    "VarianceClock",
    "cboe_pair",
    "complete_nodes",
    "complete_vvix",
    "fit_surface",
    "modelled_curve",
    "slow_mean",
    "surface_tables",
    "variance_clock",
    "vix_slice",
    "vx_log_levels",
]
