"""Everything around the path: costly levels, economy, funds and breadth, valuations, VIX products."""

from __future__ import annotations

from collections.abc import Iterable

from alvh.market.series import Series
from alvh.simulation.economy import economic_series
from alvh.simulation.equities import breadth_factor, equity_series
from alvh.simulation.joint import JointModel
from alvh.simulation.levels import costly_levels
from alvh.simulation.path import Path
from alvh.simulation.products import product_series
from alvh.simulation.valuation import valuation_series

__all__ = ["surrounding_series"]


def surrounding_series(model: JointModel, path: Path) -> Iterable[Series]:
    """Publish every series that is not a cheap level."""
    spot = path.spot[path.line.close_step]
    costly = {item.name: item for item in costly_levels(model, path)}
    yield from costly.values()
    if "VX.CURVE" in costly:
        curve = (costly["VX.CURVE"], costly["VX.CURVE.expiry"])
        yield from product_series(curve, path.economy.bill, path.line.days)
    yield from economic_series(path.ground, path.economy)
    yield from equity_series(path.ground, spot, breadth_factor(path.ground))
    yield from valuation_series(path.ground, path.economy, spot)
