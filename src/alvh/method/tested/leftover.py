"""What D-CLOSE left of a condor: one spread, watched until it is closed or expires."""

from __future__ import annotations

import numpy as np

from alvh.book.condor import spot_scale
from alvh.book.leg_table import leg_table
from alvh.book.position_columns import HEDGE, IS_CONDOR
from alvh.book.positions import Position
from alvh.market.contracts import Option

__all__ = ["spread_ratio", "spreads"]


def spreads(positions: tuple[Position, ...]) -> list[int]:
    """Return the places of what is left of condors and can still lose; a long wing without its short is not."""
    facts = leg_table(positions).facts
    left = np.flatnonzero((facts[:, HEDGE] == 0.0) & (facts[:, IS_CONDOR] == 0.0)).tolist()
    return [place for place in left if any(leg.ratio < 0 for leg in positions[place].legs)]


def spread_ratio(position: Position, spot: float) -> float | None:
    """Return how far spot has gone from the short to the long strike of a vertical; None where it is not one.

    Parameters
    ----------
    spot : float, SPX points
        Also for XSP, which stands at a tenth of it.
    """
    options = [(leg.instrument, leg.ratio) for leg in position.legs if isinstance(leg.instrument, Option)]
    if len(options) != 2 or len(position.legs) != 2 or options[0][0].right is not options[1][0].right:
        return None
    short, long = sorted(options, key=lambda pair: pair[1])
    span = long[0].strike - short[0].strike
    if short[1] >= 0 or long[1] <= 0 or span == 0.0:
        return None
    return (spot * spot_scale(short[0].root) - short[0].strike) / span
