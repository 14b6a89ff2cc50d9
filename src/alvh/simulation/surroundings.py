"""Everything around the path: costly levels, economy, funds and breadth, valuations."""

from __future__ import annotations

from collections.abc import Iterable

from alvh.market.series import Series
from alvh.simulation.economy import economic_series
from alvh.simulation.joint import JointModel
from alvh.simulation.levels import costly_levels
from alvh.simulation.path import Path

__all__ = ["surrounding_series"]


def surrounding_series(model: JointModel, path: Path) -> Iterable[Series]:
    """Publish every series that is not a cheap level."""
    yield from costly_levels(model, path)
    yield from economic_series(path.ground, path.economy)
